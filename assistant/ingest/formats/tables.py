"""Tables as text: one row a line, its cells joined by " | ".

A cell never holds "|" or a line break, so `[cell.strip() for cell in line.split("|")]` gives the cells of a
row back, empty ones included.
"""

import re
from collections.abc import Iterable, Sequence

from assistant.ingest.formats.common import Builder, Span, clean

Row = Sequence[str]
Numbered = tuple[int, Row]  # a row of a sheet, and its number there, from 1

_FIGURES = re.compile(r"[\d\s.,:/+\-−–()%$€£¥'’]*\d[\d\s.,:/+\-−–()%$€£¥'’]*")
_YEAR = re.compile(r"(19|20)\d\d")
_CAPTION = re.compile(
    r"(?i:table|tab\.|tabelle|tableau|tabla|tabela|tabella|tablo|cədvəl|таблица|exhibit)"
    r"\s+(?:\d{1,3}|[A-Z]|[IVXLC]{1,7})(?:[.-]\d{1,3})*(?![^\W_])"
)
_CAPTION_LIMIT = 300  # characters; more is text that begins with the name of a table
ROW_LIMIT = 200_000  # rows of one file
_TITLE_LIMIT = 120  # characters
_NOTE = 80  # characters; a column of longer cells is text
_HEADER_CELL_LIMIT = 200  # characters; a longer cell is a statement, not a column's name


def cell(text: str) -> str:
    """`text` as it stands in a row: on one line, stripped, and without the mark that parts cells."""
    if text.isprintable() and "|" not in text:  # no line breaks, and nothing that cannot be stored: nearly all cells
        return text.strip()
    return " ".join(filter(None, map(str.strip, clean(text).splitlines()))).replace("|", "/")


def row_text(row: Row) -> str:
    """The line for a row of cleaned cells (see `cell`), empty where every cell is."""
    return " | ".join(row).strip() if any(row) else ""


def has_header(rows: Sequence[Row], merged: bool = False) -> bool:
    """Whether the first of `rows` names the columns.

    It does when every cell of it is filled (the corner, above the names of the rows, may be empty), no two
    are alike, and none is a figure: but for years that head columns of other figures. With `merged`, cells
    may be empty or alike too, as they are where names span columns.
    """
    if len(rows) < 2 or len(rows[0]) < 2 or not any(rows[0]):
        return False
    names = list(rows[0])
    if max(map(len, names)) > _HEADER_CELL_LIMIT:
        return False
    if not merged and not (all(names[1:]) and len(set(names)) == len(names)):
        return False
    below = [[row[column] for row in rows[1:4] if column < len(row)] for column in range(len(names))]
    return all(_is_name(name, cells) for name, cells in zip(names, below, strict=True))


def _is_name(name: str, below: Sequence[str]) -> bool:
    if _YEAR.fullmatch(name):
        return not below or not all(_YEAR.fullmatch(text) for text in below)  # 1980 may be an amount
    return not _FIGURES.fullmatch(name)


def is_caption(text: str) -> bool:
    """Whether a paragraph may be the caption of a table, as in "Table 3: Fees"."""
    return len(text) <= _CAPTION_LIMIT and _CAPTION.match(text) is not None


def split_titles(rows: list[Row]) -> tuple[list[str], list[Row]]:
    """Titles above a table (rows with a single filled cell, where others have more), and the table below them."""
    first = next((n for n, row in enumerate(rows) if sum(map(bool, row)) > 1), 0)
    titles = [next(filter(None, row)) for row in rows[:first] if any(row)]
    return titles, rows[first:]


def add_table(builder: Builder, rows: Iterable[Row], header: bool | Span, first: int | None = None) -> Span | None:
    """Append the rows of one table; rows of nothing but empty cells are left out.

    Args:
        builder: The document being built.
        rows: Cleaned cells (see `cell`).
        header: True where the first row is the header, the header's span where it stands elsewhere, else False.
        first: The number of the first row, where the rows are those of a sheet.

    Returns:
        The span of the header row, if there is one.
    """
    span = header if isinstance(header, tuple) else None
    apart = True
    for n, row in enumerate(rows):
        heads = header is True and span is None
        number = None if first is None else first + n
        added = builder.add("row", row_text(row), header=span, is_header=heads, apart=apart, row=number)
        if added:
            apart = False
            span = added if heads else span
    return span


def add_grid(builder: Builder, rows: Iterable[Numbered], level: int) -> None:
    """Append a sheet: tables parted by empty rows, each with titles above it where it has them.

    Empty rows may be left out of `rows`; each block keeps the number of the row that it stands in.

    A row with a single filled cell above rows that have more is a title: a heading of depth `level` if it is
    the first, else a paragraph. A table without a header of its own goes on under the last one of the same width.
    """
    last_width, last_header = 0, None
    tables = [(first, _trimmed_columns(table)) for first, table in _runs(rows)]
    for (first, table), after in zip(tables, [*(below for _, below in tables), None][1:], strict=True):
        if _is_single(table):
            text = row_text(table[0])
            heads = after is not None and not _is_single(after) and _is_title(text)
            builder.add("heading" if heads else "paragraph", text, level=level if heads else 0, row=first)
            continue
        if max(map(len, table)) == 1 and max(len(row[0]) for row in table) > _NOTE:
            for n, row in enumerate(table):
                builder.add("paragraph", row[0], row=first + n)
            continue
        titles, table = split_titles(table)
        for n, title in enumerate(titles):
            builder.add("paragraph" if n else "heading", title, level=0 if n else level, row=first + n)
        width = max(map(len, table))
        own = has_header(table)
        inherited = last_header if width == last_width and last_header and not titles else False
        last_header = add_table(builder, table, own or inherited, first + len(titles))
        last_width = width


def _runs(rows: Iterable[Numbered]) -> list[tuple[int, list[Row]]]:
    """Filled rows that follow each other, with the number of the first."""
    runs: list[tuple[int, list[Row]]] = []
    next_number = 0
    for number, row in rows:
        if not any(row):
            continue
        if number != next_number or not runs:
            runs.append((number, []))
        runs[-1][1].append(row)
        next_number = number + 1
    return runs


def _is_single(table: Sequence[Row]) -> bool:
    return len(table) == 1 and sum(map(bool, table[0])) == 1


def _is_title(text: str) -> bool:
    return len(text) <= _TITLE_LIMIT and not text.endswith((".", ":", ";"))


def _trimmed_columns(rows: list[Row]) -> list[Row]:
    """The rows without the columns that are empty in all of them, left and right of the filled ones."""
    width = max(map(len, rows))
    left = next(n for n in range(width) if _is_filled(rows, n))
    right = next(n for n in reversed(range(width)) if _is_filled(rows, n))
    return rows if left == 0 and right == width - 1 else [row[left : right + 1] for row in rows]


def _is_filled(rows: list[Row], column: int) -> bool:
    return any(column < len(row) and row[column] for row in rows)
