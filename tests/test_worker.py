"""Parser processes: what comes back, in which order, and that nothing outlives its use."""

import dataclasses
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from assistant.hashing import sha256_of
from assistant.ingest.child import document_of
from assistant.ingest.parse import Unreadable
from assistant.ingest.walk import SourceFile, walk
from assistant.ingest.worker import Limits, ParserPool
from assistant.types import Document, Skipped

reads_proc = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
SLOW = "a *b* `c` [d](e)\n\n" * 200_000  # Markdown that takes long to read for its size


def read(folder: Path, **options: object) -> dict[str, Document | Skipped]:
    with ParserPool(**options) as pool:
        return {found.path: found for found in pool.read(walk(folder))}


def alive(pid: int) -> bool:
    """Whether any thread of a process is there and no zombie."""
    try:
        tasks = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/stat")]
    except (FileNotFoundError, ProcessLookupError):
        return alive(pid)  # a thread ended meanwhile
    return any(task.rpartition(")")[2].split()[0] not in "ZX" for task in tasks)


def ends(pid: int, within: float = 5.0) -> bool:
    deadline = time.monotonic() + within
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not alive(pid)


def processor_ticks(pid: int) -> int:
    return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))


def test_documents_come_back_whole(tmp_path):
    (tmp_path / "sub").mkdir()
    path = tmp_path / "sub/2024-07-03-joint_declaration.md"
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n"
    text = "The two states and the people of them were in Astana."
    path.write_text(f"---\ntitle: Declaration\n---\n# Head\n\n{text}\n\n{table}")
    (document,) = read(tmp_path).values()
    expected = document_of("sub/2024-07-03-joint_declaration.md", path.read_bytes(), 10_000)
    assert document == expected
    assert document.sha256 == sha256_of(path)
    assert (document.kind, document.title, document.date, document.language) == (
        "md",
        "Declaration",
        "2024-07-03",
        "en",
    )
    assert [block.kind for block in document.blocks] == ["heading", "paragraph", "row", "row"]


def test_every_format_is_read_in_the_parser_as_it_is_here(docs):
    found = read(docs)
    assert {Path(path).suffix for path in found} >= {".md", ".txt", ".html", ".pdf", ".docx", ".csv", ".xlsx"}
    for path, document in found.items():
        assert document == document_of(path, (docs / path).read_bytes(), Limits().characters)


@pytest.mark.parametrize("workers", [1, 3])
def test_the_order_is_kept_and_what_was_skipped_is_passed_on(tmp_path, workers):
    for number in range(40):
        (tmp_path / f"{number:02}.txt").write_text("word " * (40 - number) * 50)
        (tmp_path / f"{number:02}.xyz").write_text("x")
    found = list(read(tmp_path, workers=workers).values())
    assert [each.path for each in found] == sorted(f"{n:02}.{end}" for n in range(40) for end in ("txt", "xyz"))
    assert [type(each) for each in found] == [Document, Skipped] * 40


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("a.md", "---\ntitle: Said so\n---\n# Head", "Said so"),
        ("a.md", "## Part\n\n# Main\n\n## More", "Main"),
        ("a.md", "### Deep\n\n## Part", "Deep"),
        ("annual_report-2024-07-03.txt", "Just text.", "Annual report 2024-07-03"),
        ("_-_.txt", "Just text.", "_-_"),
    ],
)
def test_titles(name, content, title):
    assert document_of(name, content.encode(), 1_000).title == title


def test_the_date_in_the_name_counts_where_the_file_says_none():
    assert document_of("minutes-2024-07.md", b"Text", 100).date == "2024-07"
    assert document_of("minutes-2024-07.md", b"---\ndate: 2023-01-02\n---\nText", 100).date == "2023-01-02"
    assert document_of("minutes.md", b"Text", 100).date is None


def test_a_default_sheet_name_is_no_title():
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["Year", "Sum"])
    book.save(stream)
    assert document_of("trade_by-year.xlsx", stream.getvalue(), 1_000).title == "Trade by year"


def test_limits_are_kept_and_told(tmp_path):
    (tmp_path / "large.txt").write_bytes(b"x" * (2 * 2**20 + 1))
    (tmp_path / "long.txt").write_bytes(b"word " * 3_000)
    (tmp_path / "good.txt").write_text("Fine.")
    found = read(tmp_path, limits=Limits(file_bytes=2 * 2**20, characters=10_000))
    assert found["large.txt"] == Skipped("large.txt", "3 MB is over the limit of 2 MB")
    assert found["long.txt"] == Skipped("long.txt", "its text is longer than the limit of 10,000 characters")
    assert isinstance(found["good.txt"], Document)


def test_a_file_that_vanished_is_reported(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    files = list(walk(tmp_path))
    (tmp_path / "a.txt").unlink()
    with ParserPool() as pool:
        assert list(pool.read(files)) == [Skipped("a.txt", "it cannot be opened: no such file or directory")]


@reads_proc
def test_one_process_reads_many_files_and_ends_with_the_pool(tmp_path):
    for number in range(10):
        (tmp_path / f"{number}.txt").write_text("x")
    with ParserPool() as pool:
        assert pool.processes == ()
        processes = {pool.processes for _ in pool.read(walk(tmp_path))}
        assert len(processes) == 1
    ((pid,),) = processes
    assert ends(pid)


@reads_proc
def test_a_reader_that_stops_early_leaves_no_process(tmp_path):
    for number in range(10):
        (tmp_path / f"{number}.txt").write_text("x")
    with ParserPool(workers=2) as pool:
        for _ in pool.read(walk(tmp_path)):
            break
        assert len(list(pool.read(walk(tmp_path)))) == 10  # the pool can be used again
        processes = pool.processes
    assert all(map(ends, processes))
    with pytest.raises(RuntimeError, match="closed"):
        list(pool.read(walk(tmp_path)))


@reads_proc
def test_a_process_that_ended_between_two_files_costs_neither(tmp_path):
    for number in range(12):
        (tmp_path / f"{number:02}.txt").write_text("x")
    with ParserPool() as pool:
        list(pool.read(walk(tmp_path)))
        (pid,) = pool.processes
        os.kill(pid, signal.SIGKILL)
        assert ends(pid)
        assert all(isinstance(found, Document) for found in pool.read(walk(tmp_path)))


HOLDING = """
import sys, time
from pathlib import Path
from assistant.ingest.walk import walk
from assistant.ingest.worker import ParserPool
pool = ParserPool(int(sys.argv[2]))
stream = pool.read(walk(Path(sys.argv[1])))
for _ in range(int(sys.argv[3])):
    next(stream)
print(*pool.processes, flush=True)
if sys.argv[4:]:
    next(stream)
time.sleep(60)
"""


def holding(folder: Path, *arguments: object) -> subprocess.Popen[str]:
    """A program that holds a pool of so many workers, after so many files, and may wait for one more."""
    command = [sys.executable, "-c", HOLDING, folder, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@reads_proc
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_processes_end_with_the_program_however_it_ends(tmp_path, how):
    (tmp_path / "a.txt").write_text("x")
    program = holding(tmp_path, 1, 1)
    pid = int(program.stdout.readline())
    assert alive(pid)
    program.send_signal(how)
    _, errors = program.communicate(timeout=10)
    assert ends(pid)
    assert "child.py" not in errors  # a parser never prints a traceback


@reads_proc
@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_processes_that_are_at_work_end_with_the_program(tmp_path, how, workers):
    for number in range(workers):
        (tmp_path / f"{number}.txt").write_text("x")
        (tmp_path / f"slow-{number}.md").write_text(SLOW)
    program = holding(tmp_path, workers, workers, "and wait")
    pids = list(map(int, program.stdout.readline().split()))
    assert len(pids) == workers and all(map(alive, pids))
    time.sleep(0.3)
    program.send_signal(how)
    program.communicate(timeout=2)  # less than the slow file takes
    assert all(map(ends, pids))


@reads_proc
def test_a_crash_harms_its_own_file_alone_and_few_results_wait(tmp_path, monkeypatch):
    for number in range(30):
        (tmp_path / f"{number:02}.txt").write_text("word " * 1_000)
    (tmp_path / "03-slow.md").write_text(SLOW)
    asked: list[str] = []

    def files() -> Iterator[SourceFile | Skipped]:
        for file in walk(tmp_path):
            asked.append(file.path)
            yield file

    with ParserPool(workers=3) as pool:
        stream = pool.read(files())
        found = [next(stream) for _ in range(3)]
        waiting_for = threading.Thread(target=lambda: found.append(next(stream)))
        waiting_for.start()  # the slow file is next: the others go on, but not without end
        time.sleep(1.0)
        assert waiting_for.is_alive() and len(asked) == 3 + 2 * 3 + 1
        slow = max(pool.processes, key=processor_ticks)
        os.kill(slow, signal.SIGKILL)
        waiting_for.join(10)
        found += stream
    reason = "its parser was ended by SIGKILL; the file may be damaged, or take more than 2,048 MB of memory"
    assert [each for each in found if isinstance(each, Skipped)] == [Skipped("03-slow.md", reason)]
    assert [each.path for each in found] == asked and len(found) == 31


@reads_proc
def test_a_parser_imports_no_model_library_and_gets_no_keys(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_API_KEY", "secret")
    (tmp_path / "a.txt").write_text("x")
    with ParserPool() as pool:
        list(pool.read(walk(tmp_path)))
        (pid,) = pool.processes
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        maps = Path(f"/proc/{pid}/maps").read_text()
    assert b"secret" not in environment
    assert not any(library in maps for library in ("torch", "numpy", "pdfium", "lxml"))


def test_limits_cross_to_the_parser_as_json():
    limits = Limits(seconds=1.5)
    assert Limits(**json.loads(json.dumps(dataclasses.asdict(limits)))) == limits


def test_reasons_reach_the_caller_of_document_of():
    with pytest.raises(Unreadable, match="empty: 0 bytes"):
        document_of("a.txt", b"", 100)
