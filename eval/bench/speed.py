"""Speed as ratios within one run, and sameness of answers, over the paragraphs of a SQuAD-format file.

    python eval/bench/speed.py xquad.en.json

`index_over_embedding`: building the index, over embedding the same passages with the same model; both are done
in turn, and the medians compared. `unchanged_over_first`: indexing the folder again with nothing changed, over
the first time. `question_over_models`: a warm question, over the sum of its model calls. `same_in_process` and
`same_in_two_processes`: questions whose answers were the same bytes, `id` and `timings_ms` apart.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from qa import Case, write_documents

from assistant.compose import Workshop
from assistant.models.embedder import Embedder
from assistant.models.reranker import Reranker
from assistant.render import answer_json, to_json
from assistant.settings import load_settings
from assistant.store.build import BuildReport

ROUNDS = 3
Result = TypeVar("Result")


class Timed:
    """The models, with the time spent in them; everything else is passed through."""

    def __init__(self, embedder: Embedder, reranker: Reranker) -> None:
        self.seconds = 0.0
        self._embedder, self._reranker = embedder, reranker
        self.name, self.digest = embedder.name, embedder.digest
        self.window, self.count_tokens = embedder.window, embedder.count_tokens

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the embedder's."""
        return self._timed(self._embedder.embed_passages, texts)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """As the embedder's."""
        return self._timed(self._embedder.embed_query, text)

    def match_words(self, question: str, text: str) -> NDArray[np.float32]:
        """As the embedder's."""
        return self._timed(self._embedder.match_words, question, text)

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """As the reranker's."""
        return self._timed(self._reranker.score, question, texts)

    def _timed(self, call: Callable[..., Result], *arguments: object) -> Result:
        seconds, result = clock(call, *arguments)
        self.seconds += seconds
        return result


def main() -> None:
    """Run the benchmark and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a file in SQuAD format")
    parser.add_argument("--questions", type=int, default=100, help="how many questions to time")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder, index = Path(work, "documents"), Path(work, "index")
        cases = write_documents(arguments.data, folder, half=False)
        step = max(1, len(cases) // arguments.questions)
        asked = cases[::step][: arguments.questions]
        workshop = Workshop(load_settings(folder=folder, index=index))
        out = time_index(workshop) | time_questions(workshop, asked) | compare_processes(index, Path(work), asked)
    json.dump(out, sys.stdout, indent=2)
    print()


def time_index(workshop: Workshop) -> dict[str, Any]:
    """Building against bare embedding, and building again with nothing changed."""
    workshop.embedder.embed_passages(["warm"])
    builds, bare, again = [], [], []
    for _ in range(ROUNDS):
        seconds, report = clock(build, workshop, True)
        builds.append(seconds)
        catalog = workshop.open_index().catalog
        texts = [catalog.passage(i + 1).search_text for i in range(report.manifest.passages)]
        bare.append(clock(workshop.embedder.embed_passages, texts)[0])
        seconds, report = clock(build, workshop, False)
        again.append(seconds)
        assert not report.changed and report.embedded == 0
    return {
        "passages": report.manifest.passages,
        "index_over_embedding": round(median(builds) / median(bare), 3),
        "index_seconds": [round(s, 2) for s in builds],
        "embedding_seconds": [round(s, 2) for s in bare],
        "unchanged_over_first": round(median(again) / median(builds), 4),
    }


def build(workshop: Workshop, rebuild: bool) -> BuildReport:
    """Build without showing progress."""
    return workshop.build(rebuild, lambda stage, done, total: None)


def clock(call: Callable[..., Result], *arguments: object) -> tuple[float, Result]:
    """Seconds that a call took, and what it returned."""
    start = time.perf_counter()
    result = call(*arguments)
    return time.perf_counter() - start, result


def time_questions(workshop: Workshop, asked: list[Case]) -> dict[str, Any]:
    """Warm questions against their model calls, and the same questions again."""
    chain = workshop.chain()
    timed = Timed(chain.embedder, chain.reranker)
    chain.embedder = chain.reranker = timed
    chain.invoke(asked[0].question)
    ratios, totals, first = [], [], []
    for case in asked:
        timed.seconds = 0.0
        seconds, answer = clock(chain.invoke, case.question)
        totals.append(seconds)
        ratios.append(seconds / timed.seconds)
        first.append(same_part(answer_json(answer)))
    again = [same_part(answer_json(chain.invoke(case.question))) for case in asked]
    return {
        "questions": len(asked),
        "question_over_models": round(median(ratios), 3),
        "question_ms_median": round(median(totals) * 1000, 1),
        "same_in_process": sum(a == b for a, b in zip(first, again, strict=True)),
    }


def compare_processes(index: Path, work: Path, asked: list[Case]) -> dict[str, Any]:
    """Ask the same file of questions in two new processes, and count the same answers."""
    questions = work / "questions.jsonl"
    questions.write_text("".join(to_json({"id": i, "question": c.question}) + "\n" for i, c in enumerate(asked)))
    answers = []
    for run in ("a", "b"):
        target = work / f"answers-{run}.jsonl"
        command = [sys.executable, "-m", "assistant", "ask", "--batch", str(questions), "--output", str(target)]
        subprocess.run([*command, "--index", str(index)], check=True)
        answers.append([same_part(json.loads(line)) for line in target.read_text().splitlines()])
    return {"same_in_two_processes": sum(a == b for a, b in zip(*answers, strict=True))}


def same_part(answer: dict[str, Any]) -> str:
    """The part of an answer that must be the same each time."""
    return to_json({key: value for key, value in answer.items() if key not in ("id", "timings_ms")})


if __name__ == "__main__":
    main()
