"""Private copies of an index's vectors: one for each process that reads, gone when it ends.

A process that is killed leaves its copy behind. Each copy holds a lock that the system releases with the process,
so that those whose process has died can be told from those in use, also where processes do not see each other.
"""

import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "cited-assistant-"
IN_USE = "in-use.lock"
YOUNG = 60.0  # seconds: a copy may be just being made
OLD = 3600.0  # seconds that a dead process's copy may stay until the next build deletes it


class PrivateCopy:
    """A folder of this process in the system's place for temporary files."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
        self.path = Path(self._folder.name)
        self._lock = FileLock(self.path / IN_USE)
        self._lock.acquire()

    def close(self) -> None:
        """Delete it, and hold the lock until that is done: what is there without a lock was left by the dead."""
        self._folder.cleanup()
        self._lock.release()
        shutil.rmtree(self.path, ignore_errors=True)  # where a system does not delete what is open


def left_behind(seconds: float) -> list[Path]:
    """The copies of processes that have died, made that long ago or longer."""
    found = []
    for lock in sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{IN_USE}")):
        with suppress(Timeout, OSError):
            if time.time() - lock.stat().st_mtime > seconds:
                with FileLock(lock, blocking=False):
                    found.append(lock.parent)
    return found


def sweep() -> list[Path]:
    """Delete the copies of processes that have died, and return them."""
    gone = left_behind(YOUNG)
    for folder in gone:
        shutil.rmtree(folder, ignore_errors=True)
    return gone
