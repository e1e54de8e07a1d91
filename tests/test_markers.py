"""Citation markers: what is one, what is none, and to which sentence it belongs."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.markers import AHEAD, LONGEST, STEP, MarkerParser, Part, SentenceReader, read_markers

# Built from what matters to the parser, so that markers, code and their broken forms are frequent.
TEXTS = st.lists(
    st.sampled_from([*"[]【】0123456789, \n`~.aB-", "```", "~~~", "[1]", "[2, 3]", "【4】", "[99]", "[0]", "It is. "])
    | st.characters(),
    max_size=60,
).map("".join)


def parts(pieces: list[str], shown: int = 5) -> list[Part]:
    """What the parser makes of pieces, with neighbouring texts joined."""
    parser = MarkerParser(shown)
    joined: list[Part] = []
    for part in [*(p for piece in pieces for p in parser.feed(piece)), *parser.end()]:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def sentences(text: str, shown: int = 5) -> list[tuple[str, tuple[int, ...]]]:
    return [(sentence.words, sentence.numbers) for sentence in read_markers([text], shown)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is long [1].", ["It is long ", (1,), "."]),
        ("Long.[1, 2]", ["Long.", (1, 2)]),
        ("Long. [1,2 , 3 ]", ["Long. ", (1, 2, 3)]),
        ("Long [1][2]", ["Long ", (1,), (2,)]),
        ("長い【1】。", ["長い", (1,), "。"]),
        ("[[1]]", ["[", (1,), "]"]),
        ("[1 [2]", ["[1 ", (2,)]),
        ("[1", ["[1"]),
        ("`[`[1]", ["`[`", (1,)]),
        ("`a` [1] `b`", ["`a` ", (1,), " `b`"]),
        ("``a`[1]`` [2]", ["``a`[1]`` ", (2,)]),
        ("an open ` tick [1]\nLong [2]", ["an open ` tick [1]\nLong ", (2,)]),
        ("```\nx[1]\n```\nLong [2]", ["```\nx[1]\n```\nLong ", (2,)]),
        ("~~~py\nx[1]\n```\ny[2]\n~~~\n[3]", ["~~~py\nx[1]\n```\ny[2]\n~~~\n", (3,)]),
        ("```\nx[1]", ["```\nx[1]"]),
        ("~5 km [1]", ["~5 km ", (1,)]),
    ],
)
def test_markers_and_code(text: str, expected: list[Part]) -> None:
    assert parts([text]) == expected


@pytest.mark.parametrize(
    "text",
    ["[0]", "[99]", "[6]", "[x]", "[]", "[,]", "[1,]", "[1 2]", "[-1]", "[01]", "[1.5]", "[1】", "【1]", "[1-3]"]
    + ["[1, 99]", "[²]", "[١]", "[1\n]", "[" + "1, " * LONGEST + "1]", "[1" + "0" * 400 + "]"],
)
def test_what_is_no_number_that_was_shown_stays_text(text: str) -> None:
    assert parts([f"It is {text} long."]) == [f"It is {text} long."]


@given(TEXTS, st.lists(st.integers(0, 400), max_size=8))
def test_it_does_not_matter_where_the_text_is_cut(text: str, cuts: list[int]) -> None:
    at = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    pieces = [text[a:b] for a, b in zip(at, at[1:], strict=False)]
    assert parts(pieces) == parts([text]) == parts(list(text))
    assert read_markers(pieces, 5) == read_markers([text], 5) == read_markers(list(text), 5)


@given(TEXTS, st.integers(0, 6))
def test_every_number_was_shown_and_stood_there_and_no_other_character_is_lost(text: str, shown: int) -> None:
    found = parts([text], shown)
    at = 0
    for part in found:
        if isinstance(part, str):
            assert text.startswith(part, at)
            at += len(part)
        else:
            marker = re.compile(r"[\[【][\d, ]+[\]】]").match(text, at)
            assert marker is not None
            assert tuple(map(int, re.findall(r"\d+", marker[0]))) == part
            assert all(1 <= number <= shown for number in part)
            at = marker.end()
    assert at == len(text)


# Long enough for sentences to be given before the end.
LONG = st.lists(TEXTS | st.sampled_from(["It is long. ", "A short line\n", "(see 3. There) ", "x" * 50]), max_size=12)


@given(LONG.map("".join))
def test_sentences_hold_all_words_and_all_numbers_in_order(text: str) -> None:
    found = parts([text])
    said = read_markers([text], 5)
    words = "".join(part for part in found if isinstance(part, str))
    assert "".join("".join(s.words for s in said).split()) == "".join(words.split())
    if said:
        assert {n for s in said for n in s.numbers} == {n for part in found if isinstance(part, tuple) for n in part}
    for sentence in said:
        assert sentence.words == sentence.words.strip() != ""
        assert len(set(sentence.numbers)) == len(sentence.numbers)


@given(LONG.map("".join), st.integers(1, 30))
def test_a_sentence_that_was_given_is_as_it_is_at_the_end(text: str, size: int) -> None:
    reader = SentenceReader(5)
    early = [s for at in range(0, len(text), size) for s in reader.feed(text[at : at + size])]
    assert [*early, *reader.end()] == read_markers([text], 5)


def test_a_sentence_is_given_once_the_next_one_has_begun() -> None:
    reader = SentenceReader(5)
    given_at = {}
    for count, character in enumerate("It is long. [1] It is new and it is [2] as wide as the one before it was. It"):
        for sentence in reader.feed(character):
            given_at[sentence.words] = count
    assert given_at == {"It is long.": pytest.approx(len("It is long.[1] ") + AHEAD, abs=STEP)}
    assert reader.unfinished == "It is new and it is as wide as the one before it was."
    assert [s.numbers for s in reader.end()] == [(2,), ()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is long [1]. It is new [2].", [("It is long.", (1,)), ("It is new.", (2,))]),
        ("It is long. [1] It is new. [2]", [("It is long.", (1,)), ("It is new.", (2,))]),
        ("It is long.[1][2]It is new.", [("It is long.", (1, 2)), ("It is new.", ())]),
        ("It is [1] long [2] and [1] new.", [("It is long and new.", (1, 2))]),
        ("[1] It is long.\n[2] It is new.", [("It is long.", (1,)), ("It is new.", (2,))]),
        ("It is long.\n[1]\n\nIt is new.", [("It is long.", (1,)), ("It is new.", ())]),
        ("It is long.\n[1]", [("It is long.", (1,))]),
        ("- [1] It is long.\n- [2] It is new.", [("- It is long.", (1,)), ("- It is new.", (2,))]),
        ("[1]", []),
        ("", []),
    ],
)
def test_a_marker_belongs_to_its_sentence(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("hostile", ["[", "[1", "[1]", "`", "`[1]", "[1, ", "~~~\n", "【", " [1] \n", "a[1]"])
def test_time_is_linear_in_the_text(hostile: str) -> None:
    def seconds(times: int) -> float:
        began = time.process_time()
        read_markers([hostile * times], 5)
        return time.process_time() - began

    seconds(100)
    short = min(seconds(2_000) for _ in range(3))
    assert min(seconds(16_000) for _ in range(2)) < 8 * short * 4 + 0.1
