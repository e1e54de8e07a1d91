"""OpenDocument files, written as the XML that they are."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wellformed import assert_wellformed, rows_under, shown

from assistant.ingest.child import document_of
from assistant.ingest.formats import odf as module
from assistant.ingest.formats.common import Unreadable
from assistant.ingest.parse import TEXT_LIMIT, parse_bytes
from assistant.types import Parsed

NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{last}:1.0"'
    for name, last in {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "presentation": "presentation",
        "meta": "meta",
        "fo": "xsl-fo-compatible",
    }.items()
)
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


def odf(body: str, kind: str = "text", styles: str = "", meta: str = "", manifest: str = "") -> bytes:
    content = f"""<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMESPACES}>
<office:automatic-styles>{styles}</office:automatic-styles>
<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        if meta:
            archive.writestr("meta.xml", f"<office:document-meta {NAMESPACES} {DC}>{meta}</office:document-meta>")
    return stream.getvalue()


def read(data: bytes, kind: str = "odt") -> Parsed:
    parsed = parse_bytes(data, kind)
    assert_wellformed(parsed)
    return parsed


def style(name: str, properties: str, family: str = "text") -> str:
    return f'<style:style style:name="{name}" style:family="{family}">{properties}</style:style>'


def test_paragraphs_headings_and_lists():
    body = """<text:p text:style-name="Title">The title</text:p><text:h text:outline-level="2">Part</text:h>
<text:p>One<text:s text:c="2"/>two<text:tab/>three<text:line-break/><text:span>four
<text:a>five</text:a></text:span>.</text:p>
<text:list><text:list-item><text:p>one</text:p><text:p>more</text:p>
<text:list><text:list-item><text:p>deep</text:p></text:list-item></text:list></text:list-item>
<text:list-item><text:h text:outline-level="12">Low</text:h></text:list-item></text:list>
<text:section><text:p>In a section.</text:p></text:section>"""
    assert shown(read(odf(body, styles=style("Title", "", "paragraph")))) == [
        ("heading 1", "The title"),
        ("heading 2", "Part"),
        ("paragraph", "One  two\tthree\nfour\nfive."),
        ("item", "one"),
        ("paragraph", "more"),
        ("item", "deep"),
        ("heading 6", "Low"),
        ("paragraph", "In a section."),
    ]


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def cell(text: str = "", attributes: str = "", tag: str = "table-cell") -> str:
    inner = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:{tag} {attributes}>{inner}</table:{tag}>"


def test_tables_with_repeated_and_merged_cells():
    head = f"<table:table-header-rows>{row(cell('Region'), cell('Year'), cell('Sum'))}</table:table-header-rows>"
    body = f"""<table:table>{head}
{row(cell("North", 'table:number-rows-spanned="2"'), cell("2023"), cell("1|2"))}
{row(cell("", tag="covered-table-cell"), cell("7", 'table:number-columns-repeated="2"'))}
{row(cell("", 'table:number-columns-repeated="99999"'))}</table:table>
<table:table>{row(cell("A frame."))}</table:table>"""
    parsed = read(odf(body))
    head = "Region | Year | Sum"
    assert rows_under(parsed) == [(head, head), (head, "North | 2023 | 1/2"), (head, "North | 7 | 7")]
    assert shown(parsed)[-1] == ("paragraph", "A frame.")


def test_notes_and_frames_follow_their_paragraph():
    body = """<text:p>Before<text:note><text:note-citation>1</text:note-citation>
<text:note-body><text:p>A note.</text:p></text:note-body></text:note> and after.
<draw:frame><draw:text-box><text:p>Framed.</text:p></draw:text-box></draw:frame></text:p>"""
    assert [text for _, text in shown(read(odf(body)))] == ["Before and after.", "A note.", "Framed."]


HIDDEN = {
    "by its style": '<text:span text:style-name="hidden">No</text:span>',
    "by being tiny": '<text:span text:style-name="tiny">No</text:span>',
    "by being white": '<text:span text:style-name="white">No</text:span>',
    "by a style that it is based on": '<text:span text:style-name="based">No</text:span>',
    "as a comment": "<office:annotation><text:p>No</text:p></office:annotation>",
    "as hidden text": "<text:hidden-text>No</text:hidden-text>",
    "in another reading": "<text:ruby><text:ruby-base/><text:ruby-text>No</text:ruby-text></text:ruby>",
}
HIDING = "".join(
    (
        style("hidden", '<style:text-properties text:display="none"/>'),
        style("tiny", '<style:text-properties fo:font-size="1pt"/>'),
        style("white", '<style:text-properties fo:color="#fffffe"/>'),
        style("marked", '<style:text-properties fo:color="#ffffff" fo:background-color="#000000"/>'),
        '<style:style style:name="based" style:family="text" style:parent-style-name="hidden"/>',
        '<style:style style:name="looping" style:family="text" style:parent-style-name="looping"/>',
    )
)


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
def test_what_is_not_seen_is_not_stored(hidden):
    assert read(odf(f"<text:p>Seen{hidden}.</text:p>", styles=HIDING)).text == "Seen."
    table = f"<table:table>{row(cell('Seen' + hidden), cell('x'))}{row(cell('a'), cell('b'))}</table:table>"
    shown_in_table = read(odf(table, styles=HIDING)).text.startswith("Seen | x")
    assert shown_in_table or "white" in hidden  # what is behind a cell cannot be told


def test_what_is_seen_is_kept():
    body = """<text:p><text:span text:style-name="marked">White on black</text:span>
<text:span text:style-name="looping">plain</text:span></text:p>
<text:tracked-changes><text:changed-region><text:p>Deleted.</text:p></text:changed-region></text:tracked-changes>
<text:section text:display="none"><text:p>Hidden.</text:p></text:section>
<text:table-of-content><text:p>Contents</text:p></text:table-of-content>"""
    assert read(odf(body, styles=HIDING)).text.split() == ["White", "on", "black", "plain"]


def slide(*frames: str, style_name: str = "shown") -> str:
    return f'<draw:page draw:style-name="{style_name}">{"".join(frames)}</draw:page>'


def frame(text: str, place: str = "") -> str:
    marked = f'presentation:class="{place}"' if place else ""
    return f"<draw:frame {marked}><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>"


def test_slides_are_pages():
    invisible = style("off", '<style:drawing-page-properties presentation:visibility="hidden"/>', "drawing-page")
    notes = f"<presentation:notes>{frame('Say this.', 'notes')}{frame('3', 'page-number')}</presentation:notes>"
    body = (
        slide(frame("Body."), frame("Title", "title"), frame("Foot", "footer"), notes)
        + slide(frame("Secret", "title"), style_name="off")
        + slide("<draw:g><draw:custom-shape><text:p>Drawn.</text:p></draw:custom-shape></draw:g>")
        + slide()
    )
    parsed = read(odf(body, "presentation", styles=invisible), "odp")
    assert shown(parsed) == [
        ("heading 1", "Title"),
        ("paragraph", "Body."),
        ("heading 2", "Notes"),
        ("paragraph", "Say this."),
        ("heading 1", "Slide 3"),
        ("paragraph", "Drawn."),
    ]
    assert [bool(page.end - page.start) for page in parsed.pages] == [True, False, True, False]


def test_sheets_are_pages():
    hidden = style("off", '<style:table-properties table:display="false"/>', "table")
    empty = cell("", 'table:number-columns-repeated="16384"')
    comment = "<office:annotation><text:p>No</text:p></office:annotation>"
    five = f"<table:table-cell>{comment}<text:p>5</text:p></table:table-cell>"
    body = f"""<table:table table:name="Sums">{row(cell("Year"), cell("Sum"))}{row(cell("2023"), five)}
<table:table-row table:number-rows-repeated="1048000">{empty}</table:table-row></table:table>
<table:table table:name="Secret" table:style-name="off">{row(cell("No"), cell("No"))}</table:table>
<table:table table:name="More">{row(cell("a"), cell("b"))}{row(cell("c"), cell("d"))}</table:table>"""
    parsed = read(odf(body, "spreadsheet", styles=hidden), "ods")
    assert [text for kind, text in shown(parsed) if kind == "heading 1"] == ["Sums", "More"]
    assert ("Year | Sum", "2023 | 5") in rows_under(parsed)
    assert [parsed.text[p.start : p.end].split("\n")[0] for p in parsed.pages] == ["Sums", "More"]


def test_limits_of_a_sheet():
    many = cell("x", 'table:number-columns-repeated="999999"')
    wide = f'<table:table table:name="S">{row(many)}</table:table>'
    assert read(odf(wide, "spreadsheet"), "ods").text.count("x") == 1_000
    with pytest.raises(Unreadable, match="1,000 columns"):
        module.parse(odf(f"<table:table>{row(many, cell('y'))}</table:table>", "spreadsheet"))
    deep = f'<table:table-row table:number-rows-repeated="1000">{cell("x")}{cell("y")}</table:table-row>' * 201
    with pytest.raises(Unreadable, match="200,000 rows"):
        module.parse(odf(f"<table:table>{deep}</table:table>", "spreadsheet"))


def test_properties():
    meta = "<dc:title>The title</dc:title><meta:creation-date>2024-07-03T10:00:00</meta:creation-date>"
    data = odf("<text:p>Text.</text:p>", meta=f"<office:meta>{meta}</office:meta>")
    parsed = read(data)
    assert (parsed.title, parsed.date) == ("The title", "2024-07-03")
    assert document_of("2020-01-01 a.odt", data, TEXT_LIMIT).date == "2020-01-01"


def test_what_cannot_be_read_has_a_reason():
    with pytest.raises(Unreadable, match="password-protected"):
        module.parse(odf("", manifest="<encryption-data/>"))
    for data in (b"text", b"PK\x05\x06" + bytes(18)):
        with pytest.raises(Unreadable, match="it is no OpenDocument file"):
            module.parse(data)


def with_document_type(entities: str, text: str) -> bytes:
    body = f"<office:body><office:text><text:p>{text}</text:p></office:text></office:body>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        document = f"<office:document-content {NAMESPACES}>{body}</office:document-content>"
        archive.writestr("content.xml", f"<!DOCTYPE x [{entities}]>{document}")
    return stream.getvalue()


def test_entities_are_not_expanded():
    here, elsewhere = '<!ENTITY e "lol">', '<!ENTITY f SYSTEM "file:///etc/passwd">'
    assert read(with_document_type(here + elsewhere, "Words &e; and &f; here.")).text == "Words  and  here."
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    with pytest.raises(Unreadable, match="its XML is damaged, nested too deeply, or a bomb"):
        module.parse(with_document_type(f'<!ENTITY e0 "lol">{bomb}', "Words &e11; here."))


LIST = "<text:list><text:list-item><text:p>i</text:p></text:list-item></text:list>"
TABLE = f"<table:table>{row(cell('a'), cell('b'))}{row(cell('1'), cell('2'))}</table:table>"


@settings(max_examples=60, deadline=None)
@given(
    body=st.lists(
        st.sampled_from(["<text:p>a b.</text:p>", "<text:h>H</text:h>", LIST, TABLE, frame("f")]),
        max_size=8,
    ),
    kind=st.sampled_from(["text", "presentation", "spreadsheet"]),
)
def test_any_file_is_well_formed(body, kind):
    inside = slide(*body) if kind == "presentation" else "".join(body)
    try:
        read(odf(inside, kind))
    except Unreadable as error:
        assert str(error) == "there is no text in it"
