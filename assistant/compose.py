"""The one place where settings become working parts."""

from collections.abc import Callable
from functools import cached_property

from assistant.answer.confidence import RefusalModel, shipped_model
from assistant.answer.retriever import search
from assistant.chain import AnswerChain, AnswerLimits
from assistant.ingest.patterns import Patterns
from assistant.ingest.split import SplitLimits
from assistant.ingest.worker import Limits
from assistant.models.chat import LangChainChat, chat_model
from assistant.models.embedder import SentenceTransformerEmbedder
from assistant.models.reranker import CrossEncoder
from assistant.models.weights import RERANKER, resolve, verified
from assistant.settings import Settings
from assistant.store.build import BuildReport, Making, Mode, Progress, build_index
from assistant.store.doctor import Check, examine
from assistant.store.generations import Recipe, live
from assistant.store.index import Index, Status, status
from assistant.store.repair import Repair, repair
from assistant.types import RankedPassage

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
        limits = Limits(file_bytes=settings.max_file_mb * 2**20)
        return Making(self.embedder, self.split_limits, limits, Patterns(settings.include, settings.exclude))

    def build(self, rebuild: bool, progress: Progress, prune: bool = False) -> BuildReport:
        """Bring the index up to date with the folder; with `prune`, nothing of what was deleted stays."""
        settings = self.settings
        mode: Mode = "rebuild" if rebuild else "prune" if prune else "sync"
        return build_index(settings.folder, settings.index, self.making, settings.keep_generations, mode, progress)

    def examine(self, progress: Progress) -> list[Check]:
        """Hold every part of the index against the others."""
        return examine(self.settings.index, self.making, progress)

    def repair(self, progress: Progress) -> Repair:
        """Mend what is wrong with the index, as a new generation."""
        settings = self.settings
        return repair(settings.index, settings.folder, self.making, settings.keep_generations, progress)

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

    def search(self, limit: int) -> Callable[[str], list[RankedPassage]]:
        """A function from a query to its best passages."""
        index, candidates = self.open_index(), self.settings.candidates
        return lambda query: search(query, index, self.embedder, self.reranker, candidates, limit)

    def chain(self) -> AnswerChain:
        """From question to answer, over the index that answers now."""
        shipped = shipped_model()
        threshold = self.settings.refusal_threshold
        refusal = RefusalModel(
            shipped.intercept, shipped.weights, shipped.threshold if threshold is None else threshold
        )
        limits = AnswerLimits(self.settings.candidates, self.settings.max_sentences, SENTENCE_GAP)
        return AnswerChain(
            self.open_index(), self.embedder, self.reranker, refusal, limits, self.chat, self.settings.strict
        )
