"""The figures of a run: rates and means over its cases, with intervals, and the gates that they have to pass."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import ge, gt, le, lt

import numpy as np

from assistant.answer.calibration import rule_of_three
from assistant.errors import InputError
from assistant.evaluation.judge import DEPTHS, RETRIEVAL, worst
from assistant.evaluation.results import Result
from assistant.evaluation.sets import Case
from assistant.evaluation.statistics import auroc, mean_interval, rate
from assistant.evaluation.thresholds import FEWEST

ANSWERS = ("correct", "false_answers", "false_refusals", "auroc")
TEXTS = ("contains", "numeric", "must_include", "must_not_include", "exact", "f1")
CITATIONS = ("citation_verbatim", "citation_precision", "citation_recall", "verified")
NAMES = (*ANSWERS, *TEXTS, *RETRIEVAL, *CITATIONS, "same")
MEANS = frozenset(
    {"f1", "mrr", "ndcg@10", "same", *CITATIONS, *(name for name in RETRIEVAL if name.startswith("recall"))}
)
_OPERATORS = {"<": lt, "<=": le, ">": gt, ">=": ge}
_GATE = re.compile(r"\s*([\w@]+)\s*(<=|>=|<|>)\s*(\d+(?:\.\d*)?|\.\d+)\s*")
_NUMBER = r"\s*(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})\s*"
_PRICE = re.compile(f"{_NUMBER},{_NUMBER}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A rate or a mean over `of` questions, with the ends of its 95% interval where it has one."""

    name: str
    value: float
    of: int
    low: float | None
    high: float | None
    count: int | None = None  # of a rate

    @property
    def rule_of_three(self) -> float | None:
        """Where none were seen, what the true rate lies below with 95% confidence; where all were, above."""
        if self.count == 0:
            return rule_of_three(self.of)
        return 1.0 - rule_of_three(self.of) if self.count == self.of else None

    @property
    def few(self) -> bool:
        """Whether these are too few questions to tell."""
        return self.of < FEWEST


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a chat model read and wrote for `of` questions, in tokens."""

    read: int
    written: int
    of: int

    def cost(self, price: tuple[float, float]) -> float:
        """What they cost at a price for a million tokens, read and written."""
        return (self.read * price[0] + self.written * price[1]) / 1e6


@dataclass(frozen=True, slots=True)
class Gate:
    """What fails a run: a figure below or above a value."""

    name: str
    sign: str
    value: float

    def __str__(self) -> str:
        return f"{self.name} {self.sign} {self.value:g}"

    def fails(self, figures: dict[str, Figure]) -> bool:
        """Whether a run with these figures fails, as it does where it has no such figure."""
        return self.name not in figures or bool(_OPERATORS[self.sign](figures[self.name].value, self.value))


def parse_gate(text: str, cases: Sequence[Case], repeat: int = 1) -> Gate:
    """A gate from its text, such as `recall@5 < 0.85`, over cases that are asked `repeat` times.

    Raises:
        InputError: it has another form, or no case has anything to do with it.
    """
    match = _GATE.fullmatch(text)
    if match is None:
        raise InputError(f'--fail-on {text!r}: expected a figure, a sign and a number, as in "recall@5 < 0.85"')
    name = match[1]
    if name not in NAMES:
        raise InputError(f"--fail-on {text!r}: there is no figure {name!r}; there are {', '.join(NAMES)}")
    known = {measure for case in cases for measure in worst(case)} | {"citation_verbatim", "verified"}
    known |= {"citation_precision"} & {"citation_precision" for case in cases if case.sources}
    known |= {"auroc"} if len({case.answerable for case in cases}) == 2 else set()
    known |= {"same"} if repeat > 1 else set()
    if name not in known:
        raise InputError(f"--fail-on {text!r}: no question of these sets has anything to measure {name} by")
    return Gate(name, match[2], float(match[3]))


def parse_price(text: str) -> tuple[float, float]:
    """A price of a million tokens that are read, and of a million that are written, from a text such as `0.15,0.6`.

    Raises:
        InputError: it has another form.
    """
    match = _PRICE.fullmatch(text)
    if match is None:
        raise InputError(
            f'--price {text!r}: expected two numbers, of tokens read and of tokens written, as in "0.15,0.6"'
        )
    return float(match[1]), float(match[2])


def figures_of(results: Sequence[Result]) -> dict[str, Figure]:
    """Every figure that these results have, in the order of `NAMES`."""
    found = {name: _figure(name, results) for name in NAMES}
    return {name: figure for name, figure in found.items() if figure}


def by_tag(results: Sequence[Result]) -> dict[str, list[Result]]:
    """The results of each tag, in the order in which tags come first."""
    tags = dict.fromkeys(tag for result in results for tag in result.tags)
    return {tag: [result for result in results if tag in result.tags] for tag in tags}


def latencies(results: Sequence[Result]) -> dict[str, tuple[float, float]]:
    """Milliseconds of each stage that was timed: the median, and what 95% of the questions stay below."""
    times = stage_times(results)
    return {stage: (float(np.median(ms)), float(np.percentile(ms, 95))) for stage, ms in times.items()}


def stage_times(results: Sequence[Result]) -> dict[str, list[float]]:
    """Milliseconds of each stage that was timed, of every question that went through it.

    Questions whose scores were in a cache are left out: they were not timed as they are asked.
    """
    timings = [result.answer["timings_ms"] for result in results if result.answer and result.kept != "scores"]
    stages = dict.fromkeys(stage for times in timings for stage in times)
    return {stage: [float(t[stage]) for t in timings if stage in t] for stage in stages}


def first_rank(result: Result) -> int | None:
    """The rank of the first passage that holds the evidence; None where none does, or there is no evidence."""
    reciprocal = result.scores.get("mrr")
    return round(1 / reciprocal) if reciprocal else None


def first_ranks(results: Sequence[Result]) -> list[tuple[str, int]]:
    """How many cases with evidence have it first at each rank, further down, and nowhere; empty without evidence."""
    ranks = [first_rank(result) for result in results if "mrr" in result.scores]
    if not ranks:
        return []
    counts = [(str(k), ranks.count(k)) for k in range(1, DEPTHS[-1] + 1)]
    below = sum(rank is not None and rank > DEPTHS[-1] for rank in ranks)
    return [*counts, (f">{DEPTHS[-1]}", below), ("none", ranks.count(None))]


def tokens_of(results: Sequence[Result]) -> Tokens | None:
    """The tokens that a chat model read and wrote, where its server told them; None where it told none."""
    told = [result.tokens for result in results if result.tokens]
    return Tokens(sum(read for read, _ in told), sum(wrote for _, wrote in told), len(told)) if told else None


def _figure(name: str, results: Sequence[Result]) -> Figure | None:
    if name == "auroc":
        return _auroc(results)
    having = [result for result in results if name in result.scores]
    if not having:
        return None
    values = [result.scores[name] for result in having]
    if name not in MEANS:
        seen = rate(round(sum(values)), len(values))
        return Figure(name, seen.value, seen.of, seen.low, seen.high, seen.count)
    clusters = [result.cluster or f"{result.set}\0{result.id}" for result in having]
    low, high = mean_interval(values, clusters)
    return Figure(name, sum(values) / len(values), len(values), low, high)


def _auroc(results: Sequence[Result]) -> Figure | None:
    """How well confidence tells questions that the documents answer from others; of those that could be asked."""
    sure = {kind: [r.confidence for r in results if r.answerable is kind and r.answer] for kind in (True, False)}
    if not all(sure.values()):
        return None
    positive, negative = ([c for c in sure[kind] if c is not None] for kind in (True, False))
    return Figure("auroc", auroc(positive, negative), len(positive) + len(negative), None, None)
