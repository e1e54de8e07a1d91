"""One writer an index. The system releases the lock of a process that dies; that of a living one is never taken."""

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import IndexBusy, InputError

LOCK = "lock"
OWNER = "lock.owner"  # who holds it: only told, never trusted
PATIENCE = 3.0  # seconds: a reader that sets aside what is damaged holds it for a moment, too


@contextmanager
def writing(index: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the index for writing; the folder is made where there is none.

    Args:
        index: the index.
        patience: seconds to wait for who holds it.

    Raises:
        IndexBusy: another process holds it; the message says which, and since when.
        InputError: the folder cannot be written.
    """
    lock = FileLock(index / LOCK, timeout=patience)
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise IndexBusy(f"{_owner(index)} is building {index}; wait for it to end and try again") from error
    except OSError as error:
        raise InputError(f"cannot write the index in {index}: {error.strerror}; give another --index") from error
    try:
        _sign(index)
        yield
    finally:
        with suppress(OSError):
            (index / OWNER).unlink(missing_ok=True)
        lock.release()


def _sign(index: Path) -> None:
    owner = {"pid": os.getpid(), "host": platform.node(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
    with suppress(OSError):  # a full disk is told where it matters
        (index / OWNER).write_text(json.dumps(owner) + "\n", encoding="utf-8")


def _owner(index: Path) -> str:
    """Who holds the lock, as far as that is known."""
    try:
        owner = json.loads((index / OWNER).read_text(encoding="utf-8"))
        since = datetime.fromisoformat(owner["since"])
        # A clock that was set back must not make an age below zero.
        minutes = max(0, int((datetime.now(UTC) - since).total_seconds())) // 60
        age = f"{minutes} minutes" if minutes > 1 else "a minute or less"
        where = f"process {int(owner['pid'])} on {str(owner['host'])[:100]!r}"
    except (OSError, ValueError, TypeError, KeyError):  # it has just begun, or its disk is full
        return "another process"
    return f"another process ({where}, for {age}, since {since.isoformat()})"
