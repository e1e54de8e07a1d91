"""Electronic books, written file by file."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wellformed import assert_wellformed, shown

from assistant.ingest.formats import epub as module
from assistant.ingest.formats.common import Unreadable
from assistant.ingest.parse import parse_bytes
from assistant.types import Parsed

CONTAINER = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'


def book(pages: dict[str, str], spine: list[str] | None = None, contents: str = "", **others: str) -> bytes:
    files = [f'<item id="{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(pages)]
    files += ['<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'] * bool(contents)
    order = range(len(pages)) if spine is None else [list(pages).index(name) for name in spine]
    package = f"""<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">
<metadata><dc:title>The book</dc:title><dc:title>Subtitle</dc:title><dc:date>2024-07-03</dc:date></metadata>
<manifest>{"".join(files)}</manifest><spine>{"".join(f'<itemref idref="{n}"/>' for n in order)}</spine></package>"""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("OEBPS/book.opf", package)
        for name, page in pages.items():
            archive.writestr(f"OEBPS/{name}".replace("%20", " "), page)
        if contents:
            archive.writestr("OEBPS/toc.ncx", f"<ncx><navMap>{contents}</navMap></ncx>")
        for name, text in others.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return stream.getvalue()


def page(body: str) -> str:
    return f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{body}</body></html>'


def read(data: bytes) -> Parsed:
    parsed = parse_bytes(data, "epub")
    assert_wellformed(parsed)
    return parsed


def test_pages_come_in_reading_order_below_their_headings():
    pages = {"b.xhtml": page("<h1>Two</h1><ul><li>i</li></ul>"), "a%20a.xhtml": page("<h1>One</h1><p>Words.</p>")}
    parsed = read(book(pages, spine=["a%20a.xhtml", "b.xhtml", "a%20a.xhtml"]))
    assert shown(parsed) == [("heading 1", "One"), ("paragraph", "Words."), ("heading 1", "Two"), ("item", "i")]
    assert (parsed.title, parsed.date) == ("The book", "2024-07-03")


def test_a_chapter_without_a_heading_is_headed_by_the_contents():
    def point(label: str, target: str, inner: str = "") -> str:
        return f'<navPoint><navLabel><text>{label}</text></navLabel><content src="{target}"/>{inner}</navPoint>'

    pages = {"a.xhtml": page("<p>Words.</p>"), "b.xhtml": page("<h2>Own</h2><p>More.</p>"), "c.xhtml": page("")}
    contents = point("First", "a.xhtml#top", point("Inner", "a.xhtml#in")) + point("Second", "b.xhtml")
    assert shown(read(book(pages, contents=contents + point("Empty", "c.xhtml")))) == [
        ("heading 1", "First"),
        ("paragraph", "Words."),
        ("heading 2", "Own"),
        ("paragraph", "More."),
    ]


def test_hidden_text_is_left_out():
    assert read(book({"a.xhtml": page('<p>Seen.</p><p style="display:none">No.</p>')})).text == "Seen."


def test_what_cannot_be_read_has_a_reason():
    locked = '<encryption><CipherReference URI="OEBPS/{}"/></encryption>'
    pages = {"a.xhtml": page("<p>Words.</p>")}
    with pytest.raises(Unreadable, match="protected against copying"):
        module.parse(book(pages, **{"META-INF__encryption_xml": locked.format("a.xhtml")}))
    assert read(book(pages, **{"META-INF__encryption_xml": locked.format("font.otf")})).text == "Words."
    with pytest.raises(Unreadable, match="it is no EPUB file"):
        module.parse(b"Words.")
    with pytest.raises(Unreadable, match="longer than the limit"):
        module.parse(book({f"{n}.xhtml": page("<p>Words.</p>") for n in range(20)}), limit=60)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("META-INF/container.xml", CONTAINER)
    with pytest.raises(Unreadable, match="a part of the book is missing"):
        module.parse(stream.getvalue())


@settings(max_examples=40, deadline=None)
@given(
    bodies=st.lists(st.lists(st.sampled_from(["<p>a</p>", "<h1>b</h1>", "c", "<ul><li>d", "<table>"])), max_size=4)
)
def test_any_book_is_well_formed(bodies):
    try:
        read(book({f"{n}.xhtml": page("".join(body)) for n, body in enumerate(bodies)}))
    except Unreadable as error:
        assert str(error) == "there is no text in it"
