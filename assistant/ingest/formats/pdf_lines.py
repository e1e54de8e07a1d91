"""The lines of a PDF page with what layout needs to know of them: place, size, weight, and wide gaps.

PDFium gives the text of a page in one call; asking it for the box of every character would cost several times
that. So only the ends of words are asked for.
"""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.ingest.formats.common import Span
from assistant.ingest.formats.pdf_hidden import Sight

HYPHEN = "\ufffe"  # what PDFium puts in place of a hyphen at the end of a line, and of the line break
_WORD = re.compile(r"\S+")
_GAP = 0.8  # of the size; wider than the stretched space of a justified line, narrower than between columns
_BACK = 1.0  # of the size; a step back this far begins another line
_BOLD_FONT = re.compile(rb"bold|black|heavy|semibold|demi", re.IGNORECASE)
_FIXED_FONT = re.compile(rb"mono|courier|consol|typewriter|cmtt|sftt", re.IGNORECASE)
_FIXED_PITCH, _FORCE_BOLD = 1 << 0, 1 << 18  # flags of font descriptors: ISO 32000-1, table 123
_BOLD_WEIGHT = 600
_MARK = re.compile(r"[•‣▪●◦○■□–—*\-\uf0a7\uf0b7\uf0d8]|\(?(?:\d{1,3}|[A-Za-z])[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?")


Box = tuple[float, float, float, float]  # left, bottom, right, top, in points

_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\w+$")
_LEADERS_END = 40  # characters at the end of a line, in which the dots are looked for
_TURNS = {(1, 0): 0, (0, 1): 1, (-1, 0): 2, (0, -1): 3}


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a line without a wide gap; places are in points along the line.

    `at` is where its characters are in the text of the page: one span, or more where words between are not seen.
    """

    left: float
    right: float
    text: str
    at: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. `baseline` grows upwards; `height` is its place on the page, from 0 (foot) to 1 (head)."""

    segments: tuple[Segment, ...]
    baseline: float
    height: float
    size: float  # of the font, in points
    bold: bool
    fixed: bool  # all letters are equally wide, as in program code
    turn: int  # the quarter turns of the writing direction
    first_word: float  # the width of the first word
    hyphened: bool  # the last word goes on in the next line

    @property
    def left(self) -> float:
        return self.segments[0].left

    @property
    def right(self) -> float:
        return self.segments[-1].right

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)

    def is_inside(self, window: Box) -> bool:
        """Whether any of the line is inside a part of the page."""
        x, y = next(along for along, turn in _TURNS.items() if turn == self.turn)
        ups = (self.baseline, self.baseline + self.size)
        corners = [(x * along - y * up, y * along + x * up) for along in (self.left, self.right) for up in ups]
        (left, *_, right), (bottom, *_, top) = sorted(c[0] for c in corners), sorted(c[1] for c in corners)
        return left < window[2] and right > window[0] and bottom < window[3] and top > window[1]

    @property
    def of_contents(self) -> bool:
        """Whether this is a line of a table of contents: a title, dots and a page."""
        return bool(_LEADERS.search(self.segments[-1].text[-_LEADERS_END:]))


@dataclass(frozen=True, slots=True)
class _Style:
    """How the characters of a line are set; `along` and `up` are unit vectors."""

    size: float
    along: tuple[int, int]
    bold: bool
    fixed: bool


def read_lines(page: pdfium.PdfPage) -> list[Line]:
    """The lines of a page in the order of the file, which is nearly always that of reading.

    Words that no reader sees are left out (`pdf_hidden`), and so is what stands outside the page.
    """
    text_page = page.get_textpage()
    try:
        window = page.get_bbox()
        lines = _Reader(text_page, page.get_mediabox(), Sight(page, text_page)).lines()
        return [line for line in lines if line.is_inside(window)]
    finally:
        text_page.close()


class _Reader:
    """Asks PDFium for the geometry of one page; the buffers are used again for every call."""

    def __init__(self, text_page: pdfium.PdfTextPage, box: Box, sight: Sight) -> None:
        self._sight = sight
        self._page = text_page.raw
        self._box = box
        self._text: str = text_page.get_text_range()
        # PDFium counts characters that have no text, too; then its numbers must be looked up.
        self._same_numbers = len(self._text) == text_page.count_chars()
        self._rectangle = raw.FS_RECTF()
        self._matrix = raw.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._name, self._flags = ctypes.create_string_buffer(128), ctypes.c_int()

    def lines(self) -> list[Line]:
        lines: list[Line] = []
        start = 0
        for match in re.finditer(rf"\r\n|[\r\n{HYPHEN}]|\Z", self._text):
            words = [word for word in _WORD.finditer(self._text, start, match.start()) if self._sees(word)]
            if words:
                lines += self._split(words, hyphened=match[0] == HYPHEN)
            start = match.end()
        return lines

    def _sees(self, word: re.Match[str]) -> bool:
        return self._sight.sees(self._number(word.start()), self._number(word.end() - 1))

    def _split(self, words: list[re.Match[str]], hyphened: bool) -> list[Line]:
        """The line of these words; more than one where the words step back."""
        marked = len(words) > 1 and words[0].end() - words[0].start() == 1  # as a list mark is, often in another font
        middle, last = words[len(words) // 2].start(), words[-1].end() - 1
        style = self._style(words[marked].end() - 1, middle, last)
        runs: list[list[Segment]] = [[]]
        first_word = 0.0
        begun = 0
        left = right = self._extent(words[0].start(), style)[0]
        for n, word in enumerate(words):
            place = self._extent(word.start(), style)[0]
            if n and not -_BACK * style.size < place - right < _GAP * style.size:
                runs[-1].append(self._segment(words[begun:n], left, right))
                if place < right:
                    runs.append([])
                begun, left = n, place
            right = self._extent(word.end() - 1, style)[1]
            first_word = first_word or right - left
        runs[-1].append(self._segment(words[begun:], left, right))
        baseline, height = self._baseline(middle, style)
        return [
            Line(
                segments=_joined_mark(run),
                baseline=baseline,
                height=height,
                size=style.size,
                bold=style.bold,
                fixed=style.fixed,
                turn=_TURNS[style.along],
                first_word=first_word,
                hyphened=hyphened and run is runs[-1],
            )
            for run in runs
        ]

    def _segment(self, words: list[re.Match[str]], left: float, right: float) -> Segment:
        right, start, end = max(left, right), words[0].start(), words[-1].end()
        if not self._sight.plain:
            at = tuple(self._seen(words))
            return Segment(left, right, " ".join(self._text[first:last] for first, last in at), at)
        return Segment(left, right, self._text[start:end], ((start, end),))

    def _seen(self, words: list[re.Match[str]]) -> Iterator[Span]:
        """Where these words are, as long as nothing but white space is between them."""
        start, end = words[0].span()
        for word in words[1:]:
            if not self._text[end : word.start()].isspace():
                yield start, end
                start = word.start()
            end = word.end()
        yield start, end

    def _baseline(self, index: int, style: _Style) -> tuple[float, float]:
        """How far up the page a character stands: in points, and as a share of the page."""
        raw.FPDFText_GetCharOrigin(self._page, self._number(index), self._x, self._y)
        x, y = style.along
        baseline = self._y.value * x - self._x.value * y
        low, high = sorted((self._box[1] * x - self._box[0] * y, self._box[3] * x - self._box[2] * y))
        return baseline, (baseline - low) / (high - low) if high > low else 0.5

    def _style(self, *sample: int) -> _Style:
        """How a line is set, by a sample of its characters: bold or fixed where all are, and the largest size."""
        numbers = [self._number(index) for index in sample]
        fonts = [self._font(number) for number in numbers]
        size = max(self._size(number) for number in numbers)
        matrix = self._matrix  # of the last, which stands for all
        if abs(matrix.a) >= abs(matrix.b):
            along = (1 if matrix.a >= 0 else -1, 0)
        else:
            along = (0, 1 if matrix.b > 0 else -1)
        return _Style(max(size, 1.0), along, all(bold for bold, _ in fonts), all(fixed for _, fixed in fonts))

    def _size(self, number: int) -> float:
        """The size of a character's font; its matrix is left in the buffer."""
        matrix = self._matrix
        raw.FPDFText_GetMatrix(self._page, number, matrix)
        return float(raw.FPDFText_GetFontSize(self._page, number) * (matrix.c**2 + matrix.d**2) ** 0.5)

    def _font(self, number: int) -> tuple[bool, bool]:
        """Whether a character is bold, and whether its font is of fixed pitch."""
        raw.FPDFText_GetFontInfo(self._page, number, self._name, len(self._name), self._flags)
        name, flags = self._name.value, self._flags.value
        if not (bold := bool(flags & _FORCE_BOLD or _BOLD_FONT.search(name))):
            bold = raw.FPDFText_GetFontWeight(self._page, number) >= _BOLD_WEIGHT
        return bold, bool(flags & _FIXED_PITCH or _FIXED_FONT.search(name))

    def _extent(self, index: int, style: _Style) -> tuple[float, float]:
        """Where a character begins and ends along its line."""
        box = self._rectangle
        raw.FPDFText_GetLooseCharBox(self._page, self._number(index), box)
        match style.along:
            case (1, 0):
                return box.left, box.right
            case (-1, 0):
                return -box.right, -box.left
            case (0, 1):
                return box.bottom, box.top
            case _:
                return -box.top, -box.bottom

    def _number(self, index: int) -> int:
        """PDFium's number of the character at `index` of the text."""
        if self._same_numbers:
            return index
        return int(raw.FPDFText_GetCharIndexFromTextIndex(self._page, index))


def _joined_mark(run: list[Segment]) -> tuple[Segment, ...]:
    """The segments of a line; the mark of a list item is no column of its own."""
    if len(run) == 2 and _MARK.fullmatch(run[0].text):
        return (Segment(run[0].left, run[1].right, f"{run[0].text} {run[1].text}", run[0].at + run[1].at),)
    return tuple(run)
