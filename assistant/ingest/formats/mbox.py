"""Mailboxes of e-mails (RFC 4155): one message below the other."""

import re

from assistant.ingest.formats.common import TEXT_LIMIT, Builder, Unreadable
from assistant.ingest.formats.eml import read_mail
from assistant.ingest.formats.mail import ReadPart, add_mail
from assistant.types import Parsed

_BEGINS = re.compile(rb"^From [^\n]*\n(?=[!-9;-~]+:)", re.MULTILINE)
_ESCAPED = re.compile(rb"^>(?=>*From )", re.MULTILINE)
_MESSAGES_LIMIT = 20_000


def parse(data: bytes, limit: int = TEXT_LIMIT, read_part: ReadPart | None = None) -> Parsed:
    """Read a mailbox (.mbox): each message a page, under its subject.

    Raises:
        Unreadable: It is no mailbox, or beyond the limits.
    """
    starts = [match for match in _BEGINS.finditer(data) if _is_apart(data, match.start())]
    if not starts or data[: starts[0].start()].strip():
        raise Unreadable("it is no mailbox, whatever its name says")
    if len(starts) > _MESSAGES_LIMIT:
        raise Unreadable(f"it has more than {_MESSAGES_LIMIT:,} messages")
    builder = Builder(limit)
    ends = [*(each.start() for each in starts[1:]), len(data)]
    for number, (match, end) in enumerate(zip(starts, ends, strict=True), start=1):
        builder.begin_page(number)
        add_mail(builder, read_mail(_ESCAPED.sub(b"", data[match.end() : end])), read_part)
    return builder.parsed()


def _is_apart(data: bytes, start: int) -> bool:
    """Whether a line that begins with "From " comes after an empty one, as the first of a message does."""
    return start == 0 or data[max(0, start - 2) : start] == b"\n\n" or data[max(0, start - 3) : start] == b"\n\r\n"
