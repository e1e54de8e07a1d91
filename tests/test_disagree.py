"""Sources that give different values for the same thing, and those that only seem to."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from disagree_parts import CARGO, DIFFERENT, TRADE, scored, two, values
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.cite import quote_sentences
from assistant.answer.disagreements.disagree import (
    FURTHER_GAP,
    GAP,
    MOST,
    MOST_FOUND,
    Found,
    disagreements,
    told,
    with_sides,
)
from assistant.answer.extract import ScoredSentence
from assistant.events import CitationEvent, Event
from assistant.types import (
    BlockKind,
    Citation,
    DatedValue,
    Disagreement,
    RankedPassage,
    StoredPassage,
    StoredSentence,
)

Y2024 = (2024 * 12 + 1, 2024 * 12 + 12)


def test_a_forecast_and_a_later_result_are_told_by_the_topic() -> None:
    forecast = "The Middle Corridor is forecast to carry 4.2 million tons of cargo in 2024."
    [found] = two(CARGO, forecast, "The Middle Corridor carried 4.5 million tons of cargo in 2024.")
    assert found.topic == "cargo Middle Corridor carry 2024: forecast and result"
    [found] = two(CARGO, forecast, "The Middle Corridor will carry 4.9 million tons of cargo in 2024.")
    assert found.topic == "cargo Middle Corridor carry 2024"


def test_a_topic_has_no_word_that_only_the_question_has() -> None:
    query = "How many violinists does the Skarholm club have as members?"
    said = [scored(f"The club has {n} members.", f"{n}.md", None) for n in (500, 650)]
    assert [found.topic for found in disagreements(query, said)] == ["club members"]


def test_a_value_of_an_undated_document_has_the_date_of_its_sentence_and_stands_by_it() -> None:
    query = "How many members did the club have in 2023?"
    said = [
        scored("The club had 500 members in 2023.", "a.md", None),
        scored("In 2023 the club had 650 members.", "b.md", "2024-02"),
    ]
    assert values(disagreements(query, said)) == [[("650 members", "2024-02"), ("500 members", "2023")]]
    of_a_day = [scored(f"On 1 May 2023 the club had {n} members.", f"{n}.md", None) for n in (500, 650)]
    assert values(disagreements(query, of_a_day)) == [[("500 members", "2023-05-01"), ("650 members", "2023-05-01")]]


VERSION = (
    "The railway runs through hills and along the coast, past three harbours and a lighthouse. {} "
    "Trains stop at the market town, the quarry and the old mill; the fare is paid on board."
)
IN_VERSION = [
    ("Who leads the railway?", "The line, which {} leads with 24 guards, opened to visitors in 1990.",
     "Anna Berg", "Carl Holm"),
    ("How many guards work on the railway?",
     "The line, led by Anna Berg with {} guards and 40 drivers, opened in 1990.", "24", "31"),
    ("When did the railway open to visitors?", "Planned in 1975, the line led by Anna Berg opened to visitors in {}.",
     "1990", "1994"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "sentence", "old", "new"), IN_VERSION)
def test_in_two_versions_of_a_text_the_place_of_a_value_decides(
    query: str, sentence: str, old: str, new: str
) -> None:
    said = []
    for document, value in (("old.md", old), ("new.md", new)):
        words = sentence.format(value)
        text = VERSION.format(words)
        start = text.index(words)
        stored = StoredSentence(start, start + len(words), "paragraph", words, words)
        passage = StoredPassage(
            1, document, "0" * 64, document, None, None, "", 0, len(text), text, text, (stored,)
        )  # fmt: skip
        said.append(ScoredSentence(passage, stored, 5.0, 5.0, 5.0, 0.0))
    [found] = disagreements(query, said)
    assert {side.value.removesuffix(" guards") for side in found.sides} == {old, new}
    assert disagreements(query, [said[0], replace(said[1], passage=replace(said[0].passage, document="copy.md"),
                                                  sentence=said[0].sentence)]) == []  # fmt: skip


def test_a_passage_that_was_found_and_not_read_is_read_for_other_values() -> None:
    best, other = scored(DIFFERENT[0], "a.md"), scored(DIFFERENT[1], "b.md", "2026")
    passages = [replace(best.passage, id=1), replace(other.passage, id=2)]
    for score, expected in ((9.0 - FURTHER_GAP, 1), (8.9 - FURTHER_GAP, 0)):
        ranked = [RankedPassage(p, s, None, None) for p, s in zip(passages, (9.0, score), strict=True)]
        found = disagreements(TRADE, [best], ranked)
        assert len(found) == expected
        for each in found:
            assert with_sides([best], found)[1].passage.document == each.sides[0].source.passage.document == "b.md"


def test_one_document_does_not_disagree_with_itself() -> None:
    assert disagreements(TRADE, [scored(words, "a.md") for words in DIFFERENT]) == []
    assert len(disagreements(TRADE, [scored(w, f"{n}.md") for n, w in enumerate(DIFFERENT)])) == 1


def test_a_document_that_gives_both_values_explains_the_other() -> None:
    three = [scored(DIFFERENT[0], "a.md"), scored(DIFFERENT[1], "b.md"), scored(DIFFERENT[1], "a.md")]
    assert disagreements(TRADE, three) == []


def test_only_sentences_near_the_best_one_count() -> None:
    near = [scored(DIFFERENT[0], "a.md", score=9.0), scored(DIFFERENT[1], "b.md", score=5.0)]
    far = [near[0], scored(DIFFERENT[1], "b.md", score=-9.0)]
    assert near[0].score - near[1].score <= GAP < far[0].score - far[1].score
    assert len(disagreements(TRADE, near)) == 1
    assert disagreements(TRADE, far) == []
    many = [scored(f"Nothing is said here, for the time being, of number {n}.", f"{n}.md") for n in range(MOST)]
    assert disagreements(TRADE, [near[0], *many, near[0], scored(DIFFERENT[1], "b.md", score=9.0)]) == []


def test_three_documents_make_three_sides_and_equal_values_one() -> None:
    last = "Trade between Norland and Sudania is put at $9 billion."
    said = [
        scored(DIFFERENT[0], "a.md", "2023"),
        scored(DIFFERENT[1], "b.md", "2025-01"),
        scored(last, "c.md", None),
        scored(DIFFERENT[1], "d.md", "2021"),
    ]
    [found] = disagreements(TRADE, said)
    assert [(s.value, s.date, s.source.passage.document) for s in found.sides] == [
        ("$7 billion", "2025-01", "b.md"),
        ("$3 billion", "2023", "a.md"),
        ("$9 billion", None, "c.md"),
    ]
    assert found.topic == "trade Norland Sudania"


def told_of(
    found: Sequence[Found], citations: Sequence[Citation]
) -> tuple[tuple[Disagreement, ...], list[Citation], list[Event]]:
    """The disagreements as they are told, the citations added for them, and the events."""
    steps, events = told(found, citations), []
    while True:
        try:
            events.append(next(steps))
        except StopIteration as end:
            return *end.value, events


def test_a_written_answer_that_cites_one_side_gets_the_citation_of_the_other() -> None:
    a, b = scored(DIFFERENT[0], "a.md", "2023"), scored(DIFFERENT[1], "b.md", "2025")
    found = disagreements(TRADE, [a, b])
    _, _, citations = quote_sentences([a], TRADE)
    differing, added, events = told_of(found, citations)
    assert differing == (
        Disagreement(
            "trade Norland Sudania", (DatedValue("$7 billion", "2025", 2), DatedValue("$3 billion", "2023", 1))
        ),
    )
    assert [(c.n, c.quote) for c in added] == [(2, DIFFERENT[1])]
    assert events == [CitationEvent(added[0])]


def test_a_written_answer_that_cites_no_side_tells_of_no_disagreement() -> None:
    a, b = scored(DIFFERENT[0], "a.md", "2023"), scored(DIFFERENT[1], "b.md", "2025")
    _, _, citations = quote_sentences([scored("Norland and Sudania trade a great deal.", "z.md")], TRADE)
    assert told_of(disagreements(TRADE, [a, b]), citations) == ((), [], [])


def test_every_side_becomes_a_sentence_of_the_answer_and_is_numbered_by_it() -> None:
    best = scored("Norland and Sudania trade a great deal.", "z.md", score=9.0)
    a, b = scored(DIFFERENT[0], "a.md", "2023"), scored(DIFFERENT[1], "b.md", "2025")
    found = disagreements(TRADE, [best, a, b])
    chosen = with_sides([best, b], found)
    assert chosen == [best, b, a]
    _, _, citations = quote_sentences(chosen, TRADE)
    sides = (DatedValue("$7 billion", "2025", 2), DatedValue("$3 billion", "2023", 3))
    assert told_of(found, citations) == ((Disagreement("trade Norland Sudania", sides),), [], [])
    assert with_sides([best], []) == [best]
    assert disagreements(TRADE, []) == []


def test_a_question_without_a_period_joins_an_undated_value_to_the_year_of_its_document() -> None:
    undated = scored(DIFFERENT[0], "a.md", "2024-07-22")
    for year, expected in ((2024, 1), (2023, 0)):
        dated = scored(f"Trade between Norland and Sudania came to $3.744 billion in {year}.", "b.md", "2025-05-06")
        assert len(disagreements(TRADE, [undated, dated])) == expected
    in_2024 = f"{TRADE[:-1]} in 2024?"
    assert disagreements(in_2024, [undated, scored(DIFFERENT[1][:-1] + " for 2024.", "b.md")]) == []


ROW = "Year: 2022; Trade (US$ billion): 2.15; Gas to the EU (bcm): {}; Remark: as reported in 2023"


def test_rows_are_read_cell_by_cell_with_the_unit_of_their_header() -> None:
    query = "How much gas did Norland supply to the EU in 2022?"
    rows = [
        scored(ROW.format(12), "a.csv", "2022", kind="row"),
        scored(ROW.format("11.4"), "b.csv", "2025", kind="row"),
    ]
    assert values(disagreements(query, rows)) == [[("11.4 bcm", "2025"), ("12 bcm", "2022")]]
    assert disagreements(query.replace("2022", "2021"), rows) == []
    text = scored("In 2022 the EU got 12.9 bcm of gas from Norland.", "c.md", "2026")
    assert values(disagreements(query, [rows[0], text])) == [[("12.9 bcm", "2026"), ("12 bcm", "2022")]]


def test_rows_take_scale_and_unit_from_a_column_or_a_header() -> None:
    query = "How much cargo did the corridor carry from January to July 2024?"
    row = "Period: January–July 2024; Indicator: Cargo on the corridor; Amount: {}; Unit: million tons; Change: +62%"
    same = scored("The corridor carried 2,500,000 tons of cargo from January to July 2024.", "c.md")
    other = scored("The corridor carried 2.8 million tons of cargo from January to July 2024.", "d.md", "2025")
    assert disagreements(query, [scored(row.format("2.5"), "a.xlsx", kind="row"), same]) == []
    found = disagreements(query, [scored(row.format("2.5"), "a.xlsx", "2024", kind="row"), other])
    assert values(found) == [[("2.8 million tons", "2025"), ("2.5 million tons", "2024")]]
    money = "Year: 2022; Trade with Sudania (US$ billion): {}"
    two_rows = [scored(money.format(n), f"{n}.csv", kind="row") for n in (2.15, 2.9)]
    found = disagreements("How much trade with Sudania was there in 2022?", two_rows)
    assert values(found) == [[("2.15 US$ billion", "2024-07-01"), ("2.9 US$ billion", "2024-07-01")]]


def test_a_yes_or_no_question_asks_for_what_its_best_sentence_has() -> None:
    a, b = "The corridor will carry 4.2 million tons in 2024.", "The corridor carried 4.5 million tons in 2024."
    query = "Was the forecast for the corridor met?"
    title = "The Middle Corridor of Norland"
    found = disagreements(query, [scored(a, "a.md", "2024", title=title), scored(b, "b.md", "2025", title=title)])
    assert values(found) == [[("4.5 million tons", "2025"), ("4.2 million tons", "2024")]]


PIECES = st.sampled_from(
    """trade cargo Norland Sudania $3 7 billion million tons about 2024 2019 in of — – % 12.5 1,279 ½ (bcm) ( ) ;
    Year: Amount: Unit: January–July Q1 first quarter several no fewer than three 3 July that year earlier 10⁶
    US$ : -5 up to days 30 -- \u200b \u00a0 1/0 dozens X IV first last half point ’ “ 99999999999999""".split()
)
TEXTS = st.lists(PIECES, min_size=1, max_size=25).map(" ".join) | st.text(max_size=60)
KINDS = st.sampled_from(["paragraph", "row", "item"])
QUESTIONS = st.sampled_from([TRADE, CARGO, "How many?", "When?", "Is it?", "What share?", "How long?", ""]) | TEXTS


@given(QUESTIONS, st.lists(st.tuples(TEXTS, KINDS, st.integers(0, 2)), min_size=1, max_size=6))
def test_any_text_is_read_and_values_are_in_their_sentences(
    query: str, given_sentences: list[tuple[str, BlockKind, int]]
) -> None:
    said = [scored(text, f"{n}.md", None, kind=kind) for text, kind, n in given_sentences]
    found = disagreements(query, said)
    assert len(found) <= MOST_FOUND
    for each in found:
        assert len(each.sides) >= 2
        assert len({side.source.passage.document for side in each.sides}) == len(each.sides)
        for side in each.sides:
            words = " ".join(side.source.sentence.words.split())
            assert all(part in words for part in side.value.split()), (side.value, words)
            assert side.source.sentence.kind == "row" or side.value in words


@given(QUESTIONS, TEXTS, KINDS)
def test_no_sentence_disagrees_with_itself(query: str, text: str, kind: BlockKind) -> None:
    assert disagreements(query, [scored(text, "a.md", kind=kind), scored(text, "b.md", kind=kind)]) == []
