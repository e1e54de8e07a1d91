"""Scoring the sentences of the best passages as answers to a question."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from assistant.answer.kind import holds_kind
from assistant.answer.periods import Period, periods
from assistant.answer.terms import content_terms, stems
from assistant.models.reranker import Reranker
from assistant.types import RankedPassage, StoredPassage, StoredSentence

PASSAGES_READ = 4  # best passages whose sentences are scored
READ_AGAIN = 6  # best sentences that are looked at in two more ways
# The weights of a sentence's logits and shares. They were fitted to put the gold sentence first (a conditional logit
# on XQuAD's questions, which are development data) and rounded; decisions/choosing-sentences.md has the figures.
ALONE, BELOW_ZERO = 1.0, -0.6  # a logit counts less where it is negative: short sentences of good passages have such
READ_UP_TO, OF_PASSAGE, WITH_BEFORE = 0.15, 0.6, 0.2
GAIN, MOST_GAIN = 0.9, 4.0
OPENS = 1.8  # for the first sentence of a passage and for rows of tables, which gain over nothing
BARE = -0.5  # what the question's bare words like as well is about the matter, but need not answer the question
COVERAGE, KIND = 4.3, 1.6
# Between sentences that are nearly as good: by how much the passage is a worse answer without the sentence.
CLOSE, CLOSEST = 3.0, 4  # how far apart, and how many are looked at
LOSS, MOST_LOSS = 0.1, 8.0
OTHER_PERIOD = -20.0  # for a row of a year that is not the one asked for: no other share makes up for it


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence with what speaks for it as an answer; logits are the cross-encoder's."""

    passage: StoredPassage
    sentence: StoredSentence
    alone: float  # logit of the sentence
    read_up_to: float  # of the passage read up to its end: what "It was signed there" means
    of_passage: float  # of the whole passage
    gain: float | None  # of that reading over the one before; None where there is none before
    bare: float | None = None  # of the sentence for the question's content words alone; None: not looked at
    with_before: float | None = None  # of the sentence with the one before it; None: not looked at
    coverage: float = 0.0  # share of the question's content words that it holds
    kind: bool = True  # whether it holds a date, number or name where that is asked for
    other_period: bool = False  # whether it is the row of another year or month than the question names
    loss: float = 0.0  # logit of the passage over that of it without the sentence; 0: not looked at
    by_words: float | None = None  # its weight where it was read by words alone: no logit counts then

    @property
    def score(self) -> float:
        """The weight of the sentence as an answer, on a scale like that of a logit."""
        if self.by_words is not None:
            return self.by_words
        gain = OPENS if self.gain is None else GAIN * max(-MOST_GAIN, min(MOST_GAIN, self.gain))
        bare = self.alone if self.bare is None else self.bare
        with_before = self.read_up_to if self.with_before is None else self.with_before
        logits = ALONE * self.alone + BELOW_ZERO * min(0.0, self.alone) + BARE * bare
        around = READ_UP_TO * self.read_up_to + OF_PASSAGE * self.of_passage + WITH_BEFORE * with_before
        told = COVERAGE * self.coverage + KIND * self.kind + OTHER_PERIOD * self.other_period
        return logits + around + gain + told + LOSS * max(-MOST_LOSS, min(MOST_LOSS, self.loss))


def score_sentences(query: str, ranked: Sequence[RankedPassage], reranker: Reranker) -> list[ScoredSentence]:
    """The sentences of the best passages, best first."""
    read = [(candidate, readings(candidate.passage)) for candidate in ranked[:PASSAGES_READ]]
    texts = [text for _, texts in read for text in texts]
    texts += [sentence.words for candidate, _ in read for sentence in candidate.passage.sentences]
    distinct = list(dict.fromkeys(texts))
    logit = dict(zip(distinct, reranker.score(query, distinct), strict=True))
    terms = {term.stem for term in content_terms(query)}
    asked = periods(query)
    scored = []
    for candidate, texts in read:
        before: float | None = None
        for sentence, text in zip(candidate.passage.sentences, texts, strict=True):
            words = sentence.words
            scored.append(
                ScoredSentence(
                    candidate.passage,
                    sentence,
                    alone=logit[words],
                    read_up_to=logit[text],
                    of_passage=candidate.score,
                    gain=None if before is None or sentence.kind == "row" else logit[text] - before,
                    coverage=len(terms & stems(words)) / max(1, len(terms)),
                    kind=holds_kind(query, words),
                    other_period=sentence.kind == "row" and _of_other_period(asked, words),
                )
            )
            before = logit[text]
    scored = _ordered(scored)
    return _ordered([*_read_again(query, scored[:READ_AGAIN], reranker), *scored[READ_AGAIN:]])


def told_apart(query: str, scored: Sequence[ScoredSentence], reranker: Reranker) -> list[ScoredSentence]:
    """The sentences, best first, after another look at those that are nearly as good as the best.

    How sure an answer is rests on the weights before: this only tells which of them comes first.
    """
    close = [s for s in scored[:CLOSEST] if scored[0].score - s.score < CLOSE]
    if len(close) < 2 or close[0].by_words is not None:
        return list(scored)
    rests = [(s, s.passage.search_text.replace(s.sentence.words, " ", 1)) for s in close]
    rests = [(s, rest) for s, rest in rests if rest.strip()]
    logits = reranker.score(query, [rest for _, rest in rests]) if rests else []
    weighed = {id(s): replace(s, loss=s.of_passage - rest) for (s, _), rest in zip(rests, logits, strict=True)}
    return _ordered([weighed.get(id(s), s) for s in scored])


def _of_other_period(asked: Set[Period], row: str) -> bool:
    """Whether a row is, by its first cell, of a period outside of those asked for, the time between them included."""
    own = periods(row.partition(";")[0])
    if not asked or not own:
        return False
    first, last = min(start for start, _ in asked), max(end for _, end in asked)
    return all(end < first or start > last for start, end in own)


def _ordered(scored: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    return sorted(scored, key=lambda s: (-s.score, s.passage.document, s.sentence.start))


def _read_again(query: str, best: Sequence[ScoredSentence], reranker: Reranker) -> list[ScoredSentence]:
    """The sentences with their logits for the question's bare words, and together with the sentence before."""
    bare_words = " ".join(term.word for term in content_terms(query)) or query
    bare = reranker.score(bare_words, [s.sentence.words for s in best])
    with_before = reranker.score(query, [_with_before(s) for s in best])
    return [replace(s, bare=b, with_before=w) for s, b, w in zip(best, bare, with_before, strict=True)]


def _with_before(scored: ScoredSentence) -> str:
    before = ""
    for sentence in scored.passage.sentences:
        if sentence.start == scored.sentence.start:
            break
        before = sentence.words
    return f"{before} {scored.sentence.words}".strip()


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
