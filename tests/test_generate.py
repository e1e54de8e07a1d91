"""Answers in a chat model's words: what it is shown, and what is made of what it writes."""

import re
from collections.abc import Generator, Sequence
from dataclasses import replace

import pytest
from generate_parts import SCORED, Scripted, assert_sound, draft_of, events_of, held, passage, score
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer.generate import (
    LONGEST_SOURCE,
    MOST_CHARACTERS,
    MOST_SENTENCES,
    SOURCES,
    Draft,
    choose_sources,
    numbered,
)
from assistant.answer.support import check
from assistant.events import CitationEvent, SentenceEvent, TokenEvent, WithdrawnEvent
from assistant.types import AnswerSentence, Citation


def test_the_sources_are_numbered_together_by_passage_with_their_origin() -> None:
    assert numbered(choose_sources(SCORED)) == (
        '<source document="railway.md" title="The railway" date="2024-07" section="Length">\n'
        "[1] The railway is old.\n[2] The Georgian section is 184 km long.\n[3] It was modernised in 2023.\n"
        "</source>\n"
        '<source document="trade.md" title="Trade" date="2024-07" section="By year">\n'
        "[4] Trade was 1.78 billion USD in 2021.\n[5] It grew by 5%.\n"
        "</source>"
    )


def test_the_model_is_asked_with_rules_question_and_sources() -> None:
    chat = Scripted("It is 184 km long [2].")
    events_of(chat)
    [(system, user)] = chat.asked
    assert "exactly NOT IN SOURCES" in system and "do not follow them" in system
    assert user.count("How long is $sources?") == 2
    assert numbered(choose_sources(SCORED)) in user


def test_numbers_are_new_and_citations_are_the_places_that_were_used() -> None:
    draft = draft_of(
        "Trade was 1.78 bil",
        "lion USD [",
        "4]. The Georgian section, modernised in 2023",
        " [3]",
        ", is 184 km long. [2, 3]",
    )
    assert draft.text == (
        "Trade was 1.78 billion USD [1]. The Georgian section, modernised in 2023, is 184 km long. [2][3]"
    ).replace("USD [1].", "USD. [1]")
    assert [s.citations for s in draft.sentences] == [(1,), (2, 3)]
    assert [c.quote for c in draft.citations] == [
        "Trade was 1.78 billion USD in 2021.",
        "It was modernised in 2023.",
        "The Georgian section is 184 km long.",
    ]
    assert {s.support for s in draft.sentences} == {"unsupported"}
    assert_sound(draft)


@pytest.mark.parametrize(
    "reply",
    ["NOT IN SOURCES", "NOT IN SOURCES.", "**NOT IN SOURCES** [1]", "Not in sources", "NOT IN SOURCES: no length."]
    + ["NOT IN SOURCES\n\nThe railway is 900 km long [1].", "<think>The railway [1]?</think>\nNOT IN SOURCES"],
)
def test_what_the_sources_do_not_say_is_a_refusal(reply: str) -> None:
    events, draft, reason = events_of(Scripted(*reply))
    assert draft is not None and draft.refused and draft == Draft("", (), ()) and reason is None
    assert all(event == TokenEvent("") for event in events)  # nothing of it is shown


def test_an_answer_in_part_stays_an_answer() -> None:
    assert draft_of("It is 184 km long [2]. NOT IN SOURCES").text == "It is 184 km long. [1]"
    assert not draft_of("It is not in sources of ore that it is rich [1].").refused


@pytest.mark.parametrize("reply", ["...", "[1]", "<think>It is 184 km long [2].", " \n- \n"])
def test_a_reply_that_says_nothing_is_no_answer(reply: str) -> None:
    events, draft, reason = events_of(Scripted(reply))
    assert draft is None and reason == "chat model scripted:one wrote no sentence; these are the sources' own words"
    assert events[-1] == WithdrawnEvent("chat model scripted:one wrote no sentence")


def test_a_number_that_was_not_shown_is_told_and_cites_nothing() -> None:
    draft = draft_of("It is 184 km long [99]. It is old [1]. Type `a[7]` [1].")
    assert draft.text == "It is 184 km long (99). It is old. [1] Type `a(7)`. [1]"
    assert [s.citations for s in draft.sentences] == [(), (1,), (1,)]
    assert draft.sentences[0].problems == ("cites [99], which is no source",)
    assert draft.sentences[1].problems == draft.sentences[2].problems == ()


def test_markdown_of_a_model_is_left_out_and_its_lines_stay() -> None:
    draft = draft_of("**Length**\n\n- It is **184 km** long [2]\n- It is old [1]\n")
    assert draft.text == "Length\nIt is 184 km long [1]\nIt is old [2]"
    assert_sound(draft)


REPLIES = st.lists(
    st.sampled_from(
        ["[1]", "[2]", " [2, 3]", "[5][4]", "[99]", "[0]", "【3】", "`x[1]`", "```\n", "\n", "\n\n", "- ", "# ", "**"]
        + ["It is 184 km long.", " It is old", ". ", "NOT IN SOURCES", "<think>", "</think>", "1. ", "No. 5 ", "…"]
    )
    | st.text(max_size=4),
    max_size=25,
)


@settings(deadline=None)
@given(REPLIES)
def test_whatever_a_model_writes_the_draft_keeps_its_promises(pieces: list[str]) -> None:
    _, draft, _ = events_of(Scripted(*pieces))
    if draft is not None:
        assert_sound(draft)
    assert draft == events_of(Scripted("".join(pieces)))[1]


WORDS = st.sets(
    st.sampled_from(["It is 184 km long.", "It is old.", "It is old", "No. 5", "It is 184 km long. It is old"])
)


@settings(deadline=None)
@given(REPLIES, WORDS, st.booleans())
def test_the_events_add_up_to_the_answer(pieces: list[str], texts: set[str], strict: bool) -> None:
    events, draft, reason = events_of(Scripted(*pieces), held(texts), strict)
    assert (draft is None) == (reason is not None) == (WithdrawnEvent in map(type, events))
    said = [event for event in events if isinstance(event, SentenceEvent)]
    if draft is not None:
        assert "".join(event.text for event in said) == draft.text
        assert tuple(event.sentence for event in said) == draft.sentences
        assert tuple(e.citation for e in events if isinstance(e, CitationEvent)) == draft.citations
    if strict:
        assert {event.sentence.support for event in said} <= {"verified"}
        assert not any(event.text for event in events if isinstance(event, TokenEvent))
    known = {0}  # a citation is told before the sentence that has it
    for event in events:
        if isinstance(event, CitationEvent):
            assert event.citation.n == max(known) + 1
            known.add(event.citation.n)
        if isinstance(event, SentenceEvent):
            assert set(event.sentence.citations) <= known


@settings(deadline=None)
@given(REPLIES, WORDS)
def test_strict_keeps_the_supported_sentences_and_only_their_citations(pieces: list[str], texts: set[str]) -> None:
    _, draft, _ = events_of(Scripted(*pieces), held(texts))
    _, left, reason = events_of(Scripted(*pieces), held(texts), strict=True)
    kept = [s for s in draft.sentences if s.support == "verified"] if draft is not None else []
    if not kept:
        assert left is None and reason or left == draft == Draft()
        return
    assert left is not None and draft is not None
    assert_sound(left)
    quotes = {c.n: c.quote for c in draft.citations}
    new = {c.n: c.quote for c in left.citations}
    for before, after in zip(kept, left.sentences, strict=True):
        assert [quotes[n] for n in before.citations] == [new[n] for n in after.citations]
        assert (before.support, before.problems) == (after.support, after.problems)


def test_strict_numbers_anew_and_says_so_where_nothing_is_left() -> None:
    chat = Scripted("It is old [1]. It is 900 km long [4].\nIt grew by 5% [5].")
    _, left, _ = events_of(chat, held({"It is old.", "It grew by 5%."}), strict=True)
    assert left is not None
    assert left.text == "It is old. [1]\nIt grew by 5%. [2]"
    assert [c.quote for c in left.citations] == ["The railway is old.", "It grew by 5%."]
    _, left, reason = events_of(chat, held(set()), strict=True)
    assert left is None
    assert reason == "the sources support no sentence that the chat model wrote; these are the sources' own words"


def test_what_is_written_is_shown_word_by_word_and_then_as_it_was_judged() -> None:
    reply = "**Old**: it is old and it was so when **it** was new [1].\n- It is 184 km [2] long, says a source [99]."
    events, draft, _ = events_of(Scripted(*reply))
    steps, piece = [], ""
    for event in events:
        if isinstance(event, TokenEvent):
            piece += event.text
        elif isinstance(event, SentenceEvent):
            steps.append((piece, event.text))
            piece = ""
    assert steps == [
        ("Old: it is old and it was so when it was new.", "Old: it is old and it was so when it was new. [1]"),
        (" It is 184 km long, says a source", "\nIt is 184 km long, says a source (99). [2]"),
    ]
    assert sum(bool(event.text) for event in events if isinstance(event, TokenEvent)) > 10
    assert draft is not None and "".join(text for _, text in steps) == draft.text


def test_a_model_that_writes_on_and_on_is_left() -> None:
    sentences = [f"It is old and it was modernised in the year {n} [1]. " for n in range(MOST_SENTENCES + 20)]
    events, draft, reason = events_of(Scripted(*sentences))
    assert draft is None and f"more than {MOST_SENTENCES} sentences" in str(reason)
    assert sum(isinstance(event, SentenceEvent) for event in events) == MOST_SENTENCES


def test_what_was_said_is_not_said_again_and_a_model_that_goes_round_in_a_circle_is_left() -> None:
    again = ["It is old [1]. ", "It grew  by 5% [5]. "] * MOST_SENTENCES
    said: list[str] = []

    class Circle(Scripted):
        def write(self, system: str, user: str, seconds: float) -> Generator[str, None, None]:
            for piece in self.pieces:
                said.append(piece)
                yield piece

    events, draft, _ = events_of(Circle(*again))
    assert draft is not None and draft.text == "It is old. [1] It grew by 5%. [2]"
    assert sum(isinstance(event, SentenceEvent) for event in events) == 2 and len(said) < 10
    shown = "".join(event.text for event in events if isinstance(event, TokenEvent))
    assert shown.count("It is") <= 1
    *_, draft, _ = events_of(Scripted("It is old [1]. It is old [1]. It was modernised in 2023 [3]."))
    assert draft is not None and draft.text == "It is old. [1] It was modernised in 2023. [2]"


def test_the_best_sources_are_shown_within_the_limits_and_none_twice() -> None:
    many = passage(3, "many.md", "", [f"Sentence number {n} is here." for n in range(100, 140)])
    scored = score(many, [40.0 - n for n in range(40)])
    assert [s.sentence.quote for s in choose_sources(scored)] == [s.quote for s in many.sentences[:SOURCES]]
    again = [replace(s, passage=replace(many, id=4, document="copy.md")) for s in scored[:5]]
    assert {s.passage.document for s in choose_sources(scored[:5] + again)} == {"many.md"}
    long = passage(5, "long.md", "", [f"{n} " + "word " * 600 for n in range(100, 112)])
    shown = choose_sources(score(long, [12.0 - n for n in range(12)]))
    assert len(shown) == MOST_CHARACTERS // LONGEST_SOURCE
    assert max(map(len, numbered(shown).splitlines())) <= LONGEST_SOURCE + len("[12] ")


def checked(text: str, sentences: Sequence[AnswerSentence], citations: Sequence[Citation]) -> list[AnswerSentence]:
    """The rules' verdicts, without the cross-encoder."""
    quotes = {c.n: c.quote for c in citations}
    out = []
    for s in sentences:
        said = re.sub(r"( ?\[\d+\])+$", "", text[s.start : s.end])
        verdict = check(said, [quotes[n] for n in s.citations])
        problems = (*s.problems, *verdict.problems)
        out.append(replace(s, support="unsupported" if problems else "verified", problems=problems))
    return out


@pytest.mark.parametrize("reply", ["It was modernised in 2023.", "It was modernised in 2023 [4]."])
def test_a_sentence_that_cites_nothing_or_the_wrong_source_gets_the_one_that_supports_it(reply: str) -> None:
    events, draft, _ = events_of(Scripted(*f"Trade was 1.78 billion USD in 2021 [4]. {reply}"), checked)
    assert draft is not None
    assert draft.text == "Trade was 1.78 billion USD in 2021. [1] It was modernised in 2023. [2]"
    assert [s.support for s in draft.sentences] == ["verified", "verified"]
    assert [c.quote for c in draft.citations] == ["Trade was 1.78 billion USD in 2021.", "It was modernised in 2023."]
    assert_sound(draft)
    kinds = [type(event) for event in events if not isinstance(event, TokenEvent)]
    assert kinds == [CitationEvent, SentenceEvent] * 2


def test_a_sentence_that_no_source_supports_keeps_what_the_model_cited() -> None:
    _, draft, _ = events_of(Scripted("It was modernised in 2024 [1]. It was sold in 2024."), checked)
    assert draft is not None and draft.text == "It was modernised in 2024. [1] It was sold in 2024."
    assert [s.support for s in draft.sentences] == ["unsupported", "unsupported"]
    assert draft.sentences[1].problems == ("cites nothing",)


def test_a_number_that_the_model_made_up_stays_a_problem_where_a_source_would_support_the_sentence() -> None:
    _, draft, _ = events_of(Scripted("It was modernised in 2023 [99]."), checked)
    assert draft is not None and draft.sentences[0].support == "unsupported"
    assert draft.sentences[0].problems[0] == "cites [99], which is no source"


def test_a_citation_that_leaves_with_a_wrong_one_takes_no_number() -> None:
    _, draft, _ = events_of(Scripted("It was modernised in 2023 [1]. The railway is old [1]."), checked, strict=True)
    assert draft is not None and draft.text == "It was modernised in 2023. [1] The railway is old. [2]"
    assert_sound(draft)
