"""Large files of each format for `formats.py`, made by the format's own library or written by hand."""

import io
import json
import random
import zipfile
from email.message import EmailMessage
from typing import Any

import docx
import openpyxl
import pptx
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

_WORDS = (
    "rent house city water report budget year council school bridge plan cost contract office road market energy"
    " station price member vote survey region growth harvest export supply tariff meeting index"
).split()
ODF = "urn:oasis:names:tc:opendocument:xmlns:"


class Writer:
    """Makes text that is the same in each run."""

    def __init__(self) -> None:
        self._random = random.Random(7)

    def sentence(self) -> str:
        """A sentence of 12 words."""
        return f"The {' '.join(self._random.choices(_WORDS, k=10))} of {self._random.randint(1990, 2030)}."

    def paragraph(self) -> str:
        """Five sentences."""
        return " ".join(self.sentence() for _ in range(5))

    def row(self, number: int) -> list[Any]:
        """Six cells."""
        figures = [self._random.randint(1, 9_999), round(self._random.random() * 100, 2), 1990 + number % 40]
        return [f"Item {number}", self._random.choice(_WORDS), *figures, " ".join(self._random.choices(_WORDS, k=3))]


HEADER = ["Item", "Kind", "Amount", "Share", "Year", "Remark"]


def word(pages: int = 300) -> bytes:
    """A Word document of so many pages: a heading, eight paragraphs, and on each tenth page a table."""
    write, document = Writer(), docx.Document()
    for page in range(pages):
        document.add_heading(f"Section {page + 1}", level=1 + page % 3)
        for _ in range(8):
            document.add_paragraph(write.paragraph())
        if page % 10 == 0:
            table = document.add_table(rows=8, cols=6)
            for number, row in enumerate(table.rows):
                for cell, text in zip(row.cells, write.row(number) if number else HEADER, strict=True):
                    cell.text = str(text)
    return _saved(document)


def excel(rows: int = 100_000) -> bytes:
    """A workbook with one sheet of so many rows."""
    write, book = Writer(), openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Items")
    sheet.append(HEADER)
    for number in range(rows):
        sheet.append(write.row(number))
    return _saved(book)


def powerpoint(slides: int = 200) -> bytes:
    """A presentation of so many slides, with notes."""
    write, show = Writer(), pptx.Presentation()
    for number in range(slides):
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = f"Slide about {write.sentence()}"
        slide.placeholders[1].text = "\n".join(write.sentence() for _ in range(6))
        slide.notes_slide.notes_text_frame.text = write.paragraph()
        if number % 10 == 0:
            table = slide.shapes.add_table(5, 6, 0, 0, 99, 99).table
            for at, texts in enumerate([HEADER, *(write.row(n) for n in range(4))]):
                for column, text in enumerate(texts):
                    table.cell(at, column).text = str(text)
    return _saved(show)


def pdf(pages: int = 500) -> bytes:
    """A PDF of so many pages."""
    write, stream = Writer(), io.BytesIO()
    sheet = canvas.Canvas(stream, pagesize=A4)
    for page in range(pages):
        sheet.setFont("Helvetica-Bold", 16)
        sheet.drawString(72, 780, f"Section {page + 1}")
        sheet.setFont("Helvetica", 10)
        for line in range(45):
            sheet.drawString(72, 750 - 15 * line, write.sentence())
        sheet.showPage()
    sheet.save()
    return stream.getvalue()


def messages(count: int = 2_000) -> list[bytes]:
    """So many messages; each tenth has HTML beside its text, each twentieth an attachment."""
    write, made = Writer(), []
    for number in range(count):
        message = EmailMessage()
        message["From"], message["To"] = f"Ann Lee <ann{number}@example.org>", "Bob <bob@example.org>"
        message["Date"], message["Subject"] = "Wed, 03 Jul 2024 10:00:00 +0200", write.sentence()
        message.set_content("\n\n".join(write.paragraph() for _ in range(3)))
        if number % 10 == 0:
            message.add_alternative(f"<p>{write.paragraph()}</p>", subtype="html")
        if number % 20 == 0:
            message.add_attachment(write.paragraph().encode(), "text", "plain", filename="more.txt")
        made.append(message.as_bytes())
    return made


def separated(rows: int = 100_000) -> bytes:
    """Comma-separated values of so many rows."""
    write = Writer()
    lines = [HEADER, *(write.row(number) for number in range(rows))]
    return "\n".join(",".join(map(str, line)) for line in lines).encode()


def page(paragraphs: int = 3_000) -> str:
    """An HTML page."""
    write = Writer()
    parts = (f"<h2>{write.sentence()}</h2>" * (n % 8 == 0) + f"<p>{write.paragraph()}</p>" for n in range(paragraphs))
    return f"<html><body>{''.join(parts)}</body></html>"


def book(chapters: int = 60) -> bytes:
    """A book of so many chapters."""
    items = "".join(f'<item id="c{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(chapters))
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(chapters))
    files = {
        "META-INF/container.xml": '<container><rootfile full-path="book.opf"/></container>',
        "book.opf": f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>",
    }
    return _packed(files | {f"{n}.xhtml": page(60) for n in range(chapters)})


def text_document(paragraphs: int = 3_000) -> bytes:
    """An OpenDocument text."""
    write = Writer()
    parts = (
        f"<t:h>{write.sentence()}</t:h>" * (n % 8 == 0) + f"<t:p>{write.paragraph()}</t:p>" for n in range(paragraphs)
    )
    names = f'xmlns:o="{ODF}office:1.0" xmlns:t="{ODF}text:1.0"'
    content = f"<o:document-content {names}><o:body><o:text>{''.join(parts)}</o:text></o:body></o:document-content>"
    return _packed({"content.xml": content, "META-INF/manifest.xml": "<manifest/>"})


def spreadsheet(rows: int = 20_000) -> bytes:
    """An OpenDocument spreadsheet of so many rows."""
    write = Writer()

    def row(cells: list[Any]) -> str:
        inner = "".join(f"<s:table-cell><t:p>{cell}</t:p></s:table-cell>" for cell in cells)
        return f"<s:table-row>{inner}</s:table-row>"

    names = f'xmlns:o="{ODF}office:1.0" xmlns:t="{ODF}text:1.0" xmlns:s="{ODF}table:1.0"'
    lines = "".join(row(cells) for cells in [HEADER, *(write.row(n) for n in range(rows))])
    table = f'<s:table s:name="Items">{lines}</s:table>'
    content = (
        f"<o:document-content {names}><o:body><o:spreadsheet>{table}</o:spreadsheet></o:body></o:document-content>"
    )
    return _packed({"content.xml": content, "META-INF/manifest.xml": "<manifest/>"})


def rich_text(paragraphs: int = 3_000) -> bytes:
    """A document in rich text."""
    write = Writer()
    parts = (
        rf"\pard\s{n % 8 == 0:d}\f0\fs24 {{\b {write.sentence()}}} {write.paragraph()}\par "
        for n in range(paragraphs)
    )
    return (r"{\rtf1\ansi{\stylesheet{\s0 Normal;}{\s1 heading 1;}}" + "".join(parts) + "}").encode()


def records(count: int = 50_000) -> bytes:
    """JSON: a list of so many objects."""
    write = Writer()
    return json.dumps({"items": [dict(zip(HEADER, write.row(n), strict=True)) for n in range(count)]}).encode()


def tagged(count: int = 20_000) -> bytes:
    """XML: chapters of paragraphs, and so many records."""
    write = Writer()
    eight = (f"<title>{write.sentence()}</title>" + f"<p>{write.paragraph()}</p>" * 8 for _ in range(200))
    prose = "".join(f"<chapter>{chapter}</chapter>" for chapter in eight)
    rows = (zip(HEADER, write.row(n), strict=True) for n in range(count))
    listed = "".join(f"<row>{''.join(f'<{name}>{value}</{name}>' for name, value in row)}</row>" for row in rows)
    return f"<doc>{prose}<rows>{listed}</rows></doc>".encode()


def restructured(sections: int = 150) -> bytes:
    """A text in reStructuredText."""
    write = Writer()
    parts = []
    for number in range(sections):
        items = "\n".join(f"- {write.sentence()}" for _ in range(5))
        parts.append(f"Section {number:04}\n============\n\n{write.paragraph()}\n\n{write.paragraph()}\n\n{items}\n")
    return "\n".join(parts).encode()


def _packed(files: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


def _saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
