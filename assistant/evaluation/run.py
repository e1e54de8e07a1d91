"""Asking the cases of question sets, one after the other, and judging each as soon as it is answered."""

import hashlib
import json
from collections.abc import Callable, Sequence, Set
from dataclasses import asdict
from pathlib import Path
from typing import Any

import assistant
from assistant.chain import AnswerChain
from assistant.compose import Workshop
from assistant.errors import InputError
from assistant.evaluation.diagnosis import diagnose, repeat
from assistant.evaluation.gold import resolve
from assistant.evaluation.judge import judge, worst
from assistant.evaluation.results import Found, Lost, Result
from assistant.evaluation.rundir import RunFolder
from assistant.evaluation.sets import Case, read_set
from assistant.events import DoneEvent
from assistant.hashing import sha256_of
from assistant.render import to_json
from assistant.types import Answer, RankedPassage

ANSWERING = (  # the settings on which answers depend, beside the index and the models
    "candidates", "max_sentences", "strict", "paraphrases", "chat_model",
)  # fmt: skip

Cases = list[tuple[Path, Case]]


def read_cases(sets: Sequence[Path], only: Set[str]) -> Cases:
    """The cases of sets with their files, but for those to be skipped; those of these ids, if any are given.

    Raises:
        InputError: a set cannot be used, an id is in no set or in two files of one name, or nothing is left to ask.
    """
    every = [(path, case) for path in sets for case in read_set(path)]
    names = [(path.name, case.id) for path, case in every]
    if len(set(names)) < len(names):
        name, identity = next(name for name in names if names.count(name) > 1)
        raise InputError(f"case {identity!r} of {name} comes twice; give each set once, and sets names of their own")
    unknown = sorted(only - {case.id for _, case in every})
    if unknown:
        raise InputError(f"no set has a case {unknown[0]!r}")
    cases = [(path, case) for path, case in every if case.id in only or not (only or case.skip)]
    if not cases:
        raise InputError("every question of these sets is to be skipped; there is nothing to ask")
    return cases


def run_cases(cases: Cases, workshop: Workshop, output: Path, progress: Callable[[int, int], None]) -> RunFolder:
    """Ask cases into a folder, from where a run of the same was cut short.

    Raises:
        InputError: the folder holds another run, or cannot be written.
        IndexMissing, IndexMismatch, ModelError: there is nothing to ask.
        OSError: a result cannot be written.
    """
    chain = workshop.chain()
    try:
        with RunFolder(output, made_of(cases, workshop, chain)) as run:
            asked = [(r.set, r.id) for r in run.results]
            if asked != [(path.name, case.id) for path, case in cases[: len(asked)]]:
                raise InputError(f"{output} has the results of other cases; give another --output, or delete it")
            for number, (path, case) in enumerate(cases[len(asked) :], start=len(asked) + 1):
                run.add(ask(case, path, chain, workshop.settings.index))
                progress(number, len(cases))
            run.end()
        return run
    finally:
        chain.index.close()


def ask(case: Case, path: Path, chain: AnswerChain, index: Path) -> Result:
    """A case asked and judged; whatever goes wrong with it is its result."""
    command = repeat(case, path, index)
    try:
        [done] = [event for event in chain.events(case.asked()) if isinstance(event, DoneEvent)]
        return _judged(case, path, chain, done.answer, done.ranked, command)
    except Exception as error:  # a defect that one question meets must not cost the others
        told = f"{type(error).__name__}: {error}".splitlines()[0][:300]
        lost = Lost("error", "an answer" if case.answerable else "a refusal", told, command)
        return _result(case, path, error=told, passed=False, lost=lost, scores=worst(case))


def _judged(
    case: Case, path: Path, chain: AnswerChain, answer: Answer, ranked: Sequence[RankedPassage], command: str
) -> Result:
    evidence = resolve(case, chain.index.catalog)
    judged = judge(case, evidence, answer, ranked, chain.index.catalog)
    by_words = chain.words is not None and chain.words.unread(answer.query) is not None
    threshold = None if by_words else chain.refusal.threshold
    lost = None if judged.passed else diagnose(case, evidence, judged, answer, ranked, threshold, command)
    told = json.loads(to_json({name: value for name, value in asdict(answer).items() if name != "id"}))
    places = [(r.passage.document, r.passage.start, r.passage.end, round(r.score, 4)) for r in ranked]
    found = tuple(Found(*place) for place in places)
    return _result(case, path, passed=judged.passed, lost=lost, scores=judged.scores, answer=told, found=found)


def _result(
    case: Case,
    path: Path,
    passed: bool,
    lost: Lost | None,
    scores: dict[str, float],
    error: str | None = None,
    answer: dict[str, Any] | None = None,
    found: tuple[Found, ...] = (),
) -> Result:
    asked = (path.name, case.id, case.question, case.answerable, case.tags, case.cluster)
    return Result(*asked, error, passed, lost, scores, answer, found)


def made_of(cases: Cases, workshop: Workshop, chain: AnswerChain) -> dict[str, Any]:
    """All that a run's answers depend on, by name and hash; equal where a run may be resumed."""
    manifest, settings = chain.index.manifest, workshop.settings
    chat = chain.chat.name if chain.chat else None
    return {
        "version": assistant.__version__,
        "code": code_digest(),
        "sets": [{"name": path.name, "sha256": sha256_of(path)} for path in dict.fromkeys(path for path, _ in cases)],
        "cases": _digest(f"{path.name}\0{case.id}" for path, case in cases),
        "corpus": _digest(f"{path}\0{sha256}" for path, sha256 in chain.index.catalog.hashes().items()),
        "index": {"generation": manifest.generation, **asdict(manifest.recipe)},
        "settings": {
            **settings.model_dump(mode="json", include=set(ANSWERING)),
            "languages": sorted(workshop.languages),
            "refusal_threshold": chain.refusal.threshold,
        },
        "models": {
            **asdict(workshop.made_with(manifest.recipe)),
            "coefficients": chain.refusal.digest,  # a calibration's scale included
            "chat": chat,
        },
    }


def code_digest() -> str:
    """A hash of the package's own files."""
    package = Path(assistant.__file__).parent
    files = sorted(p for p in package.rglob("*") if p.suffix in (".py", ".json", ".md"))
    return _digest(f"{p.relative_to(package).as_posix()}\0{sha256_of(p)}" for p in files)


def _digest(lines: Any) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
