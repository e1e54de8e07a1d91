"""How the characters of a PDF page are set, and where: asked of PDFium as seldom as possible.

Text is set in objects, each in one font and size, so that what is known of one character holds for its object. The
functions that are called for every line are bound here without the conversion of arguments that pypdfium2's have,
which takes longer than the functions.
"""

import ctypes
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_BOLD_FONT = re.compile(rb"bold|black|heavy|semibold|demi", re.IGNORECASE)
_FIXED_FONT = re.compile(rb"mono|courier|consol|typewriter|cmtt|sftt", re.IGNORECASE)
_FIXED_PITCH, _FORCE_BOLD = 1 << 0, 1 << 18  # flags of font descriptors: ISO 32000-1, table 123
_BOLD_WEIGHT = 600

Along = tuple[int, int]


def bound(function: object, result: Any) -> Callable[..., Any]:
    """A function of PDFium that gives `result`. It must be called with what ctypes made, or with small numbers."""
    return ctypes.PYFUNCTYPE(result)(address_of(function))  # type: ignore[arg-type]


def address_of(pointer: object) -> int | None:
    """Where a pointer of pypdfium2 leads to."""
    return ctypes.cast(pointer, ctypes.c_void_p).value  # type: ignore[arg-type]


ADDRESS, NUMBER = ctypes.c_void_p, ctypes.c_int
_loose_box = bound(raw.FPDFText_GetLooseCharBox, NUMBER)
_text_object = bound(raw.FPDFText_GetTextObject, ADDRESS)
_font_of = bound(raw.FPDFTextObj_GetFont, ADDRESS)
_font_size = bound(raw.FPDFText_GetFontSize, ctypes.c_double)
_matrix_of = bound(raw.FPDFText_GetMatrix, NUMBER)
_origin = bound(raw.FPDFText_GetCharOrigin, NUMBER)


@dataclass(slots=True)
class Widths:
    """Widths in points, in one font and size: of the characters met so far, and of the spaces between words."""

    of: dict[str, float] = field(default_factory=lambda: {" ": 0.0})
    space: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How the characters of a text object are set; `along` is the unit vector of their line."""

    size: float
    along: Along
    bold: bool
    fixed: bool
    widths: Widths  # one for all looks alike on a page


class Geometry:
    """Of one page; the buffers are used again for every call."""

    def __init__(self, text_page: pdfium.PdfTextPage, text: str) -> None:
        self._raw = text_page.raw
        self._page = ADDRESS(address_of(text_page.raw))
        # PDFium counts characters that have no text, too; then its numbers must be looked up.
        self._same_numbers = len(text) == text_page.count_chars()
        self._looks: dict[int | None, Look] = {}
        self._alike: dict[tuple[int | None, float, float, float], Look] = {}
        self._box, self._matrix = raw.FS_RECTF(), raw.FS_MATRIX()
        self._x, self._y, self._object = ctypes.c_double(), ctypes.c_double(), ADDRESS()
        self._at_box, self._at_matrix = ctypes.byref(self._box), ctypes.byref(self._matrix)
        self._at_x, self._at_y = ctypes.byref(self._x), ctypes.byref(self._y)

    def number(self, index: int) -> int:
        """PDFium's number of the character at `index` of the text."""
        if self._same_numbers:
            return index
        return int(raw.FPDFText_GetCharIndexFromTextIndex(self._raw, index))

    def look(self, index: int) -> Look:
        """How a character is set."""
        number = self.number(index)
        found = _text_object(self._page, number)
        if found not in self._looks or found is None:
            self._looks[found] = self._look(number, found)
        return self._looks[found]

    def look_of_all(self, first: int, *others: int) -> Look | None:
        """How the characters of a line are set, if all of `others` are set alike.

        What lies between the ends of one object is of it, too, so that `others` are asked for only where the last of
        them is not of the object of `first`.
        """
        number, last = self.number(first), self.number(others[-1])
        found = _text_object(self._page, number)
        if found is not None and found == _text_object(self._page, last):
            look = self._looks.get(found)
            if look is None:
                look = self._looks[found] = self._look(last, found)
            return look
        look = self.look(others[0])
        return look if all(self.look(index) is look for index in others[1:]) else None

    def extent(self, index: int, along: Along) -> tuple[float, float]:
        """Where a character begins and ends along its line."""
        _loose_box(self._page, self.number(index), self._at_box)
        box = self._box
        x, y = along
        if x:
            return (box.left, box.right) if x > 0 else (-box.right, -box.left)
        return (box.bottom, box.top) if y > 0 else (-box.top, -box.bottom)

    def spread(self, first: int, last: int) -> tuple[float, float]:
        """Where text that runs to the right begins and ends: `extent` of its first and last characters."""
        box, page = self._box, self._page
        _loose_box(page, self.number(first), self._at_box)
        left = box.left
        _loose_box(page, self.number(last), self._at_box)
        return left, box.right

    def baseline(self, index: int, along: Along) -> float:
        """How far up the page a character stands, in points."""
        _origin(self._page, self.number(index), self._at_x, self._at_y)
        return self._y.value * along[0] - self._x.value * along[1]

    def width(self, text: str, start: int, look: Look) -> float:
        """How wide `text`, which begins at `start` and is set so, is without its spaces and with no other gaps."""
        known = look.widths.of
        try:
            return sum(map(known.__getitem__, text))
        except KeyError:
            for character in set(text) - known.keys():
                left, right = self.extent(start + text.index(character), look.along)
                known[character] = right - left
            return sum(map(known.__getitem__, text))

    def _look(self, number: int, text_object: int | None) -> Look:
        matrix = self._matrix
        _matrix_of(self._page, number, self._at_matrix)
        size = _font_size(self._page, number) * (matrix.c**2 + matrix.d**2) ** 0.5
        font = None
        if text_object:
            self._object.value = text_object
            font = _font_of(self._object)
        a, b = matrix.a, matrix.b
        key = (font, size, a, b)
        look = self._alike.get(key) if font else None
        if look is None:
            along = (1 if a >= 0 else -1, 0) if abs(a) >= abs(b) else (0, 1 if b > 0 else -1)
            look = self._alike[key] = Look(max(size, 1.0), along, *self._font(number), Widths())
        return look

    def _font(self, number: int) -> tuple[bool, bool]:
        """Whether a character is bold, and whether its font is of fixed pitch."""
        called, flag = ctypes.create_string_buffer(128), ctypes.c_int()
        raw.FPDFText_GetFontInfo(self._raw, number, called, len(called), flag)
        name, flags = called.value, flag.value
        if not (bold := bool(flags & _FORCE_BOLD or _BOLD_FONT.search(name))):
            bold = raw.FPDFText_GetFontWeight(self._raw, number) >= _BOLD_WEIGHT
        return bold, bool(flags & _FIXED_PITCH or _FIXED_FONT.search(name))
