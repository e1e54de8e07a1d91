"""What is told of an answer as it comes about."""

from dataclasses import dataclass

from assistant.types import Answer, AnswerSentence, Citation, RankedPassage


@dataclass(frozen=True, slots=True)
class QueryEvent:
    """The question that is searched for."""

    query: str


@dataclass(frozen=True, slots=True)
class TokenEvent:
    """A piece of the sentence that a chat model is writing: provisional, without markers, and not judged yet.

    It is empty where there is nothing to show but whoever listens may want to stop.
    """

    text: str


@dataclass(frozen=True, slots=True)
class CitationEvent:
    """A citation that the next sentence uses for the first time."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class SentenceEvent:
    """A sentence with its verdict, in the place of the pieces since the sentence before.

    `text` is `Answer.text` from the end of the sentence before to the end of this one; `sentence` counts into that.
    """

    text: str
    sentence: AnswerSentence


@dataclass(frozen=True, slots=True)
class WithdrawnEvent:
    """What was said so far counts no more; the answer begins anew."""

    reason: str


@dataclass(frozen=True, slots=True)
class DoneEvent:
    """The answer, always the last event; and the passages that were read for it, best first."""

    answer: Answer
    ranked: tuple[RankedPassage, ...]


Event = QueryEvent | TokenEvent | CitationEvent | SentenceEvent | WithdrawnEvent | DoneEvent
