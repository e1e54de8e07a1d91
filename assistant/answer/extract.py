"""Choosing the source sentences that answer a question."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.models.reranker import Reranker
from assistant.types import RankedPassage, StoredPassage, StoredSentence

# Sentences are taken from this many of the best passages.
PASSAGES_READ = 4
# A sentence alone may say little ("It was signed there"); a passage read up to its end says what the sentence
# means; and the sentence at which that reading becomes an answer is the one that gives it: its gain. The weights
# and the cap put the gold sentence first most often on a quarter of XQuAD's questions (development data).
ALONE, READ_UP_TO, PASSAGE, GAIN = 0.5, 0.5, 0.5, 0.3
MOST_GAIN = 4.0
# The cross-encoder's logit for texts that have nothing to do with each other.
UNRELATED = -11.5


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence with its logits: alone, of the passage read up to its end, of its passage; and its gain."""

    passage: StoredPassage
    sentence: StoredSentence
    alone: float
    read_up_to: float
    of_passage: float
    gain: float

    @property
    def score(self) -> float:
        """The weight of the sentence as an answer."""
        gain = max(-MOST_GAIN, min(MOST_GAIN, self.gain))
        return ALONE * self.alone + READ_UP_TO * self.read_up_to + PASSAGE * self.of_passage + GAIN * gain


def score_sentences(query: str, ranked: Sequence[RankedPassage], reranker: Reranker) -> list[ScoredSentence]:
    """The sentences of the best passages, best first."""
    read = [(candidate, readings(candidate.passage)) for candidate in ranked[:PASSAGES_READ]]
    texts = [text for _, texts in read for text in texts]
    texts += [sentence.words for candidate, _ in read for sentence in candidate.passage.sentences]
    distinct = list(dict.fromkeys(texts))
    logit = dict(zip(distinct, reranker.score(query, distinct), strict=True))
    scored = []
    for candidate, texts in read:
        before = UNRELATED
        for sentence, text in zip(candidate.passage.sentences, texts, strict=True):
            # Each row of a table is read afresh, so it gains over nothing.
            gain = logit[text] - (UNRELATED if sentence.kind == "row" else before)
            scores = (logit[sentence.words], logit[text], candidate.score, gain)
            scored.append(ScoredSentence(candidate.passage, sentence, *scores))
            before = logit[text]
    return sorted(scored, key=lambda s: (-s.score, s.passage.document, s.sentence.start))


def readings(passage: StoredPassage) -> list[str]:
    """For each sentence, what has been read at its end: heading and sentences up to it, or heading and row."""
    heading = passage.heading.rpartition(" › ")[2]
    so_far = [heading] if heading else []
    texts = []
    for sentence in passage.sentences:
        if sentence.kind == "row":
            texts.append(" ".join([heading, sentence.words]).strip())
        else:
            so_far.append(sentence.words)
            texts.append(" ".join(so_far))
    return texts


def choose(scored: Sequence[ScoredSentence], limit: int, gap: float) -> list[ScoredSentence]:
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
