"""A folder of hostile files, indexed by the real command: it ends within its limits, and the good files are there.

    pytest tests/faults/test_hostile_folder.py --hypothesis-profile=thorough

adds the files that take long to give up.
"""

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import hostile
import pytest
from hypothesis import settings
from readme_parts import ROOT

from assistant.ingest.worker import Limits

PROGRAM_BYTES = 2 * 2**30  # what the program itself may take: its models, and the largest answer of a parser
READY_BYTES = 300 * 2**20  # of a parser that has read nothing
RUN = (sys.executable, "-m", "assistant")
EVERY = 0.05  # seconds between two looks at the processes


@dataclass
class Watched:
    """The processes of a run: the most memory they had, all together and beside the program; who they were."""

    most: int = 0
    most_beside: int = 0
    processes: set[tuple[int, str]] = field(default_factory=set)


def tree(root: int) -> dict[int, tuple[str, int]]:
    """The start time and resident bytes of a process and all below it."""
    found: dict[int, tuple[int, str, int]] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if fields[0] not in "ZX":
            found[int(place.parent.name)] = (int(fields[1]), fields[19], int(fields[21]) * os.sysconf("SC_PAGESIZE"))
    inside = {root}
    while more := {pid for pid, (above, _, _) in found.items() if above in inside} - inside:
        inside |= more
    return {pid: found[pid][1:] for pid in inside if pid in found}


def watch(process: subprocess.Popen[str], seen: Watched) -> None:
    while process.poll() is None:
        now = tree(process.pid)
        seen.processes |= {(pid, start) for pid, (start, _) in now.items()}
        beside = sum(size for pid, (_, size) in now.items() if pid != process.pid)
        seen.most = max(seen.most, sum(size for _, size in now.values()))
        seen.most_beside = max(seen.most_beside, beside)
        time.sleep(EVERY)


def unrest(folder: Path, stop: threading.Event) -> None:
    """Files that grow, shrink, change and vanish while they are read."""
    folder.mkdir()
    for number in range(10):
        (folder / f"gone-{number}.txt").write_text("Soon gone.\n\n" * 1_000)
    turn = 0
    while not stop.wait(0.02):
        turn += 1
        with (folder / "grows.txt").open("ab") as file:
            file.write(b"It grows.\n\n" * 100)
        (folder / "changes.md").write_text(f"# It is {turn}\n\nAnd it was {turn - 1}.")
        os.truncate(folder / "gone-9.txt", turn)
        if turn % 20 == 0:
            (folder / f"gone-{turn // 20 % 9}.txt").unlink(missing_ok=True)


def indexed(folder: Path, index: Path, place: Path) -> tuple[dict, Watched]:
    """What `assistant index` says, run in a process of its own, and what it took."""
    seen, stop = Watched(), threading.Event()
    place.mkdir()
    command = [*RUN, "index", str(folder), "--index", str(index), "--json"]
    environment = os.environ | {"TMPDIR": str(place), "PYTHONPATH": str(ROOT), "ASSISTANT_THREADS": "2"}
    restless = threading.Thread(target=unrest, args=(folder / "restless", stop))
    restless.start()
    try:
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            watcher = threading.Thread(target=watch, args=(process, seen))
            watcher.start()
            said, _ = process.communicate()
            watcher.join()
    finally:
        stop.set()
        restless.join()
    assert process.returncode == 0
    return json.loads(said), seen


@pytest.mark.models
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_hostile_folder_is_indexed_within_the_limits(tmp_path):
    folder, index, place = tmp_path / "hostile", tmp_path / "index", tmp_path / "temporary"
    folder.mkdir()
    made = hostile.make(folder, slow=settings.default is settings.get_profile("thorough"))
    report, seen = indexed(folder, index, place)

    documents, skipped = set(report["added"]), {each["path"]: each["reason"] for each in report["skipped"]}
    assert len(made.bad | made.refused) >= 200
    assert set(made.good) <= documents, {path: skipped.get(path) for path in set(made.good) - documents}
    assert made.refused - set(skipped) - made.inside(skipped) == set()
    assert made.bad - documents - set(skipped) - made.inside(documents | set(skipped)) == set()
    assert documents & set(skipped) == set()
    assert [reason for reason in skipped.values() if not reason or not reason.isprintable()] == []

    sys.stdout.write(f"most memory: {seen.most >> 20} MB, of which parsers at most {seen.most_beside >> 20} MB\n")
    assert seen.most_beside <= READY_BYTES + Limits().memory_bytes
    assert seen.most <= READY_BYTES + Limits().memory_bytes + PROGRAM_BYTES
    left = {pid: start for pid, start in seen.processes if tree(pid).get(pid, ("",))[0] == start}
    assert len(seen.processes) > 1
    assert left == {}
    assert [each for each in place.rglob("*") if not each.is_dir()] == []
    assert {each.name for each in index.iterdir()} == {"CURRENT", "generations", "last_sync.json", "lock"}
    assert len(list((index / "generations").iterdir())) == 1

    assert found_by_words(made.good, index, tmp_path) == made.good


def found_by_words(good: dict[str, str], index: Path, place: Path) -> dict[str, str]:
    """The good files that a search for their words finds."""
    asked, answered = place / "asked.jsonl", place / "answered.jsonl"
    lines = [{"id": path, "question": f"The rent is 900 {coin}."} for path, coin in good.items()]
    asked.write_text("\n".join(map(json.dumps, lines)))
    command = [*RUN, "search", "--batch", str(asked), "--output", str(answered), "--index", str(index)]
    subprocess.run([*command, "--limit", "10"], check=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    results = {found["id"]: found["passages"] for found in map(json.loads, answered.read_text().splitlines())}
    return {
        path: coin
        for path, coin in good.items()
        if any(each["document"] == path and coin in each["quote"] for each in results[path])
    }
