"""What can befall a build: kills, a full disk, a folder that may only be read, a clock set back, a second writer."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from store_parts import answering, build, make_workshop, paths

from assistant import cli
from assistant.compose import Workshop
from assistant.errors import IndexBusy, IndexMismatch, InputError
from assistant.serve.live import LiveChain
from assistant.store import build as building
from assistant.store import room
from assistant.store.lock import writing

pytestmark = pytest.mark.models
KILLS = Path(__file__).with_name("kills.py")
AT_MOST = 10 * 2**20  # bytes of the small disk


def test_builds_that_are_killed_lose_nothing(tmp_path: Path) -> None:
    """The short form: `python tests/faults/kills.py --kills 300` is the long one."""
    ran = subprocess.run(
        [sys.executable, str(KILLS), "--kills", "30", "--files", "500", "--seed", "7"],
        env={**os.environ, "PYTHONPATH": str(KILLS.parents[2]), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr[-3_000:]
    told = json.loads(ran.stdout)
    assert told["kills"] == 30 and told["asked"] > 100 and told["finished"] > 5


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, which is soon full."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={AT_MOST}", "tmpfs", str(place)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount a disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Take up the disk, but for some bytes."""
    path = disk / "filler"
    path.write_bytes(bytes(max(0, shutil.disk_usage(disk).free - left)))
    return path


def test_a_build_that_would_not_fit_is_not_begun(small_disk: Path, folder: Path, embedder) -> None:
    workshop = make_workshop(folder, small_disk / "index", embedder)
    filler = fill(small_disk, 2**20)
    with pytest.raises(InputError, match=r"the build may need \d+ MB and 1 MB are free in .*; free some space"):
        build(workshop)
    assert list((small_disk / "index").glob("generations/*")) == []
    filler.unlink()
    assert build(workshop).changed


@pytest.mark.parametrize("left", [0, 40_000, 200_000, 500_000, 1_000_000])
def test_a_disk_that_fills_up_is_told_and_nothing_is_lost(
    small_disk: Path, folder: Path, embedder, monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    workshop = make_workshop(folder, small_disk / "index", embedder)
    build(workshop)
    before = answering(workshop)
    for number in range(40):
        (folder / f"{number}.txt").write_text(f"House {number} in Mill Street has {number + 2} windows.\n" * 40)
    monkeypatch.setattr(room, "require", lambda index, needed: None)  # the estimate would have stopped it
    filler = fill(small_disk, left)
    with pytest.raises(InputError, match="no space is left on the disk of .*; the index that answered still does"):
        build(workshop)
    assert answering(workshop) == before and paths(workshop) == {"rivers.txt", "ports.txt"}
    assert [path.name for path in before.parent.iterdir()] == [before.name]
    filler.unlink()
    assert len(build(workshop).added) == 40


def test_an_index_that_may_only_be_read_answers_and_cannot_be_built(workshop: Workshop, folder: Path) -> None:
    build(workshop)
    place = workshop.settings.index
    bound = subprocess.run(["mount", "--bind", "-o", "ro", str(place), str(place)], capture_output=True)
    if bound.returncode:
        pytest.skip("only root may mount a folder")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(place)], check=True)
        assert paths(workshop) == {"rivers.txt", "ports.txt"}
        with pytest.raises(InputError, match="cannot write the index in .*: Read-only file system; give another"):
            build(workshop)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_damaged_index_that_may_only_be_read_still_answers(workshop: Workshop, folder: Path) -> None:
    build(workshop)
    (folder / "more.txt").write_text("Ganja is a city.\n")
    build(workshop)
    (answering(workshop) / "catalog.sqlite").write_bytes(b"spoiled" * 1_000)
    place = workshop.settings.index
    if subprocess.run(["mount", "--bind", str(place), str(place)], capture_output=True).returncode:
        pytest.skip("only root may mount a folder")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(place)], check=True)
        assert paths(workshop) == {"rivers.txt", "ports.txt"}
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_clock_that_is_set_back_changes_no_order(workshop: Workshop, folder: Path, monkeypatch) -> None:
    build(workshop)

    class Earlier(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(2001, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(building, "datetime", Earlier)
    (folder / "rivers.txt").write_text("The Aras joins the Kura.\n")
    os.utime(folder / "rivers.txt", (0, 0))
    report = build(workshop)
    assert report.updated == ("rivers.txt",) and report.manifest.built_at.startswith("2001-")
    assert answering(workshop).name == "000002" == report.manifest.generation


def test_a_change_that_keeps_size_and_time_is_not_missed(workshop: Workshop, folder: Path) -> None:
    build(workshop)
    file = folder / "rivers.txt"
    state, text = file.stat(), file.read_text()
    file.write_text(text.replace("Kura", "Aras"))
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert file.stat().st_size == state.st_size and build(workshop).updated == ("rivers.txt",)


def test_an_index_of_the_version_before_is_refused_in_one_line_and_kept(
    workshop: Workshop, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    build(workshop)
    index, generation = workshop.settings.index, answering(workshop)
    manifest = json.loads((generation / "manifest.json").read_text())
    manifest["recipe"]["schema"] = 3
    del manifest["copies"]
    (generation / "manifest.json").write_text(json.dumps(manifest))
    with sqlite3.connect(generation / "catalog.sqlite") as db:
        db.executescript("DROP TABLE also; ALTER TABLE passages DROP COLUMN recognised")
    before = {path: path.read_bytes() for path in generation.rglob("*") if path.is_file()}
    (folder / "more.txt").write_text("Ganja is a city.\n")
    given = ["--index", str(index)]
    commands = (["index", str(folder)], ["index", str(folder), "--prune"], ["ask", "What is Ganja?"], ["status"])
    for command in (*commands, ["search", "Ganja"], ["doctor"], ["doctor", "--repair"]):
        monkeypatch.setattr(sys, "argv", ["assistant", *command, *given])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr().err.strip()
        assert ended.value.code == 2 and said.count("\n") == 0, said
        assert said.startswith(
            "error: the index was built with schema '3', the present one is '4'; rebuild it with: "
        )
    with pytest.raises(IndexMismatch):
        LiveChain(workshop).documents()
    assert {path: path.read_bytes() for path in generation.rglob("*") if path.is_file()} == before
    assert [path.name for path in generation.parent.iterdir()] == [generation.name]
    assert len(build(workshop, rebuild=True).added) == 3


def test_of_two_writers_one_is_told_and_nothing_is_lost(workshop: Workshop, folder: Path) -> None:
    build(workshop)
    (folder / "more.txt").write_text("Ganja is a city.\n")
    with writing(workshop.settings.index), pytest.raises(IndexBusy, match=f"process {os.getpid()} on "):
        build(workshop)
    assert paths(workshop) == {"rivers.txt", "ports.txt"}
    assert build(workshop).added == ("more.txt",)
