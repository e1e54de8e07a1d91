"""PDFs, written by reportlab: text by its geometry."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen import canvas
from reportlab.platypus import Flowable, ListFlowable, PageBreak, Paragraph, Preformatted, SimpleDocTemplate, Table
from wellformed import assert_wellformed, rows_under, shown

from assistant.ingest.formats import pdf
from assistant.ingest.formats.common import Unreadable
from assistant.types import Parsed

STYLES = getSampleStyleSheet()
PROSE = "The partnership was agreed in summer, and since then trade between the two has grown in every month. " * 6


def built(*parts: Flowable, head: str = "", foot: str = "", size: int = 8, **properties: object) -> bytes:
    def furnish(page: canvas.Canvas, template: object) -> None:
        page.setFont("Helvetica", size)
        page.drawString(72, 815, head)
        page.drawString(280, 30, foot.format(page.getPageNumber()))

    stream = io.BytesIO()
    SimpleDocTemplate(stream, pagesize=A4, **properties).build(list(parts), onFirstPage=furnish, onLaterPages=furnish)
    return stream.getvalue()


def drawn(*lines: tuple[float, float, str], font: str = "Helvetica", size: float = 11, **options: object) -> bytes:
    stream = io.BytesIO()
    page = canvas.Canvas(stream, pagesize=A4, **options)
    page.setFont(font, size)
    for x, y, text in lines:
        page.drawString(x, y, text)
    page.save()
    return stream.getvalue()


def read(data: bytes) -> Parsed:
    parsed = pdf.parse(data)
    assert_wellformed(parsed)
    return parsed


def text(content: str) -> Paragraph:
    return Paragraph(content, STYLES["BodyText"])


def heading(level: int, content: str) -> Paragraph:
    return Paragraph(content, STYLES[f"Heading{level}"])


def test_headings_paragraphs_items_and_tables():
    grid = Table([["Year", "Name", "Value"], ["2019", "Alpha", "3.5"], ["2020", "", "14.25"]])
    items = ListFlowable([text("first item"), text("second item")], bulletType="bullet", start="•")
    parsed = read(built(heading(1, "Main title"), text(PROSE), heading(2, "Part"), items, text(PROSE), grid))
    head = "Year | Name | Value"
    assert shown(parsed) == [
        ("heading 1", "Main title"),
        ("paragraph", PROSE.strip()),
        ("heading 2", "Part"),
        ("item", "first item"),
        ("item", "second item"),
        ("paragraph", PROSE.strip()),
        ("row", head),
        ("row", "2019 | Alpha | 3.5"),
        ("row", "2020 |  | 14.25"),
    ]
    assert {header for header, _ in rows_under(parsed)} == {head}


def test_words_parted_at_line_ends_are_joined():
    lines = ["It gave all the infor-", "mation on the Franco-", "German treaty that the", "minister wanted."]
    parsed = read(drawn(*((72, 700 - 13 * n, line) for n, line in enumerate(lines))))
    assert parsed.text == "It gave all the information on the Franco-German treaty that the minister wanted."


def test_paragraphs_are_told_by_gaps_indents_and_short_lines():
    full, short = "A line that fills the whole width of the column here", "and ends."
    by_gap = [(72, 700, full), (72, 687, short), (72, 661, full), (72, 648, short)]
    by_indent = [(90, 700, full), (72, 687, full + "."), (90, 674, full), (72, 661, short)]
    by_end = [(72, 700, full), (72, 687, short), (72, 674, full), (72, 661, short)]
    for lines in (by_gap, by_indent, by_end):
        assert [kind for kind, _ in shown(read(drawn(*lines)))] == ["paragraph"] * 2, lines


@pytest.mark.parametrize("size", [8, 12])
def test_running_heads_and_page_numbers_are_left_out(size):
    parts = [part for n in range(4) for part in (heading(1, f"Part {n}"), text(PROSE), PageBreak())]
    for head, foot in (("", "Annual report, Page {}"), ("Page 1 of 4", "{}"), ("", "- {} -"), ("2024", "Report")):
        parsed = read(built(*parts, head=head if size == 12 else "Annual report 2024", foot=foot, size=size))
        assert [kind for kind, _ in shown(parsed)] == ["heading 1", "paragraph"] * 4
        assert "Report" not in parsed.text and "Annual" not in parsed.text


def test_a_chapter_in_the_running_head_goes_with_its_page_number():
    stream = io.BytesIO()
    page = canvas.Canvas(stream, pagesize=A4)
    for number, chapter in enumerate(["Trade", "Energy", "Travel"], start=5):
        page.drawString(72, 800, f"Chapter: {chapter} {number}")
        page.drawString(72, 600, f"What is said of {chapter.lower()} in {number * 100} words.")
        page.showPage()
    page.save()
    assert "Chapter" not in read(stream.getvalue()).text


def test_figures_in_the_text_are_no_page_numbers():
    parsed = read(drawn((72, 600, "In all there were"), (72, 400, "1")))
    assert parsed.text == "In all there were\n\n1"


def test_pages_span_their_text_and_paragraphs_go_on_over_them():
    parsed = read(built(*(text(f"{n} {PROSE}") for n in range(16)), foot="Page {}"))
    assert len(parsed.pages) > 1
    assert len(parsed.blocks) == 16
    assert [page.start for page in parsed.pages[1:]] != [page.end for page in parsed.pages[:-1]]
    for page in parsed.pages:
        assert parsed.text[page.start : page.end].strip() == parsed.text[page.start : page.end] != ""


def test_empty_pages_count():
    stream = io.BytesIO()
    page = canvas.Canvas(stream)
    for content in ("First page.", "", "Third page."):
        page.drawString(72, 400, content)
        page.showPage()
    page.save()
    parsed = read(stream.getvalue())
    assert [parsed.text[p.start : p.end] for p in parsed.pages] == ["First page.", "", "Third page."]


def test_rows_stay_under_their_header_over_the_end_of_a_page():
    rows = [["City", "Country"]] + [[f"City {n}", f"in country {n}"] for n in range(90)]
    for repeated in (0, 1):
        for above in range(0, 40):  # so that the page ends after the header, or leaves one row over, as well
            parts = [text("Text before it.")] * above + [Table(rows, repeatRows=repeated)]
            parsed = read(built(*parts, foot="{}"))
            head = "City | Country"
            assert rows_under(parsed) == [(head, " | ".join(row)) for row in rows], (repeated, above)


def test_wrapped_cells_stay_in_their_row():
    cells = [
        ["Project", "State"],
        [text("Solar plant near the coast"), text("planned since the spring of last year")],
    ]
    rows = [*cells, [text("Wind farm"), text("built")], ["Dam", "given up"]]
    parsed = read(built(Table(rows, colWidths=[80, 100])))
    head = "Project | State"
    assert rows_under(parsed) == [
        (head, head),
        (head, "Solar plant near the coast | planned since the spring of last year"),
        (head, "Wind farm | built"),
        (head, "Dam | given up"),
    ]


def test_columns_of_prose_are_read_one_after_the_other():
    left = [
        "The first column begins at the top of",
        "the page, and every line of it is drawn",
        "together with one of its neighbour, as",
        "some programs do.",
    ]
    right = [
        "The second column has nothing to do",
        "with the first, and must not be mixed",
        "up with it, line by line, into a table",
        "of two columns.",
    ]
    lines = [(x, 700 - 13 * n, column[n]) for n in range(4) for x, column in ((72, left), (320, right))]
    assert [line for _, line in shown(read(drawn(*lines)))] == [" ".join(left), " ".join(right)]


def test_code_keeps_its_lines():
    parsed = read(built(text(PROSE), Preformatted("x = 1\ny = compute(x)", STYLES["Code"]), text(PROSE)))
    assert ("code", "x = 1\ny = compute(x)") in shown(parsed)


def test_bold_lines_head_what_follows_unless_all_is_bold():
    parsed = read(built(text(PROSE), text("<b>Next steps</b>"), text(PROSE)))
    assert shown(parsed)[1] == ("heading 1", "Next steps")
    bold = read(drawn((72, 700, "All of it"), (72, 600, "is bold here"), font="Helvetica-Bold"))
    assert [kind for kind, _ in shown(bold)] == ["paragraph"] * 2


def test_turned_pages_read_like_others():
    lines = [(72, 700, "A line that fills the whole width of the column"), (72, 687, "and goes on.")]
    stream = io.BytesIO()
    page = canvas.Canvas(stream, pagesize=A4)
    page.setPageRotation(90)
    page.rotate(90)
    page.translate(0, -A4[0])
    for x, y, content in lines:
        page.drawString(x, y - 300, content)
    page.save()
    assert shown(read(stream.getvalue())) == [
        ("paragraph", "A line that fills the whole width of the column and goes on.")
    ]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The title", "The title"),
        ("untitled", None),
        ("Microsoft Word - a.docx", None),
        ("report.pdf", None),
        ("", None),
    ],
)
def test_titles_that_say_something(title, expected):
    parsed = read(built(text("Text."), title=title))
    assert parsed.title == expected
    assert parsed.date is not None


def test_encrypted_files_are_refused_unless_they_open_without_a_password():
    lines = (72, 700, "Secret")
    with pytest.raises(Unreadable, match="encrypted: save a copy without a password"):
        pdf.parse(drawn(lines, encrypt=StandardEncryption("password")))
    assert read(drawn(lines, encrypt=StandardEncryption("", ownerPassword="owner"))).text == "Secret"


def test_pages_without_text_need_ocr():
    stream = io.BytesIO()
    page = canvas.Canvas(stream)
    page.rect(10, 10, 100, 100)
    page.save()
    with pytest.raises(Unreadable, match="no text on its pages: it needs OCR"):
        pdf.parse(stream.getvalue())


def test_cut_off_files_are_refused_wherever_they_are_cut():
    data = built(text(PROSE), title="x")
    for share in (0.1, 0.5, 0.9):
        with pytest.raises(Unreadable, match="cut off: the end of the file is missing"):
            pdf.parse(data[: int(len(data) * share)])


def test_too_many_pages_are_refused(monkeypatch):
    monkeypatch.setattr(pdf, "PAGE_LIMIT", 2)
    with pytest.raises(Unreadable, match="3 pages, over the limit of 2"):
        pdf.parse(built(*[text("x"), PageBreak()] * 3))


@settings(max_examples=25, deadline=None)
@given(
    parts=st.lists(
        st.tuples(
            st.floats(0, 600),
            st.floats(0, 850),
            st.sampled_from([6, 11, 11, 18]),
            st.sampled_from(["Helvetica", "Helvetica-Bold", "Courier"]),
            st.text(st.sampled_from("ab1 .-•|("))
            | st.sampled_from(["• item", "1. one", "infor-", "Contents ..... 7", "3"]),
        ),
        max_size=25,
    ),
    pages=st.integers(1, 3),
)
def test_any_placing_of_lines_is_well_formed(parts, pages):
    stream = io.BytesIO()
    page = canvas.Canvas(stream, pagesize=A4)
    for _ in range(pages):
        for x, y, size, font, content in parts:
            page.setFont(font, size)
            page.drawString(x, y, content)
        page.showPage()
    page.save()
    try:
        read(stream.getvalue())
    except Unreadable as error:
        assert "no text" in str(error)


def test_a_bold_caption_is_no_heading():
    assert headings_of("Table 3: Fees") == [] and headings_of("The fees") == ["The fees"]


def headings_of(bold: str) -> list[str]:
    grid = Table([["Year", "Name"], ["2019", "Alpha"], ["2020", "Beta"]])
    parsed = read(built(text(PROSE), text(f"<b>{bold}</b>"), grid, text(PROSE)))
    return [said for kind, said in shown(parsed) if kind.startswith("heading")]
