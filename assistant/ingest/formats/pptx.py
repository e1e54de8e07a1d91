"""PowerPoint presentations: each slide a page, its title a heading, its notes below it."""

import io
from collections.abc import Iterator
from typing import Any

import pptx

from assistant.ingest.formats.archive import open_archive
from assistant.ingest.formats.common import TEXT_LIMIT, Builder, as_title, one_line
from assistant.ingest.formats.dates import iso_date
from assistant.ingest.formats.pptx_graphics import chart_rows, diagram_texts
from assistant.ingest.formats.pptx_hidden import HiddenShapes, named
from assistant.ingest.formats.tables import Row, add_table, cell, has_header, split_titles
from assistant.types import BlockKind, Parsed

Element = Any  # an lxml element; lxml has no types of its own
Slide = Any  # python-pptx publishes no types
Part = Any

_TEMPLATE_DATE = "2013-01-27"  # of the template that python-pptx starts presentations from: no document's date
_TITLES = ("title", "ctrTitle")
_REPEATED = ("dt", "ftr", "sldNum", "hdr")  # placeholders of what stands on every slide
_BODIES = ("body", "obj", "half", "qtr", "tbl")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SHAPES = frozenset((named("p", "sp"), named("p", "graphicFrame")))
_TEMPLATE_TITLE = "PowerPoint Presentation"


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    """Read a presentation (.pptx); shapes come in the order in which PowerPoint reads them out, the title first.

    Left out: hidden slides, whose pages stay empty so that a page's number is the slide's; shapes and text that are
    not seen (`pptx_hidden`); comments; and the dates, footers and numbers that stand on every slide.

    Raises:
        Unreadable: It is no presentation, damaged, encrypted, or beyond the limits.
    """
    open_archive(data, "PowerPoint", "ppt/presentation.xml").close()
    show = pptx.Presentation(io.BytesIO(data))
    builder = Builder(limit)
    hidden = HiddenShapes(show.slide_width or 0, show.slide_height or 0)
    for number, slide in enumerate(show.slides, start=1):
        builder.begin_page(number)
        if slide.element.get("show") not in ("0", "false"):
            hidden.remove(slide)
            _Reader(builder, slide.part).read(slide, number)
    properties = show.core_properties
    dates = (iso_date(properties.created), iso_date(properties.modified))
    date = next((date for date in dates if date and date != _TEMPLATE_DATE), None)
    title = as_title(properties.title)
    return builder.parsed(None if title == _TEMPLATE_TITLE else title, date)


class _Reader:
    """Adds the blocks of one slide to a builder."""

    def __init__(self, builder: Builder, part: Part) -> None:
        self._builder = builder
        self._part = part

    def read(self, slide: Slide, number: int) -> None:
        """Read a slide; one without a title is headed by its number, so that nothing stands below another's title."""
        shapes = [shape for shape in _shapes(slide.shapes.element) if _placeholder(shape) not in _REPEATED]
        notes = list(_notes(slide))
        title = next((shape for shape in shapes if _placeholder(shape) in _TITLES and _heading(shape)), None)
        if not shapes and not notes:
            return
        self._builder.add("heading", f"Slide {number}" if title is None else _heading(title), level=1)
        for shape in shapes:
            if shape is not title:
                self._shape(shape)
        if notes:
            self._builder.add("heading", "Notes", level=2)
            for text in notes:
                self._builder.add("paragraph", text)

    def _shape(self, shape: Element) -> None:
        for frame in shape.iterchildren(named("p", "txBody")):
            texts = [(each, text) for each in frame.iterchildren(named("a", "p")) if (text := _text(each)).strip()]
            listed = _placeholder(shape) in _BODIES and len(texts) > 1
            for paragraph, text in texts:
                self._builder.add(_kind(paragraph, listed), text)
        for graphic in shape.iterchildren(named("a", "graphic")):
            for data in graphic.iterchildren(named("a", "graphicData")):
                self._graphic(data)

    def _graphic(self, data: Element) -> None:
        for element in data:
            if element.tag == named("a", "tbl"):
                self._table(list(_rows(element)))
            elif element.tag == _CHART and (part := self._related(element.get(f"{_RELATION}id"))):
                titles, rows = chart_rows(part.blob)
                for text in titles:
                    self._builder.add("paragraph", text)
                add_table(self._builder, rows, header=len(rows) > 1)
            elif element.tag == _DIAGRAM and (part := self._related(element.get(f"{_RELATION}dm"))):
                for text in diagram_texts(part.blob):
                    self._builder.add("item", text)

    def _table(self, rows: list[Row]) -> None:
        if max(map(len, rows), default=0) < 2:
            for row in rows:
                self._builder.add("paragraph", row[0] if row else "")
            return
        titles, below = split_titles(rows)
        for title in titles:
            self._builder.add("paragraph", title)
        add_table(self._builder, below, has_header(below, merged=True))

    def _related(self, relation: str | None) -> Part:
        found = self._part.rels.get(relation) if relation else None
        return None if found is None or found.is_external else found.target_part


def _shapes(tree: Element) -> Iterator[Element]:
    """The shapes with text, tables and charts below a slide's tree, those in groups included, in order."""
    stack = list(reversed(tree))
    while stack:
        node = stack.pop()
        if node.tag in _SHAPES:
            yield node
        elif node.tag != _FALLBACK:
            stack += reversed(node)


def _placeholder(shape: Element) -> str | None:
    """What a shape is the place for; None for a free one."""
    found = next(shape.iter(named("p", "ph")), None)
    return None if found is None else found.get("type", "obj")


def _heading(shape: Element) -> str:
    return one_line(" ".join(_text(each) for each in shape.iter(named("a", "p"))))


def _kind(paragraph: Element, listed: bool) -> BlockKind:
    """An item where it has a mark of its own, or is one of several in a body, which gives them marks."""
    properties = paragraph.find(named("a", "pPr"))
    if properties is not None:
        if properties.find(named("a", "buNone")) is not None:
            return "paragraph"
        if any(properties.find(named("a", tag)) is not None for tag in ("buChar", "buAutoNum", "buBlip")):
            return "item"
    return "item" if listed else "paragraph"


def _text(paragraph: Element) -> str:
    parts: list[str] = []
    for node in paragraph.iter(named("a", "t"), named("a", "br")):
        parts.append("\n" if node.tag == named("a", "br") else node.text or "")
    return "".join(parts)


def _rows(table: Element) -> Iterator[Row]:
    """The rows of a table; a cell merged downwards is repeated in each row, one merged sideways stands once."""
    above: dict[int, str] = {}
    for row in table.iterchildren(named("a", "tr")):
        cells: list[str] = []
        for each in row.iterchildren(named("a", "tc")):
            column = len(cells)
            if each.get("vMerge") in ("1", "true"):
                text = above.get(column, "")
            elif each.get("hMerge") in ("1", "true"):
                text = ""
            else:
                text = cell(" ".join(_text(paragraph) for paragraph in each.iter(named("a", "p"))))
            above[column] = text
            cells.append(text)
        yield cells


def _notes(slide: Slide) -> Iterator[str]:
    """The paragraphs of a slide's notes."""
    if not slide.has_notes_slide:
        return
    for shape in _shapes(slide.notes_slide.shapes.element):
        if _placeholder(shape) not in _REPEATED:
            for paragraph in shape.iter(named("a", "p")):
                if (text := _text(paragraph)).strip():
                    yield text
