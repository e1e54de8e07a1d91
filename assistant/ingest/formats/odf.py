"""OpenDocument: texts (.odt), presentations (.odp) and spreadsheets (.ods)."""

from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from assistant.ingest.formats.archive import open_archive
from assistant.ingest.formats.common import DEEPEST, TEXT_LIMIT, Builder, Unreadable, as_title, one_line
from assistant.ingest.formats.dates import iso_date
from assistant.ingest.formats.odf_styles import Styles, named
from assistant.ingest.formats.odf_text import Text, paragraphs_of, repeated
from assistant.ingest.formats.tables import ROW_LIMIT, Numbered, add_grid, add_table, has_header, split_titles
from assistant.ingest.formats.xml_tree import read_tree
from assistant.types import Parsed

Element = Any  # an lxml element; lxml has no types of its own

_COLUMN_LIMIT = 1_000
_SKIPPED = frozenset(
    (
        named("text", "tracked-changes"), named("text", "table-of-content"), named("office", "annotation"),
        named("office", "forms"), named("text", "sequence-decls"), named("text", "alphabetical-index"),
    )
)  # fmt: skip
_TITLES = frozenset(("Title", "title"))
_REPEATED = ("date-time", "footer", "header", "page-number", "page")  # what stands on every slide


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    """Read an OpenDocument file; each slide or sheet is a page, and notes stand below the slide or paragraph.

    Left out: deleted text, text that is hidden, tiny or white on white, comments, tables of contents, page headers
    and footers, hidden sections and sheets, and hidden slides, whose pages stay empty.

    Raises:
        Unreadable: It is no such file, damaged, encrypted, or beyond the limits.
    """
    with open_archive(data, "OpenDocument", "content.xml") as archive:
        if b"encryption-data" in _member(archive, "META-INF/manifest.xml"):
            raise Unreadable("it is password-protected")
        content = read_tree(archive.read("content.xml"))
        styles = _member(archive, "styles.xml")
        meta = _member(archive, "meta.xml")
    builder = Builder(limit)
    reader = _Reader(builder, Styles(content, *([read_tree(styles)] if styles else [])))
    for body in content.iterchildren(named("office", "body")):
        for part in body:
            reader.read_body(part)
    said = read_tree(meta) if meta else content
    date = _said(said, "meta", "creation-date") or _said(said, "dc", "date")
    return builder.parsed(as_title(_said(said, "dc", "title")), iso_date(date))


def _member(archive: ZipFile, name: str) -> bytes:
    return archive.read(name) if name in archive.namelist() else b""


def _said(root: Element, prefix: str, name: str) -> str | None:
    return next((each.text for each in root.iter(named(prefix, name))), None)


class _Reader:
    """Adds the blocks of a file's body to a builder."""

    def __init__(self, builder: Builder, styles: Styles) -> None:
        self._builder = builder
        self._styles = styles
        self._text = Text(styles)
        self._left = ROW_LIMIT

    def read_body(self, body: Element) -> None:
        """Read the body of a text, a presentation or a spreadsheet."""
        if body.tag == named("office", "presentation"):
            for number, page in enumerate(body.iterchildren(named("draw", "page")), start=1):
                self._builder.begin_page(number)
                if not self._styles.is_page_hidden(page.get(named("draw", "style-name"))):
                    self._slide(page, number)
        elif body.tag == named("office", "spreadsheet"):
            sheets = [each for each in body.iterchildren(named("table", "table")) if not self._is_hidden(each)]
            for number, sheet in enumerate(sheets, start=1):
                self._builder.begin_page(number)
                self._sheet(sheet)
        else:
            self._blocks(body)

    def _is_hidden(self, sheet: Element) -> bool:
        return self._styles.is_table_hidden(sheet.get(named("table", "style-name")))

    def _blocks(self, parent: Element) -> None:
        """Read what stands in a body, a section, a frame, a cell or a note."""
        for child in parent:
            tag = child.tag
            if tag == named("text", "h"):
                self._paragraph(child, level=repeated(child, "text", "outline-level"))
            elif tag == named("text", "p"):
                self._paragraph(child)
            elif tag == named("text", "list"):
                self._list(child)
            elif tag == named("table", "table"):
                self._table(child)
            elif isinstance(tag, str) and tag not in _SKIPPED and child.get(named("text", "display")) != "none":
                self._blocks(child)

    def _paragraph(self, paragraph: Element, level: int = 0, item: bool = False) -> None:
        apart: list[Element] = []
        text = self._text.of(paragraph, apart)
        if not level and _TITLES.intersection(self._styles.names("paragraph", _style(paragraph))):
            level = 1
        if level:
            self._builder.add("heading", one_line(text), level=min(level, DEEPEST))
        else:
            self._builder.add("item" if item else "paragraph", text)
        for each in apart:
            self._blocks(each)

    def _list(self, parent: Element) -> None:
        for entry in parent.iterchildren(named("text", "list-item"), named("text", "list-header")):
            first = True
            for child in entry:
                if child.tag == named("text", "list"):
                    self._list(child)
                elif child.tag == named("text", "h"):
                    self._paragraph(child, level=repeated(child, "text", "outline-level"))
                elif child.tag == named("text", "p"):
                    self._paragraph(child, item=first and entry.tag == named("text", "list-item"))
                    first = False

    def _table(self, table: Element) -> None:
        rows = [row for _, row in self._counted(self._text.rows(table, _COLUMN_LIMIT))]
        if max(map(len, rows), default=0) < 2:  # a frame around text
            for each in table.iter(named("table", "table-cell")):
                self._blocks(each)
            return
        titles, below = split_titles(rows)
        for title in titles:
            self._builder.add("paragraph", title)
        marked = table.find(named("table", "table-header-rows")) is not None
        add_table(self._builder, below, len(below) > 1 and (marked or has_header(below, merged=True)))

    def _sheet(self, sheet: Element) -> None:
        rows = list(self._counted(self._text.rows(sheet, _COLUMN_LIMIT)))
        if rows:
            self._builder.add("heading", one_line(sheet.get(named("table", "name"), "")), level=1)
            add_grid(self._builder, rows, level=2)

    def _counted(self, rows: Iterator[Numbered]) -> Iterator[Numbered]:
        """The rows, as long as there are not too many in all."""
        for number, row in rows:
            if len(row) > _COLUMN_LIMIT:
                raise Unreadable(f"it has more than {_COLUMN_LIMIT:,} columns")
            self._left -= 1
            if self._left < 0:
                raise Unreadable(f"it has more than {ROW_LIMIT:,} rows")
            yield number, row

    def _slide(self, page: Element, number: int) -> None:
        shapes = [each for each in page if _placed(each) not in _REPEATED]
        title = next((each for each in shapes if _placed(each) == "title" and self._line(each)), None)
        notes = page.find(named("presentation", "notes"))
        spoken = [] if notes is None else [each for each in notes if self._line(each) and _placed(each) == "notes"]
        shown = [each for each in shapes if each.tag != named("presentation", "notes") and each is not title]
        if title is None and not spoken and not any(self._line(each) for each in shown):
            return
        self._builder.add("heading", f"Slide {number}" if title is None else self._line(title), level=1)
        for each in shown:
            self._blocks(each)
        if spoken:
            self._builder.add("heading", "Notes", level=2)
            for each in spoken:
                self._blocks(each)

    def _line(self, shape: Element) -> str:
        return one_line(" ".join(self._text.of(each) for each in paragraphs_of(shape)))


def _placed(shape: Element) -> str | None:
    """What a shape of a slide is the place for; None for a free one."""
    place: str | None = shape.get(named("presentation", "class"))
    return place


def _style(paragraph: Element) -> str | None:
    name: str | None = paragraph.get(named("text", "style-name"))
    return name
