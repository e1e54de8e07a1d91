"""Source code and settings: the text is the file's, in blocks that belong together."""

import re
from collections.abc import Iterator

from assistant.ingest.formats.common import BLOCK_LIMIT, TEXT_LIMIT, Unreadable
from assistant.ingest.formats.encoding import decode
from assistant.types import Block, Parsed

_BLOCK_LINES = 40  # a longer run of lines is parted where a blank line or a definition begins a new part
_BEGINS = re.compile(
    r"[ \t]{0,8}(?:@\w|\[|(?:(?:export|default|public|private|protected|internal|static|abstract|final|async|override"
    r"|virtual|inline|extern|unsafe|pub(?:\(\w+\))?)\s+)*"
    r"(?:def|class|function|func|fn|interface|struct|enum|trait|impl|module|namespace|type|record|object|package"
    r"|create\s+(?:table|view|index|function|procedure))\b)",
    re.IGNORECASE,
)


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    """Read a file of code; the text is what `open(path, encoding="utf-8").read()` gives, less the byte-order mark.

    Raises:
        Unreadable: It is no text, in an unknown encoding, or longer than `limit` characters.
    """
    text = decode(data, limit=limit)
    blocks: list[Block] = []
    for start, end in _parts(text):
        if len(blocks) == BLOCK_LIMIT:
            raise Unreadable(f"it has more than {BLOCK_LIMIT:,} parts")
        blocks.append(Block("code", start, end))
    return Parsed(text, tuple(blocks))


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Runs of lines: each ends before a line after a blank one that begins a part, or when it is long."""
    start = position = lines = 0
    blank = True
    for line in text.split("\n"):
        indented = line[:1] in (" ", "\t")
        begins = blank and (not indented or lines >= _BLOCK_LINES or _BEGINS.match(line))
        if line.strip() and lines and (begins or lines >= 2 * _BLOCK_LINES):
            yield from _stripped(text, start, position)
            start, lines = position, 0
        blank = not line.strip()
        lines += not blank
        position += len(line) + 1
    yield from _stripped(text, start, len(text))


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span without the white space around it, if anything is left."""
    part = text[start:end]
    stripped = part.strip()
    if stripped:
        first = start + len(part) - len(part.lstrip())
        yield first, first + len(stripped)
