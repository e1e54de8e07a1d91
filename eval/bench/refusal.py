"""Is it refused when the documents do not say, and answered when they do? And the fit of the shipped model.

    python eval/bench/refusal.py DATA                 # the shipped model, and others by cross-validation
    python eval/bench/refusal.py DATA --fit refusal.json

DATA holds `clapnq/` and `xquad/` as published. Every CLAPNQ passage is a document, so a question without an answer
has its related passage in the index; of XQuAD, the articles with an even number are. The fit uses the CLAPNQ
questions whose passage has an even number and XQuAD questions about every second article, both present and absent;
the other half of each is the test part, on which the figures of the shipped model are given.

`refused_at_90` is the share of unanswerable questions refused by the threshold that keeps 90% of the answerable
ones of the same part; `refused` and `answered` are those at the shipped threshold.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.answer.confidence import RefusalModel, Signals, shipped_model
from assistant.compose import Workshop
from assistant.laps import Laps
from assistant.settings import load_settings

PENALTY = 0.03  # inverse strength of the ridge penalty: strong, for few data and correlated signals
FOLDS = 10
KEPT = 0.9  # share of answerable questions that the threshold is to keep
NAMES = [field.name for field in fields(Signals)]
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
    train = {name: part.where(part.group // 2 % 2 == 0) for name, part in parts.items()}
    test = {name: part.where(part.group // 2 % 2 == 1) for name, part in parts.items()}
    if arguments.fit:
        arguments.fit.write_text(json.dumps(fit(train), indent=2) + "\n")
    model = read(arguments.fit) if arguments.fit else shipped_model()
    out: dict[str, Any] = {}
    for name, part in parts.items():
        out[name] = {
            "questions": len(part.answerable),
            "cross_validated": figures(part, cross_validated(part)),
            "shipped_on_test_part": figures(test[name], confidences(model, test[name]), model.threshold),
            "shipped_on_all": figures(part, confidences(model, part), model.threshold),
        }
    json.dump(out, sys.stdout, indent=2)
    print()


def clapnq(folder: Path) -> Part:
    """Signals of the CLAPNQ development questions, every passage of theirs indexed."""
    places: dict[tuple[str, str], int] = {}
    questions = []
    for kind in ("answerable", "unanswerable"):
        with (folder / f"annotated_data_dev_clapnq_dev_{kind}.jsonl").open(encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                passage = record["passages"][0]
                place = places.setdefault((passage["title"], passage["text"]), len(places))
                questions.append((record["input"], kind == "answerable", place))
    files = {f"{place:04}.txt": f"{title}\n\n{text}\n" for (title, text), place in places.items()}
    return gather(files, questions)


def xquad(file: Path) -> Part:
    """Signals of the XQuAD questions, the articles with an even number indexed."""
    files, questions = {}, []
    for a, article in enumerate(json.loads(file.read_text(encoding="utf-8"))["data"]):
        for p, paragraph in enumerate(article["paragraphs"]):
            if a % 2 == 0:
                files[f"{a:03}-{p}.txt"] = paragraph["context"]
            questions += [(qa["question"], a % 2 == 0, a) for qa in paragraph["qas"]]
    return gather(files, questions)


def gather(files: dict[str, str], questions: list[tuple[str, bool, int]]) -> Part:
    """Index the files, and look every question up."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work, "documents")
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        workshop = Workshop(load_settings(folder=folder, index=Path(work, "index")))
        workshop.build(rebuild=True, progress=lambda stage, done, total: None)
        chain = workshop.chain()
        signals = [chain.evidence(question, Laps()).signals for question, _, _ in questions]
    return Part(signals, [answerable for _, answerable, _ in questions], [group for _, _, group in questions])


def classifier() -> Pipeline:
    """The model that is fitted: a logistic regression on standardised signals."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=PENALTY, max_iter=1000))


def cross_validated(part: Part) -> Rows:
    """Each question's confidence by a model that saw no question about the same text."""
    folds = GroupKFold(min(FOLDS, len(set(part.group))))
    fitted = cross_val_predict(
        classifier(), part.rows, part.answerable, groups=part.group, cv=folds, method="predict_proba"
    )
    return np.asarray(fitted[:, 1])


def fit(parts: dict[str, Part]) -> dict[str, Any]:
    """The model fitted to all parts, each with the same total weight, on the scale of the raw signals."""
    rows = np.vstack([part.rows for part in parts.values()])
    answerable = np.concatenate([part.answerable for part in parts.values()])
    weight = np.concatenate([np.full(len(p.answerable), 1 / len(p.answerable)) for p in parts.values()])
    weight *= len(answerable) / weight.sum()
    fitted = classifier().fit(rows, answerable, logisticregression__sample_weight=weight)
    scale, logistic = fitted[0], fitted[1]
    weights = logistic.coef_[0] / scale.scale_
    intercept = logistic.intercept_[0] - float(weights @ scale.mean_)
    model = RefusalModel(
        round(float(intercept), 5), {n: round(float(w), 5) for n, w in zip(NAMES, weights, strict=True)}, 0.0
    )
    hardest = parts["clapnq"]
    kept = confidences(model, hardest)[hardest.answerable]
    return {**asdict(model), "threshold": round(float(np.quantile(kept, 1 - KEPT)), 4)}


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
        "auroc": float(roc_auc_score(part.answerable, confidence)),
        "refused_at_90": float(np.mean(no < np.quantile(yes, 1 - KEPT))),
    }
    if threshold is not None:
        out |= {"refused": float(np.mean(no < threshold)), "answered": float(np.mean(yes >= threshold))}
    return {name: round(value, 4) for name, value in out.items()}


if __name__ == "__main__":
    main()
