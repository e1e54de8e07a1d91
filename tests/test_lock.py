"""One writer: the second is told who the first is, and a dead one holds nothing."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assistant.errors import IndexBusy, InputError
from assistant.store.lock import OWNER, writing

HOLD = """
import sys, time
from pathlib import Path
from assistant.store.lock import writing
with writing(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "index")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_a_second_writer_is_told_who_the_first_is(tmp_path: Path, holder) -> None:
    with pytest.raises(IndexBusy, match=rf"process {holder.pid} on .*, for a minute or less, since 20.*; wait"):
        with writing(tmp_path / "index"):
            pass


def test_the_lock_of_a_living_process_is_not_taken_however_old_or_stopped(tmp_path: Path, holder) -> None:
    owner = json.loads((tmp_path / "index" / OWNER).read_text())
    (tmp_path / "index" / OWNER).write_text(json.dumps(owner | {"since": "2001-01-01T00:00:00+00:00", "pid": 2**22}))
    holder.send_signal(signal.SIGSTOP)
    with pytest.raises(IndexBusy, match="minutes, since 2001-01-01"):
        with writing(tmp_path / "index"):
            pass


def test_the_lock_of_a_dead_process_is_free(tmp_path: Path, holder) -> None:
    holder.kill()
    holder.wait()
    with writing(tmp_path / "index"):
        assert json.loads((tmp_path / "index" / OWNER).read_text())["pid"] == os.getpid()
    assert not (tmp_path / "index" / OWNER).exists()


def test_a_writer_waits_a_moment_for_one_that_is_about_to_end(tmp_path: Path, holder) -> None:
    threading.Timer(0.5, holder.kill).start()
    with writing(tmp_path / "index"):
        assert json.loads((tmp_path / "index" / OWNER).read_text())["pid"] == os.getpid()


def test_an_owner_of_tomorrow_or_of_nonsense_is_told_without_a_failure(tmp_path: Path, holder) -> None:
    for text, told in (
        ('{"pid": 1, "host": "h", "since": "2999-01-01T00:00:00+00:00"}', "for a minute or less"),
        ("{", "another"),
    ):
        (tmp_path / "index" / OWNER).write_text(text)
        with pytest.raises(IndexBusy, match=told):
            with writing(tmp_path / "index"):
                pass


def test_a_place_that_cannot_be_written_is_an_error_of_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot write the index in .*; give another --index"):
        with writing(tmp_path / "file" / "index"):
            pass
