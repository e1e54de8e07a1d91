"""Which sentences an answer says: the best, what it needs, lists whole, nothing twice."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer.choose import MOST_ITEMS, PASSAGE_GAP, choose
from assistant.answer.extract import ScoredSentence
from assistant.ingest.formats.md import parse
from assistant.ingest.split import SplitLimits, split
from assistant.store.catalog import Catalog
from assistant.types import Document

GAP = 4.0

AIMS = """# Charter

## Aims

The charter names its aims below:

1. **Safety.** Nobody is hurt.
2. **Care.** Everybody is heard.
3. **Thrift.** Nothing is wasted.

It was signed in Norhaven. The harbour master kept it.

## Period of validity

The charter holds until 2030.
"""


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    made = Catalog.create(tmp_path / "catalog.sqlite")
    yield made
    made.close()


def add(catalog: Catalog, path: str, text: str, max_tokens: int = 250) -> None:
    parsed = parse(text.encode())
    document = Document(path, "0" * 64, "md", "Charter", None, "en", parsed.text, parsed.blocks, parsed.pages)
    limits = SplitLimits(max_tokens=max_tokens, target_tokens=max_tokens)
    catalog.add(document, split(document, lambda texts: [len(text.split()) for text in texts], limits))


def score(catalog: Catalog, path: str, *best: str) -> list[ScoredSentence]:
    """Every sentence of a document, those with these words first, each one logit below the last."""
    passages = catalog.passages_of(path, 0, 1_000_000)
    found = [(p, s) for p in passages for s in p.sentences]
    found.sort(key=lambda at: next((i for i, words in enumerate(best) if words in at[1].words), len(best)))
    return [ScoredSentence(p, s, 9.0 - n, 9.0 - n, 9.0 - n, 0.0) for n, (p, s) in enumerate(found)]


def said(chosen: list[ScoredSentence]) -> list[str]:
    return [s.sentence.words for s in chosen]


LIST = [
    "The charter names its aims below:",
    "Safety. Nobody is hurt.",
    "Care. Everybody is heard.",
    "Thrift. Nothing is wasted.",
]


@pytest.mark.parametrize(
    "query", ["Which three aims does it have?", "What are the aims?", "List the aims of the charter"]
)
@pytest.mark.parametrize("best", ["Care.", "names its aims"])
def test_a_list_that_is_asked_for_is_said_whole(catalog: Catalog, query: str, best: str) -> None:
    add(catalog, "a.md", AIMS)
    assert said(choose(query, score(catalog, "a.md", best), 3, GAP, catalog)) == LIST


def test_the_best_sentence_stays_before_the_list(catalog: Catalog) -> None:
    add(catalog, "a.md", AIMS)
    scored = score(catalog, "a.md", "holds until", "Thrift.")
    assert said(choose("What are the aims?", scored, 3, GAP, catalog)) == ["The charter holds until 2030.", *LIST]


def test_a_question_about_one_thing_is_not_answered_by_the_list(catalog: Catalog) -> None:
    add(catalog, "a.md", AIMS)
    scored = score(catalog, "a.md", "Care.")
    assert said(choose("Who is heard?", scored, 1, GAP, catalog)) == ["Care. Everybody is heard."]


def test_an_introduction_alone_says_nothing(catalog: Catalog) -> None:
    add(catalog, "a.md", AIMS)
    scored = score(catalog, "a.md", "names its aims")
    assert said(choose("Does the charter have an aim?", scored, 1, GAP, catalog)) == LIST


def test_a_list_over_several_passages_is_said_whole_up_to_a_limit(catalog: Catalog) -> None:
    items = [f"- item number {n} of the long list of things" for n in range(30)]
    add(catalog, "a.md", "# Charter\n\nThe things are these:\n\n" + "\n".join(items), max_tokens=70)
    assert len({p.id for p in catalog.passages_of("a.md", 0, 100)}) > 2
    listed = said(choose("What are the things?", score(catalog, "a.md", "number 0 "), 3, GAP, catalog))
    assert listed[0] == "The things are these:"
    assert listed[1:] == [item[2:] for item in items[: len(listed) - 1]]
    assert 15 < len(listed) <= MOST_ITEMS + 1


def test_a_sentence_that_leans_on_the_one_before_it_is_said_with_it(catalog: Catalog) -> None:
    add(catalog, "a.md", "# Charter\n\nThe treaty is old. It was signed in Norhaven. The crowd was large.\n")
    scored = score(catalog, "a.md", "signed in", "crowd")
    assert said(choose("Where was the treaty signed?", scored, 2, GAP, catalog)) == [
        "It was signed in Norhaven.",
        "The treaty is old.",
    ]


def test_a_heading_that_repeats_the_question_is_no_answer(catalog: Catalog) -> None:
    add(catalog, "a.md", "# Rules\n\n## Period of validity\n\n### Until when\n\n1 May.\n\n## Annex\n\n## Fee\n")
    scored = score(catalog, "a.md", "Fee", "1 May")
    assert "Fee" not in said(choose("What is the fee?", scored, 3, GAP, catalog))


def test_nothing_is_said_twice(catalog: Catalog) -> None:
    add(catalog, "a.md", "# A\n\nThe fee is 5 euros. Pay at the gate.\n")
    add(catalog, "b.md", "# B\n\nThe  Fee is 5 euros! Ask the guard.\n")
    scored = sorted(
        score(catalog, "a.md", "fee") + score(catalog, "b.md", "Fee"), key=lambda s: (-s.score, s.passage.document)
    )
    assert said(choose("What is the fee?", scored, 3, 20.0, catalog)) == [
        "The fee is 5 euros.",
        "Pay at the gate.",
        "Ask the guard.",
    ]


def test_a_passage_that_speaks_of_something_else_is_left_out(catalog: Catalog) -> None:
    add(catalog, "a.md", "# A\n\nThe fee is 5 euros.\n")
    add(catalog, "b.md", "# B\n\nThe fare is 6 euros.\n")
    [best], [other] = score(catalog, "a.md"), score(catalog, "b.md")
    near, far = (replace(other, of_passage=best.of_passage - PASSAGE_GAP - below) for below in (0.0, 0.1))
    assert said(choose("What is the fee?", [best, near], 3, 20.0, catalog)) == [
        "The fee is 5 euros.",
        "The fare is 6 euros.",
    ]
    assert said(choose("What is the fee?", [best, far], 3, 20.0, catalog)) == ["The fee is 5 euros."]


def test_sentences_far_below_the_best_are_left_out(catalog: Catalog) -> None:
    add(catalog, "a.md", "# A\n\nOne is first. Two is second. Three is third.\n")
    scored = score(catalog, "a.md", "One", "Two", "Three")
    step = scored[0].score - scored[1].score
    assert said(choose("Who is first?", scored, 3, step, catalog)) == ["One is first.", "Two is second."]
