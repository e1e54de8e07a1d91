"""Questions over a SQuAD-format file, asked of the whole product: are answers right, cited, and refused when due?

Each paragraph becomes a text file of its own, the files are indexed as any folder is, and the questions are
asked through the chain. Figures are scored from the answers' JSON and the raw data alone:

    python eval/bench/qa.py xquad.en.json            # every article indexed
    python eval/bench/qa.py xquad.en.json --half     # every other article left out of the index

`answer_contains` is the share of questions with a gold answer inside the answer's text, `first_contains` inside
its first cited sentence, both without regard to case and white space; a refusal contains nothing.
`paragraph_recall@k` is the share whose own paragraph is among the first k passages.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from assistant.answer.retriever import search
from assistant.chain import AnswerChain
from assistant.compose import Workshop
from assistant.models.reranker import Reranker
from assistant.render import answer_json, passages_json
from assistant.settings import load_settings
from assistant.types import Question, RankedPassage

MARKERS = re.compile(r"\s*\[\d+\]")
DEPTH = 5  # passages looked at for recall


@dataclass(frozen=True, slots=True)
class Case:
    """A question of the set: the file its paragraph became, its gold answers, and whether it was indexed."""

    question: str
    file: str
    answers: tuple[str, ...]
    indexed: bool


class Remembering:
    """A reranker that scores a pair once, where answering and searching both ask for it: a score is of its pair."""

    def __init__(self, reranker: Reranker) -> None:
        self._reranker = reranker
        self.name, self.digest = reranker.name, reranker.digest
        self._question, self._known = "", dict[str, float]()

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """As the reranker's."""
        if question != self._question:
            self._question, self._known = question, {}
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._reranker.score(question, new), strict=True))
        return [self._known[text] for text in texts]


def main() -> None:
    """Run the benchmark and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a file in SQuAD format")
    parser.add_argument("--half", action="store_true", help="leave every other article out of the index")
    parser.add_argument("--limit", type=int, help="ask only the first N questions")
    parser.add_argument("--cases", type=Path, help="write each question with what came of it, as JSON Lines")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work, "documents")
        cases = write_documents(arguments.data, folder, arguments.half)[: arguments.limit]
        workshop = Workshop(load_settings(folder=folder, index=Path(work, "index")))
        workshop.build(rebuild=True, progress=lambda stage, done, total: None)
        results = list(ask_all(workshop, cases, folder))
    if arguments.cases:
        arguments.cases.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in results))
    json.dump(figures(results), sys.stdout, indent=2)
    print()


def write_documents(data: Path, folder: Path, half: bool) -> list[Case]:
    """Write each paragraph that is to be indexed to a file of its own, and return the questions."""
    cases = []
    articles = json.loads(data.read_text(encoding="utf-8"))["data"]
    for a, article in enumerate(articles):
        indexed = not half or a % 2 == 0
        for p, paragraph in enumerate(article["paragraphs"]):
            file = f"article-{a:03}/paragraph-{p:03}.txt"
            if indexed:
                path = folder / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(paragraph["context"], encoding="utf-8", newline="")
            for qa in paragraph["qas"]:
                answers = tuple(answer["text"] for answer in qa["answers"])
                cases.append(Case(qa["question"], file, answers, indexed and bool(answers)))
    return cases


def ask_all(workshop: Workshop, cases: list[Case], folder: Path, by_words: bool = True) -> Iterator[dict[str, Any]]:
    """Ask every question, those in other languages by words or by the models all the same; yield what came of it."""
    chain = workshop.chain()
    chain.words = chain.words if by_words else None
    reranker = Remembering(workshop.reranker)
    chain.reranker = reranker
    for number, case in enumerate(cases):
        answer = answer_json(chain.invoke(Question(case.question)))
        ranked = find(chain, case.question)
        passages = passages_json(case.question, ranked)["passages"]
        yield {**score(case, answer, passages, folder), "question": case.question, "answer": answer["text"]}
        if sys.stderr.isatty():
            print(f"\r{number + 1} of {len(cases)}", end="", file=sys.stderr)


def find(chain: AnswerChain, question: str) -> list[RankedPassage]:
    """The first passages for a question, by the models or, where these do not read its language, by words."""
    if chain.words and (language := chain.words.unread(question)):
        return chain.words.find(question, language, DEPTH)
    return search(question, chain.index, chain.embedder, chain.reranker, chain.limits.candidates, DEPTH)


def score(case: Case, answer: dict[str, Any], passages: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    """What one answer is worth, from its JSON and the files."""
    answered = answer["status"] == "answered"
    sentences = [MARKERS.sub("", answer["text"][s["start"] : s["end"]]) for s in answer["sentences"]]
    return {
        "indexed": case.indexed,
        "answered": answered,
        "answer_contains": answered and holds(" ".join(sentences), case.answers),
        "first_contains": answered and bool(sentences) and holds(sentences[0], case.answers),
        "sentences": len(sentences),
        "rank": next((p["rank"] for p in passages if case.file in (p["document"], *p["also"])), None),
        "citations": len(answer["citations"]),
        "verbatim": sum(is_verbatim(c, folder) for c in answer["citations"] + answer["near"]),
        "cited": len(answer["citations"] + answer["near"]),
        "confidence": answer["confidence"],
        "gold": list(case.answers),
    }


def holds(text: str, answers: tuple[str, ...]) -> bool:
    """Whether one of the gold answers is inside a text, without regard to case and white space."""
    return any(folded(answer) in folded(text) for answer in answers)


def folded(text: str) -> str:
    """A text in lower case with single spaces."""
    return " ".join(text.casefold().split())


def is_verbatim(citation: dict[str, Any], folder: Path) -> bool:
    """Whether the file holds the quote at the citation's offsets; a byte-order mark does not count."""
    text = (folder / citation["document"]).read_text(encoding="utf-8-sig")
    return bool(text[citation["start"] : citation["end"]] == citation["quote"])


def figures(results: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures over all questions."""
    present = [r for r in results if r["indexed"]]
    absent = [r for r in results if not r["indexed"]]
    answered = [r for r in present if r["answered"]]
    out = {
        "questions": len(results),
        "answer_contains": share([r["answer_contains"] for r in present]),
        "first_contains": share([r["first_contains"] for r in present]),
        "answered": share([r["answered"] for r in present]),
        "sentences_per_answer": round(mean(r["sentences"] for r in answered), 3) if answered else None,
        "citations_verbatim": sum(r["verbatim"] for r in results) / max(1, sum(r["cited"] for r in results)),
        "citations_checked": sum(r["cited"] for r in results),
    }
    for k in (1, 3, DEPTH):
        out[f"paragraph_recall@{k}"] = share([r["rank"] is not None and r["rank"] <= k for r in present])
    if absent:
        out |= {"absent": len(absent), "absent_refused": share([not r["answered"] for r in absent])}
    return out


def share(values: list[bool]) -> float | None:
    """The share of true ones, to four places."""
    return round(mean(values), 4) if values else None


if __name__ == "__main__":
    main()
