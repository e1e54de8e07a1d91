"""What passes between the program and its parser processes: JSON behind its length.

The parser reads files from anybody and may be made to answer anything, so its answers are checked like any
other input and nothing in them is ever executed, as unpickling would.
"""

import json
import re
import struct
from collections.abc import Iterable
from typing import Any, get_args

from assistant.types import Block, BlockKind, Document, Page, Skipped

LENGTH = struct.Struct(">I")  # of the message that follows, in bytes
MESSAGE_LIMIT = 512 * 2**20  # bytes

_KINDS = frozenset(get_args(BlockKind))
_SHA256 = re.compile("[0-9a-f]{64}")


class Malformed(ValueError):
    """A message that no parser sends."""


def encode(message: dict[str, Any]) -> bytes:
    """A message with its length before it."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    return LENGTH.pack(len(body)) + body


def document_message(document: Document) -> dict[str, Any]:
    """A document as a message."""
    return {
        "sha256": document.sha256,
        "kind": document.kind,
        "title": document.title,
        "date": document.date,
        "language": document.language,
        "text": document.text,
        "blocks": block_fields(document.blocks),
        "pages": page_fields(document.pages),
    }


def block_fields(blocks: Iterable[Block]) -> list[list[Any]]:
    """Blocks as JSON has them."""
    return [[b.kind, b.start, b.end, b.level, b.header, b.row] for b in blocks]


def page_fields(pages: Iterable[Page]) -> list[list[Any]]:
    """Pages as JSON has them."""
    return [[p.number, p.start, p.end, p.label, int(p.recognised)] for p in pages]


def decode_reply(path: str, body: bytes) -> Document | Skipped:
    """The answer of a parser for the file at `path`.

    Raises:
        Malformed: It is not what a parser sends: not JSON, of wrong types, or with spans outside the text.
    """
    try:
        message = json.loads(body)
        if "reason" in message:
            return Skipped(path, _text(message["reason"]))
        text = _text(message["text"])
        text.encode()  # no lone surrogates
        document = Document(
            path=path,
            sha256=_text(message["sha256"]),
            kind=_text(message["kind"]),
            title=_text(message["title"]),
            date=_optional(message["date"]),
            language=_optional(message["language"]),
            text=text,
            blocks=tuple(read_block(fields) for fields in message["blocks"]),
            pages=tuple(read_page(fields) for fields in message["pages"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Malformed(f"{type(error).__name__}: {error}") from error
    _check(document)
    return document


def _check(document: Document) -> None:
    """Refuse spans that are empty, out of order or outside the text: every citation rests on them."""
    size = len(document.text)
    end = 0
    for block in document.blocks:
        if not end <= block.start < block.end <= size:
            raise Malformed("a block is outside the text or overlaps another")
        if block.header and not 0 <= block.header[0] < block.header[1] <= size:
            raise Malformed("a header is outside the text")
        end = block.end
    end = 0
    for page in document.pages:
        if not end <= page.start <= page.end <= size:
            raise Malformed("a page is outside the text or overlaps another")
        end = page.end
    if not _SHA256.fullmatch(document.sha256):
        raise Malformed("no SHA-256")


def read_block(fields: list[Any]) -> Block:
    """A block from its fields.

    Raises:
        ValueError, TypeError: They are not those of a block.
    """
    kind, start, end, level, header, row = fields
    if kind not in _KINDS:
        raise ValueError(f"no such kind of block: {kind!r}")
    first, last = header if header else (None, None)
    span = None if header is None else (_whole(first), _whole(last))
    return Block(kind, _whole(start), _whole(end), _whole(level), span, None if row is None else _whole(row))


def read_page(fields: list[Any]) -> Page:
    """A page from its fields.

    Raises:
        ValueError, TypeError: They are not those of a page.
    """
    number, start, end, label, recognised = fields
    return Page(_whole(number), _whole(start), _whole(end), _optional(label), bool(_whole(recognised)))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a string")
    return value


def _optional(value: Any) -> str | None:
    return None if value is None else _text(value)


def _whole(value: Any) -> int:
    if type(value) is not int:  # bool is an int, too
        raise TypeError("not a whole number")
    return value
