"""What small chat models do to sources, and abbreviations that readers write out, as the rules judge them."""

import pytest

from assistant.answer.support import check

AIRPORTS = (
    "The county has the Northfield aerodrome, the second busiest of the state; Eastport Airfield, the largest glider"
    " field; Westville Airport, the oldest cargo airport of the state; and smaller strips."
)
LAKE = (
    "In 1973 Alder named Birch as head of the Lake Office, a body created to watch the Lake. Cedar founded the fleet."
)
STONES = (
    "Stones thought to represent an altar were found in 1973 and reportedly lie below the mosaic. Their keeper, who"
    " is said to have lived in a cave, said to the mayor that a flood carried them to the mosaic."
)
COUNCIL = (
    "The role of committees in the Northern Parliament is to hear witnesses. The fort at Dover was built of stone."
)


@pytest.mark.parametrize(
    ("sentence", "source", "problem"),
    [
        ("Eastport Airfield is the oldest cargo airport of the state.", AIRPORTS, "of another item of its list"),
        ("The Lake Office, created by Birch, was to watch the Lake.", LAKE, "does not say 'created by Birch'"),
        ("The Northern Parliament is a committee that is to hear witnesses.", COUNCIL, "does not say 'Northern"),
        ("Cedar founded the fleet, which is based on another fleet.", LAKE, "'which is based on another fleet'"),
        ("Birch was head of the Lake Office, and the emblem was a heron.", LAKE, "'and the emblem was a heron'"),
        ("The stones found represent an altar.", STONES, "'thought' of 'represent'"),
        ("The stones lie below the mosaic.", STONES, "'reportedly' of 'lie'"),
        ("The keeper of the stones lived in a cave.", STONES, "'said' of 'lived'"),
        (
            "The fleet of Cedar watch, the fleet of Cedar watch, the fleet of Cedar watch, the fleet of Cedar watch",
            "Cedar founded the fleet to watch the Lake.",
            "times",
        ),
    ],
)
def test_what_a_small_model_mixes_is_told(sentence: str, source: str, problem: str) -> None:
    verdict = check(sentence, [source])
    assert any(problem in line for line in verdict.problems), verdict.problems


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Westville Airport is the oldest cargo airport of the state.", AIRPORTS),
        ("The county has Eastport Airfield and Westville Airport.", AIRPORTS),
        ("The fleet was founded by Cedar.", LAKE),
        ("Birch was head of the Lake Office, which was created to watch the Lake.", LAKE),
        ("Birch was named by Alder as head of the Lake Office.", LAKE),
        ("The Dover fort was built of stone.", COUNCIL),
        ("Birch was head of the Lake Office, and the Office was to watch the Lake.", LAKE),
        ("Stones that may represent an altar were found in 1973.", STONES),
        ("The stones were found in 1973.", STONES),
        ("A flood carried the stones, the keeper told the mayor.", STONES),
        ("Northern Parliament is a parliament.", "The Northern Parliament sits in May."),
        (
            "It was sunk again and again and again and again.",
            "It was sunk again and again and again and again, often.",
        ),
    ],
)
def test_what_the_source_says_of_the_same_thing_is_no_mixture(sentence: str, source: str) -> None:
    assert check(sentence, [source]).problems == ()


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Quercus robur grows slowly.", "It was seen that Q robur grows slowly."),
        ("The North Sea Fund (NSF) pays for boats.", "The NSF pays for boats."),
        ("North sea fund 7 pays for boats.", "NSF7 pays for boats."),
        ("The NSF2 pays for boats.", "The north sea fund 2 pays for boats."),
        ("The tide factor EB rose in spring.", "TFEB rose in spring."),
        ("Caspase-3 was found in the leaf.", "We saw that CASP3 was found in the leaf."),
        ("Enzyme KLM4 was found in leaves.", "KLM4 was found in leaves."),
        ("TNF-alpha was found in leaves.", "TNF-α was found in leaves."),
        ("76% of the boats came home.", "Of the boats 76.3% came home."),
        ("The ban did not reduce theft.", "There was a non-significant reduction in theft."),
        ("The drug inhibits growth of weeds.", "The drug reduced growth of weeds."),
        ("Cardiac death was rarer.", "Deaths of the heart were rarer."),
    ],
)
def test_other_forms_of_a_name_or_word_are_known(sentence: str, source: str) -> None:
    assert check(sentence, [source]).problems == ()


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Quercus robur grows slowly.", "It was seen that F robur grows slowly."),
        ("The North Sea Fund (NSF) pays for boats.", "The NMF pays for boats."),
        ("North sea fund 7 pays for boats.", "NSF8 pays for boats."),
        ("Caspase-8 was found in the leaf.", "We saw that CASP3 was found in the leaf."),
        ("TNF-beta was found in leaves.", "TNF-α was found in leaves."),
        ("77% of the boats came home.", "Of the boats 76.3% came home."),
        ("3 of the boats came home.", "Of the boats 2.7 came home."),
        ("The ban did not reduce theft.", "There was a significant reduction in theft."),
        ("The drug increases growth of weeds.", "The drug reduced growth of weeds."),
    ],
)
def test_another_name_or_figure_is_still_told(sentence: str, source: str) -> None:
    assert not check(sentence, [source]).supported
