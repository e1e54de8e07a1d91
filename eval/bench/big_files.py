"""Large inputs through `assistant index` itself: how fast, how much memory, and whether citations name their place.

    python eval/bench/big_files.py [pdf docx xlsx eml] [--share 1.0] [--rounds 3] [--embed-seconds 60]

A PDF of 500 pages, a Word document of 300, a workbook of 100,000 rows and a folder of 2,000 e-mails, made by
`formats_made.py`; `--share` makes smaller ones. The command runs as a user runs it, with its parser processes, and is
looked at from outside. "read" is by the clock, from the making of a generation until its catalog holds the text,
passages and words of all files. What follows is embedding, which is told apart: the whole of it, or with
`--embed-seconds` only so long, and with 0 none, and then the command is interrupted as by Ctrl-C. (Short texts come
first, so that the pace of the whole is lower.)

"parse_over_bare" is reading the files in this process over bare extraction by the format's library (`formats.py`),
in seconds of the processor: the median of several rounds, each of both. "read_over_bare" has what the command and its
parsers used of the processors during "read" for the former: their start, splitting and the catalog are in it.

At last, the citation of a sentence deep in each input is made from the catalog and held against where it was put.
"""

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import formats
import formats_made as made
import pypdfium2

from assistant.answer.cite import cite
from assistant.ingest.parse import Kind, parse_bytes
from assistant.store.catalog import Catalog, quoted
from assistant.store.generations import CATALOG, GENERATIONS

COMMAND = [sys.executable, "-c", "from assistant.cli import main; main()"]
LONGEST = 7_200  # seconds of one run of the command
EVERY = 0.05  # seconds between two looks


@dataclass(frozen=True)
class Input:
    """A folder's files, what is counted in them, and a sentence with the place that its citation must name."""

    files: dict[str, bytes]
    unit: str
    count: int
    sentence: str
    place: dict[str, Any]  # fields of the citation


def pdf(share: float) -> Input:
    """One PDF; the sentence is a line in the middle of a page near its end."""
    pages = round(500 * share)
    data, page = made.pdf(pages), pages * 9 // 10
    line = _texts_of_pdf(data, page)[20].strip()
    return Input({"big.pdf": data}, "pages", pages, line, {"document": "big.pdf", "page": page})


def word(share: float) -> Input:
    """One Word document; the sentence is the first under a heading of level 1 near the end."""
    pages = round(300 * share)
    data, section = made.word(pages), pages * 9 // 10 // 3 * 3 + 1
    text = formats.word(data)
    after = text.index(f"Section {section}\n") + len(f"Section {section}\n")
    sentence = text[after : text.index(".", after) + 1]
    return Input(
        {"big.docx": data}, "pages", pages, sentence, {"document": "big.docx", "heading": f"Section {section}"}
    )


def excel(share: float) -> Input:
    """One workbook with one sheet; the sentence is a row."""
    rows = round(100_000 * share)
    number = rows * 9 // 10
    place = {"document": "big.xlsx", "page": 1, "row": number + 2}  # row 1 is the header
    return Input({"big.xlsx": made.excel(rows)}, "rows", rows, f"Item {number} |", place)


def messages(share: float) -> Input:
    """A folder of e-mails; the sentence is in the text of one of them."""
    count = round(2_000 * share)
    files = {f"{number:04}.eml": data for number, data in enumerate(made.messages(count))}
    name = f"{count * 9 // 10 + 1:04}.eml"
    _, _, text = files[name].decode().partition("\n\n")
    sentence = text.replace("=\n", "").replace("\n", " ").partition(".")[0].strip() + "."
    return Input(files, "messages", count, sentence, {"document": name})


INPUTS: dict[Kind, Callable[[float], Input]] = {"pdf": pdf, "docx": word, "xlsx": excel, "eml": messages}


def main() -> None:
    """Print the figures of each input as one JSON object a line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("formats", nargs="*", default=list(INPUTS), help="pdf, docx, xlsx, eml")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--embed-seconds", type=float, default=LONGEST)
    given = parser.parse_args()
    for kind in given.formats:
        made_input = INPUTS[kind](given.share)
        with tempfile.TemporaryDirectory() as work:
            figures = {"format": kind, **_indexed(Path(work), made_input, given.embed_seconds)}
        figures |= _parsed(kind, made_input, given.rounds)
        figures["read_over_bare"] = round(figures["read_processor_seconds"] / figures["bare_seconds"], 2)
        print(json.dumps(figures), flush=True)


def _parsed(kind: Kind, big: Input, rounds: int) -> dict[str, Any]:
    """Reading in this process over bare extraction by the library."""
    bare = formats.FORMATS[kind][2]
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_seconds(lambda data: parse_bytes(data, kind), big))
        theirs.append(_seconds(bare, big))
    return {
        "bare_seconds": round(median(theirs), 2),
        "parse_over_bare": round(median(a / b for a, b in zip(ours, theirs, strict=True)), 2),
    }


def _seconds(read: Callable[[bytes], Any], big: Input) -> float:
    start = time.process_time()
    for data in big.files.values():
        read(data)
    return time.process_time() - start


def _indexed(work: Path, big: Input, embed_seconds: float) -> dict[str, Any]:
    """The input indexed by the command, or read by it and embedded for so long."""
    folder, index = work / "documents", work / "index"
    folder.mkdir()
    for name, data in big.files.items():
        (folder / name).write_bytes(data)
    command = [*COMMAND, "index", str(folder), "--index", str(index), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=work)
    watch = _Watch(process, index, embed_seconds)
    output, errors = process.communicate(timeout=LONGEST)
    watch.join()
    assert process.returncode == 0 or watch.interrupted, errors.decode()[-500:]
    (generation,) = (index / GENERATIONS).iterdir()
    with closing(Catalog.open(generation / CATALOG)) as catalog:
        (documents, passages, vectors), skipped = catalog.counts(), catalog.skipped()
        place = _place(catalog, big)
    paced = (vectors - watch.first_vectors) / max(embed_seconds, EVERY)
    if not watch.interrupted:
        paced = vectors / (json.loads(output)["timings_ms"]["embed"] / 1000)
    return {
        "documents": documents,
        "skipped": [f"{item.path}: {item.reason}" for item, _ in skipped],
        big.unit: big.count,
        "passages": passages,
        "read_seconds": round(watch.read - watch.begun, 2),
        "read_processor_seconds": round(watch.used, 2),
        f"{big.unit}_per_second": round(big.count / (watch.read - watch.begun)),
        "embedded": vectors,
        "embedded_per_second": round(paced, 1),
        "peak_mb": watch.program >> 10,
        "peak_mb_of_a_parser": watch.parser >> 10,
        "citation": place,
    }


def _place(catalog: Catalog, big: Input) -> dict[str, Any]:
    """What the citation of the known sentence names, which must be its place; its quote must be the stored text."""
    for number, _ in catalog.match(quoted(big.sentence.rstrip(" |")), 50):  # as a phrase
        passage = catalog.passage(number)
        for sentence in passage.sentences:
            if big.sentence in sentence.quote:
                citation = cite(1, passage, sentence, 0.0)
                assert catalog.slice(citation.document, citation.start, citation.end) == citation.quote
                named = {name: getattr(citation, name) for name in big.place}
                assert named == big.place, f"cited as {named}, put at {big.place}"
                return named
    raise AssertionError(f"not in the index: {big.sentence}")


class _Watch(threading.Thread):
    """Looks at a build from outside: when it begins and has read all, and its memory (in KB, from Linux's /proc).

    `program` is the most that the program had at a time, `parser` the most that one of its parsers had.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", index: Path, embed_seconds: float) -> None:
        super().__init__()
        self.program = self.parser = 0
        self.begun = self.read = self.embedding = self.ended = 0.0
        self.used = 0.0  # seconds of the processors, from `begun` to `read`
        self.first_vectors = 0  # those that are there when the model has been loaded and has begun
        self.interrupted = False
        self._process, self._index, self._embed_seconds = process, index, embed_seconds
        self.start()

    def run(self) -> None:
        """Look until the process has ended; interrupt it once it has embedded for long enough."""
        while self._process.poll() is None:
            now = time.perf_counter()
            catalogs = list((self._index / GENERATIONS).glob(f"*/{CATALOG}"))
            if catalogs and not self.begun:
                self.begun, self.used = now, -self._processor_seconds()
            if self.read and not self.embedding and (vectors := _count(catalogs, "vectors")):
                self.embedding, self.first_vectors = now, vectors
            if not self.read and _count(catalogs, "documents"):  # they are committed once for all
                self.read = now
                self.used += self._processor_seconds()
            since = self.embedding if self._embed_seconds else self.read
            if since and not self.interrupted and now - since >= self._embed_seconds:
                self.interrupted = True
                self._process.send_signal(signal.SIGINT)
            self.ended = now
            self.program = max(self.program, _peak(self._process.pid))
            self.parser = max([self.parser, *map(_peak, _children(self._process.pid))])
            time.sleep(EVERY)

    def _processor_seconds(self) -> float:
        """What the program and the parsers that it has now used so far."""
        return sum(map(_used, [self._process.pid, *_children(self._process.pid)]))


def _count(catalogs: list[Path], table: str) -> int:
    """How much is in the catalog of the generation that is being made."""
    try:
        with closing(sqlite3.connect(f"file:{catalogs[0]}?mode=ro", uri=True, timeout=0)) as reader:
            return int(reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    except (IndexError, sqlite3.OperationalError):
        return 0  # it is not there yet, or is being written


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            yield from map(int, task.read_text().split())
        except OSError:
            pass  # a thread ended meanwhile


def _used(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _peak(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def _texts_of_pdf(data: bytes, page: int) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return str(document[page - 1].get_textpage().get_text_range()).splitlines()


if __name__ == "__main__":
    os.environ.setdefault("PYTHONPATH", os.getcwd())
    main()
