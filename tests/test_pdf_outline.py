"""What a PDF says of its parts: an outline that is good, absent, wrong or hostile, and the labels of its pages."""

import io
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas
from wellformed import assert_wellformed, shown

from assistant.ingest.formats import pdf, pdf_outline
from assistant.ingest.formats.pdf_boxes import find_boxes
from assistant.types import Parsed

PROSE = [
    "The partnership was agreed in the summer of that year, and since then",
    "trade between the two has grown in every single month that was counted.",
]
Part = tuple[str, float]  # text and size of a line
Entry = tuple[str, int, int]  # title, depth from 0, page from 0


def drawn(pages: Sequence[Sequence[Part]], outline: Sequence[Entry] = (), bold: Sequence[str] = ()) -> bytes:
    """Lines one below the other, and an outline that points to pages, whatever stands there."""
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, pagesize=A4)
    for number, lines in enumerate(pages):
        for n, (_, _, page) in enumerate(outline):
            if page == number:
                sheet.bookmarkPage(f"entry {n}")
        height = 760.0
        for text, size in lines:
            sheet.setFont("Helvetica-Bold" if text in bold else "Helvetica", size)
            height -= 1.2 * size
            sheet.drawString(72, height, text)
        sheet.showPage()
    for n, (title, level, _) in enumerate(outline):
        sheet.addOutlineEntry(title, f"entry {n}", level)
    sheet.save()
    return stream.getvalue()


def read(data: bytes) -> Parsed:
    parsed = pdf.parse(data)
    assert_wellformed(parsed)
    return parsed


def headings(parsed: Parsed) -> list[tuple[str, str]]:
    return [each for each in shown(parsed) if each[0].startswith("heading")]


def body(*lines: str) -> list[Part]:
    return [(line, 10.0) for line in lines]


def test_titles_of_the_outline_are_headings_of_its_depth_however_they_are_set():
    pages = [
        [*body(*PROSE, "1 Fees", *PROSE, "1.1 For boats and for ships that are", "longer than a boat", *PROSE)],
        [*body("Two: Terms", *PROSE)],
    ]
    outline = [
        ("Fees", 0, 0),
        ("1.1  For boats and for ships that are longer than a boat", 1, 0),
        ("Two – terms", 0, 1),
    ]
    parsed = read(drawn(pages, outline))
    assert headings(parsed) == [
        ("heading 1", "1 Fees"),
        ("heading 2", "1.1 For boats and for ships that are longer than a boat"),
        ("heading 1", "Two: Terms"),
    ]
    assert [kind for kind, _ in shown(parsed)].count("paragraph") == 4
    assert headings(read(drawn(pages))) == []


def test_headings_that_the_outline_leaves_out_are_told_by_their_size():
    pages = [
        [("Report", 24), *body(*PROSE), ("Fees", 16), *body(*PROSE), ("Boats", 13), *body(*PROSE), ("Bold", 10)],
        [*body(*PROSE), ("Terms", 16), *body(*PROSE)],
    ]
    pages[0] += body(*PROSE)
    by_size = [("Report", 1), ("Fees", 2), ("Boats", 3), ("Bold", 4), ("Terms", 2)]
    assert headings(read(drawn(pages, bold=["Bold"]))) == [(f"heading {level}", text) for text, level in by_size]
    some = read(drawn(pages, [("Fees", 0, 0)], bold=["Bold"]))
    by_outline = [("Report", 1), ("Fees", 1), ("Boats", 2), ("Bold", 3), ("Terms", 1)]
    assert headings(some) == [(f"heading {level}", text) for text, level in by_outline]


def test_a_title_is_looked_for_where_the_outline_points():
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, pagesize=A4)
    for height, text in ((700, "Fees"), (680, PROSE[0]), (500, "Fees"), (480, PROSE[1])):
        sheet.drawString(72, height, text)
    sheet.bookmarkHorizontal("there", 0, 512)
    sheet.addOutlineEntry("Fees", "there", 0)
    sheet.save()
    parsed = read(stream.getvalue())
    assert [kind for kind, _ in shown(parsed)] == ["paragraph"] * (len(shown(parsed)) - 2) + [
        "heading 1",
        "paragraph",
    ]


LIES = {
    "titles that stand nowhere": [("Prices", 0, 0), ("Nothing of the kind", 1, 0)],
    "titles of other pages": [("Terms", 0, 0), ("Fees", 0, 1)],
    "no words": [("1.2.3", 0, 0), ("—", 0, 0), ("", 0, 0), ("\x00", 0, 0)],
    "parts of lines": [(PROSE[0][:20], 0, 0), (PROSE[0][20:], 0, 0)],
    "everything": [(text, 0, n) for n, name in enumerate(("Fees", "Terms")) for text in (name, *PROSE)],
}


@pytest.mark.parametrize("name", LIES)
def test_an_outline_that_is_wrong_changes_nothing(name):
    pages = [[("Fees", 14), *body(*PROSE)], [("Terms", 14), *body(*PROSE)]]
    assert read(drawn(pages, LIES[name])) == read(drawn(pages))


def test_a_line_of_contents_is_no_title():
    pages = [body("Fees .......... 2"), body("Fees", *PROSE)]
    assert read(drawn(pages, [("Fees .......... 2", 0, 0)])) == read(drawn(pages))


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_any_outline_leaves_the_words_as_they_are(data):
    """Whatever an outline claims: the same words in the same order, spans that fit, and boxes that are found."""
    words = st.sampled_from(["Fees", "1 Terms", "A long line of words about fees and terms", "• item", "3", "x  y"])
    pages = data.draw(st.lists(st.lists(st.tuples(words, st.sampled_from([10.0, 14.0])), max_size=6), max_size=4))
    entry = st.tuples(st.one_of(words, st.just("Terms"), st.text(max_size=5)), st.just(0), st.integers(0, 3))
    outline = [e for e in data.draw(st.lists(entry, max_size=6)) if e[2] < len(pages)]
    if not any(text for page in pages for text in page):
        return
    without, file = read(drawn(pages)), drawn(pages, outline)
    parsed = read(file)
    assert parsed.text.split() == without.text.split()
    assert [page.number for page in parsed.pages] == [page.number for page in without.pages]
    titles = [b for b in parsed.blocks if b.kind == "heading"]
    assert all(find_boxes(file, parsed.text, [(b.start, b.end) for b in titles]))


# Files written object by object, as no program would.


def written(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of which is its root; the last three are added: pages, a page, its text."""
    count = len(objects)
    parts = [
        *objects,
        b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (count + 2),
        b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 300 300]/Contents %d 0 R/Resources<</Font<</F<</Type/Font/Subtype"
        b"/Type1/BaseFont/Helvetica>>>>>>>>" % (count + 1, count + 3),
        b"<</Length 62>>stream\nBT /F 12 Tf 20 200 Td (Fees) Tj 0 -40 Td (The fee is 90 euros.) Tj ET\nendstream",
    ]
    out, places = [b"%PDF-1.7\n"], [9]
    for number, part in enumerate(parts, start=1):
        out.append(b"%d 0 obj\n" % number + part + b"\nendobj\n")
        places.append(places[-1] + len(out[-1]))
    table = b"".join(b"%010d 00000 n \n" % place for place in places[:-1])
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, places[-1])
    return b"".join([*out, head, table, end])


def outlined(*bookmarks: bytes) -> bytes:
    root = b"<</Type/Catalog/Pages %d 0 R/Outlines 2 0 R>>" % (len(bookmarks) + 3)
    return written(root, b"<</Type/Outlines/First 3 0 R/Last 3 0 R>>", *bookmarks)


def test_an_outline_in_a_loop_ends():
    loop = outlined(
        b"<</Title(Fees)/Dest[6 0 R/Fit]/First 4 0 R/Next 4 0 R>>",
        b"<</Title(Loop)/Dest[6 0 R/Fit]/First 3 0 R/Next 3 0 R>>",
    )
    assert headings(read(loop)) == [("heading 1", "Fees")]


@pytest.mark.parametrize(
    "bookmark",
    [
        b"<</Title(Fees)/Dest[99 0 R/Fit]>>",
        b"<</Title(Fees)/Dest[0 99 R/Fit]>>",
        b"<</Title(Fees)/Dest 3 0 R>>",
        b"<</Title(Fees)/Dest(nowhere)>>",
        b"<</Title(Fees)/A<</S/URI/URI(http://example.org)>>>>",
        b"<</Title 7/Dest[5 0 R/Fit]>>",
        b"<</Dest[5 0 R/Fit]>>",
        b"[1 2 3]",
    ],
)
def test_bookmarks_that_point_nowhere_are_no_titles(bookmark):
    assert headings(read(outlined(bookmark))) == []


def test_a_chain_of_very_many_bookmarks_is_read_no_further_than_the_limit(monkeypatch):
    monkeypatch.setattr(pdf_outline, "_BOOKMARKS_LIMIT", 100)
    for place, found in ((99, [("heading 1", "Fees")]), (100, [])):
        names = [b"Fees" if n == place else b"x" for n in range(300)]
        chain = [b"<</Title(%s)/Dest[304 0 R/Fit]/Next %d 0 R>>" % (name, n + 4) for n, name in enumerate(names)]
        assert headings(read(outlined(*chain))) == found


def test_an_outline_that_says_too_much_or_takes_too_long_is_given_up(monkeypatch):
    good = outlined(b"<</Title(Fees)/Dest[5 0 R/Fit]>>")
    assert headings(read(good)) == [("heading 1", "Fees")]
    for name, limit in (("_CHARACTERS_LIMIT", 3), ("_SECONDS", -1.0)):
        with monkeypatch.context() as patch:
            patch.setattr(pdf_outline, name, limit)
            assert headings(read(good)) == []


def labelled(ranges: str) -> Parsed:
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, pagesize=A4)
    for number in range(6):
        sheet.drawString(72, 400, f"Text of {number}.")
        sheet.showPage()
    sheet._doc.Catalog.PageLabels = canvas.pdfdoc.PDFDictionary({"Nums": ranges})
    sheet.save()
    return read(stream.getvalue())


@pytest.mark.parametrize(
    ("ranges", "labels"),
    [
        ("[0 <</S/r>> 3 <</S/D>>]", ["i", "ii", "iii", "1", "2", "3"]),
        ("[0 <</S/D>>]", [None] * 6),
        ("[0 <<>>]", [None] * 6),
        ("[0 <</S/D/P(A-)>> 4 <</S/D/St 5>>]", ["A-1", "A-2", "A-3", "A-4", None, None]),
        (
            "[0 <</P(  two\n words )>> 1 <</P(" + "x" * 41 + ")>> 2 <</S/R/St 2147483000>>]",
            ["two words"] + [None] * 5,
        ),
        ("[0 <</P<FEFF202E0069>>> 3 <</S/a>>]", [None, None, None, "a", "b", "c"]),
        ("7", [None] * 6),
    ],
)
def test_pages_have_the_labels_that_the_file_gives_them(ranges, labels):
    assert [page.label for page in labelled(ranges).pages] == labels


def test_labels_that_say_too_much_or_take_too_long_are_given_up(monkeypatch):
    for name, limit in (("_CHARACTERS_LIMIT", 3), ("_SECONDS", -1.0)):
        with monkeypatch.context() as patch:
            patch.setattr(pdf_outline, name, limit)
            assert [page.label for page in labelled("[0 <</S/r>>]").pages] == [None] * 6


def test_titles_below_each_other_stay_apart():
    titles = ["Part one", "Chapter one", "Section one"]
    parsed = read(drawn([body(*titles, *PROSE, *PROSE)], [(title, n, 0) for n, title in enumerate(titles)]))
    assert headings(parsed) == [(f"heading {n}", title) for n, title in enumerate(titles, start=1)]
    assert all(left.end < right.start for left, right in pairwise(parsed.blocks))


def test_a_title_at_the_head_of_a_page_is_no_part_of_the_paragraph_before():
    pages = [body(PROSE[0], PROSE[0]), body("of fees and terms", *PROSE)]
    assert headings(read(drawn(pages))) == []
    assert headings(read(drawn(pages, [("Of fees and terms", 0, 1)]))) == [("heading 1", "of fees and terms")]


def test_a_title_between_the_rows_of_a_table_is_no_cell():
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, pagesize=A4)
    for n, (name, fee) in enumerate(
        [("Name", "Fee"), ("Boat", "7"), ("Ships", ""), ("Tall ship", "9"), ("Tug", "5")]
    ):
        sheet.drawString(72, 700 - 14 * n, name)
        sheet.drawString(300, 700 - 14 * n, fee)
    sheet.bookmarkPage("entry")
    sheet.addOutlineEntry("Ships", "entry", 0)
    sheet.save()
    assert shown(read(stream.getvalue())) == [
        ("row", "Name | Fee"),
        ("row", "Boat | 7"),
        ("heading 1", "Ships"),
        ("row", "Tall ship | 9"),
        ("row", "Tug | 5"),
    ]
