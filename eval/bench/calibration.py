"""Do the rates that `assistant calibrate` stores hold on questions that it did not see?

    python eval/bench/calibration.py DATA
    python eval/bench/calibration.py DATA --goal "max false answers" --share 0.2

DATA holds `clapnq/` as published. Every passage is a document; the questions of every other passage are written as a
question set and calibrated on, as a person would do it. `stored` has the rates that the calibration says it has,
`seen` the same counted on the other half.

Then the same over random halves, by passage: `met` is the mean of the share that the goal promises, on the half
that was not seen; `held` the share of halves where the unseen rate could be the stored one, by a test of two rates at
95% (Fisher's exact one), for false answers and false refusals.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from refusal import clapnq_questions, write_documents
from scipy.stats import fisher_exact

from assistant.answer.calibration import Rate
from assistant.answer.confidence import probability, shipped_model
from assistant.chain import AnswerChain
from assistant.compose import Workshop
from assistant.evaluation.calibrate import ask_all, calibrate
from assistant.evaluation.sets import Case
from assistant.evaluation.statistics import rate
from assistant.evaluation.thresholds import Asked, Fit, Goal, fit
from assistant.settings import load_settings

HALVES = 300
SEED = 7


def main() -> None:
    """Run the benchmark and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder that holds clapnq/")
    parser.add_argument("--goal", choices=["keep", "max false answers"], default="keep")
    parser.add_argument("--share", type=float, default=0.9)
    arguments = parser.parse_args()
    goal = Goal(arguments.goal, arguments.share)
    files, questions = clapnq_questions(arguments.data / "clapnq")
    every = [
        Case(id=f"q{number}", question=question, answerable=answerable, cluster=f"passage {place}")
        for number, (question, answerable, place) in enumerate(questions)
    ]
    with tempfile.TemporaryDirectory() as work:
        write_documents(files, Path(work, "documents"))
        workshop = Workshop(load_settings(folder=Path(work, "documents"), index=Path(work, "index")))
        workshop.build(rebuild=True, progress=quiet)
        cases = list(readable(every, workshop.chain()))
        fitted = [int(str(case.cluster).split()[1]) % 2 == 0 for case in cases]
        half = Path(work, "half.jsonl")
        lines = [
            case.model_dump_json(exclude_defaults=True) for case, used in zip(cases, fitted, strict=True) if used
        ]
        half.write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = calibrate([half], set(), goal, False, workshop, quiet)
        chain = workshop.chain()
        other = [case for case, used in zip(cases, fitted, strict=True) if not used]
        unseen = ask_all(other, chain, shipped_model(), quiet)
        out = {
            "questions": {
                "fitted on": len(done.asked.logits),
                "not seen": len(other),
                "not read": len(every) - len(cases),
            },
            "goal": str(goal),
            "threshold": {"stored": done.stored.threshold, "used by the chain": chain.refusal.threshold},
            "rescaled": done.fit.scale.changes,
            "stored": {"false_answers": done.stored.false_answers, "false_refusals": done.stored.false_refusals},
            "seen": on(done.fit, unseen),
            "random halves": random_halves(together(done.asked, unseen), goal),
        }
        chain.index.close()
    json.dump(out, sys.stdout, indent=2, default=asdict)
    print()


def readable(cases: Sequence[Case], chain: AnswerChain) -> Iterator[Case]:
    """The cases in languages that the models read: a title in another one may be most of a question."""
    yield from (case for case in cases if not (chain.words and chain.words.unread(case.question)))
    chain.index.close()


def random_halves(asked: Asked, goal: Goal) -> dict[str, Any]:
    """Calibrate on one random half of the passages and look at the other, again and again."""
    rng = np.random.default_rng(SEED)
    names = np.array(asked.clusters)
    places = np.unique(names)
    met, held, rescaled = [], {"false_answers": 0, "false_refusals": 0}, 0
    for _ in range(HALVES):
        used = np.isin(names, rng.permutation(places)[: len(places) // 2])
        found = fit(part(asked, used), goal, shipped_model().threshold)
        rescaled += found.scale.changes
        unseen = on(found, part(asked, ~used))
        met.append(1 - unseen["false_refusals"].value if goal.what == "keep" else unseen["false_answers"].value)
        held["false_answers"] += alike(found.chosen.false_answers, unseen["false_answers"])
        held["false_refusals"] += alike(found.chosen.false_refusals, unseen["false_refusals"])
    return {
        "halves": HALVES,
        "met": round(float(np.mean(met)), 4),
        "held": {name: round(count / HALVES, 4) for name, count in held.items()},
        "rescaled": round(rescaled / HALVES, 4),
    }


def together(one: Asked, other: Asked) -> Asked:
    """The questions of both."""
    logits, answerable = (np.concatenate([getattr(a, n) for a in (one, other)]) for n in ("logits", "answerable"))
    return Asked(logits, answerable, [*one.clusters, *other.clusters])


def part(asked: Asked, used: NDArray[np.bool_]) -> Asked:
    """Some of the questions."""
    names = [name for name, yes in zip(asked.clusters, used, strict=True) if yes]
    return Asked(asked.logits[used], asked.answerable[used], names)


def on(found: Fit, asked: Asked) -> dict[str, Rate]:
    """What comes of a fitted threshold on other questions."""
    confidence = np.array([probability(found.scale.of(logit)) for logit in asked.logits])
    yes, no = confidence[asked.answerable], confidence[~asked.answerable]
    return {
        "false_answers": rate(int((no >= found.chosen.threshold).sum()), len(no)),
        "false_refusals": rate(int((yes < found.chosen.threshold).sum()), len(yes)),
    }


def alike(one: Rate, other: Rate) -> bool:
    """Whether two rates could be the same."""
    table = [[r.count, r.of - r.count] for r in (one, other)]
    return float(fisher_exact(table).pvalue) >= 0.05


def quiet(*_: Sequence[Any] | int | str) -> None:
    """Show no progress."""


if __name__ == "__main__":
    main()
