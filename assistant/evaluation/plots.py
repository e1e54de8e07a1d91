"""The plots of a report, by Matplotlib, which is loaded for the first of them."""

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from assistant.errors import InputError
from assistant.evaluation.figures import Figure
from assistant.evaluation.metrics import Point
from assistant.evaluation.results import Result
from assistant.evaluation.svg import COLOURS, inline_svg
from assistant.render import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDE = 5.0  # inches; a page shows it as wide as a column
MOST_ROWS = 30  # of one plot of rates
MOST_POINTS = 2000  # of a curve, or of a kind in a scatter
LONGEST_LABEL = 24  # characters
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOOKS: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "assistant",  # the same figure, the same ids
    "text.parse_math": False,  # a tag with two $ in it is a tag
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.linewidth": 0.6,
    "grid.color": COLOURS["grid"],
    "text.color": COLOURS["ink"],
    "axes.labelcolor": COLOURS["soft"],
    "axes.edgecolor": COLOURS["soft"],
    "xtick.color": COLOURS["soft"],
    "ytick.color": COLOURS["soft"],
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "legend.frameon": False,
}


def require() -> None:
    """Find out before the work whether plots can be drawn.

    Raises:
        InputError: Matplotlib is not installed.
    """
    if find_spec("matplotlib") is None:
        raise InputError("--html draws plots, which takes the extra eval: pip install 'cited-assistant[eval]'")


def plot_rates(figures: Sequence[tuple[str, Figure]], name: str, title: str) -> str:
    """Rates with their intervals, a row each, the first on top; those of too few questions are hollow."""
    rows = figures[:MOST_ROWS]
    told = "; ".join(f"{label}: {_interval(figure)}" for label, figure in rows)
    with _axes(0.7 + 0.26 * len(rows)) as axes:
        for y, (_, figure) in enumerate(rows):
            if figure.low is not None and figure.high is not None:
                axes.plot([figure.low, figure.high], [y, y], color=COLOURS["plain"], linewidth=1.6)
            fill = COLOURS["ground" if figure.few else "plain"]
            axes.plot(figure.value, y, "o", markersize=5.5, color=COLOURS["plain"], markerfacecolor=fill)
        axes.set_yticks(range(len(rows)), [f"{_label(label)}  ({figure.of})" for label, figure in rows])
        axes.set(xlim=(-0.02, 1.02), ylim=(len(rows) - 0.5, -0.5), xlabel="rate, and its 95% interval")
        axes.grid(visible=False, axis="y")
        return inline_svg(axes.figure, name, title, _clean(told))  # type: ignore[arg-type]


def plot_risk(points: Sequence[Point]) -> str:
    """The risk-coverage curve; it ends at the threshold in use."""
    shown = _thinned(points)
    end = points[-1]
    told = f"at the threshold in use {end.coverage:.0%} of the questions are answered, {end.risk:.0%} of them wrongly"
    with _axes(2.9) as axes:
        axes.plot([p.coverage for p in shown], [p.risk for p in shown], color=COLOURS["plain"], linewidth=1.6)
        axes.plot(end.coverage, end.risk, "o", color=COLOURS["plain"], markersize=6)
        axes.set(xlim=(0, 1.02), ylim=(0, max(0.1, 1.15 * max(p.risk for p in points))))
        axes.set(xlabel="coverage: share of questions answered", ylabel="risk: share of these wrong")
        return inline_svg(axes.figure, "risk", "Risk-coverage curve", told)  # type: ignore[arg-type]


def plot_ranks(ranks: Sequence[tuple[str, int]]) -> str:
    """At which rank the first passage with gold evidence was read: questions by rank, the last for those without."""
    from matplotlib.ticker import MaxNLocator

    told = "; ".join(f"{label}: {count}" for label, count in ranks)
    with _axes(2.9) as axes:
        colours = [COLOURS["plain"]] * (len(ranks) - 1) + [COLOURS["bad"]]
        bars = axes.bar([label for label, _ in ranks], [count for _, count in ranks], color=colours, width=0.75)
        axes.bar_label(bars, padding=2)
        axes.margins(y=0.12)
        axes.set(xlabel="rank of the first passage that holds the evidence", ylabel="questions")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(visible=False, axis="x")
        return inline_svg(axes.figure, "ranks", "Ranks of the evidence", told)  # type: ignore[arg-type]


def plot_latency(times: dict[str, list[float]]) -> str:
    """Milliseconds of each stage, as boxes: median, quartiles, and what 5% and 95% of the questions stay below."""
    import numpy as np
    from matplotlib.ticker import FuncFormatter

    stages = list(times)
    told = "; ".join(f"{stage}: median {np.median(ms):.0f} ms" for stage, ms in times.items())
    with _axes(0.8 + 0.3 * len(stages)) as axes:
        line = {"color": COLOURS["plain"], "linewidth": 1.3}
        axes.boxplot(
            # A time of 0 has no place on an axis of powers of ten.
            [[max(0.1, ms) for ms in times[stage]] for stage in stages],
            orientation="horizontal", whis=(5, 95), showfliers=False, widths=0.55,
            boxprops=line, whiskerprops=line, capprops=line, medianprops={**line, "linewidth": 2.6},
        )  # fmt: skip
        axes.set_yticks(range(1, len(stages) + 1), [_label(stage) for stage in stages])
        axes.set(xscale="log", xlabel="milliseconds, on a scale of powers of ten", ylim=(len(stages) + 0.6, 0.4))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda ms, _: f"{ms:g}"))
        axes.grid(visible=False, axis="y")
        return inline_svg(axes.figure, "latency", "Time of each stage", told)  # type: ignore[arg-type]


def plot_baseline(pairs: Sequence[tuple[Result, Result]]) -> str:
    """The confidence of each question in both runs, and whether it turned."""
    kinds: list[tuple[str, str, str, list[tuple[float, float]]]] = [
        ("passes in both, or in none", "soft", "o", []),
        ("better", "good", "^", []),
        ("worse", "bad", "v", []),
    ]
    for old, now in pairs:
        if old.confidence is not None and now.confidence is not None:
            kind = 0 if old.passed == now.passed else 1 if now.passed else 2
            kinds[kind][3].append((old.confidence, now.confidence))
    told = "; ".join(f"{label}: {len(points)} questions" for label, _, _, points in kinds)
    with _axes(3.4) as axes:
        axes.plot([0, 1], [0, 1], color=COLOURS["soft"], linewidth=0.8)
        for label, colour, marker, points in kinds:
            shown = _thinned(points)
            axes.plot(
                [x for x, _ in shown], [y for _, y in shown], marker, color=COLOURS[colour],
                markersize=3.5 if marker == "o" else 6.5, label=f"{label} ({len(points)})",
            )  # fmt: skip
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel="confidence before", ylabel="confidence now")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, handletextpad=0.1, columnspacing=0.8)
        return inline_svg(axes.figure, "scatter", "Confidence before and now", told)  # type: ignore[arg-type]


@contextmanager
def _axes(height: float) -> Iterator["Axes"]:
    """Axes to draw on. No window, no state of pyplot, and no setting of the person who draws."""
    import matplotlib
    from matplotlib.figure import Figure as Drawing

    with matplotlib.rc_context(), warnings.catch_warnings():
        # A sign that the font here lacks is drawn by the reader's browser, which has others.
        warnings.filterwarnings("ignore", message="Glyph", category=UserWarning)
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_LOOKS)
        drawing = Drawing(figsize=(WIDE, height), layout="constrained")
        yield drawing.add_subplot()


def _thinned(points: Sequence[Any]) -> Sequence[Any]:
    """Points in their order, at most `MOST_POINTS` of them and the last."""
    step = -(-len(points) // MOST_POINTS) or 1
    return points if step == 1 else [*points[:-1:step], points[-1]]


def _interval(figure: Figure) -> str:
    between = "" if figure.low is None else f", {figure.low:.2f} to {figure.high:.2f}"
    return f"{figure.value:.2f}{between}, of {figure.of}"


def _label(text: str) -> str:
    line = _clean(" ".join(text.split()))
    return line if len(line) <= LONGEST_LABEL else line[: LONGEST_LABEL - 1] + "…"


def _clean(text: str) -> str:
    """What XML can hold, and what does not turn the direction of writing."""
    return _NOT_XML.sub("\ufffd", printable(text))
