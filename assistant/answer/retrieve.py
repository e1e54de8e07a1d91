"""Finding passages: nearest by meaning and best by words, together, then ranked by the cross-encoder.

Fusing the two lists by rank is no safe order: where the embedder is weak on a subject it loses to BM25 alone. So
neither list is trusted for the order. Both only propose, and the cross-encoder reads every proposal.
"""

from assistant.answer.terms import WORD, content_terms
from assistant.models.embedder import Embedder
from assistant.models.reranker import Reranker
from assistant.store.catalog import quoted
from assistant.store.index import Index
from assistant.types import RankedPassage, StoredPassage


def retrieve(query: str, index: Index, embedder: Embedder, candidates: int) -> list[RankedPassage]:
    """Passages proposed by either search, `candidates` of each at the most; not ranked yet (`score` is 0)."""
    dense: dict[int, float] = {}
    for key, cosine in index.vectors.nearest(embedder.embed_query(query), candidates):
        for passage_id in index.catalog.passages_with(key):
            dense.setdefault(passage_id, cosine)
    lexical = dict(index.catalog.match(any_word(query), candidates))
    return [
        RankedPassage(index.catalog.passage(passage_id), 0.0, dense.get(passage_id), lexical.get(passage_id))
        for passage_id in dict.fromkeys([*dense, *lexical])
    ]


def rerank(query: str, found: list[RankedPassage], reranker: Reranker) -> list[RankedPassage]:
    """The passages with the cross-encoder's score, best first; ties go to the earlier place in the index."""
    scores = reranker.score(query, [candidate.passage.search_text for candidate in found])
    ranked = [
        RankedPassage(candidate.passage, score, candidate.dense, candidate.lexical)
        for candidate, score in zip(found, scores, strict=True)
    ]
    return sorted(ranked, key=lambda candidate: (-candidate.score, candidate.passage.id))


def any_word(query: str) -> str:
    """An FTS5 expression that matches any word of a question that carries meaning, or any word at all."""
    words = [term.word for term in content_terms(query)] or WORD.findall(query) or [query]
    return " OR ".join(quoted(word) for word in words)


def distinct(ranked: list[RankedPassage]) -> list[RankedPassage]:
    """The passages without those whose text was there already, from a copy of the same file or page."""
    seen: dict[str, StoredPassage] = {}
    return [
        candidate
        for candidate in ranked
        if seen.setdefault(candidate.passage.search_text, candidate.passage) is candidate.passage
    ]
