"""Questions that no document answers: another year or place, which no document has."""

from assistant.evaluation.near_misses import near_misses


def test_a_year_and_a_place_are_swapped_for_ones_that_no_document_has():
    known = {"2023", "2022", "Norway"}.__contains__
    assert list(near_misses("What did France export in 2022?", known)) == [
        "What did France export in 2021?",
        "What did Portugal export in 2022?",
    ]
    assert list(near_misses("Who signed the treaty?", known)) == []
    assert list(near_misses("What did France export in 2022?", lambda word: True)) == []
