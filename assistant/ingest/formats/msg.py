"""Outlook messages (.msg): the same as other e-mails, in a container of Microsoft's."""

import email.utils
import io
import warnings

from oxmsg import Message
from oxmsg.attachment import Attachment as Attached

from assistant.ingest.formats.common import TEXT_LIMIT, Builder, Unreadable, as_title, clean, one_line
from assistant.ingest.formats.dates import iso_date
from assistant.ingest.formats.eml import date_of, header_text
from assistant.ingest.formats.encoding import decode
from assistant.ingest.formats.mail import NO_SUBJECT, Attachment, Mail, ReadPart, add_mail
from assistant.types import Parsed

_CONTAINER = bytes.fromhex("d0cf11e0a1b11ae1")
_HTML = 0x1013  # PidTagHtml
_RTF = 0x1009  # PidTagRtfCompressed
_TO, _CC = 0x0E04, 0x0E03  # PidTagDisplayTo, PidTagDisplayCc
_SHORT_NAME, _DISPLAY_NAME = 0x3704, 0x3001  # PidTagAttachFilename, PidTagDisplayName


def parse(data: bytes, limit: int = TEXT_LIMIT, read_part: ReadPart | None = None) -> Parsed:
    """Read a message; `read_part` reads what is attached.

    Raises:
        Unreadable: It is no message, or beyond the limits.
    """
    if not data.startswith(_CONTAINER):
        raise Unreadable("it is no Outlook message, whatever its name says")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # olefile's about damaged files
        mail = _mail(Message.load(io.BytesIO(data)))
    builder = Builder(limit)
    add_mail(builder, mail, read_part)
    return builder.parsed(as_title(mail.subject) or NO_SUBJECT, mail.date)


def _mail(message: Message) -> Mail:
    said = {name.lower(): header_text(str(value)) for name, value in message.message_headers.items()}
    sent = message.sent_date
    subject = one_line(message.subject) or said.get("subject", "")
    properties = message.properties
    headers = [
        ("From", said.get("from") or one_line(message.sender or "")),
        ("To", said.get("to") or one_line(properties.str_prop_value(_TO) or "").rstrip("\0")),
        ("Cc", said.get("cc") or one_line(properties.str_prop_value(_CC) or "").rstrip("\0")),
        ("Date", said.get("date") or (email.utils.format_datetime(sent) if sent else "")),
    ]
    plain = clean(message.body or "")
    html = "" if plain.strip() else _html(message)
    if not plain.strip() and not html and properties.binary_prop_value(_RTF):
        raise Unreadable("its text is stored as compressed RTF alone; save it anew as .eml or text")
    attachments = [Attachment(_name(each), each.file_bytes) for each in message.attachments]
    plain = plain.replace("\r\n", "\n")
    return Mail(subject, headers, date_of(said.get("date")) or iso_date(sent), plain, html, attachments)


def _html(message: Message) -> str:
    data = message.properties.binary_prop_value(_HTML)
    return decode(data, message.properties.body_encoding) if data else clean(message.html_body or "")


def _name(attached: Attached) -> str:
    said = attached.properties.str_prop_value
    return one_line(attached.file_name or said(_SHORT_NAME) or said(_DISPLAY_NAME) or "attachment").rstrip("\0")
