"""Answers as text."""

from assistant.answer.cite import readable
from assistant.render import place, printable
from assistant.types import Citation, StoredSentence


def test_a_document_cannot_steer_the_terminal() -> None:
    assert printable("\x1b[2J red \u202e txt\ttab\nline") == "\\x1b[2J red \\u202e txt\ttab\nline"
    assert printable("Bakı — 3 июля 👩‍👩‍👧") == "Bakı — 3 июля 👩‍👩‍👧"


def test_a_file_name_stays_on_one_line() -> None:
    citation = Citation(1, "new\nline.txt", "0", "t", 2, "Trade", 0, 5, "words", 1.0)
    assert place(citation) == "new\\nline.txt, page 2, Trade (0–5)"


def test_a_bracketed_number_of_a_source_is_no_marker() -> None:
    quote = "It costs $5,000 [1] and opens at 9:00 [2, 3]."
    said = readable(StoredSentence(0, len(quote), "paragraph", quote, quote))
    assert said == "It costs $5,000 (1) and opens at 9:00 (2, 3)."
