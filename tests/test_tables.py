"""Rows of any table, and the files that hold nothing else: CSV and Excel."""

import datetime
import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wellformed import assert_wellformed, rows_under, shown

from assistant.ingest.formats import csv, xlsx
from assistant.ingest.formats.common import Unreadable
from assistant.ingest.formats.tables import cell, has_header, row_text, split_titles
from assistant.types import Parsed

CELLS = st.text(st.characters(codec="utf-8"), max_size=8)


@given(cells=st.lists(CELLS, min_size=1, max_size=6))
def test_cells_are_found_again_in_their_row(cells):
    cleaned = [cell(text) for text in cells]
    line = row_text(cleaned)
    assert len(line.splitlines()) <= 1
    if any(cleaned):
        assert [text.strip() for text in line.split("|")] == cleaned
    else:
        assert line == ""


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Year", "Sum"], ["2019", "3"]], True),
        ([["Region", "2019", "2020"], ["North", "3", "4"]], True),
        ([["", "2019", "2020"], ["North", "3", "4"]], True),
        ([["North", "3"], ["South", "4"]], False),
        ([["2019", "2020"], ["2018", "2021"]], False),
        ([["Year", "Year"], ["2019", "3"]], False),
        ([["Year", "", "Sum"], ["2019", "x", "3"]], False),
        ([["Year", "12.5 %"], ["2019", "3"]], False),
        ([["x" * 201, "Sum"], ["2019", "3"]], False),
        ([["Year", "Sum"]], False),
        ([["Only"], ["one"]], False),
    ],
)
def test_has_header(rows, expected):
    assert has_header(rows) is expected


def test_merged_names_leave_gaps_in_a_header():
    rows = [["Region", "Sum", ""], ["North", "3", "4"]]
    assert has_header(rows, merged=True) and not has_header(rows)


def test_split_titles():
    assert split_titles([["Trade", ""], ["", ""], ["a", "b"]]) == (["Trade"], [["a", "b"]])
    assert split_titles([["a"], ["b"]]) == ([], [["a"], ["b"]])


def read_csv(source: str) -> Parsed:
    parsed = csv.parse(source.encode())
    assert_wellformed(parsed)
    return parsed


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_separator_is_told(delimiter):
    lines = (["Year", "Sum; of, it" if delimiter == "|" else "Sum"], ["2019", "3"], ["2020", ""])
    parsed = read_csv("\n".join(delimiter.join(line) for line in lines))
    head = f"Year | {lines[0][1]}"
    assert rows_under(parsed) == [(head, head), (head, "2019 | 3"), (head, "2020 |")]


def test_quoted_cells():
    parsed = read_csv('Year,Note\n2019,"a, ""b""\nand | c"\n')
    assert rows_under(parsed)[1] == ("Year | Note", '2019 | a, "b" and / c')


def test_a_quotation_mark_that_is_never_closed_costs_no_rows():
    parsed = read_csv("Year,Note\n" + '2019,"5 inch\n' + "2020,x\n" * 300)
    assert len(rows_under(parsed)) == 302


def test_a_title_above_the_header_is_a_heading():
    parsed = read_csv("Trade by year,,\nYear,Sum,Note\n2019,3,\n\nSource: statistics,,\n")
    assert shown(parsed) == [
        ("heading 1", "Trade by year"),
        ("row", "Year | Sum | Note"),
        ("row", "2019 | 3 |"),
        ("paragraph", "Source: statistics"),
    ]


def test_a_second_table_has_its_own_header_or_the_one_above():
    parsed = read_csv("Year,Sum\n2019,3\n\n2020,4\n\nName,City\nA,B\n")
    assert [head for head, _ in rows_under(parsed)] == ["Year | Sum"] * 3 + ["Name | City"] * 2


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(csv, "ROW_LIMIT", 10)
    with pytest.raises(Unreadable, match="more than 10 rows"):
        csv.parse(b"a,b\n" * 11)


def workbook(*sheets: tuple[str, list[list[object]]], **properties: object) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for name, value in properties.items():
        setattr(book.properties, name, value)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read_xlsx(data: bytes) -> Parsed:
    parsed = xlsx.parse(data)
    assert_wellformed(parsed)
    return parsed


def test_sheets_are_pages_headed_by_their_names():
    trade = [["Trade by year"], [], ["Year", "Sum"], [2019, 3]]
    parsed = read_xlsx(workbook(("Trade", trade), ("Empty", []), ("Notes", [["Just a note."]])))
    assert shown(parsed) == [
        ("heading 1", "Trade"),
        ("heading 2", "Trade by year"),
        ("row", "Year | Sum"),
        ("row", "2019 | 3"),
        ("heading 1", "Notes"),
        ("paragraph", "Just a note."),
    ]
    texts = [parsed.text[page.start : page.end] for page in parsed.pages]
    assert texts == ["Trade\n\nTrade by year\n\nYear | Sum\n2019 | 3", "", "Notes\n\nJust a note."]


def test_values_are_written_as_a_reader_sees_them():
    book = openpyxl.Workbook()
    values = [
        (2.1800000001, "General", "2.18"),
        (3.0, "0.00", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567.891, "#,##0.00", "1234567.891"),
        (12345678901.5, "General", "12345678901.5"),
        (0.125, "0.0%", "12.5%"),
        (0.5, "0%", "50%"),
        (0.5, '0" %"', "0.5"),
        (True, "General", "TRUE"),
        (datetime.date(2024, 7, 3), "yyyy-mm-dd", "2024-07-03"),
        (datetime.datetime(2024, 7, 3, 10, 5), "yyyy-mm-dd hh:mm", "2024-07-03 10:05"),
        (datetime.time(10, 5), "hh:mm", "10:05"),
        ("two\nlines | and bar", "General", "two lines / and bar"),
    ]
    for number, (value, number_format, _) in enumerate(values, start=1):
        book.active.append([f"n{number}", value])
        book.active.cell(number, 2).number_format = number_format
    lines = [line for _, line in rows_under(read_xlsx(saved(book)))]
    assert lines == [f"n{number} | {shown}" for number, (_, _, shown) in enumerate(values, start=1)]


def test_hidden_sheets_are_left_out():
    book = openpyxl.Workbook()
    book.active["A1"] = "seen"
    hidden = book.create_sheet("Hidden")
    hidden["A1"] = "secret"
    hidden.sheet_state = "hidden"
    assert "secret" not in read_xlsx(saved(book)).text


def test_properties_of_a_workbook():
    created = datetime.datetime(2024, 7, 3, 12)
    parsed = read_xlsx(workbook(("A", [["x"]]), title="The title", created=created))
    assert (parsed.title, parsed.date) == ("The title", "2024-07-03")


def test_the_rows_of_all_sheets_count(monkeypatch):
    monkeypatch.setattr(xlsx, "ROW_LIMIT", 10)
    rows = [["a", "b"]] * 6
    read_xlsx(workbook(("A", rows)))
    with pytest.raises(Unreadable, match="more than 10 rows"):
        xlsx.parse(workbook(("A", rows), ("B", rows)))


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.lists(st.none() | st.integers() | st.floats() | CELLS, max_size=4), max_size=6))
def test_any_workbook_is_well_formed(rows):
    clean = [[None if isinstance(v, str) and not v.isprintable() else v for v in row] for row in rows]
    read_xlsx(workbook(("Sheet", clean)))
