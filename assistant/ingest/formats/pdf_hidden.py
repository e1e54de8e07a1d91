"""Words of a PDF page that no reader sees: invisible, clear, tiny, or of the colour of what is behind them.

What can be told from a text's own settings is; for white words, which stand on dark heads of tables as often as on
white paper, the page is drawn once and the place of each such word looked at.
"""

import ctypes
from collections.abc import Sequence
from typing import Literal

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.ingest.formats.pdf_geometry import ADDRESS, NUMBER, address_of, bound

_TINY = 1.0  # points
_CLEAR = 12  # of 255: opacity that is not seen
_WHITE = 235  # of 255, in each of red, green and blue: from here on white paper may hide a word
_CONTRAST = 10  # of 255: grey levels that a seen word differs by from what is behind it
_SCAN = 0.5  # share of a page that pictures cover where the invisible words are what OCR read in them
_MOST_OBJECTS = 5_000  # of a page that are looked through
_DRAWN = 1_500  # pixels of the longer side of a drawn page
_UNFILLED = frozenset((raw.FPDF_TEXTRENDERMODE_STROKE, raw.FPDF_TEXTRENDERMODE_STROKE_CLIP))
_UNDRAWN = frozenset((raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP))

_object = bound(raw.FPDFPage_GetObject, ADDRESS)
_type_of = bound(raw.FPDFPageObj_GetType, NUMBER)
_matrix_of = bound(raw.FPDFPageObj_GetMatrix, NUMBER)
_size_of = bound(raw.FPDFTextObj_GetFontSize, NUMBER)
_mode_of = bound(raw.FPDFTextObj_GetTextRenderMode, NUMBER)
_fill_colour = bound(raw.FPDFPageObj_GetFillColor, NUMBER)
_stroke_colour = bound(raw.FPDFPageObj_GetStrokeColor, NUMBER)

Verdict = Literal["seen", "hidden", "white"]


class Sight:
    """Tells, for one page, which words are seen. PDFium sets text in objects, each in one colour and size."""

    def __init__(self, page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> None:
        self._page, self._text = page, text_page.raw
        self._verdicts: dict[int | None, Verdict] = {None: "seen"}
        self._drawn: _Drawing | None = None
        self._matrix = raw.FS_MATRIX()
        self._colour = (ctypes.c_uint * 4)()
        self._at_colour = [ctypes.byref(self._colour, n * ctypes.sizeof(ctypes.c_uint)) for n in range(4)]
        self._scan: bool | None = None
        self.plain = self._is_plain()  # every text of the page is seen

    def sees(self, first: int, last: int) -> bool:
        """Whether a reader sees the word from one character to another, as PDFium numbers them."""
        if self.plain:
            return True
        text = raw.FPDFText_GetTextObject(self._text, first)
        key = address_of(text)
        if key not in self._verdicts:
            raw.FPDFText_GetMatrix(self._text, first, self._matrix)
            size, place = raw.FPDFText_GetFontSize(self._text, first), ADDRESS(key)
            self._verdicts[key] = self._verdict(place, _mode_of(place), size)
        verdict = self._verdicts[key]
        if verdict != "white":
            return verdict == "seen"
        self._drawn = self._drawn or _Drawing(self._page)
        return self._drawn.contrast(self._box(first, last)) >= _CONTRAST

    def _is_plain(self) -> bool:
        """Whether every text of the page is seen, which costs less to tell for all than word by word.

        Texts inside forms, which have coordinates of their own, are left to be asked for with their words.
        """
        page, found, size = ADDRESS(address_of(self._page.raw)), ADDRESS(), ctypes.c_float()
        at_size, at_matrix = ctypes.byref(size), ctypes.byref(self._matrix)
        count = raw.FPDFPage_CountObjects(self._page.raw)
        if count > _MOST_OBJECTS:
            return False
        for number in range(count):
            found.value = _object(page, number)
            mode = _mode_of(found)
            if mode != raw.FPDF_TEXTRENDERMODE_UNKNOWN:
                _matrix_of(found, at_matrix)
                _size_of(found, at_size)
                if self._verdict(found, mode, size.value) != "seen":
                    return False
            elif _type_of(found) == raw.FPDF_PAGEOBJ_FORM:
                return False
        return True

    def _verdict(self, text: ctypes.c_void_p, mode: int, size: float) -> Verdict:
        """On a text object of a mode and a font size, stretched by the matrix."""
        if mode in _UNDRAWN:
            self._scan = self._is_scan() if self._scan is None else self._scan
            return "seen" if self._scan else "hidden"
        if size * (self._matrix.c**2 + self._matrix.d**2) ** 0.5 < _TINY:
            return "hidden"
        colour_of = _stroke_colour if mode in _UNFILLED else _fill_colour
        if not colour_of(text, *self._at_colour):
            return "seen"
        red, green, blue, alpha = self._colour
        if alpha <= _CLEAR:
            return "hidden"
        return "white" if red >= _WHITE and green >= _WHITE and blue >= _WHITE else "seen"

    def _is_scan(self) -> bool:
        """Whether pictures cover most of the page."""
        left, bottom, right, top = self._page.get_bbox()
        covered = 0.0
        for picture in self._page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
            x0, y0, x1, y1 = picture.get_bounds()
            covered += max(0.0, min(x1, right) - max(x0, left)) * max(0.0, min(y1, top) - max(y0, bottom))
        return bool(covered >= _SCAN * (right - left) * (top - bottom))

    def _box(self, first: int, last: int) -> tuple[float, float, float, float]:
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        boxes = []
        for number in (first, last):
            raw.FPDFText_GetCharBox(self._text, number, left, right, bottom, top)
            boxes.append((left.value, bottom.value, right.value, top.value))
        (a, b, c, d), (e, f, g, h) = boxes
        return min(a, e), min(b, f), max(c, g), max(d, h)


class _Drawing:
    """A page drawn in grey."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        width, height = page.get_size()
        self._page = page
        bitmap = page.render(scale=min(2.0, _DRAWN / max(width, height, 1.0)), grayscale=True, may_draw_forms=False)
        self._width, self._height, self._stride = bitmap.width, bitmap.height, bitmap.stride
        self._pixels = bytes(bitmap.buffer)
        bitmap.close()

    def contrast(self, box: tuple[float, float, float, float]) -> int:
        """How much the grey levels inside a box differ, 0 to 255; the box is in points of the page."""
        corners = [self._pixel(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
        columns, rows = sorted(x for x, _ in corners), sorted(y for _, y in corners)
        left, right = max(0, columns[0]), min(self._width, columns[-1] + 1)
        found: Sequence[bytes] = [
            self._pixels[row * self._stride + left : row * self._stride + right]
            for row in range(max(0, rows[0]), min(self._height, rows[-1] + 1))
        ]
        grey = b"".join(found) if left < right else b""
        return max(grey) - min(grey) if grey else 0

    def _pixel(self, x: float, y: float) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(self._page.raw, 0, 0, self._width, self._height, 0, x, y, across, down)
        return across.value, down.value
