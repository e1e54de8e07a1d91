"""Whether two values of one kind can both be right: equal, converted, rounded, within a bound, or less exact."""

import re

from assistant.answer.disagreements.statements import CLOCK, DATE, NAME, Statement, with_bound
from assistant.answer.guards.dates import Date, says
from assistant.answer.guards.figures import ROUNDED, equal_values
from assistant.answer.guards.names import Name, same_name
from assistant.answer.guards.numerals import Figure, scale_word


def agree(a: Statement, b: Statement) -> bool:
    """Whether two values can both be right."""
    if a.kind != b.kind:
        return False
    if isinstance(a.item, Date) and isinstance(b.item, Date):
        return a.item.minute == b.item.minute if a.kind == CLOCK else _compatible(a.item, b.item)
    if isinstance(a.item, Name) and isinstance(b.item, Name):
        return same_name(a.item, b.item) or _folded(a.value) == _folded(b.value)
    c, s = with_bound(a), with_bound(b)
    if c is None or s is None:
        return c is s
    if equal_values(c, s, a.reading, b.reading):
        return True
    return any(_rounds(x, y) or _bounds(x, y) for x, y in ((c, s), (s, c)))


def confirms(value: Statement, other: Statement) -> bool:
    """Whether another statement says a value, so that who makes it knows the value: a name with all its words."""
    if isinstance(value.item, Name) and isinstance(other.item, Name):
        return value.item.keys <= other.item.keys
    return agree(value, other)


def states(sentence: Statement, value: Statement) -> bool:
    """Whether the sentence of a statement has another statement's value too, whatever it says it of."""
    if value.kind == NAME:
        return isinstance(value.item, Name) and value.item.keys <= {t.low for t in sentence.reading.text.tokens}
    if value.kind in (DATE, CLOCK):
        return any(_same_day(value.item, date) for date in sentence.reading.dates)
    figure = with_bound(value)
    return figure is not None and any(
        equal_values(figure, other, value.reading, sentence.reading) for other in sentence.reading.figures
    )


def _same_day(a: object, b: Date) -> bool:
    return isinstance(a, Date) and (a.year, a.month, a.day, a.minute) == (b.year, b.month, b.day, b.minute)


def _folded(value: str) -> str:
    return " ".join(value.casefold().split())


def _compatible(a: Date, b: Date) -> bool:
    return says(a, b) or says(b, a) or ((a.month, a.day) == (b.month, b.day) and None in (a.year, b.year))


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
