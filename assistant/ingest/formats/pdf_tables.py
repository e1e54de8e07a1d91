"""Tables among the lines of a PDF page, recognised by wide gaps that stand above each other."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import mean

from assistant.ingest.formats.common import Span
from assistant.ingest.formats.pdf_lines import Line, Segment
from assistant.ingest.formats.tables import Row, cell, has_header

_ROW_DISTANCE = 3.5  # of the size; rows further apart belong to two tables
_WRAP_DISTANCE = 1.5  # of the size; lines closer than this may be one cell's
_WITHIN_ROW = 0.8  # of the distance of rows; lines closer than this are one row's
_SAME_BASELINE = 0.25  # of the size
_LOOK_BACK = 6  # lines; as many as a cell may have before its neighbour is drawn
_SLACK = 2.0  # points by which cells of one column may miss each other
_COLUMN_OF_PROSE = 25  # characters a line; as many in each column, for four lines or more, are columns of a page
_LEAST_PROSE_LINES = 4

_HYPHENED = re.compile(r"[^\W\d_]-$")

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cleaned cells; whether the first is the header; where the columns stand.

    `at` has for each row where its characters are in the text of the page, cell by cell.
    """

    rows: tuple[Row, ...]
    at: tuple[tuple[Span, ...], ...]
    header: bool
    columns: tuple[Interval, ...]

    def goes_on_in(self, other: "Table") -> bool:
        """Whether the columns of a table on the next page stand where these do."""
        return len(self.columns) == len(other.columns) and all(
            left < other_right and other_left < right
            for (left, right), (other_left, other_right) in zip(self.columns, other.columns, strict=True)
        )


def one_row(line: Line) -> Table | None:
    """A line as a row that stands alone, as at the end of a page; None where it has no columns."""
    if len(line.segments) < 2:
        return None
    cells = [cell(segment.text) for segment in line.segments]
    at = tuple(span for segment in line.segments for span in segment.at)
    return Table((cells,), (at,), header=False, columns=tuple((each.left, each.right) for each in line.segments))


def find_tables(lines: Sequence[Line], is_code: Callable[[Line], bool]) -> Iterator[Line | Table]:
    """The lines of a page, with those that make up a table put together; the columns of code are left alone."""
    lines = _on_one_baseline(lines)
    n = 0
    while n < len(lines):
        run = lines[n : n + 1] if is_code(lines[n]) else _run(lines, n)
        columns = _columns(run) if len(run) > 1 else []
        if not columns:
            yield lines[n]
            n += 1
            continue
        if prose := _as_prose(run, columns):
            yield from prose
        else:
            yield _table(run, columns)
        n += len(run)


def _on_one_baseline(lines: Sequence[Line]) -> list[Line]:
    """The lines, with what stands to the right of one on the same baseline made a part of it."""
    merged: list[Line] = []
    for line in lines:
        for n in range(len(merged) - 1, max(-1, len(merged) - 1 - _LOOK_BACK), -1):
            other = merged[n]
            same = other.turn == line.turn and abs(other.baseline - line.baseline) <= _SAME_BASELINE * line.size
            if same and line.left >= other.right and not (line.outlined or other.outlined):
                merged[n] = replace(other, segments=other.segments + line.segments, bold=other.bold and line.bold)
                break
        else:
            merged.append(line)
    return merged


def _run(lines: Sequence[Line], start: int) -> Sequence[Line]:
    """The lines from `start` that may be rows of one table."""
    end = start + 1
    if len(lines[start].segments) < 2 or lines[start].of_contents or lines[start].outlined:
        return lines[start:end]
    last_row = end
    while end < len(lines):
        before, line = lines[end - 1], lines[end]
        drop = before.baseline - line.baseline
        if line.turn != before.turn or line.of_contents or not 0 < drop <= _ROW_DISTANCE * before.size:
            break
        if line.outlined:
            break
        if len(line.segments) > 1:
            last_row = end + 1
        elif drop > _WRAP_DISTANCE * line.size or not _fits_a_column(line, lines[start:end]):
            break
        end += 1
    # A last cell may go on below its row, the first column hardly: more likely that is text under the table.
    while last_row < end and lines[last_row].left > lines[start].left + lines[start].size:
        last_row += 1
    return lines[start:last_row]


def _fits_a_column(line: Line, above: Sequence[Line]) -> bool:
    """Whether a line with one segment crosses no gap of the row above it."""
    row = next(other for other in reversed(above) if len(other.segments) > 1)
    return all(
        not (line.left < left.right - _SLACK and line.right > right.left + _SLACK)
        for left, right in zip(row.segments, row.segments[1:], strict=False)
    )


def _columns(run: Sequence[Line]) -> list[Interval]:
    """Where the columns stand; none where the rows with most cells do not stand above each other."""
    count = max(len(line.segments) for line in run)
    full = [line for line in run if len(line.segments) == count]
    if count < 2 or (len(full) < 2 and len(run) > 2) or sum(len(line.segments) > 1 for line in run) < 2:
        return []
    columns: list[Interval] = []
    for segment in sorted((segment for line in full for segment in line.segments), key=lambda each: each.left):
        if columns and segment.left <= columns[-1][1] + _SLACK:
            columns[-1] = (columns[-1][0], max(columns[-1][1], segment.right))
        else:
            columns.append((segment.left, segment.right))
    return columns if len(columns) == count else []


def _as_prose(run: Sequence[Line], columns: list[Interval]) -> list[Line]:
    """The lines of columns of prose, one column after the other; none where this is a table."""
    by_column: list[list[Line]] = [[] for _ in columns]
    for line in run:
        for segment in line.segments:
            by_column[_column_of(segment, columns)].append(replace(line, segments=(segment,)))
    lengths = [mean(len(line.text) for line in column) for column in by_column]
    if len(run) < _LEAST_PROSE_LINES or min(lengths) < _COLUMN_OF_PROSE:
        return []
    return [line for column in by_column for line in column]


def _table(run: Sequence[Line], columns: list[Interval]) -> Table:
    rows: list[list[str]] = []
    at: list[list[tuple[Span, ...]]] = []
    pitch = _row_distance(run, columns)
    for n, line in enumerate(run):
        cells = [""] * len(columns)
        places: list[tuple[Span, ...]] = [()] * len(columns)
        for segment in line.segments:
            column = _column_of(segment, columns)
            hyphen = "-" if line.hyphened and segment is line.segments[-1] else ""
            cells[column] = f"{cells[column]} {segment.text}{hyphen}".strip()
            places[column] += segment.at
        close = n > 0 and run[n - 1].baseline - line.baseline < _WITHIN_ROW * pitch
        if close and (not all(cells) or any(text[0].islower() for text in cells)):
            rows[-1] = [_joined(above, below) for above, below in zip(rows[-1], cells, strict=True)]
            at[-1] = [above + below for above, below in zip(at[-1], places, strict=True)]
        else:
            rows.append(cells)
            at.append(places)
    cleaned = tuple([cell(text) for text in row] for row in rows)
    bold_head = run[0].bold and not any(line.bold for line in run[1:])
    spans = tuple(tuple(span for place in row for span in place) for row in at)
    return Table(cleaned, spans, len(cleaned) > 1 and (bold_head or has_header(cleaned)), tuple(columns))


def _row_distance(run: Sequence[Line], columns: list[Interval]) -> float:
    """How far rows are apart: further than the lines of a cell, so the upper quartile of the distances."""
    distances = sorted(
        before.baseline - line.baseline
        for before, line in pairwise(run)
        if len(line.segments) > 1 and _column_of(line.segments[0], columns) == 0
    )
    return distances[len(distances) * 3 // 4] if distances else 0.0


def _joined(above: str, below: str) -> str:
    """The two lines of a cell as one."""
    if _HYPHENED.search(above) and below[:1].islower():
        return above[:-1] + below
    return f"{above} {below}".strip()


def _column_of(segment: Segment, columns: list[Interval]) -> int:
    """The column that a segment shares most of its width with, or stands nearest to."""
    return max(
        range(len(columns)), key=lambda n: min(segment.right, columns[n][1]) - max(segment.left, columns[n][0])
    )
