"""Finding passages: what is proposed, how proposals are ordered, and copies dropped."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.retrieve import BY_MEANING, BY_WORDS, any_word, distinct, ordered, rerank, retrieve
from assistant.answer.retriever import search
from assistant.compose import Workshop
from assistant.settings import load_settings
from assistant.types import RankedPassage, StoredPassage


def ranked(
    number: int, score: float, lexical: float | None = None, dense: float | None = None, text: str | None = None
) -> RankedPassage:
    text = text or f"text {number}"
    passage = StoredPassage(number, f"{number}.txt", "0", "title", None, None, "", 0, len(text), text, text, ())
    return RankedPassage(passage, score, dense, lexical)


def ids(found: list[RankedPassage]) -> list[int]:
    return [candidate.passage.id for candidate in found]


def test_words_decide_between_passages_that_are_read_as_about_equal() -> None:
    assert ids(ordered([ranked(1, 5.0, lexical=2.0), ranked(2, 4.5, lexical=9.0)])) == [2, 1]


def test_meaning_decides_between_passages_that_are_read_as_about_equal() -> None:
    assert ids(ordered([ranked(1, 5.0, dense=0.3), ranked(2, 4.5, dense=0.7)])) == [2, 1]


def test_neither_overrules_a_clear_reading() -> None:
    answer, alike = ranked(1, 6.0, lexical=4.0, dense=0.3), ranked(2, -3.0, lexical=20.0, dense=0.8)
    assert ids(ordered([alike, answer])) == [1, 2]


def test_a_passage_that_a_search_did_not_return_counts_as_the_last_that_it_did() -> None:
    by_words = [ranked(1, 5.0, lexical=12.0), ranked(2, 5.0, lexical=8.0), ranked(3, 5.1, lexical=None)]
    assert ids(ordered(by_words)) == [1, 3, 2]
    by_meaning = [ranked(1, 5.0, dense=0.8), ranked(2, 5.0, dense=0.4), ranked(3, 5.1, dense=None)]
    assert ids(ordered(by_meaning)) == [1, 3, 2]


def test_where_neither_search_says_anything_the_reading_alone_orders() -> None:
    assert ids(ordered([ranked(1, -2.0), ranked(2, 1.0), ranked(3, 1.0)])) == [2, 3, 1]


logits = st.floats(-12, 12, allow_nan=False)
bm25 = st.none() | st.floats(0, 60, allow_nan=False)
cosines = st.none() | st.floats(-1, 1, allow_nan=False)


@given(st.lists(st.tuples(logits, bm25, cosines), max_size=12), st.randoms())
def test_the_order_is_of_the_passages_not_of_how_they_came(proposed, random) -> None:
    proposals = [ranked(n, *values) for n, values in enumerate(proposed)]
    found = ordered(random.sample(proposals, len(proposals)))
    assert found == ordered(proposals)
    assert sorted(ids(found)) == ids(proposals)
    most = BY_WORDS * spread([p.lexical for p in proposals]) + BY_MEANING * spread([p.dense for p in proposals])
    for before, after in zip(found, found[1:], strict=False):
        assert after.score - before.score <= most + 1e-9


def spread(values: list[float | None]) -> float:
    known = [value for value in values if value is not None]
    return max(known) - min(known) if known else 0.0


def test_a_copy_is_dropped_and_the_better_one_stays() -> None:
    found = [ranked(1, 3.0, text="same"), ranked(2, 2.0, text="other"), ranked(3, 1.0, text="same")]
    assert ids(distinct(found)) == [1, 2]


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("What is the tariff on wine?", '"tariff" OR "wine"'),
        ("who is it", '"who" OR "is" OR "it"'),
        ('the "AND" NEAR(x) col:y', '"NEAR" OR "x" OR "col" OR "y"'),
        ("???", '"???"'),
    ],
)
def test_a_question_becomes_words_and_no_syntax(query: str, expression: str) -> None:
    assert any_word(query) == expression


DOCUMENTS = {
    "port.txt": "The port of Poti handled 6.4 million tonnes of cargo in 2023.\n",
    "wine.txt": "Exports of wine to China rose by a third in 2022.\n",
    "wine-copy.txt": "Exports of wine to China rose by a third in 2022.\n",
    "rail.txt": "The railway between Baku and Kars was reopened after its modernisation.\n",
}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory, embedder) -> Workshop:
    folder: Path = tmp_path_factory.mktemp("documents")
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text)
    workshop = Workshop(load_settings(folder=folder, index=tmp_path_factory.mktemp("index")))
    workshop.embedder = embedder
    workshop.build(rebuild=True, progress=lambda stage, done, total: None)
    return workshop


@pytest.mark.models
def test_both_searches_propose_and_say_so(workshop: Workshop) -> None:
    index = workshop.open_index()
    query = "How much wine was exported?"
    found = {c.passage.document: c for c in retrieve(query, workshop.embedder.embed_query(query), index, 10)}
    assert set(found) == {"port.txt", "wine-copy.txt", "rail.txt"}  # the other wine.txt is the same file
    assert found["wine-copy.txt"].passage.also == ("wine.txt",)
    assert found["wine-copy.txt"].lexical is not None and found["port.txt"].lexical is None
    assert all(c.dense is not None and c.score == 0.0 for c in found.values())
    best = rerank("How much wine was exported?", list(found.values()), workshop.reranker)[0]
    assert best.passage.document.startswith("wine") and best.score != 0.0


@pytest.mark.models
def test_search_returns_no_more_than_asked_for(workshop: Workshop) -> None:
    index = workshop.open_index()
    found = search("Which railway was reopened?", index, workshop.embedder, workshop.reranker, 10, 2)
    assert len(found) == 2 and found[0].passage.document == "rail.txt"
