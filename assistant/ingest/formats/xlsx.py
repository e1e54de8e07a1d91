"""Excel workbooks: each visible sheet a page, headed by its name, its values much as a reader sees them."""

import datetime
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl

from assistant.ingest.formats.archive import open_archive
from assistant.ingest.formats.common import TEXT_LIMIT, Builder, Unreadable, as_title, too_long
from assistant.ingest.formats.dates import iso_date
from assistant.ingest.formats.tables import ROW_LIMIT, Numbered, add_grid, cell
from assistant.types import Parsed

Sheet = Any  # read-only sheets and cells, as they are here, have no published types
Cell = Any

_COLUMN_LIMIT = 1_000
_SIGNIFICANT_DIGITS = 10  # what a cell of Excel has room for; more are noise of binary fractions
_PERCENT = re.compile(r"(?:0|#)(?:\.(0+))?[^;]*?%")
_LITERALS = re.compile(r'"[^"]*"|\\.')  # of a number format


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    """Read a workbook (.xlsx); formulas give the values that were last computed.

    Hidden sheets are left out: what readers do not see is not cited.

    Raises:
        Unreadable: It is no workbook, damaged, encrypted, or beyond the limits (200,000 rows in all, 1,000
            columns, `limit` characters).
    """
    open_archive(data, "Excel", "xl/workbook.xml").close()
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        builder = Builder(limit)
        left = ROW_LIMIT
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for number, sheet in enumerate(visible, start=1):
            builder.begin_page(number)
            rows = list(_rows(sheet, left, builder.room))
            left -= len(rows)
            if rows:
                builder.add("heading", sheet.title, level=1)
                add_grid(builder, rows, level=2)
        properties = book.properties
        return builder.parsed(as_title(properties.title), iso_date(properties.created))
    finally:
        book.close()


def _rows(sheet: Sheet, limit: int, room: int) -> Iterator[Numbered]:
    """The filled rows of a sheet as text; `limit` is how many there may be, `room` how many characters."""
    sheet.reset_dimensions()  # a file may claim any size; the cells tell the true one
    filled = length = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        row = ["" if each.value is None else _shown(each) for each in cells]
        while row and not row[-1]:
            row.pop()
        if len(row) > _COLUMN_LIMIT:
            raise Unreadable(f"it has more than {_COLUMN_LIMIT:,} columns")
        if not row:
            continue
        filled += 1
        if filled > limit:
            raise Unreadable(f"it has more than {ROW_LIMIT:,} rows")
        length += sum(map(len, row))
        if length > room:  # a small file may say one long text in each of many cells
            raise Unreadable(too_long(room))
        yield number, row


def _shown(each: Cell) -> str:
    """A cell's value: plain figures, percentages where formatted so, dates in ISO form."""
    value = each.value
    match value:
        case bool():
            return str(value).upper()
        case int() | float():
            return _percent(value, each.number_format) or _plain(value)
        case datetime.datetime():
            at_midnight = value.time() == datetime.time()
            return value.date().isoformat() if at_midnight else value.isoformat(" ", "minutes")
        case datetime.time():
            return value.isoformat("minutes")
        case _:
            return cell(str(value))


def _plain(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    digits = max(_SIGNIFICANT_DIGITS, len(str(int(value))) + 4) if abs(value) < 1e15 else 15
    text = f"{value:.{min(digits, 15)}g}"
    if "e" not in text or not 1e-9 < abs(value) < 1e21:
        return text
    return format(Decimal(text), "f")


def _percent(value: float, number_format: str) -> str | None:
    if "%" not in number_format:
        return None
    match = _PERCENT.search(_LITERALS.sub("", number_format))
    return f"{value:.{len(match[1] or '')}%}" if match else None
