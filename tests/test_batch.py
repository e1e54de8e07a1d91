"""Files of questions in, files of answers out."""

import json
from pathlib import Path

import pytest

from assistant.answer.question import checked
from assistant.batch import run_batch, unfinished
from assistant.errors import InputError
from assistant.filter import Filter
from assistant.types import Question


def echo(question: Question) -> dict[str, str]:
    return {"id": "overwritten", "question": checked(question).text}


def run(source: Path, target: Path) -> int:
    return run_batch(source, target, echo, lambda done, total: None)


def test_each_line_has_its_answer_and_bad_ones_their_error(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(
        '{"id": "a", "question": "Where?"}\n\n{"question": "\\ud800 visa"}\n{"id": 7, "question": " "}\n'
    )
    assert run(source, target) == 2
    first, half, empty = map(json.loads, target.read_text().splitlines())
    assert first == {"id": "a", "question": "Where?"}
    assert half["id"] == 3 and "half a character" in half["error"]
    assert empty["id"] == 7 and "empty" in empty["error"]


def test_a_line_has_its_own_filter_or_that_of_the_batch(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"question": "Where?", "filter": {"folder": "hr/"}}\n{"question": "Where?"}\n')
    asked: list[Filter | None] = []

    def note(question: Question) -> dict[str, str]:
        asked.append(question.filter)
        return {}

    run_batch(source, target, note, lambda done, total: None, Filter("legal", type="pdf"))
    assert asked == [Filter("hr"), Filter("legal", type="pdf")]


def test_the_questions_are_not_overwritten_by_their_answers(tmp_path: Path) -> None:
    source = tmp_path / "one.jsonl"
    source.write_text('{"question": "Where?"}\n')
    with pytest.raises(InputError, match="is the file of questions itself"):
        run(source, tmp_path / "." / "one.jsonl")
    assert json.loads(source.read_text()) == {"question": "Where?"}


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"id": 1}',
        '{"question": "a", "history": [{"role": "system"}]}',
        '{"question": "a", "filter": {"type": "exe"}}',
    ],
)
def test_a_line_that_is_no_question_is_named_and_nothing_is_written(tmp_path: Path, line: str) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(f'{{"question": "Where?"}}\n{line}\n')
    with pytest.raises(InputError, match="line 2"):
        run(source, target)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_what_was_finished_before_an_interruption_is_kept(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"question": "Where?"}\n{"question": "When?"}\n')

    def interrupted(question: Question) -> dict[str, str]:
        if question.text == "When?":
            raise KeyboardInterrupt
        return echo(question)

    with pytest.raises(KeyboardInterrupt):
        run_batch(source, target, interrupted, lambda done, total: None)
    assert not target.exists()
    assert [json.loads(line)["question"] for line in unfinished(target).read_text().splitlines()] == ["Where?"]
