"""PDF: the text of each page, put together to headings, paragraphs, list items and tables by its geometry."""

import re
from collections import Counter, defaultdict
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
_SMALL_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi")
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
    _build(builder, _without_running_heads(pages, Fonts.of(pages)))
    title = as_title(properties.get("Title"))
    dates = (iso_date(properties.get(name)) for name in ("CreationDate", "ModDate"))
    return builder.parsed(None if title and _NO_TITLE.fullmatch(title) else title, next(filter(None, dates), None))


def _open(data: bytes) -> pdfium.PdfDocument:
    if b"%PDF-" not in data[:1024]:
        raise Unreadable("it is no PDF, whatever its name says")
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


def _without_running_heads(pages: Sequence[Sequence[Line]], fonts: Fonts) -> list[list[Line]]:
    """The pages without running heads and feet, and page numbers.

    These are lines at the edge of a page, no larger than the text, that stand at the same place of most pages and
    are alike but for their figures; or whose first or last figure counts the pages.
    """
    edges = [
        (number, line)
        for number, lines in enumerate(pages, start=1)
        for line in _edge(lines)
        if not fonts.is_larger(line)
    ]
    least = max(_LEAST_PAGES, _MOST_PAGES * sum(map(bool, pages)))
    dropped: set[tuple[int, Line]] = set()
    by_text: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for number, line in edges:
        by_text[re.sub(r"\d+", "#", line.text.lower())].append((number, line))
    for found in by_text.values():
        usual = median(line.baseline for _, line in found)
        alike = [(number, line) for number, line in found if abs(line.baseline - usual) <= _SAME_PLACE]
        if len({number for number, _ in alike}) >= least:
            dropped.update(alike)
    counted = Counter(figure - number for number, line in edges for figure in _outer_figures(line.text))
    offset, count = max(counted.items(), key=lambda pair: pair[1], default=(0, 0))
    for number, line in edges:
        counts_pages = count >= least and number + offset in _outer_figures(line.text)
        match = _PAGE_NUMBER.fullmatch(line.text)
        if counts_pages or (match and match[1] in (str(number), *_SMALL_ROMAN)):
            dropped.add((number, line))
    return [[line for line in lines if (number, line) not in dropped] for number, lines in enumerate(pages, start=1)]


def _edge(lines: Sequence[Line]) -> list[Line]:
    """The lines that may be running heads or feet."""
    upright = sorted((line for line in lines if line.turn == 0), key=lambda line: line.baseline)
    ends = upright if len(upright) <= 2 * _EDGE_LINES else upright[:_EDGE_LINES] + upright[-_EDGE_LINES:]
    return [line for line in ends if not _MARGIN < line.height < 1 - _MARGIN]


def _outer_figures(text: str) -> set[int]:
    """The figures that a line begins and ends with."""
    return {int(figure) for figure in re.findall(r"^\d{1,4}\b|\b\d{1,4}$", text)}


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
    mark = ITEM_MARK.match(text) if group.kind == "item" else None
    if _is_title(group, fonts):
        span = builder.add("heading", text, level=levels[halves(group.lines[0].size)])
    elif _is_bold_title(group, text, fonts):
        span = builder.add("heading", text, level=min(len(levels) + 1, _DEEPEST))
    elif mark:
        span = builder.add("item", text[mark.end() :], mark=mark[0].strip())
        return (span[0] - mark.end() if span else builder.length), line_starts
    else:
        span = builder.add(group.kind, text)
    return (span[0] if span else builder.length), line_starts


def _is_title(group: Group, fonts: Fonts) -> bool:
    length = sum(len(line.text) for line in group.lines)
    return length <= _HEADING_LIMIT and fonts.is_larger(group.lines[0]) and _may_head(group)


def _is_bold_title(group: Group, text: str, fonts: Fonts) -> bool:
    return (
        group.lines[0].bold
        and not fonts.bold
        and len(group.lines) <= _BOLD_HEADING_LINES
        and len(text) <= _BOLD_HEADING_LIMIT
        and not text.endswith((".", ",", ";", ":"))
        and halves(group.lines[0].size) >= fonts.body
        and _may_head(group)
    )


def _may_head(group: Group) -> bool:
    """Whether a group has letters, and is no line of a table of contents or of code."""
    if group.kind == "code" or group.lines[0].of_contents:
        return False
    return any(character.isalpha() for line in group.lines for character in line.text)
