"""A report as one page of HTML, by a Jinja template: it asks for no other file, and runs no script.

Whatever a question, a tag or a document says is text in it: the template escapes it, styles are let in by their hash
alone, and cases are chosen by radio buttons and rules of the style sheet, which name them by number.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from assistant.evaluation import plots
from assistant.evaluation.compare_report import against, cause_rows
from assistant.evaluation.figures import by_tag, figures_of, first_ranks, stage_times
from assistant.evaluation.metrics import risk_coverage
from assistant.evaluation.results import STAGES, Lost, Result
from assistant.evaluation.run_report import (
    TITLES,
    Report,
    change_rows,
    figure_rows,
    latency_rows,
    summary,
    tag_rows,
)
from assistant.render import printable

HEADLINE = (
    "correct",
    "false_answers",
    "false_refusals",
    "hit@5",
    "recall@5",
    "citation_recall",
    "citation_precision",
)
MOST_BUTTONS = 40  # tags to choose by, the commonest
_TEMPLATE, _STYLE = "report.html", "report.css"


def report_html(report: Report) -> bytes:
    """A report as a file of HTML.

    Raises:
        InputError: Matplotlib is not installed.
    """
    plots.require()
    folder = files("assistant.evaluation")
    counts = Counter(tag for result, _ in report.lost for tag in result.tags)
    tags = [(tag, count) for tag, count in counts.most_common(MOST_BUTTONS)]
    stages = [(stage, sum(lost.stage == stage for _, lost in report.lost)) for stage in STAGES]
    stages = [(stage, count) for stage, count in stages if count]
    style = folder.joinpath(_STYLE).read_text(encoding="utf-8") + _choices(len(stages), len(tags))
    rows = figure_rows(report)
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
    )  # fmt: skip
    page = environment.from_string(folder.joinpath(_TEMPLATE).read_text(encoding="utf-8")).render(
        style=Markup(style),  # noqa: S704 - our own, with numbers alone put in
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        report=report,
        summary=summary(report),
        state=_state(report),
        headline=_named([rows[0], *(row for row in rows if row[0] in _headlines(report))]),
        figures=_named(rows),
        tags=_named(tag_rows(report)),
        latency=[("time of", "median", "95% below"), *latency_rows(report)],
        plots={name: Markup(drawn) for name, drawn in _plots(report).items()},  # noqa: S704 - written as XML
        ranks=first_ranks(report.results),
        risk=_risk_rows(report),
        against=against(report.comparison) if report.comparison else "",
        changes=_named(change_rows(report.comparison)) if report.comparison else [],
        causes=cause_rows(report.comparison) if report.comparison else [],
        values=report.figures,
        most_rows=plots.MOST_ROWS,
        stages=stages,
        choices=tags,
        cases=_cases(report, [stage for stage, _ in stages], [tag for tag, _ in tags]),
        numbers={(result.set, result.id): n for n, (result, _) in enumerate(report.lost, start=1)},
        made_of=_made_of(report.made_of),
    )
    return page.encode("utf-8", "backslashreplace")


def _state(report: Report) -> str:
    if not report.gates and (report.comparison is None or report.comparison.allowed is None):
        return "no gate was set"
    return "failed" if report.failed else "passed"


def _plots(report: Report) -> dict[str, str]:
    """The plots that these results have something for."""
    figures = report.figures
    headline = [(title, figures[name]) for title, name in _headlines(report).items()]
    drawn = {"rates": plots.plot_rates(headline, "rates", "Rates with 95% intervals")}
    tagged = [(tag, figures_of(results)["correct"]) for tag, results in by_tag(report.results).items()]
    if tagged:
        fewest = sorted((figure.of for _, figure in tagged), reverse=True)[: plots.MOST_ROWS][-1]
        tagged.sort(key=lambda row: row[1].of < fewest)  # where there are too many, the commonest
        drawn["tags"] = plots.plot_rates(tagged, "tags", "Share correct by tag, with 95% intervals")
    if points := _risk(report):
        drawn["risk"] = plots.plot_risk(points)
    if ranks := first_ranks(report.results):
        drawn["ranks"] = plots.plot_ranks(ranks)
    if times := stage_times(report.results):
        drawn["latency"] = plots.plot_latency(times)
    before = {(result.set, result.id): result for result in report.before}
    pairs = [(before[r.set, r.id], r) for r in report.results if (r.set, r.id) in before]
    if pairs:
        drawn["scatter"] = plots.plot_baseline(pairs)
    return drawn


def _headlines(report: Report) -> dict[str, str]:
    """The figures that come first, by title."""
    figures = report.figures
    return {TITLES.get(name, name): name for name in HEADLINE if name in figures}


def _named(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """A table without the columns in which there is nothing, and with a name for each."""
    used = [i for i in range(len(rows[0])) if any(row[i] for row in rows[1:])]
    return [[row[i] or ("" if number else "note") for i in used] for number, row in enumerate(rows)]


def _risk(report: Report) -> Any:
    answered = [(result.confidence or 0.0, result.passed) for result in report.results if result.answered]
    return risk_coverage(answered, len(report.results))


def _risk_rows(report: Report) -> list[tuple[str, str, str]]:
    """Points of the risk-coverage curve, at each tenth of the questions and at its end."""
    points = _risk(report)
    shown = [
        next((p for p in reversed(points) if p.coverage <= tenth / 10), None)
        for tenth in range(1, 11)
        if points and tenth / 10 <= points[-1].coverage
    ]
    chosen = dict.fromkeys(point for point in [*shown, *points[-1:]] if point)
    return [(f"{p.coverage:.3f}", f"{p.risk:.3f}", f"{p.confidence:.4f}") for p in chosen]


def _cases(report: Report, stages: Sequence[str], tags: Sequence[str]) -> list[dict[str, Any]]:
    """The failed cases, each with the classes by which it is chosen."""
    number_of = {tag: number for number, tag in enumerate(tags)}
    return [
        {
            "number": number,
            "result": result,
            "lost": lost,
            "classes": " ".join(
                [f"stage-{stages.index(lost.stage)}", *(f"tag-{number_of[t]}" for t in result.tags if t in number_of)]
            ),
            "lines": _lines(result, lost),
        }
        for number, (result, lost) in enumerate(report.lost, start=1)
    ]


def _lines(result: Result, lost: Lost) -> list[tuple[str, str]]:
    lines = [("expected", lost.expected), ("instead", lost.instead)]
    return lines if result.confidence is None else [*lines, ("confidence", f"{result.confidence:.4f}")]


def _choices(stages: int, tags: int) -> str:
    """Rules that hide the cases which are not of the stage and the tag that is chosen."""
    names = [f"stage-{number}" for number in range(stages)] + [f"tag-{number}" for number in range(tags)]
    return "".join(f"main:has(#choose-{name}:checked) .case:not(.{name}) {{ display: none }}\n" for name in names)


def _made_of(made_of: dict[str, Any]) -> list[tuple[str, str]]:
    """What the run was made of, a row each; of several values all, by name."""
    rows = []
    for name, value in made_of.items():
        told = [f"{key} {each}" for key, each in value.items()] if isinstance(value, dict) else [value]
        if isinstance(value, list):
            told = [" ".join(map(str, each.values())) if isinstance(each, dict) else each for each in value]
        rows.append((name, ", ".join(map(str, told))))
    return rows
