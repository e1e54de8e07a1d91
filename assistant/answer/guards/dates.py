"""Dates and times of day in a text, in the forms people write them."""

import re
from dataclasses import dataclass

from assistant.answer.guards.text import Text

_MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sep sept|"
        "october oct|november nov|december dec".split("|"),
        start=1,
    )
    for name in names.split()
}
# "May", "march" and "mar" are words too: alone they are months only after one of these.
_DOUBTFUL = frozenset({"may", "march", "mar", "jan", "sep", "dec", "jun", "august"})
_BEFORE_MONTH = frozenset(
    """in of since by until till during early late mid last next this from to through between before after and -
    every each""".split()
)
_ERAS = {"bc": -1, "bce": -1, "ad": 1, "ce": 1}
_BEGIN = frozenset({*_MONTHS, "noon", "midday", "midnight", "ad", "ce"})  # words that a date or time begins with
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d\d)(?::\d\d)?")
_HALVES = {"am": 0, "pm": 12, "a.m": 0, "p.m": 12}


@dataclass(frozen=True, slots=True)
class Date:
    """A date, as far as it is said. `swapped` is the other reading of 03/07: its (month, day)."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    decade: bool = False
    swapped: tuple[int, int] | None = None
    minute: int | None = None  # of the day, for a time

    @property
    def key(self) -> str:
        """A name for the value, equal for equal dates."""
        return f"@{self.year}-{self.month}-{self.day}-{self.minute}"


def says(source: Date, claim: Date) -> bool:
    """Whether a source's date says all of a claim's date: the full date says its year, not the other way round."""
    if claim.minute is not None or source.minute is not None:
        return claim.minute == source.minute
    if claim.decade and source.year is not None and claim.year is not None and claim.month is None:
        return source.year // 10 == claim.year // 10
    if source.decade != claim.decade or (claim.year is not None and claim.year != source.year):
        return False
    pairs = [(source.month, source.day), *([source.swapped] if source.swapped else [])]
    wanted = [(claim.month, claim.day), *([claim.swapped] if claim.swapped else [])]
    return any(
        (month is None or month == has_month) and (day is None or day == has_day)
        for month, day in wanted
        for has_month, has_day in pairs
    )


def dates(text: Text) -> list[Date]:
    """The dates and times of a text, in order."""
    found: list[Date] = []
    i = 0
    while i < len(text.tokens):
        token = text.tokens[i]
        date = _at(text, i) if token.kind == "number" or token.low in _BEGIN else None
        if date:
            found.extend(date)
            i = date[-1].end
        else:
            i += 1
    return found


def _at(text: Text, i: int) -> list[Date] | None:
    token = text.tokens[i]
    if token.low in ("noon", "midday", "midnight"):
        return [Date(i, i + 1, minute=0 if token.low == "midnight" else 720)]
    if token.low in _MONTHS and token.text[0].isupper():
        return _month_first(text, i)
    if token.low in ("ad", "ce") and _number(text, i + 1) is not None and token.text.isupper():
        return [Date(i, i + 2, year=_number(text, i + 1))]
    if token.kind != "number":
        return None
    return _iso(text, i) or _clock(text, i) or _day_first(text, i) or _year(text, i)


def _number(text: Text, i: int) -> int | None:
    if i >= len(text.tokens) or not text.tokens[i].text.isdecimal() or len(text.tokens[i].text) > 4:
        return None
    return int(text.tokens[i].text)


def _day(text: Text, i: int) -> tuple[int, int] | None:
    """The day of the month at `i`, with "st" or "th" after it, and the token after it."""
    day = _number(text, i)
    if day is None or not 1 <= day <= 31 or len(text.tokens[i].text) > 2:
        return None
    end = i + 1
    if end < len(text.tokens) and text.tokens[end].low in ("st", "nd", "rd", "th") and text.glued(end):
        end += 1
    return day, end


def _year_after(text: Text, i: int) -> tuple[int | None, int]:
    """The year at `i`, after a comma or "of", and the token after it; None and `i` where there is none."""
    at = i + (i < len(text.tokens) and text.tokens[i].low in (",", "of"))
    year = _number(text, at)
    if year is not None and len(text.tokens[at].text) == 4 and 1000 <= year <= 2199:
        return year, at + 1
    return None, i


def _month_first(text: Text, i: int) -> list[Date] | None:
    tokens = text.tokens
    month = _MONTHS[tokens[i].low]
    after = i + 1 + (i + 1 < len(tokens) and tokens[i + 1].text == "." and len(tokens[i].low) <= 4)
    first = _day(text, after)
    if first:
        day, end = first
        last = _day(text, end + 1) if end < len(tokens) and tokens[end].low in ("-", "to", "and") else None
        days = [day]
        if last and not (last[1] < len(tokens) and tokens[last[1]].low in _MONTHS):
            days, end = [day, last[0]], last[1]
        year, end = _year_after(text, end)
        return [Date(i, end, year, month, d) for d in days]
    year, end = _year_after(text, after)
    if year is None:
        end = i + 1
        before = tokens[i - 1].low if i else ""
        if tokens[i].low in _DOUBTFUL and before not in _BEFORE_MONTH:
            return None
    return [Date(i, end, year, month)]


def _day_first(text: Text, i: int) -> list[Date] | None:
    tokens = text.tokens
    first = _day(text, i)
    if not first:
        return None
    days, end = [first[0]], first[1]
    if end < len(tokens) and tokens[end].low in ("-", "to", "and") and (last := _day(text, end + 1)):
        days, end = [*days, last[0]], last[1]
    end += end < len(tokens) and tokens[end].low == "of"
    if end >= len(tokens) or tokens[end].low not in _MONTHS or not tokens[end].text[0].isupper():
        return None
    month = _MONTHS[tokens[end].low]
    year, end = _year_after(text, end + 1)
    return [Date(i, end, year, month, day) for day in days]


def _iso(text: Text, i: int) -> list[Date] | None:
    tokens = text.tokens
    if match := _DOTTED.fullmatch(tokens[i].text):
        day, month, year = map(int, match.groups())
        return _either(i, i + 1, year, month, day)
    if i + 4 < len(tokens) and tokens[i + 1].text in ("-", "/") and tokens[i + 3].text == tokens[i + 1].text:
        if not all(text.glued(j) for j in range(i + 1, i + 5)):
            return None
        parts = [_number(text, i), _number(text, i + 2), _number(text, i + 4)]
        if None in parts:
            return None
        a, b, c = (part or 0 for part in parts)
        if len(tokens[i].text) == 4:
            return _either(i, i + 5, a, b, c, sure=True)
        if len(tokens[i + 4].text) == 4:
            return _either(i, i + 5, c, b, a)
    return None


def _either(start: int, end: int, year: int, month: int, day: int, sure: bool = False) -> list[Date] | None:
    """A date in figures, day first or, where the figures allow and do not tell, month first."""
    if month > 12 >= day and not sure:
        month, day = day, month
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    swapped = (day, month) if day <= 12 and not sure else None
    return [Date(start, end, year, month, day, swapped=swapped)]


def _clock(text: Text, i: int) -> list[Date] | None:
    tokens = text.tokens
    match = _CLOCK.fullmatch(tokens[i].text)
    half = next((tokens[j].low for j in (i + 1,) if j < len(tokens) and tokens[j].low in _HALVES), None)
    if half is not None and (match or _number(text, i) is not None):
        hour, minute = (int(match[1]), int(match[2])) if match else (_number(text, i) or 0, 0)
        return [Date(i, i + 2, minute=hour % 12 * 60 + _HALVES[half] * 60 + minute)]
    if match and ":" in tokens[i].text and int(match[1]) < 25 and int(match[2]) < 60:
        return [Date(i, i + 1, minute=int(match[1]) * 60 + int(match[2]))]
    return None


def _year(text: Text, i: int) -> list[Date] | None:
    tokens = text.tokens
    number = _number(text, i)
    if number is None:
        return None
    if i + 1 < len(tokens) and tokens[i + 1].low in _ERAS and tokens[i + 1].text.isupper():
        return [Date(i, i + 2, year=number * _ERAS[tokens[i + 1].low])]
    short_decade = len(tokens[i].text) == 2 and number % 10 == 0 and i + 1 < len(tokens) and text.glued(i + 1)
    if short_decade and tokens[i + 1].low == "s":
        return [Date(i, i + 2, year=1900 + number, decade=True)]  # "the 80s"
    if len(tokens[i].text) != 4 or not 1000 <= number <= 2100:
        return None
    if i and (tokens[i - 1].text in "$€£¥₼₽₹₩₺/" or (text.glued(i) and tokens[i - 1].kind == "word")):
        return None
    if i + 1 < len(tokens) and tokens[i + 1].low == "s" and text.glued(i + 1):
        return [Date(i, i + 2, year=number, decade=True)]
    short = tokens[i + 2] if i + 2 < len(tokens) and tokens[i + 1].text in ("-", "/") and text.glued(i + 2) else None
    if short and short.text.isdecimal() and len(short.text) == 2:
        return [Date(i, i + 1, year=number), Date(i + 2, i + 3, year=number // 100 * 100 + int(short.text))]
    if i + 1 < len(tokens) and (tokens[i + 1].text in "%°" or _counts(text, i + 1)):
        return None
    return [Date(i, i + 1, year=number)]


def _counts(text: Text, i: int) -> bool:
    """Whether token `i` is what a figure before it counts: "2000 people", "1500 km"."""
    token = text.tokens[i]
    return token.low in ("people", "men", "women", "km", "kg", "m", "ft", "feet", "percent") or (
        token.content
        and token.kind == "word"
        and token.text.islower()
        and token.low.endswith("s")
        and len(token.low) > 4
        and not token.low.endswith(("ss", "us", "is"))
    )
