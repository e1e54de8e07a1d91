"""The months that a value is of, as its sentence, the sentence before or the heading says it."""

import re
from collections.abc import Sequence

from assistant.answer.guards.align import Reading, reading
from assistant.answer.guards.dates import Date
from assistant.answer.guards.lemma import bases

Period = tuple[int, int]  # first and last month, both counted from year 0
UNTOLD: Period = (0, 0)  # the text points to a period that it does not name: "a year earlier"

BRACKETED = re.compile(r"\([^()]*\)")
# Of reports, not of what is reported: "he said in June 2024".
REPORTS = bases("say report write announce publish")
_WHOLE = frozenset("whole full entire all".split())
_JOINS = frozenset("- to and until through".split())
_POINTS_BACK = re.compile(
    r"\b(?:that|those|these|this|same) (?:\w+ )?(?:years?|months?|quarters?|weeks?|half|decade)\b", re.IGNORECASE
)
_POINTS_AWAY = re.compile(
    r"\b(?:years?|months?|quarters?|weeks?|days?|decades?) (?:earlier|later|before|after|ago)\b"
    r"|\b(?:previous|next|last) (?:\w+ )?(?:years?|months?|quarters?|weeks?|half|decade)\b",
    re.IGNORECASE,
)
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_PART = re.compile(
    rf"\b(?:(?P<nth>{'|'.join(_NTH)}|last)[ -](?P<unit>quarter|half)|q(?P<q>[1-4])|h(?P<h>[12])"
    rf"|first (?P<months>{'|'.join(_NUMBERS)}|1[0-2]|[1-9]) months)\b",
    re.IGNORECASE,
)
_NEAR = 8  # characters between a year and the part of it that is named


def periods(text: str) -> frozenset[Period]:
    """All periods of at least a month that a text names."""
    read = reading([text])
    return frozenset(_interval(read, date) for date in _dated(read))


def single_period(text: str) -> Period | None:
    """The period that a text names, None where it names none or several."""
    found = periods(text)
    return next(iter(found)) if len(found) == 1 else None


def period_of(read: Reading, at: int, before: str, heading: str) -> Period | None:
    """The period of a value.

    Args:
        read: the sentence that states it.
        at: the value's first token.
        before: the sentence before, empty where there is none.
        heading: the nearest heading.

    Returns:
        The period nearest to the value in its sentence, else that of the sentence before or of the heading; None
        where none of them names one, `UNTOLD` where it cannot be told.
    """
    dated = _dated(read)
    if dated:
        whole = [date for date in dated if _is_whole(read, date)]
        return _interval(read, min(whole or dated, key=lambda date: max(date.start - at, at - date.end)))
    said = read.text.folded
    if _POINTS_AWAY.search(said):
        return UNTOLD
    inherited = single_period(before)
    if inherited:
        return inherited
    under = single_period(heading)
    pointing = _POINTS_BACK.search(said) or _PART.search(said) or periods(before)
    return UNTOLD if pointing and not under else under


def is_bracketed(read: Reading, at: int) -> bool:
    """Whether a token stands in round brackets."""
    start = read.text.tokens[at].start
    return any(match.start() < start < match.end() for match in BRACKETED.finditer(read.text.folded))


def _dated(read: Reading) -> list[Date]:
    """The dates that can be a period: with a year, without a day, and not of a report."""
    return [
        date
        for date in read.dates
        if date.year is not None and date.day is None and date.minute is None and not date.decade
        and not is_bracketed(read, date.start)
        and not any(token.base in REPORTS for token in read.text.tokens[max(0, date.start - 2) : date.start])
    ]  # fmt: skip


def _is_whole(read: Reading, date: Date) -> bool:
    before = read.text.tokens[max(0, date.start - 3) : date.start]
    return date.month is None and any(token.low in _WHOLE for token in before)


def _interval(read: Reading, date: Date) -> Period:
    """The months of a date: those named without a year beside it, a part of the year, else the whole year."""
    year = (date.year or 0) * 12
    loose = [d for d in read.dates if d.month is not None and d.year is None and d.day is None]
    if date.month is not None:
        opening = [d.month or 1 for d in loose if _joined(read, d, date)]
        return year + min([*opening, date.month]), year + date.month
    if _is_whole(read, date):
        return year + 1, year + 12
    if loose:
        months: Sequence[int] = [d.month or 1 for d in loose]
        return year + min(months), year + max(months)
    start, end = read.text.tokens[date.start].start, read.text.tokens[date.end - 1].end
    parts = [
        p
        for p in _PART.finditer(read.text.folded)
        if -_NEAR <= start - p.end() <= _NEAR or 0 <= p.start() - end <= _NEAR
    ]
    return _part(parts[0], year) if parts else (year + 1, year + 12)


def _joined(read: Reading, first: Date, last: Date) -> bool:
    return first.end == last.start - 1 and read.text.tokens[first.end].low in _JOINS


def _part(match: re.Match[str], year: int) -> Period:
    if match["months"]:
        months = match["months"].lower()
        return year + 1, year + (int(months) if months.isdecimal() else _NUMBERS.index(months) + 1)
    length = 3 if match["q"] or (match["unit"] or "").lower() == "quarter" else 6
    last = 12 // length
    nth = int(match["q"] or match["h"] or min(_NTH.get(match["nth"].lower(), last), last))
    return year + (nth - 1) * length + 1, year + nth * length
