"""Question sets that say where the answer stands, as folders of text files: CLAPNQ and a product's documentation.

Files are plain text, whose stored text is the file's own: the offsets of a citation count in what is written here.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a file, in code points, half-open."""

    file: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the chunks that answer it, by their number in the set."""

    text: str
    gold: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Files to index, the place of every chunk in them, and questions."""

    files: dict[str, str]
    chunks: tuple[Place, ...]
    questions: tuple[Asked, ...]

    def write(self, folder: Path) -> None:
        """Write the files below a folder."""
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")

    def touched(self, file: str, start: int, end: int) -> list[int]:
        """The chunks that share text with a stretch of a file, in the order of the text."""
        return [n for n, c in enumerate(self.chunks) if c.file == file and c.start < end and start < c.end]

    def holding(self, file: str, start: int, end: int) -> list[int]:
        """The chunks that a stretch of a file lies in from end to end."""
        return [n for n, c in enumerate(self.chunks) if c.file == file and c.start <= start and end <= c.end]


def clapnq(folder: Path) -> QuestionSet:
    """The answerable CLAPNQ questions; every passage, also of the unanswerable ones, is a file and a chunk."""
    numbers: dict[tuple[str, str], int] = {}
    questions = []
    for kind in ("answerable", "unanswerable"):
        for record in _lines(folder / f"annotated_data_dev_clapnq_dev_{kind}.jsonl"):
            gold = tuple(numbers.setdefault((p["title"], p["text"]), len(numbers)) for p in record["passages"])
            if kind == "answerable":
                questions.append(Asked(record["input"], gold))
    files = {f"passage-{n:04}.txt": f"{title}\n\n{text}\n" for (title, text), n in numbers.items()}
    chunks = tuple(Place(name, 0, len(text)) for name, text in files.items())
    return QuestionSet(files, chunks, tuple(questions))


def documentation(folder: Path, whole_pages: bool) -> QuestionSet:
    """The questions about a product's documentation, which name the chunks that answer them.

    Args:
        folder: holds `anthropic_docs.json` and `docs_evaluation_dataset.json` as published.
        whole_pages: whether a page is one file, titled by its address, each chunk a section below an underlined
            heading; else every chunk is a file of its own, as the published evaluation retrieves them.
    """
    published = json.loads((folder / "anthropic_docs.json").read_text(encoding="utf-8"))
    asked = json.loads((folder / "docs_evaluation_dataset.json").read_text(encoding="utf-8"))
    files, chunks = _as_pages(published) if whole_pages else _as_chunks(published)
    number = {chunk["chunk_link"]: n for n, chunk in enumerate(published)}
    questions = tuple(
        Asked(q["question"], tuple(dict.fromkeys(number[link] for link in q["correct_chunks"]))) for q in asked
    )
    return QuestionSet(files, chunks, questions)


def _as_chunks(published: Sequence[dict[str, Any]]) -> tuple[dict[str, str], tuple[Place, ...]]:
    files = {f"chunk-{n:04}.txt": chunk["text"] for n, chunk in enumerate(published)}
    return files, tuple(Place(name, 0, len(text)) for name, text in files.items())


def _as_pages(published: Sequence[dict[str, Any]]) -> tuple[dict[str, str], tuple[Place, ...]]:
    """The chunks of a page, which stand together in the published file, one after the other."""
    files, chunks = {}, []
    for path, sections in groupby(published, key=lambda chunk: urlsplit(chunk["chunk_link"]).path.strip("/")):
        name = f"{path}.txt"
        if name in files:
            raise SystemExit(f"the chunks of the page {path} do not stand together")
        text = _underlined(path.rpartition("/")[2].replace("-", " ").capitalize(), "=")
        for section in sections:
            heading = section["chunk_heading"]
            start = len(text)
            text += _underlined(heading, "-") + section["text"].removeprefix(heading).strip("\n") + "\n\n"
            chunks.append(Place(name, start, len(text)))
        files[name] = text
    return files, tuple(chunks)


def _underlined(heading: str, mark: str) -> str:
    return f"{heading}\n{mark * max(3, len(heading))}\n\n"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
