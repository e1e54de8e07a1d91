"""Whether two statements give values of one thing, and whether its two sentences say much the same.

Sentences that are near copies, or stand in two versions of one text, prove it by themselves: there the place of a
value decides, and names are values like any other. Of others all must agree: kind, unit, period, subject and names.
"""

from collections.abc import Sequence, Set

from assistant.answer.disagreements.agreement import agree
from assistant.answer.disagreements.asked import Asked
from assistant.answer.disagreements.statements import CLOCK, COUNT, DATE, NAME, RANK, Statement
from assistant.answer.disagreements.subjects import words_of
from assistant.answer.guards.align import likeness
from assistant.answer.guards.dates import Date, says
from assistant.answer.guards.lemma import bases
from assistant.answer.guards.lexicon import ALIKE, CONTRASTS
from assistant.answer.periods import UNTOLD

# Shared words, and their share of the shorter of the two subjects, from which two values are said of the same
# thing; with title and heading added, for values of one stated period; for dates and "several", which carry less
# proof themselves; and for "several" of something that the other source calls by another word.
SUBJECT, WITH_CONTEXT, STRICT, STRICTEST = (2, 0.5), (3, 0.4), (3, 0.6), (5, 0.7)
# The same for sentences that are near copies, for passages that are versions of one text, and for their sentences.
COPY, VERSION, IN_VERSION = (3, 0.75), (12, 0.6), (2, 0.5)
EQUAL = 0.8  # share of all words of two subjects that they share where they are one
ALIGNED = 0.5  # likeness of two places from which they are the same place
_LONGEST = 3_000  # characters of a passage that are compared
# Two values are not of the same thing where one of these words stands with one of them only.
_QUALIFIERS = bases(
    """capacity import export reserve net gross average mean median minimum maximum daily weekly monthly share growth
    registered active container passenger change increase decrease rise fall per target goal budget planned"""
)
# What happens again and again: another day is another time.
_RECURRING = bases("meet meeting visit travel play tour perform convene")
# Words of one meaning in questions for a place or a person.
_KIN = [
    bases(group)
    for group in (
        "seat headquarters headquartered based located situated lies", "author wrote written", "founder founded",
        "inventor invented", "winner won", "owner owns owned", "chair chairs chairman chairwoman chairperson",
        "head heads headed leads led leader", "discoverer discovered", "architect designed",
    )
]  # fmt: skip


def same_thing(a: Statement, b: Statement, said: Sequence[Statement], asked: Asked) -> bool:
    """Whether two statements of different sentences give values of one kind for one subject and period.

    Args:
        a: a statement.
        b: one of another document.
        said: all statements, those of the same two sentences among them.
        asked: what the question asks for.
    """
    if a.kind != b.kind:
        return False
    versions = _versions(a, b)
    if not _same_period(a, b, asked, versions) or _told_apart(a, b, asked, versions):
        return False
    if versions:
        return _aligned(a, b, said)
    if a.kind == NAME and not (asked.one_holder and all(_held(asked, s, around=True) >= asked.words for s in (a, b))):
        return False  # names of something else are no answers that differ
    if a.kind in (DATE, CLOCK) and a.subject & b.subject & _RECURRING:
        return False
    level = _held(asked, a) == _held(asked, b)
    if level and (_enough(a.subject, b.subject, COPY) or a.subject == b.subject) and a.subject & b.subject:
        return _aligned(a, b, said)
    return asked.plain and a.only and b.only and _one_subject(a, b, asked, level)


def _one_subject(a: Statement, b: Statement, asked: Asked, level: bool) -> bool:
    """Whether the only values of two sentences in different words are of one subject."""
    if a.kind == NAME:
        return level and _held(asked, a) >= asked.words
    if a.kind == COUNT and not a.counted & b.counted:
        vague = a.item is None or b.item is None
        return vague and _enough(a.subject, b.subject, STRICTEST)
    if level and _one(a.subject, b.subject):
        return True
    if a.kind in (DATE, CLOCK, RANK) or a.item is None or b.item is None:
        return level and _enough(a.subject, b.subject, STRICT)
    if _enough(a.subject, b.subject, SUBJECT) and _held(asked, a, around=True) == _held(asked, b, around=True):
        return True
    stated = a.period is not None and a.period == b.period
    return stated and _enough(a.subject | a.context, b.subject | b.context, WITH_CONTEXT)


def _enough(a: Set[str], b: Set[str], least: tuple[int, float]) -> bool:
    shared = len(a & b)
    return shared >= least[0] and shared >= least[1] * min(len(a), len(b))


def _one(a: Set[str], b: Set[str]) -> bool:
    return bool(a & b) and len(a & b) >= EQUAL * len(a | b)


def _held(asked: Asked, statement: Statement, around: bool = False) -> Set[str]:
    """The words of the question that a sentence, its title or headings have, or others of the same meaning.

    Where `around`, those of its passage too.
    """
    held = statement.subject | statement.context | statement.counted
    held |= words_of(statement.place.text[:_LONGEST]) if around else frozenset()
    return {
        word
        for word in asked.words
        if word in held or ALIKE.get(word, frozenset()) & held or any(word in kin and kin & held for kin in _KIN)
    }


def _versions(a: Statement, b: Statement) -> bool:
    """Whether two sentences stand in versions of one text, and have words in common."""
    if not _enough(a.subject, b.subject, IN_VERSION):
        return False
    return _enough(words_of(a.place.text[:_LONGEST]), words_of(b.place.text[:_LONGEST]), VERSION)


def _aligned(a: Statement, b: Statement, said: Sequence[Statement]) -> bool:
    """Whether two values stand in the same place of their sentences, and none beside them is a likelier match."""
    if a.item is None or b.item is None or (a.only and b.only and a.kind != NAME):
        return a.only and b.only
    like = _likeness(a, b)
    beside_a = [s for s in said if s.source is a.source and s.kind == a.kind and not agree(s, a)]
    beside_b = [s for s in said if s.source is b.source and s.kind == b.kind and not agree(s, b)]
    return like >= ALIGNED and all(
        like > other for other in [*(_likeness(s, b) for s in beside_a), *(_likeness(a, s) for s in beside_b)]
    )


def _likeness(a: Statement, b: Statement) -> float:
    if a.item is None or b.item is None:
        return 0.0
    return max(likeness(a.reading, a.item, b.reading, b.item), likeness(b.reading, b.item, a.reading, a.item))


def _same_period(a: Statement, b: Statement, asked: Asked, versions: bool) -> bool:
    """Whether two values are of one period; one without a period is of the year of its document, if any will do."""
    if versions and {a.period, b.period} & {None, UNTOLD}:
        return True  # the sentence that named it may be left out of one
    if UNTOLD in (a.period, b.period):
        return False
    if a.period == b.period:
        return True
    for without, other in ((a, b), (b, a)):
        year = (without.place.date or "")[:4]
        if not asked.periods and without.period is None and other.period and year.isdecimal():
            return other.period == (int(year) * 12 + 1, int(year) * 12 + 12)
    return False


def _told_apart(a: Statement, b: Statement, asked: Asked, versions: bool) -> bool:
    """Whether a word, a name or a day tells the subjects of two values apart."""
    only_a, only_b = a.subject - b.subject, b.subject - a.subject
    if any(CONTRASTS.get(word, frozenset()) & only_b for word in only_a) or _other_day(a, b):
        return True
    qualified_a, qualified_b = only_a & _QUALIFIERS, only_b & _QUALIFIERS
    if (qualified_a and qualified_b) if versions else (qualified_a or qualified_b):
        return True
    names_a = a.named - b.named - b.subject - b.context
    names_b = b.named - a.named - a.subject - a.context
    return bool(names_a and names_b or not versions and (names_a | names_b) - asked.words)


def _other_day(a: Statement, b: Statement) -> bool:
    """Whether both sentences name days, besides their values, and none that can be the same."""
    days_a, days_b = _days(a), _days(b)
    return bool(days_a and days_b) and not any(says(d, e) or says(e, d) for d in days_a for e in days_b)


def _days(statement: Statement) -> list[Date]:
    return [d for d in statement.reading.dates if d.day is not None and d is not statement.item]
