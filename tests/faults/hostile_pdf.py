"""Hostile PDFs, written by hand: each a name, its bytes, and whether it has to be refused."""

import zlib
from collections.abc import Iterator, Sequence

from hostile_text import DEEP, Hostile

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
SAY = b"BT /F1 12 Tf 72 700 Td (The text of a page.) Tj ET"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"


def pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of numbered objects; the first is the catalog."""
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(data)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer\n<</Size %d/Root 1 0 R%b>>\n" % (len(objects) + 1, trailer)
    return data + head + table + end + b"startxref\n%d\n%%%%EOF" % start


def stream(content: bytes, entries: bytes = b"", length: bytes | None = None) -> bytes:
    """A stream object."""
    size = b"%d" % len(content) if length is None else length
    return b"<</Length %b%b>>\nstream\n%b\nendstream" % (size, entries, content)


def paged(
    pages: bytes = b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    page: bytes = PAGE,
    content: bytes = stream(SAY),
    font: bytes = FONT,
    more: Sequence[bytes] = (),
    catalog: bytes = b"",
) -> bytes:
    """A PDF of one page, with some of its objects replaced; `more` are numbered from 6."""
    return pdf([b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog, pages, page, content, font, *more])


def pdf_files() -> Iterator[Hostile]:
    """All of them."""
    kids = b"<</Type/Pages/Kids[%b]/Count %d>>"
    yield "pdf/count.pdf", paged(kids % (b"3 0 R", 2**31 - 1)), False
    yield "pdf/negative.pdf", paged(kids % (b"3 0 R", -5)), False
    yield "pdf/again.pdf", paged(kids % (b"3 0 R " * 100_000, 100_000)), False
    yield "pdf/loop.pdf", paged(kids % (b"2 0 R 3 0 R", 2)), False
    yield "pdf/none.pdf", paged(kids % (b"", 0)), True
    yield "pdf/missing.pdf", paged(kids % (b"99 0 R", 1)), True
    chain = [b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (n + 1, n - 1) for n in range(6, 2_006)]
    yield "pdf/chain.pdf", paged(kids % (b"6 0 R", 1), more=[*chain, PAGE]), False
    yield "pdf/length.pdf", paged(content=stream(SAY, length=b"4 0 R")), False
    yield "pdf/lengths.pdf", paged(content=stream(SAY, length=b"6 0 R"), more=[b"7 0 R", b"6 0 R"]), False
    yield "pdf/long.pdf", paged(content=stream(SAY, length=b"2147483647")), False
    yield "pdf/itself.pdf", paged(page=b"3 0 R"), True
    yield "pdf/array.pdf", paged(page=PAGE.replace(b"4 0 R", b"[" * DEEP + b"4 0 R" + b"]" * DEEP)), False
    yield "pdf/box.pdf", paged(page=PAGE.replace(b"595 842", b"1e38 1e38")), False
    yield "pdf/no-box.pdf", paged(page=PAGE.replace(b"[0 0 595 842]", b"[0 0 0 0]")), False
    yield "pdf/units.pdf", paged(page=PAGE.replace(b"/Parent", b"/UserUnit 999999999/Rotate 45/Parent")), False
    squeezed = stream(zlib.compress(b" " * 200 * 2**20, 1), b"/Filter/FlateDecode")
    yield "pdf/bomb.pdf", paged(content=squeezed), False
    twice = stream(zlib.compress(zlib.compress(b"0 " * 50 * 2**20, 9)), b"/Filter[/FlateDecode/FlateDecode]")
    yield "pdf/bomb-twice.pdf", paged(content=twice), False
    yield "pdf/filters.pdf", paged(content=stream(SAY, b"/Filter[" + b"/ASCIIHexDecode" * 5_000 + b"]")), False
    yield "pdf/states.pdf", paged(content=stream(b"q " * 500_000 + SAY)), False
    yield "pdf/open.pdf", paged(content=stream(b"BT [" * 100_000 + SAY)), False
    yield "pdf/numbers.pdf", paged(content=stream(SAY.replace(b"72 700", b"1e999 -1e999"))), False
    yield "pdf/letters.pdf", paged(content=stream(SAY + b"BT /F1 1 Tf (a) Tj ET " * 50_000)), False
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 6 0 R>>>>"
    drawn = PAGE.replace(b"/Font<<", b"/XObject<</A 6 0 R>>/Font<<")
    yield "pdf/form.pdf", paged(page=drawn, content=stream(b"/A Do"), more=[stream(b"/A Do /A Do", form)]), False
    font = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[6 0 R]>>"
    inner = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(A)/Ordering(B)/Supplement 0>>>>"
    glyphs = SAY.replace(b"(The text of a page.)", b"<00010002000300040005>")
    yield "pdf/no-map.pdf", paged(content=stream(glyphs), font=font, more=[inner]), False
    yield "pdf/no-font.pdf", paged(font=b"null"), False
    yield "pdf/font-loop.pdf", paged(font=font.replace(b"6 0 R", b"5 0 R")), False
    mapped = font.replace(b"/Encoding", b"/ToUnicode 7 0 R/Encoding")
    ranges = stream(b"1 beginbfrange <0000> <ffff> <" + b"d800" * 2_000 + b"> endbfrange")
    yield "pdf/map.pdf", paged(content=stream(glyphs), font=mapped, more=[inner, ranges]), False
    outline = [b"<</First 7 0 R/Last 7 0 R>>", b"<</Title(a)/Next 7 0 R/First 6 0 R/Parent 6 0 R/Dest[3 0 R/Fit]>>"]
    yield "pdf/outline.pdf", paged(catalog=b"/Outlines 6 0 R", more=outline), False
    yield "pdf/labels.pdf", paged(catalog=b"/PageLabels 6 0 R", more=[b"<</Kids[6 0 R]>>"]), False
    yield "pdf/previous.pdf", pdf([b"<</Type/Catalog/Pages 2 0 R>>"], b"/Prev 9"), True
    yield "pdf/root.pdf", b"%PDF-1.7\ntrailer<</Root 1 0 R>>\nstartxref\n99999999999\n%%EOF", True
    yield "pdf/start.pdf", paged()[:-8].rpartition(b"startxref")[0] + b"startxref\n-1\n%%EOF", False
    yield "pdf/locked.pdf", pdf([b"<</Type/Catalog/Pages 2 0 R>>"], b"/Encrypt<</Filter/Standard/V 5/R 6>>"), True
    yield "pdf/objects.pdf", paged(more=[b"<</A %d 0 R>>" % n for n in range(50_000)]), False
