"""Finding passages: nearest by meaning and best by words, together, then ranked by the cross-encoder.

Fusing the two lists by rank is no safe order: where the embedder is weak on a subject it loses to BM25 alone. So
both lists propose, the cross-encoder reads every proposal, and its logit orders them. What found a passage decides
between those that are read as about equally good.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.answer.terms import WORD, content_terms
from assistant.models.reranker import Reranker
from assistant.store.catalog import quoted
from assistant.store.index import Searched
from assistant.types import RankedPassage, StoredPassage

# Added to a logit for each unit of BM25 and of cosine. BM25 sums log-odds (Robertson and Zaragoza, 2009), as a logit
# does. Both were chosen on public sets (development data), where halving or doubling either changes little: the gold
# sections of a product's documentation come earlier, and the passages of no other set come later.
BY_WORDS, BY_MEANING = 0.2, 3.0


def retrieve(query: str, vector: NDArray[np.float32], index: Searched, candidates: int) -> list[RankedPassage]:
    """Passages proposed by either search, `candidates` of each at the most; not ranked yet (`score` is 0)."""
    dense: dict[int, float] = {}
    for key, cosine in index.nearest(vector, candidates):
        for passage_id in index.catalog.passages_with(key):
            dense.setdefault(passage_id, cosine)
    lexical = dict(index.catalog.match(any_word(query), candidates))
    return [
        RankedPassage(index.catalog.passage(passage_id), 0.0, dense.get(passage_id), lexical.get(passage_id))
        for passage_id in dict.fromkeys([*dense, *lexical])
    ]


def rerank(query: str, found: list[RankedPassage], reranker: Reranker) -> list[RankedPassage]:
    """The passages with the cross-encoder's score, best first by `ordered`."""
    scores = reranker.score(query, [candidate.passage.search_text for candidate in found])
    return ordered(
        [
            RankedPassage(candidate.passage, score, candidate.dense, candidate.lexical)
            for candidate, score in zip(found, scores, strict=True)
        ]
    )


def ordered(scored: Sequence[RankedPassage]) -> list[RankedPassage]:
    """Passages by logit and, for a small part, BM25 and cosine, best first; ties go to the earlier in the index.

    A passage that one of the searches did not return counts there as the last one that it did: it is no better.
    """
    lexical = min((candidate.lexical for candidate in scored if candidate.lexical is not None), default=0.0)
    dense = min((candidate.dense for candidate in scored if candidate.dense is not None), default=0.0)

    def weight(candidate: RankedPassage) -> float:
        by_words = lexical if candidate.lexical is None else candidate.lexical
        by_meaning = dense if candidate.dense is None else candidate.dense
        return candidate.score + BY_WORDS * by_words + BY_MEANING * by_meaning

    return sorted(scored, key=lambda candidate: (-weight(candidate), candidate.passage.id))


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
