"""An answer held against its case: measures, and whether it passed."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.cite import BRACKETED
from assistant.evaluation import metrics
from assistant.evaluation.gold import Evidence, Span, holds, relevant_passages, span_of
from assistant.evaluation.sets import Case
from assistant.store.catalog import Catalog
from assistant.types import Answer, RankedPassage

DEPTHS = (1, 3, 5, 10)
RETRIEVAL = tuple(f"{name}@{k}" for name in ("hit", "recall") for k in DEPTHS) + ("mrr", "ndcg@10")
WORST = 1.0  # of measures that count mistakes; of all others it is 0
MISTAKES = ("false_answers", "false_refusals")


@dataclass(frozen=True, slots=True)
class Judged:
    """What the passages and citations of an answer hold, what it says, and what that is worth."""

    passages: list[set[int]]  # numbers of the sources that each passage holds, best first
    citations: list[set[int]]
    states: bool  # whether it says what is expected
    states_verified: bool  # the same of its verified sentences alone
    forbidden: tuple[str, ...]  # what it says and must not
    passed: bool
    scores: dict[str, float]


def judge(
    case: Case, evidence: Sequence[Evidence], answer: Answer, ranked: Sequence[RankedPassage], catalog: Catalog
) -> Judged:
    """An answer and the passages that were read for it, held against what the case expects.

    A question that the documents do not answer passes when it is refused. Any other passes when verified sentences
    say one of `answers` or the figure, and all of `must_include`, and no sentence anything of `must_not_include`;
    where the case names none of these, when it cites a source; where it names no source either, when it is answered.
    """
    answered = answer.status == "answered"
    passages = [_sources(span_of(found.passage), evidence) for found in ranked]
    citations = [_sources(Span(c.document, c.start, c.end), evidence) for c in answer.citations]
    cites = any(citations)
    said, verified = _said(answer, verified=False), _said(answer, verified=True)
    states, forbidden = states_all(case, said, cites), _forbidden(case, said)
    states_verified = states_all(case, verified, cites)
    passed = answered and states_verified and not forbidden if case.answerable else not answered
    scores = {"correct": float(passed), **_text_scores(case, said if answered else "")}
    scores["false_refusals" if case.answerable else "false_answers"] = float(answered != case.answerable)
    if answered:
        scores |= _form_scores(answer, catalog)
    if evidence:
        relevant = len(relevant_passages(evidence, catalog))
        scores |= retrieval_scores(passages, len(evidence), relevant)
        scores["citation_recall"] = metrics.recall_at(len(citations), citations, len(evidence))
        if answer.citations:
            scores["citation_precision"] = sum(map(bool, citations)) / len(citations)
    return Judged(passages, citations, answered and states, answered and states_verified, forbidden, passed, scores)


def worst(case: Case) -> dict[str, float]:
    """The measures of a case that could not be asked: each as bad as can be."""
    scores = {"correct": 0.0, **_text_scores(case, "")}
    if case.must_not_include:
        scores["must_not_include"] = 0.0
    scores["false_refusals" if case.answerable else "false_answers"] = WORST
    if case.sources:
        scores |= dict.fromkeys((*RETRIEVAL, "citation_recall"), 0.0)
    return scores


def states_all(case: Case, said: str, cites: bool) -> bool:
    """Whether what was said has what a case expects."""
    accepted = [metrics.contains(said, answer) for answer in case.answers]
    if case.numeric:
        accepted.append(metrics.has_figure(said, case.numeric))
    if not accepted and not case.must_include:
        return cites or not case.sources
    return (any(accepted) or not accepted) and all(metrics.contains(said, text) for text in case.must_include)


def retrieval_scores(passages: Sequence[set[int]], sources: int, relevant: int) -> dict[str, float]:
    """The measures of a ranking, of which `relevant` passages of the index hold evidence, perhaps none."""
    scores = {f"hit@{k}": float(metrics.hit_at(k, passages)) for k in DEPTHS}
    scores |= {f"recall@{k}": metrics.recall_at(k, passages, sources) for k in DEPTHS}
    scores["mrr"] = metrics.reciprocal_rank(passages)
    scores["ndcg@10"] = metrics.ndcg_at(10, passages, relevant) if relevant else 0.0
    return scores


def _sources(place: Span, evidence: Sequence[Evidence]) -> set[int]:
    return {number for number, item in enumerate(evidence) if any(holds(span, place) for span in item.spans)}


def _said(answer: Answer, verified: bool) -> str:
    """What an answer says, without its markers; of its verified sentences alone, or of all."""
    if answer.status == "refused":
        return ""
    parts = [answer.text[s.start : s.end] for s in answer.sentences if s.support == "verified" or not verified]
    return BRACKETED.sub("", "\n".join(parts)).strip()


def _forbidden(case: Case, said: str) -> tuple[str, ...]:
    return tuple(text for text in case.must_not_include if metrics.contains(said, text))


def _text_scores(case: Case, said: str) -> dict[str, float]:
    scores: dict[str, float] = {}
    if case.answers:
        scores["exact"] = float(metrics.exact(said, case.answers))
        scores["f1"] = metrics.token_f1(said, case.answers)
        scores["contains"] = float(any(metrics.contains(said, answer) for answer in case.answers))
    if case.numeric:
        scores["numeric"] = float(metrics.has_figure(said, case.numeric))
    if case.must_include:
        scores["must_include"] = float(all(metrics.contains(said, text) for text in case.must_include))
    if case.must_not_include:
        scores["must_not_include"] = float(not _forbidden(case, said))
    return scores


def _form_scores(answer: Answer, catalog: Catalog) -> dict[str, float]:
    """The share of quotes that are at their place in the stored text, and of sentences that are verified."""
    scores = {"verified": sum(s.support == "verified" for s in answer.sentences) / max(1, len(answer.sentences))}
    if answer.citations:
        there = [catalog.slice(c.document, c.start, c.end) == c.quote for c in answer.citations]
        scores["citation_verbatim"] = sum(there) / len(there)
    return scores
