"""A page of a PDF as a picture, and the places of words on it as it is shown: turned and cropped."""

import ctypes
import io
import math

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from assistant.ingest.formats.common import Span, Unreadable
from assistant.ingest.formats.pdf import open_pdf
from assistant.ingest.formats.pdf_boxes import text_and_boxes
from assistant.ingest.formats.pdf_lines import Box

_UNITS = 16  # a point is divided into, since PDFium tells places on the screen in whole numbers
_LONGEST = 20_000  # points; a longer page would be a line when it is drawn

Placed = tuple[int, float, float, float, float]  # page from 1; left, top, width and height in points


def draw(data: bytes, number: int, scale: float, most: int) -> tuple[int, float, float, bytes]:
    """How many pages a PDF has, the width and height of page `number` (from 1) in points, and that page as a PNG.

    It has `scale` pixels a point, or fewer, so that there are at most `most`.

    Raises:
        Unreadable: it cannot be read, or has no such page, or one that cannot be drawn.
    """
    document = open_pdf(data)
    try:
        page = _page(document, number)
        width, height = page.get_size()
        if not (0 < width <= _LONGEST and 0 < height <= _LONGEST):
            raise Unreadable(f"page {number} is too large to be drawn")
        bitmap = page.render(scale=min(scale, math.sqrt(most / (width * height))))
        size = (bitmap.width, bitmap.height)
        picture = Image.frombuffer("RGB", size, bytes(bitmap.buffer), "raw", "BGR", bitmap.stride, 1)
        png = io.BytesIO()
        picture.save(png, "PNG", compress_level=3)
        return len(document), width, height, png.getvalue()
    finally:
        document.close()


def place(data: bytes, span: Span, limit: int) -> tuple[str, list[Placed]]:
    """The text of a PDF, of at most `limit` characters, and the boxes over a span of it.

    Raises:
        Unreadable: it cannot be read.
    """
    text, [found] = text_and_boxes(data, [span], limit)
    document = open_pdf(data)
    try:
        return text, [(number, *_shown(_page(document, number), box)) for number, box in found]
    finally:
        document.close()


def _page(document: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    if not 1 <= number <= len(document):
        raise Unreadable(f"it has no page {number}")
    try:
        return document[number - 1]
    except pdfium.PdfiumError as error:
        raise Unreadable(f"page {number} is damaged") from error


def _shown(page: pdfium.PdfPage, box: Box) -> tuple[float, float, float, float]:
    left, bottom, right, top = box
    corners = [_place(page, x, y) for x, y in ((left, bottom), (right, top))]
    (x1, x2), (y1, y2) = (sorted(values) for values in zip(*corners, strict=True))
    return x1, y1, x2 - x1, y2 - y1


def _place(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    """A point of the page's own space where it is shown."""
    width, height = (round(length * _UNITS) for length in page.get_size())
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, x, y, across, down)
    return across.value / _UNITS, down.value / _UNITS
