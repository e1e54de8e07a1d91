"""Is it refused when the documents do not say, and answered when they do? And the fit of the shipped model.

    python eval/bench/refusal.py DATA                 # the shipped model, and others by cross-validation
    python eval/bench/refusal.py DATA --fit refusal.json

DATA holds `clapnq/` and `xquad/` as published. Every CLAPNQ passage is a document, so a question without an answer
has its related passage in the index; of XQuAD, the articles with an even number are. The third set are the sample
dossier's own questions. The fit uses one half of each set, by the text that a question belongs to; the other half is
the test part, on which the figures of the shipped model are given.

`refused_at_90` is the share of unanswerable questions refused by the threshold that keeps 90% of the answerable
ones of the same part; `refused` and `answered` are those at the shipped threshold.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.model_selection import GroupKFold

from assistant.answer.confidence import RefusalModel, Signals, shipped_model
from assistant.compose import Workshop
from assistant.evaluation.sets import read_set
from assistant.evaluation.statistics import auroc
from assistant.laps import Laps
from assistant.settings import load_settings

RIDGE = 0.01  # strength of the penalty: strong, for few data and correlated signals
FOLDS = 10
KEPT = 0.9  # share of answerable questions that are to be kept where a threshold is compared
KEEP = {"clapnq": 0.95, "xquad": 0.98, "dossier": 0.95}  # and that the shipped threshold keeps of each set at least
SHARES = {"clapnq": 0.6, "xquad": 0.3, "dossier": 0.1}  # of the weight in the fit: more to what is hard and large
NAMES = [field.name for field in fields(Signals)]
AGAINST = {"reading_lacking", "runners_up"}
EITHER = {"terms", "contrast", "open_question"}
# Set by hand: none of the sets asks about a name put in the place of another, and people do.
FIXED = {"unfounded": -4.0}
BOUNDS = [
    (0.0, 0.0) if n in FIXED else (None, 0.0) if n in AGAINST else (None, None) if n in EITHER else (0.0, None)
    for n in NAMES
]
Rows = NDArray[np.float64]


class Part:
    """Signals of the questions of a set, whether they can be answered, and the text each belongs to."""

    def __init__(self, signals: list[Signals], answerable: list[bool], group: list[int]) -> None:
        self.signals = signals
        self.rows: Rows = np.array([[asdict(s)[name] for name in NAMES] for s in signals])
        self.answerable = np.array(answerable)
        self.group = np.array(group)

    def where(self, wanted: NDArray[np.bool_]) -> "Part":
        """The questions for which `wanted` is true."""
        chosen = np.flatnonzero(wanted)
        return Part([self.signals[i] for i in chosen], list(self.answerable[chosen]), list(self.group[chosen]))


def main() -> None:
    """Run the benchmark and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder that holds clapnq/ and xquad/")
    parser.add_argument("--fit", type=Path, help="fit the model and write it here")
    arguments = parser.parse_args()
    parts = {"clapnq": clapnq(arguments.data / "clapnq"), "xquad": xquad(arguments.data / "xquad" / "xquad.en.json")}
    parts["dossier"] = dossier()
    train = {name: part.where(part.group // 2 % 2 == 0) for name, part in parts.items()}
    test = {name: part.where(part.group // 2 % 2 == 1) for name, part in parts.items()}
    if arguments.fit:
        arguments.fit.write_text(json.dumps(fit(train), indent=2) + "\n")
    model = read(arguments.fit) if arguments.fit else shipped_model()
    out: dict[str, Any] = {}
    for name, part in parts.items():
        out[name] = {
            "questions": len(part.answerable),
            "cross_validated": figures(part, cross_validated(parts, name)),
            "shipped_on_test_part": figures(test[name], confidences(model, test[name]), model.threshold),
            "shipped_on_all": figures(part, confidences(model, part), model.threshold),
        }
    json.dump(out, sys.stdout, indent=2)
    print()


def clapnq(folder: Path) -> Part:
    """Signals of the CLAPNQ development questions, every passage of theirs indexed."""
    return gather(*clapnq_questions(folder))


def clapnq_questions(folder: Path) -> tuple[dict[str, bytes], list[tuple[str, bool, int]]]:
    """The passages as files; each question, whether it can be answered, and the number of its passage."""
    places: dict[tuple[str, str], int] = {}
    questions = []
    for kind in ("answerable", "unanswerable"):
        with (folder / f"annotated_data_dev_clapnq_dev_{kind}.jsonl").open(encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                passage = record["passages"][0]
                place = places.setdefault((passage["title"], passage["text"]), len(places))
                questions.append((record["input"], kind == "answerable", place))
    files = {f"{place:04}.txt": f"{title}\n\n{text}\n".encode() for (title, text), place in places.items()}
    return files, questions


def xquad(file: Path) -> Part:
    """Signals of the XQuAD questions, the articles with an even number indexed."""
    files, questions = {}, []
    for a, article in enumerate(json.loads(file.read_text(encoding="utf-8"))["data"]):
        for p, paragraph in enumerate(article["paragraphs"]):
            if a % 2 == 0:
                files[f"{a:03}-{p}.txt"] = paragraph["context"].encode()
            questions += [(qa["question"], a % 2 == 0, a) for qa in paragraph["qas"]]
    return gather(files, questions)


def dossier() -> Part:
    """Signals of the sample dossier's questions; those whose answer a document says it lacks are left out."""
    root = Path(__file__).resolve().parents[2]
    files = {path.name: path.read_bytes() for path in sorted((root / "docs").iterdir())}
    questions = [
        (case.question, case.answerable, number)
        for number, case in enumerate(read_set(root / "eval" / "dossier" / "questions.jsonl"))
        if {"absence-stated", "follow-up", "hostile"}.isdisjoint(case.tags)  # one plain question each
    ]
    return gather(files, questions)


def gather(files: dict[str, bytes], questions: list[tuple[str, bool, int]]) -> Part:
    """Index the files, and look every question up."""
    with tempfile.TemporaryDirectory() as work:
        folder = write_documents(files, Path(work, "documents"))
        workshop = Workshop(load_settings(folder=folder, index=Path(work, "index")))
        workshop.build(rebuild=True, progress=lambda stage, done, total: None)
        chain = workshop.chain()
        signals = [chain.evidence(question, Laps(), chain.index).signals for question, _, _ in questions]
    return Part(signals, [answerable for _, answerable, _ in questions], [group for _, _, group in questions])


def write_documents(files: dict[str, bytes], folder: Path) -> Path:
    """A new folder with these files."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


class SignedLogistic:
    """A logistic regression on standardised signals, with a ridge and each weight kept to the sign of its meaning.

    A signal that speaks for an answer may not come to speak against one by an accident of few data.
    """

    def fit(self, rows: Rows, answerable: NDArray[np.bool_], weight: Rows) -> Self:
        """Find the weights that make the data likeliest; `weight` is that of each question."""
        mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
        x = np.hstack([(rows - mean) / scale, np.ones((len(rows), 1))])
        side = np.where(answerable, 1.0, -1.0)

        def loss(w: Rows) -> tuple[float, Rows]:
            margin = side * (x @ w)
            ridge = np.append(w[:-1], 0.0) * RIDGE * len(rows)
            gradient = -(weight * side * expit(-margin)) @ x + ridge
            return float(weight @ np.logaddexp(0.0, -margin) + w @ ridge / 2), gradient

        found = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", bounds=[*BOUNDS, (None, None)])
        self.weights: Rows = found.x[:-1] / scale
        self.intercept = float(found.x[-1] - self.weights @ mean)
        return self

    def confidence(self, rows: Rows) -> Rows:
        """The probability that each question is answerable."""
        return np.asarray(expit(rows @ self.weights + self.intercept))


def cross_validated(parts: dict[str, Part], name: str) -> Rows:
    """Each question's confidence by a model that saw no question about the same text, but all the other sets."""
    part = parts[name]
    others = {other: p for other, p in parts.items() if other != name}
    out = np.zeros(len(part.answerable))
    for seen, held_out in GroupKFold(min(FOLDS, len(set(part.group)))).split(part.rows, groups=part.group):
        mask = np.isin(np.arange(len(out)), seen)
        out[held_out] = fitted({**others, name: part.where(mask)}).confidence(part.rows[held_out])
    return out


def fitted(parts: dict[str, Part]) -> SignedLogistic:
    """The model fitted to all parts, each with its share of the total weight."""
    rows = np.vstack([part.rows for part in parts.values()])
    answerable = np.concatenate([part.answerable for part in parts.values()])
    weight = np.concatenate([np.full(len(p.answerable), SHARES[n] / len(p.answerable)) for n, p in parts.items()])
    return SignedLogistic().fit(rows, answerable, weight * len(answerable) / weight.sum())


def fit(parts: dict[str, Part]) -> dict[str, Any]:
    """The model to ship, and its threshold: the one that keeps the most of every set."""
    found = fitted(parts)
    weights = {name: round(float(w), 5) for name, w in zip(NAMES, found.weights, strict=True)} | FIXED
    model = RefusalModel(round(found.intercept, 5), weights, 0.0)
    kept = [np.quantile(confidences(model, p)[p.answerable], 1 - KEEP[n]) for n, p in parts.items()]
    return {**asdict(model), "threshold": round(float(min(kept)), 4)}


def read(file: Path) -> RefusalModel:
    """A fitted model from its file."""
    return RefusalModel(**json.loads(file.read_text(encoding="utf-8")))


def confidences(model: RefusalModel, part: Part) -> Rows:
    """The model's confidence for each question."""
    return np.array([model.confidence(signals) for signals in part.signals])


def figures(part: Part, confidence: Rows, threshold: float | None = None) -> dict[str, float]:
    """AUROC, and shares refused and answered."""
    yes, no = confidence[part.answerable], confidence[~part.answerable]
    out = {
        "auroc": auroc(yes, no),
        "refused_at_90": float(np.mean(no < np.quantile(yes, 1 - KEPT))),
    }
    if threshold is not None:
        out |= {"refused": float(np.mean(no < threshold)), "answered": float(np.mean(yes >= threshold))}
    return {name: round(value, 4) for name, value in out.items()}


if __name__ == "__main__":
    main()
