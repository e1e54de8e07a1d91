"""Indexing folders again whenever something in them changes."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

from assistant.errors import UserError

DEBOUNCE = 1_600  # milliseconds that changes are collected for, at most, before they are indexed
POLL = 2_000  # milliseconds between two looks where there are no events
# Once so many seconds, the folder is looked through although nothing was told: events can get lost.
SWEEP = 300.0
# File systems that do not tell of what another machine, or the host of this one, changes.
WITHOUT_EVENTS = ("nfs", "cifs", "smb", "9p", "fuse", "vboxsf", "prl_fs", "virtiofs", "afs", "ceph", "drvfs")


def follow(folders: Sequence[Path], index: Path, build: Callable[[], None]) -> None:
    """Call `build` after each change below one of `folders`, until interrupted.

    What a user can put right, as a folder that is empty for a moment, is written to stderr, and watching goes on.
    """
    sys.stderr.write(f"watching {_named(folders)} (Ctrl+C stops)\n")
    try:
        for _ in _changes(folders, index):
            try:
                build()
            except UserError as error:
                sys.stderr.write(f"error: {error}\n")
    except KeyboardInterrupt:  # the way to stop it
        return


def _named(folders: Sequence[Path]) -> str:
    return ", ".join(map(str, folders))


def _changes(folders: Sequence[Path], index: Path) -> Iterator[None]:
    """One item after each burst of changes, and one each `SWEEP` seconds."""
    mounts = _mounts()
    polling = any(lacks_events(folder, mounts) for folder in folders)
    while True:
        try:
            yield from _told(folders, index, polling)
        except FileNotFoundError as error:  # a folder itself went; it may come back
            sys.stderr.write(f"error: {error}\n")
            time.sleep(POLL / 1000)
        except OSError as error:  # as where the system's limit of watched folders is reached
            if polling:
                raise
            sys.stderr.write(
                f"no events for {_named(folders)} ({error}); looking every {POLL // 1000} seconds instead\n"
            )
            polling = True


def _told(folders: Sequence[Path], index: Path, polling: bool) -> Iterator[None]:
    last = time.monotonic()
    told = watch(
        *folders,
        watch_filter=_Documents(index),
        debounce=DEBOUNCE,
        force_polling=polling,
        poll_delay_ms=POLL,
        rust_timeout=5_000,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )
    for changes in told:
        if changes or time.monotonic() - last > SWEEP:
            yield None
            last = time.monotonic()


class _Documents(DefaultFilter):
    """All but hidden files, which are not indexed, and the index, which may lie in the folder."""

    def __init__(self, index: Path) -> None:
        super().__init__(ignore_paths=[index.resolve()])

    def __call__(self, change: Change, path: str) -> bool:
        place = Path(path)
        if change == Change.modified and place.is_dir():  # what changed in it is told as well, if it counts
            return False
        return not place.name.startswith(".") and super().__call__(change, path)


def lacks_events(folder: Path, mounts: str) -> bool:
    """Whether a folder is on a file system that tells of no changes.

    Args:
        folder: the folder.
        mounts: the mounted file systems as in Linux's `/proc/mounts`, or nothing.
    """
    place, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) > 2 and folder.resolve().is_relative_to(_decoded(fields[1])) and len(fields[1]) >= len(place):
            place, kind = fields[1], fields[2]
    return kind.startswith(WITHOUT_EVENTS)


def _decoded(field: str) -> str:
    """A path as `/proc/mounts` writes it: blanks are octal there."""
    return field.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")


def _mounts() -> str:
    try:
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="replace") if os.name == "posix" else ""
    except OSError:
        return ""
