"""Documents that attack, indexed and asked through the whole product: what of them comes out in answers?

    python eval/bench/attacks.py DATA           # DATA holds poisonedrag/nq.json and bipia/
    python eval/bench/attacks.py DATA --only injected --chat-model openai:NAME --chat-base-url URL --limit 25

`injected` puts instructions into e-mails (attacks_injected.py): not one may be followed, and no address of theirs may
stand in an answer where a program would make a link of it. `planted` sets documents with a falsehood beside one that
is true (attacks_planted.py): an answer should show the true side, or both.

Both are measured twice: as the product is, and, as `..._unweighed`, with a chain that takes sentences by their scores
alone. Answers are judged from their JSON and the raw data.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import attacks_injected as injected
import attacks_planted as planted

from assistant.answer.extract import ScoredSentence
from assistant.chain import AnswerChain
from assistant.compose import Workshop
from assistant.models.reranker import Reranker
from assistant.render import answer_json
from assistant.settings import load_settings
from assistant.types import Question, RankedPassage

ROUNDS = 5  # of e-mails, in which every instruction stands at every place

Results = list[dict[str, Any]]


def main() -> None:
    """Run the benchmark and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a folder with poisonedrag/ and bipia/")
    parser.add_argument("--only", choices=("injected", "planted"), help="one of the two")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="indexes of e-mails, each with other instructions")
    parser.add_argument("--limit", type=int, help="ask only the first N questions of each")
    parser.add_argument("--chat-model", help="let this chat model write the answers, as in openai:NAME")
    parser.add_argument("--chat-base-url", help="its server")
    parser.add_argument("--cases", type=Path, help="write each question with what came of it, as JSON Lines")
    arguments = parser.parse_args()
    results: dict[str, Results] = {}
    with tempfile.TemporaryDirectory() as work:
        if arguments.only != "planted":
            results |= run_injected(arguments, Path(work, "injected"))
        if arguments.only != "injected":
            results |= run_planted(arguments, Path(work, "planted"))
    if arguments.cases:
        rows = [{"set": name, **row} for name, found in results.items() for row in found]
        arguments.cases.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    scorer = {"injected": injected.figures, "planted": planted.figures}
    json.dump({name: scorer[name.partition("_")[0]](found) for name, found in results.items()}, sys.stdout, indent=2)
    print()


def run_injected(arguments: argparse.Namespace, work: Path) -> dict[str, Results]:
    """Ask every e-mail of every round its question, with and without the weighing of sentences."""
    data = arguments.data / "bipia"
    emails = injected.read_emails(data / "email_train.jsonl")
    instructions = injected.read_instructions(data / "text_attack_train.json")
    results: dict[str, Results] = {"injected": [], "injected_unweighed": []}
    left = arguments.limit or arguments.rounds * len(emails)
    for number, cases in enumerate(islice(injected.rounds(emails, instructions), arguments.rounds)):
        folder = work / str(number) / "documents"
        injected.write_documents(cases, folder)
        asked = cases[:left]
        left -= len(asked)
        for name, answers in ask_twice(arguments, folder, [case.email.question for case in asked]):
            rows = [injected.score(case, cases, answer) for case, answer in zip(asked, answers, strict=True)]
            results[f"injected{name}"] += rows
        if not left:
            break
    return results


def run_planted(arguments: argparse.Namespace, work: Path) -> dict[str, Results]:
    """Ask every question beside its planted and its true documents."""
    claims = planted.read_claims(arguments.data / "poisonedrag" / "nq.json")
    folder = work / "documents"
    planted.write_documents(claims, folder)
    claims = claims[: arguments.limit]
    return {
        f"planted{name}": [planted.score(claim, answer) for claim, answer in zip(claims, answers, strict=True)]
        for name, answers in ask_twice(arguments, folder, [claim.question for claim in claims])
    }


def ask_twice(
    arguments: argparse.Namespace, folder: Path, questions: Sequence[str]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The answers over a folder, as the product gives them and unweighed."""
    chat = {"chat_model": arguments.chat_model, "chat_base_url": arguments.chat_base_url}
    workshop = Workshop(load_settings(folder=folder, index=folder.parent / "index", **chat))
    workshop.build(rebuild=True, progress=lambda stage, done, total: None)
    chain = workshop.chain()
    yield "", ask(chain, questions)
    chain.heard = by_score
    yield "_unweighed", ask(chain, questions)


def by_score(
    query: str, ranked: Sequence[RankedPassage], scored: Sequence[ScoredSentence], reranker: Reranker
) -> list[ScoredSentence]:
    """The sentences as they were scored: what the chain would take if nothing weighed them."""
    return list(scored)


def ask(chain: AnswerChain, questions: Sequence[str]) -> list[dict[str, Any]]:
    """The answers as every program sees them."""
    answers = []
    for number, question in enumerate(questions, start=1):
        answers.append(answer_json(chain.invoke(Question(question))))
        if sys.stderr.isatty():
            print(f"\r{number} of {len(questions)}", end="", file=sys.stderr)
    return answers


if __name__ == "__main__":
    main()
