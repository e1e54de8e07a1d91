"""A follow-up question made to stand alone, without a chat model."""

import re
from collections.abc import Sequence

from assistant.answer.followups.phrases import BE, DO, TIME, Phrase, joined, phrases, pieces
from assistant.answer.followups.pointing import is_fragment, leans_back, opening, pointers
from assistant.answer.terms import content_terms
from assistant.types import Question, Turn

__all__ = ["condense", "leans_back"]

LOOK_BACK = 8  # questions of the user that a chain of follow-ups is traced through
LONGEST = 400  # characters: a longer question says itself what it is about, and of an earlier one no more is read
LONGEST_PHRASE = 100  # characters of what takes the place of a pronoun
MOST_WORDS = 8  # in a run of words that is put in or taken along
MOST_CARRIED = 8  # runs of words are taken along
# What people say before they ask.
TALK = re.compile(
    r"\A(?:\s*(?:(?:ok(?:ay)?|thanks|thank you|please|hi|hello)\b|(?:great|good|right|well|now|also|sorry|by the way|"
    r"(?:another|different|next|one more|last) (?:thing|question))\s*(?=[,.:;!–-]))[\s,.:;!–-]*)+",
    re.IGNORECASE,
)
SAME = re.compile(r"(?:(?:in|for|during)\s+)?(?:the\s+)?same\s+\w+\s+(?:of|in)\s+(\d{4})", re.IGNORECASE)
OWNER = re.compile(r"(?:[A-Z][\w–-]*\s+)*[A-Z][\w–-]*(?:['’]s|s['’])(?=\s)")
MEASURE = re.compile(
    r"\bhow (?:(?:often|many times)(?: (?:a|an|per|each|every) \w+)?|many|much|long|large|big|high|far|old|fast|deep"
    r"|wide|tall|soon)\b",
    re.IGNORECASE,
)
POSSESSIVE = frozenset("its their his her".split())
TITLES = frozenset(
    """president ambassador minister leader director secretary economist spokesman ceo chairman founder owner author
    manager""".split()
)


def condense(question: Question) -> str:
    """The question to search for: in full, with what earlier ones were about where it leans on them.

    Each of the user's last questions is made to stand alone by the one before it, so that a chain of follow-ups
    ("When did it open?", "And the cost?") keeps its subject. A question that stands on its own is left alone: a
    change of topic is one. Text in other languages, where nothing is seen to point back, is left alone too.
    """
    before, topic = "", ""
    for text in _asked(question.history):
        if any(character.isalnum() for character in TALK.sub("", text)):  # "Thanks!" is about nothing
            before, topic = stand_alone(text, before, topic)
            before = TALK.sub("", before)[: 2 * LONGEST]
    return stand_alone(question.text, before, topic)[0]


def stand_alone(text: str, before: str, topic: str = "") -> tuple[str, str]:
    """A question in full, and what a pronoun in the next one would mean.

    Args:
        text: the question.
        before: the one before it, in full; "" where there is none.
        topic: what a pronoun meant in that one, "" where it had none.
    """
    if not before or len(text) > LONGEST or not leans_back(text, before):
        return text, ""
    text = TALK.sub("", text)
    if (is_fragment(text) and not pointers(text)) or _bare(text) or SAME.fullmatch(_new(text)):
        whole = _in_the_form_of(text, before)
        if whole is not None:
            return whole, ""
    resolved, meant = _resolved(text, before, topic)
    return _with_the_rest(resolved, before, bool(meant)), meant


def _in_the_form_of(text: str, before: str) -> str | None:
    """The question before with what a fragment changes in it, where it is plain what that is.

    "And in 2023?" changes the time, "What about the SCO?" a name or a noun, "When?" asks for more of the same.
    """
    new = _new(text)
    if _bare(text):
        return f"{new} {before[0].lower()}{before[1:]}" if _is_yes_or_no(before) else None
    same = SAME.fullmatch(new)
    time = TIME.fullmatch(same[1] if same else new)
    if time:
        return _with_time(time, before)
    return _with_phrase(text, new, before)


def _new(text: str) -> str:
    """A fragment without its opening and the signs around it."""
    return text[len(opening(text)) :].strip(" ?!.,;:")


def _bare(text: str) -> bool:
    """Whether a text only asks for a time, a place, a reason or the like: "When?", "On what occasion?"."""
    pattern = (
        r"(?:\w+\s+)?(?:when|where|why|how|how\s+(?:many|much|long|far|often)|(?:what|which)\s+\w+)(?:\s+exactly)?\W*"
    )
    return re.fullmatch(pattern, text[len(opening(text)) :].strip(), re.IGNORECASE) is not None


def _is_yes_or_no(text: str) -> bool:
    first = text.split(maxsplit=1)[0].casefold()
    return first in DO | BE | {"has", "have", "had"}


def _with_time(new: re.Match[str], before: str) -> str:
    """The question before, about another time."""
    times = list(TIME.finditer(before))
    if not times:
        return f"{before.rstrip(' ?!.')} {new['preposition'] or 'in'} {new['time']}?"
    old = times[-1]
    if new["year"] and old["part_year"]:
        return _put(before, old.span("part_year"), new["year"])
    if new["bare"] and old["part_year"]:
        return _put(before, old.span("part"), new["bare"])
    if new["bare"] and old["year"]:
        return _put(before, old.span("time"), f"{new['bare']} of {old['year']}")
    preposition = new["preposition"] or old["preposition"]
    if not new["preposition"] and old["preposition"] in ("from", "between"):
        preposition = "in"
    if preposition == "in" and re.match(r"\d\d?\b", new["time"]):
        preposition = "on"
    return _put(before, old.span(), f"{preposition} {new['time']}" if preposition else new["time"])


def _with_phrase(text: str, new: str, before: str) -> str | None:
    """The question before with one of its phrases exchanged; None where it is not plain which.

    Args:
        text: the fragment.
        new: it without its opening.
        before: the question before.
    """
    if len(new.split()) > MOST_WORDS or TIME.search(new):  # more than one thing changes
        return None
    new = re.sub(r"^(?:the|that)\s+ones?\s+(?=\w+\s)", "", new, flags=re.IGNORECASE)  # "the one for development"
    if new.endswith(("'s", "’s", "'", "’")):
        owner = OWNER.search(before)
        return _put(before, owner.span(), new) if owner else None
    said = joined(text, phrases(text))
    if not said:
        return None
    first = said[0]
    old = [phrase for phrase in phrases(before) if not phrase.asked and phrase.sure]
    if first.preposition and new.casefold().startswith(f"{first.preposition} "):  # "and in the SCO?"
        new = new[len(first.preposition) :].strip()
        old = [phrase for phrase in old if phrase.preposition == first.preposition]
    elif new.startswith(first.text):
        name = first.name or (text.startswith(new) and new[0].isupper())
        old = [phrase for phrase in old if phrase.name == name]
        for alike in (_shape, _number):
            if len(old) > 1:
                old = [phrase for phrase in old if alike(phrase) == alike(first)]
    else:
        return None
    return _put(before, (old[0].start, old[0].end), new) if len(old) == 1 else None


def _shape(phrase: Phrase) -> tuple[bool, bool]:
    """How a phrase is written: an abbreviation or not, and for nouns, with or without a determiner."""
    bare = phrase.text[len(phrase.determiner) :].strip()
    return bare.isupper(), not phrase.name and bool(phrase.determiner)


def _number(phrase: Phrase) -> bool:
    """Whether a noun is in the plural; of names nothing can be told."""
    return not phrase.name and phrase.plural


def _resolved(text: str, before: str, topic: str) -> tuple[str, str]:
    """A question with its first pronoun put in words, and what that meant: "" where it is not plain."""
    for pointer in pointers(text):
        word = pointer[0].casefold()
        meant = _referent(word, before, topic)
        if not meant:
            continue
        own = word in POSSESSIVE and re.match(r"\s+\w", text[pointer.end() :])
        words = meant + ("'" if meant.endswith("s") else "'s") if own else meant
        if word == "there":
            words = f"in {meant}"
        if not pointer.start():
            words = words[0].upper() + words[1:]
        return _put(text, pointer.span(), words), meant
    return text, ""


def _referent(word: str, before: str, topic: str) -> str:
    """What a pronoun means after a question, "" where it is not plain: its subject, else a name, else a noun."""
    found = [phrase for phrase in joined(before, phrases(before)) if phrase.sure]
    plural = word in ("they", "them", "their")
    if plural:
        fitting = [phrase for phrase in found if phrase.plural]
    elif word in ("it", "its"):
        fitting = [phrase for phrase in found if not phrase.plural]
    elif word in ("he", "him", "his", "she", "her"):
        titled = [phrase for phrase in found if TITLES & set(phrase.text.casefold().split())]
        fitting = titled or [phrase for phrase in found if phrase.name and not phrase.determiner]
    elif word == "there":
        fitting = [phrase for phrase in found if phrase.preposition in ("in", "at", "to", "from")]
    else:
        return ""
    if topic and any(topic.casefold() in phrase.text.casefold() for phrase in fitting):
        return topic
    best = max(fitting, key=lambda phrase: _prominence(phrase, plural), default=None)
    return _definite(best) if best and len(best.text) <= LONGEST_PHRASE else ""


def _prominence(phrase: Phrase, plural: bool) -> int:
    """How likely a phrase is to be what is spoken of next; where equal, the first is.

    What was asked for ("which articles") may be spoken of as "they", seldom as "it".
    """
    score = 2 * phrase.name + phrase.subject + bool(phrase.determiner)
    return score - bool(phrase.preposition) - 4 * (phrase.asked and not plural)


def _definite(phrase: Phrase) -> str:
    """A phrase as it is spoken of again: "a plan" becomes "the plan"."""
    if phrase.asked and not phrase.determiner:
        return f"the {phrase.text}"
    if phrase.determiner in ("a", "an", "its", "their", "his", "her", "any", "some"):
        return "the" + phrase.text[len(phrase.determiner) :]
    return phrase.text


def _with_the_rest(text: str, before: str, resolved: bool) -> str:
    """A question followed by the words of the one before that carry meaning and that it lacks.

    Where its pronoun was put in words, verbs are left out: what happened then is asked no more.
    """
    known = {term.stem for term in content_terms(text)}
    dated = any(map(_is_figure, known))  # another year or number takes the place of the one before
    if resolved:
        parts = [phrase.text for phrase in phrases(before)] + [match["time"] for match in TIME.finditer(before)]
    else:
        parts = pieces(MEASURE.sub("", before))
    carried = []
    for part in parts:
        terms = [
            term for term in content_terms(part) if term.stem not in known and not (dated and _is_figure(term.stem))
        ]
        known.update(term.stem for term in terms)
        if terms:
            carried.append(" ".join(term.word for term in terms[-MOST_WORDS:]))
    if not carried:
        return text
    asked = text if text.rstrip()[-1:] in ("?", ".", "!", "…") else f"{text.rstrip()}?"
    return f"{asked} {', '.join(carried[:MOST_CARRIED])}"


def _is_figure(word: str) -> bool:
    return word[:1].isdigit()


def _put(text: str, span: tuple[int, int], words: str) -> str:
    return text[: span[0]] + words + text[span[1] :]


def _asked(history: Sequence[Turn]) -> list[str]:
    """The user's last questions, oldest first."""
    return [turn.content[:LONGEST] for turn in history if turn.role == "user"][-LOOK_BACK:]
