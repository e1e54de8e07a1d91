"""Mailboxes."""

import mailbox
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wellformed import assert_wellformed, shown

from assistant.ingest.child import document_of
from assistant.ingest.formats import mbox as module
from assistant.ingest.formats.common import Unreadable
from assistant.ingest.parse import TEXT_LIMIT, parse_bytes


def message(subject: str, text: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = "ann@example.org"
    made["Subject"] = subject
    made.set_content(text)
    return made


def mailbox_of(path, *messages: EmailMessage) -> bytes:
    box = mailbox.mbox(path)
    for each in messages:
        box.add(each)
    box.close()
    return path.read_bytes()


def test_messages_come_one_below_the_other(tmp_path):
    second = message("Two", "Words.")
    second.add_attachment(b"Attached.", "text", "plain", filename="a.txt")
    data = mailbox_of(tmp_path / "box", message("One", "Hello.\n\nFrom here on it rains.\n\nAll day."), second)
    parsed = parse_bytes(data, "mbox")
    assert_wellformed(parsed)
    assert shown(parsed) == [
        ("heading 1", "One"),
        ("paragraph", "From: ann@example.org"),
        ("paragraph", "Hello."),
        ("paragraph", "From here on it rains."),
        ("paragraph", "All day."),
        ("heading 1", "Two"),
        ("paragraph", "From: ann@example.org"),
        ("paragraph", "Attachments: a.txt"),
        ("paragraph", "Words."),
        ("heading 2", "a.txt"),
        ("paragraph", "Attached."),
    ]
    assert document_of("box-2024.mbox", data, TEXT_LIMIT).title == "Box 2024"


def test_what_is_no_mailbox_is_refused():
    for data in (b"Words.", b"Words.\n\nFrom here\n", b"From here\nno headers", b"From here\nNo: message"):
        with pytest.raises(Unreadable, match="whatever its name says"):
            module.parse(data)


def test_a_mailbox_whose_lines_are_not_escaped_and_one_message_that_cannot_be_read():
    data = b"From a\nSubject: One\n\nHi.\n\nFrom here on it rains.\n\nFrom b\nSubject: Two\n\n" + bytes(99)
    blocks = shown(parse_bytes(data, "mbox"))
    assert [text for kind, text in blocks if kind == "heading 1"] == ["One", "Two"]
    assert blocks[2] == ("paragraph", "From here on it rains.")
    assert blocks[-1] == ("paragraph", "Attachments: part.txt (not read: it holds binary data, not text)")


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(st.text(st.sampled_from("From >\nab"), max_size=30), min_size=1, max_size=4))
def test_any_mailbox_holds_its_messages(texts, tmp_path_factory):
    path = tmp_path_factory.mktemp("mail") / "box"
    data = mailbox_of(path, *(message(f"S{n}", text) for n, text in enumerate(texts)))
    parsed = parse_bytes(data, "mbox")
    assert_wellformed(parsed)
    headings = [text for kind, text in shown(parsed) if kind == "heading 1"]
    assert headings == [f"S{n}" for n in range(len(texts))]
