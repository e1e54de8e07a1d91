"""Do citations lie where the answer stands, and are the passages that hold it found first?

    python eval/bench/citations.py DATA

DATA holds `clapnq/` and `anthropic-docs/` as published. Three folders are indexed and asked: the CLAPNQ passages,
those of its unanswerable questions among them; the documentation with a file a page; and the same with a file a
chunk, as its published evaluation retrieves it. Figures are scored from the JSON of answers and of passages and from
the raw data alone.

Citations: `cites_gold` is the share of the answered questions with a citation in one of their gold chunks,
`cites_gold_of_all` that of all questions, so that refusing does not flatter; `in_gold` is the share of citations
that lie in a gold chunk of their question, document and both offsets.

Passages become chunks in the order of their rank: each brings the chunks that it shares text with and that were
not there yet. `recall@k` is the share of a question's gold chunks among the first k chunks, and `mrr@k` one over
the place of the first gold chunk among them or 0, both averaged over the questions. The published evaluation of the
documentation retrieves three chunks and computes both over these three, so k = 3 is what compares with it.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

from citation_sets import Asked, QuestionSet, clapnq, documentation
from qa import Remembering, is_verbatim

from assistant.answer.retriever import search
from assistant.compose import Workshop
from assistant.render import answer_json, passages_json
from assistant.settings import load_settings
from assistant.types import Question

DEPTH = 10  # passages looked at
PLACES = (1, 3, 5)  # k


def main() -> None:
    """Run the benchmark and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder that holds clapnq/ and anthropic-docs/")
    parser.add_argument("--limit", type=int, help="ask only the first N questions of each set")
    parser.add_argument("--only", help="the one set to ask: clapnq, pages or chunks")
    parser.add_argument("--cases", type=Path, help="write each question with what came of it, as JSON Lines")
    arguments = parser.parse_args()
    docs = arguments.data / "anthropic-docs"
    sets = {
        "clapnq": lambda: clapnq(arguments.data / "clapnq"),
        "pages": lambda: documentation(docs, whole_pages=True),
        "chunks": lambda: documentation(docs, whole_pages=False),
    }
    if arguments.only not in {None, *sets}:
        parser.error(f"there is no set {arguments.only}")
    results = {}
    for name in [arguments.only] if arguments.only else sets:
        results[name] = list(ask_all(sets[name](), arguments.limit))
    if arguments.cases:
        lines = [json.dumps({"set": n} | r, ensure_ascii=False) for n, found in results.items() for r in found]
        arguments.cases.write_text("\n".join(lines) + "\n", encoding="utf-8")
    json.dump({name: figures(found) for name, found in results.items()}, sys.stdout, indent=2)
    print()


def ask_all(asked: QuestionSet, limit: int | None) -> Iterator[dict[str, Any]]:
    """Index the files of a set, ask its questions, and yield what came of each."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work, "documents")
        asked.write(folder)
        workshop = Workshop(load_settings(folder=folder, index=Path(work, "index")))
        report = workshop.build(rebuild=True, progress=lambda stage, done, total: None)
        if report.skipped:
            raise SystemExit(f"{len(report.skipped)} files were not indexed, the first: {report.skipped[0]}")
        chain = workshop.chain()
        chain.reranker = reranker = Remembering(workshop.reranker)
        for number, question in enumerate(asked.questions[:limit]):
            answer = answer_json(chain.invoke(Question(question.text)))
            candidates = workshop.settings.candidates
            ranked = search(question.text, chain.index, chain.embedder, reranker, candidates, DEPTH)
            passages = passages_json(question.text, ranked)["passages"]
            verbatim = [is_verbatim(citation, folder) for citation in answer["citations"] + answer["near"]]
            yield score(asked, question, answer, passages) | {"verbatim": verbatim}
            if sys.stderr.isatty():
                print(f"\r{number + 1} of {len(asked.questions[:limit])}", end="", file=sys.stderr)


def score(
    asked: QuestionSet, question: Asked, answer: dict[str, Any], passages: list[dict[str, Any]]
) -> dict[str, Any]:
    """What one answer and one list of passages are worth, from their JSON and the raw data.

    `in_gold` has a value for each citation in the order of the answer; `ranks` are the places of the gold chunks
    that were found, from 1.
    """
    gold = set(question.gold)
    in_gold = [bool(gold & {*asked.holding(c["document"], c["start"], c["end"])}) for c in answer["citations"]]
    chunks = list(dict.fromkeys(n for p in passages for n in asked.touched(p["document"], p["start"], p["end"])))
    return {
        "question": question.text,
        "answered": answer["status"] == "answered",
        "in_gold": in_gold,
        "gold": len(gold),
        "ranks": [place for place, chunk in enumerate(chunks, start=1) if chunk in gold],
        "answer": answer["text"],
        "confidence": answer["confidence"],
    }


def figures(results: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures over all questions of a set; shares to four places, None where there is nothing to count."""
    answered = [r for r in results if r["answered"]]
    out: dict[str, Any] = {
        "questions": len(results),
        "answered": len(answered),
        "cites_gold": average([float(any(r["in_gold"])) for r in answered]),
        "cites_gold_of_all": average([float(r["answered"] and any(r["in_gold"])) for r in results]),
        "citations": sum(len(r["in_gold"]) for r in answered),
        "in_gold": average([float(lies) for r in answered for lies in r["in_gold"]]),
        "verbatim": average([float(same) for r in results for same in r["verbatim"]]),
    }
    for k in PLACES:
        out[f"recall@{k}"] = average([sum(rank <= k for rank in r["ranks"]) / r["gold"] for r in results])
    for k in PLACES[1:]:
        out[f"mrr@{k}"] = average([max((1 / rank for rank in r["ranks"] if rank <= k), default=0.0) for r in results])
    return out


def average(values: list[float]) -> float | None:
    """The mean to four places, None of nothing."""
    return round(mean(values), 4) if values else None


if __name__ == "__main__":
    main()
