"""What the formats share: the error for files that cannot be read, and how a text is put together."""

import re

from assistant.types import Block, BlockKind, Page, Parsed

Span = tuple[int, int]

TEXT_LIMIT = 20_000_000  # characters; a thousand-page book has about three million
BLOCK_LIMIT = 1_000_000
DEEPEST = 6  # the level of a heading
NEEDS_OCR = "no text on its pages: it needs OCR"
PROPERTY_LIMIT = 300  # characters of a title; longer ones are no titles

_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


class Unreadable(Exception):
    """A file cannot be read; the message is the reason, in words a user can act on."""


def clean(text: str) -> str:
    """`text` without NUL characters and lone surrogates, so that it can be stored as UTF-8."""
    return text if text.isascii() and "\0" not in text else _NOT_STORABLE.sub("", text)


def one_line(text: str) -> str:
    """`text` with every run of white space made one space."""
    return " ".join(clean(text).split())


def as_title(value: object) -> str | None:
    """`value` as a document's title, or None where it is empty, no string, or too long to be one."""
    title = one_line(value) if isinstance(value, str) else ""
    return title if 0 < len(title) <= PROPERTY_LIMIT else None


class Builder:
    """Puts the text of a document together block by block, and keeps the spans right.

    Blocks are parted by a blank line; the items of a list and the rows of a table by a line break.
    """

    def __init__(self, limit: int = TEXT_LIMIT) -> None:
        self._limit = limit
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._pages: list[tuple[int, int]] = []  # number and start
        self.length = 0

    def add(
        self,
        kind: BlockKind,
        text: str,
        *,
        level: int = 0,
        header: Span | None = None,
        is_header: bool = False,
        apart: bool = False,
        mark: str = "",
        row: int | None = None,
    ) -> Span | None:
        """Append a block.

        Args:
            kind: What the block is.
            text: Its text; white space around it is dropped.
            level: The depth of a heading.
            header: The span of the header row, for a row below one.
            is_header: Whether this is itself a header row.
            apart: Whether a blank line comes before it even where a row follows a row.
            mark: What stands before the block but is no part of it, such as "1." before an item.
            row: The number of the row of a sheet that it stands in.

        Returns:
            The span of the text, or None where there was nothing to add.

        Raises:
            Unreadable: The text or the number of blocks passes the limit.
        """
        text = clean(text).strip()
        if not text:
            return None
        if self._blocks:
            close = kind in ("item", "row") and self._blocks[-1].kind == kind and not apart
            self._append("\n" if close else "\n\n")
        if mark:
            self._append(f"{clean(mark)} ")
        start = self.length
        self._append(text)
        span = (start, self.length)
        if len(self._blocks) == BLOCK_LIMIT:
            raise Unreadable(f"it has more than {BLOCK_LIMIT:,} paragraphs or rows")
        self._blocks.append(Block(kind, *span, level, span if is_header else header, row))
        return span

    def include(self, parsed: Parsed, deeper: int = 0) -> None:
        """Append a document that is part of this one, its headings `deeper` levels down; its pages are not kept.

        Raises:
            Unreadable: The text or the number of blocks passes the limit.
        """
        if not parsed.blocks:
            return
        if self._blocks:
            self._append("\n\n")
        moved = self.length - (len(parsed.text) - len(parsed.text.lstrip()))
        self._append(parsed.text.strip())
        if len(self._blocks) + len(parsed.blocks) > BLOCK_LIMIT:
            raise Unreadable(f"it has more than {BLOCK_LIMIT:,} paragraphs or rows")
        self._blocks += [_moved(block, moved, deeper) for block in parsed.blocks]

    @property
    def room(self) -> int:
        """How many characters may still be added."""
        return max(0, self._limit - self.length)

    def begin_page(self, number: int, start: int | None = None) -> None:
        """Begin a page at `start`, or where the next block will stand."""
        self._pages.append((number, self.length if start is None else start))

    def parsed(self, title: str | None = None, date: str | None = None) -> Parsed:
        """The document as built so far."""
        text = "".join(self._parts)
        ends = [start for _, start in self._pages[1:]] + [len(text)] * bool(self._pages)
        pages = [_trimmed(text, number, start, end) for (number, start), end in zip(self._pages, ends, strict=True)]
        return Parsed(text, tuple(self._blocks), tuple(pages), title, date)

    def _append(self, text: str) -> None:
        self.length += len(text)
        if self.length > self._limit:
            raise Unreadable(too_long(self._limit))
        self._parts.append(text)


def _moved(block: Block, by: int, deeper: int) -> Block:
    header = block.header and (block.header[0] + by, block.header[1] + by)
    level = min(block.level + deeper, DEEPEST) if block.level else 0
    return Block(block.kind, block.start + by, block.end + by, level, header, block.row)


def too_long(limit: int) -> str:
    """The reason for refusing a text of more than `limit` characters."""
    return f"its text is longer than the limit of {limit:,} characters"


def _trimmed(text: str, number: int, start: int, end: int) -> Page:
    """The page without white space at its ends; an empty page has an empty span."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Page(number, start, end)
