"""The stage at which the answer to a case was lost."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from assistant.evaluation.gold import Evidence, shown
from assistant.evaluation.judge import Judged
from assistant.evaluation.results import Lost, Stage
from assistant.evaluation.sets import Case
from assistant.types import Answer, RankedPassage


def diagnose(
    case: Case,
    evidence: Sequence[Evidence],
    judged: Judged,
    answer: Answer,
    ranked: Sequence[RankedPassage],
    threshold: float | None,
    command: str,
) -> Lost:
    """Why a case that did not pass did not, by the first stage from the file to the answer that lost it.

    Args:
        case: the case.
        evidence: where the index has its sources.
        judged: what the answer was found to hold.
        answer: the answer.
        ranked: the passages that were read for it, best first.
        threshold: the confidence below which is refused; None where words alone were read, which have another scale.
        command: asks the question again.
    """
    answered = answer.status == "answered"
    said = f"“{shown(answer.text, 240)}”"
    below = "" if threshold is None else f"below {threshold:.4f}"
    sure = f"at confidence {answer.confidence:.4f}"
    if not case.answerable:
        instead = f"answered {sure}{f', not {below}' if below else ''}: {said}"
        return Lost("should have refused", "a refusal", instead, command)
    if judged.forbidden:
        expected = "not " + ", ".join(f"“{text}”" for text in judged.forbidden)
        return Lost("said what it must not", expected, said, command)
    expected = _expected(case)
    if evidence and not any(item.spans for item in evidence):
        return Lost(evidence[0].missing or "not parsed", expected, "; ".join(_reasons(evidence)), command)
    if evidence and not any(judged.passages):
        return Lost("not retrieved", expected, f"first of {len(ranked)} passages: {_first(ranked)}", command)
    where = _where(judged)
    if not answered:
        # Where a chat model judged that its sources do not answer, the confidence lies above the threshold.
        doubted = threshold is None or answer.confidence < threshold
        came = f"refused {sure}{f', {below}' if below else ''}" if doubted else "refused by the chat model"
        return Lost("should have answered", expected, came + where, command)
    stage: Stage = "stated, not verified" if judged.states else "chosen, not stated"
    if evidence and not any(judged.citations) and not judged.states:
        stage = "retrieved, not chosen"
    return Lost(stage, expected, said + where, command)


def repeat(case: Case, path: Path, index: Path) -> str:
    """The command that asks a case again: alone where it needs no turns before it, else from its set."""
    if case.history:
        return shlex.join(["assistant", "eval", str(path), "--only", case.id, "--index", str(index)])
    return shlex.join(["assistant", "ask", case.question, "--index", str(index)])


def _expected(case: Case) -> str:
    """What a case expects, in words: its first quote with the file, or what has to be said."""
    wanted = [f"“{text}”" for text in (*case.answers[:3], *case.must_include)]
    if case.numeric:
        wanted.append(f"{case.numeric.value:g} {case.numeric.unit or ''}".strip())
    quoted = next((source for source in case.sources if source.quote), None)
    if quoted is None:
        return "; ".join(wanted) or ", ".join(source.file for source in case.sources) or "an answer"
    told = f"“{shown(quoted.quote or '', 240)}” ({quoted.file})"
    return f"{', '.join(wanted)}, as in {told}" if wanted else told


def _reasons(evidence: Sequence[Evidence]) -> list[str]:
    return [item.reason for item in evidence if item.reason]


def _first(ranked: Sequence[RankedPassage]) -> str:
    if not ranked:
        return "none"
    return f"{ranked[0].passage.document}, “{shown(ranked[0].passage.text, 160)}”"


def _where(judged: Judged) -> str:
    """At which rank the evidence was read, where it was."""
    rank = next((rank for rank, sources in enumerate(judged.passages, start=1) if sources), None)
    return f" (the quote is in passage {rank} of {len(judged.passages)})" if rank else ""
