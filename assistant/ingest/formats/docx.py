"""Word documents: paragraphs, lists and tables in the order of the body, then the notes."""

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.parser import parse_xml

from assistant.ingest.formats.archive import open_archive
from assistant.ingest.formats.common import TEXT_LIMIT, Builder, as_title, one_line
from assistant.ingest.formats.dates import iso_date
from assistant.ingest.formats.docx_hidden import HiddenRuns
from assistant.ingest.formats.docx_styles import Styles, is_set, named, value_of
from assistant.ingest.formats.tables import Row, add_table, cell, has_header, split_titles
from assistant.types import Parsed

Element = Any  # an lxml element; lxml has no types of its own

_TEMPLATE_DATE = "2013-12-23"  # of the template that python-docx starts documents from: no document's date
_NOTES = ("/footnotes", "/endnotes")
# Wrappers that hold paragraphs, rows, cells or runs as if they stood in their place.
_TRANSPARENT = frozenset(map(named, ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml")))
# Deleted, replaced or measured parts of a paragraph; and text boxes, which are read after it.
_NOT_TEXT = frozenset(
    map(named, ("del", "moveFrom", "pPr", "rPr", "instrText", "delText", "delInstrText", "rt", "sdtPr", "sdtEndPr"))
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_CHARACTERS = {named("tab"): "\t", named("cr"): "\n", named("noBreakHyphen"): "-"}
_SPAN_LIMIT = 100  # columns


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    """Read a Word document (.docx).

    Left out: deleted text, text that is not seen (`docx_hidden`), comments, page headers and footers, and the
    numbers that Word adds to lists and headings. A cell merged downwards is repeated in each row, so that each row
    says all that holds for it; one merged sideways stands once.

    Raises:
        Unreadable: It is no Word document, damaged, encrypted, or beyond the limits.
    """
    open_archive(data, "Word", "word/document.xml").close()
    document = docx.Document(io.BytesIO(data))
    builder = Builder(limit)
    reader = _Reader(builder, Styles(document.styles.element))
    hidden = HiddenRuns(document.styles.element, document.element)
    hidden.remove(document.element.body)
    reader.read(document.element.body)
    for relation in document.part.rels.values():
        if relation.reltype.endswith(_NOTES) and not relation.is_external:
            notes = parse_xml(relation.target_part.blob)
            hidden.remove(notes)
            reader.read(notes)
    properties = document.core_properties
    dates = (iso_date(properties.created), iso_date(properties.modified))
    date = next((date for date in dates if date and date != _TEMPLATE_DATE), None)
    return builder.parsed(as_title(properties.title), date)


class _Reader:
    """Adds the blocks of a document's body to a builder."""

    def __init__(self, builder: Builder, styles: Styles) -> None:
        self._builder = builder
        self._styles = styles

    def read(self, parent: Element) -> None:
        """Read the paragraphs and tables of a body, a cell, a text box or a note."""
        for child in _children(parent):
            if child.tag == named("p"):
                self._paragraph(child)
            elif child.tag == named("tbl"):
                self._table(child)
            elif child.tag in (named("footnote"), named("endnote")):
                self.read(child)

    def _paragraph(self, paragraph: Element) -> None:
        kind, level = self._styles.kind_of(paragraph)
        boxes: list[Element] = []
        text = _text(paragraph, boxes)
        self._builder.add(kind, one_line(text) if kind == "heading" else text, level=level)
        for box in boxes:
            self.read(box)

    def _table(self, table: Element) -> None:
        rows, marked = _rows(table)
        if max(map(len, rows), default=0) < 2:  # a frame around text
            for row in _children(table, named("tr")):
                for each in _children(row, named("tc")):
                    self.read(each)
            return
        titles, below = split_titles(rows)
        for title in titles:
            self._builder.add("paragraph", title)
        add_table(self._builder, below, len(below) > 1 and (marked or has_header(below, merged=True)))


def _children(parent: Element, tag: str | None = None) -> Iterator[Element]:
    """The children of `parent`, those inside transparent wrappers included."""
    stack = list(reversed(parent))
    while stack:
        child = stack.pop()
        if child.tag in _TRANSPARENT:
            stack += reversed(child)
        elif tag is None or child.tag == tag:
            yield child


def _text(paragraph: Element, boxes: list[Element]) -> str:
    """The text of a paragraph; the text boxes anchored in it are put into `boxes`."""
    parts: list[str] = []
    stack = list(reversed(paragraph))
    while stack:
        node = stack.pop()
        tag = node.tag
        if tag == named("t") or tag == _MATH_TEXT:
            parts.append(node.text or "")
        elif tag in _CHARACTERS:
            parts.append(_CHARACTERS[tag])
        elif tag == named("br"):
            parts.append("\n" if value_of(node, "type") in (None, "textWrapping") else " ")
        elif tag == named("txbxContent"):
            boxes.append(node)
        elif tag not in _NOT_TEXT:
            stack += reversed(node)
    return "".join(parts)


def _rows(table: Element) -> tuple[list[Row], bool]:
    """The rows of a table, and whether the first is marked as its header."""
    rows: list[Row] = []
    marked = False
    above: dict[int, str] = {}  # by column, the cells that rows below may continue
    for row in _children(table, named("tr")):
        properties = row.find(named("trPr"))
        if properties is not None and properties.find(named("del")) is not None:
            continue
        if not rows:
            marked = properties is not None and is_set(properties.find(named("tblHeader")))
        cells: list[str] = []
        for each in _children(row, named("tc")):
            text = _cell_text(each)
            merge = each.find(f"{named('tcPr')}/{named('vMerge')}")
            if merge is not None and value_of(merge, "val") != "restart":
                text = above.get(len(cells), text)
            above[len(cells)] = text
            cells += [text] + [""] * (_columns(each) - 1)
        rows.append(cells)
    return rows, marked


def _cell_text(element: Element) -> str:
    """The paragraphs of a cell on one line, those of tables inside it too."""
    paragraphs = (_text(paragraph, []) for paragraph in element.iter(named("p")))
    return cell(one_line(" ".join(paragraphs)))


def _columns(element: Element) -> int:
    span = value_of(element.find(f"{named('tcPr')}/{named('gridSpan')}"), "val") or "1"
    return max(1, min(int(span), _SPAN_LIMIT)) if span.isascii() and span.isdigit() and len(span) < 6 else 1
