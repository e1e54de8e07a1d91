"""Passages, sentences and confidence by words alone, where the models do not read the question's language.

BM25 proposes passages. Their sentences are weighed by how much of the question they and what stands around them
hold, each word counting by how rare it is in the documents. A logistic model over such shares says whether the
documents answer the question at all. decisions/languages.md says what both were fitted on.
"""

import json
import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate

from assistant.answer.extract import PASSAGES_READ, ScoredSentence
from assistant.answer.lexical.words import ForeignTerm, alike, plain, plain_words, stem, terms
from assistant.answer.reading import Reading
from assistant.answer.retrieve import distinct
from assistant.answer.sides import answering
from assistant.ingest.language import NAMES, question_language
from assistant.laps import Laps
from assistant.store.catalog import Catalog
from assistant.types import RankedPassage, StoredPassage

# The weights of a sentence's shares, found by a conditional logit that puts the gold sentence first, and rounded.
OWN, ALIKE, WITH_BEFORE, WITH_NEXT, UP_TO, OF_PASSAGE, BY_RANK = 3.5, 5.2, 2.3, 2.1, 1.6, 1.7, 2.4
MOST_WORDS = 100  # of a question; the longest that may be asked has ten times as many pairs of characters
COMMON = 5_000  # passages; what is in more of them is common, however many there are


@dataclass(frozen=True, slots=True)
class WordSignals:
    """What speaks for and against an answer; shares are of the question's words, by rarity, from 0 to 1."""

    passage: float  # share that the passage of the best sentence holds; here, words that are alike count in part
    sentence: float  # share that the best sentence holds, likewise
    around: float  # largest share that a sentence of that passage holds together with a neighbour
    lead: float  # how far the best passage's BM25 is above the second's, as a share of it
    words: float  # how many words of the question that passage holds, likewise
    names: float  # share of the names and figures that the best sentence lacks


@dataclass(frozen=True, slots=True)
class WordModel:
    """A logistic model over `WordSignals`, and the confidence below which the assistant refuses."""

    intercept: float
    weights: Mapping[str, float]
    threshold: float

    def confidence(self, signals: WordSignals) -> float:
        """The probability that the documents answer the question, by the fitted model."""
        logit = self.intercept + sum(self.weights[name] * value for name, value in asdict(signals).items())
        return 1.0 / (1.0 + math.exp(-logit))


@cache
def shipped_word_model() -> WordModel:
    """The model whose coefficients come with the package."""
    text = files("assistant.answer.lexical").joinpath("refusal.json").read_text(encoding="utf-8")
    return WordModel(**json.loads(text))


class WordReader:
    """Reads an index by words alone, for questions that are in none of the languages that the models read."""

    def __init__(self, catalog: Catalog, covered: Set[str], model: WordModel, candidates: int) -> None:
        """Make a reader.

        Args:
            catalog: all that may be read; what languages it has, a question may be in.
            covered: codes of the languages that the models read.
            model: says how sure a reading is.
            candidates: most passages that are proposed.
        """
        self._catalog = catalog
        self._covered = covered
        self._model = model
        self._candidates = candidates
        self._present = {language for language in catalog.languages() if language}

    def unread(self, query: str) -> str | None:
        """The code of a query's language, where the models do not read it, else None."""
        return question_language(query, self._covered, self._present)

    def find(self, query: str, language: str, limit: int, within: Catalog | None = None) -> list[RankedPassage]:
        """The best passages by BM25 over the forms of the query's words; `score` and `lexical` are that.

        `within` is the part of the catalog that may be read, where that is not all of it.
        """
        catalog = within or self._catalog
        expression = " OR ".join(term.expression for term in terms(query, language)[:MOST_WORDS])
        found = catalog.match(expression, limit) if expression else []
        return distinct([RankedPassage(catalog.passage(number), bm25, None, bm25) for number, bm25 in found])

    def read(self, query: str, language: str, laps: Laps, within: Catalog | None = None) -> Reading:
        """The passages and sentences for a query in `language`, and how sure it is that they answer it."""
        ranked = self.find(query, language, self._candidates, within)
        laps.end("retrieve")
        asked = Asked(query, language, within or self._catalog)
        scored = score_sentences(asked, ranked)
        confidence = self._model.confidence(word_signals(asked, ranked, scored)) if scored else 0.0
        laps.end("rerank")
        return Reading(
            ranked,
            answering(query, scored) if scored else [],
            confidence,
            self._model.threshold,
            lambda: [term.word for term in asked.unknown],
            f"the models do not read {NAMES[language]}: the documents were searched by words alone",
        )


class Asked:
    """The words of a question, weighed by how rare they are in the documents."""

    def __init__(self, query: str, language: str, catalog: Catalog) -> None:
        self.language = language
        self.terms: list[ForeignTerm] = terms(query, language)[:MOST_WORDS]
        _, passages, _ = catalog.counts()
        counts = {term.stem: catalog.count(term.expression, COMMON) for term in self.terms}
        self.unknown = [term for term in self.terms if not counts[term.stem]]
        # Inverse document frequency, log(1 + N / (1 + n)): a smoothed form of Spärck Jones (1972).
        rarity = {word: math.log(1 + passages / (1 + count)) for word, count in counts.items()}
        total = sum(rarity.values())
        self._shares = {word: weight / total for word, weight in rarity.items()}

    def held(self, words: Set[str]) -> float:
        """The share of the question whose base forms are among `words`."""
        return sum(share for word, share in self._shares.items() if word in words)

    def alike(self, text: str) -> dict[ForeignTerm, float]:
        """For each word of the question, how alike the word of a text is that is most so."""
        words = frozenset(map(plain, plain_words(text)))
        return {
            term: 1.0 if term.plain in words else max((alike(term.plain, word) for word in words), default=0.0)
            for term in self.terms
        }

    def share(self, alike: Mapping[ForeignTerm, float]) -> float:
        """The share of the question that a text holds, a word that is merely alike counting in part."""
        return sum(self._shares[term.stem] * part for term, part in alike.items())

    def bases(self, text: str) -> frozenset[str]:
        """The base forms of the words of a text."""
        return frozenset(stem(word, self.language) for word in plain_words(text))


def score_sentences(asked: Asked, ranked: Sequence[RankedPassage]) -> list[ScoredSentence]:
    """The sentences of the best passages, best first."""
    scored = []
    for found in ranked[:PASSAGES_READ]:
        passage = found.passage
        around = OF_PASSAGE * asked.held(asked.bases(passage.search_text))
        around += BY_RANK * found.score / ranked[0].score
        for (own, before, after, up_to), sentence in zip(_shares(asked, passage), passage.sentences, strict=True):
            told = OWN * own + ALIKE * asked.share(asked.alike(sentence.words))
            told += WITH_BEFORE * (before - own) + WITH_NEXT * (after - own) + UP_TO * up_to
            scored.append(ScoredSentence(passage, sentence, 0.0, 0.0, 0.0, None, by_words=told + around))
    return sorted(scored, key=lambda s: (-s.score, s.passage.document, s.sentence.start))


def word_signals(asked: Asked, ranked: Sequence[RankedPassage], scored: Sequence[ScoredSentence]) -> WordSignals:
    """The signals for a question from its ranked passages and sentences, of which there is one each."""
    best = scored[0]
    first, second, *_ = [*(found.score for found in ranked), 0.0]
    in_passage, in_sentence = asked.alike(best.passage.search_text), asked.alike(best.sentence.words)
    return WordSignals(
        passage=asked.share(in_passage),
        sentence=asked.share(in_sentence),
        around=max(max(before, after) for _, before, after, _ in _shares(asked, best.passage)),
        lead=1.0 - second / first,
        words=sum(in_passage.values()),
        names=asked.share({term: 1.0 - part for term, part in in_sentence.items() if term.name}),
    )


def _shares(asked: Asked, passage: StoredPassage) -> list[tuple[float, float, float, float]]:
    """The share of the question in each sentence: alone, with the one before, with the next, in all up to it."""
    words = [asked.bases(sentence.words) for sentence in passage.sentences]
    none = frozenset[str]()
    read = list(accumulate(words, frozenset.union, initial=asked.bases(passage.heading)))[1:]
    around = zip(words, [none, *words], [*words[1:], none], read, strict=False)
    return [
        (asked.held(own), asked.held(own | before), asked.held(own | after), asked.held(up_to))
        for own, before, after, up_to in around
    ]
