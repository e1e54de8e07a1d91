"""The files in a zip archive: each read as a file of its own, below the path of the archive."""

import hashlib
import io
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.ingest.parse import Unreadable, cannot_read, kind_of, read_bytes, too_large

ENDING = ".zip"

_ENTRIES_LIMIT = 5_000
_UNPACKED_LIMIT = 2 * 2**30  # bytes, of all that is in one archive
_RATIO_LIMIT = 200  # unpacked to packed
_RATIO_MATTERS = 10 * 2**20  # bytes unpacked; a small file may pack as well as it likes
_READ_LIMIT = 4 * 2**20  # bytes read from an archive at once; its table of contents is read so
_AT_ONCE = 65_536  # bytes unpacked at once
_NAME_LIMIT = 1_000  # characters
_SHOWN_LIMIT = 200  # characters of a name that is reported
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # those of nearly all archives; their memory is bounded
_DRIVE = re.compile(r"[A-Za-z]:")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# zipfile trusts lengths that the archive names, which makes the last of these.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, IndexError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its path there, its name as the archive has it, its bytes unpacked, and their SHA-256."""

    path: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A file in an archive that is not read, and why; an empty path stands for the archive itself."""

    path: str
    reason: str


def list_members(archive: Path) -> list[Member | Refused]:
    """What is in an archive, sorted by path, with no path twice.

    Left out without a word, as in folders: what has a name that begins with a dot. Archives inside it are not opened.
    All that is read is unpacked once, to be hashed.
    """
    try:
        with _opened(archive) as file:
            _check(file.infolist())
            found = {member.path: member for info in file.infolist() for member in _looked_at(file, info)}
    except Unreadable as error:
        return [Refused("", str(error))]
    if not found:
        return [Refused("", "there is no file in it that is read")]
    return [found[path] for path in sorted(found)]


def read_member(archive: Path, name: str, limit: int) -> bytes:
    """The bytes of a file in an archive.

    Raises:
        Unreadable: It is missing, damaged, packed in a way that is not read, or larger than `limit` bytes.
    """
    with _opened(archive) as file:
        try:
            info = file.getinfo(name)
        except KeyError as error:
            raise Unreadable("it is not in its archive any more") from error
        if info.file_size > limit:
            raise Unreadable(too_large(info.file_size, limit))
        _check([info])
        return b"".join(_unpacked(file, info))


def read_source(absolute: Path, member: str, limit: int) -> bytes:
    """The bytes of a file or, where `member` is not empty, of that file in the archive.

    Raises:
        Unreadable: It cannot be read, or is larger than `limit` bytes.
    """
    return read_member(absolute, member, limit) if member else read_bytes(absolute, limit)


def member_at(archive: Path, path: str) -> str | None:
    """The name that an archive has for the file at a path in it, or None where there is no such file.

    Raises:
        Unreadable: The archive cannot be read.
    """
    with _opened(archive) as file:
        names = [info.filename for info in file.infolist() if _path_of(info) == path]
    return names[-1] if names else None  # of several, the one that `list_members` keeps


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with _BoundedFile(archive, opener=_open) as raw:
            if not stat.S_ISREG(os.fstat(raw.fileno()).st_mode):
                raise Unreadable("it is not a regular file")
            with zipfile.ZipFile(raw) as file:
                yield file
    except OSError as error:
        raise Unreadable(cannot_read(error)) from error
    except _DAMAGED as error:
        raise Unreadable("it is damaged, or no zip archive") from error


class _BoundedFile(io.FileIO):
    """A file of which no more is read at once than a table of contents may take."""

    def read(self, size: int | None = -1, /) -> bytes:
        bounded = _READ_LIMIT + 1 if size is None or size < 0 else size
        data = super().read(min(bounded, _READ_LIMIT + 1))
        if data is not None and len(data) > _READ_LIMIT:
            raise Unreadable(f"its table of contents is larger than {_READ_LIMIT // 2**20} MB")
        return data or b""


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)  # so that opening a pipe does not wait for a writer


def _check(members: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that would take too long to unpack."""
    if len(members) > _ENTRIES_LIMIT:
        raise Unreadable(f"it has more than {_ENTRIES_LIMIT:,} files in it")
    total = sum(member.file_size for member in members)
    if total > _UNPACKED_LIMIT:
        raise Unreadable(f"it unpacks to {total / 2**20:,.0f} MB, over the limit of {_UNPACKED_LIMIT // 2**20:,} MB")


def _looked_at(file: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[Member | Refused]:
    path = _path_of(info)
    parts = path.split("/")
    if info.is_dir() or path.endswith("/") or any(p.startswith(".") and p.strip(".") for p in parts):
        return
    if not _is_plain(path, parts):
        yield Refused(_shown(path), "its name in the archive is no path inside it; pack it anew under a plain name")
        return
    try:
        _check_packing(info)
        kind_of(path)
        digest = hashlib.sha256()
        for piece in _unpacked(file, info):
            digest.update(piece)
    except Unreadable as error:
        yield Refused(path, str(error))
    else:
        yield Member(path, info.filename, info.file_size, digest.hexdigest())


def _path_of(info: zipfile.ZipInfo) -> str:
    return info.filename.replace("\\", "/").removeprefix("./")


def _check_packing(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 1:
        raise Unreadable("it is password-protected")
    if info.compress_type not in _METHODS:
        raise Unreadable("it is packed in a way that is not read; pack it anew")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Unreadable("a link inside an archive")
    if info.file_size > _RATIO_MATTERS and info.file_size > _RATIO_LIMIT * info.compress_size:
        ratio = info.file_size // max(1, info.compress_size)
        raise Unreadable(f"it unpacks to {ratio:,} times its size, as only a decompression bomb does")


def _unpacked(file: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a file, in pieces; there are never more than it declares.

    Raises:
        Unreadable: They are damaged, packed in a way that is not read, or suspiciously many.
    """
    _check_packing(info)
    left = info.file_size
    try:
        with file.open(info) as packed:
            while piece := packed.read(_AT_ONCE):
                left -= len(piece)
                yield piece
    except _DAMAGED as error:
        raise Unreadable("it is damaged inside its archive") from error
    if left:
        raise Unreadable("it is damaged inside its archive")


def _is_plain(path: str, parts: list[str]) -> bool:
    """Whether a name leads to a place inside the archive and shows as what it is."""
    if len(path) > _NAME_LIMIT or _DRIVE.match(path) or any(part in ("", ".", "..") for part in parts):
        return False
    return not any(unicodedata.category(each) in ("Cc", "Cs") or each in _BIDI for each in path)


def _shown(path: str) -> str:
    """A name that cannot be trusted, on one line and with what cannot be seen made visible."""
    visible = (each if each.isprintable() and each not in _BIDI else f"\\u{ord(each):04x}" for each in path)
    return "".join(visible).strip("/")[:_SHOWN_LIMIT] or "?"
