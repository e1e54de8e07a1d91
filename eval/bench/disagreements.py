"""Does an answer show it when two documents give different values, and only then?

    python eval/bench/disagreements.py pairs xquad.en.json                # half of the articles, reported figures
    python eval/bench/disagreements.py pairs xquad.en.json --half dev     # the half that anything may be tuned on
    python eval/bench/disagreements.py ordinary xquad.en.json --limit 400
    python eval/bench/disagreements.py tagged eval/dossier/questions.jsonl docs

`pairs` takes a file in SQuAD format. Most of its paragraphs get a second document that says the same in slightly
other words; in two of three of these, the gold answer of one question is changed to another value of its kind. Both
documents are indexed and the question is asked. `shown` is the share of questions whose answer has both values in
its sentences; `reported` the share with one disagreement between the two documents that names both; `newest_first`
the share of these in the order of the dates in the files' names, and with these dates. `false_alarms` counts the
answers that name a disagreement between documents that say the same: any two but those of which one was changed.

`ordinary` asks the questions over the paragraphs alone, where each disagreement named is held to be a false alarm;
`tagged` asks the questions of a set, of which some are tagged `disagreement` and `must_include` names their values.
All figures come from the answers' JSON and the raw data; the same seed gives the same documents.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from disagreement_pairs import Case, like, write_pairs
from qa import MARKERS, holds, share, write_documents

from assistant import chain as flow
from assistant.compose import Workshop
from assistant.evaluation.sets import read_set
from assistant.render import answer_json
from assistant.settings import load_settings
from assistant.types import Question

SEED = 11


def main() -> None:
    """Run one of the measurements and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["pairs", "ordinary", "tagged"])
    parser.add_argument("data", type=Path, help="a file in SQuAD format, or of tagged questions")
    parser.add_argument("documents", type=Path, nargs="?", help="for tagged questions, the folder that is asked")
    parser.add_argument("--half", choices=["dev", "reported"], default="reported", help="of the articles, for pairs")
    parser.add_argument("--limit", type=int, help="ask only the first N questions")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--cases", type=Path, help="write each question with what came of it, as JSON Lines")
    arguments = parser.parse_args()
    if (arguments.what == "tagged") != (arguments.documents is not None):
        parser.error("a folder of documents is given with tagged questions, and only with them")
    with tempfile.TemporaryDirectory() as work:
        results, summary = MEASUREMENTS[arguments.what](arguments, Path(work))
    if arguments.cases:
        arguments.cases.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in results))
    json.dump({"seconds_finding": time_spent(), **summary}, sys.stdout, indent=2)
    print()


def pairs(arguments: argparse.Namespace, work: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Paragraphs with changed and unchanged copies."""
    articles = json.loads(arguments.data.read_text(encoding="utf-8"))["data"]
    written = list(write_pairs(articles, work / "documents", arguments.half, arguments.seed))
    planted = [set(case.files) for case in written if case.values[0] != case.values[1]]
    cases = written[: arguments.limit]
    results = []
    for case, answer in ask([c.question for c in cases], work / "documents", work, cases):
        said = " ".join(sentences_of(answer))
        names_both = [d for d in answer["disagreements"] if names(d, answer, case)]
        results.append(
            {
                "kind": case.kind,
                "shown": holds(said, case.values[:1]) and holds(said, case.values[1:]),
                "reported": bool(names_both),
                "newest_first": any(in_order(d, answer, case) for d in names_both),
                "alarms": sum(documents_of(d, answer) not in planted for d in answer["disagreements"]),
                "values": case.values,
                **case_of(answer),
            }
        )
    return results, pair_figures(results)


def ordinary(arguments: argparse.Namespace, work: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The questions over the paragraphs as they are."""
    cases = write_documents(arguments.data, work / "documents", half=False)[: arguments.limit]
    asked = ask([c.question for c in cases], work / "documents", work, cases)
    results = [{"alarms": len(answer["disagreements"]), **case_of(answer)} for _, answer in asked]
    alarms = sum(r["alarms"] > 0 for r in results)
    return results, {"questions": len(results), "false_alarms": alarms, "share": round(alarms / len(results), 4)}


def tagged(arguments: argparse.Namespace, work: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """A set of questions, some of which are tagged `disagreement`."""
    cases = read_set(arguments.data)[: arguments.limit]
    results = []
    for case, answer in ask([c.question for c in cases], arguments.documents, work, cases):
        wanted = case.must_include
        results.append(
            {
                "tagged": "disagreement" in case.tags,
                "shown": all(holds(" ".join(sentences_of(answer)), (value,)) for value in wanted),
                "reported": any(
                    all(any(like(v["value"], value) for v in d["values"]) for value in wanted)
                    for d in answer["disagreements"]
                ),
                "alarms": len(answer["disagreements"]),
                "values": wanted,
                **case_of(answer),
            }
        )
    of_kind, others = ([r for r in results if r["tagged"] is flag] for flag in (True, False))
    return results, {
        "tagged": len(of_kind),
        "shown": sum(r["shown"] for r in of_kind),
        "reported": sum(r["reported"] for r in of_kind),
        "others": len(others),
        "false_alarms": sum(r["alarms"] > 0 for r in others),
    }


MEASUREMENTS: dict[str, Callable[[argparse.Namespace, Path], tuple[list[dict[str, Any]], dict[str, Any]]]] = {
    "pairs": pairs,
    "ordinary": ordinary,
    "tagged": tagged,
}
_spent: list[float] = []  # seconds that finding disagreements took, one for each question


def timed(find: Callable[..., Any]) -> Callable[..., Any]:
    """A function that also notes what it takes, in seconds of this process's own time: the machine may be shared."""

    def finding(*arguments: Any) -> Any:
        start = time.process_time()
        found = find(*arguments)
        _spent.append(time.process_time() - start)
        return found

    return finding


def time_spent() -> dict[str, float | None]:
    """The median, the 95th percentile and the most of what finding disagreements took, in seconds."""
    spent = sorted(_spent)
    if not spent:
        return {"median": None, "p95": None, "most": None}
    return {k: round(v, 4) for k, v in (
        ("median", median(spent)), ("p95", spent[int(0.95 * (len(spent) - 1))]), ("most", spent[-1]))}  # fmt: skip


def ask(
    questions: Sequence[str], folder: Path, work: Path, cases: Sequence[Any]
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Index a folder, and yield each case with the JSON of its question's answer."""
    workshop = Workshop(load_settings(folder=folder, index=work / "index"))
    workshop.build(rebuild=True, progress=lambda stage, done, total: None)
    chain = workshop.chain()
    vars(flow)["disagreements"] = timed(vars(flow)["disagreements"])
    for number, (case, question) in enumerate(zip(cases, questions, strict=True)):
        yield case, answer_json(chain.invoke(Question(question)))
        if sys.stderr.isatty():
            print(f"\r{number + 1} of {len(cases)}", end="", file=sys.stderr)


def sentences_of(answer: dict[str, Any]) -> list[str]:
    """The sentences of an answer without their markers."""
    return [MARKERS.sub("", answer["text"][s["start"] : s["end"]]) for s in answer["sentences"]]


def names(disagreement: dict[str, Any], answer: dict[str, Any], case: Case) -> bool:
    """Whether a disagreement gives the values of a case, each with a citation of its document."""
    return all(
        any(document_of(v, answer) == file and like(v["value"], value) for v in disagreement["values"])
        for file, value in zip(case.files, case.values, strict=True)
    )


def document_of(value: dict[str, Any], answer: dict[str, Any]) -> str:
    """The document that a value cites."""
    return str(next(c["document"] for c in answer["citations"] if c["n"] == value["citation"]))


def documents_of(disagreement: dict[str, Any], answer: dict[str, Any]) -> set[str]:
    """The documents that a disagreement is between."""
    return {document_of(value, answer) for value in disagreement["values"]}


def in_order(disagreement: dict[str, Any], answer: dict[str, Any], case: Case) -> bool:
    """Whether the values stand newest first, undated last, each dated as the name of its file is."""
    dates = [v["date"] or "" for v in disagreement["values"]]
    named = [re.search(r"\d{4}-\d\d-\d\d", document_of(v, answer)) for v in disagreement["values"]]
    return dates == sorted(dates, reverse=True) and all(d == n[0] for d, n in zip(dates, named, strict=True) if n)


def case_of(answer: dict[str, Any]) -> dict[str, Any]:
    """What is written of an answer beside its score."""
    return {k: answer[k] for k in ("question", "status", "text", "disagreements")}


def pair_figures(results: list[dict[str, Any]]) -> dict[str, Any]:
    """Shares over the changed copies, as a whole and by kind, and the false alarms over the others."""
    changed = [r for r in results if r["kind"] != "same"]
    same = [r for r in results if r["kind"] == "same"]
    groups = {"all": changed} | {
        k: [r for r in changed if r["kind"] == k] for k in sorted({r["kind"] for r in changed})
    }
    return {
        "changed": {
            kind: {
                "questions": len(group),
                "answered": share([r["status"] == "answered" for r in group]),
                "shown": share([r["shown"] for r in group]),
                "reported": share([r["reported"] for r in group]),
                "newest_first": share([r["newest_first"] for r in group if r["reported"]]),
                "false_alarms": sum(r["alarms"] > 0 for r in group),
            }
            for kind, group in groups.items()
        },
        "same": {"questions": len(same), "false_alarms": sum(r["alarms"] > 0 for r in same)},
    }


if __name__ == "__main__":
    main()
