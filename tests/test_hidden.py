"""Text that no reader of a document sees reaches no index: it could only be meant for a machine."""

import io
from collections.abc import Callable

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from wellformed import assert_wellformed

from assistant.ingest.formats import docx as docx_format
from assistant.ingest.formats import html, md, pdf


def read_html(source: str) -> str:
    parsed = html.parse(source.encode())
    assert_wellformed(parsed)
    return parsed.text


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='font-size:1px'>secret</p>",
        "<p style='FONT-SIZE: 0.05em !important'>secret</p>",
        "<p style='color:transparent'>secret</p>",
        "<p style='color:rgba(0,0,0,0)'>secret</p>",
        "<p style='color:#fff'>secret</p>",
        "<p style='color: rgb(254, 255, 255)'>secret</p>",
        "<font color=white>secret</font>",
        "<p style='background:#123456'><span style='color:#123458'>secret</span></p>",
        "<table bgcolor=#224466><tr><td><font color='#224466'>secret</font></table>",
        "<p style='position:absolute; left:-9999px'>secret</p>",
        "<p style='text-indent:-999em'>secret</p>",
        "<p style='transform: scale(0)'>secret</p>",
        "<p style='width:0;height:0;overflow:hidden'>secret</p>",
        "<p style='position:absolute;clip:rect(0 0 0 0)'>secret</p>",
        "<p style='clip-path: inset(100%)'>secret</p>",
        "<p style='opacity:.01'>secret</p>",
        "<style>.x { display:none }</style><p class=x>secret</p>",
        "<style>@media print { p { color: red } } #x, .y { position: fixed; top: -2000px }</style><p id=x>secret</p>",
        "<style>.x { font-size: 0 }</style><p class='x'>secret <b>secret</b></p>",
        "<style>/* } */ .x { color: #fefefe }</style><p class='x'>secret</p>",
        "<!-- secret --><a href='https://secret.example' title=secret></a><img alt=secret src='data:secret'>",
    ],
)
def test_what_the_style_of_a_page_hides_is_not_read(hidden: str) -> None:
    assert read_html(f"<p>before</p>{hidden}<p>after</p>") == "before\n\nafter"


@pytest.mark.parametrize(
    "shown",
    [
        "<p style='font-size:11px; color:#333'>seen</p>",
        "<div style='background:#000'><p style='color:#fff'>seen</p></div>",
        "<div style='background-image:url(dark.png)'><p style='color:#fff'>seen</p></div>",
        "<link rel=stylesheet href=x.css><div class=dark><p style='color:white'>seen</p></div>",
        "<style>.dark { background: navy } .x { color: white }</style><div class=dark><p class=x>seen</p></div>",
        "<table bgcolor=black><tr><td><font color=white>seen</font></table>",
        "<style>@media print { .x { display: none } }</style><p class=x>seen</p>",
        "<style>.t { display: none } .t.on { display: block }</style><p class='t on'>seen</p>",
        "<style>.x { display: none }</style><p class=x style='display:block'>seen</p>",
        "<style>ul { font-size: 0 } li { font-size: 14px }</style><ul><li>seen</ul>",
        "<style>.x::before { content: 'y'; opacity: 0 } [[ { } p { margin: 0 }</style><p class=x>seen</p>",
        "<style>body { opacity: 0 }</style><p>seen</p>",
        "<p style='color:transparent; background-clip:text; background:red'>seen</p>",
        "<p style='margin-left:-20px; text-indent:-2em; overflow:hidden; height:40px'>seen</p>",
    ],
)
def test_what_a_reader_of_a_page_sees_is_read(shown: str) -> None:
    assert read_html(f"<p>before</p>{shown}<p>after</p>").split() == ["before", "seen", "after"]


def read_md(source: str) -> str:
    parsed = md.parse(source.encode())
    assert_wellformed(parsed)
    return parsed.text


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- secret -->",
        "<!--\nsecret\n\nsecret\n-->",
        "[//]: # (secret)",
        '[x]: https://example.org "secret"\n[x]: # "secret"',
        "<div style='display:none'>\n\nsecret **secret**\n\n- secret\n\n```\nsecret\n```\n\n| secret | b |\n|--|--|\n"
        "| secret | d |\n\n<div>\n\n</div>\n\n# secret\n\n</div>",
        "<p hidden>\nsecret\n</p>",
        '![](https://example.org/secret.png "secret")',
    ],
)
def test_what_a_renderer_of_markdown_does_not_show_is_not_read(hidden: str) -> None:
    parsed = md.parse(f"before\n\n{hidden}\n\nafter\n".encode())
    assert_wellformed(parsed)
    assert "secret" not in parsed.text
    assert [parsed.text[b.start : b.end] for b in parsed.blocks] == ["before", "after"]


def test_hidden_words_inside_a_line_of_markdown_are_not_read() -> None:
    hidden = "<span style='display:none'>not <b>so</b>\n<span>or</span></span>"
    assert (
        read_md(f"It is {hidden}long <font color=white>x</font>**now**.\nNext <em>line</em>.\n")
        == "It is \nlong now.\nNext line.\n"
    )
    assert read_md("To <title> and <kbd class=x>Esc</kbd>, <b hidden>secret\n") == "To  and Esc, \n"
    assert read_md("<details><summary>More</summary>\n\nseen\n\n</details>\n\nafter").split() == [
        "More",
        "seen",
        "after",
    ]
    assert read_md("<table><tr><td>a</td></tr>\n\nseen\n\n</table>\n\nafter").split() == ["a", "seen", "after"]
    assert read_md("<div align=center>\n\nseen\n\n</div>\n").strip() == "seen"
    assert read_md("See [the law][x].\n\n[x]: https://example.org\n") == "See the law.\n\n\n"


def read_docx(document: Document) -> str:
    stream = io.BytesIO()
    document.save(stream)
    parsed = docx_format.parse(stream.getvalue())
    assert_wellformed(parsed)
    return parsed.text


def with_run(text: str, **font: object) -> Document:
    document = docx.Document()
    run = document.add_paragraph("before").add_run(text)
    for name, value in font.items():
        if name == "color":
            run.font.color.rgb = value
        else:
            setattr(run.font, name, value)
    return document


@pytest.mark.parametrize(
    "font",
    [
        {"hidden": True},
        {"color": RGBColor(255, 255, 255)},
        {"color": RGBColor(250, 252, 255)},
        {"size": Pt(1)},
        {"color": RGBColor(0, 0, 0), "highlight_color": WD_COLOR_INDEX.BLACK},
    ],
)
def test_runs_that_are_not_seen_are_not_read(font: dict[str, object]) -> None:
    assert read_docx(with_run(" secret", **font)) == "before"


@pytest.mark.parametrize(
    "font",
    [
        {"hidden": False},
        {"color": RGBColor(200, 200, 200)},
        {"size": Pt(6)},
        {"color": RGBColor(255, 255, 255), "highlight_color": WD_COLOR_INDEX.BLUE},
    ],
)
def test_runs_that_are_seen_are_read(font: dict[str, object]) -> None:
    assert read_docx(with_run(" seen", **font)) == "before seen"


def test_styles_hide_runs_and_runs_win_over_styles() -> None:
    document = docx.Document()
    ghost = document.styles.add_style("Ghost", WD_STYLE_TYPE.PARAGRAPH)
    ghost.font.hidden = True
    pale = document.styles.add_style("Pale", WD_STYLE_TYPE.CHARACTER)
    pale.font.color.rgb = RGBColor(255, 255, 255)
    child = document.styles.add_style("Child", WD_STYLE_TYPE.PARAGRAPH)
    child.base_style = ghost
    document.add_paragraph("secret", style="Ghost")
    document.add_paragraph("secret", style="Child").add_run("seen").font.hidden = False
    document.add_paragraph("after").add_run(" secret", style="Pale")
    assert read_docx(document) == "seen\n\nafter"


def test_white_words_on_a_dark_cell_are_read_and_those_on_white_paper_are_not() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("Year", "Gas", "2024", "secret"), strict=True
    ):
        run = cell.paragraphs[0].add_run(text)
        if text != "2024":
            run.font.color.rgb = RGBColor(255, 255, 255)
    for cell in table.rows[0].cells:
        shading = OxmlElement("w:shd")
        shading.set(qn("w:fill"), "1F3864")
        cell._tc.get_or_add_tcPr().append(shading)
    assert read_docx(document) == "Year | Gas\n2024 |"
    table.style = "Medium Grid 3 Accent 1"  # shades cells itself
    assert read_docx(document) == "Year | Gas\n2024 | secret"


def read_pdf(draw: Callable[[Canvas], None], crop: tuple[float, ...] | None = None) -> str:
    stream = io.BytesIO()
    page = Canvas(stream, pagesize=A4)
    if crop:
        page.setCropBox(crop)
    page.drawString(72, 700, "before")
    draw(page)
    page.setFillColorRGB(0, 0, 0, 1)
    page.drawString(72, 600, "after")
    page.save()
    parsed = pdf.parse(stream.getvalue())
    assert_wellformed(parsed)
    return parsed.text


def colored(red: float, green: float, blue: float, alpha: float = 1.0) -> Callable[[Canvas], None]:
    def draw(page: Canvas) -> None:
        page.setFillColorRGB(red, green, blue, alpha)
        page.drawString(72, 650, "secret")

    return draw


def mode(number: int) -> Callable[[Canvas], None]:
    return lambda page: page.drawString(72, 650, "secret", mode=number)


def tiny(page: Canvas) -> None:
    page.setFont("Helvetica", 0.5)
    page.drawString(72, 650, "secret")
    page.setFont("Helvetica", 12)


def scaled(page: Canvas) -> None:
    page.saveState()
    page.scale(0.01, 0.01)
    page.drawString(7200, 65000, "secret")
    page.restoreState()


def outside(x: float, y: float) -> Callable[[Canvas], None]:
    return lambda page: page.drawString(x, y, "secret")


@pytest.mark.parametrize(
    "draw",
    [
        colored(1, 1, 1), colored(0.99, 0.99, 0.98), colored(0, 0, 0, 0.02), mode(3), mode(7), tiny, scaled,
        outside(-400, 650), outside(900, 650), outside(72, -50), outside(72, 1200),
    ],
)  # fmt: skip
def test_words_that_a_page_does_not_show_are_not_read(draw: Callable[[Canvas], None]) -> None:
    assert read_pdf(draw).split() == ["before", "after"]


def test_words_outside_the_part_of_a_page_that_viewers_show_are_not_read() -> None:
    assert read_pdf(outside(72, 780), crop=(50, 500, 400, 750)).split() == ["before", "after"]


def test_hidden_words_within_a_line_are_not_read() -> None:
    def draw(page: Canvas) -> None:
        line = page.beginText(72, 650)
        line.textOut("It is ")
        line.setFillColorRGB(1, 1, 1)
        line.textOut("not secret ")
        line.setFillColorRGB(0, 0, 0)
        line.textOut("184 km long.")
        page.drawText(line)

    assert read_pdf(draw).split() == ["before", "It", "is", "184", "km", "long.", "after"]


def test_white_words_on_a_dark_ground_are_read() -> None:
    def draw(page: Canvas) -> None:
        page.setFillColorRGB(0.1, 0.2, 0.5)
        page.rect(60, 640, 200, 30, stroke=0, fill=1)
        page.setFillColorRGB(1, 1, 1)
        page.drawString(72, 650, "seen and read")
        page.drawString(72, 400, "secret")

    assert read_pdf(draw).split() == ["before", "seen", "and", "read", "after"]


def test_what_ocr_read_in_a_scan_is_read() -> None:
    stream = io.BytesIO()
    page = Canvas(stream, pagesize=A4)
    page.drawImage(ImageReader(Image.new("RGB", (60, 80), (240, 235, 220))), 0, 0, *A4)
    page.drawString(72, 650, "read by OCR", mode=3)
    page.save()
    assert pdf.parse(stream.getvalue()).text == "read by OCR"
