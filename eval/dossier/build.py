"""Write the PDF, DOCX and XLSX files of the sample dossier from their sources.

    python eval/dossier/build.py [FOLDER]        default: docs/ of this repository

Each `source/NAME.SUFFIX.md` becomes `FOLDER/NAME.SUFFIX`. The sources are a small part of Markdown: front
matter with `title` and `date`, `#` and `##` headings, paragraphs, `-` lists, and tables whose first row is
the header. The same sources give the same bytes: neither the clock nor the machine's compression library has
a say in them.
"""

import argparse
import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.writer.excel import ExcelWriter
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, ListFlowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

HERE = Path(__file__).resolve().parent
AUTHOR = "Azerbaijan–China dossier"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (one line), a paragraph (one line), a list (its items) or a table (its rows, as written)."""

    kind: Literal["heading", "subheading", "paragraph", "list", "table"]
    lines: tuple[str, ...]

    @property
    def rows(self) -> list[list[str]]:
        """The cells of a table."""
        return [[cell.strip() for cell in line.strip("|").split("|")] for line in self.lines]


@dataclass(frozen=True, slots=True)
class Source:
    """What a document says, before it is laid out."""

    title: str
    date: dt.date
    blocks: tuple[Block, ...]

    @property
    def written_date(self) -> str:
        return f"{self.date.day} {self.date:%B %Y}"

    @property
    def timestamp(self) -> dt.datetime:
        """Nine in the morning of the document's date; both office formats take it as UTC."""
        return dt.datetime.combine(self.date, dt.time(9))


def read_source(path: Path) -> Source:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in front.splitlines())
    blocks = tuple(read_block(part) for part in body.strip().split("\n\n"))
    return Source(fields["title"], dt.date.fromisoformat(fields["date"]), blocks)


def read_block(text: str) -> Block:
    lines = text.split("\n")
    if text.startswith("## "):
        return Block("subheading", (text[3:],))
    if text.startswith("# "):
        return Block("heading", (text[2:],))
    if text.startswith("- "):
        return Block("list", tuple(line[2:] for line in lines))
    if text.startswith("|"):
        return Block("table", tuple(lines))
    return Block("paragraph", (" ".join(lines),))


# PDF


def write_pdf(source: Source, target: Path) -> None:
    def furnish(canvas: Canvas, _: SimpleDocTemplate) -> None:
        """Set the running head and the page number of one page."""
        canvas.setDateFormatter(lambda *_: f"D:{source.timestamp:%Y%m%d%H%M%S}+00'00'")
        canvas.setFont("Helvetica", 8)
        canvas.drawString(2.5 * cm, A4[1] - 1.5 * cm, source.title)
        canvas.drawRightString(A4[0] - 2.5 * cm, A4[1] - 1.5 * cm, source.written_date)
        canvas.drawCentredString(A4[0] / 2, 1.5 * cm, f"Page {canvas.getPageNumber()}")

    template = SimpleDocTemplate(
        str(target),
        pagesize=A4,
        leftMargin=2.5 * cm,
        rightMargin=2.5 * cm,
        topMargin=2.5 * cm,
        bottomMargin=2.5 * cm,
        title=source.title,
        author=AUTHOR,
        creator=AUTHOR,
        subject="",
        lang="en",
        invariant=1,
        pageCompression=0,
    )
    styles = getSampleStyleSheet()
    story: list[Flowable] = [Paragraph(escape(source.title), styles["Title"])]
    story += [flowable for block in source.blocks for flowable in laid_out(block)]
    template.build(story, onFirstPage=furnish, onLaterPages=furnish)


def laid_out(block: Block) -> list[Flowable]:
    styles = getSampleStyleSheet()
    body = ParagraphStyle("body", parent=styles["BodyText"], fontSize=11, leading=15.5, spaceAfter=7)
    match block.kind:
        case "heading":
            return [Paragraph(escape(block.lines[0]), styles["Heading1"])]
        case "subheading":
            return [Paragraph(escape(block.lines[0]), styles["Heading2"])]
        case "paragraph":
            return [Paragraph(escape(block.lines[0]), body)]
        case "list":
            return [ListFlowable([Paragraph(escape(item), body) for item in block.lines], bulletType="bullet")]
        case "table":
            return [ruled_table(block.rows), Spacer(1, 0.4 * cm)]


def ruled_table(rows: list[list[str]]) -> Table:
    cell = ParagraphStyle("cell", fontName="Helvetica", fontSize=9, leading=12)
    head = ParagraphStyle("head", parent=cell, fontName="Helvetica-Bold")
    cells = [[Paragraph(escape(text), head if n == 0 else cell) for text in row] for n, row in enumerate(rows)]
    grid = TableStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
            ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
    )
    return Table(cells, colWidths=[16 * cm / len(rows[0])] * len(rows[0]), style=grid, repeatRows=1)


# DOCX


def write_docx(source: Source, target: Path) -> None:
    document = docx.Document()
    drop_unused_styles(document)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = source.title, AUTHOR, ""
    properties.created = properties.modified = source.timestamp
    document.add_heading(source.title, level=0)
    for block in source.blocks:
        match block.kind:
            case "heading":
                document.add_heading(block.lines[0], level=1)
            case "subheading":
                document.add_heading(block.lines[0], level=2)
            case "paragraph":
                document.add_paragraph(block.lines[0])
            case "list":
                for item in block.lines:
                    document.add_paragraph(item, style="List Bullet")
            case "table":
                rows = block.rows
                table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
                for row, texts in zip(table.rows, rows, strict=True):
                    for cell, text in zip(row.cells, texts, strict=True):
                        cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    repack(buffer, target)


def drop_unused_styles(document: Document) -> None:
    """Take out nine tenths of the blank document: its table styles, and a second copy of all styles."""
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in ("Normal Table", "Table Grid"):
            style.delete()
    relations = document.part.rels
    for name in [name for name, relation in relations.items() if "stylesWithEffects" in relation.reltype]:
        del relations[name]


# XLSX


def write_xlsx(source: Source, target: Path) -> None:
    """Write one sheet for each heading; a paragraph takes a row, a table takes its own."""
    book = Workbook()
    book.remove(book.worksheets[0])
    properties = book.properties
    properties.title, properties.creator = source.title, AUTHOR
    properties.created = properties.modified = source.timestamp
    for block in source.blocks:
        if block.kind == "heading":
            sheet = book.create_sheet(block.lines[0])
        elif block.kind == "table":
            for row in block.rows:
                sheet.append([cell_value(text) for text in row])
            sheet.freeze_panes = "A2"
            for number, width in enumerate((30, 48, 16, 16, 16, 28)[: len(block.rows[0])]):
                sheet.column_dimensions["ABCDEF"[number]].width = width
            for cell in sheet[1]:
                cell.font = Font(bold=True)
        else:
            sheet.append([block.lines[0]])
    buffer = io.BytesIO()
    # Not Workbook.save, which puts the time of saving into the properties.
    ExcelWriter(book, zipfile.ZipFile(buffer, "w")).save()
    repack(buffer, target)


def cell_value(text: str) -> str | int | float | None:
    if re.fullmatch(r"\d+", text):
        return int(text)
    if re.fullmatch(r"\d+\.\d+", text):
        return float(text)
    return text or None


def repack(archive: io.BytesIO, target: Path) -> None:
    """Write a zip archive with neither times nor compression, both of which vary between machines."""
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            new.writestr(entry, old.read(name))


WRITERS = {".pdf": write_pdf, ".docx": write_docx, ".xlsx": write_xlsx}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the PDF, DOCX and XLSX files of the sample dossier.")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE.parents[1] / "docs")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted((HERE / "source").glob("*.md")):
        target = folder / path.stem
        WRITERS[target.suffix](read_source(path), target)
        print(target)


if __name__ == "__main__":
    main()
