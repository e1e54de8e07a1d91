"""How far long work is, told with its pace and the time left."""

import os
import pty
import sys

import pytest

from assistant.progress import build_progress, counter


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def lines(capfd):
    return lambda: capfd.readouterr().err.splitlines()


def test_plain_lines_tell_what_is_done_the_pace_and_the_time_left(lines):
    clock = Clock()
    with build_progress(clock) as progress:
        for done in (5, 20, 30, 40):
            clock.now += 4
            progress("read", done, 100)
    assert lines() == ["read: 30 of 100 files, 2.5 a second, 0:28 left"]


def test_each_stage_has_a_pace_of_its_own(lines):
    clock = Clock()
    with build_progress(clock) as progress:
        clock.now += 20
        progress("read", 100, 100)
        clock.now += 20
        progress("embed", 512, 200_000)
    assert lines() == [
        "read: 100 of 100 files, 5.0 a second, 0:00 left",
        "embed: 512 of 200000 passages, 26 a second, 2:09:52 left",
    ]


def test_nothing_done_has_no_pace(lines):
    clock = Clock()
    with build_progress(clock) as progress:
        clock.now += 20
        progress("read", 0, 10)
    assert lines() == ["read: 0 of 10"]


def test_a_terminal_gets_a_bar(monkeypatch):
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", "120")
        with counter("asked") as progress:
            for done in range(1, 4):
                progress(done, 3)
        sys.stderr.write("end")
        sys.stderr.flush()
        shown = ""
        while "end" not in shown:
            shown += os.read(ours, 65_536).decode()
    os.close(ours)
    assert "asked" in shown
    assert "3/3" in shown
    assert "questions/s" in shown
