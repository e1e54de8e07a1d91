"""Boxes of spans, read back from the page by a program that knows nothing of the layout."""

import ctypes
import io
from pathlib import Path

import pypdfium2
import pypdfium2.raw as raw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas
from reportlab.platypus import BalancedColumns, ListFlowable, Table
from test_pdf import PROSE, built, drawn, heading, text

from assistant.ingest.formats import pdf
from assistant.ingest.formats.common import Unreadable
from assistant.ingest.formats.pdf_boxes import find_boxes
from assistant.ingest.sentences import sentence_spans

DOSSIER = sorted((Path(__file__).parents[1] / "docs").rglob("*.pdf"))


def letters(shown: str) -> str:
    """What must be the same in a text and on its page: all but white space, hyphens, and marks of cells."""
    return "".join(character for character in shown if not character.isspace() and character not in "-|/\ufffe\0")


class Pages:
    """Every character of a file with the middle of its box."""

    def __init__(self, data: bytes) -> None:
        self.pages = []
        self.windows = []
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        for page in pypdfium2.PdfDocument(data):
            characters = []
            text_page = page.get_textpage()
            for number in range(text_page.count_chars()):
                raw.FPDFText_GetCharBox(text_page.raw, number, left, right, bottom, top)
                middle = (left.value + right.value) / 2, (bottom.value + top.value) / 2
                characters.append((chr(raw.FPDFText_GetUnicode(text_page.raw, number)), *middle))
            self.pages.append(characters)
            self.windows.append(page.get_bbox())

    def under(self, number: int, box: tuple[float, float, float, float]) -> str:
        left, bottom, right, top = box
        return letters("".join(c for c, x, y in self.pages[number - 1] if left <= x <= right and bottom <= y <= top))


def assert_found(data: bytes, exact: bool = True) -> list[list[tuple[int, tuple[float, float, float, float]]]]:
    """The boxes of every sentence and block of a file, after a look at what is under them."""
    parsed = pdf.parse(data)
    blocks = [(block.start, block.end) for block in parsed.blocks]
    spans = [
        (start + first, start + last)
        for start, end in blocks
        for first, last in sentence_spans(parsed.text[start:end])
    ] + blocks
    pages = Pages(data)
    found = find_boxes(data, parsed.text, spans)
    assert len(found) == len(spans)
    for (start, end), boxes in zip(spans, found, strict=True):
        said = letters(parsed.text[start:end])
        assert boxes or not said, parsed.text[start:end]
        numbers = [page.number for page in parsed.pages if page.start < end and start < page.end]
        for number, (left, bottom, right, top) in boxes:
            window = pages.windows[number - 1]
            assert number in numbers
            assert window[0] <= left < right <= window[2] and window[1] <= bottom < top <= window[3]
        seen = "".join(pages.under(*box) for box in boxes)
        if exact:
            assert seen == said, (seen, said)
        else:
            rest = iter(seen)
            assert all(character in rest for character in said), (seen, said)
    return found


TEXTS = "It gave all the infor-", "mation on the Franco-", "German treaty that the", "minister wanted. It ended."


def turned() -> bytes:
    stream = io.BytesIO()
    page = canvas.Canvas(stream, pagesize=A4)
    for quarters in range(4):
        page.setPageRotation(90 * quarters)
        page.saveState()
        page.translate(300, 400)
        page.rotate(90 * quarters)
        page.drawString(0, 0, f"Line {quarters} of this. It is turned.")
        page.drawString(0, -14, "A line below goes on.")
        page.restoreState()
        page.showPage()
    page.save()
    return stream.getvalue()


def cropped() -> bytes:
    stream = io.BytesIO()
    page = canvas.Canvas(stream, pagesize=A4)
    page.setCropBox((100, 100, 400, 700))
    page.drawString(120, 500, "Inside of the part that is shown.")
    page.drawString(120, 480, "A second line. It ends.")
    page.save()
    return stream.getvalue()


def with_hidden_words() -> bytes:
    stream = io.BytesIO()
    page = canvas.Canvas(stream, pagesize=A4)
    line = page.beginText(72, 700)
    for size, words in ((11, "The rent is "), (0.5, "surely not "), (11, "900 euros. It rises.")):
        line.setFont("Helvetica", size)
        line.textOut(words)
    page.drawText(line)
    page.save()
    return stream.getvalue()


GRID = Table(
    [
        ["Project", "State", "Sum"],
        [text("Solar plant near the coast"), text("planned since the spring of last year"), "5|6"],
        ["Wind farm", "", "7-8"],
    ],
    colWidths=[80, 100, 60],
)
ROWS = Table([["City", "Country"]] + [[f"City {n}", f"in country-{n}"] for n in range(90)], repeatRows=1)
SAMPLES = {
    "prose over pages": lambda: built(*(text(f"{n} {PROSE}") for n in range(16)), head="Report", foot="Page {}"),
    "lists and headings": lambda: built(
        heading(1, "Main title"),
        ListFlowable([text(f"first item. {PROSE}"), text("second item")], bulletType="bullet", start="•"),
        ListFlowable([text("one"), text("two")]),
        heading(2, "A part with a name that is so long that no line of this page has room enough for all of it"),
        text(PROSE),
    ),
    "tables": lambda: built(text(PROSE), GRID, text(PROSE), ROWS, text("The end."), foot="{}"),
    "columns": lambda: built(BalancedColumns([text(f"{n} {PROSE}") for n in range(6)], nCols=2)),
    "joined hyphens": lambda: drawn(*((72, 700 - 13 * n, line) for n, line in enumerate(TEXTS))),
    "columns line by line": lambda: drawn(
        *(
            (x, 700 - 13 * n, f"{line} {place}")
            for n, line in enumerate(TEXTS)
            for x, place in ((72, "l"), (320, "r"))
        )
    ),
    "turned pages": turned,
    "a page that shows a part": cropped,
    "hidden words": with_hidden_words,
    "code": lambda: drawn((72, 700, "x  =  1"), (72, 688, "y = f(x) | g"), (72, 600, "Text."), font="Courier"),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_under_the_boxes_of_each_sentence_are_its_words(name):
    assert_found(SAMPLES[name]())


@pytest.mark.parametrize("path", DOSSIER, ids=lambda path: path.name)
def test_boxes_of_the_sample_documents(path):
    assert_found(path.read_bytes())


def test_a_sentence_over_two_lines_has_two_boxes_and_over_two_pages_both():
    data = drawn((72, 700, "A line that fills the whole width of the column"), (72, 687, "and ends. Another."))
    first, second, _ = assert_found(data)
    assert [number for number, _ in first] == [1, 1] and [number for number, _ in second] == [1]
    left, bottom, right, top = second[0][1]
    assert 110 < left < 125 and right < 180 and bottom < 687 < top < 700
    found = assert_found(SAMPLES["prose over pages"]())
    assert any({number for number, _ in boxes} == {1, 2} for boxes in found)


def test_hidden_words_within_a_line_are_neither_read_nor_under_a_box():
    data = with_hidden_words()
    assert pdf.parse(data).text == "The rent is 900 euros. It rises."
    first, second, _ = assert_found(data)
    assert len(first) == 2 and len(second) == 1


def test_another_file_is_refused():
    data = drawn((72, 700, "Rent: 900 euros."))
    with pytest.raises(Unreadable, match="not the file that this text was read from"):
        find_boxes(data, "Rent: 950 euros.", [(0, 4)])
    with pytest.raises(Unreadable, match="not the file that this text was read from"):
        find_boxes(data, "Rent: 900 euros. And more.", [(0, 4)])
    with pytest.raises(Unreadable, match="no PDF"):
        find_boxes(b"Rent", "Rent", [(0, 4)])


@settings(max_examples=25, deadline=None)
@given(
    parts=st.lists(
        st.tuples(
            st.floats(20, 300),  # so that no letter is cut by the edge of the page
            st.floats(20, 800),
            st.sampled_from([6, 11, 11, 18]),
            st.sampled_from(["Helvetica", "Helvetica-Bold", "Courier"]),
            st.text(st.sampled_from("ab1 .-•|("), max_size=20)
            | st.sampled_from(["• item", "1. one", "infor-", "Contents ..... 7", "| a |", "3"]),
        ),
        min_size=1,
        max_size=25,
    ),
    pages=st.integers(1, 3),
)
def test_any_placing_of_lines_has_its_boxes(parts, pages):
    stream = io.BytesIO()
    page = canvas.Canvas(stream, pagesize=A4)
    for _ in range(pages):
        for x, y, size, font, content in parts:
            page.setFont(font, size)
            page.drawString(x, y, content)
        page.showPage()
    page.save()
    try:
        assert_found(stream.getvalue(), exact=False)
    except Unreadable as error:
        assert "no text" in str(error)
