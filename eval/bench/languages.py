"""Questions in languages that the models do not read, asked of the whole product; and the fit of when to refuse them.

The folder holds a file in SQuAD format for each language, named by its code, such as `xquad.tr.json`. English is
left out where answers are measured:

    python eval/bench/languages.py DATA/xquad                       # every article indexed, and every other one
    python eval/bench/languages.py DATA/xquad --by-models           # the same by the models, which cannot read them
    python eval/bench/languages.py DATA/xquad --fit refusal.json    # fit what ships as lexical/refusal.json

The figures are those of `qa.py`. The fit uses every language, English by its words as well, with every other article
indexed, and two thirds of the articles; its own figures are of the other third: AUROC, and what the threshold
refuses and answers, by language. `left_out` is a fit on all other languages.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qa import Case, ask_all, figures, write_documents
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.answer.lexical.reading import Asked, WordSignals, score_sentences, word_signals
from assistant.compose import Workshop
from assistant.settings import load_settings

COVERED = "en"
KEPT = 0.94  # share of the answerable questions, in the part that the fit sees, that are answered
NAMES = [field.name for field in fields(WordSignals)]

Rows = NDArray[np.float64]


def main() -> None:
    """Run the benchmark and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a folder of files in SQuAD format, named by language")
    parser.add_argument("--by-models", action="store_true", help="answer with the models all the same")
    parser.add_argument("--limit", type=int, help="ask only the first N questions of each file")
    parser.add_argument("--fit", type=Path, help="fit the refusal model and write it to this file")
    arguments = parser.parse_args()
    sets = {path.name.split(".")[-2]: path for path in sorted(arguments.data.glob("*.*.json"))}
    out = fit(sets, arguments.fit) if arguments.fit else measure(sets, arguments.by_models, arguments.limit)
    json.dump(out, sys.stdout, indent=2)
    print()


def measure(sets: dict[str, Path], by_models: bool, limit: int | None) -> dict[str, Any]:
    """The figures of `qa.py` for each language, all indexed and half indexed."""
    out: dict[str, Any] = {}
    for language, path in sets.items():
        for half in (False, True) if language != COVERED else ():
            with indexed(path, half) as (workshop, cases, folder):
                results = list(ask_all(workshop, spread(cases, limit), folder, by_words=not by_models))
            out.setdefault(language, {})["half" if half else "all"] = figures(results)
            print(language, half, figures(results), file=sys.stderr)
    return out


@contextmanager
def indexed(path: Path, half: bool) -> Iterator[tuple[Workshop, list[Case], Path]]:
    """A workshop over an index of a file's paragraphs, the questions, and the folder of the paragraphs."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work, "documents")
        cases = write_documents(path, folder, half)
        workshop = Workshop(load_settings(folder=folder, index=Path(work, "index")))
        workshop.build(rebuild=True, progress=lambda stage, done, total: None)
        yield workshop, cases, folder


def spread(cases: list[Case], limit: int | None) -> list[Case]:
    """At most `limit` questions, from all articles alike."""
    return cases if limit is None else cases[:: max(1, len(cases) // limit)][:limit]


def fit(sets: dict[str, Path], target: Path) -> dict[str, Any]:
    """Fit the model, write it, and return its figures on the articles that it did not see."""
    parts = {language: signals_of(language, path) for language, path in sets.items()}
    seen = {language: (x[~third], y[~third]) for language, (x, y, third) in parts.items()}
    model, threshold = fitted(list(seen.values()))
    weights = {name: round(float(w), 4) for name, w in zip(NAMES, model.coef_[0], strict=True)}
    shipped = {
        "intercept": round(float(model.intercept_[0]), 4),
        "weights": weights,
        "threshold": round(threshold, 4),
    }
    target.write_text(json.dumps(shipped, indent=2) + "\n", encoding="utf-8")
    out: dict[str, Any] = {"model": shipped}
    for language, (x, y, third) in parts.items():
        others = fitted([part for other, part in seen.items() if other != language])
        out[language] = {
            "all": judged(model, threshold, x[third], y[third]),
            "left_out": judged(*others, x[third], y[third]),
        }
    return out


def signals_of(language: str, path: Path) -> tuple[Rows, NDArray[np.bool_], NDArray[np.bool_]]:
    """For each question: its signals by words, whether it can be answered, and whether it is kept from the fit."""
    rows, answerable, third = [], [], []
    with indexed(path, half=True) as (workshop, cases, _):
        index = workshop.open_index()
        reader = workshop.word_reader(index.catalog)
        for case in cases:
            asked = Asked(case.question, language, index.catalog)
            ranked = reader.find(case.question, language, workshop.settings.candidates)
            if scored := score_sentences(asked, ranked):
                rows.append(list(asdict(word_signals(asked, ranked, scored)).values()))
                answerable.append(case.indexed)
                # Articles come indexed and left out by turns, so a third of each kind is two in six.
                third.append(int(case.file.split("/")[0].split("-")[1]) % 6 < 2)
        index.close()
    return np.array(rows), np.array(answerable), np.array(third)


def fitted(parts: list[tuple[Rows, NDArray[np.bool_]]]) -> tuple[LogisticRegression, float]:
    """A logistic model, and the threshold that keeps `KEPT` of the answerable questions."""
    x, y = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    model = LogisticRegression(C=10.0, max_iter=5_000).fit(x, y)
    return model, float(np.quantile(model.predict_proba(x)[y][:, 1], 1 - KEPT))


def judged(model: LogisticRegression, threshold: float, x: Rows, y: NDArray[np.bool_]) -> dict[str, float]:
    """What a model and its threshold do with questions."""
    sure = model.predict_proba(x)[:, 1]
    return {
        "auroc": round(float(roc_auc_score(y, sure)), 4),
        "answered": round(float((sure[y] >= threshold).mean()), 4),
        "refused": round(float((sure[~y] < threshold).mean()), 4),
    }


if __name__ == "__main__":
    main()
