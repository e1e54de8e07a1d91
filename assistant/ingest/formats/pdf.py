"""PDF: the text of each page, put together to headings, paragraphs, list items and tables by its geometry."""

import gc
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.ingest.formats.common import DEEPEST, NEEDS_OCR, TEXT_LIMIT, Builder, Span, Unreadable, as_title
from assistant.ingest.formats.dates import iso_date
from assistant.ingest.formats.pdf_layout import ITEM_MARK, Fonts, Group, PlacedTable, groups, halves
from assistant.ingest.formats.pdf_lines import Line, read_lines
from assistant.ingest.formats.pdf_ocr import PageReader
from assistant.ingest.formats.pdf_outline import TITLE_LIMIT, page_labels, read_outline, titled
from assistant.ingest.formats.tables import add_table, is_caption
from assistant.types import Parsed

PAGE_LIMIT = 5_000

_TAIL = 4_096  # bytes at the end of a file, in which its last structure must begin
_MARGIN = 0.12  # of the page's height, at head and foot
_EDGE_LINES = 3  # at head and foot of a page that may be running heads
_SAME_PLACE = 4.0  # points
_MOST_PAGES = 0.4  # of all; left and right pages often have different heads
_LEAST_PAGES = 2
_FIGURE = re.compile(r"\d{1,4}")
_OUTER_FIGURE = re.compile(r"^\d{1,4}\b|\b\d{1,4}$")
_PAGE_NUMBER = re.compile(
    r"(?:(?:page|pages|p|pag|pagina|página|seite|s|sida|side|str|strona|стр|с|sayfa|səh|səhifə)\.?\s)?"
    r"[-–—\s]*(\d{1,4}|[ivxl]{1,7})[-–—\s]*(?:(?:of|/|von|de|sur|из)\s*\d{1,4})?",
    re.IGNORECASE,
)
_SMALL_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi")
_BOLD_HEADING_LIMIT = 120
_BOLD_HEADING_LINES = 2
_NO_TITLE = re.compile(
    r"(?:untitled|\(?anonymous\)?|microsoft word.*|.*\.(?:docx?|pdf|tex|indd|qxd|dvi|rtf|odt))", re.IGNORECASE
)

Placed = tuple[int, Line]  # the number of a page, and a line of it
Piece = tuple[int, int, Group | PlacedTable]  # a span of the text, white space at its ends included, and its source


def parse(data: bytes, limit: int = TEXT_LIMIT, ocr: bool = False) -> Parsed:
    """Read a PDF. Running heads, running feet and page numbers are left out.

    With `ocr`, text is recognised on pages that have none.

    Raises:
        Unreadable: It is no PDF, cut off, damaged, encrypted, without text, or beyond the limits (5,000 pages,
            `limit` characters).
    """
    document = open_pdf(data)
    pictures = PageReader() if ocr else None
    try:
        builder = Builder(limit)
        build(builder, document, pictures)
        properties = document.get_metadata_dict()
        labels = page_labels(document)
    finally:
        document.close()
    title = as_title(properties.get("Title"))
    dates = (iso_date(properties.get(name)) for name in ("CreationDate", "ModDate"))
    title = None if title and _NO_TITLE.fullmatch(title) else title
    parsed = builder.parsed(title, next(filter(None, dates), None))
    seen = pictures.pages if pictures else {}
    pages = (replace(p, label=labels.get(p.number), recognised=p.number - 1 in seen) for p in parsed.pages)
    return replace(parsed, pages=tuple(pages))


def build(builder: Builder, document: pdfium.PdfDocument, pictures: PageReader | None = None) -> list[Piece]:
    """Put the text of a document together, `pictures` that of pages that have none; tells where pieces come from.

    Raises:
        Unreadable: A page is damaged, no page has text, or the document is beyond the limits.
    """
    if len(document) > PAGE_LIMIT:
        raise Unreadable(f"it has {len(document):,} pages, over the limit of {PAGE_LIMIT:,}")
    with _uncollected():
        pages = [_lines(document, number) for number in range(len(document))]
        if pictures:
            pages = [lines or pictures.read(document, number) for number, lines in enumerate(pages)]
        if not any(pages):
            raise Unreadable("no text could be recognised on its pages" if pictures else NEEDS_OCR)
        shown = _without_running_heads(pages, Fonts.of(pages))
        return _build(builder, titled(shown, read_outline(document)))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for circular garbage: lines and blocks make none, and it looks through all of them."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def open_pdf(data: bytes) -> pdfium.PdfDocument:
    """The document in a file; to be closed.

    Raises:
        Unreadable: It is no PDF, cut off, damaged or encrypted.
    """
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

    These are lines at the edge of a page that stand at the same place of most pages and are the same but for a figure
    that counts the pages; or that begin or end with such a figure. Large lines at the head are left, for chapters
    begin so.
    """
    edges = [
        (number, line)
        for number, lines in enumerate(pages, start=1)
        for line in _edge(lines)
        if line.height < 1 - _MARGIN or not fonts.is_larger(line) or _PAGE_NUMBER.fullmatch(line.text)
    ]
    least = max(_LEAST_PAGES, _MOST_PAGES * sum(map(bool, pages)))
    by_text: dict[str, list[Placed]] = defaultdict(list)
    for number, line in edges:
        by_text[_FIGURE.sub("#", line.text.lower())].append((number, line))
    dropped = {placed for found in by_text.values() for placed in _repeated(found, least)}
    # A head that changes with the chapter still begins or ends with the number of the page.
    for at_head in (True, False):  # a numbered row at the foot and the next one overleaf count no pages
        end = [(number, line) for number, line in edges if (line.height > 0.5) == at_head]
        dropped |= _counting(end, _OUTER_FIGURE, least)
    for number, line in edges:
        match = _PAGE_NUMBER.fullmatch(line.text)
        if match and match[1].lower() in (str(number), *_SMALL_ROMAN):
            dropped.add((number, line))
    return [[line for line in lines if (number, line) not in dropped] for number, lines in enumerate(pages, start=1)]


def _repeated(found: Sequence[Placed], least: float) -> set[Placed]:
    """Of lines alike but for their figures, those that stand at one place of most pages and are the same or count."""
    placed = _at_one_place(found)
    texts = Counter(line.text for _, line in placed)
    same = {(number, line) for number, line in placed if texts[line.text] >= least}
    return same | _counting(placed, _FIGURE, least)


def _counting(found: Sequence[Placed], figure: re.Pattern[str], least: float) -> set[Placed]:
    """The lines at one place in which a figure counts the pages, where most pages have such a line."""
    figures = {placed: {int(text) for text in figure.findall(placed[1].text)} for placed in found}
    offsets = Counter(value - number for (number, _), values in figures.items() for value in values)
    offset, count = max(offsets.items(), key=lambda pair: pair[1], default=(0, 0))
    if count < least:
        return set()
    return set(_at_one_place([placed for placed, values in figures.items() if placed[0] + offset in values]))


def _at_one_place(found: Sequence[Placed]) -> list[Placed]:
    usual = median(line.baseline for _, line in found)
    return [(number, line) for number, line in found if abs(line.baseline - usual) <= _SAME_PLACE]


def _edge(lines: Sequence[Line]) -> list[Line]:
    """The lines that may be running heads or feet."""
    upright = sorted((line for line in lines if line.turn == 0), key=lambda line: line.baseline)
    rows = {line for pair in pairwise(upright) if _are_rows(*pair) for line in pair}
    ends = upright if len(upright) <= 2 * _EDGE_LINES else upright[:_EDGE_LINES] + upright[-_EDGE_LINES:]
    return [line for line in ends if not _MARGIN < line.height < 1 - _MARGIN and line not in rows]


def _are_rows(below: Line, above: Line) -> bool:
    """Whether two lines are rows of one table, whose header may stand at the head of every page."""
    columns = len(above.segments)
    return columns > 1 and columns == len(below.segments) and above.baseline - below.baseline <= 2 * above.size


def _build(builder: Builder, pages: Sequence[Sequence[Line]]) -> list[Piece]:
    fonts = Fonts.of(pages)
    found = groups(pages, fonts)
    levels = _levels([group for group in found if isinstance(group, Group)], fonts)
    pieces: list[Piece] = []
    header: Span | None = None
    begun = 0
    for group in found:
        for page in range(begun, group.page + 1):
            builder.begin_page(page + 1)
        begun = max(begun, group.page + 1)
        before = builder.length
        if isinstance(group, PlacedTable):
            table = group.table
            header = add_table(builder, table.rows, (group.goes_on and header) or table.header)
            pieces.append((before, builder.length, group))
            continue
        start, line_starts = _add(builder, group, fonts, levels)
        pieces.append((before, builder.length, group))
        for page, line in group.breaks:
            for empty in range(begun, page + 1):
                builder.begin_page(empty + 1, start + line_starts[line])
            begun = page + 1
    for page in range(begun, len(pages)):
        builder.begin_page(page + 1)
    return pieces


def _levels(found: Sequence[Group], fonts: Fonts) -> dict[float, int]:
    """The depth of headings by their size: that of most outlined ones, else one below the next larger."""
    told: dict[float, Counter[int]] = defaultdict(Counter)
    for group in found:
        if group.lines[0].outlined:
            told[halves(group.lines[0].size)][group.lines[0].outlined[1]] += 1
    larger = {halves(group.lines[0].size) for group in found if _is_title(group, fonts)}
    levels: dict[float, int] = {}
    level = 0
    for size in sorted(larger | told.keys(), reverse=True):
        level = min(told[size], key=lambda depth: (-told[size][depth], depth)) if size in told else level + 1
        levels[size] = level = min(level, DEEPEST)
    return levels


def _add(builder: Builder, group: Group, fonts: Fonts, levels: dict[float, int]) -> tuple[int, list[int]]:
    """Append a group; gives where its text begins, and where each line begins in that."""
    text, line_starts = group.joined()
    mark = ITEM_MARK.match(text) if group.kind == "item" else None
    if title := group.lines[0].outlined:
        span = builder.add("heading", text, level=title[1])
    elif _is_title(group, fonts):
        span = builder.add("heading", text, level=levels[halves(group.lines[0].size)])
    elif _is_bold_title(group, text, fonts):
        span = builder.add(
            "heading",
            text,
            level=levels.get(halves(group.lines[0].size), min(max(levels.values(), default=0) + 1, DEEPEST)),
        )
    elif mark:
        span = builder.add("item", text[mark.end() :], mark=mark[0].strip())
        return (span[0] - mark.end() if span else builder.length), line_starts
    else:
        span = builder.add(group.kind, text)
    return (span[0] if span else builder.length), line_starts


def _is_title(group: Group, fonts: Fonts) -> bool:
    if not fonts.is_larger(group.lines[0]):
        return False
    return sum(len(line.text) for line in group.lines) <= TITLE_LIMIT and _may_head(group)


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
    """Whether a group has letters, and is no caption of a table, nor a line of a table of contents or of code."""
    if group.kind == "code" or group.lines[0].of_contents or is_caption(group.lines[0].text):
        return False
    return any(character.isalpha() for line in group.lines for character in line.text)
