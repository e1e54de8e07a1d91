"""Pairs of sentences that disagree on a value, and pairs that only seem to."""

import pytest
from disagree_parts import CARGO, TRADE, scored, two, values

from assistant.answer.disagreements.disagree import disagreements


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
        ("Who is the conductor?", "The conductor of the choir is Anna Berg.",
         "The conductor of the choir is Carl Holm.", "Anna Berg", "Carl Holm"),
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
        ("Who is the first violinist of the choir?", "The conductor of the choir is Anna Berg.",
         "The conductor of the choir is Carl Holm."),
        ("Who is the conductor of the Skarholm choir?", "The conductor of the Valmora choir is Anna Berg.",
         "The conductor of the Valmora choir is Carl Holm."),
        ("Who are the singers of the choir?", "The singers of the choir are Anna Berg.",
         "The singers of the choir are Carl Holm."),
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
