"""Where a span of a PDF's text stands on its pages, so that a viewer can highlight it.

Nothing is stored for that: the layout of a file is the same each time, so that it is made again, and followed back
from the text to the characters of the page.
"""

import ctypes
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.ingest.formats.common import Builder, Span, Unreadable
from assistant.ingest.formats.pdf import Piece, build, open_pdf
from assistant.ingest.formats.pdf_layout import PlacedTable, Source
from assistant.ingest.formats.pdf_lines import Box
from assistant.ingest.formats.pdf_ocr import PageReader, Recognised

Place = tuple[Source, int]  # part of a line, and the index of a character in the text of its page
Found = tuple[int, Box]


def find_boxes(data: bytes, text: str, spans: Sequence[Span], ocr: bool = False) -> list[list[Found]]:
    """Where spans of a document's text stand.

    Takes about as long as reading the file, however many spans are asked for. Files from others belong into a
    process with limits, here as when they are read.

    Args:
        data: The bytes of the PDF.
        text: The document's stored text.
        spans: Spans of that, such as those of citations.
        ocr: Whether text was recognised on pages that have none; it is recognised again.

    Returns:
        For each span its boxes in the order of reading, one a line (or a cell of a table in it), each with the number
        of its page, from 1: left, bottom, right and top in points of the page's own space, in which y grows upwards
        and a turn of the page is not yet made (a viewer's transform for the page makes it). A box covers whole
        characters from the line's foot to its head, and lies on the page.

    Raises:
        Unreadable: It cannot be read, or is not the file that the text was read from.
    """
    said, boxes = text_and_boxes(data, spans, max(1, len(text)), ocr)
    if said != text:
        raise Unreadable("it is not the file that this text was read from")
    return boxes


def text_and_boxes(
    data: bytes, spans: Sequence[Span], limit: int, ocr: bool = False
) -> tuple[str, list[list[Found]]]:
    """The text of a PDF, of at most `limit` characters, and where spans of it stand, as `find_boxes` tells it.

    Raises:
        Unreadable: It cannot be read.
    """
    document = open_pdf(data)
    try:
        builder = Builder(limit)
        pictures = PageReader() if ocr else None
        pieces = build(builder, document, pictures)
        text = builder.parsed().text
        finder = _Finder(document, text, pieces, pictures.pages if pictures else {})
        try:
            return text, [list(finder.boxes(span)) for span in spans]
        finally:
            finder.close()
    finally:
        document.close()


class _Finder:
    """Follows text back to its pages; keeps the last page and the last piece of the text, for the next span."""

    def __init__(
        self, document: pdfium.PdfDocument, text: str, pieces: Sequence[Piece], seen: Mapping[int, Recognised]
    ) -> None:
        self._document, self._text, self._pieces, self._seen = document, text, pieces, seen
        self._page: tuple[int, _Page | Recognised] | None = None
        self._followed: tuple[int, dict[int, Place]] = (-1, {})

    def boxes(self, span: Span) -> Iterator[Found]:
        """The boxes over the characters of a span, one for each part of a line."""
        for (number, _), places in groupby(self._places(span), key=lambda place: place[0]):
            if box := self._on(number).box([index for _, index in places]):
                yield number + 1, box

    def close(self) -> None:
        """Close the page that is open."""
        if self._page:
            self._page[1].close()

    def _places(self, span: Span) -> Iterator[Place]:
        first = bisect_right(self._pieces, span[0], key=lambda piece: piece[0]) - 1
        for number in range(max(0, first), len(self._pieces)):
            start, end, _ = self._pieces[number]
            if start >= span[1]:
                return
            if self._followed[0] != number:
                self._followed = number, dict(self._follow(self._pieces[number]))
            places = self._followed[1]
            yield from (places[at] for at in range(max(start, span[0]), min(end, span[1])) if at in places)

    def _follow(self, piece: Piece) -> Iterator[tuple[int, Place]]:
        """Each character of a piece with where it comes from.

        White space is left out, and what only one side has: the text has marks between cells and hyphens that PDFium
        took for breaks; the page has hyphens that were joined, and characters that cannot be stored.
        """
        index, end, source = piece
        rows = isinstance(source, PlacedTable)
        for part in source.sources():
            number, (begin, stop) = part
            shown = self._on(number).text[begin:stop]
            for at, character in enumerate(shown, start=begin):
                if character.isspace():
                    continue
                while index < end and _only_in_text(self._text[index], character, rows):
                    index += 1
                if index < end and (self._text[index] == character or (rows and character == "|")):
                    yield index, (part, at)
                    index += 1

    def _on(self, number: int) -> "_Page | Recognised":
        if self._page is None or self._page[0] != number:
            self.close()
            self._page = number, self._seen.get(number) or _Page(self._document, number)
        return self._page[1]


def _only_in_text(character: str, on_page: str, rows: bool) -> bool:
    return character.isspace() or (rows and character == "|") or (character == "-" and on_page != "-")


class _Page:
    """The characters of one page."""

    def __init__(self, document: pdfium.PdfDocument, number: int) -> None:
        self._page = document[number]
        self._text_page = self._page.get_textpage()
        self.text: str = self._text_page.get_text_range()
        self._window: Box = self._page.get_bbox()

    def box(self, indexes: Sequence[int]) -> Box | None:
        """The box around characters, as far as it lies on the page."""
        boxes = [box for index in indexes for box in self._around(index)]
        left, bottom, right, top = self._window
        box = (
            max(left, min(box[0] for box in boxes)),
            max(bottom, min(box[1] for box in boxes)),
            min(right, max(box[2] for box in boxes)),
            min(top, max(box[3] for box in boxes)),
        )
        return box if box[0] < box[2] and box[1] < box[3] else None

    def close(self) -> None:
        self._text_page.close()
        self._page.close()

    def _around(self, index: int) -> tuple[Box, Box]:
        """The box of a character with the height of its line, and that of what is drawn, which may reach beyond."""
        number = raw.FPDFText_GetCharIndexFromTextIndex(self._text_page.raw, index)
        loose = raw.FS_RECTF()
        raw.FPDFText_GetLooseCharBox(self._text_page.raw, number, loose)
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        raw.FPDFText_GetCharBox(self._text_page.raw, number, left, right, bottom, top)
        return (loose.left, loose.bottom, loose.right, loose.top), (left.value, bottom.value, right.value, top.value)
