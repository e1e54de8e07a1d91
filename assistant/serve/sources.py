"""The documents that citations point to: found by what they are, never by a path that a request names.

An id is the SHA-256 of a document's bytes and the format that they are read in, as in "3f…a9.pdf". It is in every
citation, the same in every generation, and no other text can ever stand under it: a place that was cited yesterday is
either where it was, or the document is not there any more.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, TypeVar

from assistant.errors import UserError
from assistant.ingest.locate import locate
from assistant.ingest.members import read_source
from assistant.ingest.pages import (
    CHANGED,
    Boxes,
    Picture,
    PlacedBox,
    boxes_request,
    picture_request,
    read_boxes,
    read_picture,
)
from assistant.ingest.parse import Unreadable, kind_of
from assistant.ingest.walk import SourceFile
from assistant.ingest.worker import Limits, Worker
from assistant.serve.gate import Gate
from assistant.serve.live import LiveChain
from assistant.types import Document, Skipped

ID = re.compile(r"([0-9a-f]{64})\.([a-z]{2,5})")
PICTURES = 16  # pages that are kept drawn; 4 MB each at the most
PLACES = 64  # citations of which is kept where they stand
DRAWING_SECONDS = 20.0  # for a page, or to find the words on it
WAITING = 12  # who want a page drawn and are in line; each holds one of the server's forty worker threads
PATIENCE = 30.0  # seconds that one of them waits
Found = TypeVar("Found", Picture, Boxes)


class SourceMissing(UserError):
    """There is no such document, or no such place in it."""

    status = 404


@dataclass(frozen=True, slots=True)
class Source:
    """A document that is indexed now, and all of its paths, the first one first; the id tells it from all others."""

    id: str
    document: Document = field(compare=False)
    paths: tuple[str, ...] = field(compare=False)
    folders: Mapping[str, str] = field(compare=False)


def document_id(sha256: str, path: str) -> str:
    """What a document is called in an address: the SHA-256 of its bytes, and the format that they are read in."""
    return f"{sha256}.{kind_of(path)}"


class Sources:
    """Finds documents by their ids, reads their files, and has their pages drawn. Threads may share it."""

    def __init__(self, live: LiveChain, file_bytes: int) -> None:
        self._live = live
        self._file_bytes = file_bytes
        self._drawer = Worker(Limits(file_bytes=file_bytes, seconds=DRAWING_SECONDS))
        self._gate = Gate(1, WAITING)
        self._picture = lru_cache(PICTURES)(self._drawn)
        self._places = lru_cache(PLACES)(self._placed)

    def close(self) -> None:
        """End the process that draws."""
        self._drawer.close()

    def find(self, wanted: str) -> Source:
        """The document with this id.

        Raises:
            SourceMissing: there is none, or none any more.
            IndexMissing, IndexMismatch, IndexDamaged, Unavailable: there is no index to look in.
        """
        match = ID.fullmatch(wanted)
        if match is None:
            raise SourceMissing("this is no document's address; open a source from an answer")
        with self._live.reading() as (manifest, catalog):
            document = catalog.document_of(*match.groups())
            if document is None:
                raise SourceMissing(
                    "this document is not in the index any more: its file was changed or deleted since; ask again"
                )
            paths = (document.path, *catalog.also(document.path))
        return Source(wanted, document, paths, manifest.folders)

    def original(self, source: Source) -> bytes:
        """The bytes of a document's file, which are those that were indexed.

        Raises:
            Unreadable: there is no such file any more, it cannot be read, or it has changed.
        """
        return self._file(source)[1]

    def problem(self, source: Source) -> str | None:
        """Why the file is not what was indexed, or None."""
        try:
            self._file(source)
        except Unreadable as error:
            return str(error)
        return None

    def picture(self, source: Source, page: int) -> Picture:
        """A page of a PDF, from 1.

        Raises:
            Unreadable: it cannot be drawn; the message is the reason.
            Unavailable: too many pages are being drawn.
        """
        return self._picture(source, page)

    def boxes(self, source: Source, start: int, end: int) -> tuple[PlacedBox, ...]:
        """Where words of a PDF stand; errors as for `picture`."""
        return self._places(source, start, end)

    def _drawn(self, source: Source, page: int) -> Picture:
        return self._asked(source, picture_request(source.document.sha256, page), read_picture)

    def _placed(self, source: Source, start: int, end: int) -> tuple[PlacedBox, ...]:
        document = source.document
        found = self._asked(source, boxes_request(document.sha256, start, end), read_boxes)
        if found.text_sha256 != hashlib.sha256(document.text.encode()).hexdigest():
            raise Unreadable("its text is read otherwise now")
        return found.boxes

    def _asked(
        self, source: Source, request: Mapping[str, Any], decode: Callable[[str, bytes], Found | Skipped]
    ) -> Found:
        with self._gate.turn(PATIENCE):
            file, _ = self._file(source)
            answer = self._drawer.ask(file, request, partial(decode, file.path))
        if isinstance(answer, Skipped):
            raise Unreadable(answer.reason)
        return answer

    def _file(self, source: Source) -> tuple[SourceFile, bytes]:
        """The file whose bytes are those that were indexed, under any of the document's paths; and these bytes."""
        reason = ""
        for path in source.paths:
            try:
                file = locate(path, source.folders)
                data = read_source(file.absolute, file.member, self._file_bytes)
            except Unreadable as error:
                reason = reason or str(error)
                continue
            if hashlib.sha256(data).hexdigest() == source.document.sha256:
                return file, data
            reason = CHANGED
        raise Unreadable(reason)
