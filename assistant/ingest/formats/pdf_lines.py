"""The lines of a PDF page with what layout needs to know of them: place, size, weight, and wide gaps.

PDFium gives the text of a page in one call; asking it for the box of every character would cost several times
that. So only the ends of a line are asked for where its width is that of its characters and of even spaces, else the
ends of words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pypdfium2 as pdfium

from assistant.ingest.formats.common import Span
from assistant.ingest.formats.pdf_geometry import Geometry, Look
from assistant.ingest.formats.pdf_hidden import Sight

HYPHEN = "\ufffe"  # what PDFium puts in place of a hyphen at the end of a line, and of the line break
_WORD = re.compile(r"\S+")
_GAP = 0.8  # of the size; wider than the stretched space of a justified line, narrower than between columns
_EVEN = 0.25  # of the size; as much as the places of words may differ from even spacing, in a line without wide gaps
_MOST_EVEN = 0.5  # of the size; even spaces wider than this may be gaps
_PROBES = 3  # words whose places are looked at before a line is taken to be spaced evenly
_BACK = 1.0  # of the size; a step back this far begins another line
_MARK = re.compile(r"[•‣▪●◦○■□–—*\-\uf0a7\uf0b7\uf0d8]|\(?(?:\d{1,3}|[A-Za-z])[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?")


Box = tuple[float, float, float, float]  # left, bottom, right, top, in points

_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\w+$")
_LEADERS_END = 40  # characters at the end of a line, in which the dots are looked for
_RIGHTWARD = (1, 0)
_TURNS = {(1, 0): 0, (0, 1): 1, (-1, 0): 2, (0, -1): 3}


# Neither of these two is changed once made; but a frozen one takes three times as long to make.
@dataclass(slots=True, eq=False)
class Segment:
    """A stretch of a line without a wide gap; places are in points along the line.

    `at` is where its characters are in the text of the page: one span, or more where words between are not seen.
    """

    left: float
    right: float
    text: str
    at: tuple[Span, ...]


@dataclass(slots=True, eq=False)
class Line:
    """A line of text, from `left` to `right`.

    `baseline` grows upwards; `height` is its place on the page, from 0 (foot) to 1 (head).
    """

    segments: tuple[Segment, ...]
    baseline: float
    height: float
    size: float  # of the font, in points
    bold: bool
    fixed: bool  # all letters are equally wide, as in program code
    turn: int  # the quarter turns of the writing direction
    first_word: float  # the width of the first word
    hyphened: bool  # the last word goes on in the next line
    outlined: tuple[int, int] | None = None  # as which title of the file's outline, and of which depth
    left: float = field(init=False)
    right: float = field(init=False)
    text: str = field(init=False)

    def __post_init__(self) -> None:
        segments = self.segments
        first = segments[0]
        self.left = first.left
        if len(segments) == 1:  # nearly always
            self.right, self.text = first.right, first.text
        else:
            self.right, self.text = segments[-1].right, " ".join([segment.text for segment in segments])

    def is_inside(self, window: Box) -> bool:
        """Whether any of the line is inside a part of the page."""
        if self.turn == 0:
            in_height = self.baseline < window[3] and self.baseline + self.size > window[1]
            return in_height and self.left < window[2] and self.right > window[0]
        x, y = next(along for along, turn in _TURNS.items() if turn == self.turn)
        ups = (self.baseline, self.baseline + self.size)
        corners = [(x * along - y * up, y * along + x * up) for along in (self.left, self.right) for up in ups]
        (left, *_, right), (bottom, *_, top) = sorted(c[0] for c in corners), sorted(c[1] for c in corners)
        return left < window[2] and right > window[0] and bottom < window[3] and top > window[1]

    @property
    def of_contents(self) -> bool:
        """Whether this is a line of a table of contents: a title, dots and a page."""
        return bool(_LEADERS.search(self.segments[-1].text[-_LEADERS_END:]))


_LINE = re.compile(rf"([^\r\n{HYPHEN}]*)(\r\n|[\r\n{HYPHEN}]|\Z)")


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
    """Reads the lines of one page."""

    def __init__(self, text_page: pdfium.PdfTextPage, box: Box, sight: Sight) -> None:
        self._sight = sight
        self._box = box
        self._text: str = text_page.get_text_range()
        self._geometry = Geometry(text_page, self._text)

    def lines(self) -> list[Line]:
        lines: list[Line] = []
        plain = self._sight.plain
        for match in _LINE.finditer(self._text):
            (start, end), hyphened = match.span(1), match[2] == HYPHEN
            if start == end:
                continue
            if plain and (line := self._even(start, match[1].rstrip(), hyphened)):
                lines.append(line)
            elif words := [word for word in _WORD.finditer(self._text, start, end) if self._sees(word)]:
                lines += self._split(words, hyphened)
        return lines

    def _sees(self, word: re.Match[str]) -> bool:
        return self._sight.sees(self._geometry.number(word.start()), self._geometry.number(word.end() - 1))

    def _even(self, start: int, text: str, hyphened: bool) -> Line | None:
        """The line with `text` from `start` on, if it is an upright one in one font without wide gaps; else None."""
        word = _WORD.match(text)
        if not word or "  " in text or (word.end() == 1 and len(text) > 1):
            return None
        ask, last, end_of_word = self._geometry, start + len(text) - 1, start + word.end() - 1
        middle = start + text.rfind(" ", 0, len(text) // 2) + 1
        look = ask.look_of_all(start, end_of_word, middle, last)
        if look is None or look.along != _RIGHTWARD:
            return None
        left, right = ask.spread(start, last)
        if not self._is_even(text, start, left, right, look):
            return None
        segment = Segment(left, max(left, right), text, ((start, last + 1),))
        first_word = (right if end_of_word == last else ask.extent(end_of_word, _RIGHTWARD)[1]) - left
        return self._line((segment,), middle, look, look.bold, look.fixed, first_word, hyphened)

    def _is_even(self, text: str, start: int, left: float, right: float, look: Look) -> bool:
        """Whether words stand where they would if all spaces were of one, usual, width."""
        slack = right - left - self._geometry.width(text, start, look)
        spaces, most = text.count(" "), _EVEN * look.size
        if not spaces:
            return abs(slack) < most
        space = slack / spaces
        usual = look.widths.space
        if usual is not None and abs(slack - usual * spaces) < most:
            return True
        if not 0 <= space < _MOST_EVEN * look.size:
            return False
        off = 0.0  # by how much the last word was not where even spaces put it
        for n in range(1, _PROBES + 1):
            at = text.find(" ", len(text) * n // (_PROBES + 1)) + 1
            if not at:
                break
            before = self._geometry.width(text[:at], start, look) + space * text.count(" ", 0, at)
            now = self._geometry.extent(start + at, look.along)[0] - left - before
            if abs(now - off) >= most:
                return False
            off = now
        if abs(off) >= most:
            return False
        look.widths.space = space
        return True

    def _split(self, words: list[re.Match[str]], hyphened: bool) -> list[Line]:
        """The line of these words; more than one where the words step back."""
        marked = len(words) > 1 and words[0].end() - words[0].start() == 1  # as a list mark is, often in another font
        middle, last = words[len(words) // 2].start(), words[-1].end() - 1
        looks = [self._geometry.look(index) for index in (words[marked].end() - 1, middle, last)]
        look = max(looks, key=lambda each: each.size)
        size, along = look.size, looks[-1].along
        runs: list[list[Segment]] = [[]]
        first_word = 0.0
        begun = 0
        left = right = self._geometry.extent(words[0].start(), along)[0]
        for n, word in enumerate(words):
            place = self._geometry.extent(word.start(), along)[0]
            if n and not -_BACK * size < place - right < _GAP * size:
                runs[-1].append(self._segment(words[begun:n], left, right))
                if place < right:
                    runs.append([])
                begun, left = n, place
            right = self._geometry.extent(word.end() - 1, along)[1]
            first_word = first_word or right - left
        runs[-1].append(self._segment(words[begun:], left, right))
        bold, fixed = all(each.bold for each in looks), all(each.fixed for each in looks)
        look = replace(look, along=along)
        return [
            self._line(_joined_mark(run), middle, look, bold, fixed, first_word, hyphened and run is runs[-1])
            for run in runs
        ]

    def _line(
        self,
        segments: tuple[Segment, ...],
        middle: int,
        look: Look,
        bold: bool,
        fixed: bool,
        first_word: float,
        hyphened: bool,
    ) -> Line:
        """A line; the character at `middle` tells how far up the page it stands."""
        x, y = look.along
        baseline = self._geometry.baseline(middle, look.along)
        low, high = self._box[1] * x - self._box[0] * y, self._box[3] * x - self._box[2] * y
        if low > high:
            low, high = high, low
        height = (baseline - low) / (high - low) if high > low else 0.5
        turn = _TURNS[look.along]
        return Line(segments, baseline, height, look.size, bold, fixed, turn, first_word, hyphened)

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


def _joined_mark(run: list[Segment]) -> tuple[Segment, ...]:
    """The segments of a line; the mark of a list item is no column of its own."""
    if len(run) == 2 and _MARK.fullmatch(run[0].text):
        return (Segment(run[0].left, run[1].right, f"{run[0].text} {run[1].text}", run[0].at + run[1].at),)
    return tuple(run)
