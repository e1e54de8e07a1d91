"""A threshold that was fitted to somebody's own questions: kept beside the index, and used while it still applies.

    index/calibration.json

It lies beside the generations, not in one, and so outlives every build. `assistant/evaluation/calibrate.py` fits it.
"""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import exp, log
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from assistant.answer.confidence import RefusalModel, shipped_model
from assistant.errors import InputError

CALIBRATION = "calibration.json"
MOST_BYTES = 2**20

Share = Annotated[float, Field(ge=0, le=1)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, and the interval in which the true rate lies with 95% confidence, Wilson's."""

    count: Annotated[int, Field(ge=0)]
    of: Annotated[int, Field(ge=1)]
    low: Share
    high: Share

    @property
    def value(self) -> float:
        """The rate that was seen."""
        return self.count / self.of


def rule_of_three(of: int) -> float:
    """The rate below which the true one lies with 95% confidence where 0 of `of` were seen, about 3/n.

    J. A. Hanley and A. Lippman-Hand (1983), "If nothing goes wrong, is everything all right?": the p that solves
    (1 - p)^n = 0.05. 3/n is it for many; for few it is too much, and for less than three above 1.
    """
    return 1.0 - exp(log(0.05) / of)


@dataclass(frozen=True, slots=True)
class AskedSet:
    """A file of questions that a calibration was fitted to."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class MadeWith:
    """What gives a confidence its meaning: with any other of these, a threshold says nothing."""

    embedder: str
    embedder_digest: str
    reranker: str
    reranker_digest: str
    coefficients: str  # RefusalModel.digest

    def difference(self, present: "MadeWith") -> str | None:
        """What is not the same, in words; None where all is."""
        if self.embedder_digest != present.embedder_digest:
            return f"another embedder ({self.embedder[:60]!r}, now {present.embedder[:60]!r})"
        if self.reranker_digest != present.reranker_digest:
            return f"another cross-encoder ({self.reranker[:60]!r}, now {present.reranker[:60]!r})"
        return "other coefficients than this version's" if self.coefficients != present.coefficients else None


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted threshold with the rates that were seen at it."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    threshold: Share
    intercept: Finite  # of the shipped logit on its new scale
    slope: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    goal: str  # as in "keep 0.95"
    false_answers: Rate  # of the questions that the documents do not answer
    false_refusals: Rate  # of those that they do
    auroc: Share
    sets: tuple[AskedSet, ...]
    made_at: str  # ISO 8601, UTC
    made_with: MadeWith


@dataclass(frozen=True, slots=True)
class Refusal:
    """The refusal model that is used, and why this one."""

    model: RefusalModel
    origin: Literal["setting", "calibration", "shipped"]  # of the threshold
    calibration: Calibration | None  # where one is used
    note: str | None  # why one that is there is not used


def refusal_in_use(index: Path, threshold: float | None, present: Callable[[], MadeWith]) -> Refusal:
    """The model to refuse by: a `threshold` that is set comes first, then the index's calibration, then what ships.

    A calibration gives the confidence its scale where a threshold is set, too. `present` is only called where there
    is a calibration.
    """
    calibration, note = _usable(index, present)
    model = shipped_model()
    if calibration:
        model = model.rescaled(calibration.intercept, calibration.slope, calibration.threshold)
    if threshold is not None:
        return Refusal(model.rescaled(0.0, 1.0, threshold), "setting", calibration, note)
    return Refusal(model, "calibration" if calibration else "shipped", calibration, note)


def _usable(index: Path, present: Callable[[], MadeWith]) -> tuple[Calibration | None, str | None]:
    file = index / CALIBRATION
    again = f"make it anew with: assistant calibrate SET --index {index}"
    try:
        with file.open("rb") as opened:
            calibration = TypeAdapter(Calibration).validate_json(opened.read(MOST_BYTES))
    except (FileNotFoundError, NotADirectoryError):
        return None, None
    except (OSError, ValidationError):
        return None, f"the calibration in {file} cannot be read and is not used; {again}"
    difference = calibration.made_with.difference(present())
    if difference:
        return None, f"the calibration in {file} is not used: it was made with {difference}; {again}"
    return calibration, None


def write_calibration(index: Path, calibration: Calibration) -> None:
    """Put a calibration in the place of the one before, whole or not at all.

    Raises:
        InputError: the folder cannot be written.
    """
    text = json.dumps(asdict(calibration), indent=2, ensure_ascii=False) + "\n"
    try:
        with NamedTemporaryFile("w", encoding="utf-8", dir=index, prefix=f"{CALIBRATION}.", delete=False) as file:
            try:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
                os.chmod(file.name, 0o644)  # readable as the rest of the index is
                os.replace(file.name, index / CALIBRATION)
            except BaseException:
                os.unlink(file.name)
                raise
    except OSError as error:
        raise _unwritable(index, error) from error


def check_writable(index: Path) -> None:
    """Find out before the work whether a calibration could be written after it.

    Raises:
        InputError: the folder cannot be written.
    """
    try:
        with NamedTemporaryFile(dir=index, prefix=f"{CALIBRATION}."):
            pass
    except OSError as error:
        raise _unwritable(index, error) from error


def remove_calibration(index: Path) -> bool:
    """Whether there was a calibration to take away.

    Raises:
        InputError: the folder cannot be written.
    """
    try:
        (index / CALIBRATION).unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _unwritable(index, error) from error
    return True


def _unwritable(index: Path, error: OSError) -> InputError:
    return InputError(f"cannot write {index / CALIBRATION}: {error.strerror}; the calibration is kept with the index")
