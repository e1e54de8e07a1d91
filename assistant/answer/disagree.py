"""Where the best sentences of different documents give different values for the same thing.

A reader should see both, each with its date and place, and judge: nothing is averaged and nothing silently
picked. A false alarm costs more than a miss, so two values count as different values of one thing only where kind,
unit, period, subject and names all agree, and rounding does not explain the difference.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from assistant.answer.extract import ScoredSentence
from assistant.answer.guards.align import reading
from assistant.answer.guards.dates import Date, says
from assistant.answer.guards.figures import ROUNDED, equal_values
from assistant.answer.guards.lemma import bases
from assistant.answer.guards.lexicon import CONTRASTS
from assistant.answer.guards.numerals import Figure, scale_word
from assistant.answer.guards.units import MONEY, unit_at
from assistant.answer.periods import Period, periods
from assistant.answer.statements import COUNT, DATE, Statement, statements, with_bound, words_of
from assistant.types import DatedValue, Disagreement

GAP, MOST = 8.0, 12  # logits below the best sentence, and sentences, that are looked at
MOST_FOUND = 3  # disagreements named in one answer
# Shared words, and their share of the shorter of the two subjects, from which two values are said of the same
# thing; with title and heading added, for values of one stated period; for dates and "several", which carry less
# proof themselves; and for "several" of something that the other source calls by another word.
SUBJECT, WITH_CONTEXT, STRICT, STRICTEST = (2, 0.5), (3, 0.4), (3, 0.6), (5, 0.7)

_WHEN = re.compile(
    r"\b(?:when|(?:what|which|what were the|on what) (?:exact )?(?:years?|dates?|days?|months?)|since when)\b", re.I
)
_SHARE = re.compile(
    r"\b(?:share|slice|percent|percentage|proportion|fraction|rate|growth|grow|grew|grown|rise|rose|risen|fell|fall"
    r"|increased?|decreased?|by how much)\b|%", re.I)  # fmt: skip
_COST = re.compile(
    r"\b(?:costs?|prices?|budget(?:ed)?|paid|pay|worth|money|salary|revenues?|dollars?|euros?)\b", re.I
)
_SPAN = re.compile(r"\bhow (?:far|tall|high|wide|deep|thick)\b|\b(?:distance|length|height|width|depth)\b", re.I)
_LASTS = re.compile(r"\bhow (?:long|old|soon|often)\b|\bduration\b", re.I)
_AMOUNT = re.compile(
    r"\bhow (?:much|large|big|great|heavy|fast|hot|cold|strong)\b"
    r"|\b(?:volume|amount|capacity|size|figures?|total|quantity|tonnage|weight|power|speed|deliveries)\b",
    re.I,
)
_HOW_MANY = re.compile(r"\b(?:how many|number of|count of)\s+(?=\w)", re.I)
_YES_OR_NO = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|may|might|should)\b", re.I
)
_NO_AMOUNT = frozenset({"ratio", "fold", "points", "time", DATE, COUNT})
# Two values are not of the same thing where one of these words stands with one of them only.
_QUALIFIERS = bases(
    """capacity import export reserve net gross average mean median minimum maximum daily weekly monthly share growth
    registered active container passenger change increase decrease rise fall per target goal budget planned"""
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question asks for: kinds of value, for which periods (any, where it names none), in which words."""

    kinds: Set[str]
    periods: Set[Period]
    words: Set[str]


@dataclass(frozen=True, slots=True)
class Side:
    """One value of a disagreement: as written, the date of its document, and the sentence it rests on."""

    value: str
    date: str | None
    source: ScoredSentence


@dataclass(frozen=True, slots=True)
class Found:
    """A disagreement: what it is about, in a few words, and its sides, newest document first."""

    topic: str
    sides: tuple[Side, ...]


def disagreements(query: str, scored: Sequence[ScoredSentence]) -> list[Found]:
    """Where sources disagree on what a question asks for.

    Args:
        query: the question that was searched for.
        scored: its sentences, best first.

    Returns:
        None where there are no sentences; else at most `MOST_FOUND`, that with the best sentence first; each has
        two or more sides, of different documents.
    """
    near = [s for s in scored[:MOST] if scored[0].score - s.score <= GAP]
    said = [statement for sentence in near for statement in statements(sentence)]
    asked = _Asked(_kinds(query, said), periods(query), words_of(query))
    said = [s for s in said if s.kind in asked.kinds and _in_period(s, asked.periods)]
    found: list[Found] = []
    used: set[int] = set()
    for i, first in enumerate(said):
        if i in used or len(found) == MOST_FOUND:
            continue
        others = [j for j, s in enumerate(said) if j > i and j not in used and _disagree(first, s, said, asked)]
        if others:
            used.update(others)
            used.update(j for j, s in enumerate(said) if _same_thing(first, s, asked))
            found.append(Found(_topic(query, first), _sides([first, *(said[j] for j in others)])))
    return found


def with_sides(chosen: Sequence[ScoredSentence], found: Sequence[Found]) -> list[ScoredSentence]:
    """The chosen sentences and, after them, those that a disagreement rests on and that are not among them."""
    sentences = {_place(s): s for s in (*chosen, *(side.source for each in found for side in each.sides))}
    return list(sentences.values())


def numbered(found: Sequence[Found], chosen: Sequence[ScoredSentence]) -> tuple[Disagreement, ...]:
    """The disagreements as an answer gives them: each value with the number of its sentence among the chosen."""
    number = {_place(sentence): n for n, sentence in enumerate(chosen, start=1)}
    return tuple(
        Disagreement(each.topic, tuple(DatedValue(s.value, s.date, number[_place(s.source)]) for s in each.sides))
        for each in found
    )


def _place(sentence: ScoredSentence) -> tuple[str, int, int]:
    return sentence.passage.document, sentence.sentence.start, sentence.sentence.end


def _kinds(query: str, said: Sequence[Statement]) -> Set[str]:
    """The kinds of value that a question asks for; for yes or no, those that the best sentence with one has."""
    present = {s.kind for s in said}
    if match := _HOW_MANY.search(query):
        text = reading([query[match.end() :]]).text
        unit, _ = unit_at(text, 0, after_digits=True)
        return {unit.dimension} if unit else {COUNT}
    for pattern, kinds in (
        (_WHEN, {DATE}), (_SHARE, {"ratio", "points"}), (_COST, set(MONEY)), (_SPAN, {"length"}),
        (_LASTS, {"time", "length"}), (_AMOUNT, present - _NO_AMOUNT),
    ):  # fmt: skip
        if pattern.search(query):
            return kinds
    if _YES_OR_NO.match(query):
        return next(({s.kind} for s in said if s.kind not in _NO_AMOUNT), set())
    units = {f.unit.dimension for f in reading([f"5 {word}" for word in query.split()]).figures if f.unit}
    return units - {"time"}


def _in_period(statement: Statement, asked: Set[Period]) -> bool:
    return not asked or statement.kind == DATE or statement.period in asked


def _disagree(a: Statement, b: Statement, said: Sequence[Statement], asked: _Asked) -> bool:
    """Whether two statements are of the same thing, and neither document has the other's value of it too."""
    if a.place.document == b.place.document or not _same_thing(a, b, asked) or _agree(a, b):
        return False
    return not any(
        (s.place.document == b.place.document and _agree(a, s) and s.period in (None, a.period))
        or (s.place.document == a.place.document and _agree(b, s) and s.period in (None, b.period))
        for s in said
    )


def _same_thing(a: Statement, b: Statement, asked: _Asked) -> bool:
    """Whether two statements give values of one kind for one subject and period."""
    if a.kind != b.kind or not _same_period(a, b, asked) or _told_apart(a, b, asked):
        return False
    if a.kind == COUNT and not a.counted & b.counted:
        vague = a.item is None or b.item is None
        return vague and _share_words(a.subject, b.subject, STRICTEST)
    if a.kind == DATE or a.item is None or b.item is None:
        return _share_words(a.subject, b.subject, STRICT)
    if _share_words(a.subject, b.subject, SUBJECT):
        return True
    stated = a.period is not None and a.period == b.period
    return stated and _share_words(a.subject | a.context, b.subject | b.context, WITH_CONTEXT)


def _share_words(a: Set[str], b: Set[str], least: tuple[int, float]) -> bool:
    shared = len(a & b)
    return shared >= least[0] and shared >= least[1] * min(len(a), len(b))


def _same_period(a: Statement, b: Statement, asked: _Asked) -> bool:
    """Whether two values are of one period; one without a period is of the year of its document, if any will do."""
    if a.period == b.period:
        return True
    for without, other in ((a, b), (b, a)):
        year = (without.place.date or "")[:4]
        if not asked.periods and without.period is None and other.period and year.isdecimal():
            return other.period == (int(year) * 12 + 1, int(year) * 12 + 12)
    return False


def _told_apart(a: Statement, b: Statement, asked: _Asked) -> bool:
    """Whether a word or a name tells the subjects of two values apart."""
    only_a, only_b = a.subject - b.subject, b.subject - a.subject
    if (only_a | only_b) & _QUALIFIERS or any(CONTRASTS.get(word, frozenset()) & only_b for word in only_a):
        return True
    names_a, names_b = a.named - b.subject - b.context, b.named - a.subject - a.context
    return bool(names_a and names_b or (names_a | names_b) - asked.words)


def _agree(a: Statement, b: Statement) -> bool:
    """Whether two values can both be right: equal, converted, rounded, within each other's bounds, or less exact."""
    if a.kind != b.kind:
        return False
    if a.kind == DATE:
        return any(_compatible(d, e) for d in a.reading.dates for e in b.reading.dates)
    c, s = with_bound(a), with_bound(b)
    if c is None or s is None:
        return c is s
    if equal_values(c, s, a.reading, b.reading):
        return True
    return any(_rounds(x, y) or _bounds(x, y) for x, y in ((c, s), (s, c)))


def _compatible(a: Date, b: Date) -> bool:
    return says(a, b) or says(b, a) or (a.month, a.day) == (b.month, b.day) and None in (a.year, b.year)


def _rounds(rough: Figure, exact: Figure) -> bool:
    """Whether a figure is a finer one, rounded at its own last place: 3 billion for 2.98 billion."""
    place = _last_place(rough)
    difference = abs(rough.amount - exact.amount)
    return (
        _last_place(exact) < place
        and difference <= place / 2 * (1 + 1e-9)
        and difference <= ROUNDED * abs(exact.amount)
    )


def _last_place(figure: Figure) -> float:
    """The worth of a step in the last written place, in base units: 0.1 million for "2.7 million", "2,700,000"."""
    match = re.match(r"(\d[\d,]*)(?:\.(\d+))?", figure.literal)
    whole, decimals = (match[1].replace(",", ""), match[2] or "") if match else ("", "")
    zeros = len(whole) - len(whole.rstrip("0")) if len(whole) > 3 and not decimals else 0
    factor = figure.unit.factor if figure.unit else 1.0
    return float(10.0 ** (zeros - len(decimals)) * scale_word(figure.literal) * factor)


def _bounds(bound: Figure, other: Figure) -> bool:
    """Whether a figure is a bound that another one keeps; a far one still tells something else."""
    low, high = sorted((abs(bound.amount), abs(other.amount)))
    if high > 1.25 * low:
        return False
    below = bound.amount <= other.amount
    return below if bound.bound in ("over", "least") else (not below and bound.bound in ("under", "most"))


def _sides(said: Sequence[Statement]) -> tuple[Side, ...]:
    """The sides, one for each value and document, best sentence first of each; newest document first."""
    kept: list[Statement] = []
    for s in said:
        if not any(_agree(s, k) or s.place.document == k.place.document for k in kept):
            kept.append(s)
    sides = [Side(s.value, s.place.date, s.source) for s in kept]
    return tuple(sorted(sides, key=lambda side: side.date or "", reverse=True))


def _topic(query: str, first: Statement) -> str:
    """What a disagreement is about: the words of its sentence's subject that the question has, as it writes them."""
    wanted = words_of(query)
    words = [w for w in re.findall(r"[^\W_]+(?:['’\-–][^\W_]+)*", query) if words_of(w) & wanted]
    return " ".join(dict.fromkeys(words[:8])) or first.place.heading or first.place.title
