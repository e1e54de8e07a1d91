"""Comma- and tab-separated values: one row a line, under the header row where there is one."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from assistant.ingest.formats.common import TEXT_LIMIT, Builder, Unreadable
from assistant.ingest.formats.encoding import decode
from assistant.ingest.formats.tables import ROW_LIMIT, Row, add_grid, cell
from assistant.types import Parsed

_DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 50
_SAMPLE_CHARACTERS = 65_536
_LINES_IN_A_CELL = 100  # more come from a quotation mark that is never closed


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    """Read a file of separated values; the separator is the one that parts the first rows most evenly.

    Raises:
        Unreadable: It is no text, or has more than 200,000 rows or `limit` characters.
    """
    text = decode(data)
    # Never lowered, since it holds for the whole process; the limit of characters is kept below, with its own reason.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    delimiter = _delimiter(text[:_SAMPLE_CHARACTERS])
    rows = _rows(text, delimiter, quoted=True)
    if any(text.count("\n") > _LINES_IN_A_CELL for row in rows for text in row):
        rows = _rows(text, delimiter, quoted=False)
    builder = Builder(limit)
    add_grid(builder, enumerate(([cell(text) for text in row] for row in rows), start=1), level=1)
    return builder.parsed()


def _rows(text: str, delimiter: str, quoted: bool) -> list[Row]:
    rows: list[Row] = list(islice(_reader(text, delimiter, quoted), ROW_LIMIT + 1))
    if len(rows) > ROW_LIMIT:
        raise Unreadable(f"it has more than {ROW_LIMIT:,} rows")
    return rows


def _delimiter(sample: str) -> str:
    """The separator under which most rows have the same number of cells, two or more; at a tie the commonest."""
    return max(_DELIMITERS, key=lambda delimiter: (_evenness(sample, delimiter), sample.count(delimiter)))


def _evenness(sample: str, delimiter: str) -> float:
    """The share of the rows that have the commonest number of cells; 0 where that is one."""
    rows = islice(_reader(sample, delimiter, quoted=True), _SAMPLE_ROWS)
    widths = Counter(len(row) for row in rows if any(row))
    wide = {width: count for width, count in widths.items() if width > 1}
    return max(wide.values()) / widths.total() if wide else 0.0


def _reader(text: str, delimiter: str, quoted: bool) -> Iterator[list[str]]:
    lines = io.StringIO(text, newline="")
    if quoted:
        return csv.reader(lines, delimiter=delimiter)
    return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
