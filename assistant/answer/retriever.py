"""Search as other programs see it: ranked passages, and a LangChain retriever for somebody else's chain."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.answer.filters import check_filter
from assistant.answer.lexical.reading import WordReader
from assistant.answer.retrieve import distinct, rerank, retrieve
from assistant.filter import Filter
from assistant.models.embedder import Embedder
from assistant.models.reranker import Reranker
from assistant.store.index import Index, Searched
from assistant.types import Question, RankedPassage


def search(
    query: str, index: Searched, embedder: Embedder, reranker: Reranker, candidates: int, limit: int
) -> list[RankedPassage]:
    """The best `limit` passages for a query, best first; every one of them was read by the reranker."""
    found = retrieve(query, embedder.embed_query(query), index, max(candidates, limit))
    return distinct(rerank(query, found, reranker))[:limit]


def find(
    asked: Question,
    limit: int,
    index: Index,
    embedder: Embedder,
    reranker: Reranker,
    candidates: int,
    words: WordReader | None,
) -> list[RankedPassage]:
    """The same for a query that may have a filter, by words alone where the models do not read its language."""
    query, part = asked.text, index.within(asked.filter)
    if words and (language := words.unread(query)):
        return words.find(query, language, limit, part.catalog)
    return search(query, part, embedder, reranker, candidates, limit)


class PassageRetriever(BaseRetriever):
    """A `BaseRetriever` over the index: `page_content` is a passage, `metadata` the place it came from."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    embedder: Any  # an Embedder; pydantic cannot check a protocol
    reranker: Any  # a Reranker
    candidates: int = 10
    limit: int = 5
    filter: Filter | None = None  # which documents may be found; all without one

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        index = self.index.within(check_filter(self.filter))
        found = search(query, index, self.embedder, self.reranker, self.candidates, self.limit)
        return [_as_document(ranked) for ranked in found]


def _as_document(ranked: RankedPassage) -> Document:
    passage = ranked.passage
    metadata = {
        "document": passage.document,
        "document_sha256": passage.document_sha256,
        "title": passage.title,
        "date": passage.date,
        "page": passage.page,
        "page_label": passage.sentences[0].page_label,
        "heading": passage.heading,
        "row": passage.sentences[0].row,
        "start": passage.start,
        "end": passage.end,
        "score": ranked.score,
        "also": list(passage.also),
        "recognised": passage.recognised,
    }
    return Document(page_content=passage.text, metadata=metadata, id=str(passage.id))
