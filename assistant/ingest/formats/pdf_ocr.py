"""The lines of a PDF page that is a picture, recognised by RapidOCR, which is loaded for the first such page.

A page is drawn, and what is recognised there gets the places that text has: lines in the order of reading, and
a box for each character, so that the layout, the tables and the boxes of citations are made as for any other page.
"""

import ctypes
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from assistant.hashing import sha256_of
from assistant.ingest.formats.common import Unreadable, clean
from assistant.ingest.formats.pdf_lines import Box, Line, Segment

OCR_PAGES = 100  # of one file: a page takes seconds
_WEIGHTS = {
    "PP-OCRv6_det_small.onnx": "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    "PP-OCRv6_rec_small.onnx": "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
}
_SCALE = 200 / 72  # pixels a point
_LONGEST = 2_000  # pixels; RapidOCR makes larger pictures smaller itself
_FONT = 0.8  # of the height of a line's box, which reaches beyond ascenders and descenders
_FOOT = 0.2  # of that height: from the foot of the box to the baseline
_SAME_SIZE = 0.3  # of the usual height: by so much the heights of equal lines differ
_ROW = 0.4  # of the size: boxes whose feet differ by less stand side by side
_GAP = 0.8  # of the size, between boxes that are no columns, as in `pdf_lines`
_COLUMN = 0.2  # of the width of the text: the least that the lines of a column usually take
_COLUMN_LINES = 4
_ENGINE = {
    "Global.log_level": "critical",
    "Global.use_cls": False,  # which of its lines are upside down: pages are turned as they say
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


@dataclass(frozen=True, slots=True)
class _Seen:
    """A stretch of text as it was seen: its place on the upright picture, in points from the left and the foot."""

    left: float
    foot: float
    right: float
    head: float
    text: str

    @property
    def height(self) -> float:
        return self.head - self.foot


class Recognised:
    """What was recognised on a page: lines for the layout, and the boxes of the characters in its text."""

    def __init__(self, page: pdfium.PdfPage, seen: Sequence[_Seen]) -> None:
        self._window: Box = page.get_bbox()
        self._page_of = _Upright(page)
        self.text = ""
        self._begins: list[int] = []
        self._seen: list[_Seen] = []
        usual = median([each.height for each in seen]) if seen else 0.0
        self.lines = [self._line(row, usual) for row in _in_order(seen)]

    def box(self, indexes: Sequence[int]) -> Box | None:
        """The box around characters of `text`, as far as it lies on the page; their line's height is theirs."""
        corners = [corner for index in indexes for corner in self._corners(index)]
        left, bottom, right, top = self._window
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        box = max(left, min(xs)), max(bottom, min(ys)), min(right, max(xs)), min(top, max(ys))
        return box if box[0] < box[2] and box[1] < box[3] else None

    def close(self) -> None:
        """Nothing is open."""

    def _corners(self, index: int) -> tuple[tuple[float, float], tuple[float, float]]:
        number = bisect_right(self._begins, index) - 1
        seen, at = self._seen[number], index - self._begins[number]
        each = (seen.right - seen.left) / max(1, len(seen.text))
        left = seen.left + at * each
        return self._page_of.point(left, seen.foot), self._page_of.point(left + each, seen.head)

    def _line(self, row: Sequence[_Seen], usual: float) -> Line:
        segments: list[Segment] = []
        height = median([seen.height for seen in row])
        size = _FONT * (usual if abs(height - usual) < _SAME_SIZE * usual else height)
        for seen in row:
            start = len(self.text)
            self._begins.append(start)
            self._seen.append(seen)
            self.text += f"{seen.text}\n"
            span = start, start + len(seen.text)
            if segments and seen.left - segments[-1].right < _GAP * size:
                last = segments.pop()
                segments.append(Segment(last.left, seen.right, f"{last.text} {seen.text}", (*last.at, span)))
            else:
                segments.append(Segment(seen.left, seen.right, seen.text, (span,)))
        first = row[0]
        word = len(first.text.split()[0]) / len(first.text) * (first.right - first.left)
        baseline = first.foot + _FOOT * first.height
        place = baseline / self._page_of.height
        return Line(tuple(segments), baseline, place, size, False, False, 0, word, False)


class PageReader:
    """Recognises pages of one document, and keeps what was recognised by the index of the page."""

    def __init__(self) -> None:
        self.pages: dict[int, Recognised] = {}
        self._engine: Any = None

    def read(self, document: pdfium.PdfDocument, number: int) -> list[Line]:
        """The lines on a page.

        Raises:
            Unreadable: Too many pages of the document were read before.
        """
        if len(self.pages) == OCR_PAGES:
            raise Unreadable(f"more than {OCR_PAGES} of its pages are pictures, which takes too long to recognise")
        self._engine = self._engine or _engine()
        page = document[number]
        try:
            scale = min(_SCALE, _LONGEST / max(page.get_size()))
            found = self._engine(page.render(scale=scale, draw_annots=False).to_numpy())
            seen = list(_seen(found, scale, page.get_size()[1]))
            self.pages[number] = Recognised(page, seen)
        finally:
            page.close()
        return self.pages[number].lines


def _engine() -> Any:
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise Unreadable("its pages are pictures, and the extra that recognises them is not installed")
    models = Path(spec.origin).with_name("models")
    for name, expected in _WEIGHTS.items():
        if not (models / name).is_file() or sha256_of(models / name) != expected:
            raise Unreadable(f"its pages are pictures, and {name} of rapidocr is not the tested one; reinstall it")
    from rapidocr import RapidOCR

    return RapidOCR(params=_ENGINE)


def _seen(found: Any, scale: float, height: float) -> Iterator[_Seen]:
    if found.boxes is None:
        return
    for corners, said in zip(found.boxes.tolist(), found.txts, strict=True):
        text = " ".join(clean(said).split())
        xs, ys = [x / scale for x, _ in corners], [height - y / scale for _, y in corners]
        if text and min(xs) < max(xs) and min(ys) < max(ys):
            yield _Seen(min(xs), min(ys), max(xs), max(ys), text)


class _Upright:
    """A page as it is shown: turned as it says, and cut as it says."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        width, self.height = page.get_size()
        x, y = (ctypes.c_double() for _ in range(2))
        fine = 1_000  # the corners are asked for in whole units of the picture

        def corner(right: int, down: int) -> tuple[float, float]:
            raw.FPDF_DeviceToPage(page, 0, 0, fine, fine, 0, right * fine, down * fine, x, y)
            return x.value, y.value

        self._foot, end, head = corner(0, 1), corner(1, 1), corner(0, 0)
        self._along = tuple((a - b) / width for a, b in zip(end, self._foot, strict=True))
        self._up = tuple((a - b) / self.height for a, b in zip(head, self._foot, strict=True))

    def point(self, right: float, up: float) -> tuple[float, float]:
        """A point in the page's own space, from points to the right and up from its left foot as it is shown."""
        x, y = (
            start + right * along + up * rise
            for start, along, rise in zip(self._foot, self._along, self._up, strict=True)
        )
        return x, y


def _in_order(seen: Sequence[_Seen]) -> Iterator[list[_Seen]]:
    """What was seen in the order of reading: rows from above, in columns of prose one column after another."""
    waiting: list[_Seen] = []
    gutters = _gutters(seen)
    for each in sorted(seen, key=lambda each: (-each.foot, each.left)):
        if any(each.left < gutter < each.right for gutter in gutters):  # it goes over the columns
            yield from _by_column(waiting, gutters)
            yield [each]
            waiting = []
        else:
            waiting.append(each)
    yield from _by_column(waiting, gutters)


def _by_column(seen: Sequence[_Seen], gutters: Sequence[float]) -> Iterator[list[_Seen]]:
    for number in range(len(gutters) + 1):
        rows: list[list[_Seen]] = []
        for each in seen:
            if bisect_right(gutters, each.left) != number:
                continue
            if rows and abs(rows[-1][0].foot - each.foot) < _ROW * each.height:
                rows[-1].append(each)
            else:
                rows.append([each])
        yield from (sorted(row, key=lambda each: each.left) for row in rows)


def _gutters(seen: Sequence[_Seen]) -> list[float]:
    """Where columns of prose are parted: between stretches of the width that hold several lines, long ones."""
    if not seen:
        return []
    width = max(each.right for each in seen) - min(each.left for each in seen)
    narrow = sorted((each for each in seen if each.right - each.left < width / 2), key=lambda each: each.left)
    columns: list[list[_Seen]] = []
    for each in narrow:
        if columns and each.left < max(other.right for other in columns[-1]):
            columns[-1].append(each)
        else:
            columns.append([each])
    for column in columns:
        if len(column) < _COLUMN_LINES or median(each.right - each.left for each in column) < _COLUMN * width:
            return []
    return [
        (max(each.right for each in before) + min(each.left for each in after)) / 2
        for before, after in zip(columns, columns[1:], strict=False)
    ]
