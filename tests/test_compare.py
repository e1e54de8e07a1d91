"""Runs held against a baseline."""

import sys
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from assistant.errors import InputError
from assistant.evaluation.compare import HARM, compare, read_baseline
from assistant.evaluation.results import STAGES, Lost, Result, Stage
from assistant.evaluation.run_report import Report, report_json, report_markdown, report_text
from assistant.evaluation.rundir import RESULTS, RunFolder


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


def test_every_stage_has_its_harm():
    assert sorted(HARM) == sorted(STAGES)


def test_cases_that_turned_come_by_harm_and_figures_over_what_both_asked():
    held = compare({"code": "2", "corpus": "1"}, NOW, ({"code": "1", "corpus": "1"}, BEFORE), "old", 0.3)
    assert [(flip.id, flip.before, flip.now) for flip in held.flips] == [
        ("b", None, "should have refused"),
        ("c", None, "chosen, not stated"),
        ("a", None, "should have answered"),
        ("d", "not retrieved", None),
    ]
    [change] = held.changes
    assert (change.name, change.before, change.now, change.of, change.p) == ("correct", 0.8, 0.4, 5, 0.625)
    assert (held.differing, held.only_before, held.only_now) == (("code",), 1, 1)
    assert held.regressions == [change]
    assert compare({}, NOW, ({}, BEFORE), "old", 0.4).regressions == []
    assert compare({}, NOW, ({}, BEFORE), "old", None).regressions == []
    assert compare({}, BEFORE, ({}, NOW), "old", 0.0).regressions == []


def test_more_mistakes_are_worse_and_other_figures_have_no_test():
    before = [result("a", recall=1, **{"false_answers": 0.0, "recall@5": 0.5}), result("b", **{"recall@5": 1.0})]
    now = [result("a", **{"false_answers": 1.0, "recall@5": 0.5}), result("b", **{"recall@5": 0.5})]
    changes = {c.name: c for c in compare({}, now, ({}, before), "old", 0.02).changes}
    assert changes["false_answers"].worse_by == 1.0 and changes["recall@5"].worse_by == 0.25
    assert changes["recall@5"].p is None and changes["false_answers"].p == 1.0


def test_a_report_tells_what_turned_and_fails():
    held = compare({}, NOW, ({}, BEFORE), "old", 0.3)
    report = Report({}, NOW, [], held)
    text, markdown = report_text(report), report_markdown(report)
    assert report.failed and not Report({}, NOW, []).failed
    assert "against old (made of the same; 1 cases are new; 1 are gone)" in text and "WORSE THAN ALLOWED" in text
    assert text.index("worse   b") < text.index("worse   a") < text.index("better  d")
    assert "### Evaluation failed" in markdown and "| worse | b | passed | should have refused | Q b? |" in markdown
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
    assert read_baseline(Path("old")) == ({"code": "1"}, BEFORE[:1])
    with pytest.raises(InputError, match="it asked none of these cases"):
        compare({}, NOW[1:], read_baseline(Path("old")), "old", None)
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
