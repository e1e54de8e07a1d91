"""What evaluation adds to the time of asking, as ratios in one run, over questions made from a folder's sentences.

    python eval/bench/harness.py docs --questions 1000
    python eval/bench/harness.py docs --data questions.yaml

`run_over_asking`: a run of the questions, each judged against a quote and kept, over asking the chain the same ones;
both are done in turn, block by block, and each block by the other first. `run_over_its_answers`: the same run over
the times of the answers in it, which another program's load disturbs less. `two_at_a_time`: the chain asked by two
threads, over one.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from assistant.compose import Workshop
from assistant.evaluation.results import Result
from assistant.evaluation.run import Cases, run_cases
from assistant.evaluation.sets import Case, Source, read_set
from assistant.settings import load_settings
from assistant.store.catalog import Catalog

BLOCK = 20  # questions
FEWEST = 6  # words of a sentence that is asked about


def main() -> None:
    """Ask in both ways and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, help="a question set, instead of questions that are made")
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--threads", action="store_true", help="ask by two threads, too")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(load_settings(folder=given.folder, index=Path(folder, "index")))
        workshop.build(rebuild=False, progress=lambda stage, done, total: None)
        index = workshop.open_index()
        made = read_set(given.data) if given.data else made_from(index.catalog)
        index.close()
        cases: Cases = [(Path(folder, "set.jsonl"), case) for case in made[: given.questions]]
        cases[0][0].touch()
        json.dump(measure(cases, workshop, Path(folder), given.threads), sys.stdout, indent=2)
        print()


def measure(cases: Cases, workshop: Workshop, folder: Path, threads: bool) -> dict[str, float]:
    """Both ways, block by block."""
    chain = workshop.chain()
    chain.invoke(cases[0][1].asked())  # the models are loaded
    asking = running = answering = pairing = 0.0
    for number, start in enumerate(range(0, len(cases), BLOCK)):
        block = cases[start : start + BLOCK]
        results: Sequence[Result] = ()

        def run(block: Cases = block, number: int = number) -> None:
            nonlocal results
            results = run_cases(block, workshop, folder / str(number), lambda done, total: None).results

        def ask(block: Cases = block) -> None:
            for _, case in block:
                chain.invoke(case.asked())

        if number % 2:
            running, asking = running + seconds(run), asking + seconds(ask)
        else:
            asking, running = asking + seconds(ask), running + seconds(run)
        answering += sum(r.answer["timings_ms"]["total"] for r in results if r.answer) / 1000
        if threads:
            pairing += seconds(partial(by_two, chain.invoke, [case for _, case in block]))
        sys.stderr.write(f"{start + len(block)} of {len(cases)}: {running / asking:.3f}, {running / answering:.3f}\n")
    chain.index.close()
    told = {"questions": len(cases), "run_over_asking": running / asking, "run_over_its_answers": running / answering}
    return told | ({"two_at_a_time": pairing / asking} if threads else {})


def by_two(invoke: Callable[..., object], cases: Sequence[Case]) -> None:
    """Ask by two threads."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda case: invoke(case.asked()), cases))


def seconds(work: Callable[[], None]) -> float:
    """How long a piece of work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def made_from(catalog: Catalog) -> list[Case]:
    """A question about each longer sentence of the documents, whose quote it is to find; again in other words."""
    forms = ("What is said of {}?", "Is it true that {}?", "Where can I read that {}?")
    found = []
    for path in catalog.hashes():
        for passage in catalog.passages_of(path, 0, 2**62):
            for sentence in passage.sentences:
                words = sentence.quote.split()
                if len(words) >= FEWEST and sentence.kind != "row":
                    found.append((path, sentence.quote, " ".join(words[:12]).rstrip(".,;:")))
    every = [(form, *each) for form in forms for each in found]
    return [
        Case(id=str(number), question=form.format(words)[:2000], sources=(Source(file=path, quote=quote),))
        for number, (form, path, quote, words) in enumerate(every, start=1)
    ]


if __name__ == "__main__":
    main()
