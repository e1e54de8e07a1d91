"""Runs held against a baseline."""

import sys
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from assistant.errors import InputError
from assistant.evaluation.causes import Made, differences
from assistant.evaluation.compare import Baseline, Comparison, check_comparable, compare, read_baseline
from assistant.evaluation.results import Lost, Result, Stage
from assistant.evaluation.run import ANSWERING
from assistant.evaluation.run_report import Report, report_json, report_markdown, report_text
from assistant.evaluation.rundir import DOCUMENTS, RESULTS, RunFolder
from assistant.evaluation.sets import Case, asked_hash


def result(identity: str, lost: Stage | None = None, **scores: float) -> Result:
    why = Lost(lost, "an answer", "another", "assistant ask") if lost else None
    correct = {"correct": float(lost is None), **scores}
    return Result("a.yaml", identity, f"Q {identity}?", True, (), None, None, why is None, why, correct, None, ())


BEFORE = [result("a"), result("b"), result("c"), result("d", "not retrieved"), result("e"), result("gone")]
NOW = [
    result("a", "should have answered"),
    result("b", "should have refused"),
    result("c", "chosen, not stated"),
    result("d"),
    result("e"),
    result("new"),
]


def held(now: list[Result], before: list[Result], allowed: float | None, **made: tuple[str, str]) -> Comparison:
    then, here = ({name: pair[side] for name, pair in made.items()} for side in (0, 1))
    return compare(Made(here), now, Baseline(then, before), "old", allowed)


def test_cases_that_turned_come_by_harm_and_figures_over_what_both_asked():
    told = held(NOW, BEFORE, 0.3, code=("1", "2"), corpus=("1", "1"))
    assert [(flip.id, flip.before, flip.now, flip.was, flip.is_now) for flip in told.flips] == [
        ("b", None, "should have refused", "right", "false answer"),
        ("c", None, "chosen, not stated", "right", "wrong answer"),
        ("a", None, "should have answered", "right", "refused"),
        ("d", "not retrieved", None, "wrong answer", "right"),
    ]
    assert [flip.worse for flip in told.flips] == [True, True, True, False]
    [change] = told.changes
    assert (change.name, change.before, change.now, change.of, change.p) == ("correct", 0.8, 0.4, 5, 0.625)
    assert (told.differing, told.only_before, told.only_now) == (("code",), 1, 1)
    assert told.regressions == [change]
    assert held(NOW, BEFORE, 0.4).regressions == []
    assert held(NOW, BEFORE, None).regressions == []
    assert held(BEFORE, NOW, 0.0).regressions == []


def test_a_refusal_that_becomes_a_wrong_answer_turned_for_the_worse():
    before, now = [result("a", "should have answered")], [result("a", "retrieved, not chosen")]
    assert [(f.was, f.is_now, f.worse) for f in held(now, before, None).flips] == [
        ("refused", "wrong citation", True)
    ]
    assert [flip.worse for flip in held(before, now, None).flips] == [False]
    moved = [replace(result("a"), scores={"correct": 1.0, "citation_verbatim": 0.5})]
    assert [flip.is_now for flip in held(moved, [result("a")], None).flips] == ["wrong citation"]


def test_cases_are_the_same_by_their_question_whatever_the_set_and_the_id_are_called():
    def named(name: str, identity: str, question: str) -> Result:
        return replace(result(identity), set=name, question=question)

    before = [named("a.yaml", "1", "One?"), named("a.yaml", "2", "Two?"), named("b.yaml", "2", "Two?")]
    now = [named("new.yaml", "2", "One?"), named("b.yaml", "2", "Two?"), named("c.yaml", "2", "Two?")]
    now[1] = replace(now[1], passed=False, lost=Lost("not retrieved", "x", "y", "z"), scores={"correct": 0.0})
    before[2] = replace(before[2], passed=False, lost=Lost("not indexed", "x", "y", "z"), scores={"correct": 0.0})
    told = held(now, before, None)
    assert (told.only_before, told.only_now, told.flips) == (
        0,
        0,
        (),
    )  # that of b.yaml is held against that of b.yaml
    reworded = [named("a.yaml", "1", "One, then?")]
    with pytest.raises(InputError, match="it asked none of these questions"):
        held(reworded, before, None)


def test_that_nothing_can_be_compared_is_found_out_before():
    case = Case(id="a", question="Q a?")
    check_comparable([case], Baseline({}, BEFORE), "old")
    after = Case.model_validate({**case.model_dump(), "history": [{"role": "user", "content": "Hm"}]})
    with pytest.raises(InputError, match="asked none of these questions, but 6 others, of a.yaml"):
        check_comparable([after], Baseline({}, BEFORE), "old")
    later = replace(BEFORE[0], asked=asked_hash(after.asked()))
    check_comparable([after], Baseline({}, [later]), "old")


def test_more_mistakes_are_worse_and_other_figures_have_no_test():
    before = [result("a", recall=1, **{"false_answers": 0.0, "recall@5": 0.5}), result("b", **{"recall@5": 1.0})]
    now = [result("a", **{"false_answers": 1.0, "recall@5": 0.5}), result("b", **{"recall@5": 0.5})]
    changes = {c.name: c for c in held(now, before, 0.02).changes}
    assert changes["false_answers"].worse_by == 1.0 and changes["recall@5"].worse_by == 0.25
    assert changes["recall@5"].p is None and changes["false_answers"].p == 1.0


def test_a_report_tells_what_turned_and_fails():
    report = Report({}, NOW, [], held(NOW, BEFORE, 0.3))
    text, markdown = report_text(report), report_markdown(report)
    assert report.failed and not Report({}, NOW, []).failed
    assert "against old (made of the same; 1 cases are new; 1 are gone)" in text and "WORSE THAN ALLOWED" in text
    assert text.index("worse   b") < text.index("worse   a") < text.index("better  d")
    assert "### Evaluation failed" in markdown and (
        "| worse | b | right | false answer (should have refused) | Q b? |" in markdown
    )
    told = report_json(report)["comparison"]
    assert told["flips"][0]["id"] == "b" and told["regressions"] == ["correct"]


def test_only_a_finished_run_is_a_baseline():
    with pytest.raises(InputError, match="there is no run in it"):
        read_baseline(Path("nowhere"))
    with RunFolder(Path("old"), {"code": "1"}) as run:
        run.add(BEFORE[0])
    with pytest.raises(InputError, match="not finished"):
        read_baseline(Path("old"))
    with RunFolder(Path("old"), {"code": "1"}) as run:  # it was killed between its last case and its end
        run.end()
    assert read_baseline(Path("old")) == ({"code": "1"}, BEFORE[:1], None)
    with RunFolder(Path("old"), {"code": "1"}) as run:
        run.write_documents({"a.md": "0"})
    assert read_baseline(Path("old")).documents == {"a.md": "0"}
    for wrong in (b"[]", b'{"a.md": 1}', b"{", b"\xff"):
        Path("old", DOCUMENTS).write_bytes(wrong)
        with pytest.raises(InputError, match="documents.json cannot be read"):
            read_baseline(Path("old"))
    Path("old", DOCUMENTS).unlink()
    Path("old", RESULTS).unlink()
    with pytest.raises(InputError, match="cannot read"):
        read_baseline(Path("old"))


def test_one_process_at_a_time_writes_a_run():
    program = "import sys; from pathlib import Path; from assistant.evaluation.rundir import RunFolder\n"
    program += "run = RunFolder(Path('old'), {}); print('begun', flush=True); sys.stdin.read()"
    with Popen([sys.executable, "-c", program], stdin=PIPE, stdout=PIPE, text=True) as other:
        assert other.stdout.readline() == "begun\n"
        with pytest.raises(InputError, match="another process writes the run in old"):
            RunFolder(Path("old"), {})
        other.kill()
    with RunFolder(Path("old"), {}) as run:  # the lock goes with the process
        assert run.results == []


def test_every_setting_on_which_answers_depend_can_be_told_as_a_cause() -> None:
    before = dict.fromkeys(ANSWERING, "this")
    differing = differences(Made({"settings": before}), Made({"settings": dict.fromkeys(ANSWERING, "that")}))
    assert {cause.partition(" was ")[0] for cause, _ in differing.rules} == {*ANSWERING}
