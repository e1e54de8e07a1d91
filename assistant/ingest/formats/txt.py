"""Plain text: the text is the file's, and its layout is read from blank lines, underlines and list marks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.ingest.formats.common import BLOCK_LIMIT, TEXT_LIMIT, Unreadable, clean, too_long
from assistant.ingest.formats.encoding import decode
from assistant.types import Block, BlockKind, Parsed

_LIST_MARK = re.compile(r"\s*(?:([-*•‣▪●–])|(\d{1,3})[.)])\s+(?=\S)")
_UNDERLINE = re.compile(r"\s*(={3,}|-{3,})\s*")
_SENTENCE_ENDS = tuple(".,;:!?…")
_TITLE_LIMIT = 120  # characters
_CAPITALS_LIMIT = 80
_CAPITALS_LEAST = 4  # letters; fewer are a mark such as "II" or "***A"


@dataclass(frozen=True, slots=True)
class Line:
    """A line with something on it; `start` is where it stands in the text."""

    start: int
    text: str


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    """Read a text file; the text is what `open(path, encoding="utf-8").read()` gives, less the byte-order mark.

    Raises:
        Unreadable: It is no text, in an unknown encoding, or longer than `limit` characters.
    """
    return parse_text(decode(data), limit)


def parse_text(text: str, limit: int = TEXT_LIMIT, titled: bool = True) -> Parsed:
    """Read a text, less what cannot be stored; `titled` says whether its first line is a title where it stands alone.

    Raises:
        Unreadable: It is longer than `limit` characters.
    """
    text = clean(text)
    if len(text) > limit:
        raise Unreadable(too_long(limit))
    blocks: list[Block] = []
    paragraphs = list(_paragraphs(text))
    for number, lines in enumerate(paragraphs):
        blocks += _blocks(lines, first=titled and number == 0, last=number == len(paragraphs) - 1)
        if len(blocks) > BLOCK_LIMIT:
            raise Unreadable(f"it has more than {BLOCK_LIMIT:,} paragraphs")
    return Parsed(text, tuple(blocks))


def _paragraphs(text: str) -> Iterator[list[Line]]:
    """The runs of lines between blank ones."""
    lines: list[Line] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            lines.append(Line(start, line))
        elif lines:
            yield lines
            lines = []
        start += len(line) + 1
    if lines:
        yield lines


def _blocks(lines: list[Line], first: bool, last: bool) -> Iterator[Block]:
    """The blocks of one run of lines: a heading, list items, a paragraph, or one after the other."""
    if level := _underlined(lines):
        yield _block("heading", lines[:1], level=level)
        lines = lines[2:]
    elif not last and len(lines) == 1 and (level := _title_level(lines[0].text.strip(), first)):
        yield _block("heading", lines, level=level)
        return
    yield from _items_and_paragraphs(lines)


def _underlined(lines: list[Line]) -> int:
    """The level of a first line that is underlined with "=" (1) or "-" (2), else 0."""
    if len(lines) < 2 or len(lines[0].text) > _TITLE_LIMIT or _UNDERLINE.fullmatch(lines[0].text):
        return 0
    match = _UNDERLINE.fullmatch(lines[1].text)
    return 0 if match is None else 1 if match[1].startswith("=") else 2


def _title_level(line: str, first: bool) -> int:
    """The level of a line that stands alone above others, 0 where it is no title beyond doubt."""
    if line.endswith(_SENTENCE_ENDS) or _LIST_MARK.match(line) or not any(map(str.isalpha, line)):
        return 0
    if first:
        return 1 if len(line) <= _TITLE_LIMIT else 0
    letters = sum(map(str.isalpha, line))
    return 2 if line.isupper() and letters >= _CAPITALS_LEAST and len(line) <= _CAPITALS_LIMIT else 0


def _items_and_paragraphs(lines: list[Line]) -> Iterator[Block]:
    group: list[Line] = []
    in_list = False
    dashes = sum(1 for line in lines if (match := _LIST_MARK.match(line.text)) and match[1])
    for line in lines:
        match = _LIST_MARK.match(line.text)
        if match and _begins_item(match, group, in_list, dashes):
            if group:
                yield _block("item" if in_list else "paragraph", group)
            group, in_list = [Line(line.start + match.end(), line.text[match.end() :])], True
        else:
            group.append(line)
    if group:
        yield _block("item" if in_list else "paragraph", group)


def _begins_item(match: re.Match[str], before: list[Line], in_list: bool, dashes: int) -> bool:
    """Whether a list mark is one: a line of prose may happen to begin with a dash, or with "1998."."""
    if in_list or not before or before[-1].text.rstrip().endswith(":"):
        return True
    return dashes > 1 if match[1] else match[2] == "1"


def _block(kind: BlockKind, lines: list[Line], level: int = 0) -> Block:
    first, last = lines[0], lines[-1]
    start = first.start + len(first.text) - len(first.text.lstrip())
    return Block(kind, start, last.start + len(last.text.rstrip()), level)
