"""Paragraphs, cells and rows of an OpenDocument file as text."""

from collections.abc import Iterator
from typing import Any

from assistant.ingest.formats.odf_styles import Styles, named
from assistant.ingest.formats.tables import Numbered, cell

Element = Any  # an lxml element; lxml has no types of its own

_CHARACTERS = {named("text", "tab"): "\t", named("text", "line-break"): "\n", named("text", "s"): " "}
_NOTE = named("text", "note")
_PARAGRAPHS = (named("text", "p"), named("text", "h"))
_NOT_TEXT = frozenset(
    (
        named("office", "annotation"), named("office", "annotation-end"), named("text", "ruby-text"),
        named("text", "hidden-text"), named("text", "hidden-paragraph"), named("text", "script"),
        named("text", "note-citation"), named("text", "tracked-changes"), named("office", "event-listeners"),
    )
)  # fmt: skip
_REPEAT_LIMIT = 1_000  # spaces, columns or rows that one element may stand for
_PARTS = (named("table", "table-header-rows"), named("table", "table-rows"), named("table", "table-row-group"))
_ROW = named("table", "table-row")
_CELLS = (named("table", "table-cell"), named("table", "covered-table-cell"))


class Text:
    """Reads the text of paragraphs, without what is hidden by a style."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles

    def of(self, paragraph: Element, apart: list[Element] | None = None) -> str:
        """The text of a paragraph; notes, and frames with text of their own, are put into `apart`."""
        style = paragraph.get(named("text", "style-name"))
        plain = apart is not None and not self._styles.has_background("paragraph", style)
        if self._styles.is_hidden("paragraph", style) or (plain and self._styles.is_white("paragraph", style)):
            return ""
        if not len(paragraph):
            return paragraph.text or ""
        parts = [paragraph.text or ""]
        stack = list(reversed(paragraph))
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                parts.append(node)
                continue
            stack.append(node.tail or "")
            if node.tag == _NOTE or _is_drawn(node):
                self._put_apart(node, parts, apart)
            elif node.tag in _CHARACTERS:
                parts.append(_CHARACTERS[node.tag] * repeated(node, "text", "c"))
            elif not self._hides(node, plain):
                stack += reversed(node)
                parts.append(node.text or "")
        return "".join(parts)

    def _put_apart(self, node: Element, parts: list[str], apart: list[Element] | None) -> None:
        if apart is not None:
            apart.append(node)
        elif node.tag != _NOTE:
            parts.append(" ".join(self.of(each) for each in paragraphs_of(node)))

    def _hides(self, node: Element, plain: bool) -> bool:
        if node.tag != named("text", "span"):
            return not isinstance(node.tag, str) or node.tag in _NOT_TEXT
        style = node.get(named("text", "style-name"))
        if self._styles.is_hidden("text", style):
            return True
        return plain and self._styles.is_white("text", style) and not self._styles.has_background("text", style)

    def cell(self, element: Element) -> str:
        """The text of a cell on one line, with that of tables inside it."""
        return cell(" ".join(self.of(each) for each in paragraphs_of(element)))

    def rows(self, table: Element, columns: int) -> Iterator[Numbered]:
        """The filled rows of a table, each cut off behind its last filled cell or at `columns` and one more.

        A cell merged downwards is repeated in each row that it reaches, so that each says all that holds for it.
        """
        above: dict[int, tuple[int, str]] = {}  # column: how many more rows a cell reaches down to, and its text
        number = 1
        for row in _rows_of(table):
            cells: list[str] = []
            for each in row.iterchildren(*_CELLS):
                text, down = self.cell(each) if len(each) else "", repeated(each, "table", "number-rows-spanned")
                for _ in range(min(repeated(each, "table", "number-columns-repeated"), columns + 1 - len(cells))):
                    left, carried = above.pop(len(cells), (0, ""))
                    shown = carried if left and each.tag == _CELLS[1] else text
                    if left > 1 or down > 1:
                        above[len(cells)] = (left - 1, carried) if left > 1 else (down - 1, text)
                    cells.append(shown)
            while cells and not cells[-1]:
                cells.pop()
            for n in range(repeated(row, "table", "number-rows-repeated") if any(cells) else 0):
                yield number + n, cells
            number += _claimed(row, "table", "number-rows-repeated")


def repeated(element: Element, prefix: str, attribute: str) -> int:
    """How many of its kind an element stands for, or a cell reaches over: bounded, for files may claim millions."""
    return min(_claimed(element, prefix, attribute), _REPEAT_LIMIT)


def _claimed(element: Element, prefix: str, attribute: str) -> int:
    value = element.get(named(prefix, attribute))
    if value is None:
        return 1
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 10 else 1


def paragraphs_of(element: Element) -> Iterator[Element]:
    """The paragraphs inside an element, but for those of comments and the like."""
    stack = list(reversed(element))
    while stack:
        node = stack.pop()
        if node.tag in _PARAGRAPHS:
            yield node
        elif node.tag not in _NOT_TEXT:
            stack += reversed(node)


def _is_drawn(node: Element) -> bool:
    link = named("draw", "a")
    return isinstance(node.tag, str) and node.tag.startswith(link[:-1]) and node.tag != link


def _rows_of(table: Element) -> Iterator[Element]:
    stack = list(reversed(table))
    while stack:
        node = stack.pop()
        if node.tag == _ROW:
            yield node
        elif node.tag in _PARTS:
            stack += reversed(node)
