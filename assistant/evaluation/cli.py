"""The command line of evaluation, `assistant eval`. What is slow to import is imported where it is used."""

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from assistant.console import fail, show
from assistant.errors import InputError, UserError
from assistant.evaluation import exchange
from assistant.evaluation.draft_cli import draft

if TYPE_CHECKING:
    from assistant.evaluation.compare import Baseline
    from assistant.evaluation.figures import Gate
    from assistant.evaluation.results import Result
    from assistant.evaluation.run import Cases
    from assistant.evaluation.run_report import Report

FAILED, BROKE, INTERRUPTED = 1, 3, 130  # exit codes; 2 is a user's error

SETS = typer.Argument(help="Question sets: YAML, JSON Lines or CSV.", metavar="SET")
IndexOption = Annotated[Path | None, typer.Option("--index", help="Folder of the index.", show_default="index")]


class _Eval(TyperGroup):
    """`assistant eval SET` is short for `assistant eval run SET`."""

    default = "run"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put in the command where the first argument is a set or an option of a run."""
        if args and args[0] not in (*self.commands, "--help"):
            args = [self.default, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Eval, no_args_is_help=True, help="Ask question sets: assistant eval SET is short for assistant eval run SET."
)

app.command()(draft)


@app.command()
def run(
    sets: Annotated[list[Path], SETS],
    index: IndexOption = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="Keep the run in this folder; what was cut short goes on there.")
    ] = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="Ask only the case with this id.")] = None,
    fail_on: Annotated[
        list[str] | None, typer.Option("--fail-on", help='Exit 1 where this holds, as in "recall@5 < 0.85".')
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="Hold it against the run in this folder.")
    ] = None,
    max_regression: Annotated[
        float | None,
        typer.Option("--max-regression", help="Exit 1 where a figure is worse than there by more, as in 0.02."),
    ] = None,
    cache: Annotated[
        Path | None, typer.Option("--cache", help="Keep answers and scores in this folder, and ask only for others.")
    ] = None,
    repeat: Annotated[
        int, typer.Option("--repeat", min=1, max=100, help="Ask each question so often: is it answered the same?")
    ] = 1,
    price: Annotated[
        str | None, typer.Option("--price", help="Of a million tokens that a chat model reads and writes: 0.15,0.6.")
    ] = None,
    junit: Annotated[Path | None, typer.Option("--junit", help="Write JUnit XML here.")] = None,
    markdown: Annotated[Path | None, typer.Option("--markdown", help="Write a summary in Markdown here.")] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page with plots and failed cases here.")
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write a table, a line a case, here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask question sets and say how well they were answered; exit 1 where a figure fails, 3 where the run broke."""
    from assistant.evaluation.compare import check_comparable, read_baseline
    from assistant.evaluation.figures import parse_gate, parse_price
    from assistant.evaluation.run import read_cases
    from assistant.evaluation.run_report import report_json, report_text

    cases = read_cases(sets, frozenset(only or ()))
    asked = [case for _, case in cases]
    gates = [parse_gate(text, asked, repeat) for text in fail_on or ()]
    if repeat > 1 and cache:
        raise InputError("--repeat asks each time anew, and takes nothing from a --cache")
    paid = parse_price(price) if price else None
    if max_regression is not None and (baseline is None or not 0 <= max_regression <= 1):
        raise InputError("--max-regression is a share between 0 and 1, and needs a --baseline")
    outputs = _outputs(junit, markdown, html, csv)
    before = (read_baseline(baseline), str(baseline), max_regression) if baseline else None
    if before:
        check_comparable(asked, *before[:2])
    report = _asked(cases, gates, before, index, output, cache, repeat, paid)
    for path, made in outputs:
        _write(path, made(report))
    show(report_json(report) if as_json else report_text(report))
    if len(report.errored) == len(report.results):
        fail(f"the run broke: no question could be asked: {report.errored[0].error}", BROKE)
    if report.failed:
        sys.exit(FAILED)


@app.command()
def check(sets: Annotated[list[Path], SETS], index: IndexOption = None) -> None:
    """Say what is wrong with question sets: fields, questions asked twice, quotes that the index does not have."""
    from assistant.evaluation.check import open_text, problems
    from assistant.settings import load_settings

    catalog = open_text(load_settings(index=index).index)
    try:
        found = list(problems(sets, catalog))
    finally:
        catalog.close()
    show("\n".join(found) if found else f"nothing is wrong with {', '.join(map(str, sets))}")
    if found:
        sys.exit(FAILED)


app.command("import")(exchange.import_files)
app.command("export")(exchange.export_run)


def _asked(
    cases: "Cases",
    gates: "Sequence[Gate]",
    before: "tuple[Baseline, str, float | None] | None",
    index: Path | None,
    output: Path | None,
    cache: Path | None,
    repeat: int,
    price: tuple[float, float] | None,
) -> "Report":
    from assistant.compose import Workshop
    from assistant.evaluation.asking import Asking
    from assistant.evaluation.cache import Cache
    from assistant.evaluation.causes import Made
    from assistant.evaluation.compare import compare
    from assistant.evaluation.run import run_cases
    from assistant.evaluation.run_report import Report
    from assistant.progress import counter
    from assistant.settings import load_settings

    workshop = Workshop(load_settings(index=index))
    try:
        with ExitStack() as stack:
            folder = output or Path(stack.enter_context(TemporaryDirectory()), "run")
            how = Asking(repeat, stack.enter_context(Cache(cache)) if cache else None, _tell_lost)
            finished = run_cases(cases, workshop, folder, stack.enter_context(counter("asked")), how)
    except KeyboardInterrupt:
        if output is None:
            raise
        fail(f"interrupted; what was finished is in {output}, and the same command goes on from there", INTERRUPTED)
    except UserError:
        raise
    except Exception as error:  # a full disk, or a defect: not what the figures say
        fail(f"the run broke: {type(error).__name__}: {error}".splitlines()[0], BROKE)
    if cache:
        kept = [result.kept for result in finished.results]
        answers, scores = kept.count("answer"), kept.count("scores")
        sys.stderr.write(f"from {cache}: {answers} of {len(kept)} answers, and scores for {scores} more\n")
    made = Made(finished.made_of, finished.documents)
    comparison = compare(made, finished.results, *before) if before else None
    results_before = before[0].results if before else ()
    return Report(finished.made_of, finished.results, gates, comparison, price, results_before, finished.begun_at)


def _tell_lost(result: "Result") -> None:
    """Say on stderr that a case failed, as it does."""
    from assistant.render import printable, shortened

    stage = result.lost.stage if result.lost else "error"
    why = f": {result.error}" if result.error else ""
    line = " ".join(f"failed {result.id}: {stage}{why}: {result.question}".split())
    sys.stderr.write(printable(shortened(line, 160)) + "\n")


def _outputs(
    junit: Path | None, markdown: Path | None, html: Path | None, csv: Path | None
) -> "list[tuple[Path, Callable[[Report], bytes]]]":
    """The files to be written and what makes them; what stands against it is found out before the work."""
    from assistant.evaluation.csv_report import report_csv
    from assistant.evaluation.html_report import report_html
    from assistant.evaluation.junit import junit_xml
    from assistant.evaluation.plots import require
    from assistant.evaluation.run_report import report_markdown

    if html:
        require()
    every: list[tuple[Path | None, Callable[[Report], bytes]]] = [
        (junit, lambda report: junit_xml(report.results, report.begun_at)),
        (markdown, lambda report: report_markdown(report).encode("utf-8", "backslashreplace")),
        (html, report_html),
        (csv, lambda report: report_csv(report.results)),
    ]
    outputs = [(path, made) for path, made in every if path]
    for path, _ in outputs:
        if path.is_dir() or not path.absolute().parent.is_dir():
            raise InputError(f"cannot write {path}: there is no such folder to write a file in")
    return outputs


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from error
