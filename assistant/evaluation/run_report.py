"""What a run came to: as text for a terminal, as Markdown for a pull request, and as JSON."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from assistant.evaluation.compare import Comparison
from assistant.evaluation.compare_report import against, cause_rows, comparison_json, flip_rows, why_lines
from assistant.evaluation.figures import Figure, Gate, by_tag, figures_of, latencies, tokens_of
from assistant.evaluation.metrics import risk_coverage
from assistant.evaluation.results import STAGES, Lost, Result
from assistant.evaluation.thresholds import FEWEST
from assistant.render import shortened

MOST_SHOWN = 20  # failed cases in a terminal or a comment; JSON and JUnit have all
FEW = "too few questions to tell"
TITLES = {
    "correct": "correct",
    "false_answers": "false answers",
    "false_refusals": "false refusals",
    "auroc": "told apart (AUROC)",
    "verified": "sentences verified",
    "citation_verbatim": "citations verbatim",
    "citation_precision": "citations on gold",
    "citation_recall": "gold cited",
    "same": "the same when repeated",
}


@dataclass(frozen=True)  # without slots, since what is worked out once is kept
class Report:
    """A run with its figures and gates."""

    made_of: dict[str, Any]
    results: Sequence[Result]
    gates: Sequence[Gate]
    comparison: Comparison | None = None
    price: tuple[float, float] | None = None  # of a million tokens that a chat model reads, and writes
    before: Sequence[Result] = ()  # those of the baseline
    begun_at: str | None = None

    @property
    def failed(self) -> bool:
        """Whether a gate is not passed, or a figure is worse than the baseline by more than is allowed."""
        return bool(self.broken or (self.comparison and self.comparison.regressions))

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Over all cases."""
        return figures_of(self.results)

    @property
    def broken(self) -> list[Gate]:
        """The gates that this run does not pass."""
        figures = self.figures
        return [gate for gate in self.gates if gate.fails(figures)]

    @property
    def errored(self) -> list[Result]:
        """The cases that could not be asked."""
        return [result for result in self.results if result.error]

    @property
    def lost(self) -> list[tuple[Result, Lost]]:
        """The cases that failed, by the stage that lost them, the earliest first."""
        failed = [(result, result.lost) for result in self.results if result.lost]
        return sorted(failed, key=lambda pair: STAGES.index(pair[1].stage))


def report_json(report: Report) -> dict[str, Any]:
    """All of a report; but for `latency_ms` it is the same for the same index, settings and sets."""
    answered = [(r.confidence or 0.0, r.passed) for r in report.results if r.answered]
    return {
        "made_of": report.made_of,
        "questions": len(report.results),
        "errored": [{"set": r.set, "id": r.id, "error": r.error} for r in report.errored],
        "figures": {name: _figure_json(figure) for name, figure in report.figures.items()},
        "tags": {
            tag: {name: _figure_json(figure) for name, figure in figures_of(results).items()}
            for tag, results in by_tag(report.results).items()
        },
        "risk_coverage": [asdict(point) for point in risk_coverage(answered, len(report.results))],
        "lost": [{"set": r.set, "id": r.id, "question": r.question, **asdict(lost)} for r, lost in report.lost],
        "gates": [{"fails_on": str(gate), "passed": gate not in report.broken} for gate in report.gates],
        "comparison": comparison_json(report.comparison) if report.comparison else None,
        "tokens": _tokens_json(report),
        "latency_ms": {
            stage: {"median": round(p50, 1), "p95": round(p95, 1)}
            for stage, (p50, p95) in latencies(report.results).items()
        },
    }


def report_text(report: Report) -> str:
    """A report for a terminal."""
    lines = [*_columns(figure_rows(report)), "", *_columns(tag_rows(report))]
    lines += ["", *_columns([("time of", "median", "95% below"), *latency_rows(report)])]
    lines += _token_lines(report)
    lines += ["", *_columns(_stages(report))] if report.lost else []
    for result, lost in report.lost[:MOST_SHOWN]:
        lines += ["", f"{lost.stage}: {result.id}: {shortened(result.question, 100)}", *_lost_lines(lost)]
    left = len(report.lost) - MOST_SHOWN
    lines += ["", f"and {left} more failed cases; --json and --junit have all"] if left > 0 else []
    if report.comparison:
        lines += ["", against(report.comparison), *_columns(change_rows(report.comparison))]
        lines += _turned(report.comparison) if report.comparison.flips else []
    lines += [""] if report.gates else []
    lines += [f"{'FAILED' if gate in report.broken else 'passed'}  fails on {gate}" for gate in report.gates]
    return "\n".join([*lines, "", summary(report)])


def report_markdown(report: Report) -> str:
    """A report for a comment on a pull request."""
    state = "failed" if report.failed else "passed"
    lines = [
        f"### Evaluation {state}" if report.gates or report.comparison else "### Evaluation",
        "",
        summary(report),
        "",
    ]
    lines += [*_table(figure_rows(report)), "", *_table(tag_rows(report)), ""]
    lines += [f"- {'**failed**' if g in report.broken else 'passed'}: fails on `{g}`" for g in report.gates]
    if report.comparison:
        lines += ["", _plain_markdown(against(report.comparison)), "", *_table(change_rows(report.comparison))]
        if report.comparison.flips:
            lines += ["", *_table(cause_rows(report.comparison))]
            lines += ["", *_table(flip_rows(report.comparison.flips[:MOST_SHOWN]))]
    if report.lost:
        lines += ["", *_table(_stages(report))]
        lines += ["", f"<details><summary>{len(report.lost)} failed cases</summary>", ""]
        rows = [("case", "lost", "question", "expected", "instead")]
        rows += [(r.id, w.stage, r.question, w.expected, w.instead) for r, w in report.lost[:MOST_SHOWN]]
        lines += [*_table(rows), "", "</details>"]
    return "\n".join(lines) + "\n"


def summary(report: Report) -> str:
    """How many cases passed, in a sentence, and whether they are too few to tell anything by."""
    count, failed, errored = len(report.results), len(report.lost), len(report.errored)
    told = f"{count} question{'s' if count > 1 else ''}: {count - failed} passed, {failed - errored} failed"
    told += f", {errored} could not be asked (they count as wrong)" if errored else ""
    return told + (f"; {FEW} (fewer than {FEWEST})" if count < FEWEST else "")


def notes(figure: Figure) -> str:
    """What is to be said of a figure: its bound by the rule of three, and that it is of few questions."""
    bound, side = figure.rule_of_three, "below" if figure.count == 0 else "above"
    told = [] if bound is None else [f"rule of three: {side} {bound:.3f}"]
    return "; ".join([*told, *([FEW] if figure.few else [])])


def figure_rows(report: Report) -> list[tuple[str, ...]]:
    """The figures over all cases as the rows of a table, the first with the names of its columns."""
    rows: list[tuple[str, ...]] = [("figure", "value", "95% interval", "questions", "")]
    for name, figure in report.figures.items():
        between = "" if figure.low is None else f"{figure.low:.3f} to {figure.high:.3f}"
        counted = f"{figure.count} of {figure.of}" if figure.count is not None else f"{figure.of}"
        rows.append((TITLES.get(name, name), f"{figure.value:.3f}", between, counted, notes(figure)))
    return rows


def tag_rows(report: Report) -> list[tuple[str, ...]]:
    """What was correct of each tag, as such rows."""
    rows: list[tuple[str, ...]] = [("tag", "correct", "95% interval", "questions", "hit@5", "errored", "")]
    for tag, results in by_tag(report.results).items():
        figures = figures_of(results)
        correct, hit = figures["correct"], figures.get("hit@5")
        between = f"{correct.low:.3f} to {correct.high:.3f}"
        counted, errored = f"{correct.count} of {correct.of}", sum(bool(r.error) for r in results)
        hits = f"{hit.count} of {hit.of}" if hit else ""
        rows.append((tag, f"{correct.value:.3f}", between, counted, hits, str(errored or ""), notes(correct)))
    return rows


def change_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """The figures before and now, as such rows."""
    rows: list[tuple[str, ...]] = [("figure", "before", "now", "p (McNemar)", "questions", "")]
    for change in comparison.changes:
        p = "" if change.p is None else f"{change.p:.3f}"
        worse = "WORSE THAN ALLOWED" if change in comparison.regressions else ""
        title = TITLES.get(change.name, change.name)
        rows.append((title, f"{change.before:.3f}", f"{change.now:.3f}", p, str(change.of), worse))
    return rows


def _turned(comparison: Comparison) -> list[str]:
    shown = comparison.flips[:MOST_SHOWN]
    lines = ["", *_columns(cause_rows(comparison)), "", *_columns(flip_rows(shown))]
    for name, told in why_lines(shown):
        lines += ["", f"why {name}", *(f"  {_one_line(line)}" for line in told)]
    left = len(comparison.flips) - MOST_SHOWN
    return [*lines, "", f"and {left} more cases that turned; --json has all"] if left > 0 else lines


def _token_lines(report: Report) -> list[str]:
    tokens = tokens_of(report.results)
    if tokens is None:
        return []
    cost = f", which cost {tokens.cost(report.price):.4f}" if report.price else ""
    return ["", f"tokens: {tokens.read:,} read and {tokens.written:,} written, for {tokens.of} questions{cost}"]


def _stages(report: Report) -> list[tuple[str, ...]]:
    counts = Counter(lost.stage for _, lost in report.lost)
    return [("lost where", "cases"), *((stage, str(counts[stage])) for stage in STAGES if counts[stage])]


def latency_rows(report: Report) -> Iterator[tuple[str, ...]]:
    """The time of each stage, as such rows without the first."""
    for stage, (median, most) in latencies(report.results).items():
        yield stage, *(f"{ms:.0f} ms" if ms >= 10 else f"{ms:.1f} ms" for ms in (median, most))


def _lost_lines(lost: Lost) -> list[str]:
    return [f"  expected  {lost.expected}", f"  instead   {_one_line(lost.instead)}", f"  again     {lost.command}"]


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    cells = [[shortened(cell, 60) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """A table of Markdown, in which nothing that a document or a question says is markup."""
    escaped = [[_plain_markdown(cell) for cell in row] for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in escaped]
    return [lines[0], "| " + " | ".join("---" for _ in rows[0]) + " |", *lines[1:]]


def _plain_markdown(text: str) -> str:
    line = _one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{c}" if c in "\\`*_[]|~#!" else "@\u200b" if c == "@" else c for c in line)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _figure_json(figure: Figure) -> dict[str, Any]:
    told = {"rule_of_three": figure.rule_of_three, "few": figure.few}
    return {**{k: v for k, v in asdict(figure).items() if k != "name"}, **told}


def _tokens_json(report: Report) -> dict[str, Any] | None:
    tokens = tokens_of(report.results)
    return {**asdict(tokens), "cost": tokens.cost(report.price) if report.price else None} if tokens else None
