"""Where citations say that they stand, from the bytes of a file: sheets and rows, pages and labels, messages."""

import csv
import io
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from html import escape
from itertools import groupby, pairwise
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen import canvas
from samples import SAMPLES
from split_parts import LIMITS, count_tokens
from test_odf import odf

from assistant.answer.cite import cite
from assistant.ingest.child import document_of
from assistant.ingest.formats.tables import cell
from assistant.ingest.parse import TEXT_LIMIT
from assistant.ingest.split import SplitLimits, split
from assistant.ingest.wire import LENGTH, decode_reply, document_message, encode
from assistant.render import place
from assistant.store.catalog import Catalog
from assistant.types import Citation, Document, StoredPassage

Grid = Sequence[Sequence[str]]


def document(name: str, data: bytes) -> Document:
    """The document as the program gets it from a parser."""
    read = document_of(name, data, TEXT_LIMIT)
    told = decode_reply(name, encode(document_message(read))[LENGTH.size :])
    assert told == read
    return read


def stored(read: Document, limits: SplitLimits) -> Iterator[StoredPassage]:
    catalog = Catalog.create(Path(":memory:"))
    passages = split(read, count_tokens, limits)
    catalog.add(read, passages)
    assert catalog.document(read.path) == read
    yield from (catalog.passage(number) for number in range(1, len(passages) + 1))
    catalog.close()


def citations(name: str, data: bytes, limits: SplitLimits = LIMITS) -> list[Citation]:
    """A citation of every sentence of a file."""
    return [cite(1, p, s, 0.0) for p in stored(document(name, data), limits) for s in p.sentences]


# Sheets. Every cell says where it stands, so that a citation that names another row is found out.


def written_csv(sheets: Sequence[Grid]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    for number, row in enumerate(sheets[0]):
        if any(row) or number % 2:  # an empty row is an empty line, or one of empty cells
            writer.writerow(row)
        else:
            stream.write("\r\n")
    return stream.getvalue().encode()


def written_xlsx(sheets: Sequence[Grid]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, grid in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {number}")
        for n, row in enumerate(grid, start=1):
            for m, text in enumerate(row, start=1):
                if text:
                    sheet.cell(n, m, text)
            sheet.row_dimensions[n].hidden = n % 5 == 3
        for n, row in enumerate(grid, start=1):
            for m, (text, after) in enumerate(pairwise([*row, "", ""]), start=1):
                if text and not after:
                    sheet.merge_cells(start_row=n, end_row=n, start_column=m, end_column=m + 1)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def written_ods(sheets: Sequence[Grid]) -> bytes:
    return odf(
        "".join(f'<table:table table:name="Sheet {n}">{_rows(grid)}</table:table>' for n, grid in enumerate(sheets)),
        "spreadsheet",
    )


def _rows(grid: Grid) -> str:
    parts = []
    for filled, group in groupby(grid, key=any):
        rows = list(group)
        if filled:
            parts += [f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows]
        else:
            parts.append(
                f'<table:table-row table:visibility="collapse" table:number-rows-repeated="{len(rows)}">'
                '<table:table-cell table:number-columns-repeated="99"/></table:table-row>'
            )
    half = len(parts) // 2
    return f"<table:table-row-group>{''.join(parts[:half])}</table:table-row-group>{''.join(parts[half:])}"


def _cell(text: str) -> str:
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n") if text)
    return f"<table:table-cell>{paragraphs}</table:table-cell>"


WRITERS = {"a.csv": written_csv, "a.xlsx": written_xlsx, "a.ods": written_ods}
WORDS = st.sampled_from(
    ["fee", "a long name of something", "two\nlines", "a | bar", "Prose, with an end. And more.", ""]
)
ROWS = st.one_of(st.just([]), st.lists(WORDS, max_size=4))


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    rows = draw(st.lists(ROWS, min_size=1, max_size=14))
    return [[f"{text} {n}x{m}" if text else "" for m, text in enumerate(row)] for n, row in enumerate(rows, start=1)]


@settings(deadline=None, max_examples=60)
@pytest.mark.parametrize("name", WRITERS)
@given(sheets=st.lists(grids(), min_size=1, max_size=3))
def test_the_row_of_a_sentence_leads_back_to_the_cells_of_that_row(name, sheets):
    if name == "a.csv":  # one sheet, and without marks that might part its cells
        sheets = [[[text.replace("|", "or").replace(",", "") for text in row] for row in sheets[0]]]
    if not any(any(row) for grid in sheets for row in grid):
        return
    data = WRITERS[name](sheets)
    cells = {
        (sheet, n): [cell(text) for text in row if text]
        for sheet, grid in enumerate(sheets, start=1)
        for n, row in enumerate(grid, start=1)
        if any(row)
    }
    read = document(name, data)
    found = set()
    for block in read.blocks:
        if block.row is None:
            assert block.kind == "heading" and read.text[block.start : block.end].startswith("Sheet ")
            continue
        sheet = next((page.number for page in read.pages if page.start <= block.start < page.end), 1)
        shown = [part.strip() for part in read.text[block.start : block.end].split("|") if part.strip()]
        assert shown == cells[sheet, block.row], (sheet, block)
        found.add((sheet, block.row))
    assert found == set(cells)
    for citation in citations(name, data, SplitLimits(20, 14)):
        said = " ".join(citation.quote.split())
        if citation.row is not None:
            row = " | ".join(cells[citation.page or 1, citation.row])
            assert all(part.strip() in row for part in said.split("|")), (said, row)
            assert f", row {citation.row} (" in place(citation)
        else:
            assert said.startswith("Sheet ")


def test_rows_that_an_ods_repeats_have_numbers_of_their_own():
    rows = "".join(
        f'<table:table-row table:number-rows-repeated="{count}"><table:table-cell>{text}</table:table-cell>'
        f"<table:table-cell>{text}</table:table-cell></table:table-row>"
        for count, text in ((2, "<text:p>one</text:p>"), (5_000, ""), (1, "<text:p>last</text:p>"))
    )
    data = odf(f'<table:table table:name="Fees">{rows}</table:table>', "spreadsheet")
    assert [(c.quote, c.row) for c in citations("a.ods", data)] == [
        ("one | one", 1),
        ("one | one", 2),
        ("last | last", 5003),
    ]


def test_rows_that_an_xlsx_leaves_out_count():
    book = openpyxl.Workbook()
    book.properties.title = "Prices"
    book.active.append(["Some", "notes"])
    sheet = book.create_sheet("Fees")
    numbers = (7, 8, *range(110, 119))
    for number in numbers:
        sheet.cell(number, 2, f"fee {number}")
        sheet.cell(number, 3, number)
    stream = io.BytesIO()
    book.save(stream)
    found = [c for c in citations("prices.xlsx", stream.getvalue()) if c.page == 2]
    assert [(c.quote, c.row) for c in found] == [(f"fee {n} | {n}", n) for n in numbers]
    assert place(found[-1]) == f"prices.xlsx, sheet 2, Fees, row 118 ({found[-1].start}–{found[-1].end})"
    whole = [cite(1, p, p, 0.0) for p in stored(document("prices.xlsx", stream.getvalue()), LIMITS)]
    assert [place(c).split(" (")[0] for c in whole[1:]][0] == "prices.xlsx, sheet 2, Fees, from row 7"


def test_a_title_above_a_table_and_a_note_below_it_have_their_rows():
    found = document("a.csv", b"\nFees of 2024;\nName;Fee\nBoat;7\n\nPaid in May.;\n")
    said = [(block.kind, found.text[block.start : block.end], block.row) for block in found.blocks]
    assert said == [
        ("heading", "Fees of 2024", 2),
        ("row", "Name | Fee", 3),
        ("row", "Boat | 7", 4),
        ("paragraph", "Paid in May.", 6),
    ]


# Pages


def test_sentences_of_one_passage_have_each_their_own_sheet():
    sheets = [[[], ["Boat", "7 euros"]], [[], ["Ship", "9 euros"]]]
    read = document("a.xlsx", written_xlsx(sheets))
    [passage] = stored(read, SplitLimits())
    assert [(s.quote, s.page) for s in passage.sentences if s.row] == [("Boat | 7 euros", 1), ("Ship | 9 euros", 2)]


def labelled_pdf() -> bytes:
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream)
    for number in range(1, 9):
        sheet.drawString(72, 400, f"This is what is said on page {number}.")
        sheet.showPage()
    sheet._doc.Catalog.PageLabels = canvas.pdfdoc.PDFDictionary({"Nums": "[0 <</S/r>> 4 <</S/D>> 7 <</S/D/St 8>>]"})
    sheet.save()
    return stream.getvalue()


def test_pages_are_named_by_label_and_number_and_are_those_of_the_sentence():
    found = citations("a.pdf", labelled_pdf())
    assert [c.page for c in found] == list(range(1, 9))
    assert all(c.quote.endswith(f"page {c.page}.") for c in found)
    assert [c.page_label for c in found] == ["i", "ii", "iii", "iv", "1", "2", "3", None]
    assert place(found[3]).startswith("a.pdf, page iv (4) (")
    assert place(found[7]).startswith("a.pdf, page 8 (")


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("a.xlsx", "sheet 1"),
        ("a.ods", "sheet 1"),
        ("a.pptx", "slide 1"),
        ("a.odp", "slide 1"),
        ("a.mbox", "message 1"),
        ("a.pdf", "page 1"),
    ],
)
def test_pages_are_called_what_they_are(name, named):
    first, *_ = citations(f"box.zip/{name}".upper(), SAMPLES[name])
    assert place(first).split(", ")[1].split(" (")[0] == named


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_only_sheets_have_rows_and_only_pdf_has_labels(name):
    found = citations(name, SAMPLES[name])
    assert any(c.row for c in found) == (name in ("a.csv", "a.xlsx", "a.ods"))
    assert not any(c.page_label for c in found)


def test_a_citation_names_the_message_of_a_mailbox():
    def mail(number: int) -> bytes:
        return b"From x\nFrom: a@example.org\nSubject: Fee %d\n\nThe fee of the year is %d euros.\n\n" % (
            number,
            number,
        )

    found = [c for c in citations("a.mbox", b"".join(map(mail, range(1, 6)))) if c.quote.startswith("The fee")]
    assert [(c.page, c.quote) for c in found] == [(n, f"The fee of the year is {n} euros.") for n in range(1, 6)]
    assert place(found[2]).startswith("a.mbox, message 3")


def test_a_sheet_that_is_attached_to_a_message_keeps_its_rows():
    made = EmailMessage()
    made["From"], made["Subject"] = "a@example.org", "Fees"
    made.set_content("The fees are attached.")
    made.add_attachment(b"\nName;Fee\nBoat;7\nShip;9\n", "text", "csv", filename="fees.csv")
    found = [c for c in citations("a.eml", made.as_bytes()) if c.row]
    assert [(c.quote, c.row, c.page) for c in found] == [("Boat | 7", 3, None), ("Ship | 9", 4, None)]
