"""The rule of eval/bench/written.py, by which sentences of a chat model are called true or false."""

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "eval" / "bench"))

from qa import Case  # noqa: E402
from written import compared, figures, read_readings, spread  # noqa: E402
from written_rule import judged, words_of  # noqa: E402

TEXT = (
    "The port of Aral was opened in 1907 by the railway company, and it did not freeze in winter. "
    "In 1930 the company, which owned three ships, sold the port to the state. "
    "It cannot grow, but in 1950 a new port was built. It loaded goods, among them salt, cotton and fish."
)
QUESTION, ANSWERS = "When was the port of Aral opened?", ("1907",)


def rule(said: str, question: str = QUESTION, answers: tuple[str, ...] = ANSWERS) -> tuple[bool, str]:
    return judged(said, [TEXT], question, answers)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("it did not freeze in winter", "copied"),
        ("The company, which owned three ships, sold the port to the state.", "copied"),
        ("The answer is: it did not freeze in winter", "copied"),
        ("The port of Aral opened in 1907.", "in order"),
        ("It wasn't freezing in winter.", "in order"),
        ("In 1930 the company sold the port to the state.", "in order"),
        ("The source sentences above say that it did not freeze in winter.", "copied"),
        ("The source sentence: It did not freeze in winter.", "copied"),
        ("In 1950 a new port had been built.", "in order"),
        ("It loaded goods, including salt and fish.", "in order"),
        ("1907 was when the port of Aral was opened.", "question answered"),
    ],
)
def test_what_the_text_says_is_true(said: str, reason: str) -> None:
    assert rule(said) == (True, reason)


@pytest.mark.parametrize(
    "said",
    [
        "The port of Aral was opened in 1930.",
        "freeze in winter",
        "The port did freeze in winter.",
        "The state sold the port to the company.",
        "The railway company sold three ships.",
        "The port was opened for the pilgrims.",
        "1908 was when the port of Aral was opened.",
        "1907 was not when the port of Aral was opened.",
        "The answer is 1908.",
        "The question is 1907.",
        "The source sentences above say that the port was opened in 1908.",
        "It can grow.",
        "It loaded goods, including coal.",
    ],
)
def test_everything_else_is_false(said: str) -> None:
    assert not rule(said)[0]


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(1, 60))
def test_a_run_of_the_texts_words_is_true_unless_what_turns_it_is_cut_off(start: int, size: int) -> None:
    words = words_of(TEXT)
    run = words[start : start + size]
    cut = {"not", "but"} & {*words[max(0, start - 3) : start]}
    assert judged(" ".join(run), [TEXT], "Why?", ())[0] or cut or "but" in run or not run


def test_questions_are_spread_over_the_file() -> None:
    cases = [Case(f"{n}?", "a.txt", ("x",), True) for n in range(10)]
    assert [case.question for case in spread(cases, 4, between=False)] == ["0?", "2?", "5?", "7?"]
    assert [case.question for case in spread(cases, 4, between=True)] == ["1?", "3?", "6?", "8?"]
    assert spread(cases[:3], 100, between=False) == cases[:3]


def row(sentence: str, support: str, true: bool) -> dict[str, object]:
    reason = "copied" if true else "in no source"
    return {"question": "Q", "sentence": sentence, "cited": ["x"], "support": support, "problems": ["figure 3 …"],
            "true_by_rule": true, "reason": reason}  # fmt: skip


def test_figures_and_readings(tmp_path: Path) -> None:
    rows = [row("A.", "verified", True), row("B.", "verified", False), row("C.", "unsupported", True)]
    answers = [{"status": "answered", "mode": "generative"}, {"status": "refused", "mode": "generative"}]
    out = figures(answers, rows)
    assert out["verified"] == 2
    assert (out["verified_false_by_rule"], out["verified_false_share"]) == (1, 0.5)
    assert (out["refused"], out["written_by_model"], out["unsupported_true_by_rule"]) == (1, 1, 1)
    path = tmp_path / "read.jsonl"
    read = [{"question": "Q", "sentence": s, "cited": ["x"], "true": True} for s in ("A.", "B.")]
    path.write_text("".join(json.dumps(line) + "\n" for line in read))
    assert compared(rows, read_readings(path)) == {
        "verified": 2, "read": 2, "false": 0, "false_share": 0.0, "rule_agrees": 1, "rule_false_read_true": 1,
        "rule_true_read_false": 0,
    }  # fmt: skip


PEOPLE = "Ada met Omar in Aral. He gave her his ship, and it sank. A baker saw them."


def test_a_name_of_the_text_stands_for_a_pronoun_and_nothing_else_does() -> None:
    assert judged("Omar gave Ada his ship.", [PEOPLE], "Why?", ()) == (True, "in order")
    assert judged("Omar's ship sank.", [PEOPLE], "Why?", ()) == (True, "in order")
    assert not judged("Igor gave Ada his ship.", [PEOPLE], "Why?", ())[0]
    assert not judged("The baker gave her his ship.", [PEOPLE], "Why?", ())[0]
    assert not judged("Ada saw a baker.", [PEOPLE], "Why?", ())[0]
