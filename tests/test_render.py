"""Answers as text."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from assistant.answer.calibration import AskedSet, Calibration, MadeWith, Rate, Refusal
from assistant.answer.cite import readable
from assistant.answer.confidence import RefusalModel
from assistant.render import disagreement_lines, place, printable, rate_text, refusal_lines, shortened
from assistant.types import Citation, DatedValue, Disagreement, StoredSentence


def test_a_document_cannot_steer_the_terminal() -> None:
    assert printable("\x1b[2J red \u202e txt\ttab\nline") == "\\x1b[2J red \\u202e txt\ttab\nline"
    assert printable("Bakı — 3 июля 👩‍👩‍👧") == "Bakı — 3 июля 👩‍👩‍👧"


def test_a_file_name_stays_on_one_line() -> None:
    citation = Citation(1, "new\nline.txt", "0", "t", 2, None, "Trade", None, 0, 5, "words", 1.0)
    assert place(citation) == "new\\nline.txt, page 2, Trade (0–5)"


def test_a_bracketed_number_of_a_source_is_no_marker() -> None:
    quote = "It costs $5,000 [1] and opens at 9:00 [2, 3]."
    said = readable(StoredSentence(0, len(quote), "paragraph", quote, quote))
    assert said == "It costs $5,000 (1) and opens at 9:00 (2, 3)."


def test_values_on_which_sources_differ_stand_in_one_aligned_table() -> None:
    trade = Disagreement("trade", (DatedValue("$3.744 billion", "2025-05-06", 2), DatedValue("30 億", None, 1)))
    long = Disagreement("fee\x1b[2J\nof all", (DatedValue("1" * 50, "2024", 10), DatedValue("2", "2023", 3)))
    assert disagreement_lines([trade, long], longest=16) == [
        "  topic             value             date        source",
        "  trade             $3.744 billion    2025-05-06  [2]",
        "                    30 億             undated     [1]",
        "  fee\\x1b[2J of a…  111111111111111…  2024        [10]",
        "                    2                 2023        [3]",
    ]


@given(st.text(), st.integers(2, 40))
def test_a_shortened_text_is_one_line_within_its_columns(text: str, longest: int) -> None:
    cut = shortened(text, longest)
    assert cell_len(cut) <= longest
    assert "\n" not in cut
    assert printable(cut) == cut


def test_a_rate_has_its_interval_and_none_what_it_lies_below() -> None:
    assert rate_text(Rate(3, 40, 0.0258, 0.1986)) == "3 of 40 (0.07, 0.03 to 0.20)"
    assert rate_text(Rate(0, 30, 0.0, 0.1)) == "0 of 30 (below 0.10)"


def test_a_status_tells_the_threshold_where_it_comes_from_and_its_rates() -> None:
    made = Calibration(
        *(0.25, 0.0, 1.0, "keep 0.95", Rate(3, 40, 0.0258, 0.1986), Rate(0, 30, 0.0, 0.1), 0.9),
        *((AskedSet("a\x1b.yaml", "0"), AskedSet("b.csv", "1")), "2026-03-01T12:00:00+00:00"),
        MadeWith("e", "0", "r", "1", "2"),
    )
    model = RefusalModel(0.0, {}, 0.25)
    assert refusal_lines(Refusal(model, "calibration", made, None)) == [
        "refuses     below confidence 0.2500, calibrated 2026-03-01 on a\\x1b.yaml, b.csv",
        "            answers 3 of 40 (0.07, 0.03 to 0.20) of the unanswerable questions there,",
        "            refuses 0 of 30 (below 0.10) of the answerable ones",
    ]
    assert refusal_lines(Refusal(model, "shipped", None, "the calibration is not used")) == [
        "refuses     below confidence 0.2500, as shipped",
        "the calibration is not used",
    ]
    assert refusal_lines(Refusal(model, "setting", None, None)) == [
        "refuses     below confidence 0.2500, as set by refusal_threshold"
    ]
