"""A public set, from its own files to figures: imported, indexed and asked, and told as rows of a table.

    python eval/bench/public.py squad xquad.en.json --work build/xquad.en
    python eval/bench/public.py scifact scifact.zip --split validation --work build/scifact

These are the commands `assistant eval import`, `assistant index` and `assistant eval`, one after the other, in one
folder: what was cut short goes on there. Besides, what was found is ranked by document, as collections are judged
whose unit is a document, and measured by ir-measures.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import ir_measures
from ir_measures import RR, R, nDCG

from assistant.compose import Workshop
from assistant.evaluation.figures import Figure, figures_of
from assistant.evaluation.imports.importing import import_set, import_text, importer_of
from assistant.evaluation.run import read_cases, run_cases
from assistant.evaluation.sets import MOST_CASES
from assistant.evaluation.statistics import mean_interval
from assistant.evaluation.trec import Asked, qrels_lines, read_asked, run_lines
from assistant.progress import build_progress, counter
from assistant.settings import load_settings


def main() -> None:
    """Run the set and print its figures as rows of Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("form", help="as of assistant eval import")
    parser.add_argument("files", type=Path, nargs="+", help="as published")
    parser.add_argument("--split", help="as of assistant eval import")
    parser.add_argument("--work", type=Path, required=True, help="a folder for set, documents, index and run")
    arguments = parser.parse_args()
    work, questions = arguments.work, arguments.work / "set.jsonl"
    work.mkdir(parents=True, exist_ok=True)
    if not questions.exists():
        read, documents = importer_of(arguments.form, arguments.split), work / "documents"
        print(import_text(import_set(read, arguments.files, questions, documents, MOST_CASES), questions, documents))
    workshop = Workshop(load_settings(folder=work / "documents", index=work / "index"))
    if not (work / "index" / "CURRENT").exists():
        with build_progress() as progress:
            workshop.build(rebuild=False, progress=progress)
    with counter("asked") as progress:
        finished = run_cases(read_cases([questions], frozenset()), workshop, work / "run", progress)
    figures = [
        *figures_of(finished.results).values(),
        *by_document(read_asked(work / "run", [questions], None, None)),
    ]
    print("| figure | value | 95% interval | questions |\n| --- | --- | --- | --- |")
    print("\n".join(map(row, figures)))


def by_document(asked: Asked) -> list[Figure]:
    """What trec_eval makes of the documents that were found, over all questions that have a source."""
    judged, ranked = map(str.split, qrels_lines(asked, None)), map(str.split, run_lines(asked, passages=False))
    qrels = [ir_measures.Qrel(name, document, int(grade)) for name, _, document, grade in judged]
    run = [ir_measures.ScoredDoc(name, document, float(score)) for name, _, document, _, score, _ in ranked]
    clusters = {name: case.cluster or name for name, case, _ in asked}
    return [_mean(measure, qrels, run, clusters) for measure in (nDCG @ 10, R @ 3, RR @ 3)]


def row(figure: Figure) -> str:
    """A figure as a row of Markdown."""
    between = "" if figure.low is None else f"{figure.low:.3f} to {figure.high:.3f}"
    return f"| {figure.name} | {figure.value:.3f} | {between} | {figure.of} |"


def _mean(
    measure: ir_measures.Measure,
    qrels: Sequence[ir_measures.Qrel],
    run: Sequence[ir_measures.ScoredDoc],
    clusters: dict[str, str],
) -> Figure:
    # A question for which nothing was found has no value there, and counts as 0.
    found = dict.fromkeys((judged.query_id for judged in qrels), 0.0)
    found |= {each.query_id: float(each.value) for each in ir_measures.iter_calc([measure], qrels, run)}
    values = list(found.values())
    low, high = mean_interval(values, [clusters[name] for name in found])
    return Figure(f"{measure} by document", sum(values) / len(values), len(values), low, high)


if __name__ == "__main__":
    main()
