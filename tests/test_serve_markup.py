"""Answers as HTML: every word is shown, and none of them is markup."""

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from serve_parts import HOSTILE, words

from assistant.chain import NOT_IN_THE_DOCUMENTS
from assistant.serve.markup import about_index, answer_html, literal, question_html
from assistant.store.generations import Manifest, Recipe
from assistant.types import Answer, AnswerSentence, Citation, DatedValue, Disagreement, IndexInfo, ModelNames

# Everything that Markdown, HTML, or a scanner for links and formulas gives a meaning to.
ACTIVE = set("<>\"'`*_~[](){}|\\!$^:/.@+-=?%,")


def shown(text: str) -> str:
    """What is left of a text when it is shown: line breaks as one character, control characters replaced."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", unified)


@given(st.text(st.characters(), max_size=200))
def test_literal_text_shows_every_character_and_leaves_nothing_to_read_as_markup(text: str) -> None:
    written = literal(text)
    assert html.unescape(written) == shown(text)
    assert set(re.sub(r"&#\d+;", "", written)) & ACTIVE == set()
    assert "\n" not in written


@pytest.mark.parametrize(
    "text", [HOSTILE, "# heading", "    code", "a\n\n# b\n\n- c\n", "<!--", "]]>", "1. one", "&#60;b&#62;"]
)
def test_a_question_is_one_block_that_a_markdown_renderer_passes_on(text: str) -> None:
    written = question_html(text)
    renderer = MarkdownIt("gfm-like", {"linkify": False, "html": True})
    assert renderer.render(written).strip() == written
    assert html.unescape(re.sub(r"</?div[^>]*>", "", written)) == text


def citation(n: int, quote: str, page: int | None = None, heading: str = "") -> Citation:
    return Citation(n, f"file-{n}.md", "0" * 64, "Title", page, None, heading, None, 0, len(quote), quote, 1.0)


def an_answer(**changes) -> Answer:
    text = "It is 184 km long. [1] It opened [2] in 2024. [2]\nIt has 3 tracks. [3]"
    ends = [22, 49, len(text)]
    starts = [0, 23, 50]
    supports = ["verified", "verified", "unsupported"]
    parts = {
        "id": "1",
        "question": "How long?",
        "query": "How long?",
        "status": "answered",
        "text": text,
        "sentences": tuple(
            AnswerSentence(s, e, (n,), support, ("not in the quote: 3",) if support == "unsupported" else ())
            for n, (s, e, support) in enumerate(zip(starts, ends, supports, strict=True), start=1)
        ),
        "citations": (citation(1, "184 km", 3, "Line › Length"), citation(2, HOSTILE), citation(3, "two\n\ntracks")),
        "disagreements": (),
        "near": (),
        "missing_terms": (),
        "confidence": 0.9,
        "mode": "extractive",
        "index": IndexInfo("g", "2026-01-02T03:04:05+00:00", 1, 1),
        "models": ModelNames("e", "r", None),
    }
    return Answer(**{**parts, **changes})


def test_an_answer_is_its_text_and_then_its_sources() -> None:
    shown = words(answer_html(an_answer()))
    assert shown.startswith("It is 184 km long. [1] It opened [2] in 2024. [2]\nIt has 3 tracks. [3]")
    assert "Sources[1] file-1.md page 3 · Line › Length184 km[2] file-2.md" in shown
    assert HOSTILE in shown
    assert "two\n\ntracks" in shown


@pytest.mark.parametrize("status", ["answered", "refused"])
def test_what_was_searched_for_and_a_note_are_told_where_there_is_something_to_tell(status: str) -> None:
    plain = words(answer_html(an_answer(status=status)))
    told = words(answer_html(an_answer(status=status, query="How long is <it>?", note="quoted: <busy>")))
    assert "Searched for" not in plain
    assert told.startswith("Searched for: How long is <it>?It is 184 km")
    assert "Quoted: <busy>" in told


def test_sources_that_differ_are_a_table_with_caption_and_headers_that_a_renderer_passes_on() -> None:
    values = (
        DatedValue("184 km", "2024-07-03", 2),
        DatedValue("180 km", "2024-07", 1),
        DatedValue("170 km", "2024", 3),
        DatedValue(HOSTILE, None, 3),
    )
    answer = an_answer(disagreements=(Disagreement("length <b>", values), Disagreement("tracks", values[1:3])))
    last = answer_html(answer)
    assert last.index("</table>") < last.index("Sources<")
    assert [words(c) for c in re.findall(r"<caption>(.*?)</caption>", last)] == [
        "Sources differ: length <b>",
        "Sources differ: tracks",
    ]
    assert re.findall(r'<th scope="col">(.*?)</th>', last) == ["Value", "Date", "Source"] * 2
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>', last)
    assert [tuple(map(words, row)) for row in rows[:4]] == [
        ("184 km", "3 Jul 2024", "[2]"),
        ("180 km", "Jul 2024", "[1]"),
        ("170 km", "2024", "[3]"),
        (HOSTILE, "undated", "[3]"),
    ]
    renderer = MarkdownIt("gfm-like", {"linkify": False, "html": True})
    assert renderer.render(last).strip() == last


def test_markers_are_set_apart_and_a_bracket_within_the_words_is_not() -> None:
    said, _, _ = answer_html(an_answer()).partition('<div class="sources">')
    assert [words(chip) for chip in re.findall(r'<a class="mark".*?</a>', said)] == ["[1]", "[2]", "[3]"]


def test_a_number_leads_to_its_place_in_the_source_and_so_does_its_entry() -> None:
    last = answer_html(an_answer())
    place = f"sources/{'0' * 64}.md?start=0&amp;end=6#cited"
    chips, entries = (re.findall(rf'<a class="{kind}" href="(.*?)">', last) for kind in ("mark", "open"))
    assert chips[0] == entries[0] == place
    assert chips == entries and len(chips) == 3


@given(st.text(st.characters(exclude_characters="/"), max_size=60))
def test_no_word_of_a_document_is_in_an_address(word: str) -> None:
    cited = replace(citation(1, word), document=f"a{word}.md", title=word, heading=word, date=word)
    last = answer_html(an_answer(citations=(cited, *an_answer().citations[1:])))
    assert all(
        re.fullmatch(r"sources/0{64}\.md\?start=\d+&amp;end=\d+#cited", each)
        for each in re.findall(r'href="(.*?)"', last)
    )


def test_what_is_verified_is_marked_quietly_and_a_source_has_its_date() -> None:
    last = answer_html(
        an_answer(citations=(replace(citation(1, "184 km"), date="2024-07-03"), *an_answer().citations[1:]))
    )
    assert [words(each) for each in re.findall(r'<span class="verified">(.*?)</a></span>', last)] == [
        "It is 184 km long. [1]",
        "It opened [2] in 2024. [2]",
    ]
    assert "file-1.md 3 Jul 2024" in words(last)


def test_an_unsupported_sentence_is_marked_with_the_reason_and_a_verified_one_is_not() -> None:
    last = answer_html(an_answer())
    assert re.findall(r'<span class="warning">(.*?)</span>', last) == [literal("not supported: not in the quote: 3")]
    (marked,) = re.findall(r'<span class="unsupported">(.*?) <span class="warning">', last)
    assert words(marked) == "It has 3 tracks. [3]"


def test_a_refusal_shows_what_is_found_nowhere_and_what_is_close() -> None:
    near = (citation(1, "close <b>one</b>"), citation(2, "close two"))
    refusal = an_answer(
        status="refused",
        text=NOT_IN_THE_DOCUMENTS,
        sentences=(),
        citations=(),
        near=near,
        missing_terms=("<i>", "Oz"),
    )
    only = answer_html(refusal)
    assert words(only) == (
        f"{NOT_IN_THE_DOCUMENTS}Found in no document: <i>, OzClosest passages"
        "[1] file-1.md close <b>one</b>[2] file-2.md close two"
    )
    assert "<b>one" not in only


@pytest.mark.parametrize(
    ("documents", "passages", "expected"),
    [(1, 1, "1 document, 1 passage"), (1200, 30000, "1,200 documents, 30,000 passages")],
)
def test_the_page_says_what_is_indexed(documents: int, passages: int, expected: str) -> None:
    recipe = Recipe("e", "d", 1, 1)
    manifest = Manifest("g", "2026-01-02T03:04:05+00:00", {"": "/docs"}, documents, passages, passages, 0, recipe)
    start = f"{expected}, indexed 2 Jan 2026, 03:04 UTC."
    assert words(about_index(manifest, None)) == f"{start} Nothing leaves this machine."
    assert (
        words(about_index(manifest, "openai:m")) == f"{start} Questions and excerpts go to the chat model openai:m."
    )
