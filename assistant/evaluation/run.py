"""Runs: the cases of question sets, asked one after the other into a folder."""

import hashlib
from collections.abc import Callable, Sequence, Set
from dataclasses import asdict
from pathlib import Path
from typing import Any

import assistant
from assistant.chain import AnswerChain
from assistant.compose import Workshop
from assistant.errors import InputError
from assistant.evaluation.asking import AS_IT_COMES, Asker, Asking, code_digest
from assistant.evaluation.results import Result
from assistant.evaluation.rundir import RunFolder
from assistant.evaluation.sets import Case, read_set
from assistant.hashing import sha256_of

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


def run_cases(
    cases: Cases, workshop: Workshop, output: Path, progress: Callable[[int, int], None], how: Asking = AS_IT_COMES
) -> RunFolder:
    """Ask cases into a folder, from where a run of the same was cut short.

    Raises:
        InputError: the folder holds another run, or it or the cache cannot be written.
        IndexMissing, IndexMismatch, ModelError: there is nothing to ask.
        OSError: a result cannot be written.
    """
    chain = workshop.chain()
    try:
        made = made_of(cases, workshop, chain, how.repeat)
        with RunFolder(output, made) as run:
            asked = [(r.set, r.id) for r in run.results]
            if asked != [(path.name, case.id) for path, case in cases[: len(asked)]]:
                raise InputError(f"{output} has the results of other cases; give another --output, or delete it")
            run.write_documents(chain.index.catalog.hashes())
            asker = Asker(chain, workshop.settings.index, how, made, workshop.chat, workshop.settings.chat_base_url)
            for number, (path, case) in enumerate(cases[len(asked) :], start=len(asked) + 1):
                result = asker.ask(case, path)
                run.add(result)
                progress(number, len(cases))
                if not result.passed:
                    how.lost(result)
            run.end()
        return run
    finally:
        chain.index.close()


def ask(case: Case, path: Path, chain: AnswerChain, index: Path) -> Result:
    """A case asked of a chain and judged; whatever goes wrong with it is its result."""
    return Asker(chain, index).ask(case, path)


def made_of(cases: Cases, workshop: Workshop, chain: AnswerChain, repeat: int = 1) -> dict[str, Any]:
    """All that a run's answers depend on, by name and hash; equal where a run may be resumed."""
    manifest, settings = chain.index.manifest, workshop.settings
    chat = chain.chat.name if chain.chat else None
    return {
        "version": assistant.__version__,
        "code": code_digest(),
        "repeat": repeat,
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


def _digest(lines: Any) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
