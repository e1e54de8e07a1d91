"""Tables of an HTML page: data as rows of cells, layout told apart from data."""

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from assistant.ingest.formats.common import one_line
from assistant.ingest.formats.html_tree import BLOCK_TAGS, is_shown, visit
from assistant.ingest.formats.tables import Row, cell, has_header, split_titles

_SPAN_LIMIT = 100  # columns or rows that one cell may take up; a page may claim millions
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class Table:
    """A table of data: titles above it, rows of cleaned cells, and whether the first row is the header."""

    titles: list[str]
    rows: list[Row]
    header: bool


def read_table(node: LexborNode) -> Table | None:
    """The table at `node`; None where it only lays the page out: it holds headings, tables, or one column."""
    if node.attributes.get("role") in ("presentation", "none"):
        return None
    reader = _Reader()
    visit(node, reader.enter, reader.leave)
    filled = [n for n, row in enumerate(reader.rows) if any(row)]
    if reader.is_layout or max((len(reader.rows[n]) for n in filled), default=0) < 2:
        return None
    titles, rows = split_titles([reader.rows[n] for n in filled])
    heads = [reader.heads[n] for n in filled[len(filled) - len(rows) :]]
    return Table(reader.captions + titles, rows, header=len(rows) > 1 and _first_is_header(rows, heads))


def _first_is_header(rows: list[Row], heads: list[int]) -> bool:
    corner = rows[0][0] == ""
    if len(rows[0]) - corner <= heads[0]:
        return True
    names_rows = any(0 < count < len(row) for count, row in zip(heads, rows, strict=True))
    return not names_rows and has_header(rows)


class _Reader:
    """Collects the cells of one table while its tree is visited."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._row: list[str] = []  # the last of them
        self.heads: list[int] = []  # how many cells of each row are marked as heads of columns or rows
        self.captions: list[str] = []
        self.is_layout = False
        self._text: list[str] = []
        self._carried: dict[int, tuple[int, str]] = {}  # column: rows still to fill, and with what

    def enter(self, node: LexborNode) -> bool:
        if node.is_text_node:
            self._text.append(node.text_content or "")
            return False
        if self.is_layout or not node.is_element_node or not is_shown(node):
            return False
        tag = node.tag
        if tag == "table" or tag in _HEADINGS:
            self.is_layout = True
            return False
        if tag == "tr":
            self._row = []
            self.rows.append(self._row)
            self.heads.append(0)
            self._fill_carried()
        elif tag in ("td", "th", "caption"):
            self._text = []
        elif tag in BLOCK_TAGS or tag == "br":
            self._text.append(" ")
        return True

    def leave(self, node: LexborNode) -> None:
        if node.tag == "caption":
            self.captions += filter(None, [one_line("".join(self._text))])
        elif node.tag in ("td", "th") and self.rows:
            self._add_cell(node)
        elif node.tag in BLOCK_TAGS:
            self._text.append(" ")

    def _add_cell(self, node: LexborNode) -> None:
        row = self._row
        text = cell(one_line("".join(self._text)))
        width, height = _span(node, "colspan"), _span(node, "rowspan")
        first = len(row)
        for column in range(first, first + width):
            shown = text if column == first else ""
            row.append(shown)
            if height > 1:
                self._carried[column] = (height - 1, shown)
        self.heads[-1] += width if node.tag == "th" else 0
        self._fill_carried()

    def _fill_carried(self) -> None:
        """Repeat the cells that reach down from rows above, so that each row says all that holds for it."""
        row = self._row
        while len(row) in self._carried:
            column = len(row)
            left, text = self._carried.pop(column)
            row.append(text)
            if left > 1:
                self._carried[column] = (left - 1, text)


def _span(node: LexborNode, attribute: str) -> int:
    value = node.attributes.get(attribute) or "1"
    return max(1, min(int(value), _SPAN_LIMIT)) if value.isascii() and value.isdigit() and len(value) < 10 else 1
