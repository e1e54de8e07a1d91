"""What e-mails of all formats are made of, and how one is put into a document."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from assistant.ingest.formats import html, txt
from assistant.ingest.formats.common import Builder, Unreadable, one_line
from assistant.types import Parsed

ReadPart = Callable[[str, bytes, int], Parsed]
"""Reads an attached file from its name, its bytes and how many characters it may have; raises `Unreadable`."""

NO_SUBJECT = "(no subject)"

_QUOTED = re.compile(r"(?:>[ \t]?)+")
_NAME_LIMIT = 200  # characters of an attachment's name
_ATTACHMENTS_LIMIT = 100
_NESTED = "it is attached to an attached message"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message."""

    name: str
    data: bytes | None  # None where the message does not hold them as a file


@dataclass(frozen=True, slots=True)
class Mail:
    """One message. `headers` are those that a reader is shown, in order; `html` is shown where `plain` is empty."""

    subject: str
    headers: Sequence[tuple[str, str]]
    date: str | None  # ISO 8601
    plain: str = ""
    html: str = ""
    attachments: Sequence[Attachment] = field(default=())


def add_mail(builder: Builder, mail: Mail, read_part: ReadPart | None, level: int = 1) -> None:
    """Append a message: its subject as a heading, its headers, its text, and what is attached.

    Each attachment is read as a file of its name would be, and stands below a heading with that name. One that cannot
    be read is named with the reason in the line "Attachments".

    Args:
        builder: The document being built.
        mail: The message.
        read_part: Reads attachments; None inside an attached message, whose own are only named.
        level: The depth of the subject's heading.
    """
    builder.add("heading", mail.subject or NO_SUBJECT, level=level)
    for name, value in mail.headers:
        if value:
            builder.add("paragraph", f"{name}: {value}")
    body = _body(mail, builder.room)
    # What the attachments say counts against the same limit, but what the message says comes first.
    parts = list(_read(mail.attachments, read_part, builder.room - len(body.text)))
    if parts:
        named = (f"{name} (not read: {found})" if isinstance(found, str) else name for name, found in parts)
        builder.add("paragraph", f"Attachments: {'; '.join(named)}")
    builder.include(body, deeper=level)
    for name, found in parts:
        if isinstance(found, Parsed):
            builder.add("heading", name, level=level + 1)
            builder.include(found, deeper=level + 1)


def _body(mail: Mail, limit: int) -> Parsed:
    """The text of a message, without the marks before quoted lines; what is quoted begins a new paragraph."""
    if not mail.plain.strip():
        return html.parse_fragment(mail.html, limit)
    lines = ((_QUOTED.match(line), line) for line in mail.plain.split("\n"))
    marked = ((match[0].count(">") if match else 0, line[match.end() if match else 0 :]) for match, line in lines)
    parts = ["\n".join(line for _, line in group) for _, group in groupby(marked, key=lambda each: each[0])]
    return txt.parse_text("\n\n".join(part.strip("\n") for part in parts).strip(), limit, titled=False)


def _read(
    attachments: Sequence[Attachment], read_part: ReadPart | None, room: int
) -> Iterator[tuple[str, Parsed | str]]:
    """The name of each attachment, and what is in it or why that is not known."""
    for number, attachment in enumerate(attachments):
        name = one_line(attachment.name)[:_NAME_LIMIT] or f"attachment {number + 1}"
        try:
            if attachment.data is None:
                raise Unreadable("it is no file but an item of the mail program, or stored elsewhere")
            if read_part is None:
                raise Unreadable(_NESTED)
            if number >= _ATTACHMENTS_LIMIT:
                raise Unreadable(f"there are more than {_ATTACHMENTS_LIMIT}")
            found = read_part(name, attachment.data, room)
        except Unreadable as error:
            yield name, str(error)
        else:
            room -= len(found.text)
            yield name, found
