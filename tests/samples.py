"""A small file of every format, with a heading, two sentences, and where the format has them a list and a table."""

import io
import json
import zipfile
from email.message import EmailMessage

import docx
import openpyxl
import pptx
from compound import message_file
from reportlab.pdfgen import canvas
from test_epub import book, page
from test_odf import odf
from test_odf import row as odf_row

HEADING, FIRST, SECOND = "Rent", "The rent is 900 euros.", "It rises in May."
ROWS = (("Year", "Sum"), ("Spring", "850"), ("Autumn", "900"))
MARKDOWN = f"# {HEADING}\n\n{FIRST} {SECOND}\n\n- one\n- two\n\n" + "\n".join(
    "| " + " | ".join(row) + " |" + ("\n|---|---|" if number == 0 else "") for number, row in enumerate(ROWS)
)
HTML = f"<h1>{HEADING}</h1><p>{FIRST} {SECOND}</p><ul><li>one<li>two</ul><table>" + "".join(
    "<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in ROWS
)
TEXT = f"{HEADING}\n\n{FIRST} {SECOND}\n\n- one\n- two\n"
RST_TABLE = "=== ===\nA   B\n=== ===\n1   2\n=== ===\n"
ORG_TABLE = "| Year | Sum |\n|------+-----|\n| Spring | 850 |\n| Autumn | 900 |\n"


def _saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.add_heading(HEADING, 1)
    document.add_paragraph(f"{FIRST} {SECOND}")
    document.add_paragraph("one", style="List Bullet")
    table = document.add_table(len(ROWS), 2)
    for row, texts in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return _saved(document)


def excel() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = HEADING
    for row in (*ROWS, (FIRST, SECOND)):
        book.active.append(row)
    return _saved(book)


def powerpoint() -> bytes:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = HEADING
    slide.placeholders[1].text = f"{FIRST}\n{SECOND}"
    slide.notes_slide.notes_text_frame.text = "Ask again."
    table = slide.shapes.add_table(len(ROWS), 2, 0, 0, 99, 99).table
    for number, row in enumerate(ROWS):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    return _saved(show)


def pdf() -> bytes:
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream)
    for text in (FIRST, SECOND):
        sheet.drawString(72, 700, text)
        sheet.showPage()
    sheet.save()
    return stream.getvalue()


def message() -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "ann@example.org", "bob@example.org", HEADING
    made["Date"] = "Wed, 03 Jul 2024 10:00:00 +0200"
    made.set_content(f"{FIRST} {SECOND}\n\n> And the heating?\n")
    made.add_attachment(MARKDOWN.encode(), "text", "markdown", filename="terms.md")
    return made.as_bytes()


def text_document() -> bytes:
    table = "".join(
        odf_row(*(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in row)) for row in ROWS
    )
    return odf(
        f'<text:h text:outline-level="1">{HEADING}</text:h><text:p>{FIRST} {SECOND}</text:p>'
        f"<text:list><text:list-item><text:p>one</text:p></text:list-item></text:list><table:table>{table}</table:table>"
    )


def slides() -> bytes:
    def frame(place: str, text: str) -> str:
        box = f"<draw:text-box><text:p>{text}</text:p></draw:text-box>"
        return f'<draw:frame presentation:class="{place}">{box}</draw:frame>'

    frames = frame("title", HEADING) + frame("outline", FIRST) + frame("outline", SECOND)
    return odf(f"<draw:page>{frames}</draw:page>", "presentation")


def sheets() -> bytes:
    rows = "".join(
        odf_row(*(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in row))
        for row in (*ROWS, (FIRST, SECOND))
    )
    return odf(f'<table:table table:name="{HEADING}">{rows}</table:table>', "spreadsheet")


def rich_text() -> bytes:
    rows = "".join(
        r"\trowd\cellx1\cellx2\pard\intbl " + "".join(rf"{text}\cell " for text in row) + r"\row " for row in ROWS
    )
    head = r"{\rtf1\ansi{\stylesheet{\s1 heading 1;}}"
    return (head + rf"\pard\s1 {HEADING}\par\pard {FIRST} {SECOND}\par {rows}\pard}}").encode()


def outlook(first: str = FIRST) -> bytes:
    values = {0x37: HEADING, 0x1000: f"{first} {SECOND}", 0xC1A: "Ann", 0xC1F: "ann@example.org"}
    return message_file(values, [{0x3707: "terms.md", 0x3701: MARKDOWN.encode()}])


def notebook() -> bytes:
    code = {"cell_type": "code", "source": "x = 1", "outputs": [{"output_type": "stream", "text": "850\n"}]}
    return json.dumps({"cells": [{"cell_type": "markdown", "source": MARKDOWN}, code]}).encode()


def records() -> bytes:
    head, *rows = ROWS
    return json.dumps(
        {HEADING: [FIRST, SECOND], "rows": [dict(zip(head, row, strict=True)) for row in rows]}
    ).encode()


def tagged() -> bytes:
    rows = "".join(f"<row><Year>{year}</Year><Sum>{number}</Sum></row>" for year, number in ROWS[1:])
    return f"<doc><title>{HEADING}</title><p>{FIRST} {SECOND}</p><rows>{rows}</rows></doc>".encode()


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/terms.md", MARKDOWN)
        archive.writestr("letter.txt", TEXT)
    return stream.getvalue()


SAMPLES = {
    "a.md": MARKDOWN.encode(),
    "a.txt": TEXT.encode(),
    "a.html": HTML.encode(),
    "a.csv": "\n".join(";".join(row) for row in (*ROWS, (FIRST, SECOND))).encode(),
    "a.pdf": pdf(),
    "a.docx": word(),
    "a.xlsx": excel(),
    "a.pptx": powerpoint(),
    "a.odt": text_document(),
    "a.odp": slides(),
    "a.ods": sheets(),
    "a.rtf": rich_text(),
    "a.epub": book({"a.xhtml": page(HTML.replace("<li>two", "")), "b.xhtml": page("<p>Two.</p>")}),
    "a.eml": message(),
    "a.mbox": b"From a\n" + message() + b"\n\nFrom b\n" + message(),
    "a.msg": outlook(),
    "a.json": records(),
    "a.jsonl": b'{"a": "The rent is 900 euros.", "b": "It rises in May."}\n{"a": "x", "b": "y"}\n',
    "a.xml": tagged(),
    "a.ipynb": notebook(),
    "a.rst": f"{HEADING}\n====\n\n{FIRST} {SECOND}\n\n- one\n- two\n\n{RST_TABLE}".encode(),
    "a.org": f"* {HEADING}\n{FIRST} {SECOND}\n- one\n- two\n\n{ORG_TABLE}".encode(),
    "a.py": f'"""{FIRST} {SECOND}"""\n\n\ndef rent():\n    return 900\n'.encode(),
}
