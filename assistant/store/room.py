"""Room on the disk: what a build may take, and what is said when there is none."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import InputError

# Bytes of an index for one byte of a file: in text each character is kept three times and searched by its words,
# and 700 of them have a vector of 1.5 kB, which is kept three times, too. Other formats hold pictures and layout.
PER_BYTE_OF_TEXT = 12
PER_BYTE = 2
TEXTS = (".txt", ".text", ".md", ".markdown", ".csv", ".tsv")
SLACK = 8 * 2**20  # bytes that an empty index and its journals take
FULL = ("disk is full", "no space left", "disk quota exceeded")  # how the libraries below call it
FEW = 2**16  # bytes: a disk with fewer left is full


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder; what disappears meanwhile does not count."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total


def estimate(base: Path | None, files: list[tuple[str, int]]) -> int:
    """Bytes that a new generation may take: a copy of `base`, and what is read from files of these sizes."""
    read = sum(size * (PER_BYTE_OF_TEXT if path.lower().endswith(TEXTS) else PER_BYTE) for path, size in files)
    return SLACK + (size_of(base) if base else 0) + read


def require(index: Path, needed: int) -> None:
    """Raise InputError, before anything is written, where a build would not fit on the disk of the index."""
    free = shutil.disk_usage(index).free
    if free < needed:
        raise InputError(
            f"the build may need {megabytes(needed)} and {megabytes(free)} are free in {index}; free some space, "
            "delete old generations with: assistant index --prune, or give another --index"
        )


@contextmanager
def told_when_full(folder: Path, what: str) -> Iterator[None]:
    """Make a full disk an InputError of one line, whichever library met it.

    Args:
        folder: where it is written.
        what: what is so in spite of it.
    """
    try:
        yield
    except Exception as error:
        if not is_full(error, folder):
            raise
        raise InputError(
            f"no space is left on the disk of {folder}; {what}; free some space and try again"
        ) from error


def is_full(error: BaseException, folder: Path) -> bool:
    """Whether an error came from a disk that is full."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    if any(word in str(error).lower() for word in FULL):
        return True
    # SQLite and Chroma tell some of these as errors of reading or writing.
    written = isinstance(error, sqlite3.OperationalError) or type(error).__module__.startswith("chromadb")
    return written and shutil.disk_usage(folder).free < FEW


def megabytes(size: int) -> str:
    """Bytes for a reader: whole megabytes, rounded up."""
    return f"{-(-size // 2**20):,} MB"
