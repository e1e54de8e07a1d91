"""Which of the best sentences may speak, and that not one side alone is heard.

Whoever can put documents into the folder can put many: five files that repeat a falsehood fill every place of an
answer. So among sentences that all speak of what was asked, a repetition does not count again, and one of another
document that gives another answer takes the second place. It is not judged who is right: a reader sees both.
"""

import re
from collections.abc import Sequence, Set

from assistant.answer.commands import asks, steers
from assistant.answer.extract import PASSAGES_READ, ScoredSentence, score_sentences
from assistant.answer.guards.align import reading
from assistant.answer.guards.names import names
from assistant.answer.kind import kind_asked
from assistant.answer.terms import content_terms, stem, stems
from assistant.models.reranker import Reranker
from assistant.types import RankedPassage

READ_FURTHER = PASSAGES_READ  # more passages at most, where more than those that were read are as close
CLOSE = 2.5  # logits below the best passage
GAP = 8.0  # logits below the best sentence, within which another one still answers
SPEAKS = 0.7  # share of the question's words that a sentence must have to speak of all that was asked

# What a sentence says is not so, is not what it claims.
_DENIED = re.compile(
    r"(?:\b(?:not|never|instead of|rather than|unlike|replacing|contrary to)|n['’]t)\b[^.;,]{0,40}", re.IGNORECASE
)


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
    said = answering(query, scored)
    if not said or len({found.passage.document for found in ranked[: PASSAGES_READ + 1]}) == 1:
        return said
    further = ranked[PASSAGES_READ : PASSAGES_READ + READ_FURTHER]
    close = [found for found in further if ranked[0].score - found.score <= CLOSE]
    read = answering(query, score_sentences(query, close, reranker)) if close else []
    other = side(query, said[0], sorted([*said[1:], *read], key=lambda s: -s.score))
    return [said[0], other, *(s for s in said[1:] if s is not other)] if other else said


def answering(query: str, scored: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    """The sentences without those that steer or ask; with them where no other is near the best of all."""
    said = [s for s in scored if not (asks(s.sentence.words) or steers(s.sentence.words) or echoes(query, s))]
    return said if said and scored[0].score - said[0].score <= GAP else list(scored)


def echoes(query: str, said: ScoredSentence) -> bool:
    """Whether a sentence is the question once more, word for word."""
    words = " ".join(said.sentence.words.casefold().split()).strip(" .!?\"'")
    return words == " ".join(query.casefold().split()).strip(" .!?\"'")


def side(query: str, best: ScoredSentence, others: Sequence[ScoredSentence]) -> ScoredSentence | None:
    """The first of `others` that answers the question in another way than the best sentence, if there is one.

    It is of another document, as close, speaks of all that was asked, and holds what the best sentence does not:
    another figure or date for "how many" and "when", another name for "who", and else no word in common with it but
    those of the question.
    """
    asked = frozenset(term.stem for term in content_terms(query))
    told = _claims(query, asked, best)
    if not told:
        return None
    return next((other for other in others if _rivals(query, asked, told, best, other)), None)


def _rivals(query: str, asked: Set[str], told: Set[str], best: ScoredSentence, other: ScoredSentence) -> bool:
    if other.passage.document == best.passage.document or best.score - other.score > GAP:
        return False
    if best.of_passage - other.of_passage > CLOSE or not _speaks(asked, other):
        return False
    claims = _claims(query, asked, other)
    return bool(claims) and not claims & told


def _speaks(asked: Set[str], said: ScoredSentence) -> bool:
    """Whether a sentence, with its heading, has the words of the question."""
    words = stems(f"{said.passage.heading} {said.sentence.words}")
    return len(asked & words) >= SPEAKS * len(asked)


def _claims(query: str, asked: Set[str], said: ScoredSentence) -> Set[str]:
    """What a sentence says beyond the question: figures and dates, names, or words, whichever is asked for."""
    read = reading([_DENIED.sub(" ", " ".join(said.sentence.words.split()))])
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
