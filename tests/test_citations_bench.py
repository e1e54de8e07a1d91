"""The benchmark of citations: texts become files with exact places, and figures are what their names say."""

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

BENCH = Path(__file__).resolve().parents[1] / "eval" / "bench"
BASE = "https://docs.example.org/en/build/"
WHAT, WHY, SIZE = BASE + "big-tools#what", BASE + "big-tools#why", BASE + "images#size"
CHUNKS = [
    {"chunk_link": WHAT, "chunk_heading": "What", "text": "What\n\n\nTools are called.\n"},
    {"chunk_link": WHY, "chunk_heading": "Why", "text": "Why\n\n\n# Not a heading\n*a* = 1\n"},
    {"chunk_link": SIZE, "chunk_heading": "Size", "text": "Size\n\n\nUp to 5 MB.\n"},
]
ASKED = [{"question": "Why?", "correct_chunks": [WHY, SIZE, WHY]}]


@pytest.fixture(scope="module", autouse=True)
def _bench_on_path() -> Iterator[None]:
    sys.path.insert(0, str(BENCH))
    yield
    sys.path.remove(str(BENCH))


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, BENCH / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where a dataclass looks its annotations up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sets(_bench_on_path: None) -> ModuleType:
    return load("citation_sets")


@pytest.fixture(scope="module")
def bench(sets: ModuleType) -> ModuleType:
    return load("citations")


@pytest.fixture
def published(tmp_path: Path) -> Path:
    (tmp_path / "anthropic_docs.json").write_text(json.dumps(CHUNKS))
    (tmp_path / "docs_evaluation_dataset.json").write_text(json.dumps(ASKED))
    return tmp_path


def test_a_page_is_one_file_with_its_chunks_side_by_side(sets: ModuleType, published: Path) -> None:
    docs = sets.documentation(published, whole_pages=True)
    assert list(docs.files) == ["en/build/big-tools.txt", "en/build/images.txt"]
    text = docs.files["en/build/big-tools.txt"]
    assert text.startswith("Big tools\n=========\n\nWhat\n----\n\nTools are called.\n\nWhy\n---\n\n# Not a heading")
    first, second, third = docs.chunks
    assert text[first.start : first.end] == "What\n----\n\nTools are called.\n\n"
    assert first.end == second.start and second.end == len(text)
    assert (third.file, third.end) == ("en/build/images.txt", len(docs.files[third.file]))
    assert docs.questions[0].gold == (1, 2)


def test_a_chunk_is_one_file_as_published(sets: ModuleType, published: Path) -> None:
    docs = sets.documentation(published, whole_pages=False)
    assert list(docs.files.values()) == [chunk["text"] for chunk in CHUNKS]
    assert [(c.start, c.end) for c in docs.chunks] == [(0, len(chunk["text"])) for chunk in CHUNKS]


def test_chunks_of_a_page_that_lie_apart_are_refused(sets: ModuleType, published: Path) -> None:
    (published / "anthropic_docs.json").write_text(json.dumps([CHUNKS[0], CHUNKS[2], CHUNKS[1]]))
    with pytest.raises(SystemExit, match="do not stand together"):
        sets.documentation(published, whole_pages=True)


def test_clapnq_indexes_the_passages_of_unanswerable_questions_too(sets: ModuleType, tmp_path: Path) -> None:
    def record(question: str, *passages: tuple[str, str]) -> str:
        return json.dumps({"input": question, "passages": [{"title": t, "text": x} for t, x in passages]})

    lines = [record("a", ("A", "one")), record("b", ("A", "one"), ("B", "two"))]
    (tmp_path / "annotated_data_dev_clapnq_dev_answerable.jsonl").write_text("\n".join(lines))
    (tmp_path / "annotated_data_dev_clapnq_dev_unanswerable.jsonl").write_text(record("c", ("C", "three")))
    found = sets.clapnq(tmp_path)
    assert list(found.files.values()) == ["A\n\none\n", "B\n\ntwo\n", "C\n\nthree\n"]
    assert [(q.text, q.gold) for q in found.questions] == [("a", (0,)), ("b", (0, 1))]


@given(cuts=st.lists(st.integers(0, 60), min_size=1, max_size=6), start=st.integers(0, 59), length=st.integers(1, 60))
def test_a_stretch_lies_in_a_chunk_or_touches_several(cuts: list[int], start: int, length: int) -> None:
    sets = load("citation_sets")
    edges = sorted({0, 120, *cuts})
    chunks = tuple(sets.Place("f", a, b) for a, b in zip(edges, edges[1:], strict=False))
    docs = sets.QuestionSet({"f": "x" * 120}, chunks, ())
    touched = docs.touched("f", start, start + length)
    covered = {position for n in touched for position in range(chunks[n].start, chunks[n].end)}
    assert touched == sorted(touched) and set(range(start, start + length)) <= covered
    assert docs.holding("f", start, start + length) == (touched if len(touched) == 1 else [])
    assert docs.touched("g", start, start + length) == docs.holding("g", start, start + length) == []


def place(start: int, end: int, document: str = "f") -> dict[str, Any]:
    return {"document": document, "start": start, "end": end}


def test_a_citation_counts_where_both_its_ends_lie_in_one_gold_chunk(sets: ModuleType, bench: ModuleType) -> None:
    chunks = (sets.Place("f", 0, 10), sets.Place("f", 10, 20), sets.Place("g", 0, 10))
    docs = sets.QuestionSet({}, chunks, ())
    cited = [place(0, 5), place(5, 12), place(12, 20), place(0, 10, "g"), place(0, 5, "h")]
    answer = {"status": "answered", "citations": cited, "text": "", "confidence": 1.0}
    scored = bench.score(docs, sets.Asked("?", (0, 2)), answer, [])
    assert scored["in_gold"] == [True, False, False, True, False]


def test_passages_become_chunks_each_counted_once(sets: ModuleType, bench: ModuleType) -> None:
    docs = sets.QuestionSet({}, tuple(sets.Place("f", n * 10, n * 10 + 10) for n in range(6)), ())
    answer = {"status": "refused", "citations": [], "text": "", "confidence": 0.0}
    # The second passage is of the first one's chunk, the third reaches over two chunks.
    passages = [place(50, 55), place(55, 60), place(18, 22), place(30, 40)]
    scored = bench.score(docs, sets.Asked("?", (2, 3, 0)), answer, passages)
    assert scored["ranks"] == [3, 4]
    found = bench.figures([scored | {"verbatim": []}])
    assert (found["recall@1"], found["recall@3"], found["recall@5"]) == (0.0, round(1 / 3, 4), round(2 / 3, 4))
    assert (found["mrr@3"], found["cites_gold"], found["cites_gold_of_all"]) == (round(1 / 3, 4), None, 0.0)


def test_refusals_count_among_all_and_not_among_the_answered(bench: ModuleType) -> None:
    def result(answered: bool, in_gold: list[bool], ranks: list[int]) -> dict[str, Any]:
        return {"answered": answered, "in_gold": in_gold, "gold": 2, "ranks": ranks, "verbatim": in_gold}

    right, wrong = result(True, [True, False, False], [1, 4]), result(True, [False], [])
    found = bench.figures([right, wrong, result(False, [], [2])])
    assert (found["answered"], found["citations"], found["cites_gold"]) == (2, 4, 0.5)
    assert (found["in_gold"], found["cites_gold_of_all"]) == (0.25, 0.3333)
    assert (found["recall@1"], found["recall@3"], found["recall@5"]) == (0.1667, 0.3333, 0.5)
    assert found["mrr@3"] == 0.5
