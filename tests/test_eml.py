"""E-mails, written by the standard library and by hand."""

import io
from email.message import EmailMessage

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wellformed import assert_wellformed, shown

from assistant.ingest.child import document_of
from assistant.ingest.formats import eml as module
from assistant.ingest.formats.common import Unreadable
from assistant.ingest.parse import TEXT_LIMIT, parse_bytes
from assistant.types import Parsed

HEAD = (
    "From: Ann Lee <ann@example.org>\nTo: bob@example.org\nDate: Wed, 3 Jul 2024 10:00:00 +0200\nSubject: The rent\n"
)


NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(2_000))


def read(data: bytes) -> Parsed:
    parsed = parse_bytes(data, "eml")
    assert_wellformed(parsed)
    return parsed


def message(text: str = "The rent rises to 900 euros.") -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Änn <ann@example.org>"
    made["To"] = "bob@example.org"
    made["Date"] = "Wed, 3 Jul 2024 23:30:00 -0700"
    made["Subject"] = "Die Miete für Mai"
    made.set_content(text)
    return made


def test_a_message_is_headed_by_its_subject_and_dated_as_it_says():
    parsed = read(message("Hello Bob\n\nThe rent rises.\n\n- one\n- two\n").as_bytes())
    assert shown(parsed) == [
        ("heading 1", "Die Miete für Mai"),
        ("paragraph", "From: Änn <ann@example.org>"),
        ("paragraph", "To: bob@example.org"),
        ("paragraph", "Date: Wed, 03 Jul 2024 23:30:00 -0700"),
        ("paragraph", "Hello Bob"),
        ("paragraph", "The rent rises."),
        ("item", "one"),
        ("item", "two"),
    ]
    assert (parsed.title, parsed.date) == ("Die Miete für Mai", "2024-07-03")
    assert document_of("a.eml", message().as_bytes(), TEXT_LIMIT).date == "2024-07-03"


def test_quoted_replies_are_kept_without_their_marks():
    text = "Yes, we do.\n\nOn Tuesday Bob wrote:\n> Do we pay\n> on time?\n>\n> > Pay in May.\n\nAnn"
    blocks = shown(read(message(text).as_bytes()))[4:]
    assert [text for _, text in blocks] == [
        "Yes, we do.",
        "On Tuesday Bob wrote:",
        "Do we pay\non time?",
        "Pay in May.",
        "Ann",
    ]


def test_plain_text_is_preferred_and_html_read_where_there_is_none():
    made = message("Plain words.")
    made.add_alternative("<h1>Head</h1><p>Rich words.<p hidden>Hidden.", subtype="html")
    assert "Rich" not in read(made.as_bytes()).text
    made = message("")
    made.add_alternative("<h1>Head</h1><p>Rich words.<p hidden>Hidden.", subtype="html")
    assert shown(read(made.as_bytes()))[4:] == [("heading 2", "Head"), ("paragraph", "Rich words.")]


def word_file(text: str) -> bytes:
    document = docx.Document()
    document.add_heading("Terms", 1)
    document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_attachments_stand_below_their_names():
    made = message("See below.")
    made.add_attachment(
        word_file("Notice is 3 months."), "application", "octet-stream", filename="Vertrag für Bob.docx"
    )
    made.add_attachment(b"a;b\n1;2\n", "text", "csv", filename="figures.csv")
    made.add_attachment(b"MZ\x90", "application", "octet-stream", filename="run.exe")
    blocks = shown(read(made.as_bytes()))[4:]
    assert blocks[0][1].startswith(
        "Attachments: Vertrag für Bob.docx; figures.csv; run.exe (not read: format .exe is"
    )
    assert blocks[1:] == [
        ("paragraph", "See below."),
        ("heading 2", "Vertrag für Bob.docx"),
        ("heading 3", "Terms"),
        ("paragraph", "Notice is 3 months."),
        ("heading 2", "figures.csv"),
        ("row", "a | b"),
        ("row", "1 | 2"),
    ]


def test_an_attached_message_is_read_and_what_is_attached_to_it_is_named():
    inner = message("Inner words.")
    inner.add_attachment(b"Too deep.", "text", "plain", filename="deep.txt")
    outer = message("Outer words.")
    outer.add_attachment(inner)
    text = read(outer.as_bytes()).text
    assert "Inner words." in text
    assert "Too deep." not in text
    assert "deep.txt (not read: it is attached to an attached message)" in text


def test_pictures_in_the_text_and_signatures_are_no_attachments():
    made = message("Words.")
    made.add_attachment(b"sig", "application", "pgp-signature", filename="signature.asc")
    made.add_attachment(b"\x89PNG", "image", "png", filename="logo.png", disposition="inline")
    assert "Attachments" not in read(made.as_bytes()).text


def test_many_attachments_are_named_beyond_the_limit():
    made = message("Words.")
    for number in range(102):
        made.add_attachment(b"Body %d." % number, "text", "plain", filename=f"{number}.txt")
    text = read(made.as_bytes()).text
    assert "Body 99." in text
    assert "Body 100." not in text
    assert "101.txt (not read: there are more than 100)" in text


def test_the_limit_of_characters_holds_for_message_and_attachments_together():
    made = message("Words.")
    made.add_attachment(b"x" * 900, "text", "plain", filename="long.txt")
    text = parse_bytes(made.as_bytes(), "eml", limit=600).text
    assert "long.txt (not read: its text is longer than the limit of" in text


@pytest.mark.parametrize(
    ("subject", "shown_as"),
    [
        (b"=?utf-8?q?Caf=C3=A9?=", "Café"),
        (b"=?iso-8859-1?q?Caf=E9?= =?iso-8859-1?q?_bar?=", "Café bar"),
        ("Café".encode(), "Café"),
        ("Café".encode("latin-1"), "Café"),
        (b"=?nonsense?q?Caf?=", "=?nonsense?q?Caf?="),
        (b"", "(no subject)"),
    ],
)
def test_headers_in_any_encoding(subject, shown_as):
    parsed = read(b"From: a@example.org\nSubject: " + subject + b"\n\nWords.")
    assert parsed.title == shown_as
    assert shown(parsed)[0] == ("heading 1", shown_as)


def test_a_body_in_another_encoding_than_it_says():
    for charset, text in (("us-ascii", "Café".encode()), ("utf-8", "Café".encode("cp1252")), ("none", b"Caf\xe9")):
        head = f"{HEAD}Content-Type: text/plain; charset={charset}\n\n".encode()
        assert read(head + text + b" is open.").text.endswith("Café is open.")


def test_what_is_no_message_is_refused():
    with pytest.raises(Unreadable, match="it is no e-mail, whatever its name says"):
        module.parse(b"Some: text\n\nand more")
    with pytest.raises(Unreadable, match="nested too deeply"):
        parse_bytes(HEAD.encode() + NESTED, "eml")


@settings(max_examples=60, deadline=None)
@given(subject=st.text(max_size=20), text=st.text(max_size=60), name=st.text(max_size=20))
def test_any_message_is_well_formed(subject, text, name):
    made = EmailMessage()
    made["Subject"] = " ".join(subject.split())
    made.set_content(text.encode("utf-8", "ignore").decode())
    try:
        made.add_attachment(text.encode("utf-8", "ignore"), "text", "plain", filename=name)
        data = made.as_bytes()
    except (ValueError, UnicodeError, AttributeError):
        return  # what the library itself does not write
    try:
        read(data)
    except Unreadable as error:
        assert "binary data" in str(error)
