"""Lines of a PDF to paragraphs and list items, by the distances between lines and by where they begin and end."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from assistant.ingest.formats.common import Span, clean
from assistant.ingest.formats.pdf_lines import Line
from assistant.ingest.formats.pdf_tables import Table, find_tables, one_row
from assistant.ingest.formats.tables import Row, has_header

_SAME_SIZE = 0.11  # of the size; less than sets a heading apart, more than code within text
_LARGER = 1.12  # times the size of the body: a heading
_USUAL_LEADING = 1.2  # of the size, where a document gives no better measure
_WIDEST_LEADING = 2.4  # of the size: double spacing
_PARAGRAPH_GAP = 1.25  # of the leading
_HEADING_GAP, _CODE_GAP = 1.4, 2.2  # of the size
_INDENT = 0.8  # of the size
_SPACE = 0.3  # of the size
_NEIGHBOURS = 4  # lines on either side that tell how far a column reaches
_MOST = 0.4  # of all characters; where so much is bold or of fixed pitch, that sets nothing apart
ITEM_MARK = re.compile(
    r"(?:[•‣▪●◦■□\uf0a7\uf0b7\uf0d8]\s*|[-–*]\s+|(?:\d{1,3}[.)]|\((?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})\)|[a-z]\))\s+)(?=\S)"
)
_ENDED = re.compile(r"[.!?:;…][\"'”’»)\]]*$")


Source = tuple[int, Span]  # the index of a page, and a span of its text


@dataclass(slots=True)
class Group:
    """Lines that make up one block."""

    page: int  # the index of the page where it begins
    lines: list[Line]
    kind: Literal["paragraph", "item", "code"]
    jumped: bool  # it is the first of a page or column
    breaks: list[tuple[int, int]] = field(default_factory=list)  # a page's index, and which line begins it

    def joined(self) -> tuple[str, list[int]]:
        """The text, words parted at line ends put together, and where each line begins in it."""
        text = clean(self.lines[0].text)
        if len(self.lines) == 1:
            return f"{text}-" if self.lines[0].hyphened else text, [0]
        starts = [0]
        for before, line in pairwise(self.lines):
            shown = clean(line.text)
            text = f"{text}\n" if self.kind == "code" else _with_joint(text, before, shown)
            starts.append(len(text))
            text += shown
        return text + "-" * self.lines[-1].hyphened, starts

    def sources(self) -> Iterator[Source]:
        """Where its characters are, in the order of its text."""
        page, breaks = self.page, {line: page for page, line in self.breaks}
        for n, line in enumerate(self.lines):
            page = breaks.get(n, page)
            for segment in line.segments:
                yield from ((page, span) for span in segment.at)


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table, the index of the page it is on, and whether it began on the page before."""

    page: int
    table: Table
    goes_on: bool = False

    def sources(self) -> Iterator[Source]:
        """Where its characters are, in the order of its text."""
        return ((self.page, span) for row in self.table.at for span in row)


@dataclass(frozen=True, slots=True)
class Fonts:
    """What is usual in a document."""

    body: float  # the size most of it is set in
    leading: dict[float, float]  # the distance of lines, by their size
    bold: bool  # most of it is bold, so that bold lines are no headings
    fixed: bool  # most of it is of fixed pitch, so that such lines are no code

    @classmethod
    def of(cls, pages: Sequence[Sequence[Line]]) -> "Fonts":
        """The measure of a document's lines."""
        characters: Counter[float] = Counter()
        drops: dict[float, Counter[float]] = defaultdict(Counter)
        bold = fixed = 0
        for lines in pages:
            last_size, last_baseline = 0.0, 0.0
            for line in lines:
                size, baseline = halves(line.size), line.baseline
                length = len(line.text) - len(line.segments) + 1
                characters[size] += length
                if line.bold:
                    bold += length
                if line.fixed:
                    fixed += length
                if size == last_size and 0 < (drop := last_baseline - baseline) <= _WIDEST_LEADING * size:
                    drops[size][halves(drop)] += 1
                last_size, last_baseline = size, baseline
        body = max(characters, key=lambda size: (characters[size], size), default=0.0)
        leading = {size: max(counts, key=lambda drop: (counts[drop], -drop)) for size, counts in drops.items()}
        most = _MOST * characters.total()
        return cls(body, leading, bold > most, fixed > most)

    def is_larger(self, line: Line) -> bool:
        """Whether a line is set clearly larger than the text."""
        return line.size >= _LARGER * self.body

    def is_code(self, line: Line) -> bool:
        """Whether a line is set as program code is."""
        return line.fixed and not self.fixed and not self.is_larger(line)


def halves(points: float) -> float:
    """`points` rounded to halves: programs write 11.04 for 11."""
    return round(points * 2) / 2


def groups(pages: Sequence[Sequence[Line]], fonts: Fonts) -> list[Group | PlacedTable]:
    """The blocks of a document in the order of reading; paragraphs go on over the ends of columns and pages."""
    found: list[Group | PlacedTable] = []
    for group in _groups(pages, fonts):
        before = found[-1] if found else None
        if isinstance(group, Group) and isinstance(before, Group) and _goes_on(before, group, fonts):
            if group.page != before.page:
                before.breaks.append((group.page, len(before.lines)))
            before.lines += group.lines
        else:
            found.append(group)
    return _tables_over_pages(found)


def _tables_over_pages(found: Sequence[Group | PlacedTable]) -> list[Group | PlacedTable]:
    """Tables that are broken by the end of a page told of each other; a single row there is a table, too."""
    told: list[Group | PlacedTable] = []
    head: Row | None = None  # the header that the rows of the last table stand under
    for part in found:
        before = told[-1] if told else None
        above, below = _table_of(before), _table_of(part)
        tables = isinstance(before, PlacedTable) or isinstance(part, PlacedTable)
        if before and above and below and tables and part.page > before.page and above.goes_on_in(below):
            if isinstance(before, Group):
                above = replace(above, header=has_header([*above.rows, *below.rows]))
                told[-1] = PlacedTable(before.page, above)
                head = above.rows[0] if above.header else None
            repeated = below.rows[0] == head
            told.append(
                PlacedTable(
                    part.page, replace(below, rows=below.rows[repeated:], at=below.at[repeated:]), goes_on=True
                )
            )
            continue
        if isinstance(part, PlacedTable):
            head = part.table.rows[0] if part.table.header else None
        told.append(part)
    return told


def _table_of(part: Group | PlacedTable | None) -> Table | None:
    if isinstance(part, PlacedTable):
        return part.table
    if part is None:
        return None
    return one_row(part.lines[0]) if len(part.lines) == 1 and part.kind == "paragraph" else None


def _groups(pages: Sequence[Sequence[Line]], fonts: Fonts) -> Iterator[Group | PlacedTable]:
    for page, lines in enumerate(pages):
        pieces = list(find_tables(lines, fonts.is_code))
        group: Group | None = None
        for n, piece in enumerate(pieces):
            if isinstance(piece, Table):
                if group:
                    yield group
                yield PlacedTable(page, piece)
                group = None
                continue
            if group and _continues(group, pieces, n, fonts):
                group.lines.append(piece)
                continue
            jumped = n == 0 or (group is not None and piece.baseline > group.lines[-1].baseline)
            if group:
                yield group
            group = Group(page, [piece], _kind(piece, fonts), jumped)
        if group:
            yield group


def _kind(line: Line, fonts: Fonts) -> Literal["paragraph", "item", "code"]:
    """What a line begins."""
    if fonts.is_code(line):
        return "code"
    return "item" if line.of_contents or ITEM_MARK.match(line.text) else "paragraph"


def _alike(one: Line, other: Line, fonts: Fonts) -> bool:
    if one.bold != other.bold or one.turn != other.turn or abs(one.size - other.size) > _SAME_SIZE * other.size:
        return False
    return not (one.fixed or other.fixed) or fonts.is_code(one) == fonts.is_code(other)


def _goes_on(before: Group, group: Group, fonts: Fonts) -> bool:
    """Whether a group at the head of a column or page goes on with the one before it."""
    last, first = before.lines[-1], group.lines[0]
    if last.outlined or first.outlined:
        return False
    if not group.jumped or group.kind != "paragraph" or not _alike(last, first, fonts) or fonts.is_larger(first):
        return False
    if _ENDED.search(last.text) or last.of_contents:
        return False
    if first.text[0].islower():
        return True
    return len(before.lines) > 1 and _needed(last, first) >= max(line.right for line in before.lines + group.lines)


def _continues(group: Group, pieces: Sequence[Line | Table], n: int, fonts: Fonts) -> bool:
    """Whether piece `n`, a line, belongs to the paragraph above it."""
    last, line = group.lines[-1], pieces[n]
    if not isinstance(line, Line):
        return False
    if last.outlined or line.outlined:
        return last.outlined == line.outlined
    if not _alike(last, line, fonts):
        return False
    larger, code = fonts.is_larger(line), line.fixed and fonts.is_code(line)
    if larger or code:
        reach = (_HEADING_GAP if larger else _CODE_GAP) * line.size
    else:
        reach = _PARAGRAPH_GAP * fonts.leading.get(halves(line.size), _USUAL_LEADING * line.size)
    if not 0 < last.baseline - line.baseline <= reach or last.of_contents:
        return False
    if last.hyphened or larger or code:
        return True
    if _begins_item(line, group) or not _aligned(group, line, pieces[n + 1] if n + 1 < len(pieces) else None):
        return False
    near = pieces[max(0, n - _NEIGHBOURS) : n + 1 + _NEIGHBOURS]
    return not _had_room(last, line, near) or (line.text[0].islower() and not _ENDED.search(last.text))


def _had_room(last: Line, line: Line, near: Sequence[Line | Table]) -> bool:
    """Whether the first word of a line would have fitted into the line above, which therefore ended a paragraph.

    Its column reaches as far as those of the lines `near` that begin about where it does.
    """
    needed, begin, off = _needed(last, line), last.left, 3 * line.size
    for other in near:
        if isinstance(other, Line) and other.right > needed and abs(other.left - begin) <= off:
            return True
    return False


def _needed(last: Line, line: Line) -> float:
    """How far the line above would reach with the first word of a line."""
    return last.right + _SPACE * line.size + line.first_word


def _begins_item(line: Line, group: Group) -> bool:
    """Whether a line begins with a list mark that is one: a line of prose may begin with "12)"."""
    match = ITEM_MARK.match(line.text)
    if not match:
        return False
    return group.kind == "item" or not match[0].strip(" ().").isalnum() or bool(_ENDED.search(group.lines[-1].text))


def _aligned(group: Group, line: Line, after: Line | Table | None) -> bool:
    """Whether a line begins where the next line of a paragraph would."""
    step = line.left - group.lines[-1].left
    indent = _INDENT * line.size
    if len(group.lines) > 1 or group.kind == "item":
        # The lines of an item stand under its first word, or under its mark.
        return abs(step) <= indent or (len(group.lines) == 1 and step > 0)
    if step <= indent:
        return True
    # Further in than the only line so far: a hanging indent if the next line stands there too, else a new paragraph.
    return isinstance(after, Line) and abs(after.left - line.left) <= indent


def _with_joint(text: str, before: Line, shown: str) -> str:
    """A text, ready to have its next line, `shown`, put behind it."""
    if before.hyphened:
        return text if shown[0].islower() else text + "-"
    if not text.endswith("-") or not text[-2:-1].isalnum():
        return f"{text} "
    parted = shown[0].islower() and text[-2].isalpha()  # "infor-" and "mation", but not "Franco-" and "German"
    return text[:-1] if parted else text
