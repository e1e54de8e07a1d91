"""Time of reading a file of each format, over bare text extraction by the same library.

    python eval/bench/formats.py [FORMAT ...] [--rounds 3]

The files are made here (`formats_made.py`) and of the sizes that people complain about. "Bare" is the shortest
program that gets all text out with the library that the format is read with; for rich text, which is read by code of
our own, the library striprtf. Both run in this process, in turn, and the medians of their processor time are
compared. Text, Markdown, Org and source code have no such library.
"""

import argparse
import csv
import email
import email.policy
import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import docx
import formats_made as made
import openpyxl
import pptx
import pypdfium2
from docutils.core import publish_doctree
from lxml import etree
from selectolax.lexbor import LexborHTMLParser
from striprtf.striprtf import rtf_to_text

from assistant.ingest.parse import Kind, parse_bytes

LIMIT = 100_000_000  # characters


def word(data: bytes) -> str:
    """Paragraphs and the cells of tables."""
    document = docx.Document(io.BytesIO(data))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def excel(data: bytes) -> str:
    """The values of all cells."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    rows = (row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))
    return "\n".join(" | ".join("" if value is None else str(value) for value in row) for row in rows)


def powerpoint(data: bytes) -> str:
    """The text of shapes, tables and notes."""
    texts: list[str] = []
    for slide in pptx.Presentation(io.BytesIO(data)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                texts.append(shape.text_frame.text)
            if shape.has_table:
                texts += (cell.text for row in shape.table.rows for cell in row.cells)
        if slide.has_notes_slide:
            texts.append(slide.notes_slide.notes_text_frame.text)
    return "\n".join(texts)


def pdf(data: bytes) -> str:
    """The text of each page."""
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


def message(data: bytes) -> str:
    """The headers and the text."""
    parsed = email.message_from_bytes(data, policy=email.policy.default)
    body = parsed.get_body(("plain", "html"))
    attached = (part.get_content() for part in parsed.iter_attachments())
    headers = [str(parsed[name]) for name in ("From", "To", "Date", "Subject")]
    return "\n".join([*headers, body.get_content() if body else "", *map(str, attached)])


def separated(data: bytes) -> str:
    """The cells of all rows."""
    return "\n".join(" | ".join(row) for row in csv.reader(io.StringIO(data.decode())))


def page(data: bytes) -> str:
    """The text of the body."""
    body = LexborHTMLParser(data.decode()).body
    return body.text() if body else ""


def book(data: bytes) -> str:
    """The text of all pages."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(page(archive.read(name)) for name in archive.namelist() if name.endswith(".xhtml"))


def opened(data: bytes) -> str:
    """The text of all elements, the cells of a row on one line."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("content.xml"))
    rows = list(root.iter(f"{{{made.ODF}table:1.0}}table-row"))
    lines = (" | ".join("".join(cell.itertext()) for cell in row) for row in rows) if rows else root.itertext()
    return "\n".join(lines)


def tagged(data: bytes) -> str:
    """The text of all elements."""
    return "\n".join(etree.fromstring(data).itertext())


def records(data: bytes) -> str:
    """All values."""
    return "\n".join(_values(json.loads(data)))


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _values(part)
    else:
        yield str(value)


def restructured(data: bytes) -> str:
    """The text of the whole document."""
    return str(publish_doctree(data.decode()).astext())


def rich_text(data: bytes) -> str:
    """The text of the whole document."""
    return str(rtf_to_text(data.decode()))  # type: ignore[no-untyped-call]


FORMATS: dict[Kind, tuple[str, Callable[[], bytes | list[bytes]], Callable[[bytes], str]]] = {
    "docx": ("300 pages", made.word, word),
    "xlsx": ("100,000 rows", made.excel, excel),
    "pptx": ("200 slides", made.powerpoint, powerpoint),
    "pdf": ("500 pages", made.pdf, pdf),
    "eml": ("2,000 messages", made.messages, message),
    "csv": ("100,000 rows", made.separated, separated),
    "html": ("3,000 paragraphs", lambda: made.page().encode(), page),
    "epub": ("60 chapters", made.book, book),
    "odt": ("3,000 paragraphs", made.text_document, opened),
    "ods": ("20,000 rows", made.spreadsheet, opened),
    "rtf": ("3,000 paragraphs", made.rich_text, rich_text),
    "json": ("50,000 objects", made.records, records),
    "xml": ("1,600 paragraphs, 20,000 records", made.tagged, tagged),
    "rst": ("150 sections", made.restructured, restructured),
}


def main() -> None:
    """Print one line for each format."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("formats", nargs="*", default=list(FORMATS))
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(f"{'format':6} {'file':33} {'MB':>6} {'read s':>7} {'bare s':>7} {'ratio':>6} {'million characters':>19}")
    for kind in given.formats:
        size, make, bare = FORMATS[kind]
        files = make()
        files = files if isinstance(files, list) else [files]
        ours, theirs = [], []
        for _ in range(given.rounds):
            ours.append(_seconds(_reader(kind), files))
            theirs.append(_seconds(bare, files))
        read, least = median(ours), median(theirs)
        characters = sum(len(parse_bytes(data, kind, LIMIT).text) for data in files) / 1e6
        megabytes = sum(map(len, files)) / 1e6
        print(
            f"{kind:6} {size:33} {megabytes:6.1f} {read:7.2f} {least:7.2f} {read / least:6.2f} {characters:19.1f}",
            flush=True,
        )


def _reader(kind: Kind) -> Callable[[bytes], Any]:
    return lambda data: parse_bytes(data, kind, LIMIT)


def _seconds(read: Callable[[bytes], Any], files: list[bytes]) -> float:
    start = time.process_time()
    for data in files:
        read(data)
    return time.process_time() - start


if __name__ == "__main__":
    main()
