"""The one place where settings become working parts."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from assistant.answer.confidence import RefusalModel, shipped_model
from assistant.answer.lexical.reading import WordReader, shipped_word_model
from assistant.answer.retriever import search
from assistant.chain import AnswerChain, AnswerLimits
from assistant.ingest.split import SplitLimits
from assistant.ingest.worker import Limits
from assistant.models.chat import LangChainChat, chat_model
from assistant.models.embedder import SentenceTransformerEmbedder
from assistant.models.reranker import CrossEncoder
from assistant.models.weights import RERANKER, resolve, verified
from assistant.settings import Settings
from assistant.store.build import BuildReport, Progress, build_index
from assistant.store.catalog import Catalog
from assistant.store.generations import CATALOG, Manifest, Recipe, live, read_manifest, require_live
from assistant.store.index import Index
from assistant.types import RankedPassage, Skipped

# Below the best sentence by more than this, in logits, a sentence no longer answers the same question.
SENTENCE_GAP = 10.0


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
    def reranker(self) -> CrossEncoder:
        """The packaged cross-encoder."""
        return CrossEncoder(verified(RERANKER), self.settings.threads)

    @cached_property
    def languages(self) -> frozenset[str]:
        """Codes of the languages that both models read."""
        return frozenset({"en"})

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
        limits = self.split_limits
        return Recipe(self.embedder.name, self.embedder.digest, limits.target_tokens, limits.max_tokens)

    def build(self, rebuild: bool, progress: Progress) -> BuildReport:
        """Bring the index up to date with the folder."""
        return build_index(
            self.settings.folder,
            self.settings.index,
            self.embedder,
            self.split_limits,
            Limits(file_bytes=self.settings.max_file_mb * 2**20),
            self.settings.keep_generations,
            rebuild,
            progress,
        )

    def open_index(self) -> Index:
        """The index that answers, checked against the settings."""
        return Index.open(self.settings.index, self.recipe)

    def build_if_missing(self, progress: Progress) -> None:
        """Build the index of the folder where there is none."""
        if live(self.settings.index) is None:
            self.build(rebuild=False, progress=progress)

    def status(self) -> tuple[Manifest, list[Skipped]]:
        """What the index that answers says of itself, and the files it does not hold; loads no model."""
        generation = require_live(self.settings.index)
        catalog = Catalog.open(generation / CATALOG)
        try:
            return read_manifest(generation), [item for item, _ in catalog.skipped()]
        finally:
            catalog.close()

    def search(self, limit: int) -> Callable[[str], list[RankedPassage]]:
        """A function from a query to its best passages."""
        index, candidates = self.open_index(), self.settings.candidates
        words = self.word_reader(index.catalog)

        def find(query: str) -> list[RankedPassage]:
            if language := words.unread(query):
                return words.find(query, language, limit)
            return search(query, index, self.embedder, self.reranker, candidates, limit)

        return find

    def chain(self) -> AnswerChain:
        """From question to answer, over the index that answers now."""
        shipped = shipped_model()
        threshold = self.settings.refusal_threshold
        refusal = RefusalModel(
            shipped.intercept, shipped.weights, shipped.threshold if threshold is None else threshold
        )
        limits = AnswerLimits(self.settings.candidates, self.settings.max_sentences, SENTENCE_GAP)
        index, strict = self.open_index(), self.settings.strict
        words = self.word_reader(index.catalog)
        return AnswerChain(index, self.embedder, self.reranker, refusal, limits, self.chat, strict, words)
