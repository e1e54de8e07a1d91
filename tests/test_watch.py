"""Watching a folder: what changes is indexed, whatever else happens there."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import watch
from assistant.errors import InputError

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/export /mnt/share nfs4 rw 0 0
//host/x /mnt/share/local\\040disk ext4 rw 0 0
sshfs#x /mnt/ssh fuse.sshfs rw 0 0
broken
"""
RUN = """
import sys
from pathlib import Path
from assistant import watch
watch.lacks_events = lambda folder, mounts: sys.argv[2] == "polling"
watch.follow([*map(Path, sys.argv[3:])], Path(sys.argv[1], "index"), lambda: print("built", flush=True))
"""


class Watcher:
    """A process that watches a folder, and how often it has built."""

    def __init__(self, folder: Path, how: str, *folders: Path) -> None:
        command = [sys.executable, "-c", RUN, str(folder), how, *map(str, folders or (folder,))]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr and "watching" in self.process.stderr.readline()
        self.builds = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        for _ in self.process.stdout or ():
            self.builds += 1


@pytest.fixture(params=["events", "polling"])
def watcher(request: pytest.FixtureRequest, tmp_path: Path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "index").mkdir()
    (tmp_path / "sub" / "a.txt").write_text("x")
    watcher = Watcher(tmp_path, request.param)
    time.sleep(3)  # it has looked once
    yield watcher
    watcher.process.kill()
    watcher.process.wait()


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def test_changes_are_built_together_and_hidden_files_and_the_index_are_none(tmp_path: Path, watcher: Watcher) -> None:
    (tmp_path / "index" / "CURRENT").write_text("x")
    (tmp_path / ".hidden").write_text("x")
    time.sleep(3)
    assert watcher.builds == 0
    for number in range(20):
        (tmp_path / f"{number}.txt").write_text("y")
    wait_for(lambda: watcher.builds > 0)
    time.sleep(3)
    assert watcher.builds <= 2  # one burst, or the poll fell amid it
    seen = watcher.builds
    (tmp_path / "sub" / "a.txt").unlink()
    wait_for(lambda: watcher.builds > seen)


@pytest.mark.parametrize("how", ["events", "polling"])
def test_every_one_of_several_folders_is_watched(tmp_path: Path, how: str) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    watcher = Watcher(tmp_path, how, *folders)
    try:
        time.sleep(3)
        for folder in folders:
            seen = watcher.builds
            (folder / "new.txt").write_text("x")
            wait_for(lambda seen=seen: watcher.builds > seen)
            time.sleep(3)
    finally:
        watcher.process.kill()
        watcher.process.wait()


def test_interrupting_it_is_no_failure(watcher: Watcher) -> None:
    watcher.process.send_signal(signal.SIGINT)
    assert watcher.process.wait(30) == 0


def test_what_the_user_can_put_right_does_not_end_it(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(watch, "_changes", lambda folders, index: iter([None, None]))
    outcomes = iter([InputError("nothing to index"), None])

    def build() -> None:
        if outcome := next(outcomes):
            raise outcome

    watch.follow([tmp_path], tmp_path / "index", build)
    assert "error: nothing to index\n" in capsys.readouterr().err
    assert next(outcomes, "done") == "done"


def test_where_the_system_gives_no_more_events_it_looks_by_itself(tmp_path: Path, monkeypatch, capsys) -> None:
    asked: list[bool] = []

    def told(folders: list[Path], index: Path, polling: bool):
        asked.append(polling)
        if not polling:
            raise OSError("OS file watch limit reached")
        yield None

    monkeypatch.setattr(watch, "_told", told)
    next(watch._changes([tmp_path], tmp_path / "index"))
    assert asked == [False, True] and "looking every 2 seconds instead" in capsys.readouterr().err


@pytest.mark.parametrize(
    "folder, lacks",
    [
        ("/srv/x", False),
        ("/mnt/share", True),
        ("/mnt/share/x", True),
        ("/mnt/shared", False),
        ("/mnt/share/local disk/x", False),
        ("/mnt/ssh/y", True),
    ],
)
def test_file_systems_without_events_are_known(folder: str, lacks: bool) -> None:
    assert watch.lacks_events(Path(folder), MOUNTS) is lacks
    assert not watch.lacks_events(Path(folder), "")


def test_mounts_are_read_where_there_are_any() -> None:
    assert (os.name != "posix") or watch._mounts() is not None
