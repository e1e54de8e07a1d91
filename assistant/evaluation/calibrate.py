"""From question sets to a stored calibration."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from assistant.answer.calibration import AskedSet, Calibration, MadeWith, check_writable, write_calibration
from assistant.answer.confidence import RefusalModel, shipped_model
from assistant.answer.query import searched_for
from assistant.chain import AnswerChain
from assistant.compose import Workshop
from assistant.errors import InputError
from assistant.evaluation.sets import Case, read_set
from assistant.evaluation.thresholds import FEWEST, Asked, Fit, Goal, fit
from assistant.hashing import sha256_of
from assistant.ingest.language import NAMES
from assistant.laps import Laps


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What was asked, fitted and stored, and how many questions were left out."""

    asked: Asked
    fit: Fit
    stored: Calibration
    left_out: int
    set_to: float | None  # the threshold of the settings, which wins over what is stored


def calibrate(
    sets: Sequence[Path],
    without: Set[str],
    goal: Goal,
    force: bool,
    workshop: Workshop,
    progress: Callable[[int, int], None],
) -> Calibrated:
    """Ask the sets' questions, fit a threshold to the evidence, and store it beside the index.

    Cases to be skipped, and those with a tag of `without`, are left out. Until all is done, nothing is stored.

    Raises:
        InputError: a set cannot be used, has too few questions, or the index's folder cannot be written.
        IndexMissing, IndexMismatch, ModelError: there is nothing to ask.
    """
    every = [case for path in sets for case in read_set(path)]
    files = [AskedSet(path.name, sha256_of(path)) for path in sets]
    cases = [case for case in every if not case.skip and without.isdisjoint(case.tags)]
    check_enough(cases, goal, force)
    chain, shipped = workshop.chain(), shipped_model()
    try:
        check_writable(workshop.settings.index)
        asked = ask_all(cases, chain, shipped, progress)
        found = fit(asked, goal, shipped.threshold)
        stored = record(found, files, workshop.made_with(chain.index.manifest.recipe))
        write_calibration(workshop.settings.index, stored)
    finally:
        chain.index.close()
    return Calibrated(asked, found, stored, len(every) - len(cases), workshop.settings.refusal_threshold)


def record(found: Fit, files: Sequence[AskedSet], made_with: MadeWith) -> Calibration:
    """A fit as it is stored, dated now."""
    return Calibration(
        threshold=found.chosen.threshold,
        intercept=found.scale.intercept,
        slope=found.scale.slope,
        goal=str(found.goal),
        false_answers=found.chosen.false_answers,
        false_refusals=found.chosen.false_refusals,
        auroc=found.auroc,
        sets=tuple(files),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        made_with=made_with,
    )


def check_enough(cases: Sequence[Case], goal: Goal, force: bool) -> None:
    """Find out before the work whether there are questions enough.

    Raises:
        InputError: there are none of one kind, or too few for the goal and not `force`.
    """
    answerable = sum(case.answerable for case in cases)
    has = {"answerable": answerable, "unanswerable": len(cases) - answerable}
    decides = "answerable" if goal.what == "keep" else "unanswerable"
    needed = {kind: max(FEWEST, goal.needed if kind == decides else 0) for kind in has}
    told = ", ".join(f"{has[kind]} {kind} (needed: {needed[kind]})" for kind in has)
    if not all(has.values()):
        raise InputError(f"a threshold needs questions of both kinds, and these are {told}; add some")
    if not force and any(has[kind] < needed[kind] for kind in has):
        raise InputError(f"too few questions to tell for {goal}: {told}; add some, or store it anyway with --force")


def ask_all(
    cases: Sequence[Case], chain: AnswerChain, shipped: RefusalModel, progress: Callable[[int, int], None]
) -> Asked:
    """Look up the evidence for every case, put as on every turn; no answer is written.

    Raises:
        InputError: a case is in a language that the models do not read, where other signals decide.
    """
    queries = [_query(case, chain) for case in cases]
    for case, query in zip(cases, queries, strict=True):  # all before the first one's minutes of work
        if chain.words and (language := chain.words.unread(query)):
            raise InputError(f"case {case.id!r} is in {NAMES[language]}, which the models do not read; leave it out")
    logits = []
    for done, query in enumerate(queries, start=1):
        logits.append(shipped.logit(chain.evidence(query, Laps(), chain.index).signals))
        progress(done, len(cases))
    clusters = [case.cluster or f"case {number}" for number, case in enumerate(cases)]
    return Asked(np.array(logits), np.array([case.answerable for case in cases]), clusters)


def _query(case: Case, chain: AnswerChain) -> str:
    events = searched_for(case.asked(), chain.chat, chain.index.catalog, chain.words)
    while True:
        try:
            next(events)
        except StopIteration as end:
            return str(end.value)
