"""What people thought of answers: kept, exported and deleted."""

import json
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import InputError
from assistant.evaluation.sets import read_set
from assistant.serve.chat import Exchange, history
from assistant.serve.feedback import feedback_on
from assistant.store import feedback as stored
from assistant.store.feedback import Feedback, FeedbackStore
from assistant.types import Answer, Citation, IndexInfo, ModelNames, Turn

CITED = {"document": "rent.md", "document_sha256": "0" * 64, "quote": "The rent is 900 euros."}


def answer(identity: str = "a1", status: str = "answered", **more: Any) -> dict[str, Any]:
    return {
        "id": identity, "status": status, "text": "The rent is 900 euros. [1]", "index": {"generation": "000007"},
        "citations": [CITED] if status == "answered" else [], **more,
    }  # fmt: skip


UP = Feedback("up", "What is the rent?", (), answer())


@pytest.fixture
def store(tmp_path: Path) -> FeedbackStore:
    return FeedbackStore(tmp_path)


def test_it_is_kept_as_it_was_given_and_only_its_owner_may_read_it(store: FeedbackStore) -> None:
    turns = (Turn("user", "Hello?"), Turn("assistant", "Good day. [1]"))
    store.put(Feedback("down", "What is the rent?", turns, answer(), "wrong", "950 euros since May"))
    [kept] = store.all()
    assert (kept.verdict, kept.reason, kept.correction) == ("down", "wrong", "950 euros since May")
    assert (kept.history, kept.answer) == (turns, answer())
    assert kept.at.endswith("+00:00")
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_the_last_word_on_an_answer_counts_and_it_can_be_taken_back(store: FeedbackStore) -> None:
    store.put(UP)
    store.put(Feedback("down", UP.question, (), UP.answer, "beside the point"))
    store.put(Feedback("up", "Another?", (), answer("a2")))
    assert sorted((each.answer["id"], each.verdict) for each in store.all()) == [("a1", "down"), ("a2", "up")]
    store.withdraw("a1")
    assert [each.answer["id"] for each in store.all()] == ["a2"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Feedback("up", "?", (), answer(), reason="x" * 501), "the reason has 501 characters"),
        (Feedback("up", "?", (), answer(), correction="x" * 2001), "the correction has 2,001 characters"),
        (Feedback("up", "?", (), answer(text="x" * 500_001)), "the answer has 500,"),
        (Feedback("up", "?", (Turn("user", "x" * 200_001),), answer()), "the conversation has 200,"),
        (Feedback("sideways", "?", (), answer()), "unknown verdict 'sideways'"),  # type: ignore[arg-type]
    ],
)
def test_what_is_too_long_is_not_kept(store: FeedbackStore, given: Feedback, said: str) -> None:
    with pytest.raises(InputError, match=said):
        store.put(given)
    assert store.all() == []


def test_there_is_an_end_to_how_much_is_kept(store: FeedbackStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "MOST", 2)
    for identity in ("a1", "a2", "a1"):
        store.put(Feedback("up", "?", (), answer(identity)))
    with pytest.raises(InputError, match="no room for more; export it"):
        store.put(Feedback("up", "?", (), answer("a3")))
    assert len(store.all()) == 2


def test_what_is_deleted_is_in_no_file(store: FeedbackStore, tmp_path: Path) -> None:
    assert store.delete() == 0
    store.put(Feedback("up", "Where is the zanzibar file?", (), answer()))
    store.withdraw("a1")
    assert not any(b"zanzibar" in path.read_bytes() for path in tmp_path.iterdir())
    store.put(UP)
    assert store.delete() == 1
    assert list(tmp_path.iterdir()) == []


def test_many_may_write_at_once(store: FeedbackStore) -> None:
    writers = [threading.Thread(target=store.put, args=(Feedback("up", "?", (), answer(str(i))),)) for i in range(16)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(store.all()) == 16


def test_a_damaged_file_is_said_in_one_line_and_can_be_deleted(store: FeedbackStore) -> None:
    store.path.write_bytes(b"no database" * 500)
    with pytest.raises(InputError, match="delete it with: assistant feedback delete"):
        store.all()
    assert store.delete() == 0
    assert not store.path.exists()


def test_it_becomes_a_question_set(store: FeedbackStore, assistant, tmp_path: Path) -> None:
    store.put(UP)
    store.put(Feedback("up", "What of the moon?", (), answer("a2", "refused")))
    store.put(Feedback("down", "And in May?", (Turn("user", "What is the rent?"),), answer("a3"), "wrong", " 950 "))
    store.put(Feedback("down", "And in June?", (), answer("a4"), "wrong"))
    lines, cases = tmp_path / "all.jsonl", tmp_path / "set.jsonl"
    ran = assistant("feedback", "export", "--index", tmp_path, "--output", lines, "--set", cases)
    assert ran.code == 0
    assert "4 questions" in ran.err and "to be edited: 1" in ran.err
    records = [json.loads(line) for line in lines.read_text().splitlines()]
    assert [record["verdict"] for record in records] == ["up", "up", "down", "down"]
    assert set(records[0]) == {
        "question", "history", "verdict", "reason", "correction", "answer", "generation", "at"
    }  # fmt: skip
    assert records[0]["generation"] == "000007"
    rent, moon, may, june = read_set(cases)
    assert [(source.file, source.quote) for source in rent.sources] == [("rent.md", "The rent is 900 euros.")]
    assert rent.answerable and not moon.answerable
    assert may.answers == ("950",) and [turn.content for turn in may.history] == ["What is the rent?"]
    assert june.skip  # until a person says what is right


def test_what_may_quote_a_document_that_is_gone_is_forgotten(store: FeedbackStore) -> None:
    turns = (Turn("user", "What is the rent?"), Turn("assistant", "The rent is 900 euros. [1]"))
    store.put(UP)
    store.put(Feedback("up", "And in May?", turns, answer("a2")))
    [sha256] = {cited["document_sha256"] for cited in UP.answer["citations"]}
    assert store.forget({sha256}, "000007") == 0
    assert store.forget({sha256}, "000008") == 1  # nobody knows what the turns before quote
    assert [kept.question for kept in store.all()] == [UP.question]
    assert store.forget({"f" * 64}, "000008") == 1
    assert store.all() == [] and b"900" not in store.path.read_bytes()


def test_the_commands_say_what_there_is(store: FeedbackStore, assistant, tmp_path: Path) -> None:
    nothing = assistant("feedback", "export", "--index", tmp_path)
    assert nothing.code == 2 and "there is no feedback" in nothing.err
    store.put(Feedback("up", "What does \u202e mean?", (), answer()))
    shown = assistant("feedback", "export", "--index", tmp_path)
    assert json.loads(shown.out)["question"] == "What does \u202e mean?"
    wrong = assistant("feedback", "export", "--index", tmp_path, "--set", tmp_path / "set.txt")
    assert wrong.code == 2 and "ends in .jsonl" in wrong.err
    assert assistant("feedback", "delete", "--index", tmp_path).out == "feedback on 1 answer deleted\n"
    assert store.all() == []


@given(
    st.lists(st.booleans(), min_size=1, max_size=5),
    st.one_of(st.integers(), st.lists(st.integers(), max_size=2)),
    st.sampled_from([True, False, "", "other"]),
)
@settings(max_examples=200)
def test_a_thumb_belongs_to_the_answer_below_which_it_is(complete: list[bool], index: Any, liked: Any) -> None:
    """Whatever a browser sends as the place of a message."""
    exchanges = tuple(
        Exchange(f"q{i}", "", f"said {i}", answer=made(i)) if done else Exchange(f"q{i}", "failed")
        for i, done in enumerate(complete)
    )
    place = index if isinstance(index, int) else index[0] if index else -1
    found = feedback_on(exchanges, index, liked, history)
    if not (0 <= place < 2 * len(complete) and complete[place // 2]):
        assert found is None
        return
    assert found is not None
    assert (found.question, found.answer["id"]) == (f"q{place // 2}", str(place // 2))
    assert found.verdict == ("up" if liked is True else "down")
    assert found.history == history(exchanges[: place // 2])


def made(number: int) -> Answer:
    cited = Citation(1, "rent.md", "0" * 64, "Rent", None, None, "", None, 0, 4, "Rent", 1.0)
    return Answer(
        str(number), f"q{number}", f"q{number}", "answered", "Rent [1]", (), (cited,), (), (), (), 0.9, "extractive",
        IndexInfo("000007", "2024-01-01T00:00:00+00:00", 1, 1), ModelNames("e", "r", None),
    )  # fmt: skip
