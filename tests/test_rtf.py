"""Rich text, written by hand; striprtf is the second opinion on what text there is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from striprtf.striprtf import rtf_to_text
from wellformed import assert_wellformed, rows_under, shown

from assistant.ingest.formats import rtf as module
from assistant.ingest.formats.common import Unreadable
from assistant.ingest.parse import parse_bytes
from assistant.types import Parsed

HEAD = (
    r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 MS;}}"
    r"{\colortbl;\red0\green0\blue0;\red255\green255\blue250;}"
    r"{\stylesheet{\s0 Normal;}{\s1\b heading 1;}{\s7\outlinelevel2 Section;}{\s8 Title;}}"
)


def read(body: str | bytes, head: str = HEAD) -> Parsed:
    body = body if isinstance(body, bytes) else body.encode("ascii")
    parsed = parse_bytes(head.encode("ascii") + body + b"}", "rtf")
    assert_wellformed(parsed)
    return parsed


def test_paragraphs_headings_and_lists():
    body = r"""{\pard\s8 The title\par}
{\pard\s1 Part {\b one}\par}\pard\s7 Section\par\pard\outlinelevel3 Outlined\par
\pard Some\tab text\line on two lines.\par\pard {\listtext\'b7\tab}\ls1 first\par
{\pntext 2.\tab}second\par\pard Last{\field{\*\fldinst HYPERLINK "x"}{\fldrslt  link}}."""
    assert shown(read(body)) == [
        ("heading 1", "The title"),
        ("heading 1", "Part one"),
        ("heading 3", "Section"),
        ("heading 4", "Outlined"),
        ("paragraph", "Some\ttext\non two lines."),
        ("item", "first"),
        ("item", "second"),
        ("paragraph", "Last link."),
    ]


def test_characters_in_every_way_that_there_is():
    cases = {
        rb"Caf\'e9": "Café",
        rb"\u233?t\u233\'e9": "été",
        rb"\uc0\u233 t\u233 ": "été",
        rb"\uc2\u233ab!": "é!",
        rb"{\uc0\u233 }\u233?.": "éé.",
        rb"\u-10179?\u-8704?": "😀",
        rb"{\f1\'cf\'f0\'e8}": "При",
        rb"{\f2\'93\'fa}": "日",
        rb"a\~b\_c\-d\{\}\\": "a\xa0b-cd{}\\",
        rb"\ldblquote a\rdblquote\emdash b": "“a”—b",
        b"one\r\ntwo": "onetwo",
        rb"a\u0?b": "ab",
        "Caf\u00e9".encode("cp1252"): "Café",
    }
    for source, text in cases.items():
        assert read(source).text == text, source


def test_the_encoding_of_the_whole_file():
    assert read(rb"\'cf\'f0\'e8", r"{\rtf1\ansi\ansicpg1251 ").text == "При"
    assert read("é".encode(), r"{\rtf1\ansi\ansicpg65001 ").text == "é"
    assert read(rb"\'e9", r"{\rtf1\ansi\ansicpg99999 ").text == "é"


def test_tables_with_merged_cells():
    def row(*cells: str, definition: str = "") -> str:
        return (
            rf"\trowd{definition}\cellx1\cellx2\pard\intbl " + "".join(rf"{text}\cell " for text in cells) + r"\row "
        )

    body = (
        r"Before.\par " + row("Region", "Sum") + row(r"North\par East", "1|2") + row("", "3", definition=r"\clvmrg")
    )
    parsed = read(body + r"\pard After.\par " + row("Only", "one"))
    assert shown(parsed)[0] == ("paragraph", "Before.")
    assert shown(parsed)[-2:] == [("paragraph", "After."), ("row", "Only | one")]
    head = "Region | Sum"
    assert rows_under(parsed)[:3] == [(head, head), (head, "North East | 1/2"), (head, "North East | 3")]


@pytest.mark.parametrize(
    "hidden",
    [
        r"{\v No}",
        r"{\deleted No}",
        r"{\fs2 No}",
        r"{\cf2 No}",
        r"{\*\annotation No}",
        r"{\*\unknown No}",
        r"{\header No}",
        r"{\pict 4e6f}",
        r"{\object{\*\objdata 4e6f}}",
        r"\bin2 No",
        r"{\*\bkmkstart No}",
    ],
)
def test_what_is_not_seen_is_not_stored(hidden):
    assert read(rf"Seen{hidden}.").text == "Seen."


def test_what_is_seen_is_kept():
    assert read(r"{\v no\v0 a}{\cf2\highlight1 b}{\cf1 c}{\v\plain d}").text == "abcd"
    assert "White" in read(r"\trowd\cellx1\cellx2\pard\intbl {\cf2 White}\cell b\cell\row").text
    boxed = r"Before{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt \pard In a box.\par}}}\par"
    assert "In a box." in read(boxed).text


def test_notes_stand_on_lines_of_their_own():
    assert read(r"Text{\footnote A note.} goes on.\par").text.split("\n") == ["Text", "A note.", " goes on."]


def test_properties():
    parsed = read(
        r"{\info{\title The {\b title}}{\author Ann}{\creatim\yr2024\mo7\dy3}{\revtim\yr2025\mo1\dy1}}Text."
    )
    assert (parsed.title, parsed.date, parsed.text) == ("The title", "2024-07-03", "Text.")


def test_limits():
    for body, reason in (("{" * 10_001, "nested too deeply"), (r"x\cell " * 1_001, "1,000 columns")):
        with pytest.raises(Unreadable, match=reason):
            module.parse((HEAD + body).encode())
    with pytest.raises(Unreadable, match="longer than the limit"):
        module.parse((HEAD + r"\intbl long\cell" * 50).encode(), limit=100)
    with pytest.raises(Unreadable, match="it is no rich text"):
        module.parse(b"Words.")


WORDS = st.lists(st.from_regex(r"[a-z]{1,6}", fullmatch=True), min_size=1, max_size=5).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(paragraphs=st.lists(WORDS, min_size=1, max_size=5))
def test_no_word_is_lost_that_another_reader_finds(paragraphs):
    body = "".join(rf"\pard {text}\par " for text in paragraphs)
    assert read(body).text.split() == rtf_to_text(HEAD + body + "}").split()


@settings(max_examples=150, deadline=None)
@given(
    pieces=st.lists(
        st.sampled_from(
            [
                r"{",
                r"}",
                r"\par ",
                r"\cell ",
                r"\row ",
                r"\intbl ",
                r"\trowd ",
                r"\v ",
                r"\u233?",
                r"\u-10179?",
                r"\*",
            ]
            + [
                r"\uc9 ",
                r"\f1 ",
                r"\'e9",
                r"\footnote ",
                r"\info ",
                r"\title ",
                r"\s1 ",
                r"\pard ",
                "word ",
                "\\",
                "|",
            ]
            + [r"\bin3 ", r"\fonttbl ", r"\clvmrg ", r"\cellx1 ", r"\outlinelevel99 ", r"\cf2 ", r"\line ", "\n"]
        ),
        max_size=40,
    )
)
def test_any_file_is_read_well_formed_or_refused(pieces):
    try:
        read("".join(pieces))
    except Unreadable as error:
        assert str(error) == "there is no text in it"
