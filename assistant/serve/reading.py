"""Documents and passages for programs: what is listed, read and found, whatever the protocol."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from assistant import __version__
from assistant.answer.question import checked
from assistant.answer.retriever import find
from assistant.errors import UserError
from assistant.filter import Filter
from assistant.render import passages_json
from assistant.serve.live import LiveChain
from assistant.serve.sources import document_id
from assistant.store.catalog import Catalog
from assistant.store.listing import Listed, count_documents, find_listed, list_documents
from assistant.types import Question


class NotFound(UserError):
    """There is no such document."""

    status = 404


def listed_documents(live: LiveChain, wanted: Filter | None, after: str | None, limit: int) -> dict[str, Any]:
    """A page of the documents that match; `next` is what the following page comes after, or None."""
    with _catalog(live) as catalog:
        found = list_documents(catalog, wanted, after or "", limit + 1)
        total = count_documents(catalog, wanted)
    shown = found[:limit]
    return {
        "documents": [_document_json(each) for each in shown],
        "total": total,
        "next": shown[-1].document if len(found) > limit else None,
    }


def read_document(live: LiveChain, identity: str, offset: int, limit: int) -> dict[str, Any]:
    """A document and the part of its text from `offset` on; `next` is where the following part begins, or None.

    Raises:
        NotFound: no document has this id.
    """
    with _catalog(live) as catalog:
        sha256, _, kind = identity.partition(".")
        found = find_listed(catalog, sha256, kind)
        if found is None:
            raise NotFound("there is no document of this id; list the documents")
        text = catalog.slice(found.document, offset, offset + limit) or ""
    end = offset + len(text)
    part = {"start": offset, "end": end, "text": text, "next": end if end < found.characters and text else None}
    return _document_json(found) | part


def search_passages(live: LiveChain, query: str, wanted: Filter | None, limit: int) -> dict[str, Any]:
    """The passages that fit a query best, as `assistant search --json` has them, each with its document's id.

    Raises:
        UserError: the query cannot be used, no document matches, or nothing can be searched now.
    """
    asked = checked(Question(query, (), wanted))
    with live.gate.turn(), live.using() as chain:
        most = chain.limits.candidates
        found = find(asked, limit, chain.index, chain.embedder, chain.reranker, most, chain.words)
    told = passages_json(query, found)
    return told | {
        "passages": [
            {**each, "id": document_id(each["document_sha256"], each["document"])} for each in told["passages"]
        ]
    }


def status_of_index(live: LiveChain) -> dict[str, Any]:
    """What answers: the index, how much it holds, and the models. Folders of the machine are not told."""
    with live.using() as chain:
        index = chain.index
        manifest, languages = index.manifest, index.catalog.languages()
        models = {"embedder": chain.embedder.name, "reranker": chain.reranker.name, "chat": live.chat}
        threshold = chain.refusal.threshold
    return {
        "version": __version__,
        "index": asdict(index.info) | {"copies": manifest.copies, "skipped": manifest.skipped},
        "collections": sorted(name for name in manifest.folders if name),
        "languages": {code or "unknown": count for code, count in languages.items()},
        "models": models,
        "refusal_threshold": round(threshold, 4),
        "notice": live.notice(),
    }


def _document_json(listed: Listed) -> dict[str, Any]:
    return {"id": document_id(listed.sha256, listed.document), **asdict(listed)}


@contextmanager
def _catalog(live: LiveChain) -> Iterator[Catalog]:
    with live.using() as chain:
        yield chain.index.catalog
