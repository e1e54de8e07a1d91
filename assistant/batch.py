"""Files of questions in, files of answers out: JSON Lines both."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.answer.filters import parse_filter
from assistant.errors import InputError
from assistant.filter import Filter
from assistant.render import to_json
from assistant.types import Question, Turn

Record = Mapping[str, Any]


def parse_question(record: object, where: str) -> Question:
    """A question from its JSON: `question`, `history` as a list of `role` and `content`, and `filter`.

    Raises:
        InputError: a part is missing or of another form; `where` names the place.
    """
    if not isinstance(record, dict) or not isinstance(record.get("question"), str):
        raise InputError(f'{where}: expected an object with "question", a text')
    history = parse_history(record.get("history") or [], where)
    return Question(record["question"], history, parse_filter(record.get("filter"), where))


def parse_history(turns: object, where: str) -> tuple[Turn, ...]:
    """The turns of a conversation from their JSON.

    Raises:
        InputError: it is not a list of `{"role": "user" | "assistant", "content": text}`.
    """
    if not isinstance(turns, list) or not all(
        isinstance(turn, dict) and turn.get("role") in ("user", "assistant") and isinstance(turn.get("content"), str)
        for turn in turns
    ):
        raise InputError(f'{where}: history must be a list of {{"role": "user" or "assistant", "content": text}}')
    return tuple(Turn(turn["role"], turn["content"]) for turn in turns)


def read_history(path: Path | None) -> tuple[Turn, ...]:
    """The turns in a JSON file, none without a file.

    Raises:
        InputError: the file cannot be read or holds something else.
    """
    if path is None:
        return ()
    try:
        return parse_history(json.loads(_text(path)), str(path))
    except ValueError as error:
        raise InputError(f"{path}: not JSON: {error}") from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"cannot read {path}: it is not UTF-8") from error
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error


def read_questions(path: Path) -> list[tuple[Any, Question]]:
    """Id and question of each line; a line without `id` has its number, from 1, as id.

    Raises:
        InputError: the file cannot be read, or a line is not a question; it names the line.
    """
    questions = []
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            record = json.loads(line)
        except ValueError as error:
            raise InputError(f"{where}: not JSON: {error}") from error
        question = parse_question(record, where)
        questions.append((record.get("id", number), question))
    return questions


def run_batch(
    source: Path,
    target: Path,
    answer: Callable[[Question], Record],
    progress: Callable[[int, int], None],
    wanted: Filter | None = None,
) -> int:
    """Answer every question of `source` into `target`, which appears whole or not at all.

    `wanted` is the filter of questions that have none of their own. A question that cannot be asked, such as an
    empty one or one whose filter leaves no document, gets a record with its `error`. When the run is interrupted,
    what it had finished stays in the file of `unfinished(target)`.

    Returns:
        How many such questions there were.
    """
    if target.exists() and target.samefile(source):
        raise InputError(f"--output {target} is the file of questions itself; give another")
    questions = read_questions(source)
    failed = 0
    pending = unfinished(target)
    try:
        # Half a character that JSON escaped is written as the same escape.
        with pending.open("w", encoding="utf-8", errors="backslashreplace") as file:
            for done, (identity, question) in enumerate(questions, start=1):
                try:
                    asked = question if question.filter else replace(question, filter=wanted)
                    record = {**answer(asked), "id": identity}
                except InputError as error:
                    failed += 1
                    record = {"id": identity, "question": question.text, "error": str(error)}
                file.write(to_json(record) + "\n")
                progress(done, len(questions))
        os.replace(pending, target)
    except OSError as error:
        pending.unlink(missing_ok=True)
        raise InputError(f"cannot write {target}: {error.strerror}") from error
    return failed


def unfinished(target: Path) -> Path:
    """Where a batch is written until it is whole."""
    return target.with_name(target.name + ".part")
