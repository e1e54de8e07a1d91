"""A document's text as HTML: laid out as its author did, with the cited words marked.

Every character of what is shown stands in the HTML exactly once, in its order: what parts blocks and cells is there,
too, but hidden. So the marked words, put together, are the quote. What is added to the text has the class `label`.
"""

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

from assistant.render import page_name
from assistant.types import Block, Document

Span = tuple[int, int]

WINDOW = 16_000  # characters that are shown at once
LONGEST = 64_000  # characters that are shown at once where the cited words are so many
_MAIL = ("eml", "mbox", "msg")
_MAIL_HEADER = re.compile(r"(?:From|To|Cc|Date|Attachments): ")
_NUMBERED = re.compile(r"\s*\S{1,8}\s")  # the mark of an item, such as "12." or "(iv)"
_BAR = re.compile(r" ?\| ?")
# Marks that turn the direction of text: alone in a part of their own, they turn nothing.
_STEERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def window(document: Document, cited: Span, first: int | None) -> Span:
    """The part of a text that is shown: from `first` or, without it, around the cited words.

    It begins and ends with a block, where one begins or ends near enough.
    """
    blocks, size = document.blocks, len(document.text)
    if first is not None:
        start = max(0, min(first, size - 1))
        end = min(size, start + WINDOW)
    else:
        start = max(0, cited[0] - WINDOW // 4)
        near = bisect_left(blocks, start, key=lambda block: block.start)
        if start and near < len(blocks) and blocks[near].start <= cited[0]:
            start = blocks[near].start
        end = min(size, max(start + WINDOW, min(cited[1], start + LONGEST)))
    last = bisect_right(blocks, end, key=lambda block: block.end) - 1
    if end < size and last >= 0 and blocks[last].end >= max(start + WINDOW // 2, cited[1] if first is None else 0):
        end = blocks[last].end
    return start, end


def text_html(document: Document, shown: Span, cited: Span) -> str:
    """The part `shown` of a document's text, with the words at `cited` in `<mark>`; the first has the id "cited"."""
    words = Words(document.text, cited)
    start, end = shown
    first = max(0, bisect_right(document.blocks, start, key=lambda block: block.end))
    last = bisect_left(document.blocks, end, key=lambda block: block.start)
    blocks = document.blocks[first:last]
    layout = _Layout(document, words, shown)
    at = start
    for block, following in pairwise([*blocks, None]):
        if block is None:
            break
        begin, stop = max(block.start, start), min(block.end, end)
        after = end if following is None else stop
        layout.add(block, (at, begin), (begin, stop), (stop, after))
        at = after
    rest = words.html(at, end, hidden=not document.text[at:end].strip())
    return layout.closed() + rest


class Words:
    """Parts of a text as HTML, the cited words marked."""

    def __init__(self, text: str, cited: Span) -> None:
        self.text = text
        self._cited = cited
        self._marked = False

    def html(self, start: int, end: int, hidden: bool = False) -> str:
        """The characters from `start` to `end`; hidden, they are there, but take no place."""
        first, last = (min(max(place, start), end) for place in self._cited)
        parts = ((start, first, False), (first, last, True), (last, end, False))
        return "".join(self._part(a, b, marked, hidden) for a, b, marked in parts if a < b)

    def cites(self, start: int, end: int) -> bool:
        """Whether cited words stand there."""
        return max(start, self._cited[0]) < min(end, self._cited[1])

    def _part(self, start: int, end: int, marked: bool, hidden: bool) -> str:
        words = _STEERING.sub(_alone, html.escape(self.text[start:end])).replace("\r", "&#13;")
        attributes = " hidden" if hidden else ""
        if not marked:
            return f"<span hidden>{words}</span>" if hidden else words
        if not hidden and not self._marked:
            self._marked = True
            attributes += ' id="cited"'
        return f"<mark{attributes}>{words}</mark>"


def _alone(match: re.Match[str]) -> str:
    return f'<bdi class="steering" title="U+{ord(match[0]):04X}, which turns the direction of text">{match[0]}</bdi>'


class _Layout:
    """Puts blocks into sections for pages, and into tables and lists."""

    def __init__(self, document: Document, words: Words, shown: Span) -> None:
        self._document, self._words, self._shown = document, words, shown
        self._html: list[str] = []
        self._page = -1  # the place among the pages of what was added last
        self._open: list[str] = []  # end tags of what is open, the innermost last
        self._last: Block | None = None

    def closed(self) -> str:
        """All that was added."""
        self._close(0)
        return "".join(self._html)

    def add(self, block: Block, before: Span, said: Span, after: Span) -> None:
        """Append a block: what stands before it, what it says, and what stands after it."""
        self._turn_page(block)
        before = self._stray(before)
        self._enter(block, before)
        cited = ' class="cited"' if self._words.cites(*said) else ""
        if block.kind == "row":
            number = f'<td class="label number">{block.row}</td>' if block.row is not None else ""
            self._html.append(f"<tr{cited}>{number}{''.join(self._cells(block, before, said, after))}</tr>")
        else:
            tag, kind = self._tag(block)
            mark = self._mark(before, visible=block.kind == "item")
            named = self._mail_header(said) if self._is_mail_header(block) else self._words.html(*said)
            rest = self._words.html(*after, hidden=True)
            self._html.append(f'<{tag} dir="auto"{kind}>{mark}{named}{rest}</{tag}>')
        self._last = block

    def _turn_page(self, block: Block) -> None:
        pages = self._document.pages
        number = bisect_right(pages, block.start, key=lambda page: page.start) - 1
        if number == self._page or number < 0:
            return
        self._close(0)
        page = pages[number]
        name = page_name(self._document.kind, page.number, page.label)
        self._html.append(f'<section><h2 class="label page">{html.escape(name[:1].upper() + name[1:])}</h2>')
        self._open.append("</section>")
        self._page, self._last = number, None

    def _enter(self, block: Block, before: Span) -> None:
        """Open the table or list that a block belongs to, and close the one that it does not belong to."""
        last, text = self._last, self._document.text
        goes_on = last is not None and last.kind == block.kind
        if goes_on and block.kind == "row" and last is not None:
            goes_on = last.header == block.header and "\n\n" not in text[before[0] : before[1]]
        if block.kind not in ("row", "item") or not goes_on:
            self._close(1 if self._page >= 0 else 0)
            if block.kind == "row":
                self._html.append('<div class="wide" tabindex="0" role="region" aria-label="Table"><table>')
                self._open.append("</table></div>")
                self._html.append(self._head(block))
            elif block.kind == "item":
                self._html.append("<ul>")
                self._open.append("</ul>")

    def _head(self, block: Block) -> str:
        """The header of a table that begins before what is shown, or nothing."""
        if block.header is None or block.header[0] >= self._shown[0]:
            return ""
        apart = Words(self._document.text, (0, 0))
        cells = [f"<th>{apart.html(*cell)}</th>" for cell, _ in _parted(self._document.text, block.header)]
        number = "<td></td>" if block.row is not None else ""
        return f'<thead class="label"><tr>{number}{"".join(cells)}</tr></thead>'

    def _cells(self, block: Block, before: Span, said: Span, after: Span) -> Iterator[str]:
        words = self._words
        tag = "th" if block.header == (block.start, block.end) else "td"
        opening, closing = words.html(*before, hidden=True), words.html(*after, hidden=True)
        for (start, end), (bar, stop) in _parted(words.text, said):
            rest = words.html(bar, stop, hidden=True) if bar < stop else closing
            yield f'<{tag} dir="auto">{opening}{words.html(start, end)}{rest}</{tag}>'
            opening = ""

    def _is_mail_header(self, block: Block) -> bool:
        text = self._document.text
        return (
            self._document.kind in _MAIL
            and block.kind == "paragraph"
            and _MAIL_HEADER.match(text, block.start) is not None
            and self._last is not None
            and (self._last.kind == "heading" or self._is_named(self._last))
        )

    def _is_named(self, block: Block) -> bool:
        return block.kind == "paragraph" and _MAIL_HEADER.match(self._document.text, block.start) is not None

    def _mail_header(self, said: Span) -> str:
        colon = self._document.text.find(":", *said)
        name = said[0] if colon < 0 else colon + 1
        return f"<b>{self._words.html(said[0], name)}</b>{self._words.html(name, said[1])}"

    def _tag(self, block: Block) -> tuple[str, str]:
        if block.kind == "heading":
            return f"h{min(block.level + 1, 6)}", ""
        if block.kind == "item":
            return "li", ""
        if block.kind == "code":
            return "div", ' class="code"'
        return "p", ' class="header"' if self._is_mail_header(block) else ""

    def _stray(self, gap: Span) -> Span:
        """Show words that are part of no block, such as the settings above a text; what is left of the gap."""
        if not any(map(str.isalnum, self._words.text[gap[0] : gap[1]])) or _NUMBERED.fullmatch(
            self._words.text, *gap
        ):
            return gap
        self._close(1 if self._page >= 0 else 0)
        self._html.append(f'<p dir="auto" class="stray">{self._words.html(*gap)}</p>')
        self._last = None
        return gap[1], gap[1]

    def _mark(self, gap: Span, visible: bool) -> str:
        """What stands before a block and is no part of it: white space, and marks, which before an item are shown."""
        text = self._words.text[gap[0] : gap[1]]
        space = gap[0] + len(text) - len(text.lstrip())
        if not visible or space == gap[1]:
            return self._words.html(*gap, hidden=True)
        return self._words.html(gap[0], space, hidden=True) + self._words.html(space, gap[1])

    def _close(self, kept: int) -> None:
        while len(self._open) > kept:
            self._html.append(self._open.pop())


def _parted(text: str, row: Span) -> Iterator[tuple[Span, Span]]:
    """The cells of a row, each with the mark that parts it from the next, an empty one after the last."""
    start, end = row
    for bar in _BAR.finditer(text, start, end):
        yield (start, bar.start()), bar.span()
        start = bar.end()
    yield (start, end), (end, end)
