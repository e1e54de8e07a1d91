"""A comparison with a baseline, as rows of tables and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assistant.evaluation.compare import Comparison
from assistant.evaluation.flips import UNEXPLAINED, Cause, Flip

MOST_IDS = 5  # of the cases that depend on a cause


def against(comparison: Comparison) -> str:
    """What a run is held against, and what differs of what they are made of."""
    differs = f"differs in {', '.join(comparison.differing)}" if comparison.differing else "made of the same"
    apart = f"; {comparison.only_now} cases are new" if comparison.only_now else ""
    apart += f"; {comparison.only_before} are gone" if comparison.only_before else ""
    return f"against {comparison.baseline} ({differs}{apart})"


def cause_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """What differs and how many of the cases that turned depend on it; last those of which nothing is known."""
    flips = comparison.flips
    rows: list[tuple[str, ...]] = [("what differs and cases depend on", "worse", "better", "cases")]
    rows += [_cause_row(cause) for cause in comparison.causes]
    unexplained = [flip for flip in flips if not flip.why]
    if unexplained:
        worse, better = ([f.id for f in unexplained if f.worse is worse] for worse in (True, False))
        other = " (the code differs, too)" if "code" in comparison.differing else ""
        rows.append(_cause_row(Cause(UNEXPLAINED + other, tuple(worse), tuple(better))))
    return rows


def flip_rows(flips: Sequence[Flip]) -> list[tuple[str, ...]]:
    """Cases that turned, and what each is now."""
    rows: list[tuple[str, ...]] = [("turned", "case", "before", "now", "question")]
    for flip in flips:
        states = _state(flip.was, flip.before), _state(flip.is_now, flip.now)
        rows.append(("worse" if flip.worse else "better", flip.id, *states, flip.question))
    return rows


def why_lines(flips: Sequence[Flip]) -> list[tuple[str, list[str]]]:
    """Cases that turned with what of each depends on what differs: its id, and a line each."""
    return [(flip.id, [f"{why.cause}: {why.because}" for why in flip.why] or [UNEXPLAINED]) for flip in flips]


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """All of a comparison."""
    return {
        **asdict(comparison),
        "flips": [{**asdict(flip), "worse": flip.worse} for flip in comparison.flips],
        "regressions": [change.name for change in comparison.regressions],
    }


def _cause_row(cause: Cause) -> tuple[str, ...]:
    ids = [*cause.worse, *cause.better]
    more = f" and {len(ids) - MOST_IDS} more" if len(ids) > MOST_IDS else ""
    return cause.what, str(len(cause.worse)), str(len(cause.better)), ", ".join(ids[:MOST_IDS]) + more


def _state(state: str, stage: str | None) -> str:
    """What a case is, with the stage that lost it where that says more."""
    return f"{state} ({stage})" if stage and state != "error" else state
