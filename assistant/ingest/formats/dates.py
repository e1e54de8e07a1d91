"""Dates as documents write them, to ISO 8601 as far as they are known."""

import datetime
import re

_EARLIEST, _LATEST = 1900, 2100
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sep sept", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?=$|[\sT])")
_COMPACT = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)(?:$|[\sT]|\d{2,6})")
_DAY_FIRST = re.compile(r"(?:[A-Za-z]{3,9},\s*)?(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})\b")
_MONTH_FIRST = re.compile(r"(?:[A-Za-z]{3,9},\s*)?([A-Za-z]{3,9})\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})\b")
_YEAR_IN_NAME = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_IN_NAME = re.compile(r"(?<!\d)(\d{4})(?:([-_.])(\d\d)\2(\d\d)|(\d\d)(\d\d)|[-_.](\d\d))(?!\d)")


def iso_date(value: object) -> str | None:
    """The date that `value` begins with.

    Args:
        value: A date or datetime, or a string such as "2024-07-03T10:00Z", "D:20240703101500", "2024",
            "3 July 2024" or "July 3, 2024". All-figure dates that do not begin with the year are
            ambiguous and not read.

    Returns:
        "2024-07-03", "2024-07" or "2024"; None where there is no valid date from 1900 to 2100.
    """
    if isinstance(value, datetime.date):  # a datetime too
        return checked_date(value.year, value.month, value.day)
    if isinstance(value, int) and not isinstance(value, bool):
        return checked_date(value)
    if not isinstance(value, str):
        return None
    text = value.strip()[:64]
    if match := _COMPACT.match(text) or _ISO.match(text):
        return checked_date(*(int(part) for part in match.groups() if part))
    if match := _DAY_FIRST.match(text):
        day, month, year = match.groups()
        return _named_month(year, month, day)
    if match := _MONTH_FIRST.match(text):
        month, day, year = match.groups()
        return _named_month(year, month, day)
    return None


def date_in_name(stem: str) -> str | None:
    """The first date in a file's name: 2024-07-03, 20240703, 2024-07 (or with "_", "."), 3-July-2024, july-2024."""
    for match in _IN_NAME.finditer(stem):
        parts = [int(part) for part in match.group(1, 3, 4, 5, 6, 7) if part]
        if date := checked_date(*parts):
            return date
    words = [word for word in re.split(r"[\s_.,-]+", stem) if word]
    named = (" ".join(words[i : i + size]) for size in (3, 2) for i in range(len(words) - size + 1))
    return next((date for text in named if not text[:4].isdecimal() and (date := iso_date(text))), None)


def year_in_name(stem: str) -> str | None:
    """The one year in a file's name, as in "2024_annual"; None where there is none or more than one."""
    years = set(_YEAR_IN_NAME.findall(stem))
    return years.pop() if len(years) == 1 else None


def checked_date(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """The date in ISO form, or None where the calendar has no such day."""
    try:
        datetime.date(year, month or 1, day or 1)
    except (ValueError, OverflowError):
        return None
    if not _EARLIEST <= year <= _LATEST or 0 in (month, day):
        return None
    return "-".join([f"{year:04}"] + [f"{part:02}" for part in (month, day) if part is not None])


def _named_month(year: str, month: str, day: str | None) -> str | None:
    number = _MONTHS.get(month.lower())
    if number is None:
        return None
    return checked_date(int(year), number, int(day) if day else None)
