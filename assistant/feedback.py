"""The command line of feedback, `assistant feedback`: what people thought of answers, out of the index or deleted."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    if set and set.suffix.lower() != ".jsonl":
        raise InputError(f"{set} has to end in .jsonl, as question sets of JSON Lines do")
    kept = _store(index).all()
    if not kept:
        raise InputError("there is no feedback; people give it on the chat page, with the thumbs below an answer")
    if output or not set:
        records = [_record(each) for each in kept]
        if output:
            _write(output, records)
        else:
            for record in records:
                show(record)
    if set:
        cases = [case for number, each in enumerate(kept, start=1) if (case := as_case(each, f"feedback-{number}"))]
        _write(set, cases)
        left = len(kept) - len(cases)
        sys.stderr.write(
            f"{len(cases)} questions written to {set}"
            + (f"; {left} without a correction or a quote tell no right answer and were left out" if left else "")
            + "\n"
        )


@app.command()
def delete(index: IndexOption = None) -> None:
    """Delete all that people thought of answers, with the questions and answers kept along with it."""
    count = _store(index).delete()
    show(f"feedback on {count} {'answer' if count == 1 else 'answers'} deleted")


def as_case(given: "Feedback", identity: str) -> dict[str, Any] | None:
    """A case of a question set, or None where it tells no right answer.

    A correction is an accepted answer. What was found good has to be answered from the same quotes, or refused again.
    """
    case: dict[str, Any] = {"id": identity, "question": given.question, "tags": ["feedback", given.verdict]}
    if given.history:
        case["history"] = [{"role": turn.role, "content": turn.content} for turn in given.history]
    if given.correction.strip():
        return {**case, "answers": [given.correction.strip()]}
    if given.verdict == "down":
        return None
    if given.answer["status"] == "refused":
        return {**case, "answerable": False}
    sources = [{"file": each["document"], "quote": each["quote"]} for each in given.answer["citations"]]
    return {**case, "sources": sources} if sources else None


def _record(given: "Feedback") -> dict[str, Any]:
    return {
        "question": given.question,
        "history": [{"role": turn.role, "content": turn.content} for turn in given.history],
        "verdict": given.verdict,
        "reason": given.reason,
        "correction": given.correction,
        "answer": given.answer,
        "generation": given.answer["index"]["generation"],
        "at": given.at,
    }


def _store(index: Path | None) -> "FeedbackStore":
    from assistant.settings import load_settings
    from assistant.store.feedback import FeedbackStore

    return FeedbackStore(load_settings(index=index).index)


def _write(path: Path, records: list[dict[str, Any]]) -> None:
    from assistant.render import to_json

    try:
        path.write_text("".join(to_json(record) + "\n" for record in records), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error
