"""Questions from a document's own sentences: crooked ones are not made, and each is answered where it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ingest.suggest.asking import asked_of
from assistant.ingest.suggest.cells import asked_of_row
from assistant.ingest.suggest.suggest import suggest
from assistant.types import StoredPassage, StoredSentence

ASKED = {
    "On 17 April 2024 France recalled its ambassador to Baku for consultations.": (
        "When did France recall its ambassador to Baku for consultations?",
        "17 April 2024",
    ),
    "The bridge at Turku was opened in May 1975.": ("When was the bridge at Turku opened?", "May 1975"),
    "Since 16 July 2025 Chinese citizens have travelled without a visa.": (
        "Since when have Chinese citizens travelled without a visa?",
        "16 July 2025",
    ),
    "The ferry to Aktau carries 54 wagons.": ("How many wagons does the ferry to Aktau carry?", "54"),
    "In Azerbaijan 375 companies with Chinese capital are registered.": (
        "How many companies with Chinese capital are registered in Azerbaijan?",
        "375",
    ),
    "Trade between Norway and Chile came to $3.7 billion.": (
        "What did trade between Norway and Chile come to?",
        "$3.7 billion",
    ),
    "The tunnel under the Alps is about 57 km long.": ("How long is the tunnel under the Alps?", "57 km"),
    "Mary Fisher signed the treaty of Turku.": ("Who signed the treaty of Turku?", "Mary Fisher"),
    "The harbour of Turku was designed by Mary Fisher.": (
        "Who was the harbour of Turku designed by?",
        "Mary Fisher",
    ),
    "The treaty on fisheries was signed in Oslo.": ("Where was the treaty on fisheries signed?", "Oslo"),
    "A TEU is the usual unit of containers.": ("What is a TEU?", None),
    "Exports to Norway rose by 20.7% in 2022.": ("By how much did exports to Norway rise in 2022?", "20.7%"),
}


@pytest.mark.parametrize(("sentence", "expected"), ASKED.items(), ids=[q for q, _ in ASKED.values()])
def test_a_plain_sentence_is_asked_for(sentence, expected):
    assert expected in [(asked.question, asked.answer) for asked in asked_of(sentence, sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "It was signed in Oslo on 3 May 2020.",  # what was?
        "The treaty was not signed in Oslo in 2020.",
        "Did the treaty of Oslo enter into force in 2020?",
        "Anyone who stays longer than 15 days has to register in Baku.",
        "This treaty was signed in Oslo on 3 May 2020.",
        "The treaty of Oslo, it is said, was signed in 2020.",
        "Signed in Oslo in 2020.",
        "Die Brücke von Turku wurde im Mai 1975 eröffnet.",
    ],
)
def test_what_is_not_plain_is_left_alone(sentence):
    assert list(asked_of(sentence, sentence)) == []


def test_rows_are_asked_for_by_their_columns():
    found = [(a.question, a.answer) for a in asked_of_row("Year: 2019; Trade with China: 2.18; Source: Trend, 2020")]
    assert found == [("What was the trade with China in 2019?", "2.18")]
    found = [(a.question, a.answer) for a in asked_of_row("Project: Lake Boyukshor; Capacity: 100 MW; Note: 3 parts")]
    assert found == [("What capacity is given for “Lake Boyukshor”?", "100 MW")]
    row = "Period: First quarter of 2024; Item: Total trade; US$ million: 748.8"
    assert [a.question for a in asked_of_row(row)] == [
        "What was the total trade in the first quarter of 2024, in US$ million?"
    ]


def test_a_suggestion_says_where_its_answer_stands():
    text = "Harbours\nThe port of Turku was opened in May 1975. It has ten cranes."
    start, end = text.index("The port"), text.index(" It has")
    sentences = (
        StoredSentence(start, end, "paragraph", text[start:end], text[start:end]),
        StoredSentence(end + 1, len(text), "paragraph", text[end + 1 :], text[end + 1 :]),
    )
    passage = StoredPassage(1, "a.md", "0", "Harbours", None, None, "Harbours", 0, len(text), text, text, sentences)
    [found] = suggest(passage)
    assert found.question == "When was the port of Turku opened?"
    assert text[found.start : found.end] == "The port of Turku was opened in May 1975."
    assert found.answer in text[found.start : found.end]


@given(st.text(max_size=400), st.text(max_size=100))
def test_no_sentence_breaks_it(sentence, context):
    for asked in asked_of(sentence, context):
        assert asked.question.endswith("?") and (asked.answer is None or asked.answer in sentence)


@given(st.text(max_size=300))
def test_no_row_breaks_it(words):
    for asked in asked_of_row(words):
        assert asked.question.endswith("?") and asked.answer in words
