"""Outlook messages, written byte by byte."""

import datetime

import olefile
import pytest
from compound import compound_file, message_file
from hypothesis import example, given, settings
from hypothesis import strategies as st
from wellformed import assert_wellformed, shown

from assistant.ingest.formats import msg as module
from assistant.ingest.formats.common import Unreadable
from assistant.ingest.parse import parse_bytes
from assistant.types import Parsed

SUBJECT, BODY, HTML, RTF, SENDER, ADDRESS, TO, HEADERS = 0x37, 0x1000, 0x1013, 0x1009, 0xC1A, 0xC1F, 0xE04, 0x7D
DATA, LONG_NAME, DISPLAY_NAME, CODEPAGE = 0x3701, 0x3707, 0x3001, 0x3FDE
SENT = int((datetime.datetime(2024, 7, 3, 8) - datetime.datetime(1601, 1, 1)).total_seconds()) * 10_000_000
SIMPLE = {
    SUBJECT: "The rent",
    BODY: "Hello\r\n\r\nIt rises.\r\n> Does it?\r\n",
    SENDER: "Ann",
    ADDRESS: "ann@example.org",
}


def read(data: bytes) -> Parsed:
    parsed = parse_bytes(data, "msg")
    assert_wellformed(parsed)
    return parsed


def test_the_files_are_compound_files():
    content = {"a": b"x" * 5_000, "dir": {"b": b"short", "c": b"z" * 70_000}}
    with olefile.OleFileIO(compound_file(content)) as file:
        assert file.openstream("a").read() == content["a"]
        assert file.openstream("dir/b").read() == b"short"
        assert file.openstream("dir/c").read() == b"z" * 70_000


def test_a_message_is_read_like_any_other():
    parsed = read(message_file({**SIMPLE, TO: "Bob; Eve"}, [], SENT))
    assert shown(parsed) == [
        ("heading 1", "The rent"),
        ("paragraph", 'From: "Ann" <ann@example.org>'),
        ("paragraph", "To: Bob; Eve"),
        ("paragraph", "Date: Wed, 03 Jul 2024 08:00:00 +0000"),
        ("paragraph", "Hello"),
        ("paragraph", "It rises."),
        ("paragraph", "Does it?"),
    ]
    assert (parsed.title, parsed.date) == ("The rent", "2024-07-03")


def test_the_headers_of_the_transport_are_preferred():
    headers = (
        "From: =?utf-8?q?Caf=C3=A9?= <c@example.org>\r\nTo: d@example.org\r\nDate: Tue, 2 Jul 2024 22:00:00 -0700\r\n"
    )
    parsed = read(message_file({**SIMPLE, HEADERS: headers}, [], SENT))
    assert [text for _, text in shown(parsed)[1:4]] == [
        "From: Café <c@example.org>",
        "To: d@example.org",
        "Date: Tue, 2 Jul 2024 22:00:00 -0700",
    ]
    assert parsed.date == "2024-07-02"  # where it was sent


def test_html_is_read_where_there_is_no_text():
    html = "<p>Café</p><p hidden>No.</p>"
    for codepage, data in ((65001, html.encode()), (1252, html.encode("cp1252"))):
        values = {SUBJECT: "S", HTML: data, CODEPAGE: codepage}
        assert shown(read(message_file(values, [])))[1:] == [("paragraph", "Café")]


def test_attachments_stand_below_their_names():
    attached = [
        {LONG_NAME: "notes.md", DATA: b"# Head\n\nWords.\n"},
        {LONG_NAME: "a.bin", DATA: b"\0"},
        {DISPLAY_NAME: "Appointment"},
    ]
    blocks = shown(read(message_file(SIMPLE, attached, SENT)))
    assert blocks[-3:] == [("heading 2", "notes.md"), ("heading 3", "Head"), ("paragraph", "Words.")]
    (named,) = [text for _, text in blocks if text.startswith("Attachments: ")]
    assert named.startswith("Attachments: notes.md; a.bin (not read: format .bin is not supported")
    assert "Appointment (not read: it is no file but an item of the mail program" in named


def test_what_cannot_be_read_has_a_reason():
    with pytest.raises(Unreadable, match="stored as compressed RTF alone"):
        module.parse(message_file({SUBJECT: "S", RTF: b"LZFu"}, []))
    with pytest.raises(Unreadable, match="it is no Outlook message"):
        module.parse(b"From: a")
    with pytest.raises(Unreadable, match="damaged"):
        parse_bytes(message_file(SIMPLE, [])[:1_000], "msg")


@settings(max_examples=60, deadline=None)
@example(at=576, value=b"\0")  # within the text
@given(at=st.integers(0, 4_000), value=st.binary(min_size=1, max_size=8))
def test_damaged_messages_are_read_or_refused(at, value):
    data = message_file(SIMPLE, [{LONG_NAME: "a.txt", DATA: b"Words."}], SENT)
    at %= len(data)
    try:
        read(data[:at] + value + data[at + len(value) :])
    except Unreadable as error:
        assert str(error)


@pytest.mark.parametrize("place", [BODY, HTML], ids=["text", "html"])
def test_characters_that_cannot_be_stored_are_left_out(place):
    parsed = read(message_file({SUBJECT: "Rent", place: "It \0ri\0ses in May."}, []))
    assert "It rises in May." in parsed.text
