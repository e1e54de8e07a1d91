"""Conversations over a folder of documents: is a follow-up answered as well as the same question asked alone?

Each line of the file is a conversation: the user's `turns`, the last one said so that it needs no history
(`standalone`), strings one of which a right answer holds (`answers`; none where `answerable` is false), the
`sources` (file and quote) that hold it, and its `kind`. The turns are asked one after the other, each with the
questions and answers before it; the standalone question is asked with none. Figures are scored from the answers'
JSON and the file alone:

    python eval/bench/conversations.py eval/dossier/conversations.jsonl --docs docs

`follow_up` and `standalone` are shares answered right: with an accepted string in the answer's text, without regard
to case and white space, or refused where the documents hold no answer. `points` is their difference in percentage
points, negative where follow-ups do worse. `cites_document` and `cites_quote` are the shares of answerable
conversations whose answer cites a source's file, or a place that holds its quote. `left_alone` is, of the kinds named
topic-change, the share whose last turn was searched for as it was asked. Conversations with an odd number at the
end of their id are the development half, on which rules may be tuned; the others are the reported half.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from assistant.chain import AnswerChain
from assistant.compose import Workshop
from assistant.render import answer_json
from assistant.settings import load_settings
from assistant.types import Question, Turn

TOPIC_CHANGE = "topic-change"  # kinds that start so should leave the last turn as it is
HALVES = ("reported", "development")


@dataclass(frozen=True, slots=True)
class Conversation:
    """One line of the file."""

    id: str
    turns: tuple[str, ...]
    standalone: str
    answers: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]  # file and quote
    answerable: bool
    kind: str

    @property
    def half(self) -> str:
        """Which half it belongs to, by the number at the end of its id."""
        return HALVES[int(self.id.rpartition("-")[2]) % 2]


def main() -> None:
    """Run the benchmark and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="conversations as JSON Lines")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the folder they are about")
    parser.add_argument("--half", choices=HALVES, help="ask only one half")
    parser.add_argument("--limit", type=int, help="ask only the first N conversations")
    parser.add_argument("--cases", type=Path, help="write each conversation with what came of it, as JSON Lines")
    arguments = parser.parse_args()
    conversations = [c for c in read(arguments.data) if arguments.half in (None, c.half)][: arguments.limit]
    with tempfile.TemporaryDirectory() as work:
        workshop = Workshop(load_settings(folder=arguments.docs, index=Path(work, "index")))
        workshop.build(rebuild=True, progress=lambda stage, done, total: None)
        results = list(ask_all(workshop.chain(), conversations))
    if arguments.cases:
        arguments.cases.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in results))
    json.dump(figures(results), sys.stdout, indent=2)
    print()


def read(data: Path) -> list[Conversation]:
    """The conversations of a file."""
    conversations = []
    for line in data.read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        sources = tuple((source["file"], source["quote"]) for source in fields.pop("sources"))
        turns, answers = tuple(fields.pop("turns")), tuple(fields.pop("answers"))
        conversations.append(Conversation(turns=turns, answers=answers, sources=sources, **fields))
    return conversations


def ask_all(chain: AnswerChain, conversations: list[Conversation]) -> Iterator[dict[str, Any]]:
    """Hold every conversation, ask its standalone question, and yield what came of both."""
    for number, conversation in enumerate(conversations):
        follow_up = hold(chain, conversation.turns)
        standalone = answer_json(chain.invoke(Question(conversation.standalone)))
        yield {
            "id": conversation.id,
            "kind": conversation.kind,
            "half": conversation.half,
            "answerable": conversation.answerable,
            "left_alone": follow_up["query"] == conversation.turns[-1],
            "follow_up": score(conversation, follow_up),
            "standalone": score(conversation, standalone),
        }
        if sys.stderr.isatty():
            print(f"\r{number + 1} of {len(conversations)}", end="", file=sys.stderr)


def hold(chain: AnswerChain, turns: tuple[str, ...]) -> dict[str, Any]:
    """Ask the turns in sequence, each with all that was said before, and return the last answer's JSON."""
    history: tuple[Turn, ...] = ()
    answer: dict[str, Any] = {}
    for turn in turns:
        answer = answer_json(chain.invoke(Question(turn, history)))
        history = (*history, Turn("user", turn), Turn("assistant", answer["text"]))
    return answer


def score(conversation: Conversation, answer: dict[str, Any]) -> dict[str, Any]:
    """What one answer is worth, from its JSON and the conversation."""
    answered = answer["status"] == "answered"
    text = folded(answer["text"])
    holds = answered and any(folded(accepted) in text for accepted in conversation.answers)
    cited = [(citation["document"], folded(citation["quote"])) for citation in answer["citations"]]
    return {
        "query": answer["query"],
        "right": holds if conversation.answerable else not answered,
        "answered": answered,
        "cites_document": any(file == document for file, _ in conversation.sources for document, _ in cited),
        "cites_quote": any(
            file == document and folded(quote) in words
            for file, quote in conversation.sources
            for document, words in cited
        ),
        "confidence": answer["confidence"],
        "answer": answer["text"],
    }


def folded(text: str) -> str:
    """A text in lower case with single spaces; cells of a row are parted by spaces too."""
    return " ".join(text.replace("|", " ").casefold().split())


def figures(results: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures over all conversations, and over each half and kind."""
    halves = {half: [r for r in results if r["half"] == half] for half in HALVES}
    kinds = {kind: [r for r in results if r["kind"] == kind] for kind in dict.fromkeys(r["kind"] for r in results)}
    return {
        **group(results),
        "by_half": {half: group(members) for half, members in halves.items() if members},
        "by_kind": {kind: group(members) for kind, members in kinds.items()},
    }


def group(results: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures over some conversations."""
    answerable = [r for r in results if r["answerable"]]
    changes = [r for r in results if r["kind"].startswith(TOPIC_CHANGE)]
    out: dict[str, Any] = {"n": len(results)}
    for way in ("follow_up", "standalone"):
        out[way] = share([r[way]["right"] for r in results])
    out["points"] = round(100 * mean(r["follow_up"]["right"] - r["standalone"]["right"] for r in results), 2)
    for way in ("follow_up", "standalone"):
        for what in ("cites_document", "cites_quote"):
            out[f"{way}_{what}"] = share([r[way][what] for r in answerable])
    if changes:
        out["left_alone"] = share([r["left_alone"] for r in changes])
    return out


def share(values: list[bool]) -> float | None:
    """The share of true ones, to four places."""
    return round(mean(values), 4) if values else None


if __name__ == "__main__":
    main()
