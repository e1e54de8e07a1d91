"""Lines of a PDF to paragraphs and list items, by the distances between lines and by where they begin and end."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.ingest.formats.common import clean
from assistant.ingest.formats.pdf_lines import Line
from assistant.ingest.formats.pdf_tables import Table, find_tables

_SAME_SIZE = 0.08  # of the size
_LARGER = 1.12  # times the size of the body: a heading
_USUAL_LEADING = 1.2  # of the size, where a document gives no better measure
_WIDEST_LEADING = 2.4  # of the size: double spacing
_PARAGRAPH_GAP = 1.25  # of the leading
_INDENT = 0.8  # of the size
_SPACE = 0.3  # of the size
_NEIGHBOURS = 4  # lines on either side that tell how far a column reaches
_BOLD_DOCUMENT = 0.4  # of all characters; where so much is bold, bold marks no headings
ITEM_MARK = re.compile(
    r"(?:[•‣▪●◦■□\uf0a7\uf0b7\uf0d8]\s*|[-–*]\s+|(?:\d{1,3}[.)]|\((?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})\)|[a-z]\))\s+)(?=\S)"
)
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\d+$")  # a line of a table of contents
_ENDED = re.compile(r"[.!?:;…][\"'”’»)\]]*$")


@dataclass(slots=True)
class Group:
    """Lines that make up one block."""

    page: int  # the index of the page where it begins
    lines: list[Line]
    item: bool
    jumped: bool  # it is the first of a page or column
    breaks: list[tuple[int, int]] = field(default_factory=list)  # a page's index, and which line begins it

    def joined(self) -> tuple[str, list[int]]:
        """The text, words parted at line ends put together, and where each line begins in it."""
        text, starts = "", []
        for before, line in zip([None, *self.lines], self.lines, strict=False):
            shown = clean(line.text)
            text += _joint(text, before, shown)
            if before and text.endswith("-") and not before.hyphened and shown[0].islower() and text[-2:-1].isalpha():
                text = text[:-1]
            starts.append(len(text))
            text += shown
        return text + "-" * self.lines[-1].hyphened, starts


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table, and the index of the page it is on."""

    page: int
    table: Table


@dataclass(frozen=True, slots=True)
class Fonts:
    """What is usual in a document."""

    body: float  # the size most of it is set in
    leading: dict[float, float]  # the distance of lines, by their size
    bold_headings: bool  # bold lines are rare enough to be headings

    @classmethod
    def of(cls, pages: Sequence[Sequence[Line]]) -> "Fonts":
        """The measure of a document's lines."""
        characters: Counter[float] = Counter()
        drops: dict[float, Counter[float]] = {}
        bold = 0
        for lines in pages:
            for before, line in zip([None, *lines], lines, strict=False):
                size = halves(line.size)
                length = sum(len(segment.text) for segment in line.segments)
                characters[size] += length
                bold += length * line.bold
                drop = before.baseline - line.baseline if before and halves(before.size) == size else 0.0
                if 0 < drop <= _WIDEST_LEADING * size:
                    drops.setdefault(size, Counter())[halves(drop)] += 1
        body = max(characters, key=lambda size: (characters[size], size), default=0.0)
        leading = {size: max(counts, key=lambda drop: (counts[drop], -drop)) for size, counts in drops.items()}
        return cls(body, leading, bold < _BOLD_DOCUMENT * characters.total())

    def is_larger(self, line: Line) -> bool:
        """Whether a line is set clearly larger than the text."""
        return line.size >= _LARGER * self.body


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
    return found


def _groups(pages: Sequence[Sequence[Line]], fonts: Fonts) -> Iterator[Group | PlacedTable]:
    for page, lines in enumerate(pages):
        pieces = list(find_tables(lines))
        group: Group | None = None
        for n, piece in enumerate(pieces):
            if isinstance(piece, Table):
                if group:
                    yield group
                yield PlacedTable(page, piece)
                group = None
                continue
            near = [
                other for other in pieces[max(0, n - _NEIGHBOURS) : n + 1 + _NEIGHBOURS] if isinstance(other, Line)
            ]
            after = pieces[n + 1] if n + 1 < len(pieces) else None
            if group and _continues(group, piece, near, after, fonts):
                group.lines.append(piece)
                continue
            jumped = n == 0 or (group is not None and piece.baseline > group.lines[-1].baseline)
            if group:
                yield group
            item = bool(ITEM_MARK.match(piece.text) or _LEADERS.search(piece.text))
            group = Group(page, [piece], item, jumped)
        if group:
            yield group


def _alike(one: Line, other: Line) -> bool:
    return one.turn == other.turn and one.bold == other.bold and abs(one.size - other.size) <= _SAME_SIZE * other.size


def _goes_on(before: Group, group: Group, fonts: Fonts) -> bool:
    """Whether a group at the head of a column or page goes on with the one before it."""
    last, first = before.lines[-1], group.lines[0]
    if not group.jumped or group.item or not _alike(last, first) or fonts.is_larger(first):
        return False
    return first.text[0].islower() and not _ENDED.search(last.text)


def _continues(group: Group, line: Line, near: Sequence[Line], after: Line | Table | None, fonts: Fonts) -> bool:
    """Whether `line` belongs to the paragraph above it."""
    last = group.lines[-1]
    drop = last.baseline - line.baseline
    leading = fonts.leading.get(halves(line.size), _USUAL_LEADING * line.size)
    if not _alike(last, line) or not 0 < drop <= _PARAGRAPH_GAP * leading or _LEADERS.search(last.text):
        return False
    if last.hyphened or fonts.is_larger(line):
        return True
    if _begins_item(line, group) or not _aligned(group, line, after):
        return False
    reach = max(other.right for other in near if abs(other.left - last.left) <= 3 * line.size or other is last)
    had_room = last.right + _SPACE * line.size + line.first_word < reach
    return not had_room or (line.text[0].islower() and not _ENDED.search(last.text))


def _begins_item(line: Line, group: Group) -> bool:
    """Whether a line begins with a list mark that is one: a line of prose may begin with "12)"."""
    match = ITEM_MARK.match(line.text)
    if not match:
        return False
    return group.item or not match[0].strip(" ().").isalnum() or bool(_ENDED.search(group.lines[-1].text))


def _aligned(group: Group, line: Line, after: Line | Table | None) -> bool:
    """Whether a line begins where the next line of a paragraph would."""
    step = line.left - group.lines[-1].left
    indent = _INDENT * line.size
    if len(group.lines) > 1 or group.item:
        # The lines of an item stand under its first word, or under its mark.
        return abs(step) <= indent or (len(group.lines) == 1 and step > 0)
    if step <= indent:
        return True
    # Further in than the only line so far: a hanging indent if the next line stands there too, else a new paragraph.
    return isinstance(after, Line) and abs(after.left - line.left) <= indent


def _joint(text: str, before: Line | None, shown: str) -> str:
    """What stands between a text and the next line of it."""
    if before is None:
        return ""
    if before.hyphened:
        return "" if shown[0].islower() else "-"
    return "" if text.endswith("-") and text[-2:-1].isalnum() else " "
