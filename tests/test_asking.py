"""What is taken from a cache, how often is asked, and what a chat model is told to have cost."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from store_parts import build, make_workshop

from assistant.compose import Workshop
from assistant.errors import InputError
from assistant.evaluation.asking import Asking
from assistant.evaluation.cache import FILE, Cache, CacheUseless, KeptScores, key_of
from assistant.evaluation.figures import parse_gate, parse_price, tokens_of
from assistant.evaluation.results import Result
from assistant.evaluation.run import read_cases, run_cases
from assistant.evaluation.run_report import Report, report_json, report_text
from assistant.evaluation.sets import Case

SET = """
- {id: sea, question: Where does the Kura flow to?, answers: [the Caspian Sea],
   sources: [{file: rivers.txt, quote: flows into the Caspian Sea}]}
- {id: chess, question: How does a knight move in chess?, answerable: no}
"""


class Lengths:
    """Scores a text by its length, and counts the texts that it was asked for."""

    name = digest = "lengths"
    asked = 0

    def score(self, question: str, texts: list[str]) -> list[float]:
        self.asked += len(texts)
        return [float(len(text)) for text in texts]


def test_scores_are_those_of_the_pair_and_asked_for_once():
    model = Lengths()
    with Cache(Path("cache")) as cache:
        scores = KeptScores(model, cache)
        assert scores.score("q", ["a", "bb", "a"]) == [1.0, 2.0, 1.0] and model.asked == 2
        assert scores.score("q", ["bb", "ccc"]) == [2.0, 3.0] and model.asked == 3
        assert scores.score("other", ["bb"]) == [2.0] and model.asked == 4
        assert scores.score("q", []) == []
    other = Lengths()
    other.digest = "other weights"
    with Cache(Path("cache")) as cache:
        assert KeptScores(other, cache).score("q", [*"a" * 1200]) == [1.0] * 1200 and other.asked == 1
        assert KeptScores(model, cache).score("q", ["ccc"]) == [3.0] and model.asked == 4
    assert key_of("ab", "c") != key_of("a", "bc")


def test_a_cache_that_cannot_be_used_is_told():
    Path("file").write_text("")
    with pytest.raises(InputError, match="cannot write file"):
        Cache(Path("file"))
    Path("bad").mkdir()
    Path("bad", FILE).write_bytes(b"not a database, and far too short for one" * 100)
    with pytest.raises(CacheUseless, match="delete it, or give another --cache"):
        Cache(Path("bad"))
    with Cache(Path("odd")) as cache:
        key = key_of("x")
        cache._write("INSERT INTO answers VALUES (?,?)", [(key, '{"answer": 1}')])
        assert cache.answer(key) is None  # it is asked again
        cache._db.execute("DROP TABLE scores")
        with pytest.raises(CacheUseless):
            cache.scores([key])


def test_tokens_are_summed_and_priced():
    case = Result("s", "a", "Q?", True, (), None, None, True, None, {"correct": 1.0}, None, ())
    results = [replace(case, tokens=(1_000_000, 500_000)), replace(case, tokens=(0, 500_000)), case]
    report = Report({}, results, [], price=parse_price("0.15, .6"))
    assert report_json(report)["tokens"] == {"read": 1_000_000, "written": 1_000_000, "of": 2, "cost": 0.75}
    assert "1,000,000 read and 1,000,000 written, for 2 questions, which cost 0.7500" in report_text(report)
    assert tokens_of([case]) is None and report_json(Report({}, [case], []))["tokens"] is None
    for wrong in ("1", "1,2,3", "a,1", "-1,1", "1e9,1"):
        with pytest.raises(InputError, match="expected two numbers"):
            parse_price(wrong)
    with pytest.raises(InputError, match="anything to measure same by"):
        parse_gate("same < 1", [Case(id="a", question="Q?")])
    assert parse_gate("same < 1", [Case(id="a", question="Q?")], repeat=2).name == "same"


def steady(results: list[Result]) -> list[Result]:
    """Results without their times, and whether they were kept."""
    return [replace(r, kept=None, answer={**r.answer, "timings_ms": None}) for r in results]


@pytest.mark.models
def test_what_was_asked_before_is_not_asked_again(workshop: Workshop, monkeypatch: pytest.MonkeyPatch):
    build(workshop)
    Path("set.yaml").write_text(SET)
    model = type(workshop.reranker)
    asked: list[int] = []
    score = model.score

    def counted(self: object, question: str, texts: list[str]) -> list[float]:
        asked.append(len(texts))
        return score(self, question, texts)

    monkeypatch.setattr(model, "score", counted)

    def run(output: str, with_cache: bool = True, **settings: object) -> list[Result]:
        given = (workshop.settings.folder, workshop.settings.index, workshop.embedder)
        other, cases = make_workshop(*given, **settings), read_cases([Path("set.yaml")], set())
        asked.clear()
        with Cache(Path("cache")) as cache:
            how = Asking(cache=cache if with_cache else None)
            return run_cases(cases, other, Path(output), lambda done, total: None, how).results

    without = run("without", with_cache=False)
    first = run("first")
    assert asked and steady(first) == steady(without)
    Path("set.yaml").write_text(SET.replace("the Caspian Sea]", "the Black Sea]"))  # judged otherwise
    again = run("again")
    assert asked == [] and [r.kept for r in again] == ["answer", "answer"]
    assert [r.passed for r in first] == [True, True] and [r.passed for r in again] == [False, True]
    assert again[0].answer == first[0].answer and again[0].found == first[0].found
    moved = run("moved", refusal_threshold=1.0)
    assert asked == [] and [r.kept for r in moved] == ["scores", "scores"] and not moved[0].answered
    assert steady(moved) == steady(run("anew", with_cache=False, refusal_threshold=1.0)) and asked
    assert report_json(Report({}, moved, []))["latency_ms"] == {}  # they were not timed as they are asked
    with sqlite3.connect(Path("cache", FILE)) as stored:
        stored.execute("UPDATE answers SET value = 'x'")
    assert steady(run("mended")) == steady(again)


@pytest.mark.models
def test_each_question_is_asked_again_to_see_whether_the_answer_is_the_same(workshop: Workshop):
    build(workshop)
    Path("set.yaml").write_text(SET)
    cases = read_cases([Path("set.yaml")], set())
    run = run_cases(cases, workshop, Path("out"), lambda done, total: None, Asking(repeat=2))
    assert [result.scores["same"] for result in run.results] == [1.0, 1.0] and run.made_of["repeat"] == 2
    with pytest.raises(InputError, match="a run of other repeat"):
        run_cases(cases, workshop, Path("out"), lambda done, total: None)
