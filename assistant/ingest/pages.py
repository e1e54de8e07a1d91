"""Pages of PDFs as pictures, and where on them a span of the text stands; drawn in a process with limits.

The parser process answers a request with `answer_view`; who asked reads the answer with `read_picture` or
`read_boxes`, and believes nothing of it.
"""

import base64
import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from assistant.ingest.parse import Unreadable
from assistant.ingest.wire import Malformed
from assistant.types import Skipped

Answer = TypeVar("Answer")

SCALE = 2.0  # pixels a point
PIXELS_LIMIT = 4_000_000  # of one picture
BOXES_LIMIT = 2_000  # of one span
CHANGED = "its file has changed since it was indexed"

_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it is shown: how many pages there are, its width and height in points, and it as a PNG."""

    pages: int
    width: float
    height: float
    png: bytes


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """A box on a page as it is shown, in points from its upper left corner."""

    page: int  # from 1
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Boxes:
    """Where a span stands, and the SHA-256 of the text that was found in the file."""

    text_sha256: str
    boxes: tuple[PlacedBox, ...]


def picture_request(sha256: str, page: int) -> dict[str, Any]:
    """Asks for a page, from 1, of the file with this SHA-256."""
    return {"view": {"sha256": sha256, "page": page}}


def boxes_request(sha256: str, start: int, end: int) -> dict[str, Any]:
    """Asks where a span of the text of the file with this SHA-256 stands."""
    return {"view": {"sha256": sha256, "span": [start, end]}}


def answer_view(data: bytes, view: dict[str, Any], limit: int) -> dict[str, object]:
    """What such a request asks for, of the bytes of a PDF whose text has at most `limit` characters.

    Raises:
        Unreadable: the file is another one than was meant, cannot be read, or has no such page.
    """
    if hashlib.sha256(data).hexdigest() != view["sha256"]:
        raise Unreadable(CHANGED)
    from assistant.ingest.formats import pdf_picture  # its library takes longer to load than a text to read

    if "page" in view:
        pages, width, height, png = pdf_picture.draw(data, view["page"], SCALE, PIXELS_LIMIT)
        return {"pages": pages, "width": width, "height": height, "png": base64.b64encode(png).decode()}
    text, boxes = pdf_picture.place(data, tuple(view["span"]), limit)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"text_sha256": digest, "boxes": boxes[:BOXES_LIMIT]}


def read_picture(path: str, body: bytes) -> Picture | Skipped:
    """The answer to `picture_request` for the file at `path`, or why there is none.

    Raises:
        Malformed: it is not what a parser sends.
    """

    def read(message: dict[str, Any]) -> Picture:
        png = base64.b64decode(message["png"], validate=True)
        if not png.startswith(_PNG):
            raise ValueError("no PNG")
        return Picture(int(message["pages"]), _length(message["width"]), _length(message["height"]), png)

    return _read(path, body, read)


def read_boxes(path: str, body: bytes) -> Boxes | Skipped:
    """The answer to `boxes_request` for the file at `path`, or why there is none; errors as for `read_picture`."""

    def read(message: dict[str, Any]) -> Boxes:
        found = message["boxes"][:BOXES_LIMIT]
        return Boxes(str(message["text_sha256"]), tuple(PlacedBox(int(n), *map(_length, box)) for n, *box in found))

    return _read(path, body, read)


def _read(path: str, body: bytes, read: Callable[[dict[str, Any]], Answer]) -> Answer | Skipped:
    try:
        message = json.loads(body)
        if "reason" in message:
            return Skipped(path, str(message["reason"]))
        return read(message)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Malformed(f"{type(error).__name__}: {error}") from error


def _length(value: Any) -> float:
    number = float(value)
    if not (math.isfinite(number) and number >= 0):
        raise ValueError("no length")
    return number
