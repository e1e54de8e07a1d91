"""The command line of feedback, `assistant feedback`: what people thought of answers, out of the index or deleted."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.console import show
from assistant.errors import InputError
from assistant.options import IndexOption

if TYPE_CHECKING:
    from assistant.store.feedback import Feedback, FeedbackStore

app = typer.Typer(no_args_is_help=True, help="What people thought of answers on the chat page.")


@app.command()
def export(
    index: IndexOption = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="Write it here as JSON Lines, not to stdout.")
    ] = None,
    set: Annotated[Path | None, typer.Option("--set", help="Write a question set of it here.")] = None,
) -> None:
    """Write what people thought of answers as JSON Lines, or as a question set for assistant eval."""
    kept = _store(index).all()
    if not kept:
        raise InputError("there is no feedback; people give it on the chat page, with the thumbs below an answer")
    lines = "".join(f"{_line(each)}\n" for each in kept)
    if output:
        _write(output, lines)
    elif not set:
        show(lines.removesuffix("\n"))
    if set:
        _write_set(lines, set)


@app.command()
def delete(index: IndexOption = None) -> None:
    """Delete all that people thought of answers, with the questions and answers kept along with it."""
    count = _store(index).delete()
    show(f"feedback on {count} {'answer' if count == 1 else 'answers'} deleted")


def _line(given: "Feedback") -> str:
    from assistant.render import to_json

    record = {
        "question": given.question,
        "history": [{"role": turn.role, "content": turn.content} for turn in given.history],
        "verdict": given.verdict,
        "reason": given.reason,
        "correction": given.correction,
        "answer": given.answer,
        "generation": given.answer["index"]["generation"],
        "at": given.at,
    }
    return to_json(record)


def _store(index: Path | None) -> "FeedbackStore":
    from assistant.settings import load_settings
    from assistant.store.feedback import FeedbackStore

    return FeedbackStore(load_settings(index=index).index)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error


def _write_set(lines: str, target: Path) -> None:
    """Make the lines a question set, as `assistant eval import feedback` does of a file of them."""
    from assistant.evaluation.imports.importing import import_set, import_text, importer_of
    from assistant.evaluation.sets import MOST_CASES

    with TemporaryDirectory() as work:
        exported = Path(work, "feedback.jsonl")
        _write(exported, lines)
        made = import_set(importer_of("feedback", None), [exported], target, None, MOST_CASES)
    sys.stderr.write(import_text(made, target, None) + "\n")
