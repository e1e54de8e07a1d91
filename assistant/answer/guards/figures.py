"""Figures, dates and times: each must be in the source, in the same unit, and said of the same thing."""

from collections.abc import Sequence

from assistant.answer.guards.align import Place, Reading, placed
from assistant.answer.guards.codes import as_numeral, in_code, joined, literally
from assistant.answer.guards.dates import Date, says
from assistant.answer.guards.lemma import bases
from assistant.answer.guards.numerals import Figure
from assistant.answer.guards.units import MONEY

# A value is misplaced when the source has another one in a place this much liker than any with the same value.
FLOOR, MARGIN = 0.5, 0.25
# "one", "both" and "first" are only held against a figure that stands in the very same place.
LOOSE_FLOOR = 0.6
CONVERTED = 0.01  # relative difference allowed between a figure and its conversion to another unit
ROUNDED = 0.07  # and between "about" a figure and that figure
WHOLE = 0.8  # share of a claim's other words that the source's sentence must have to be the one that it tells again
_GOVERNED = 4  # words between a word of change and the "by" or "to" of its figure, at most
_CHANGES = bases(
    """increase rise grow climb surge soar jump expand raise decrease fall decline drop shrink plunge plummet reduce
    cut lower slip slump"""
)
_ROUGHLY = frozenset("about around approximately roughly some nearly almost over more less than under just".split())

Value = Date | Figure


def check_figures(claim: Reading, source: Reading) -> list[str]:
    """The figures, dates and times of a claim that its source does not have, or has of something else."""
    said: Sequence[Value] = [*claim.dates, *claim.figures]
    known: Sequence[Value] = [*source.dates, *source.figures]
    if not said:
        return []
    problems = []
    for place in placed(claim, said, source, known, lambda c, s: equal_values(c, s, claim, source), _comparable):
        problem = _problem(place, claim, source, known)
        if problem:
            problems.append(problem)
    return problems


def _problem(place: Place[Value], claim: Reading, source: Reading, known: Sequence[Value]) -> str | None:
    item, same, other = place.item, place.same, place.other
    words = claim.text.words(item.start, item.end)
    has = source.text.words(other.start, other.end) if other is not None else ""
    name = "date" if isinstance(item, Date) else "figure"
    if same is None:
        return (
            None
            if _excused(place, claim, source)
            else f"{name} {words} not in source" + (f" (source has {has})" if has else "")
        )
    floor = LOOSE_FLOOR if _is_loose(item) or _is_loose(other) else FLOOR
    misplaced = place.other_likeness >= floor and place.other_likeness - place.same_likeness >= MARGIN
    if other is not None and misplaced and not _moved(item, same, other, claim, source):
        return f"{name} {words} is said of something else in the source (here it has {has})"
    if isinstance(item, Figure) and isinstance(same, Figure) and _opposite_bounds(item, same):
        return f"figure {words}: source says {_bound_words(same)} {words}"
    return _changed_by(place, claim, source, known) or _counted(place, claim, source)


def _moved(item: Value, same: Value, other: Value, claim: Reading, source: Reading) -> bool:
    """Whether a value that seems misplaced only moved with its surroundings.

    The source has it of the same noun, and the other value of another one; or the sentence that has it has nearly all
    else of the claim, and the sentence of the other value has not.
    """
    counted = _nouns(claim, item)[:1] if isinstance(item, Figure) and not item.unit else []
    if counted and counted == _nouns(source, same)[:1] != _nouns(source, other)[:1]:
        return True
    own = _shared(item, same, claim, source)
    return own >= WHOLE and own - _shared(item, other, claim, source) >= MARGIN


def _shared(item: Value, place: Value, claim: Reading, source: Reading) -> float:
    """The share of the words around a value that the source's sentence has in which a place is."""
    said = claim.content[claim.text.tokens[item.start].sentence] - {item.key}
    known = source.content[source.text.tokens[place.start].sentence]
    return len(said & known) / len(said) if said else 0.0


def _changed_by(place: Place[Value], claim: Reading, source: Reading, known: Sequence[Value]) -> str | None:
    """The problem of a change by a figure where the source has one to that figure, or the other way round."""
    item = place.item
    said = _change(item, claim)
    if not said or not isinstance(item, Figure):
        return None
    found = {_change(value, source) for value in known if equal_values(item, value, claim, source)}
    if said in found or not found & {"by", "to", "from"}:
        return None
    words = claim.text.words(item.start, item.end)
    return f"figure {words}: source has a change {max(found)} it, not {said} it"


def _change(value: Value, reading: Reading) -> str:
    """The "by", "to" or "from" before a figure that a word of change governs; empty where none does."""
    tokens, i = reading.text.tokens, value.start - 1
    while i >= 0 and tokens[i].low in _ROUGHLY:
        i -= 1
    if i < 0 or tokens[i].low not in ("by", "to", "from"):
        return ""
    before = [t for t in tokens[max(0, i - _GOVERNED) : i] if t.sentence == tokens[i].sentence]
    return tokens[i].low if any(t.base in _CHANGES for t in before) else ""


def _excused(place: Place[Value], claim: Reading, source: Reading) -> bool:
    """Whether a value that the source does not have as such is no problem."""
    item, other = place.item, place.other
    if isinstance(item, Date):
        return _composed(item, source)
    if item.loose:
        return other is None or place.other_likeness < LOOSE_FLOOR or _is_loose(other)
    if item.roman and place.other_likeness < FLOOR:
        return True  # "IV" may be no number
    named = in_code(item, claim) and literally(item, claim, source)
    return named or joined(item, claim, source) or as_numeral(item, source)


def _is_loose(value: Value | None) -> bool:
    return isinstance(value, Figure) and value.loose


def _comparable(c: Value, s: Value) -> bool:
    """Whether one value can stand where the other stood: dates for dates, figures for figures of the same kind."""
    if isinstance(c, Date) or isinstance(s, Date):
        both = isinstance(c, Date) and isinstance(s, Date)
        return both and (c.minute is None) == (s.minute is None)  # type: ignore[union-attr]
    if c.unit and s.unit and c.unit.dimension != s.unit.dimension:
        return False  # a place for kilograms is none for percent
    return c.ordinal == s.ordinal or c.roman or s.roman


def equal_values(c: Value, s: Value, claim: Reading, source: Reading) -> bool:
    """Whether a source's value says a claim's value."""
    if isinstance(c, Date) and isinstance(s, Date):
        return says(s, c)
    if isinstance(c, Date) or isinstance(s, Date):
        date, figure = (c, s) if isinstance(c, Date) else (s, c)
        return _is_year(date, figure)
    if c.value is None or s.value is None:
        return c.literal == s.literal
    return _same_amount(c, s, claim, source) or (_metres_or_millions(c, s) and not c.ordinal)


def _is_year(date: Value, figure: Value) -> bool:
    return (
        isinstance(date, Date) and isinstance(figure, Figure) and figure.unit is None
        and date.month is None and date.minute is None and date.year == figure.value
    )  # fmt: skip


def _metres_or_millions(c: Figure, s: Figure) -> bool:
    """Whether "2.7m" is 2.7 million here."""
    for short, full in ((c, s), (s, c)):
        if short.unit and short.unit.dimension == "length" and short.unit.factor == 1.0 and full.unit is None:
            if _close((short.value or 0) * 1e6, full.value or 0, 1e-9):
                return True
    return False


def _same_amount(c: Figure, s: Figure, claim: Reading, source: Reading) -> bool:
    if c.unit and s.unit and c.unit != s.unit:
        if c.unit.dimension == s.unit.dimension and c.unit.dimension not in MONEY:
            return _close(c.amount, s.amount, CONVERTED)
        if {c.unit.dimension, s.unit.dimension} == {"temperature_c", "angle"}:
            return c.value == s.value
        return False
    if c.unit and not s.unit and not _named(c, claim, source):
        return False
    if not c.unit and s.unit and s.unit.dimension == "ratio" and s.unit.factor == 0.01 and c.value != s.value:
        return False
    return _close(c.value or 0, s.value or 0, 1e-9) or _rounds(c, s) or _rounds(s, c) or _shortened(c, s)


def _named(c: Figure, claim: Reading, source: Reading) -> bool:
    """Whether a unit that the source does not give beside the figure is anywhere in the source ("in days: 90")."""
    unit = c.unit
    last = claim.text.tokens[c.end - 1]
    if unit is None or unit.dimension in ("fold", "ratio") or last.base in source.all_keys:
        return True
    return (
        any(f.unit is not None and f.unit.dimension == unit.dimension for f in source.figures)
        or any(t.text in "$€£¥₼₽₹₩₺%" for t in source.text.tokens if t.kind == "symbol")
        and unit.dimension in MONEY | {"ratio"}
    )


def _close(a: float, b: float, tolerance: float) -> bool:
    return abs(a - b) <= tolerance * max(abs(a), abs(b))


def _rounds(rough: Figure, exact: Figure) -> bool:
    """Whether a figure said to be rough ("about 3 billion", "over 200") stands for an exact one."""
    a, b = rough.value or 0.0, exact.value or 0.0
    if rough.bound is None or exact.bound is not None or a <= 0 or b <= 0:
        return False
    if rough.bound == "about":
        return _close(a, b, ROUNDED) and _digits(a) <= _digits(b)
    if rough.bound in ("over", "least"):
        return a <= b <= a * 1.15 and _digits(a) < _digits(b)
    return a * 0.85 <= b <= a and _digits(a) < _digits(b)


def _shortened(c: Figure, s: Figure) -> bool:
    """Whether a claim's figure is the source's without its decimals, rightly rounded: 76% for 76.3%."""
    a, b = c.value or 0.0, s.value or 0.0
    return a == round(b) != b and _close(a, b, CONVERTED) and not (c.ordinal or s.ordinal) and s.unit == c.unit


def _digits(value: float) -> int:
    """The significant digits of a value: 2 of 2,700,000."""
    return len(f"{value:.10g}".replace(".", "").split("e")[0].strip("0-")) or 1


def _opposite_bounds(c: Figure, s: Figure) -> bool:
    lower, upper = ("over", "least"), ("under", "most")
    return (c.bound in lower and s.bound in upper) or (c.bound in upper and s.bound in lower)


def _bound_words(figure: Figure) -> str:
    return {"over": "more than", "least": "at least", "under": "less than", "most": "at most"}.get(
        figure.bound or "", ""
    )


def _composed(date: Date, source: Reading) -> bool:
    """Whether the source says a date in parts: the day here, the year there, and no other year with that day."""
    if date.year is None or date.month is None:
        return False
    year = any(d.year == date.year and d.month is None for d in source.dates)
    return year and any(d.year is None and d.month == date.month and d.day == date.day for d in source.dates)


def _counted(place: Place[Value], claim: Reading, source: Reading) -> str | None:
    """The problem of a figure that counts one thing in the claim and another in the source.

    Only where all speaks for it: both figures stand before what they count, these have no word in common, and
    the source has the claim's noun, but not beside an equal figure.
    """
    c, s = place.item, place.same
    if (
        not isinstance(c, Figure)
        or not isinstance(s, Figure)
        or c.unit
        or s.unit
        or c.loose
        or c.ordinal
        or s.ordinal
    ):
        return None
    counted, known = _nouns(claim, c), _nouns(source, s)
    if claim.text.glued(c.start) and claim.text.tokens[c.start - 1].text == "-":
        return None  # the 10 of CED-10 counts nothing
    if not counted or not known or set(counted) & set(known):
        return None
    left = {key for key, (_, distance) in source.around(s.start, s.end)[0].items() if distance < 3}
    if counted[-1] not in source.all_keys or set(counted) & left or place.same_likeness >= 0.6:
        return None
    known_words = source.text.words(s.start, min(s.end + 3, len(source.keys)))
    return f"figure {claim.text.words(c.start, c.end)} counts something else in the source: {known_words}"


def _nouns(reading: Reading, figure: Value) -> list[str]:
    """The keys of the content words right after a figure, up to the first word that is none."""
    nouns: list[str] = []
    tokens = reading.text.tokens
    for i in range(figure.end, min(figure.end + 5, len(tokens))):
        token = tokens[i]
        if token.text == "-" or (token.low == "of" and not nouns):
            continue
        if token.kind != "word" or not token.content:
            break
        nouns.append(reading.keys[i])
    return nouns
