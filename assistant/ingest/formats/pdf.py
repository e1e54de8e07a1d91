"""PDF: the text of each page, put together to headings, paragraphs, list items and tables by its geometry."""

import re
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.ingest.formats.common import TEXT_LIMIT, Builder, Unreadable, as_title
from assistant.ingest.formats.dates import iso_date
from assistant.ingest.formats.pdf_layout import ITEM_MARK, Fonts, Group, PlacedTable, groups, halves
from assistant.ingest.formats.pdf_lines import Line, read_lines
from assistant.ingest.formats.tables import add_table
from assistant.types import Parsed

PAGE_LIMIT = 5_000

_TAIL = 4_096  # bytes at the end of a file, in which its last structure must begin
_MARGIN = 0.12  # of the page's height, at head and foot
_EDGE_LINES = 3  # at head and foot of a page that may be running heads
_SAME_PLACE = 4.0  # points
_MOST_PAGES = 0.4  # of all; left and right pages often have different heads
_LEAST_PAGES = 2
_PAGE_NUMBER = re.compile(
    r"(?:\w{1,10}\.?\s)?[-–—\s]*(\d{1,4}|[ivxl]{1,7})[-–—\s]*(?:(?:of|/|von|de|sur|из)\s*\d{1,4})?"
)
_HEADING_LIMIT = 250  # characters
_BOLD_HEADING_LIMIT = 120
_BOLD_HEADING_LINES = 2
_DEEPEST = 6
_NO_TITLE = re.compile(
    r"(?:untitled|\(?anonymous\)?|microsoft word.*|.*\.(?:docx?|pdf|tex|indd|qxd|dvi|rtf|odt))", re.IGNORECASE
)


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    """Read a PDF. Running heads, running feet and page numbers are left out.

    Raises:
        Unreadable: It is no PDF, cut off, damaged, encrypted, without text, or beyond the limits (5,000 pages,
            `limit` characters).
    """
    document = _open(data)
    try:
        if len(document) > PAGE_LIMIT:
            raise Unreadable(f"it has {len(document):,} pages, over the limit of {PAGE_LIMIT:,}")
        pages = [_lines(document, number) for number in range(len(document))]
        properties = document.get_metadata_dict()
    finally:
        document.close()
    if not any(pages):
        raise Unreadable("no text on its pages: it needs OCR")
    builder = Builder(limit)
    _build(builder, _without_running_heads(pages))
    title = as_title(properties.get("Title"))
    dates = (iso_date(properties.get(name)) for name in ("CreationDate", "ModDate"))
    return builder.parsed(None if title and _NO_TITLE.fullmatch(title) else title, next(filter(None, dates), None))


def _open(data: bytes) -> pdfium.PdfDocument:
    if b"%PDF-" not in data[:1024]:
        raise Unreadable("it is not a PDF, whatever its name says")
    # PDFium repairs what it can, but the pages of a file that is cut off would be missed in silence.
    if b"startxref" not in data[-_TAIL:] and b"%%EOF" not in data[-_TAIL:]:
        raise Unreadable("it is cut off: the end of the file is missing")
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise Unreadable("it is encrypted: save a copy without a password") from error
        raise Unreadable("it is damaged: its pages cannot be found") from error


def _lines(document: pdfium.PdfDocument, number: int) -> list[Line]:
    try:
        page = document[number]
    except pdfium.PdfiumError as error:
        raise Unreadable(f"it is damaged: page {number + 1} cannot be loaded") from error
    try:
        return read_lines(page)
    finally:
        page.close()


def _without_running_heads(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without lines that stand at the same place of most, alike but for their figures."""
    places: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for number, lines in enumerate(pages):
        upright = sorted((line for line in lines if line.turn == 0), key=lambda line: line.baseline)
        for line in {*upright[:_EDGE_LINES], *upright[-_EDGE_LINES:]}:
            if not _MARGIN < line.height < 1 - _MARGIN:
                places[_without_figures(line.text)].append((number, line))
    dropped: set[tuple[int, Line]] = set()
    least = max(_LEAST_PAGES, _MOST_PAGES * sum(map(bool, pages)))
    for found in places.values():
        usual = median(line.baseline for _, line in found)
        alike = [(number, line) for number, line in found if abs(line.baseline - usual) <= _SAME_PLACE]
        if len({number for number, _ in alike}) >= least:
            dropped.update(alike)
        dropped.update((number, line) for number, line in found if _is_page_number(line.text, number + 1))
    return [[line for line in lines if (number, line) not in dropped] for number, lines in enumerate(pages)]


def _without_figures(text: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"^[ivxl]+$|\d+", "#", text.lower()))


def _is_page_number(text: str, number: int) -> bool:
    match = _PAGE_NUMBER.fullmatch(text)
    return match is not None and match[1] == str(number)


def _build(builder: Builder, pages: Sequence[Sequence[Line]]) -> None:
    fonts = Fonts.of(pages)
    found = groups(pages, fonts)
    larger = {halves(group.lines[0].size) for group in found if isinstance(group, Group) and _is_title(group, fonts)}
    levels = {size: min(n, _DEEPEST) for n, size in enumerate(sorted(larger, reverse=True), start=1)}
    begun = 0
    for group in found:
        for page in range(begun, group.page + 1):
            builder.begin_page(page + 1)
        begun = max(begun, group.page + 1)
        if isinstance(group, PlacedTable):
            add_table(builder, group.table.rows, group.table.header)
            continue
        start, line_starts = _add(builder, group, fonts, levels)
        for page, line in group.breaks:
            for empty in range(begun, page + 1):
                builder.begin_page(empty + 1, start + line_starts[line])
            begun = page + 1
    for page in range(begun, len(pages)):
        builder.begin_page(page + 1)


def _add(builder: Builder, group: Group, fonts: Fonts, levels: dict[float, int]) -> tuple[int, list[int]]:
    """Append a group; gives where its text begins, and where each line begins in that."""
    text, line_starts = group.joined()
    mark = ITEM_MARK.match(text) if group.item else None
    if _is_title(group, fonts):
        span = builder.add("heading", text, level=levels[halves(group.lines[0].size)])
    elif _is_bold_title(group, text, fonts):
        span = builder.add("heading", text, level=min(len(levels) + 1, _DEEPEST))
    elif mark:
        span = builder.add("item", text[mark.end() :], mark=mark[0].strip())
        return (span[0] - mark.end() if span else builder.length), line_starts
    else:
        span = builder.add("item" if group.item else "paragraph", text)
    return (span[0] if span else builder.length), line_starts


def _is_title(group: Group, fonts: Fonts) -> bool:
    length = sum(len(line.text) for line in group.lines)
    return length <= _HEADING_LIMIT and fonts.is_larger(group.lines[0]) and _has_letters(group)


def _is_bold_title(group: Group, text: str, fonts: Fonts) -> bool:
    return (
        fonts.bold_headings
        and group.lines[0].bold
        and len(group.lines) <= _BOLD_HEADING_LINES
        and len(text) <= _BOLD_HEADING_LIMIT
        and not text.endswith((".", ",", ";", ":"))
        and group.lines[0].size >= fonts.body * (1 - 0.02)
        and _has_letters(group)
    )


def _has_letters(group: Group) -> bool:
    return any(character.isalpha() for line in group.lines for character in line.text)
