"""The command line. Arguments are read here; the work is done elsewhere, and imported when it is needed."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from assistant.errors import InputError, UserError
from assistant.evaluation.cli import app as evaluation

if TYPE_CHECKING:
    from assistant.compose import Workshop
    from assistant.types import Question

app = typer.Typer(
    help="Ask a folder of documents; every sentence of an answer cites the exact words of a source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(evaluation, name="eval")

INTERRUPTED = 130  # the exit code of a program that Ctrl-C ended

IndexOption = Annotated[Path | None, typer.Option("--index", help="Folder of the index.", show_default="index")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
BatchOption = Annotated[Path | None, typer.Option("--batch", help="Read questions from this JSON Lines file.")]
OutputOption = Annotated[Path | None, typer.Option("--output", help="Write the batch's results here.")]


@app.command()
def index(
    folder: Annotated[Path | None, typer.Argument(help="Folder of documents.", show_default="docs")] = None,
    index: IndexOption = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build anew, reusing nothing.")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Delete older generations and all traces.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on, and index what changes, until interrupted.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Index a folder, or bring its index up to date."""
    from assistant.progress import build_progress
    from assistant.render import build_json, build_text

    if rebuild and prune:
        raise InputError("--rebuild and --prune do not go together; give one after the other")
    workshop = _workshop(folder=folder, index=index)

    def build(rebuild: bool, prune: bool) -> None:
        with build_progress() as progress:
            report = workshop.build(rebuild, progress, prune)
        unread = workshop.unread()
        _print(build_json(report, unread) if as_json else build_text(report, unread))

    build(rebuild, prune)
    if watch:
        from assistant.watch import follow

        follow(workshop.settings.folder, workshop.settings.index, lambda: build(rebuild=False, prune=prune))


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    index: IndexOption = None,
    history: Annotated[
        Path | None,
        typer.Option("--history", help="JSON file of the turns before: role and content of each."),
    ] = None,
    batch: BatchOption = None,
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a question, or a file of them."""
    from assistant.answer.question import checked
    from assistant.batch import read_history
    from assistant.render import answer_json, answer_text
    from assistant.types import Question

    _one_or_batch(question, batch, output)
    workshop = _workshop(index=index)
    if batch and output:
        chain = workshop.chain()
        _run_batch(batch, output, lambda asked: answer_json(chain.invoke(asked)))
    elif question is not None:
        asked = checked(Question(question, read_history(history)))
        answer = workshop.chain().invoke(asked)
        _print(answer_json(answer) if as_json else answer_text(answer))


@app.command()
def search(
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    index: IndexOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="How many passages.")] = 10,
    batch: BatchOption = None,
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the passages that fit a query best, or those of a file of queries."""
    from assistant.answer.question import checked
    from assistant.render import passages_json, passages_text
    from assistant.types import Question

    _one_or_batch(query, batch, output)
    workshop = _workshop(index=index)
    if batch and output:
        find = workshop.search(limit)
        _run_batch(batch, output, lambda asked: passages_json(asked.text, find(checked(asked).text)))
    elif query is not None:
        text = checked(Question(query)).text
        found = workshop.search(limit)(text)
        _print(passages_json(query, found) if as_json else passages_text(found))


@app.command()
def serve(
    folder: Annotated[Path | None, typer.Argument(help="Folder of documents.", show_default="docs")] = None,
    index: IndexOption = None,
    host: Annotated[str | None, typer.Option("--host", help="Address.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port.", show_default="7860")] = None,
) -> None:
    """Serve the chat; the folder is indexed first where there is no index yet."""
    workshop = _workshop(folder=folder, index=index, host=host, port=port)
    from assistant.progress import build_progress
    from assistant.serve.app import run

    with build_progress() as progress:
        workshop.build_if_missing(progress)
    run(workshop)


@app.command()
def status(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Say what the index holds, and which files it does not."""
    from assistant.render import status_json, status_text

    workshop = _workshop(index=index)
    status = workshop.status()
    found = status, workshop.refusal(status.manifest.recipe), workshop.unread()
    _print(status_json(*found) if as_json else status_text(*found))


@app.command()
def calibrate(
    sets: Annotated[
        list[Path] | None, typer.Argument(help="Question sets: YAML, JSON Lines or CSV.", metavar="SET")
    ] = None,
    index: IndexOption = None,
    keep: Annotated[
        float | None,
        typer.Option("--keep", help="Share of answerable questions to be answered.", show_default="0.95"),
    ] = None,
    max_false_answers: Annotated[
        float | None,
        typer.Option("--max-false-answers", help="Instead: share of unanswerable questions that may be answered."),
    ] = None,
    without: Annotated[list[str] | None, typer.Option("--without", help="Leave out questions with this tag.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Store it even if the questions are too few.")] = False,
    reset: Annotated[bool, typer.Option("--reset", help="Take the calibration away.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Fit the confidence below which is refused to question sets, and keep it with the index."""
    from assistant.answer.calibration import remove_calibration
    from assistant.evaluation.calibrate import calibrate as fitted
    from assistant.evaluation.report import calibrated_json, calibrated_text
    from assistant.evaluation.thresholds import parse_goal
    from assistant.progress import counter
    from assistant.render import refusal_lines

    if reset == bool(sets):
        raise InputError("give one question set or more, or --reset alone")
    goal, workshop = parse_goal(keep, max_false_answers), _workshop(index=index)
    if not sets:
        removed = remove_calibration(workshop.settings.index)
        refusal = workshop.refusal(workshop.status().manifest.recipe)
        _print({"removed": removed} if as_json else "\n".join(refusal_lines(refusal)))
        return
    with counter("asked") as progress:
        done = fitted(sets, frozenset(without or ()), goal, force, workshop, progress)
    _print(calibrated_json(done) if as_json else calibrated_text(done))


@app.command()
def doctor(
    index: IndexOption = None,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended, as a new generation.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Hold every part of the index against the others; exit 1 where something is wrong."""
    from assistant.progress import build_progress
    from assistant.render import checks_json, checks_text

    workshop = _workshop(index=index)
    done: list[str] = []
    with build_progress() as progress:
        if repair:
            mended = workshop.repair(progress)
            checks, done = mended.after, mended.done
        else:
            checks = workshop.examine(progress)
    _print(checks_json(checks, done) if as_json else "\n".join([*done, checks_text(checks)]))
    if not all(check.ok for check in checks):
        sys.exit(1)


@app.command()
def models(
    action: Annotated[str | None, typer.Argument(help='"verify" hashes every file.', show_default=False)] = None,
) -> None:
    """List the models, or verify their files against the pinned hashes."""
    from assistant.models.weights import PACKAGED, verified

    if action not in (None, "verify"):
        raise InputError(f"unknown action {action!r}; use: assistant models verify")
    for model in PACKAGED:
        state = f"verified, {len(model.files)} files" if action and verified(model) else model.distribution
        _print(f"{model.name}: {state}")


def main() -> None:
    """Run the command line: a user's error is one line and exit 2, an interruption exit 130."""
    # LangChain would send questions and answers to a tracing service that an environment variable names.
    os.environ.update(LANGSMITH_TRACING="false", LANGCHAIN_TRACING_V2="false")
    try:
        # Typer answers an interruption with an exit code of its own where it does not exit by itself.
        if app(standalone_mode=False) == INTERRUPTED:
            raise KeyboardInterrupt
    except UserError as error:
        _fail(str(error), 2)
    except (typer.Abort, KeyboardInterrupt):
        _fail("interrupted; what was there before is unchanged", INTERRUPTED)
    except typer.TyperException as error:
        if error.format_message():  # without arguments the help was printed, and there is no message
            _fail(error.format_message() + "; see assistant --help", 2)
        sys.exit(2)


def _workshop(**given: Any) -> "Workshop":
    from assistant.compose import Workshop
    from assistant.settings import load_settings

    return Workshop(load_settings(**given))


def _one_or_batch(one: str | None, batch: Path | None, output: Path | None) -> None:
    if (one is None) == (batch is None):
        raise InputError("give one question, or --batch IN.jsonl with --output OUT.jsonl")
    if (batch is None) != (output is None):
        raise InputError("--batch and --output go together: --batch IN.jsonl --output OUT.jsonl")


def _run_batch(batch: Path, output: Path, answer: Callable[["Question"], dict[str, Any]]) -> None:
    from assistant.batch import run_batch, unfinished
    from assistant.progress import counter

    try:
        with counter("asked") as progress:
            failed = run_batch(batch, output, answer, progress)
    except KeyboardInterrupt:
        _fail(f"interrupted; what was finished is in {unfinished(output)}", INTERRUPTED)
    if failed:
        raise InputError(f'{failed} questions could not be asked; each has an "error" in {output}')


def _print(what: str | dict[str, Any]) -> None:
    from assistant.render import printable

    try:
        sys.stdout.write((printable(what) if isinstance(what, str) else json.dumps(what, ensure_ascii=False)) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise InputError(f"the output cannot be written: {error.strerror}") from error


def _fail(message: str, code: int) -> NoReturn:
    sys.stderr.write(f"error: {message}\n")
    sys.exit(code)
