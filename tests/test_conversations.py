"""The conversations about the sample dossier quote what is there; their benchmark scores what it says it does."""

import importlib.util
import json
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from test_dossier import DOCS, readable

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "eval" / "dossier" / "conversations.jsonl"
LINES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
FIELDS = {"id", "turns", "standalone", "answers", "sources", "answerable", "kind"}
CHANGES = ("topic-change", "topic-change-with-pronoun")


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    path = ROOT / "eval" / "bench" / "conversations.py"
    spec = importlib.util.spec_from_file_location("conversations_bench", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {path.name: readable(path) for path in DOCS.iterdir()}


def test_there_are_enough_conversations_of_two_to_four_turns():
    assert len(LINES) >= 72
    assert [line["id"] for line in LINES] == [f"conversation-{n:03}" for n in range(1, len(LINES) + 1)]
    assert {len(line["turns"]) for line in LINES} == {2, 3, 4}
    assert len({tuple(line["turns"]) for line in LINES}) == len(LINES)


def test_each_kind_is_in_both_halves():
    odd, even = (Counter(line["kind"] for line in LINES[first::2]) for first in (0, 1))
    assert all(abs(odd[kind] - even[kind]) <= 1 for kind in odd | even)


@pytest.mark.parametrize("line", LINES, ids=[line["id"] for line in LINES])
def test_a_conversation_has_its_fields_and_its_evidence(line, texts):
    assert set(line) == FIELDS
    assert all(turn.strip() == turn != "" for turn in [*line["turns"], line["standalone"]])
    assert (line["standalone"] == line["turns"][-1]) is (line["kind"] in CHANGES)
    assert line["answerable"] is bool(line["answers"]) is bool(line["sources"])
    assert all(source["quote"] in texts[source["file"]] for source in line["sources"])
    sources = " ".join(texts[source["file"]] for source in line["sources"]).casefold()
    quotes = " ".join(source["quote"] for source in line["sources"]).casefold()
    assert all(answer.casefold() in sources for answer in line["answers"])
    assert not line["answers"] or any(answer.casefold() in quotes for answer in line["answers"])


def answer(text: str, quote: str = "", document: str = "a.md", status: str = "answered") -> dict:
    citations = [{"document": document, "quote": quote}] if quote else []
    return {"text": text, "status": status, "query": "q", "citations": citations, "confidence": 0.5}


def test_an_answer_is_right_with_an_accepted_string_and_cites_what_holds_it(bench):
    asked = bench.Conversation("c-1", ("A?", "B?"), "B?", ("3 July",), (("a.md", "On 3 July"),), True, "pronoun")
    right = bench.score(asked, answer("Signed on 3\nJULY. [1]", "It was signed | on 3 July."))
    assert right["right"] and right["cites_document"] and right["cites_quote"]
    elsewhere = bench.score(asked, answer("Signed on 3 July. [1]", "on 3 July", document="b.md"))
    assert elsewhere["right"] and not elsewhere["cites_document"] and not elsewhere["cites_quote"]
    assert not bench.score(asked, answer("Signed in May. [1]", "in May"))["right"]
    assert not bench.score(asked, answer("3 July", status="refused"))["right"]


def test_where_the_documents_hold_no_answer_a_refusal_is_right(bench):
    asked = bench.Conversation("c-2", ("A?", "B?"), "B?", (), (), False, "unanswerable")
    assert bench.score(asked, answer("No.", status="refused"))["right"]
    assert not bench.score(asked, answer("3 July"))["right"]


def test_figures_are_shares_and_points_of_difference(bench):
    def result(number: int, kind: str, follow_up: bool, standalone: bool, left_alone: bool) -> dict:
        ways = {
            way: {"right": right, "cites_document": right, "cites_quote": False}
            for way, right in (("follow_up", follow_up), ("standalone", standalone))
        }
        half = bench.HALVES[number % 2]
        return {"id": f"c-{number}", "kind": kind, "half": half, "answerable": True, "left_alone": left_alone, **ways}

    results = [
        result(1, "pronoun", False, True, False),
        result(2, "pronoun", True, True, False),
        result(3, "topic-change", True, True, True),
        result(4, "topic-change", True, False, False),
    ]
    found = bench.figures(results)
    assert (found["n"], found["follow_up"], found["standalone"], found["points"]) == (4, 0.75, 0.75, 0.0)
    assert found["left_alone"] == 0.5 and found["follow_up_cites_document"] == 0.75
    assert found["by_half"]["development"]["points"] == -50.0
    assert found["by_kind"]["pronoun"]["points"] == -50.0 and "left_alone" not in found["by_kind"]["pronoun"]
