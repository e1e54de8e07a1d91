"""Cases that turned between two runs: how much harm each does, and which differences explain the most of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.evaluation.causes import Differences, Why, reasons
from assistant.evaluation.results import Result, Stage

State = Literal["false answer", "wrong citation", "wrong answer", "refused", "error", "right"]
# The worst first: what misleads a reader, then what is missing.
HARM: tuple[State, ...] = State.__args__  # type: ignore[attr-defined]
UNEXPLAINED = "nothing that was recorded explains it"


@dataclass(frozen=True, slots=True)
class Flip:
    """A case that is in another state than before; the stages that lost it, None where it passes; why it turned."""

    set: str
    id: str
    question: str
    before: Stage | None
    now: Stage | None
    was: State
    is_now: State
    why: tuple[Why, ...] = ()

    @property
    def worse(self) -> bool:
        """Whether it does more harm now."""
        return HARM.index(self.is_now) < HARM.index(self.was)


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that differs between two runs, with the ids of the cases that depend on it."""

    what: str
    worse: tuple[str, ...]
    better: tuple[str, ...]


def state_of(result: Result) -> State:
    """What a result is to a reader.

    A false answer is one to a question that the documents do not answer, or one that says what it must not. A
    citation is wrong where a quote is not at its place or does not support its sentence, and where an answer fails
    and cites none of its sources.
    """
    stage = result.lost.stage if result.lost else None
    if result.error or stage == "error":
        return "error"
    if stage in ("should have refused", "said what it must not"):
        return "false answer"
    if result.scores.get("citation_verbatim", 1.0) < 1.0 or stage in (
        "stated, not verified",
        "retrieved, not chosen",
    ):
        return "wrong citation"
    if stage is None:
        return "right"
    if stage == "should have answered" or (result.answer is not None and not result.answered):
        return "refused"
    return "wrong citation" if result.scores.get("citation_precision") == 0.0 else "wrong answer"


def flips_of(pairs: Iterable[tuple[Result, Result]], differing: Differences) -> list[Flip]:
    """The cases whose state is another one: for the worse first, by what they are now, the worst first."""
    flips = []
    for old, now in pairs:
        was, is_now = state_of(old), state_of(now)
        if was != is_now:
            stages = old.lost.stage if old.lost else None, now.lost.stage if now.lost else None
            asked = now.set, now.id, now.question
            flips.append(Flip(*asked, *stages, was, is_now, reasons(differing, old, now)))
    return sorted(flips, key=lambda flip: (not flip.worse, HARM.index(flip.is_now)))


def causes_of(flips: Sequence[Flip]) -> tuple[Cause, ...]:
    """What explains the flips: first what most of those for the worse depend on; of as many, what worse ones do."""
    names = dict.fromkeys(why.cause for flip in flips for why in flip.why)
    causes = []
    for name in names:
        bearing = [flip for flip in flips if any(why.cause == name for why in flip.why)]
        worse = tuple(flip.id for flip in bearing if flip.worse)
        causes.append(Cause(name, worse, tuple(flip.id for flip in bearing if not flip.worse)))
    # Names come in the order of the flips, the most harmful first, and sorting keeps it among equals.
    return tuple(sorted(causes, key=lambda cause: (-len(cause.worse), -len(cause.better))))
