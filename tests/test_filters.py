"""Filters: what may be given, how it is put, and what is said of what cannot be used."""

import pytest

from assistant.answer.filters import check_filter, parse_filter
from assistant.answer.question import checked
from assistant.errors import InputError
from assistant.filter import Filter
from assistant.types import Question


@pytest.mark.parametrize("given", ["legal", "legal/", "/legal", "./legal//", "legal/."])
def test_a_folder_is_put_as_the_beginning_of_a_path(given: str) -> None:
    assert check_filter(Filter(folder=given)) == Filter(folder="legal")
    assert checked(Question("Why?", filter=Filter(folder=given))).filter == Filter(folder="legal")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (Filter(folder=""), "no folder in ''"),
        (Filter(folder="./"), "no folder in './'"),
        (Filter(folder="\ud800"), "no folder in"),
        (Filter(type="PDF"), "unknown type 'PDF'; the types are: md, txt, html, pdf,"),
        (Filter(language="english"), "unknown language 'english'"),
        (Filter(since="24"), "not a date: '24'"),
        (Filter(since="2024-13"), "not a date: '2024-13'"),
        (Filter(until="2024-02-30"), "not a date: '2024-02-30'"),
        (Filter(until="2024-2"), "not a date: '2024-2'"),
        (Filter(until="2024-02-01T00:00"), "not a date"),
        (Filter(until="20240201"), "not a date"),
        (Filter(since="٢٠٢٤"), "not a date"),
        (Filter(since="2024-07", until="2024-06-30"), "from 2024-07 until 2024-06-30 is no time"),
    ],
)
def test_what_cannot_be_used_is_said(wanted: Filter, message: str) -> None:
    with pytest.raises(InputError) as error:
        check_filter(wanted)
    assert message in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(since="2024-06", until="2024"),
        Filter(since="2024", until="2024-06-30"),
        Filter(since="2024-02-29", until="2024-02-29"),
        Filter("legal", "pdf", "tr", "1999", "2024"),
    ],
)
def test_what_can_be_used_stays_as_it_is(wanted: Filter) -> None:
    assert check_filter(wanted) == wanted
    assert check_filter(None) is None


def test_a_filter_comes_from_json() -> None:
    wanted = parse_filter({"folder": "legal/", "type": "pdf", "since": None}, "line 1")
    assert wanted == Filter("legal", "pdf")
    assert parse_filter(None, "line 1") is None and parse_filter({}, "line 1") is None
    assert parse_filter({"folder": None}, "line 1") is None


@pytest.mark.parametrize(
    "values", ["legal", ["legal"], {"in": "legal"}, {"folder": 1}, {"type": ["pdf"]}, {1: "pdf"}]
)
def test_json_of_another_form_is_named_with_its_place(values: object) -> None:
    with pytest.raises(InputError, match="^line 1: filter must be an object of texts with some of: folder, type, "):
        parse_filter(values, "line 1")


def test_a_value_in_json_that_cannot_be_used_is_named_with_its_place() -> None:
    with pytest.raises(InputError, match="^line 1: unknown type 'exe'"):
        parse_filter({"type": "exe"}, "line 1")


def test_a_filter_is_told_in_words() -> None:
    assert str(Filter("legal", "pdf", "en", "2024", "2024-06")) == (
        "in legal, of type pdf, in language en, from 2024 until 2024-06"
    )
    assert (str(Filter(until="2024")), str(Filter(since="2023"))) == ("until 2024", "from 2023")
    assert str(Filter("legal", until="2024")) == "in legal, until 2024"
