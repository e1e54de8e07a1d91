"""The command line. Arguments are read here; the work is done elsewhere, and imported when it is needed."""

import os
import sys
from collections.abc import Callable, Set
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.console import fail, show
from assistant.errors import InputError, UserError
from assistant.evaluation.cli import app as evaluation
from assistant.feedback import app as feedback
from assistant.options import (
    BatchOption,
    FoldersArgument,
    IndexOption,
    InOption,
    JsonOption,
    LanguageOption,
    OutputOption,
    SinceOption,
    TypeOption,
    UntilOption,
    filter_of,
    folders_of,
    one_or_batch,
)

if TYPE_CHECKING:
    from assistant.compose import Workshop
    from assistant.filter import Filter
    from assistant.types import Question

app = typer.Typer(
    help="Ask a folder of documents; every sentence of an answer cites the exact words of a source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(evaluation, name="eval")
app.add_typer(feedback, name="feedback")

INTERRUPTED = 130  # the exit code of a program that Ctrl-C ended


@app.command()
def index(
    folders: FoldersArgument = None,
    index: IndexOption = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build anew, reusing nothing.")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Delete older generations and all traces.")] = False,
    drop: Annotated[
        list[str] | None, typer.Option("--drop", help="Take a collection out of the index.", metavar="NAME")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Go on, and index what changes, until interrupted.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Index a folder or several, or bring their index up to date."""
    from assistant.progress import build_progress
    from assistant.render import build_json, build_text

    if rebuild and prune:
        raise InputError("--rebuild and --prune do not go together; give one after the other")
    workshop = _workshop(**folders_of(folders), index=index)

    def build(rebuild: bool, prune: bool, drop: Set[str] = frozenset()) -> None:
        with build_progress() as progress:
            report = workshop.build(rebuild, progress, prune, drop)
        unread = workshop.unread()
        show(build_json(report, unread) if as_json else build_text(report, unread))

    build(rebuild, prune, frozenset(drop or ()))
    if watch:
        from assistant.watch import follow

        follow(
            [each.folder for each in workshop.collections()],
            workshop.settings.index,
            lambda: build(rebuild=False, prune=prune),
        )


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    index: IndexOption = None,
    history: Annotated[
        Path | None,
        typer.Option("--history", help="JSON file of the turns before: role and content of each."),
    ] = None,
    within: InOption = None,
    type: TypeOption = None,
    language: LanguageOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    batch: BatchOption = None,
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a question, or a file of them; of all documents, or of some."""
    from assistant.answer.question import checked
    from assistant.batch import read_history
    from assistant.render import answer_json, answer_text
    from assistant.types import Question

    one_or_batch(question, batch, output)
    wanted = filter_of(within, type, language, since, until)
    workshop = _workshop(index=index)
    if batch and output:
        chain = workshop.chain()
        _run_batch(batch, output, wanted, lambda asked: answer_json(chain.invoke(asked)))
    elif question is not None:
        asked = checked(Question(question, read_history(history), wanted))
        answer = workshop.chain().invoke(asked)
        show(answer_json(answer) if as_json else answer_text(answer))


@app.command()
def search(
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    index: IndexOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="How many passages.")] = 10,
    within: InOption = None,
    type: TypeOption = None,
    language: LanguageOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    batch: BatchOption = None,
    output: OutputOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the passages that fit a query best, or those of a file of queries."""
    from assistant.answer.question import checked
    from assistant.render import passages_json, passages_text
    from assistant.types import Question

    one_or_batch(query, batch, output)
    wanted = filter_of(within, type, language, since, until)
    workshop = _workshop(index=index)
    if batch and output:
        find = workshop.search(limit)
        _run_batch(batch, output, wanted, lambda asked: passages_json(asked.text, find(checked(asked))))
    elif query is not None:
        found = workshop.search(limit)(checked(Question(query, filter=wanted)))
        show(passages_json(query, found) if as_json else passages_text(found))


@app.command()
def serve(
    folders: FoldersArgument = None,
    index: IndexOption = None,
    host: Annotated[str | None, typer.Option("--host", help="Address.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port.", show_default="7860")] = None,
) -> None:
    """Serve the chat; the folder is indexed first where there is no index yet."""
    workshop = _workshop(**folders_of(folders), index=index, host=host, port=port)
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
    show(status_json(*found) if as_json else status_text(*found))


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
        show({"removed": removed} if as_json else "\n".join(refusal_lines(refusal)))
        return
    with counter("asked") as progress:
        done = fitted(sets, frozenset(without or ()), goal, force, workshop, progress)
    show(calibrated_json(done) if as_json else calibrated_text(done))


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
    show(checks_json(checks, done) if as_json else "\n".join([*done, checks_text(checks)]))
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
        show(f"{model.name}: {state}")


def main() -> None:
    """Run the command line: a user's error is one line and exit 2, an interruption exit 130."""
    # LangChain would send questions and answers to a tracing service that an environment variable names.
    os.environ.update(LANGSMITH_TRACING="false", LANGCHAIN_TRACING_V2="false")
    try:
        # Typer answers an interruption with an exit code of its own where it does not exit by itself.
        if app(standalone_mode=False) == INTERRUPTED:
            raise KeyboardInterrupt
    except UserError as error:
        fail(str(error), 2)
    except (typer.Abort, KeyboardInterrupt):
        fail("interrupted; what was there before is unchanged", INTERRUPTED)
    except typer.TyperException as error:
        if error.format_message():  # without arguments the help was printed, and there is no message
            fail(error.format_message() + "; see assistant --help", 2)
        sys.exit(2)


def _workshop(**given: Any) -> "Workshop":
    from assistant.compose import Workshop
    from assistant.settings import load_settings

    return Workshop(load_settings(**given))


def _run_batch(
    batch: Path, output: Path, wanted: "Filter | None", answer: Callable[["Question"], dict[str, Any]]
) -> None:
    from assistant.batch import run_batch, unfinished
    from assistant.progress import counter

    try:
        with counter("asked") as progress:
            failed = run_batch(batch, output, answer, progress, wanted)
    except KeyboardInterrupt:
        fail(f"interrupted; what was finished is in {unfinished(output)}", INTERRUPTED)
    if failed:
        raise InputError(f'{failed} questions could not be asked; each has an "error" in {output}')
