"""The one place where settings become working parts."""

import logging
import re
from collections.abc import Callable, Set
from contextlib import closing
from dataclasses import replace
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from assistant.answer.calibration import MadeWith, Refusal, refusal_in_use
from assistant.answer.confidence import shipped_model
from assistant.answer.lexical.reading import WordReader, shipped_word_model
from assistant.answer.retriever import find
from assistant.answer.verify import Rules
from assistant.chain import AnswerChain, AnswerLimits
from assistant.errors import InputError
from assistant.ingest.collections import Collection, collections_of
from assistant.ingest.language import NAMES
from assistant.ingest.patterns import Patterns
from assistant.ingest.split import SplitLimits
from assistant.ingest.worker import Limits
from assistant.models.chat import LangChainChat, chat_model
from assistant.models.embedder import SentenceTransformerEmbedder
from assistant.models.reranker import Reranker, reranker_of
from assistant.models.weights import RERANKER, languages_of, resolve
from assistant.settings import Settings
from assistant.store.build import BuildReport, Making, Mode, Progress, build_index
from assistant.store.catalog import Catalog
from assistant.store.changes import record_changes
from assistant.store.doctor import Check, examine
from assistant.store.feedback import FeedbackStore
from assistant.store.generations import Recipe, indexed, live
from assistant.store.index import Index, Status, newest_whole, open_catalog, status
from assistant.store.repair import Repair, repair
from assistant.types import Question, RankedPassage

# Below the best sentence by more than this, in logits, a sentence no longer answers the same question.
SENTENCE_GAP = 10.0
# Files read at a time, however many processors there are: each may take up to 2 GB, and one process splits them all.
MOST_READERS = 8


log = logging.getLogger(__name__)


class Workshop:
    """Everything that one set of settings is made into; each part is made when it is first used."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def embedder(self) -> SentenceTransformerEmbedder:
        """The embedding model that the settings name."""
        folder = resolve(self.settings.embedder, self.settings.model_downloads)
        return SentenceTransformerEmbedder(folder, self.settings.threads)

    @cached_property
    def reranker(self) -> Reranker:
        """The cross-encoder that the settings name."""
        folder = resolve(self.settings.reranker, self.settings.model_downloads, RERANKER)
        return reranker_of(folder, self.settings.threads)

    @cached_property
    def languages(self) -> frozenset[str]:
        """Codes of the languages that both models read; loads neither."""
        settings = self.settings
        if settings.languages is not None:
            return frozenset(NAMES if settings.languages == "all" else re.split(", ?", settings.languages))
        named = (languages_of(name, settings.model_downloads) for name in (settings.embedder, settings.reranker))
        return frozenset.intersection(*named)

    def unread(self) -> str | None:
        """That most documents are in languages that the models do not read, in one line; None where it is not so."""
        counts = self.status().languages
        foreign = {code: n for code, n in counts.items() if code and code not in self.languages}
        if sum(foreign.values()) * 2 <= sum(counts.values()):
            return None
        named = ", ".join(f"{n} in {NAMES.get(code, code)}" for code, n in foreign.items())
        return f"the models do not read most of the documents ({named}): these are searched by words alone"

    def word_reader(self, catalog: Catalog) -> WordReader:
        """What reads a catalog for questions in other languages."""
        shipped, threshold = shipped_word_model(), self.settings.refusal_threshold
        model = shipped if threshold is None else replace(shipped, threshold=threshold)
        return WordReader(catalog, self.languages, model, self.settings.candidates)

    @cached_property
    def chat(self) -> LangChainChat | None:
        """The chat model that the settings name, if they name one."""
        settings = self.settings
        if settings.chat_model is None:
            return None
        key = settings.chat_api_key.get_secret_value() if settings.chat_api_key else None
        return chat_model(settings.chat_model, settings.chat_base_url, key, settings.chat_timeout)

    @cached_property
    def split_limits(self) -> SplitLimits:
        """Lengths of passages: never longer than the embedder reads."""
        window = self.embedder.window
        return SplitLimits(max_tokens=window, target_tokens=min(self.settings.target_tokens, window))

    @cached_property
    def recipe(self) -> Recipe:
        """What an index must have been built with to be used with these settings."""
        return self.making.recipe

    @cached_property
    def making(self) -> Making:
        """How an index is built with these settings."""
        settings = self.settings
        if settings.ocr and find_spec("rapidocr") is None:
            raise InputError("ASSISTANT_OCR needs more packages: pip install 'cited-assistant[ocr]'")
        limits = Limits(file_bytes=settings.max_file_mb * 2**20, ocr=settings.ocr)
        patterns, readers = Patterns(settings.include, settings.exclude), min(settings.threads, MOST_READERS)
        return Making(self.embedder, self.split_limits, limits, patterns, readers)

    def collections(self, drop: Set[str] = frozenset()) -> tuple[Collection, ...]:
        """What is to be indexed: what was named or, where nothing was, what the index was built from, less `drop`.

        Raises:
            InputError: collections cannot go together, or one to drop is named or not there.
        """
        settings = self.settings
        before = indexed(settings.index)
        if unknown := sorted(drop - before.keys()):
            raise InputError(f"there is no collection {unknown[0]} in the index; assistant status lists them")
        if twice := sorted(drop & settings.collections.keys()):
            raise InputError(f"{twice[0]} is both named and dropped; do one of them")
        if settings.collections:
            return collections_of(settings.collections)
        if "folder" in settings.model_fields_set or not before:
            return (Collection("", settings.folder),)
        return self._indexed(drop)

    def _indexed(self, drop: Set[str] = frozenset()) -> tuple[Collection, ...]:
        before = indexed(self.settings.index)
        return tuple(Collection(name, Path(folder)) for name, folder in before.items() if name not in drop)

    def build(
        self, rebuild: bool, progress: Progress, prune: bool = False, drop: Set[str] = frozenset()
    ) -> BuildReport:
        """Bring the index up to date with its folders; with `prune`, nothing of what was deleted stays."""
        settings, found = self.settings, self.collections(drop)
        mode: Mode = "rebuild" if rebuild else "prune" if prune else "sync"
        report = build_index(found, settings.index, self.making, settings.keep_generations, mode, progress, drop)
        record_changes(settings.index, report, discreet=prune)
        if prune:
            self._forget_feedback()
        return report

    def _forget_feedback(self) -> None:
        """Delete feedback that may hold words of documents that are gone."""
        index = self.settings.index
        manifest, catalog = newest_whole(index, lambda generation: open_catalog(generation, None))
        with closing(catalog):
            indexed = set(catalog.hashes().values())
        if count := FeedbackStore(index).forget(indexed, manifest.generation):
            answers = f"{count} {'answer' if count == 1 else 'answers'}"
            log.warning("feedback on %s was deleted: it may hold words of documents that are gone", answers)

    def examine(self, progress: Progress) -> list[Check]:
        """Hold every part of the index against the others."""
        return examine(self.settings.index, self.making, progress)

    def repair(self, progress: Progress) -> Repair:
        """Mend what is wrong with the index, as a new generation."""
        settings = self.settings
        found = self._indexed() or self.collections()
        return repair(settings.index, found, self.making, settings.keep_generations, progress)

    def open_index(self) -> Index:
        """The index that answers, checked against the settings."""
        return Index.open(self.settings.index, self.recipe)

    def build_if_missing(self, progress: Progress) -> None:
        """Build the index of the folder where there is none."""
        if live(self.settings.index) is None:
            self.build(rebuild=False, progress=progress)

    def status(self) -> Status:
        """What the index that answers says of itself, and the files it does not hold; loads no model."""
        return status(self.settings.index)

    def refusal(self, built: Recipe) -> Refusal:
        """By what is refused, over an index that was built so."""
        return refusal_in_use(self.settings.index, self.settings.refusal_threshold, lambda: self.made_with(built))

    def made_with(self, built: Recipe) -> MadeWith:
        """What a confidence over such an index rests on; loads no model."""
        reranker, coefficients = self.reranker, shipped_model().digest
        return MadeWith(built.embedder, built.embedder_digest, reranker.name, reranker.digest, coefficients)

    def search(self, limit: int) -> Callable[[Question], list[RankedPassage]]:
        """A function from a query, which may have a filter, to its best passages."""
        index, candidates = self.open_index(), self.settings.candidates
        words = self.word_reader(index.catalog)
        return lambda asked: find(asked, limit, index, self.embedder, self.reranker, candidates, words)

    def chain(self) -> AnswerChain:
        """From question to answer, over the index that answers now."""
        index = self.open_index()
        refusal = self.refusal(index.manifest.recipe)
        if refusal.note:
            log.warning(refusal.note)
        limits = AnswerLimits(self.settings.candidates, self.settings.max_sentences, SENTENCE_GAP)
        words, rules = self.word_reader(index.catalog), Rules(self.settings.strict, self.settings.paraphrases)
        return AnswerChain(index, self.embedder, self.reranker, refusal.model, limits, self.chat, rules, words)
