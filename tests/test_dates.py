"""Dates, as far as they are known."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ingest.formats.dates import date_in_name, iso_date, year_in_name


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-07-03", "2024-07-03"),
        ("2024-07-03T10:00:00Z", "2024-07-03"),
        (" 2024/7/3 10:00", "2024-07-03"),
        ("20240703", "2024-07-03"),
        ("D:20240703101500+02'00'", "2024-07-03"),
        ("2024-07", "2024-07"),
        ("2024", "2024"),
        (2024, "2024"),
        ("3 July 2024", "2024-07-03"),
        ("Wed, 03 Jul 2024 10:00:00 GMT", "2024-07-03"),
        ("July 3rd, 2024", "2024-07-03"),
        ("Sept. 2024", "2024-09"),
        (datetime.datetime(2024, 7, 3, 10), "2024-07-03"),
        (datetime.date(2024, 7, 3), "2024-07-03"),
        ("2024-02-30", None),
        ("2024-00-10", None),
        ("0001-01-01", None),
        ("03.07.2024", None),  # or is it the seventh of March?
        ("soon", None),
        ("", None),
        (None, None),
        (True, None),
    ],
)
def test_iso_date(value, expected):
    assert iso_date(value) == expected


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("2024-07-03-declaration", "2024-07-03"),
        ("declaration_20240703_final", "2024-07-03"),
        ("report.2024.07.03", "2024-07-03"),
        ("minutes 2024-07", "2024-07"),
        ("12345678-notes", None),
        ("plan-2024", None),
        ("invoice-2024-99", None),
        ("minutes-may-2023", "2023-05"),
        ("Minutes 3 July 2024", "2024-07-03"),
        ("v1-2024-13-01-2023-05-06", "2023-05-06"),
    ],
)
def test_date_in_name(stem, expected):
    assert date_in_name(stem) == expected


@pytest.mark.parametrize(
    ("stem", "expected"),
    [("2024_annual", "2024"), ("2023Q4-results", "2023"), ("2023-and-2024", None), ("12024", None), ("plan", None)],
)
def test_year_in_name(stem, expected):
    assert year_in_name(stem) == expected


@given(day=st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)))
def test_every_day_is_read_back(day):
    assert iso_date(day.isoformat()) == iso_date(f"{day:%Y%m%d}") == date_in_name(f"a {day} b") == day.isoformat()


@given(text=st.text())
def test_no_text_makes_it_fail(text):
    iso_date(text)
    date_in_name(text)
    year_in_name(text)
