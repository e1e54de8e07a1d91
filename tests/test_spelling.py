"""Misspelt words of a question: which are mended, and which are left as they are."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from split_parts import LIMITS, count_tokens, document

from assistant.answer.spelling import respelled
from assistant.answer.terms import WORD
from assistant.ingest.split import split
from assistant.store.catalog import Catalog

TEXTS = (
    "The Beroids are ctenophores with stiffened cilia. Corruption in the Parliament of Kenya was reported.",
    "Marlee Matlin signed at the Super Bowl. The treaty of Maastricht has guarantees; ARPANET began in 1969.",
    "Slovenia and Australia signed a memorandum with Mr Hanson in the centre of Bendigo on its merits.",
)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory) -> Catalog:
    path: Path = tmp_path_factory.mktemp("catalog") / "catalog.sqlite"
    new = Catalog.create(path)
    for n, text in enumerate(TEXTS):
        built = document(("p", text), title=f"Notes {n}")
        new.add(replace(built, path=f"{n}.txt"), split(built, count_tokens, LIMITS))
    new.close()
    return Catalog.open(path)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How do beriods eat?", "How do Beroids eat?"),  # letters that changed places
        ("What do Beriods use as teeth?", "What do Beroids use as teeth?"),
        ("Does Kenya curb coruption?", "Does Kenya curb Corruption?"),  # one left out
        ("Who sits in the parliment?", "Who sits in the Parliament?"),
        ("What are ctenophhores?", "What are ctenophores?"),  # one put in
        ("When did ARPNET begin?", "When did ARPANET begin?"),
        ("Was it signed at Maastrich?", "Was it signed at Maastricht?"),
        ("Who signed at Superbowl 50?", "Who signed at Super bowl 50?"),  # two words as one
        ("Who signed the memorandm?", "Who signed the memorandum?"),
        ("What was reportd?", "What was reported?"),  # in an ending
        ("Is there a garantee?", "Is there a guarantees?"),
        ("What memorundum was signed?", "What memorandum was signed?"),  # one wrong
    ],
)
def test_a_slip_of_the_pen_is_put_as_the_documents_write_it(catalog: Catalog, question: str, expected: str) -> None:
    assert respelled(question, catalog) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Who governs Slovakia?",  # another country, and in the dictionary
        "What of Austria?",
        "Who met Mr Hansen?",  # in a name no letter is exchanged
        "Where is El Centro?",  # nor for a word that is none
        "Who fought the Merkits?",  # is not "merits"
        "What percentage was counted?",  # an English word that no document has
        "What is septicemia?",
        "Is it plastome?",
        "What is ABCDE-12?",
        "Kim qalib gəldi?",
        "",
    ],
)
def test_any_other_word_is_left_as_it_is(catalog: Catalog, question: str) -> None:
    assert respelled(question, catalog) == question


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*WORD.findall(" ".join(TEXTS)), "beriods", "\\1", "a-b"])).map(" ".join)
)
def test_words_that_the_documents_hold_are_kept_and_mending_ends(catalog: Catalog, question: str) -> None:
    mended = respelled(question, catalog)
    assert respelled(mended, catalog) == mended
    words = iter(WORD.findall(mended))
    assert all(word in words for word in WORD.findall(question) if catalog.frequency(word, 1))
