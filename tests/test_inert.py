"""Words of documents and models in answers: readable, and nothing acts on them."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.inert import addresses, asks_for_address, disarmed, plain


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("See ![chart](https://evil.example/a.png?q=secret).", "See chart."),
        ("Click [here](https://evil.example 'now') at once.", "Click here at once."),
        ("A [link](https://e.example/a_(b)) with brackets", "A link with brackets"),
        ("![a][b] and [c][d]", "! [a] [b] and [c] [d]"),
        ("<img src=x> and </a >", "‹img src=x> and ‹/a >"),
        ("It grew\u202e\u200b by\u00ad 5%\U000e0041.", "It grew by 5%."),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("At https://x.example/?u=http://b.example/c, now.", "At x[.]example/?u=http:/ /b[.]example/c, now."),
        ("Write to mailto:who@example.com.", "Write to who@example[.]com."),
        ("Go to www.fakesoft.com or bit.ly/3x.", "Go to www[.]fakesoft[.]com or bit[.]ly/3x."),
        ("a free game at freegame.com that", "a free game at freegame[.]com that"),
        ("HTTP://EVIL.EXAMPLE", "EVIL[.]EXAMPLE"),
    ],
)  # fmt: skip
def test_links_images_tags_and_addresses_lead_nowhere(written: str, shown: str) -> None:
    assert plain(written) == shown
    assert addresses(shown) == []


@pytest.mark.parametrize(
    "text",
    [
        "Amazon.com rose by 3.5%, says the U.S. office (e.g. in 2024).",
        "The end.It began in 4.In the list: README.md, setup.py, node.js and user.name, log.info(x).",
        "A vector<int> holds a < b; p<0.05 and 3/4 of [1, 2] or [sic] and f(x)[0].",
        "Цена выросла на 5 %. 日本語。 “e = mc²”",
        "Ratio 10.1.2.3, at 9.30, at C:\\dir, 1/2/3, either/or, x@y",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert plain(text) == text and addresses(text) == []


def test_an_address_that_is_asked_for_stays_as_its_source_has_it() -> None:
    source = "Write to help@example.com or see https://example.com/help."
    assert disarmed(source, keep=source) == source
    assert disarmed("Write to thief@evil.com.", keep=source) == "Write to thief@evil[.]com."
    assert asks_for_address("What is the e-mail address of support?") and asks_for_address("Which website is it?")
    assert not asks_for_address("How much was paid to Mixpanel?")


PIECES = st.lists(
    st.sampled_from(
        ["http://", "https://", "www.", "evil", ".", "com", "/", "@", "[a]", "(b)", "![", "](", "<img ", " "]
    )
    | st.characters(),
    max_size=30,
)


@given(PIECES)
def test_whatever_is_written_no_link_comes_out(pieces: list[str]) -> None:
    shown = plain("".join(pieces))
    assert "![" not in shown and "](" not in shown and "][" not in shown
    assert not re.search(r"<\s?(?:img|a|script|iframe)\b", shown, re.IGNORECASE)
    assert not re.search(r"\b[a-z][a-z0-9+.-]+://[^\s/]+\.[a-z]", shown)
    hidden = [c for c in shown if unicodedata.category(c) in ("Cf", "Cc") and c not in "\u200c\u200d\n\t"]
    assert hidden == []


@pytest.mark.parametrize("unit", ["[", "a.", "a@", "[x](", "<", "//a.", "![](", "a-", "http://", "www."])
def test_long_hostile_text_takes_no_time(unit: str) -> None:
    import time

    begun = time.process_time()
    plain(unit * (20_000 // len(unit)))
    assert time.process_time() - begun < 2
