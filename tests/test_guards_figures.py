"""Figures, dates and times: how they are read, and when a source has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.guards.align import reading
from assistant.answer.guards.figures import check_figures
from assistant.answer.support import check


def figures(text: str) -> list[tuple[float | None, str | None]]:
    return [(f.value, f.unit.dimension if f.unit else None) for f in reading([text]).figures]


def dates(text: str) -> list[tuple[int | None, int | None, int | None]]:
    return [(d.year, d.month, d.day) for d in reading([text]).dates]


def problems(claim: str, source: str) -> list[str]:
    return check_figures(reading([claim]), reading([source]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2.7 million tons", [(2.7e6, "mass")]),
        ("2,700,000 tons", [(2.7e6, "mass")]),
        ("2 700 000 tons", [(2.7e6, "mass")]),
        ("$3bn", [(3e9, "USD")]),
        ("US$2.18 billion", [(2.18e9, "USD")]),
        ("3 billion US dollars", [(3e9, "USD")]),
        ("€5 and 7 manat", [(5, "EUR"), (7, "AZN")]),
        ("two hundred and fifty", [(250, None)]),
        ("five hundred thousand two hundred and one", [(500201, None)]),
        ("half a million people", [(5e5, None)]),
        ("a dozen eggs", [(12, None)]),
        ("one and a half hours", [(1.5, "time")]),
        ("2½ hours", [(2.5, "time")]),
        ("two-thirds of it", [(2 / 3, "ratio")]),
        ("5 per cent or 3 percentage points", [(5, "ratio"), (3, "points")]),
        ("-5 °C, minus 7 degrees", [(-5, "temperature_c"), (-7, "angle")]),
        ("10-20 km", [(10, "length"), (20, "length")]),
        ("between 10 and 20 million tons", [(1e7, "mass"), (2e7, "mass")]),
        ("a 30-day limit", [(30, "time")]),
        ("60 miles per hour", [(60, "speed")]),
        ("World War II", [(2, None)]),
        ("the twenty-first century", [(21, None)]),
        ("10⁶ cells, 5 × 10⁶ cells", [(1e6, None), (5e6, None)]),
        ("four five", [(4, None), (5, None)]),
    ],
)
def test_figures_are_read(text: str, expected: list[tuple[float, str | None]]) -> None:
    assert figures(text) == [(pytest.approx(value), unit) for value, unit in expected]


@pytest.mark.parametrize(
    "text", ["3 July 2024", "July 3, 2024", "3rd of July 2024", "July 3rd 2024", "2024-07-03", "3 Jul. 2024"]
)
def test_a_date_is_one_date_in_all_its_forms(text: str) -> None:
    assert dates(f"Signed on {text.replace('Jul.', 'Jul')}.") == [(2024, 7, 3)]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("more than 5 men", "over"),
        ("no more than 5 men", "most"),
        ("fewer than 5 men", "under"),
        ("no fewer than 5 men", "least"),
        ("not less than 5 men", "least"),
        ("up to 5 men", "most"),
        ("a minimum of 5 men", "least"),
        ("5 men or more", None),
        ("5 or more men", "least"),
        ("other than 5 men", None),
    ],
)
def test_bounds_are_read(text: str, bound: str | None) -> None:
    assert [f.bound for f in reading([text]).figures] == [bound]


def test_other_dates_and_times() -> None:
    assert dates("on 3-4 July, in May, the 1990s, 44 BC, AD 79") == [
        (None, 7, 3), (None, 7, 4), (None, 5, None), (1990, None, None), (-44, None, None), (79, None, None),
    ]  # fmt: skip
    assert dates("2008-09") == [(2008, None, None), (2009, None, None)]
    assert [d.minute for d in reading(["10:30 pm, 10 a.m., 17:45 and noon"]).dates] == [1350, 600, 1065, 720]
    assert dates("You may march on.") == []


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("It takes 90 days.", "It takes ninety days."),
        ("It takes 1.5 hours.", "It takes 90 minutes."),
        ("Half of them left.", "50% of them left."),
        ("Trade is $3 billion.", "Trade is approximately $3 billion."),
        ("Trade is about $3 billion.", "Trade was $2.97 billion."),
        ("Over 57,000 came.", "57,412 people came."),
        ("It was signed in July 2024.", "It was signed on 03.07.2024."),
        ("It was signed in 2024.", "It was signed on July 3, 2024."),
        ("It opened on 5 May 2020.", "On 5 May it opened; this was in 2020."),
        ("One of the members left.", "A member left."),
        ("It doubled.", "It grew by two times."),
        ("The Second World War ended.", "World War II ended."),
        ("At least three voted for it.", "No fewer than three voted for it."),
        ("At most three voted for it.", "Not more than three voted for it."),
        ("20% of them left.", "One in five of them left."),
        ("Two out of five of them left.", "Two in five of them left."),
        ("It lasts 2.5 hours.", "It lasts two hours and a half."),
        ("BRCA 1 carriers were asked.", "BRCA1 carriers were asked."),
        ("The factor Oct3/4 binds it.", "The factor Oct4 binds it."),
        (
            "Kiel bought the fair in 1997.",
            "In 1997, after a vote, Kiel bought the fair. The fair of 1994 was in Rome.",
        ),
    ],
)
def test_the_source_has_the_value(claim: str, source: str) -> None:
    assert problems(claim, source) == []


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Claims are due within 90 days.", "Claims are due within 30 days."),
        ("Claims are due within 90 days.", "Claims are due within 90 hours."),
        ("It rose by 5%.", "It rose by 5 percentage points."),
        ("It costs €5.", "It costs $5."),
        ("It cost 3 billion.", "It cost 3 million."),
        ("It is -5 degrees.", "It is 5 degrees."),
        ("Trade is about $3 billion.", "Trade was $2.2 billion."),
        ("Three ships sank.", "Two ships sank."),
        ("It was signed on 3 July 2024.", "It was signed in 2024."),
        ("It was signed on 3 July 2023.", "It was signed on 3 July 2024, not in 2023."),
        ("It opens at 10 a.m.", "It opens at 10 p.m."),
        ("The third ship sank.", "The fourth ship sank."),
        ("One ship sank near Baku.", "Two ships sank near Baku."),
        ("He made 4 interceptions.", "He has 4 Pro Bowl selections and leads in interceptions with 5."),
        ("In 1990, 30 people died.", "In 1990, 25 people died. In 1995, 30 people died."),
        ("Lima has 12 ports and Quito 9.", "Lima has 9 ports and Quito 12."),
        ("At most three voted for it.", "No fewer than three voted for it."),
        ("At least three voted for it.", "No more than three voted for it."),
        ("Prices fell by 40%.", "Prices fell to 40% of what they were."),
        ("One in five of them left.", "One in six of them left."),
    ],
)
def test_the_source_does_not_have_the_value(claim: str, source: str) -> None:
    assert problems(claim, source)


@given(st.integers(1, 999_999), st.integers(1, 999_999))
def test_a_figure_is_found_with_separators_and_no_other_is(a: int, b: int) -> None:
    assert problems(f"There were {a:,} visitors.", f"There were {a} visitors.") == []
    assert bool(problems(f"There were {a:,} visitors.", f"There were {b:,} visitors.")) == (a != b)


@given(st.text(max_size=60))
def test_spans_are_in_order_and_within_the_text(text: str) -> None:
    read = reading([text])
    for values in (read.figures, read.dates):
        assert all(0 <= v.start < v.end <= len(read.text.tokens) for v in values)
    assert all(a.start <= b.start for a, b in zip(read.figures, read.figures[1:], strict=False))


@pytest.mark.parametrize("text", ["0¹", "0×10^5", "0 × 10 ^ -3", "9999999999999^99", "7^0"])
def test_powers_of_nothing_and_beyond_all_numbers_are_read_without_an_error(text: str) -> None:
    check(text, [f"{text} and 3"])
    check(f"It grew by {text} tons.", ["It shrank by 3 tons."])
