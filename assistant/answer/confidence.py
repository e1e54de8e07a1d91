"""How sure the assistant is that the documents answer a question, and when to refuse.

Similarity is not answerability: a passage about the right subject may not hold the answer. So the decision rests
on several signals, weighed by a logistic model whose few coefficients ship with the package (`refusal.json`, with
the data and the program that they were fitted with).
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

from assistant.answer.extract import ScoredSentence
from assistant.answer.terms import Term, content_terms, stems
from assistant.store.catalog import Catalog
from assistant.types import RankedPassage

# Frequencies above this are all "common": counting on would cost time and change no weight that matters.
COMMON = 5_000


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against an answer. Logits are the cross-encoder's; shares lie between 0 and 1."""

    passage: float  # logit of the best passage
    sentence: float  # logit of the best sentence, read alone
    in_context: float  # logit of the best sentence, read after its heading and the sentence before
    combined: float  # weight of the best sentence as an answer
    passage_gap: float  # best passage's logit minus that of the next
    cosine: float  # of the question and the nearest passage
    coverage: float  # share of the question's words, by rarity, that the best passage holds
    sentence_coverage: float  # the same for the best sentence
    unknown: float  # share of the question's words, by rarity, that no document holds
    names: float  # share of the question's names and figures that the best passage holds; 1 without any


@dataclass(frozen=True, slots=True)
class RefusalModel:
    """A logistic model over `Signals`, and the confidence below which the assistant refuses."""

    intercept: float
    weights: dict[str, float]
    threshold: float

    def confidence(self, signals: Signals) -> float:
        """The probability that the documents answer the question, by the fitted model."""
        logit = self.intercept + sum(self.weights[name] * value for name, value in asdict(signals).items())
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, logit))))


@cache
def shipped_model() -> RefusalModel:
    """The model whose coefficients come with the package."""
    data = json.loads(files("assistant.answer").joinpath("refusal.json").read_text(encoding="utf-8"))
    return RefusalModel(data["intercept"], data["weights"], data["threshold"])


def signals(
    query: str, ranked: Sequence[RankedPassage], scored: Sequence[ScoredSentence], catalog: Catalog
) -> Signals:
    """The signals for a question whose passages and sentences were ranked, best first; both hold one at least."""
    terms = content_terms(query)
    _, passages, _ = catalog.counts()
    rarity = {term.stem: _rarity(term, catalog, passages) for term in terms}
    best = scored[0]
    in_passage = stems(best.passage.search_text)
    in_sentence = stems(best.sentence.words)
    names = [term.stem for term in terms if term.name]
    return Signals(
        passage=ranked[0].score,
        sentence=max(s.alone for s in scored),
        in_context=max(s.in_context for s in scored),
        combined=best.score,
        passage_gap=ranked[0].score - ranked[1].score if len(ranked) > 1 else 0.0,
        cosine=max((found.dense for found in ranked if found.dense is not None), default=0.0),
        coverage=_share(rarity, in_passage),
        sentence_coverage=_share(rarity, in_sentence),
        unknown=1.0 - _share(rarity, {t.stem for t in terms if catalog.frequency(t.word, 1) > 0}),
        names=sum(name in in_passage for name in names) / len(names) if names else 1.0,
    )


def missing_terms(query: str, catalog: Catalog) -> list[str]:
    """The words of the question that no document holds in any form."""
    return [term.word for term in content_terms(query) if catalog.frequency(term.word, 1) == 0]


def _rarity(term: Term, catalog: Catalog, passages: int) -> float:
    """Inverse document frequency, log(1 + N / (1 + n)): a smoothed form of Spärck Jones (1972)."""
    return math.log(1 + passages / (1 + catalog.frequency(term.word, COMMON)))


def _share(rarity: dict[str, float], held: frozenset[str] | set[str]) -> float:
    total = sum(rarity.values())
    return sum(weight for stem, weight in rarity.items() if stem in held) / total if total else 1.0
