"""Which years and months a text speaks of."""

import pytest

from assistant.answer.guards.align import reading
from assistant.answer.periods import UNTOLD, period_of, periods

Y2024 = (2024 * 12 + 1, 2024 * 12 + 12)


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
