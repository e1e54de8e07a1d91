"""E-mails as they are sent (RFC 5322 and MIME)."""

import email
import email.header
import email.utils
from collections.abc import Iterator
from email.errors import MessageError
from email.message import Message

from assistant.ingest.formats.common import TEXT_LIMIT, Builder, Unreadable, as_title, one_line
from assistant.ingest.formats.dates import iso_date
from assistant.ingest.formats.encoding import decode
from assistant.ingest.formats.mail import NO_SUBJECT, Attachment, Mail, ReadPart, add_mail
from assistant.types import Parsed

_SHOWN = ("From", "To", "Cc", "Date")  # the subject is the heading
_KNOWN = frozenset(("from", "to", "date", "subject", "received", "message-id", "return-path", "mime-version"))
_SIGNATURES = frozenset(("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"))


def parse(data: bytes, limit: int = TEXT_LIMIT, read_part: ReadPart | None = None) -> Parsed:
    """Read a message (.eml). `read_part` reads what is attached; without it, attachments are only named.

    Raises:
        Unreadable: It is no message, or beyond the limits.
    """
    mail = read_mail(data)
    builder = Builder(limit)
    add_mail(builder, mail, read_part)
    return builder.parsed(as_title(mail.subject) or NO_SUBJECT, mail.date)


def read_mail(data: bytes) -> Mail:
    """The message in `data`.

    Raises:
        Unreadable: It is none: no header is one that messages have.
    """
    message = email.message_from_bytes(data)
    headers = _headers(message)
    if not _KNOWN & headers.keys():
        raise Unreadable("it is no e-mail, whatever its name says")
    plain: list[str] = []
    html: list[str] = []
    attachments: list[Attachment] = []
    for part in _leaves(message):
        kind = part.get_content_type()
        if kind in ("text/plain", "text/html") and not _file_name(part) and not _is_attached(part):
            try:
                (plain if kind == "text/plain" else html).append(_text(part))
                continue
            except Unreadable:
                pass  # named with the reason, as an attachment is
        if attachment := _attachment(part):
            attachments.append(attachment)
    return Mail(
        subject=headers.get("subject", ""),
        headers=[(name, headers.get(name.lower(), "")) for name in _SHOWN],
        date=date_of(headers.get("date")),
        plain="\n\n".join(plain),
        html="\n".join(html),
        attachments=attachments,
    )


def _leaves(message: Message) -> Iterator[Message]:
    """The parts of a message that hold something; of alternatives, the plain text if it says anything."""
    stack = [message]
    while stack:
        part = stack.pop()
        children = part.get_payload()
        if part.get_content_maintype() != "multipart" or not isinstance(children, list):
            yield part
            continue
        parts = [child for child in children if isinstance(child, Message)]
        if part.get_content_subtype() == "alternative":
            plain = [child for child in parts if child.get_content_type() == "text/plain" and _says_something(child)]
            parts = [child for child in parts if child.get_content_type() != "text/html"] if plain else parts
        stack += reversed(parts)


def _says_something(part: Message) -> bool:
    try:
        return bool(_text(part).strip())
    except Unreadable:
        return False


def _headers(message: Message) -> dict[str, str]:
    """The headers as a reader sees them, by their names in lower case; the first where there are several."""
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        if name.lower() not in found:
            found[name.lower()] = header_text(str(value))
    return found


def header_text(raw: str) -> str:
    """A header on one line, with its encoded words and its bytes beyond ASCII decoded."""
    try:
        raw = decode(raw.encode("utf-8", "surrogateescape"))
        return one_line(str(email.header.make_header(email.header.decode_header(raw))))
    except (Unreadable, LookupError, ValueError, MessageError):
        return one_line(raw.encode("utf-8", "replace").decode("utf-8"))


def _text(part: Message) -> str:
    """The text of a part. Many declare an encoding that it is not in, so its bytes are heard, too."""
    data = part.get_payload(decode=True)
    declared = part.get_content_charset()
    return decode(data, declared) if isinstance(data, bytes) and data else ""


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename()
    except (LookupError, ValueError, TypeError):  # of a name in an encoding that there is not
        name = None
    return header_text(name) if name else ""


def _attachment(part: Message) -> Attachment | None:
    """The file in a part; None for a signature, and for a picture that stands inside the text."""
    kind = part.get_content_type()
    if kind in _SIGNATURES or (part.get_content_maintype() == "image" and not _is_attached(part)):
        return None
    children = part.get_payload()
    if kind == "message/rfc822" and isinstance(children, list):
        if not (children and isinstance(children[0], Message)):
            return None
        subject = _headers(children[0]).get("subject") or "message"
        return Attachment(f"{subject}.eml", children[0].as_bytes())
    data = part.get_payload(decode=True)
    name = _file_name(part) or f"part{ {'text/html': '.html', 'text/calendar': '.ics'}.get(kind, '.txt') }"
    return Attachment(name, data) if isinstance(data, bytes) and data else None


def date_of(value: str | None) -> str | None:
    """The day of a header "Date", where the message was sent; None where it says none."""
    try:
        return iso_date(email.utils.parsedate_to_datetime(value)) if value else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
