"""What the documents are, what stands in them, and which passages fit a query, over HTTP."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request

from assistant.serve.answering import Answering
from assistant.serve.bodies import ListingQuery, ReadingQuery, SearchQuery, filter_of
from assistant.serve.live import LiveChain
from assistant.serve.problems import documented
from assistant.serve.quota import client_of
from assistant.serve.reading import listed_documents, read_document, search_passages, status_of_index
from assistant.store.listing import Listed
from assistant.types import Citation, IndexInfo

READ_ERRORS = (400, 403, 422, 500, 503)


@dataclass(frozen=True)
class DocumentEntry(Listed):
    """A document in a list."""

    id: str


@dataclass(frozen=True)
class Documents:
    """A page of the documents, by path; `next` is what the following page comes `after`."""

    documents: list[DocumentEntry]
    total: int
    next: str | None


@dataclass(frozen=True)
class DocumentPart(DocumentEntry):
    """A document and a part of its text, `start` to `end`; `next` is the `offset` of the following part."""

    start: int
    end: int
    text: str
    next: int | None


@dataclass(frozen=True)
class FoundPassage(Citation):
    """A passage as a citation of the whole of it, with its rank from 1 and the id of its document."""

    rank: int = 0
    id: str = ""


@dataclass(frozen=True)
class Found:
    """The passages that fit a query best, best first."""

    query: str
    passages: list[FoundPassage]


@dataclass(frozen=True)
class IndexState(IndexInfo):
    """The index that answers; `copies` are files of the same bytes as another, `skipped` those that were not read."""

    copies: int
    skipped: int


@dataclass(frozen=True)
class State:
    """What answers; `languages` are documents by ISO 639-1 code, `notice` says what is damaged."""

    version: str
    index: IndexState
    collections: list[str]
    languages: dict[str, int]
    models: dict[str, str | None]
    refusal_threshold: float
    notice: str | None


def add_documents(app: FastAPI, live: LiveChain, answering: Answering) -> None:
    """Add the routes that read."""

    @app.get(
        "/api/v1/documents",
        summary="The documents, page by page",
        responses={200: {"model": Documents}, **documented(*READ_ERRORS)},
    )
    def documents(query: Annotated[ListingQuery, Query()]) -> dict[str, Any]:
        return listed_documents(live, filter_of(query, "the query"), query.after, query.limit)

    @app.get(
        "/api/v1/documents/{id}",
        summary="A document, and a part of its text",
        responses={200: {"model": DocumentPart}, **documented(404, *READ_ERRORS)},
    )
    def document(
        id: Annotated[str, Path(max_length=100, description="From the list, or from a passage that was found.")],
        query: Annotated[ReadingQuery, Query()],
    ) -> dict[str, Any]:
        return read_document(live, id, query.offset, query.limit)

    @app.get(
        "/api/v1/search",
        summary="The passages that fit a query best",
        responses={200: {"model": Found}, **documented(429, *READ_ERRORS)},
    )
    def search(query: Annotated[SearchQuery, Query()], request: Request) -> dict[str, Any]:
        with answering.quota.admitted(client_of(request)):
            return search_passages(live, query.q, filter_of(query, "the query"), query.limit)

    @app.get(
        "/api/v1/status",
        summary="What answers: the index and the models",
        responses={200: {"model": State}, **documented(403, 500, 503)},
    )
    def status() -> dict[str, Any]:
        return status_of_index(live)
