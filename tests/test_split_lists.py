"""Passages of lists, tables and code: hand-made expectations for each rule."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from split_parts import LIMITS, check, count_tokens, document, passages_of, prose, texts

from assistant.ingest.formats.tables import is_caption
from assistant.ingest.split import row_in_words, split

# Lists


def test_a_list_stays_with_what_introduces_it():
    found = passages_of(
        ("p", prose(25)), ("p", "Bring:"), ("item", prose(15, "one")), ("item", "Two. Pears."), ("p", prose(20))
    )
    assert texts(found) == [prose(25), f"Bring:\n{prose(15, 'one')}\nTwo. Pears.", prose(20)]
    assert [s.kind for s in found[1].sentences] == ["paragraph", "item", "item"]


def test_a_long_list_is_cut_between_items_and_names_what_introduces_it():
    items = [f"{prose(6, word)} {prose(6, word)}" for word in ("one", "two", "tre", "vier", "five")]
    found = passages_of(("p", "He went. Bring these:"), *(("item", item) for item in items))
    assert texts(found) == [f"He went. Bring these:\n{items[0]}", "\n".join(items[1:3]), "\n".join(items[3:])]
    assert [p.context for p in found] == ["Guide", "Guide\nBring these:", "Guide\nBring these:"]


def test_a_paragraph_too_long_to_stay_with_its_list_is_whole():
    opening = f"{prose(40)} Bring:"
    found = passages_of(("p", opening), ("item", prose(20, "one")), ("item", prose(20, "two")))
    assert texts(found) == [opening, f"{prose(20, 'one')}\n{prose(20, 'two')}"]
    assert found[1].context == "Guide\nBring:"


def test_a_list_without_introduction():
    found = passages_of(("item", prose(20, "one")), ("item", prose(20, "two")), ("item", prose(20, "tre")))
    assert [p.context for p in found] == ["Guide"] * len(found)


# Tables


ROWS = [("head", "Year | Sum"), *(("row", f"{year} | {year} euros a month") for year in range(2001, 2009))]


@pytest.mark.parametrize("above", [True, False])
def test_a_caption_stays_with_its_table_and_names_the_parts_of_a_long_one(above):
    caption = [("p", "Table 3: Fees")]
    table = [*caption, *ROWS] if above else [*ROWS, *caption]
    found = passages_of(("p", prose(30)), *table, ("p", prose(30, "more")))
    assert texts(found)[0] == prose(30) and texts(found)[-1] == prose(30, "more")
    parts = found[1:-1]
    assert len(parts) > 1
    at = 0 if above else -1
    own = texts(found)[1:-1][at].split("\n")
    assert own[at] == "Table 3: Fees" and len(own) > 1
    named = ["Guide\nTable 3: Fees"] * len(parts)
    named[at] = "Guide"
    assert [part.context for part in parts] == named


def test_of_two_tables_each_has_its_own_caption():
    one, two = [ROWS[0], *ROWS[1:3]], [("head", "Month | Fee"), ("row", "May | 7 euros"), ("row", "June | 8 euros")]
    first, second = ("p", "Table 1. Sums"), ("p", "Tabelle B.2 – Fees")
    for parts in ((first, *one, second, *two), (*one, first, *two, second)):
        found = passages_of(*parts)
        assert len(found) == 2
        for passage, caption, year in zip(found, (first, second), ("2001", "May"), strict=True):
            assert caption[1] in passage.search_text and year in passage.search_text


def test_a_caption_before_a_list_stays_with_the_table_above():
    found = passages_of(*ROWS[:3], ("p", "Table 1: Sums"), ("item", prose(12, "one")), ("item", prose(12, "two")))
    assert texts(found)[0].endswith("\nTable 1: Sums")


def test_a_long_caption_is_whole():
    caption = f"Table 3: {prose(45)}"
    found = passages_of(("p", caption), *ROWS)
    assert texts(found)[0].startswith(caption)


@given(
    st.lists(st.sampled_from(["Table 1: A", f"Table 2: {prose(44)}", "Text.", prose(20), "head", "item"]), max_size=9)
)
def test_captions_anywhere_lose_nothing(kinds):
    parts = []
    for number, kind in enumerate(kinds):
        if kind == "head":
            parts += [("head", f"Year | Sum {number}"), ("row", "2001 | 7 euros"), ("row", f"2002 | {prose(30)}")]
        else:
            parts.append(("item", "An item.") if kind == "item" else ("p", kind))
    if parts:
        passages_of(*parts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Table 3: Fees", True),
        ("TABLE IV", True),
        ("Tab. 2.1 Fees", True),
        ("Таблица 7 – Цены", True),
        ("Table of contents", False),
        ("Tables 3 and 4 show it.", False),
        ("Table 3: " + "x" * 300, False),
        ("Table salt", False),
        ("The table 3", False),
    ],
)
def test_is_caption(text, expected):
    assert is_caption(text) is expected


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("Year | Trade, billion USD", "2019 | 2.18", "Year: 2019; Trade, billion USD: 2.18"),
        ("Year | Trade | Note", "2019 |  | none", "Year: 2019; Note: none"),
        ("Year | Trade", "| 2.18", "Trade: 2.18"),
        ("Year | Trade", "2019 |", "Year: 2019"),
        ("Year |  | Note", "2019 | 2.18 | none", "Year: 2019; 2.18; Note: none"),
        ("Year:", "2019 | 2.18", "Year: 2019; 2.18"),
        ("A|B | C", "a|b | c\n d", "A|B: a|b; C: c d"),
        (None, "2019 | 2.18 |  | x", "2019; 2.18; x"),
        (None, "|", ""),
    ],
)
def test_row_in_words(header, row, expected):
    text = f"{header or ''}\n{row}"
    span = len(text) - len(row), len(text)
    assert row_in_words(text, span, (0, len(header)) if header else None) == expected


def test_a_header_row_in_words_is_its_cells():
    assert row_in_words("Year | Trade", (0, 12), (0, 12)) == "Year; Trade"


def test_rows_are_packed_up_to_the_target_and_said_with_their_header():
    found = passages_of(
        ("p", "Trade:"), ("head", "Year | USD"), *(("row", f"{year} | {year % 7}") for year in range(2001, 2008))
    )
    said = [f"Year: {year}; USD: {year % 7}" for year in range(2001, 2008)]
    assert texts(found) == ["Trade:\n" + "\n".join(said[:4]), "\n".join(said[4:])]
    rows = [s for p in found for s in p.sentences if s.kind == "row"]
    assert len(rows) == 7
    assert {s.header for s in rows} == {(8, 18)}


def test_a_table_of_a_header_alone_is_a_sentence():
    (found,) = passages_of(("head", "Year | USD"))
    assert found.search_text == "Guide\nYear; USD"
    assert [(s.kind, s.header) for s in found.sentences] == [("row", None)]


def test_rows_without_a_header():
    (found,) = passages_of(("loose", "2019 | 2.18"), ("loose", "2020 | 2.20"))
    assert found.search_text == "Guide\n2019; 2.18\n2020; 2.20"


def test_a_row_too_wide_is_cut_between_cells_and_keeps_their_names():
    names = [f"Column {chr(65 + n)}" for n in range(16)]
    built = document(("head", " | ".join(names)), ("row", " | ".join(f"cell {n}" for n in range(16))))
    found = split(built, count_tokens, LIMITS)
    check(built, found, LIMITS)
    said = "; ".join(texts(found)).replace("\n", "; ").split("; ")
    assert said == [f"{name}: cell {n}" for n, name in enumerate(names)]
    assert len(found) > 1


def test_a_cell_too_long_is_cut_and_each_part_keeps_its_name():
    found = passages_of(("head", "Year | Note"), ("row", f"2019 | {prose(90)}"))
    assert texts(found)[0].startswith("Year: 2019")
    assert all("Note: " in said for said in texts(found)[1:])
    assert " ".join(texts(found)).count("word") == 88


# Code


def test_code_is_searched_as_it_stands_and_long_code_is_cut_between_lines():
    short = "def f(x):\n    return x"
    (found,) = passages_of(("code", short))
    assert found.search_text == f"Guide\n{short}"
    assert [s.kind for s in found.sentences] == ["code"]
    lines = [f"    name{n} = call({n})" for n in range(60)]
    parts = passages_of(("code", "\n".join(lines)))
    assert all(re.fullmatch(r"( *name\d+ = call\(\d+\)\n?)+", said) for said in texts(parts))
