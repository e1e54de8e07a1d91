"""What passes between the program and its parsers: read back as it was, and refused where no parser sends it."""

import json

import pytest

from assistant.ingest import wire
from assistant.ingest.child import document_of
from assistant.types import Document, Skipped

MESSAGE = wire.document_message(document_of("a.md", b"# Head\n\n| a | b |\n|---|---|\n| c | d |", 100))


def decoded(**changes: object) -> Document | Skipped:
    return wire.decode_reply("a.md", json.dumps(MESSAGE | changes).encode())


def test_messages_are_read_back():
    assert decoded() == document_of("a.md", b"# Head\n\n| a | b |\n|---|---|\n| c | d |", 100)
    assert wire.decode_reply("a.md", b'{"reason": "no"}') == Skipped("a.md", "no")


@pytest.mark.parametrize(
    "changes",
    [
        {"text": 5},
        {"text": "\ud800" * 50},
        {"sha256": "0"},
        {"title": None},
        {"date": 2024},
        {"blocks": None},
        {"blocks": [["heading", 2, 1, 1, None]]},
        {"blocks": [["heading", 0, 1_000, 1, None]]},
        {"blocks": [["heading", -5, 2, 1, None]]},
        {"blocks": [["heading", 0, 2, 1, None], ["paragraph", 1, 3, 0, None]]},
        {"blocks": [["heading", True, 2, 1, None]]},
        {"blocks": [["heading", 0.0, 2, 1, None]]},
        {"blocks": [["exec", 0, 2, 1, None]]},
        {"blocks": [["row", 0, 2, 0, [0, 1_000]]]},
        {"blocks": [["row", 0, 2, 0, [1]]]},
        {"blocks": [["row", 0, 2, 0]]},
        {"pages": [[1, 5, 1_000]]},
        {"pages": [[1, 5, 2]]},
        {"pages": [[1, 0, "2"]]},
    ],
)
def test_messages_that_no_parser_sends_are_refused(changes):
    with pytest.raises(wire.Malformed):
        decoded(**changes)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"reason": 5}'])
def test_bodies_that_no_parser_sends_are_refused(body):
    with pytest.raises(wire.Malformed):
        wire.decode_reply("a.md", body)
