"""Choosing the source sentences that answer a question."""

from dataclasses import dataclass

from assistant.models.reranker import Reranker
from assistant.types import RankedPassage, StoredPassage, StoredSentence

# Sentences are taken from this many of the best passages.
PASSAGES_READ = 4
# A sentence is read alone, and once more after the words before it: alone, "It was signed there" says little;
# in context, it inherits what its neighbour says. The weights are those that put the gold sentence first most
# often on XQuAD (development data): of the sentence alone, in context, and of its passage.
ALONE, IN_CONTEXT, PASSAGE = 0.5, 0.5, 0.5


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence with its logits: `score` is the weighted sum of the others."""

    passage: StoredPassage
    sentence: StoredSentence
    alone: float
    in_context: float
    of_passage: float

    @property
    def score(self) -> float:
        """The weight of the sentence as an answer."""
        return ALONE * self.alone + IN_CONTEXT * self.in_context + PASSAGE * self.of_passage


def score_sentences(query: str, ranked: list[RankedPassage], reranker: Reranker) -> list[ScoredSentence]:
    """The sentences of the best passages, best first."""
    places = [
        (candidate, position)
        for candidate in ranked[:PASSAGES_READ]
        for position in range(len(candidate.passage.sentences))
    ]
    alone = [candidate.passage.sentences[i].words for candidate, i in places]
    in_context = [with_context(candidate.passage, i) for candidate, i in places]
    texts = list(dict.fromkeys([*alone, *in_context]))
    logit = dict(zip(texts, reranker.score(query, texts), strict=True))
    scored = [
        ScoredSentence(candidate.passage, candidate.passage.sentences[i], logit[a], logit[c], candidate.score)
        for (candidate, i), a, c in zip(places, alone, in_context, strict=True)
    ]
    return sorted(scored, key=lambda s: (-s.score, s.passage.document, s.sentence.start))


def with_context(passage: StoredPassage, position: int) -> str:
    """A sentence after its heading and the sentence before it, as far as there are any."""
    sentence = passage.sentences[position]
    before = [passage.heading.rpartition(" › ")[2]] if passage.heading else []
    if position > 0 and sentence.kind != "row":
        before.append(passage.sentences[position - 1].words)
    return " ".join([*before, sentence.words])


def choose(scored: list[ScoredSentence], limit: int, gap: float) -> list[ScoredSentence]:
    """The best sentence, then up to `limit` - 1 more within `gap` of it, in the order of their sources."""
    best, *others = scored
    said = {best.sentence.words.casefold()}
    chosen: list[ScoredSentence] = []
    for candidate in others:
        words = candidate.sentence.words.casefold()
        if len(chosen) + 1 >= limit or best.score - candidate.score > gap:
            break
        if words not in said:
            said.add(words)
            chosen.append(candidate)
    place = {candidate.passage.document: i for i, candidate in reversed(list(enumerate([best, *chosen])))}
    chosen.sort(key=lambda s: (place[s.passage.document], s.sentence.start))
    return [best, *chosen]
