"""Which of the best sentences may speak, and that not one side alone is heard.

Whoever can put documents into the folder can put many: five files that repeat a falsehood fill every place of an
answer. So among sentences that all speak of what was asked, a repetition does not count again, and one of another
document that gives another answer takes the second place. It is not judged who is right: a reader sees both.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Self

from assistant.answer.commands import asks, steers
from assistant.answer.extract import PASSAGES_READ, ScoredSentence, score_sentences, told_apart
from assistant.answer.guards.align import reading
from assistant.answer.guards.names import names
from assistant.answer.kind import kind_asked
from assistant.answer.terms import content_terms, stem, stems
from assistant.models.reranker import Reranker
from assistant.types import RankedPassage, StoredPassage

READ_FURTHER = PASSAGES_READ  # more passages at most, where more than those that were read are as close
CLOSE = 2.5  # logits below the best passage
GAP = 8.0  # logits below the best sentence, within which another one still answers
SPEAKS = 0.7  # share of the question's words that a sentence must have to speak of all that was asked

# What a sentence says is not so, is not what it claims.
_DENIED = re.compile(
    r"(?:\b(?:not|never|instead of|rather than|unlike|replacing|contrary to)|n['’]t)\b[^.;,]{0,40}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Told:
    """A question, and what the best sentence tells of it beyond what it asks."""

    query: str
    asked: Set[str]  # base forms of its content words
    claims: Set[str]
    document: str  # that tells it

    @classmethod
    def by(cls, query: str, best: ScoredSentence) -> Self:
        """What the best sentence tells."""
        asked = frozenset(term.stem for term in content_terms(query))
        return cls(query, asked, _claims(query, asked, best.sentence.words), best.passage.document)

    def may_differ(self, passage: StoredPassage) -> bool:
        """Whether a passage is of another document, and a sentence of it could be another answer."""
        if passage.document == self.document:
            return False
        return any(self.differs(passage.heading, sentence.words) for sentence in passage.sentences)

    def differs(self, heading: str, words: str) -> bool:
        """Whether a sentence speaks of all that was asked and holds nothing of what was told, but something else.

        That is another figure or date for "how many" and "when", another name for "who", and else no word in common
        but those of the question.
        """
        spoken = len(self.asked & stems(f"{heading} {words}")) >= SPEAKS * len(self.asked)
        if not self.claims or not spoken:
            return False
        claims = _claims(self.query, self.asked, words)
        return bool(claims) and not claims & self.claims


def heard(
    query: str, ranked: Sequence[RankedPassage], scored: Sequence[ScoredSentence], reranker: Reranker
) -> list[ScoredSentence]:
    """The sentences that may answer, best first, a second side right behind the best.

    Args:
        query: what was searched for.
        ranked: its passages, best first.
        scored: sentences of the best passages, best first.
        reranker: reads further passages, where they are as close as those that were read.
    """
    said = answering(query, told_apart(query, scored, reranker))
    if not said or len({found.passage.document for found in ranked[: PASSAGES_READ + 1]}) == 1:
        return said
    best = said[0]
    told = Told.by(query, best)
    further = ranked[PASSAGES_READ : PASSAGES_READ + READ_FURTHER]
    # Reading takes time: only what could be another side is read.
    close = [f for f in further if ranked[0].score - f.score <= CLOSE and told.may_differ(f.passage)]
    read = answering(query, score_sentences(query, close, reranker)) if close else []
    others = sorted([*said[1:], *read], key=lambda s: -s.score)
    other = next((s for s in others if _rivals(told, best, s)), None)
    return [best, other, *(s for s in said[1:] if s is not other)] if other else said


def answering(query: str, scored: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    """The sentences without those that steer or ask; with them where no other is near the best of all."""
    said = [s for s in scored if not (asks(s.sentence.words) or steers(s.sentence.words) or echoes(query, s))]
    return said if said and scored[0].score - said[0].score <= GAP else list(scored)


def echoes(query: str, said: ScoredSentence) -> bool:
    """Whether a sentence is the question once more, word for word."""
    words = " ".join(said.sentence.words.casefold().split()).strip(" .!?\"'")
    return words == " ".join(query.casefold().split()).strip(" .!?\"'")


def _rivals(told: Told, best: ScoredSentence, other: ScoredSentence) -> bool:
    """Whether a sentence answers the question as closely as the best one, in another way."""
    near = best.score - other.score <= GAP and best.of_passage - other.of_passage <= CLOSE
    return (
        near and other.passage.document != told.document and told.differs(other.passage.heading, other.sentence.words)
    )


def _claims(query: str, asked: Set[str], words: str) -> Set[str]:
    """What a sentence says beyond the question: figures and dates, names, or words, whichever is asked for."""
    read = reading([_DENIED.sub(" ", " ".join(words.split()))])
    kind = kind_asked(query)
    if kind in ("date", "number"):
        figures = {str(figure.value) for figure in read.figures if figure.value is not None}
        dates = {f"{date.year}-{date.month}-{date.day}" for date in read.dates}
        return (figures | dates) - _figures_of(query)
    tokens = read.text.tokens
    if kind == "name":
        named = {
            tokens[i].low
            for name in names(read)
            if name.sure or len(name.keys) > 1
            for i in range(name.start, name.end)
        }
        return {stem(word) for word in named} - asked
    return {token.base for token in tokens if token.content and token.kind == "word"} - _bases(query)


def _figures_of(text: str) -> Set[str]:
    return {str(figure.value) for figure in reading([text]).figures}


def _bases(text: str) -> Set[str]:
    return {token.base for token in reading([text]).text.tokens}
