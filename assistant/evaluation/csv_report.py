"""A run as a table for spreadsheets, a line a case."""

import csv
from collections.abc import Sequence
from io import StringIO

from assistant.evaluation.figures import NAMES, first_rank
from assistant.evaluation.results import Result
from assistant.render import printable

COLUMNS = (
    "set", "id", "question", "answerable", "tags", "cluster", "passed", "status", "confidence", "rank", "ms",
    "stage", "expected", "instead", "again", "answer", "error",
)  # fmt: skip
MEASURES = tuple(name for name in NAMES if name != "auroc")  # which no single case has
# With these a cell is a formula in one spreadsheet or another; the wide ones and leading spaces count, too.
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")


def report_csv(results: Sequence[Result]) -> bytes:
    """The results as CSV in UTF-8 with a byte order mark, without which some spreadsheets take it for something else.

    What could be taken for a formula has an apostrophe before it; control characters are spelled out.
    """
    table = StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow((*COLUMNS, *MEASURES))
    for result in results:
        measures = ("" if name not in result.scores else f"{result.scores[name]:g}" for name in MEASURES)
        writer.writerow((*_cells(result), *measures))
    return table.getvalue().encode("utf-8-sig", "backslashreplace")


def _cells(result: Result) -> list[str]:
    lost, answer = result.lost, result.answer
    rank = first_rank(result)
    texts = [result.set, result.id, result.question, _yes(result.answerable), "|".join(result.tags)]
    texts += [result.cluster or "", _yes(result.passed)]
    texts += [str(answer["status"]), f"{result.confidence:.4f}"] if answer else ["error", ""]
    texts += ["" if rank is None else str(rank), f"{answer['timings_ms']['total']:.0f}" if answer else ""]
    texts += [lost.stage, lost.expected, lost.instead, lost.command] if lost else [""] * 4
    return [_inert(text) for text in [*texts, str(answer["text"]) if answer else "", result.error or ""]]


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    text = printable(text)
    return f"'{text}" if text[:1] in _FORMULA or text.lstrip()[:1] in _FORMULA else text
