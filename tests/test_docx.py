"""Word documents, written by python-docx."""

import datetime
import io

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from wellformed import assert_wellformed, rows_under, shown

from assistant.ingest.formats import docx as module
from assistant.types import Parsed

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc",), exclude_characters="\ufffe\uffff"), max_size=12
)


def read(document: Document) -> Parsed:
    stream = io.BytesIO()
    document.save(stream)
    parsed = module.parse(stream.getvalue())
    assert_wellformed(parsed)
    return parsed


def add_table(document: Document, *rows: list[str]):
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for each, text in zip(row.cells, texts, strict=True):
            each.text = text
    return table


def test_paragraphs_and_tables_keep_their_order():
    document = docx.Document()
    document.add_heading("The title", 0)
    document.add_heading("Part", 1)
    document.add_paragraph("Before.")
    add_table(document, ["Year", "Sum"], ["2019", "3"])
    document.add_paragraph("Between\ttwo\nlines.")
    document.add_paragraph("one", style="List Bullet")
    document.add_paragraph("two", style="List Number 2")
    document.add_heading("Small", 4)
    parsed = read(document)
    assert shown(parsed) == [
        ("heading 1", "The title"),
        ("heading 1", "Part"),
        ("paragraph", "Before."),
        ("row", "Year | Sum"),
        ("row", "2019 | 3"),
        ("paragraph", "Between\ttwo\nlines."),
        ("item", "one"),
        ("item", "two"),
        ("heading 4", "Small"),
    ]
    assert "Before.\n\nYear | Sum\n2019 | 3\n\nBetween" in parsed.text
    assert "one\ntwo\n\nSmall" in parsed.text


def test_merged_cells():
    document = docx.Document()
    table = add_table(document, ["Region", "Sums", ""], ["North", "1", "2|5"], ["", "3", ""])
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 0).merge(table.cell(2, 0))
    head = "Region | Sums |"
    assert rows_under(read(document)) == [(head, head), (head, "North | 1 | 2/5"), (head, "North | 3 |")]


def test_titles_inside_tables_and_tables_of_figures():
    document = docx.Document()
    add_table(document, ["Trade", ""], ["1", "2"], ["3", "4"])
    parsed = read(document)
    assert shown(parsed) == [("paragraph", "Trade"), ("row", "1 | 2"), ("row", "3 | 4")]
    assert rows_under(parsed) == [(None, "1 | 2"), (None, "3 | 4")]


def test_a_table_of_one_cell_is_a_frame():
    document = docx.Document()
    frame = document.add_table(1, 1).cell(0, 0)
    frame.text = "Framed."
    frame.add_paragraph("An item", style="List Bullet")
    assert shown(read(document)) == [("paragraph", "Framed."), ("item", "An item")]


def test_styles_based_on_headings_are_headings():
    document = docx.Document()
    style = document.styles.add_style("Chapter", 1)
    style.base_style = document.styles["Heading 2"]
    document.add_paragraph("Custom", style="Chapter")
    looping = document.styles.add_style("Looping", 1)
    looping.base_style = looping
    document.add_paragraph("Text", style="Looping")
    outlined = document.add_paragraph("Outlined")
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "2")
    outlined._p.get_or_add_pPr().append(level)
    assert shown(read(document)) == [("heading 2", "Custom"), ("paragraph", "Text"), ("heading 3", "Outlined")]


def test_changes_as_a_reader_sees_them():
    document = docx.Document()
    paragraph = document.add_paragraph("Kept ")
    for tag, inner, text in (("w:del", "w:delText", "deleted "), ("w:ins", "w:t", "inserted")):
        change, run, content = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(inner)
        content.text = text
        run.append(content)
        change.append(run)
        paragraph._p.append(change)
    paragraph.add_run(" hidden").font.hidden = True
    assert read(document).text == "Kept inserted"


def test_content_controls_and_links_are_read():
    document = docx.Document()
    document.add_paragraph("First.")
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    content.append(document.add_paragraph("Controlled.")._p)
    control.append(content)
    document.element.body.insert(1, control)
    link, run, text = OxmlElement("w:hyperlink"), OxmlElement("w:r"), OxmlElement("w:t")
    text.text = " linked"
    run.append(text)
    link.append(run)
    document.paragraphs[0]._p.append(link)
    assert read(document).text == "First. linked\n\nControlled."


def test_properties_of_a_document():
    document = docx.Document()
    document.add_paragraph("Text")
    assert (read(document).title, read(document).date) == (None, None)  # the template's are no one's
    document.core_properties.title = "The title"
    document.core_properties.modified = datetime.datetime(2024, 8, 1)
    assert (read(document).title, read(document).date) == ("The title", "2024-08-01")
    document.core_properties.created = datetime.datetime(2024, 7, 3)
    assert read(document).date == "2024-07-03"


@settings(max_examples=25, deadline=None)
@given(
    parts=st.lists(
        st.tuples(
            st.sampled_from(["Normal", "Title", "Heading 1", "Heading 9", "List Bullet", "List Paragraph"]), TEXTS
        )
        | st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=3),
        max_size=6,
    )
)
def test_any_document_is_well_formed(parts):
    document = docx.Document()
    for part in parts:
        if isinstance(part, list):
            add_table(document, *map(list, part))
        else:
            document.add_paragraph(part[1], style=part[0])
    read(document)
