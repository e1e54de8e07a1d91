"""Why a case turned: what differs between two runs, and what of the case depends on it.

That an answer depends on something is read from what both runs recorded: the document that holds the expected quote
or is cited, the passage that holds the quote and its rank, the confidence beside the threshold. No run is made again
without the difference, so that a cause is what differs and bears on the case, not a proof. A difference on which
nothing that is recorded depends explains nothing, however likely it is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.evaluation.results import Found, Gold, Result

ALIKE = 1e-4  # confidences are rounded to four digits

Rule = Callable[[Result, Result], str | None]  # what of a case depends on a difference, None where nothing does


@dataclass(frozen=True, slots=True)
class Why:
    """Something that differs, and what of a case depends on it."""

    cause: str
    because: str


@dataclass(frozen=True, slots=True)
class Made:
    """What a run was made of, and its documents by path and hash, where it tells them."""

    of: dict[str, Any]
    documents: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Differences:
    """What two runs differ in, each with its rule, and whether their code does."""

    rules: tuple[tuple[str, Rule], ...]
    code: bool


def differences(before: Made, now: Made) -> Differences:
    """What two runs differ in."""
    rules: list[tuple[str, Rule]] = []
    if before.documents is not None and now.documents is not None:
        rules += _documents(before.documents, now.documents)
    rules += _cutting(before.of, now.of)
    rules += _settings(_part(before.of, "settings"), _part(now.of, "settings"))
    rules += _models(before.of, now.of)
    return Differences(tuple(rules), before.of.get("code") != now.of.get("code"))


def reasons(differing: Differences, old: Result, now: Result) -> tuple[Why, ...]:
    """What of a case depends on what differs; empty where nothing that is recorded does."""
    if old.expects and now.expects and old.expects != now.expects:
        return (Why("the case expects something else", "the question set was edited"),)
    told = ((cause, rule(old, now)) for cause, rule in differing.rules)
    found = tuple(Why(cause, because) for cause, because in told if because)
    same = old.expects and _said(old) == _said(now) and old.gold == now.gold
    if not found and same and differing.code:
        return (Why("the code differs", "the answer and what is expected are the same, and judged otherwise"),)
    return found


def _documents(before: dict[str, str], now: dict[str, str]) -> Iterator[tuple[str, Rule]]:
    gone = {path: sha256 for path, sha256 in before.items() if path not in now}
    came = {sha256: path for path, sha256 in now.items() if path not in before}
    for path, sha256 in before.items():
        if path in gone:
            where = f"is now {came[sha256]}" if sha256 in came else "is not indexed any more"
            yield f"{path} {where}", _rests_on(path)
        elif now[path] != sha256:
            yield f"{path} has changed", _rests_on(path)
    for sha256, path in came.items():
        if sha256 not in gone.values():
            yield f"{path} is new", _brought(path)


def _rests_on(path: str) -> Rule:
    """By the quotes that are expected of a document that is gone or changed, or that it is cited."""

    def rule(old: Result, now: Result) -> str | None:
        golds = [pair for pair in zip(old.gold, now.gold, strict=False) if pair[0].file == path]
        if any(then.place and not here.place for then, here in golds):
            return "the expected quote stood in it, and is not found now"
        if any(here.place and not then.place for then, here in golds):
            return "the expected quote is found in it now, and was not"
        if any(then.place for then, _ in golds):
            return "the expected quote stands in it"
        if path in _cited(old):
            return "the answer cited it"
        return "the answer cites it now" if path in _cited(now) else None

    return rule


def _brought(path: str) -> Rule:
    def rule(old: Result, now: Result) -> str | None:
        if any(path == here.file and here.place for here in now.gold):
            return "the expected quote is found in it now, and was not"
        if not all(here.place for here in now.gold):
            return None  # it is read for want of the quote
        if path in _cited(now):
            return "the answer cites it now"
        read = [found.document for found in now.found[: now.rank]]
        if path in read and old.rank and (now.rank is None or now.rank > old.rank):
            return f"it was read before the passage with the quote ({_ranks(old, now)})"
        return None

    return rule


def _cutting(before: dict[str, Any], now: dict[str, Any]) -> Iterator[tuple[str, Rule]]:
    then, here = _part(before, "index"), _part(now, "index")
    names = [name for name in ("target_tokens", "max_tokens", "schema") if then.get(name) != here.get(name)]
    if names:
        differing = "; ".join(f"{name} was {then.get(name)}, and is {here.get(name)}" for name in names)
        yield f"passages are cut otherwise ({differing})", _cut


def _cut(old: Result, now: Result) -> str | None:
    """By the passages that hold the quote, or the ones read first, where these overlap and are not the same."""
    for then, here in zip(old.gold, now.gold, strict=False):
        if then.place == here.place and then.passages and here.passages and then.passages != here.passages:
            return f"the passage with the quote was {_span(then)}, and is {_span(here)} ({_ranks(old, now)})"
    for first in now.found[:1]:
        for other in old.found:
            if _overlap(other, first) and _place(other) != _place(first):
                return (
                    f"{first.document} {first.start}–{first.end}, read first, was read as {other.start}–{other.end}"
                )
    return None


def _settings(before: dict[str, Any], now: dict[str, Any]) -> Iterator[tuple[str, Rule]]:
    rules: dict[str, Rule] = {
        "refusal_threshold": _crossed,
        "candidates": _read_otherwise,
        "max_sentences": _longer,
        "languages": _words_alone,
        "strict": _written,
        "paraphrases": _written,
        "chat_model": _written,
    }
    for name, rule in rules.items():
        then, here = before.get(name), now.get(name)
        if then != here:
            yield f"{name} was {_value(then)}, and is {_value(here)}", rule


def _models(before: dict[str, Any], now: dict[str, Any]) -> Iterator[tuple[str, Rule]]:
    then, here = _part(before, "models"), _part(now, "models")
    for name in ("embedder", "reranker"):
        if then.get(f"{name}_digest") != here.get(f"{name}_digest"):
            other = f"was {then.get(name)}, and is {here.get(name)}"
            yield f"{name} {other if then.get(name) != here.get(name) else 'has other weights'}", _read_otherwise
    if then.get("coefficients") != here.get("coefficients"):
        yield "the confidence is weighed otherwise (coefficients or calibration)", _surer


def _crossed(old: Result, now: Result) -> str | None:
    """Whether the confidence of now lies between the two thresholds, and it turned from or to a refusal."""
    if None in (old.threshold, now.threshold, old.confidence, now.confidence) or old.answered == now.answered:
        return None
    low, high = sorted((old.threshold or 0.0, now.threshold or 0.0))
    then, here = old.confidence or 0.0, now.confidence or 0.0
    if not low - ALIKE <= here <= high + ALIKE:
        return None
    both = f"{here:.4f} then and now" if abs(then - here) <= ALIKE else f"{here:.4f} now, {then:.4f} then"
    return f"the confidence, {both}, lies between the thresholds {low:.4f} and {high:.4f}"


def _surer(old: Result, now: Result) -> str | None:
    """Whether the confidence is another one, and it turned from or to a refusal."""
    if old.confidence is None or now.confidence is None or old.answered == now.answered:
        return None
    if abs(old.confidence - now.confidence) <= ALIKE:
        return None
    return f"the confidence was {old.confidence:.4f}, and is {now.confidence:.4f}"


def _read_otherwise(old: Result, now: Result) -> str | None:
    """What a search or a model does: the rank of the quote, the confidence, which passage or sentence comes first."""
    if old.rank != now.rank and (old.gold or now.gold):
        return f"the passage with the quote came {_ranks(old, now)}"
    if surer := _surer(old, now):
        return surer
    if old.found[:1] and now.found[:1] and _place(old.found[0]) != _place(now.found[0]):
        return f"another passage is read first ({now.found[0].document}, then {old.found[0].document})"
    if old.answered and now.answered and _cited_places(old) != _cited_places(now):
        return "other sentences are cited"
    return None


def _longer(old: Result, now: Result) -> str | None:
    then, here = (len(r.answer["sentences"]) if r.answer and r.answered else 0 for r in (old, now))
    return f"the answer had {then} sentences, and has {here}" if then and here and then != here else None


def _words_alone(old: Result, now: Result) -> str | None:
    if old.answer is None or now.answer is None or (old.threshold is None) == (now.threshold is None):
        return None
    return "it is searched by words alone now" if now.threshold is None else "it was searched by words alone then"


def _written(old: Result, now: Result) -> str | None:
    modes = [result.answer["mode"] if result.answer else None for result in (old, now)]
    return "a chat model wrote the answer then or now" if "generative" in modes else None


def _ranks(old: Result, now: Result) -> str:
    told = [f"{r.rank} of {len(r.found)}" if r.rank else f"not among {len(r.found)}" for r in (old, now)]
    return f"{told[0]} then, {told[1]} now"


def _said(result: Result) -> object:
    if result.answer is None:
        return None
    return {name: part for name, part in result.answer.items() if name not in ("timings_ms", "index", "models")}


def _cited(result: Result) -> set[str]:
    citations: Sequence[dict[str, Any]] = result.answer["citations"] if result.answer else ()
    return {path for cited in citations for path in (cited["document"], *cited["also"])}


def _cited_places(result: Result) -> list[object]:
    citations: Sequence[dict[str, Any]] = result.answer["citations"] if result.answer else ()
    return [(cited["document"], cited["start"], cited["end"]) for cited in citations]


def _place(found: Found) -> object:
    return found.document, found.start, found.end


def _overlap(one: Found, other: Found) -> bool:
    return one.document == other.document and one.start < other.end and other.start < one.end


def _span(gold: Gold) -> str:
    return " and ".join(f"{start}–{end}" for start, end in gold.passages[:2])


def _value(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else ", ".join(value) if isinstance(value, list) else str(value)


def _part(made_of: dict[str, Any], name: str) -> dict[str, Any]:
    part = made_of.get(name)
    return part if isinstance(part, dict) else {}
