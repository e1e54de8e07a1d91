"""Sources that give different values for the same thing, and those that only seem to."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
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
from assistant.answer.guards.align import reading
from assistant.answer.periods import UNTOLD, period_of, periods
from assistant.types import (
    BlockKind,
    Citation,
    CitationEvent,
    DatedValue,
    Disagreement,
    Event,
    RankedPassage,
    StoredPassage,
    StoredSentence,
)

TRADE = "How much trade is there between Norland and Sudania?"
CARGO = "How much cargo did the Middle Corridor carry in 2024?"
Y2024 = (2024 * 12 + 1, 2024 * 12 + 12)


def scored(
    words: str,
    document: str,
    date: str | None = "2024-07-01",
    score: float = 5.0,
    kind: BlockKind = "paragraph",
    heading: str = "",
    title: str = "Notes",
    before: str = "",
) -> ScoredSentence:
    """A sentence of a document, alone in its passage or after another one."""
    start = len(before) + 1 if before else 0
    sentence = StoredSentence(start, start + len(words), kind, words, words)
    sentences = (StoredSentence(0, len(before), "paragraph", before, before), sentence) if before else (sentence,)
    text = f"{before} {words}".strip()
    passage = StoredPassage(
        1, document, "0" * 64, title, date, None, heading, 0, len(text), text, text, sentences
    )  # fmt: skip
    return ScoredSentence(passage, sentence, score, score, score, 0.0)


def values(found: list[Found]) -> list[list[tuple[str, str | None]]]:
    return [[(side.value, side.date) for side in each.sides] for each in found]


def two(query: str, a: str, b: str) -> list[Found]:
    """What two sentences of different documents disagree on."""
    return disagreements(query, [scored(a, "a.md", "2024-07-01"), scored(b, "b.md", "2025-05-01")])


@pytest.mark.parametrize(
    ("query", "a", "b", "older", "newer"),
    [
        (
            TRADE,
            "Trade between Norland and Sudania is put at about $3 billion.",
            "Trade between Norland and Sudania amounts to $2.18 billion.",
            "about $3 billion",
            "$2.18 billion",
        ),
        (
            CARGO,
            "The Middle Corridor is forecast to carry 4.2 million tons of cargo in 2024.",
            "The Middle Corridor carried 4.5 million tons of cargo in 2024.",
            "4.2 million tons",
            "4.5 million tons",
        ),
        (
            "How long may a visitor stay in Norland?",
            "A visitor may stay in Norland for up to 30 days.",
            "A visitor may stay in Norland for up to 90 days.",
            "up to 30 days",
            "up to 90 days",
        ),
        (
            "What share of imports comes from Sudania?",
            "Sudania supplies 17.7% of the imports of Norland.",
            "Sudania supplies 12% of the imports of Norland.",
            "17.7%",
            "12%",
        ),
        (
            "When was the treaty between Norland and Sudania signed?",
            "The border treaty between Norland and Sudania was signed on 3 July 2024.",
            "The border treaty between Norland and Sudania was signed on 5 July 2024.",
            "3 July 2024",
            "5 July 2024",
        ),
        (
            "How many member states signed the charter?",
            "No fewer than three member states signed the charter of Norland.",
            "Several member states signed the charter of Norland.",
            "No fewer than three member states",
            "Several member states",
        ),
        (
            "How far is the harbour from the capital?",
            "The harbour lies 120 km from the capital.",
            "The harbour lies 90 miles from the capital.",
            "120 km",
            "90 miles",
        ),
        (
            "How many people died in the Norland flood?",
            "The flood in Norland killed 120 people.",
            "The flood in Norland killed 145 people.",
            "120 people",
            "145 people",
        ),
    ],
)
def test_different_values_are_shown_newest_first(query: str, a: str, b: str, older: str, newer: str) -> None:
    assert values(two(query, a, b)) == [[(newer, "2025-05-01"), (older, "2024-07-01")]]


@pytest.mark.parametrize(
    ("query", "a", "b"),
    [
        pytest.param(
            TRADE,
            "Trade between Norland and Sudania was $2.18 billion in 2019.",
            "Trade between Norland and Sudania was $2.15 billion in 2022.",
            id="other year",
        ),
        pytest.param(
            CARGO,
            "From January to July 2024 the Middle Corridor carried 2.5 million tons of cargo.",
            "The Middle Corridor carried 4.5 million tons of cargo in 2024.",
            id="part of the year",
        ),
        pytest.param(
            TRADE,
            "Trade between Norland and Sudania is put at about $3 billion.",
            "Trade between Norland and Sudania amounts to $2.98 billion.",
            id="rounded",
        ),
        pytest.param(
            "How much cargo did the corridor carry?",
            "The corridor carried 2.7 million tons of cargo.",
            "The corridor carried 2,700,000 tonnes of cargo.",
            id="other form",
        ),
        pytest.param(
            "How far is the harbour from the capital?",
            "The harbour lies 100 km from the capital.",
            "The harbour lies 62.1 miles from the capital.",
            id="other unit",
        ),
        pytest.param(
            "How much gas should Norland send?",
            "Norland is to send at least 20 bcm of gas a year.",
            "Norland is to send 22 bcm of gas a year.",
            id="within its bound",
        ),
        pytest.param(
            TRADE,
            "Trade between Norland and Sudania is put at $3 billion.",
            "Trade between Norland and Westmark is put at $7 billion.",
            id="other country",
        ),
        pytest.param(
            TRADE,
            "Exports of Norland to Sudania are put at $3 billion.",
            "Imports of Norland from Sudania are put at $7 billion.",
            id="opposite",
        ),
        pytest.param(
            TRADE,
            "Trade between Norland and Sudania is put at $3 billion.",
            "Trade between Norland and Sudania is put at 5 billion yuan.",
            id="other currency",
        ),
        pytest.param(
            "How many people live in Norland?",
            "In Norland 120 people live in the castle.",
            "In Norland 145 horses live in the castle.",
            id="other things counted",
        ),
        pytest.param(
            "Who governs trade between Norland and Sudania?",
            "Trade between Norland and Sudania is put at $3 billion.",
            "Trade between Norland and Sudania is put at $7 billion.",
            id="no value asked for",
        ),
        pytest.param(
            "When did trade between Norland and Sudania begin?",
            "Trade between Norland and Sudania is put at $3 billion.",
            "Trade between Norland and Sudania is put at $7 billion.",
            id="another kind asked for",
        ),
        pytest.param(
            "When was the treaty signed?",
            "The border treaty between Norland and Sudania was signed on 3 July 2024.",
            "The border treaty between Norland and Sudania was signed in July 2024.",
            id="less exact date",
        ),
        pytest.param(
            TRADE,
            "Trade between Norland and Sudania was $3 billion a year earlier.",
            "Trade between Norland and Sudania was $7 billion a year earlier.",
            id="period that is not told",
        ),
        pytest.param(
            TRADE,
            "Trade between Norland and Sudania rose from $2 billion to $3 billion.",
            "Trade between Norland and Sudania is put at $7 billion.",
            id="two values in a sentence",
        ),
    ],
)
def test_what_only_seems_to_disagree_is_not_named(query: str, a: str, b: str) -> None:
    assert two(query, a, b) == []


DIFFERENT = (
    "Trade between Norland and Sudania is put at $3 billion.",
    "Trade between Norland and Sudania is put at $7 billion.",
)


@pytest.mark.parametrize(
    ("query", "a", "b", "value_a", "value_b"),
    [
        ("How much was the fee in 2023?", "The fee for 2023 was 100 euros.", "In 2023 the fee was 120 euros.",
         "100 euros", "120 euros"),
        ("When was the contract signed?", "The contract was signed on 3 May 2021.",
         "The contract was signed on 4 May 2021.", "3 May 2021", "4 May 2021"),
        ("Where is the seat of the organisation?", "The organisation is based in Geneva.",
         "The seat of the organisation is Vienna.", "Geneva", "Vienna"),
        ("Who is the director of the museum?", "The director of the museum is Anna Berg.",
         "The museum's director is Carl Holm.", "Anna Berg", "Carl Holm"),
        ("What is the capital of Norland?", "The capital of Norland is Norburg.", "Norland's capital is Westville.",
         "Norburg", "Westville"),
        ("Who won the 2020 final?", "The 2020 final was won by Norland.", "The 2020 final was won by Sudania.",
         "Norland", "Sudania"),
        ("Where does Norland rank in steel production?", "Norland ranks third in steel production.",
         "Norland ranks fourth in steel production.", "third", "fourth"),
        ("What time does the museum open?", "The museum opens at 9 am.", "The museum opens at 10 am.",
         "9 am", "10 am"),
        ("How many members does the club have?", "The club has 500 members.", "The club has 650 members.",
         "500 members", "650 members"),
        ("How long is the notice period?", "The notice period is three months.", "The notice period is six weeks.",
         "three months", "six weeks"),
        ("What percentage of voters took part?", "Turnout was 61.2% of voters.", "Turnout was 58% of voters.",
         "61.2%", "58%"),
        ("What is the speed limit in the town?", "The speed limit in the town is 50 km/h.",
         "The speed limit in the town is 30 km/h.", "50 km/h", "30 km/h"),
        ("Is the museum open on Mondays?", "The museum is open on Mondays.", "The museum is not open on Mondays.",
         "open", "not open"),
        ("Are dogs allowed in the park?", "Dogs are allowed in the park.", "Dogs are forbidden in the park.",
         "allowed", "forbidden"),
    ],
)  # fmt: skip
def test_short_notes_that_differ_in_a_value_a_name_or_a_no(
    query: str, a: str, b: str, value_a: str, value_b: str
) -> None:
    for first, second in ((a, b), (b, a)):
        found = disagreements(query, [scored(first, "a.md", None), scored(second, "b.md", None)])
        assert [{side.value for side in each.sides} for each in found] == [{value_a, value_b}]


@pytest.mark.parametrize(
    ("query", "a", "b"),
    [
        ("How many members does the club have?", "In 2019 the club had 500 members.",
         "In 2023 the club had 650 members."),
        ("What is the price of the ticket?", "In 2019 the ticket cost 5 euros.", "In 2023 the ticket cost 7 euros."),
        ("How much did the fund hold?", "On 3 May 2021 the fund held 5 million euros.",
         "On 4 May 2022 the fund held 7 million euros."),
        ("How much was trade?", "Trade came to about 2.3 bn euros.", "Trade came to 2.31 bn euros."),
        ("How long is the warranty?", "The warranty lasts two years.", "The warranty lasts 24 months."),
        ("How much is the premium plan?", "The premium plan costs 20 euros.", "The basic plan costs 10 euros."),
        ("Who is the director of the museum?", "The director of the museum is Anna Berg.",
         "The museum's director is Dr Anna Berg."),
        ("Who visited the museum?", "The museum was visited by Anna Berg.", "The museum was visited by Carl Holm."),
        ("Which countries border Norland?", "Norland borders Sudania.", "Norland borders Westmark."),
        ("Who is the minister of finance?", "The minister of finance is Anna Berg.",
         "The minister of justice is Carl Holm."),
        ("When was the treaty signed?", "The border treaty of Norland was signed on 3 July 2024.",
         "The border treaty of Norland entered into force on 5 August 2024."),
        ("When did the club meet?", "The club met on 3 May 2021.", "The club met on 7 June 2021."),
        ("What time does the museum open?", "The museum opens at 9 am.", "The museum closes at 5 pm."),
        ("Is the museum open on Mondays?", "The museum is not open on Mondays.", "The museum is open on Sundays."),
        ("Is the museum open on Mondays?", "The museum is open.", "The cafe is not open."),
    ],
)  # fmt: skip
def test_short_notes_that_only_seem_to_differ(query: str, a: str, b: str) -> None:
    for first, second in ((a, b), (b, a)):
        assert disagreements(query, [scored(first, "a.md", None), scored(second, "b.md", None)]) == []


def test_a_forecast_and_a_later_result_are_told_by_the_topic() -> None:
    forecast = "The Middle Corridor is forecast to carry 4.2 million tons of cargo in 2024."
    [found] = two(CARGO, forecast, "The Middle Corridor carried 4.5 million tons of cargo in 2024.")
    assert found.topic == "cargo Middle Corridor carry 2024: forecast and result"
    [found] = two(CARGO, forecast, "The Middle Corridor will carry 4.9 million tons of cargo in 2024.")
    assert found.topic == "cargo Middle Corridor carry 2024"


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in 2024", {Y2024}),
        ("January–July 2024", {(2024 * 12 + 1, 2024 * 12 + 7)}),
        ("In 2024, from January to July", {(2024 * 12 + 1, 2024 * 12 + 7)}),
        ("the first quarter of 2024", {(2024 * 12 + 1, 2024 * 12 + 3)}),
        ("Q4 2024", {(2024 * 12 + 10, 2024 * 12 + 12)}),
        ("the last quarter of 2024", {(2024 * 12 + 10, 2024 * 12 + 12)}),
        ("the second half of 2024", {(2024 * 12 + 7, 2024 * 12 + 12)}),
        ("the first nine months of 2024", {(2024 * 12 + 1, 2024 * 12 + 9)}),
        ("on 3 July 2024", set()),
        ("(Reuters, July 2024)", set()),
        ("he said in June 2024", set()),
        ("in 2019 and 2024", {(2019 * 12 + 1, 2019 * 12 + 12), Y2024}),
    ],
)
def test_periods(text: str, expected: set[tuple[int, int]]) -> None:
    assert periods(text) == expected


def test_a_period_is_taken_from_the_sentence_then_the_one_before_then_the_heading() -> None:
    bare, that_year = reading(["Trade came to $3 billion."]), reading(["Trade of that year came to $3 billion."])
    assert period_of(bare, 3, "", "") is None
    assert period_of(bare, 3, "", "The year 2024") == Y2024
    assert period_of(that_year, 5, "For 2024 there is an estimate.", "The year 2019") == Y2024
    assert period_of(that_year, 5, "", "") == UNTOLD
    whole = reading(["The forecast of August 2024 is 4.2 million tons for the whole of 2024."])
    assert period_of(whole, 5, "", "") == Y2024
    nearest = reading(["Trade was $2 billion in 2019, and so as high as in 2024."])
    assert period_of(nearest, 2, "", "") == (2019 * 12 + 1, 2019 * 12 + 12)


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
