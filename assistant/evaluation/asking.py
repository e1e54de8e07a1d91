"""Asking one case: from the cache or the chain, and judged as soon as it is answered."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import assistant
from assistant.chain import AnswerChain
from assistant.evaluation.cache import Cache, CacheUseless, Kept, KeptScores, key_of
from assistant.evaluation.diagnosis import diagnose, repeat
from assistant.evaluation.gold import Evidence, holds, resolve, span_of
from assistant.evaluation.judge import Judged, judge, worst
from assistant.evaluation.results import MOST_PASSAGES, Found, Gold, Lost, Result
from assistant.evaluation.sets import Case, asked_hash, expects_hash
from assistant.events import DoneEvent
from assistant.hashing import sha256_of
from assistant.models.chat import LangChainChat
from assistant.render import to_json
from assistant.store.catalog import Catalog
from assistant.types import Answer, RankedPassage

ANSWERED_BY = ("corpus", "index", "settings", "models")  # of what a run is made of, what an answer depends on
NOT_ANSWERING = ("evaluation", "serve")  # rooms without which an answer is the same


def _silent(result: Result) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Asking:
    """How cases are asked: how often each, what is kept of it where, and who hears of those that are lost."""

    repeat: int = 1
    cache: Cache | None = None
    lost: Callable[[Result], None] = _silent


AS_IT_COMES = Asking()


class Asker:
    """Asks cases of one chain."""

    def __init__(
        self,
        chain: AnswerChain,
        index: Path,
        how: Asking = AS_IT_COMES,
        made_of: dict[str, Any] | None = None,
        chat: LangChainChat | None = None,
        server: str | None = None,
    ) -> None:
        """Make ready to ask.

        Args:
            chain: what is asked; with a cache, its reranker is replaced by one that looks there first.
            index: where its index lies, for the commands that are told.
            how: how often, and from which cache.
            made_of: what the run is made of; with a cache alone.
            chat: the chain's chat model, whose tokens are counted.
            server: of the chat model.
        """
        self._chain = chain
        self._index = index
        self._how = how
        self._chat = chat
        self._scores: KeptScores | None = None
        if how.cache:
            self._scores = chain.reranker = KeptScores(chain.reranker, how.cache)
            by = {name: part for name, part in (made_of or {}).items() if name in ANSWERED_BY}
            self._by = [by, server, code_digest(without=NOT_ANSWERING)]

    def ask(self, case: Case, path: Path) -> Result:
        """A case asked and judged; whatever goes wrong with it is its result."""
        command = repeat(case, path, self._index)
        try:
            return self._asked(case, path, command)
        except CacheUseless:
            raise
        except Exception as error:  # a defect that one question meets must not cost the others
            told = f"{type(error).__name__}: {error}".splitlines()[0][:300]
            lost = Lost("error", "an answer" if case.answerable else "a refusal", told, command)
            return _result(case, path, error=told, passed=False, lost=lost, scores=worst(case))

    def _asked(self, case: Case, path: Path, command: str) -> Result:
        cache, found = self._how.cache, self._scores.found if self._scores else 0
        key = key_of(self._by, asked_hash(case.asked())) if cache else b""
        kept = cache.answer(key) if cache else None
        asked = kept or self._anew(case)
        if cache and kept is None and (self._chat is None or asked.answer.note is None):
            cache.keep(key, asked)  # not what says that the chat model did not answer
        result = judged(case, path, self._chain, asked, command)
        if self._how.repeat > 1:
            others = [self._anew(case).answer for _ in range(1, self._how.repeat)]
            same = sum(_steady(other) == _steady(asked.answer) for other in others) / len(others)
            result = replace(result, scores={**result.scores, "same": same})
        if kept:
            return replace(result, kept="answer")
        return replace(result, kept="scores") if self._scores and self._scores.found > found else result

    def _anew(self, case: Case) -> Kept:
        before = self._chat.tokens if self._chat else (0, 0)
        [done] = [event for event in self._chain.events(case.asked()) if isinstance(event, DoneEvent)]
        after = self._chat.tokens if self._chat else (0, 0)
        tokens = (after[0] - before[0], after[1] - before[1])
        ranked = [(found.passage.id, found.score, found.dense, found.lexical) for found in done.ranked]
        return Kept(done.answer, tuple(ranked), tokens if any(tokens) else None)


def judged(case: Case, path: Path, chain: AnswerChain, asked: Kept, command: str) -> Result:
    """An answer as the result of its case."""
    answer, catalog = asked.answer, chain.index.catalog
    ranked = [RankedPassage(catalog.passage(at), score, near, words) for at, score, near, words in asked.ranked]
    evidence = resolve(case, catalog)
    held = judge(case, evidence, answer, ranked, catalog)
    by_words = chain.words is not None and chain.words.unread(answer.query) is not None
    threshold = None if by_words else chain.refusal.threshold
    result = _result(
        case,
        path,
        passed=held.passed,
        lost=None if held.passed else diagnose(case, evidence, held, answer, ranked, threshold, command),
        scores=held.scores,
        answer=_steady(answer) | {"timings_ms": answer.timings_ms},
    )
    places = [(r.passage.document, r.passage.start, r.passage.end, round(r.score, 4)) for r in ranked]
    return replace(
        result,
        found=tuple(Found(*place) for place in places),
        threshold=threshold,
        gold=tuple(_gold(item, catalog) for item in evidence),
        rank=_rank(held),
        tokens=asked.tokens,
    )


def code_digest(without: Sequence[str] = ()) -> str:
    """A hash of the package's own files, but for those of some rooms."""
    package = Path(assistant.__file__).parent
    files = sorted(p for p in package.rglob("*") if p.suffix in (".py", ".json", ".md"))
    told = [(p.relative_to(package), sha256_of(p)) for p in files]
    lines = [f"{path.as_posix()}\0{sha256}" for path, sha256 in told if path.parts[0] not in without]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _steady(answer: Answer) -> dict[str, Any]:
    """An answer as every program sees it, but for what is another each time: its id and its times."""
    told = asdict(answer)
    return dict(json.loads(to_json({n: part for n, part in told.items() if n not in ("id", "timings_ms")})))


def _gold(evidence: Evidence, catalog: Catalog) -> Gold:
    if not evidence.spans:
        return Gold(evidence.source.file, None, ())
    first = evidence.spans[0]
    passages = [span_of(passage) for passage in catalog.passages_at(first.document, first.start, first.end)]
    holding = [(place.start, place.end) for place in passages if holds(first, place)]
    return Gold(evidence.source.file, (first.start, first.end), tuple(holding[:MOST_PASSAGES]))


def _rank(held: Judged) -> int | None:
    return next((rank for rank, sources in enumerate(held.passages, start=1) if sources), None)


def _result(
    case: Case,
    path: Path,
    passed: bool,
    lost: Lost | None,
    scores: dict[str, float],
    error: str | None = None,
    answer: dict[str, Any] | None = None,
) -> Result:
    asked = (path.name, case.id, case.question, case.answerable, case.tags, case.cluster)
    hashes = asked_hash(case.asked()), expects_hash(case)
    return Result(*asked, error, passed, lost, scores, answer, (), *hashes)
