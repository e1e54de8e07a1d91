"""What was read in the index for a query, by the models or by words alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answer.confidence import Signals
from assistant.answer.extract import ScoredSentence
from assistant.types import RankedPassage


@dataclass(frozen=True, slots=True)
class Evidence:
    """Passages and sentences for a query, best first, and what they say of an answer."""

    ranked: list[RankedPassage]
    scored: list[ScoredSentence]
    signals: Signals


@dataclass(frozen=True, slots=True)
class Reading:
    """The passages for a query and the sentences that may answer it, best first, and how sure it is that they do."""

    ranked: Sequence[RankedPassage]
    scored: Sequence[ScoredSentence]
    confidence: float
    threshold: float  # below this confidence there is no answer
    missing: Callable[[], Sequence[str]]  # the words of the query that no document holds
    note: str | None = None  # that the models took no part in it, or None where they did

    @property
    def refused(self) -> bool:
        """Whether it is too little to answer."""
        return not self.scored or self.confidence < self.threshold
