"""What an English question speaks of: its noun phrases and its times.

There is no tagger. A question is cut at its function words; what verbs are left at the rim of a piece is told from
the auxiliaries around it ("did the *route* carry", "was the *declaration* adopted"). Where that fails a phrase is a
word too long, which a search forgives. In other languages a question is one long phrase, or none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.answer.terms import FUNCTION_WORDS, WORD

DETERMINERS = frozenset("a an the this that these those its their his her our my your any some every each".split())
DO = frozenset("do does did can could will would shall should may might must".split())
BE = frozenset("is are was were be been being".split())
AUXILIARIES = DO | BE | frozenset("has have had".split())
SUBJECTS = frozenset("i we you they he she it".split())  # a verb follows them
LINKS = frozenset("of and between".split())  # within one phrase
ASKING = frozenset("who whom whose what which how".split())
MEASURES = frozenset("many much long large big high far old often fast deep wide tall soon".split())
PLURALS = frozenset("children people men women police media".split())
PARTICIPLES = frozenset(
    "built held met left begun sold made paid spent found put sent set won chosen written".split()
)
# Nouns among the function words, where a determiner or an owner comes before them: "the bank's list".
FUNCTION_NOUNS = frozenset("list name type kind use call example".split())

# Verbs among the function words: after one of them, what stands before it ends in no other verb.
FUNCTION_VERBS = frozenset("be have get give make take say tell name call know mean happen use".split())

_YEAR = r"(?:19|20)\d\d(?:\s?[-–/]\s?(?:(?:19|20)?\d\d)\b)?"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_MONTHS = rf"(?:\d{{1,2}}\s+)?{_MONTH}\b(?:\s*(?:-|–|to|and|until)\s*{_MONTH}\b)?(?:\s+\d{{1,2}},)?"
_PART = r"(?:(?:the\s+)?(?:first|second|third|fourth|last)\s+(?:\w+\s+)?(?:quarter|half|months|year)|Q[1-4]|H[12])"
_PREPOSITION = r"in|on|at|from|during|for|between|until|till|by|since|over|of|to|with|about|under|through"
TIME = re.compile(
    rf"(?:\b(?P<preposition>{_PREPOSITION})\s+)?(?P<time>"
    rf"\b(?P<part>{_PART}|{_MONTHS})(?:\s+(?:of\s+)?(?P<part_year>{_YEAR}))|\b(?P<year>{_YEAR})\b|\b(?P<bare>{_PART}))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase of a text: `text[start:end]`, its determiner included."""

    text: str
    start: int
    end: int
    determiner: str  # in lower case, "" where there is none
    preposition: str  # the word before it, where that is a preposition
    name: bool  # whether a name is in it
    asked: bool  # "which countries", "how many tons": what the answer is to tell
    subject: bool  # whether it stands after an auxiliary
    sure: bool  # whether it is plain where it ends; not so in "does the policy cover flood damage"
    pair: bool = False  # "France and Azerbaijan"

    @property
    def plural(self) -> bool:
        """Whether it speaks of several, as far as its ending tells."""
        last = self.text.split()[-1].casefold()
        return (
            self.pair or last in PLURALS or (last.endswith("s") and not last.endswith(("ss", "us", "is", "'s", "’s")))
        )


def phrases(text: str) -> list[Phrase]:
    """The noun phrases of a question, in order, without its times; "X of Y" is two of them."""
    times = [match.span("time") for match in TIME.finditer(text)]
    found = []
    auxiliary, end = "", 0
    for piece in _pieces(text):
        before = _words_before(text, piece[0].start())
        if before[-1:] == ["there"] and before[0] in BE:  # "is there a plan"
            before = before[:-1]
        last = before[-1] if before else ""
        linked = last in LINKS and text[end : piece[0].start()].strip().casefold() == last
        auxiliary, end = last if last in AUXILIARIES else (auxiliary if linked else ""), piece[-1].end()
        words = _without_verbs(piece, before, auxiliary, _word_after(text, end))
        if not words or any(start <= words[0].start() < stop for start, stop in times):
            continue
        first = words[0][0].casefold()
        found.append(
            Phrase(
                text=text[words[0].start() : words[-1].end()],
                start=words[0].start(),
                end=words[-1].end(),
                determiner=first if first in DETERMINERS else "",
                preposition=last if re.fullmatch(_PREPOSITION, last) else "",
                name=any(_is_name(word, text) for word in words),
                asked=last in ASKING or (last in MEASURES and before[0] == "how"),
                subject=auxiliary != "",
                sure=not (auxiliary in DO and _holds_verb(piece, before)),
            )
        )
    return found


def joined(text: str, found: list[Phrase]) -> list[Phrase]:
    """The phrases with "X of Y", "X between Y and Z" and "Y and Z" each as one."""
    out: list[Phrase] = []
    for phrase in found:
        last = out[-1] if out else None
        link = text[last.end : phrase.start].strip().casefold() if last else ""
        if last and (link in ("of", "between") or (link == "and" and last.name and phrase.name)):
            pair = last.pair or (link == "and" and "between" not in last.text)
            text_of_both = text[last.start : phrase.end]
            out[-1] = replace(last, text=text_of_both, end=phrase.end, name=last.name or phrase.name, pair=pair)
        else:
            out.append(phrase)
    return out


def pieces(text: str) -> list[str]:
    """The runs of words of a text that carry meaning."""
    return [text[piece[0].start() : piece[-1].end()] for piece in _pieces(text)]


def _pieces(text: str) -> Iterator[list[re.Match[str]]]:
    """Runs of words that no function word and no punctuation parts; a determiner begins one."""
    run: list[re.Match[str]] = []
    for match in WORD.finditer(text):
        word = match[0].casefold()
        parted = run and not re.fullmatch(r"['’]?\s+", text[run[-1].end() : match.start()])
        if run and (parted or word in DETERMINERS or _begins_object(text, run, match)):
            yield from _if_content(run)
            run = []
        measure = word in MEASURES and text[: match.start()][-8:].casefold().rstrip().endswith("how")
        noun = bool(run) and word in FUNCTION_NOUNS and (_owns(run[-1]) or run[-1][0].casefold() in DETERMINERS)
        if word in DETERMINERS or noun or not (measure or is_function_word(word)):
            run.append(match)
        elif run:
            yield from _if_content(run)
            run = []
    yield from _if_content(run)


def _begins_object(text: str, run: list[re.Match[str]], word: re.Match[str]) -> bool:
    """Whether a name comes after a subject and its verb, as in "did the minister leave Oslo"."""
    common = [before for before in run if before[0].casefold() not in DETERMINERS]
    plain = len(common) > 1 and all(before[0].islower() for before in common)
    return plain and word[0][0].isupper() and bool(DO & set(_words_before(text, run[0].start())[-1:]))


def _owns(word: re.Match[str]) -> bool:
    return word[0].casefold().endswith(("'s", "’s"))


def _if_content(run: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    if len(run) > 1 or (run and run[0][0].casefold() not in DETERMINERS):
        yield run


def _without_verbs(words: list[re.Match[str]], before: list[str], auxiliary: str, after: str) -> list[re.Match[str]]:
    """The words of a piece without the verbs at its rim; none where it is no noun phrase.

    Args:
        words: the piece.
        before: the two words before it.
        auxiliary: the one that its subject follows, if it is a part of that.
        after: the word after it.
    """
    folded = [word[0].casefold() for word in words]
    if after in ("one", "ones") or _owns(words[-1]):  # "the main one": what is left is no noun
        return []
    determined = folded[0] in DETERMINERS
    asking = bool(before) and before[0] in ASKING and before[-1] in BE
    if (
        not determined
        and (
            before[-1:]
            and before[-1] in SUBJECTS  # "do I reset"
            or (before[-1:] in (["who"], ["what"]) and words[0][0].islower())  # "who signed", "what changed"
            or (asking and _is_participle(folded[0]))  # "what is planned", "who is building"
        )
    ):
        words, folded = words[1:], folded[1:]
    while len(words) > 1 + determined and after not in LINKS:
        if _is_participle(folded[-1]) and auxiliary:  # "was the declaration adopted"
            words, folded = words[:-1], folded[:-1]
            continue
        base = auxiliary in DO and after not in FUNCTION_VERBS  # "did the route carry", not "did the route take"
        counted = before[-1:] in (["which"], ["many"])  # "how many tourists came", "which minister resigned"
        bare = counted and after not in AUXILIARIES and (after or _is_participle(folded[-1]))
        return words[:-1] if base or bare else words
    return words


def _holds_verb(words: list[re.Match[str]], before: list[str]) -> bool:
    """Whether a subject may go on with its verb and an object: "(when) does the policy cover flood damage"."""
    object_asked = len(before) > 1 and before[0] not in ("when", "where", "why", "how", "and")
    common = [word for word in words if word[0].casefold() not in DETERMINERS and word[0].islower()]
    return not object_asked and len(common) > 2


def _is_participle(word: str) -> bool:
    return word.endswith(("ed", "ing")) or word in PARTICIPLES


def is_function_word(word: str) -> bool:
    """Whether a word says nothing of what a question is about."""
    return word.casefold().replace("’", "'") in FUNCTION_WORDS


def _words_before(text: str, start: int) -> list[str]:
    """The last two words before a place that no punctuation parts from it, in lower case."""
    before = re.split(r"[^\w\s'’\-–]", text[max(0, start - 60) : start])[-1]
    return [match[0].casefold() for match in WORD.finditer(before)][-2:]


def _word_after(text: str, end: int) -> str:
    """The word after a place that no punctuation parts from it, in lower case; "" where there is none."""
    match = re.compile(r"\s+([^\W_]+)").match(text, end)
    return match[1].casefold() if match else ""


def _is_name(word: re.Match[str], text: str) -> bool:
    if word[0].casefold() in DETERMINERS:
        return False
    first = not text[: word.start()].strip(" \"'“‘(")
    return word[0][1:] != word[0][1:].lower() or (word[0][0].isupper() and not first)
