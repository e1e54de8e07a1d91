"""What became of one case: a line of a run's `results.jsonl`."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pydantic import TypeAdapter

from assistant.errors import InputError

Stage = Literal[
    "error",
    "not indexed",
    "not parsed",
    "not retrieved",
    "retrieved, not chosen",
    "chosen, not stated",
    "stated, not verified",
    "said what it must not",
    "should have answered",
    "should have refused",
]
MOST_PASSAGES = 20  # told of one source

STAGES: tuple[Stage, ...] = Stage.__args__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Lost:
    """Why a case failed: the stage that lost it, what was expected, what came instead, and how to see it again."""

    stage: Stage
    expected: str
    instead: str
    command: str


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was read for a question, by its place."""

    document: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Gold:
    """What a source of a case came to in the index: the first place of its quote, and the passages that hold it."""

    file: str
    place: tuple[int, int] | None  # None where it is not there
    passages: tuple[tuple[int, int], ...]  # the first `MOST_PASSAGES` of them


@dataclass(frozen=True, slots=True)
class Result:
    """A case, what was answered, and what that is worth; `scores` has the measures that apply to the case.

    What a comparison with a later run needs comes last; a run of an earlier version does not have it.
    """

    set: str
    id: str
    question: str
    answerable: bool
    tags: tuple[str, ...]
    cluster: str | None
    error: str | None  # why there is no answer, where the question could not be asked
    passed: bool
    lost: Lost | None  # where it did not pass
    scores: dict[str, float]
    answer: dict[str, Any] | None  # as every program sees it, but for its id
    found: tuple[Found, ...]
    asked: str = ""  # hash of the question and the turns before it
    expects: str = ""  # hash of what the case expects
    threshold: float | None = None  # the confidence below which was refused; None where words alone were read
    gold: tuple[Gold, ...] = ()  # of its sources, in their order
    rank: int | None = None  # of the first passage that holds a source, from 1
    tokens: tuple[int, int] | None = None  # that a chat model read and wrote, as its server tells
    kept: Literal["answer", "scores"] | None = None  # what an earlier run had left in the cache

    @property
    def confidence(self) -> float | None:
        """That of the answer or the refusal, None where there is neither."""
        return float(self.answer["confidence"]) if self.answer else None

    @property
    def answered(self) -> bool:
        """Whether it was answered, not refused."""
        return self.answer is not None and self.answer["status"] == "answered"


_RESULT = TypeAdapter(Result)


def result_line(result: Result) -> str:
    """A result as a line of JSON, without the line's end."""
    return json.dumps(asdict(result), ensure_ascii=False)


def parse_results(lines: Sequence[bytes], where: str) -> list[Result]:
    """The results of a file's lines.

    Raises:
        InputError: a line is no result; `where` is named.
    """
    results = []
    for number, line in enumerate(lines, start=1):
        try:
            results.append(_RESULT.validate_python(json.loads(line)))
        except (ValueError, RecursionError) as error:
            raise InputError(
                f"{where}, line {number}: not a result of this version; give another --output"
            ) from error
    return results
