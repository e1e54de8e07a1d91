"""Whether an English question points back to what was said before it.

"When did it open?" does; "Is it true that …", "Did France recall its ambassador?" and "on the day that …" do not.
"""

import re
from itertools import islice

from assistant.answer.followups.phrases import AUXILIARIES, is_function_word, phrases
from assistant.answer.terms import WORD, content_terms

PRONOUNS = frozenset("it its they them their theirs he him his she her hers".split())
FEW_TERMS = 2  # a question with no more words that carry meaning, and no name, leans on what came before
MOST_POINTERS = 8  # words looked at in one question

_POINTER = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|ones?|same|former|latter"
    r"|both|rest|above[- ]mentioned|mentioned above|previous (?:one|answer|question)|(?:by|since|until|before) then"
    r"|then(?=\W*\Z))\b",
    re.IGNORECASE,
)
# "It" and "there" that stand for nothing: "is it true that", "it takes two days to", "is there", "there are".
_EMPTY = re.compile(
    r"\b(?:is|was|isn['’]t)\s+it\s+(?:\w+ly\s+)?(?:true|right|correct|so|possible|likely|known|clear|certain|necessary"
    r"|allowed|legal|planned|said|expected|reported|the case)\s+(?:that|to|for|if|whether)\b"
    r"|\bit\s+(?:is|was|seems|appears)\s+(?:\w+ly\s+)?(?:\w+\s+)?(?:that|to)\b"
    r"|\b(?:does|did|will|would)\s+it\s+take\s+(?:\w+\s+){0,4}to\b"
    r"|\b(?:is|are|was|were|will|would|can|could|has|have|be|been|isn['’]t|aren['’]t|wasn['’]t)\s+there\b(?!\W*\Z)"
    r"|\bthere\s+(?:is|are|was|were|will|would|has|have|exists?)\b",
    re.IGNORECASE,
)
_ONE = re.compile(r"\b(?:which|the|this|that|other|another|first|second|last|next|new|old|main|any|same)\s+\Z", re.I)
_CLAUSE = re.compile(
    r"\b(?:and|or|but|that|when|where|if|while|because|after|before|until|which|who|how|say)\b|,", re.I
)
_FRAGMENT = re.compile(r"\s*(?:(?:(?:and|but|so)\s+)?(?:what|how)\s+(?:about|of)|and|but|so|or)\b\s*", re.IGNORECASE)
_DEFINITION = re.compile(r"\s*(?:what|who|how)\s+(?:is|are|was|were|do|does|did)\s+(?!the\b|there\b)", re.IGNORECASE)


def pointers(text: str) -> list[re.Match[str]]:
    """The words of a question that point to something outside it, in order."""
    empty = [match.span() for match in _EMPTY.finditer(text)]
    return [
        match
        for match in islice(_POINTER.finditer(text), MOST_POINTERS)
        if not any(start <= match.start() < end for start, end in empty) and _points_out(text, match)
    ]


def opening(text: str) -> str:
    """How a fragment begins that goes on with the question before: "and", "what about"; "" where it does not."""
    match = _FRAGMENT.match(text)
    return match[0] if match else ""


def is_fragment(text: str) -> bool:
    """Whether a text is no whole question: it asks for nothing and has no auxiliary ("and in 2023?")."""
    words = [match[0].casefold() for match in WORD.finditer(text[len(opening(text)) :])]
    asks = words[:1] and words[0] in ("who", "what", "which", "when", "where", "why", "how", "whose", "whom")
    return not asks and not any(word in AUXILIARIES - {"may"} for word in words)


def leans_back(text: str, before: str = "") -> bool:
    """Whether a question points back, or says too little to stand alone.

    Args:
        text: the question.
        before: what was asked before; a name that is known from there is none of the question's own.
    """
    if pointers(text):
        return True
    terms = content_terms(text)
    known = {term.stem for term in content_terms(before)}
    own_names = [term for term in terms if term.name and not term.word[0].isdigit() and term.stem not in known]
    if is_fragment(text):
        figures = all(any(c.isdigit() for c in term.word) for term in terms)
        return bool(opening(text)) or figures or len(terms) <= 1 or (len(terms) <= FEW_TERMS and not own_names)
    if len(terms) > FEW_TERMS or own_names:
        return False
    return not terms or not (_defines(text) or _parallel(text, before))


def _defines(text: str) -> bool:
    """Whether a question asks what something is, and so brings up something new: "what is photosynthesis?"."""
    match = _DEFINITION.match(text)
    return match is not None and not text.casefold().rstrip(" ?!.").endswith(("ed", "ing", "for"))


def _parallel(text: str, before: str) -> bool:
    """Whether a question asks the same of something else: "What is the old tariff?", "What is the new tariff?"."""
    same_form = text.casefold().split()[:2] == before.casefold().split()[:2]
    stems, known = ({term.stem for term in content_terms(part)} for part in (text, before))
    return same_form and bool(stems & known) and bool(stems - known)


def _points_out(text: str, match: re.Match[str]) -> bool:
    word = match[0].casefold()
    before, after = text[: match.start()], text[match.end() :]
    if word in PRONOUNS:
        return not _meant_inside(text, match)
    last = [found[0].casefold() for found in WORD.finditer(before)][-1:]
    if word == "that":  # "say that", "the year that" join clauses; "was that", "of that", "that agreement" point
        joins = bool(last) and not (
            is_function_word(last[0]) and last[0] not in ("say", "says", "said", "so", "known")
        )
        return not joins or not after.strip(" ?!.")
    if word == "this":
        return re.match(r"\s+(?:year|month|week|morning|century)\b", after) is None
    if word in ("these", "those"):
        return re.match(r"\s+(?:who|which|that|days)\b", after) is None
    if word in ("one", "ones"):
        return _ONE.search(before) is not None
    if word == "same":
        return re.match(r"\s+(?:\w+\s+)?(?:time|as)\b", after) is None
    if word == "both":
        return re.match(r"\W*\Z|\s+(?:of\b|do|did|have|are|were)", after) is not None
    if word in ("former", "latter", "rest"):
        return last == ["the"] and re.match(r"\s+(?:of the\b|[A-Z])", after) is None
    return True


def _meant_inside(text: str, pronoun: re.Match[str]) -> bool:
    """Whether a pronoun can mean something that the question itself names before it.

    A possessive can belong to a name before it ("Did France recall its ambassador?"). Another pronoun needs a
    clause of its own: "the date when the treaty was signed and where it was", "did Baku say it would".
    """
    before = text[: pronoun.start()]
    found = [phrase for phrase in phrases(before + "…") if phrase.determiner != "that"]
    if pronoun[0].casefold() in ("its", "his", "her", "their") and any(p.name and not p.asked for p in found):
        return True
    boundaries = [match.start() for match in _CLAUSE.finditer(before)]
    clause = boundaries[-1] if boundaries else -1
    if any(p.end <= clause and (p.name or p.determiner in ("the", "a", "an")) for p in found):
        return True
    following = WORD.match(text[pronoun.end() :].lstrip())
    finite = following is not None and following[0].casefold() in AUXILIARIES
    return finite and any(p.name for p in found) and not any(p.end >= len(before.rstrip()) for p in found if p.asked)
