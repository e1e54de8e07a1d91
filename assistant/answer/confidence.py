"""How sure the assistant is that the documents answer a question, and when to refuse.

Similarity is not answerability: a passage about the right subject may not hold the answer. So the decision rests
on several signals, weighed by a logistic model whose few coefficients ship with the package in `refusal.json`.
`eval/bench/refusal.py` fits them; decisions/refusal.md says on what, and which of them were set by hand.
"""

import hashlib
import json
import math
import re
from collections.abc import Sequence, Set
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from assistant.answer.extract import READ_AGAIN, ScoredSentence
from assistant.answer.kind import asks_openly
from assistant.answer.terms import WORD, content_terms, stems
from assistant.models.embedder import Embedder
from assistant.store.catalog import Catalog
from assistant.store.vocabulary import dates_from
from assistant.types import RankedPassage

# Frequencies above this are all "common": counting on would cost time and change no weight that matters.
COMMON = 5_000
MOSTLY_UNKNOWN = 0.75  # share of a question's words, by rarity, that no document holds
LONG = 5  # characters of a name for which likeness means anything: NATO is not like "note"
_YEAR = re.compile(r"1\d{3}|20\d\d")
ALIKE = 0.75  # Ratcliff and Obershelp's similarity: Ghandi and Gandhi, Indian and India


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against an answer. Logits are the cross-encoder's; shares lie between 0 and 1."""

    passage: float  # logit of the best passage
    passage_gap: float  # the same minus that of the next
    runners_up: float  # mean logit of the second to fourth passage
    reading: float  # logit of the best passage-so-far, read up to some sentence
    reading_lacking: float  # how far below 0 the best sentence's reading lies, else 0
    sentences: float  # mean weight of the three best sentences as answers
    contrast: (
        float  # by how much the question gets a better logit than its bare words, at most, of the best sentences
    )
    sentences_near: float  # mean cosine of the question and the three nearest of the best sentences
    weakest_word: float  # cosine of the worst matched word piece of the question with its nearest in the best passage
    coverage: float  # share of the question's words, by rarity, that the passage of the best sentence holds
    terms: float  # words of the question that carry meaning
    open_question: float  # 1 where it asks what, which, where, why or how
    unfounded: float  # 1 where the question is about something that no document mentions


@dataclass(frozen=True, slots=True)
class RefusalModel:
    """A logistic model over `Signals`, and the confidence below which the assistant refuses."""

    intercept: float
    weights: dict[str, float]
    threshold: float

    @property
    def digest(self) -> str:
        """Hash of intercept and weights: a confidence by others means something else."""
        return hashlib.sha256(json.dumps([self.intercept, sorted(self.weights.items())]).encode()).hexdigest()

    def logit(self, signals: Signals) -> float:
        """The logarithm of the odds that the documents answer the question, by the fitted model."""
        values: dict[str, float] = asdict(signals)
        return self.intercept + sum(self.weights[name] * value for name, value in values.items())

    def confidence(self, signals: Signals) -> float:
        """The probability that the documents answer the question, by the fitted model."""
        return probability(self.logit(signals))

    def rescaled(self, intercept: float, slope: float, threshold: float) -> "RefusalModel":
        """The model whose logit is `intercept + slope * logit`, with another threshold."""
        weights = {name: slope * weight for name, weight in self.weights.items()}
        return RefusalModel(intercept + slope * self.intercept, weights, threshold)


def probability(logit: float) -> float:
    """The probability with these logarithmic odds; beyond 60 they make no difference that shows."""
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, logit))))


@cache
def shipped_model() -> RefusalModel:
    """The model whose coefficients come with the package."""
    data = json.loads(files("assistant.answer").joinpath("refusal.json").read_text(encoding="utf-8"))
    return RefusalModel(data["intercept"], data["weights"], data["threshold"])


def signals(
    query: str,
    vector: NDArray[np.float32],
    ranked: Sequence[RankedPassage],
    scored: Sequence[ScoredSentence],
    catalog: Catalog,
    embedder: Embedder,
) -> Signals:
    """The signals for a question, its `vector`, and its ranked passages and sentences, of which there is one each."""
    best, top = scored[0], scored[:READ_AGAIN]
    logits = sorted((candidate.score for candidate in ranked), reverse=True)
    cosines = embedder.embed_passages([s.sentence.words for s in top]) @ vector
    matched = embedder.match_words(query, ranked[0].passage.search_text)
    words = _Words(query, catalog)
    return Signals(
        passage=logits[0],
        passage_gap=logits[0] - logits[1] if len(logits) > 1 else 0.0,
        runners_up=fmean(logits[1:4]) if len(logits) > 1 else logits[0],
        reading=max(s.read_up_to for s in scored),
        reading_lacking=max(0.0, -best.read_up_to),
        sentences=_mean_of_best([s.score for s in top]),
        contrast=max(0.0 if s.bare is None else s.alone - s.bare for s in top),
        sentences_near=_mean_of_best([float(cosine) for cosine in cosines]),
        weakest_word=float(matched.min()) if len(matched) else 0.0,
        coverage=words.share(stems(best.passage.search_text)),
        terms=float(len(words.terms)),
        open_question=float(asks_openly(query)),
        unfounded=float(words.unfounded(ranked)),
    )


def missing_terms(query: str, catalog: Catalog) -> list[str]:
    """The words of the question that no document holds in any form."""
    return [term.word for term in content_terms(query) if catalog.frequency(term.word, 1) == 0]


def _mean_of_best(logits: Sequence[float]) -> float:
    return fmean(sorted(logits, reverse=True)[:3])


class _Words:
    """The words of a question, weighed by how rare they are in the documents."""

    def __init__(self, query: str, catalog: Catalog) -> None:
        self._catalog = catalog
        self.terms = content_terms(query)
        _, passages, _ = catalog.counts()
        found = {term.stem: catalog.frequency(term.word, COMMON) for term in self.terms}
        self.known = {stem for stem, count in found.items() if count}
        # Inverse document frequency, log(1 + N / (1 + n)): a smoothed form of Spärck Jones (1972).
        self._rarity = {stem: math.log(1 + passages / (1 + count)) for stem, count in found.items()}

    def share(self, held: Set[str]) -> float:
        """How much of the question, by rarity, is among `held`; 1 for a question without such words."""
        total = sum(self._rarity.values())
        return sum(weight for stem, weight in self._rarity.items() if stem in held) / total if total else 1.0

    def _of_other_years(self) -> bool:
        years = [term for term in self.terms if _YEAR.fullmatch(term.word)]
        known = (year.stem in self.known or dates_from(self._catalog, year.word) for year in years)
        return bool(years) and not any(known)

    def unfounded(self, ranked: Sequence[RankedPassage]) -> bool:
        """Whether a name of the question, the years that it asks for, or nearly all of its words are in no document.

        A name that is like a word of the passages found may be that word, spelled or inflected in another way.
        """
        if 1.0 - self.share(self.known) >= MOSTLY_UNKNOWN or self._of_other_years():
            return True
        names = [t for t in self.terms if t.name and t.stem not in self.known and not any(map(str.isdigit, t.word))]
        if not names:
            return False
        vocabulary = {match[0].casefold() for found in ranked for match in WORD.finditer(found.passage.search_text)}
        return any(
            part.casefold() not in vocabulary
            and not (len(part) >= LONG and get_close_matches(part.casefold(), vocabulary, n=1, cutoff=ALIKE))
            for name in names
            for part in re.split(r"['’\-–/]", name.word)
            if len(part) > 1
        )
