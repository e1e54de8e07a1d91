"""Pairs of documents that give one value differently, made of paragraphs, questions and gold answers.

A paragraph's copy says the same in slightly other words; in most copies the gold answer of one question is another
value of its kind. The changes are those of the verifier's benchmark.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from qa import holds
from verifier_changes import COUNT_WORD, MONTHS, NUMBER, SCALE, TRUE, YEAR, World, date, figure

from assistant.ingest.sentences import sentence_spans

MOST_WORDS = 5  # of a gold answer that is a value, and no clause
TRIES = 6  # draws of another value
REWORDING = ("synonym", "adverb left out", "order", "clause")
NAMED = re.compile(r"[A-Z][\w.'’-]+(?: (?:(?:of|the|de|von|van|al) )?[A-Z][\w.'’-]+){0,4}")
UNIT = re.compile(
    r"[$£€¥°]|illion|\b(?:km|kilomet|met(?:re|er)s?|miles?|feet|foot|tons?|tonnes|acres|kg|yards?|hours?|minutes?"
    r"|days?|weeks?|months?|years?|centuries|dollars|euros|pounds|square|inch)"
)
ORIGINAL, CHANGED, SAME = "2021-03-15", "2023-10-02", "2022-05-20"  # dates in the names of the files


@dataclass(frozen=True, slots=True)
class Case:
    """A question over two documents. `values` are those of the first and of the second; equal in a plain copy."""

    kind: str
    question: str
    files: tuple[str, str]
    values: tuple[str, str]


def write_pairs(articles: list[dict[str, Any]], folder: Path, half: str, seed: int) -> Iterator[Case]:
    """Write the documents of one half of the articles, and yield the questions over those that have a copy."""
    others = named_answers(articles)
    for a, article in enumerate(articles):
        if (a % 2 == 0) != (half == "dev"):
            continue
        for p, paragraph in enumerate(article["paragraphs"]):
            random = Random(f"{seed} {a} {p}")
            dated = f"{ORIGINAL}-" if random.random() < 0.5 else ""
            original = write(folder, f"article-{a:03}/{dated}{p:03}.txt", paragraph["context"])
            if p % 3 < 2 and (made := changed_copy(paragraph, others, random)):
                kind, question, values, text = made
                yield Case(
                    kind, question, (original, write(folder, f"updates-{a:03}/{CHANGED}-{p:03}.txt", text)), values
                )
            elif p % 3 == 2 and (copy := reworded(paragraph["context"], "", world(random))):
                qa = random.choice(paragraph["qas"])
                gold = qa["answers"][0]["text"]
                file = write(folder, f"notes-{a:03}/{SAME}-{p:03}.txt", copy)
                yield Case("same", qa["question"], (original, file), (gold, gold))


def write(folder: Path, file: str, text: str) -> str:
    """Write a document, and return its path below the folder."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return file


def named_answers(articles: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The gold answers that are names, by the first word of their questions."""
    found: dict[str, list[str]] = defaultdict(list)
    for article in articles:
        for paragraph in article["paragraphs"]:
            for qa in paragraph["qas"]:
                if NAMED.fullmatch(qa["answers"][0]["text"]):
                    found[first_word(qa["question"])].append(qa["answers"][0]["text"])
    return found


def first_word(question: str) -> str:
    """The first word of a question, in lower case."""
    return question.split()[0].casefold() if question.split() else ""


def changed_copy(
    paragraph: dict[str, Any], others: dict[str, list[str]], random: Random
) -> tuple[str, str, tuple[str, str], str] | None:
    """Kind, question, both values and the text of a copy with one gold answer changed; None where none can be."""
    text = paragraph["context"]
    made: dict[str, tuple[str, str, str]] = {}
    for qa in random.sample(paragraph["qas"], len(paragraph["qas"])):
        gold = qa["answers"][0]["text"]
        kind = kind_of(gold, qa["question"], text)
        for _ in range(TRIES if kind else 0):
            new = another(gold, kind, qa["question"], text, others, random)
            if new and not like(new, gold) and not holds(text, (new,)):
                made.setdefault(kind, (qa["question"], gold, new))
    if not made:
        return None
    kind = random.choice(sorted(made))  # each kind as often as any other, where there is a choice
    question, gold, new = made[kind]
    copy = reworded(re.sub(rf"(?<!\w){re.escape(gold)}(?!\w)", lambda _: new, text), new, world(random))
    return (kind, question, (gold, new), copy) if copy and not holds(copy, (gold,)) else None


def kind_of(gold: str, question: str, text: str) -> str:
    """What kind of value a gold answer is; empty for one that is not changed here."""
    if len(gold.split()) > MOST_WORDS:
        return ""
    after = text[text.index(gold) + len(gold) :][:20]
    if YEAR.search(gold) or any(month in gold for month in MONTHS):
        return "date"
    if NUMBER.search(gold) or COUNT_WORD.search(gold):
        if re.search(r"%|percent", gold + after[:9]):
            return "percentage"
        return "amount" if UNIT.search(gold + after[:12]) or SCALE.search(gold + after) else "count"
    return (
        f"name, {first_word(question)}" if NAMED.fullmatch(gold) and first_word(question) in ("who", "where") else ""
    )


def another(
    gold: str, kind: str, question: str, text: str, others: dict[str, list[str]], random: Random
) -> str | None:
    """Another value of the kind."""
    if not kind.startswith("name"):
        return date(gold, world(random)) if kind == "date" else figure(gold, world(random))
    pool = [n for n in others[first_word(question)] if len(n.split()) == len(gold.split()) and not holds(text, (n,))]
    return random.choice(pool) if pool else None


def world(random: Random) -> World:
    """Where the changes draw from: none of those made here needs names or words."""
    return World(random, (), (), ())


def reworded(text: str, keep: str, w: World) -> str | None:
    """A text in slightly other words: each sentence changed once where that can be, and some left out."""
    sentences = [" ".join(text[start:end].split()) for start, end in sentence_spans(text)]
    out = []
    for sentence in sentences:
        if keep not in sentence and len(sentences) > 3 and w.random.random() < 0.2:
            continue
        for change in w.random.sample(REWORDING, len(REWORDING)):
            new = TRUE[change](sentence, w)
            if new and (not keep or keep not in sentence or keep in new):
                sentence = new
                break
        out.append(sentence)
    copy = " ".join(out)
    return copy if keep in copy and copy != " ".join(text.split()) else None


def like(a: str, b: str) -> bool:
    """Whether one value is written inside the other."""
    return holds(a, (b,)) or holds(b, (a,))
