"""Hostile files of the formats that are binary or archives: each a name, its bytes, and if it must be refused."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from compound import message_file
from hostile_text import COLUMNS, DEEP, Hostile
from samples import SAMPLES

OFFICE = "http://schemas.openxmlformats.org"
PARTS = {  # the part of an archive that holds its text
    "docx": "word/document.xml",
    "xlsx": "xl/worksheets/sheet1.xml",
    "pptx": "ppt/slides/slide1.xml",
    "odt": "content.xml",
    "odp": "content.xml",
    "ods": "content.xml",
    "epub": "a.xhtml",
}


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def changed(name: str, change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None) -> bytes:
    """A sample archive, with its parts changed and more of them."""
    with zipfile.ZipFile(io.BytesIO(SAMPLES[name])) as archive:
        return packed({each: change(each, archive.read(each)) for each in archive.namelist()} | (more or {}))


def with_part(kind: str, content: bytes, part: str = "") -> bytes:
    """A sample archive with another main part."""
    chosen = part or PARTS[kind]
    return changed(f"a.{kind}", lambda name, old: content if name.endswith(chosen) else old)


def with_body(kind: str, inside: bytes, mark: bytes) -> bytes:
    """A sample archive with `inside` put before `mark` in its main part."""
    return changed(f"a.{kind}", lambda name, old: _put(old, inside, mark) if name.endswith(PARTS[kind]) else old)


def _put(old: bytes, inside: bytes, mark: bytes) -> bytes:
    assert mark in old, mark
    return old.replace(mark, inside + mark, 1)


def archive_files() -> Iterator[Hostile]:
    """All of them."""
    yield from bombs()
    yield from word()
    yield from sheets()
    yield from slides_and_books()
    yield from archives()
    yield from outlook()


def bombs() -> Iterator[Hostile]:
    """Spaces without end and entities that grow, in each format that is an archive of XML."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for kind in PARTS:
        yield f"bombs/spaces.{kind}", with_part(kind, b" " * 30 * 2**20), True
        entities = f'<!DOCTYPE d [<!ENTITY l0 "lol">{laughs}]><d>&l9;</d>'.encode()
        yield f"bombs/laughs.{kind}", with_part(kind, entities), kind != "epub"
        outside = b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><d>&a;</d>'
        yield f"bombs/outside.{kind}", with_part(kind, outside), kind != "epub"
        yield f"deep/tags.{kind}", with_part(kind, b"<a>" * DEEP + b"</a>" * DEEP), kind != "epub"
        yield f"bytes/invalid.{kind}", with_part(kind, b"<a>\xff\xfe\x80</a>"), kind != "epub"


def word() -> Iterator[Hostile]:
    """Tables in tables, spans that are not there, styles based on themselves."""
    end = b"<w:sectPr"
    table, closed = b"<w:tbl><w:tr><w:tc><w:p/>", b"<w:p/></w:tc></w:tr></w:tbl>"
    yield "deep/tables.docx", with_body("docx", table * 1_000 + closed * 1_000, end), False
    control = b"<w:sdt><w:sdtContent>"
    yield "deep/controls.docx", with_body("docx", control * 5_000 + b"</w:sdtContent></w:sdt>" * 5_000, end), False
    cell = b'<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>'
    yield "wide/spans.docx", with_body("docx", b"<w:tbl><w:tr>" + cell * 50 + b"</w:tr></w:tbl>", end), False
    wide = b"<w:tbl><w:tr>" + b"<w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>" * COLUMNS + b"</w:tr></w:tbl>"
    yield "wide/columns.docx", with_body("docx", wide, end), False
    space = f'xmlns:w="{OFFICE}/wordprocessingml/2006/main"'
    style = '<w:style w:type="paragraph" w:styleId="{0}"><w:name w:val="{0}"/><w:basedOn w:val="{1}"/></w:style>'
    loop = f"<w:styles {space}>{style.format('Heading1', 'B')}{style.format('B', 'Heading1')}</w:styles>".encode()
    yield "loops/styles.docx", with_part("docx", loop, "styles.xml"), False
    target = f'<Relationships xmlns="{OFFICE}/package/2006/relationships"><Relationship Id="r1" Target="/_rels/.rels"'
    related = f'{target} Type="{OFFICE}/officeDocument/2006/relationships/officeDocument"/></Relationships>'
    yield "loops/relations.docx", with_part("docx", related.encode(), "_rels/.rels"), True
    yield "data/no-relations.docx", with_part("docx", b"", "_rels/.rels"), True


def sheets() -> Iterator[Hostile]:
    """Cells at the end of the world, columns without end, one long text in each of many cells."""
    space = f'xmlns="{OFFICE}/spreadsheetml/2006/main"'

    def sheet(rows: str) -> bytes:
        return f"<worksheet {space}><sheetData>{rows}</sheetData></worksheet>".encode()

    columns = "".join(f"<c><v>{n}</v></c>" for n in range(COLUMNS))
    yield "wide/columns.xlsx", with_part("xlsx", sheet(f'<row r="1">{columns}</row>')), True
    yield "wide/far.xlsx", with_part("xlsx", sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), True
    yield "wide/rows.xlsx", with_part("xlsx", sheet("<row><c><v>1</v></c></row>" * 250_000)), True
    yield "data/beyond.xlsx", with_part("xlsx", sheet('<row><c t="s"><v>99999</v></c></row>')), True
    yield "data/names.xlsx", with_part("xlsx", sheet('<row r="-5"><c r="A0"><v>1</v></c></row>')), False
    yield "data/dates.xlsx", with_part("xlsx", sheet('<row><c t="d"><v>9999-99-99</v></c></row>')), False
    # The sample keeps its texts in the cells; a table of texts is added.
    shared = f"<sst {space}><si><t>{'a' * 100_000}</t></si></sst>".encode()
    cells = sheet('<row><c t="s"><v>0</v></c></row>' * 20_000)
    listed = (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )

    def change(name: str, old: bytes) -> bytes:
        return cells if name.endswith("sheet1.xml") else old.replace(b"</Types>", listed)

    yield "bombs/shared.xlsx", changed("a.xlsx", change, {"xl/sharedStrings.xml": shared}), True
    start, end = b"<table:table-row>", b"</table:table-row>"
    cell = b'<table:table-cell table:number-columns-repeated="%d"><text:p>a</text:p></table:table-cell>'
    mark = b"</table:table>"
    yield "wide/columns.ods", with_body("ods", start + cell % 999_999_999 + end, mark), False
    many = b'<table:table-row table:number-rows-repeated="999999999">' + cell % 1 + end
    yield "wide/rows.ods", with_body("ods", many, mark), False
    yield "wide/figures.ods", with_body("ods", start + cell % (10**4_000) + end, mark), False


def slides_and_books() -> Iterator[Hostile]:
    """Groups in groups, spaces by number, chapters that are read again and again."""
    group = b"<p:grpSp><p:nvGrpSpPr/><p:grpSpPr/>"
    yield "deep/groups.pptx", with_body("pptx", group * 5_000 + b"</p:grpSp>" * 5_000, b"</p:spTree>"), False
    yield "data/no-slides.pptx", with_part("pptx", b"<a/>", "ppt/presentation.xml"), True
    yield (
        "bombs/repeated.odt",
        with_body("odt", b'<text:p>a<text:s text:c="999999999"/>b</text:p>', b"</office:text>"),
        False,
    )
    lists = b"<text:list><text:list-item>" * 5_000 + b"</text:list-item></text:list>" * 5_000
    yield "deep/lists.odt", with_body("odt", lists, b"</office:text>"), False
    frames = b"<draw:g>" * 5_000 + b"</draw:g>" * 5_000
    yield "deep/groups.odp", with_body("odp", frames, b"</draw:page>"), False
    item = '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
    spine = '<itemref idref="a"/>' * 100_000
    package = f"<package><manifest>{item}</manifest><spine>{spine}</spine></package>".encode()
    yield "loops/spine.epub", with_part("epub", package, ".opf"), False
    escaped = b'<container><rootfile full-path="../../../etc/passwd"/></container>'
    yield "data/escape.epub", with_part("epub", escaped, "container.xml"), True
    itself = b'<container><rootfile full-path="META-INF/container.xml"/></container>'
    yield "loops/container.epub", with_part("epub", itself, "container.xml"), True


def archives() -> Iterator[Hostile]:
    """Archives in archives, names that lead out, bombs, and files that share their bytes."""
    inner = packed({"a.txt": b"Text."})
    for _ in range(20):
        inner = packed({"inner.zip": inner})
    yield "zips/nested.zip", inner, True
    names = ("../../etc/a.txt", "/etc/a.txt", "C:/a.txt", "a/../b.txt", "..\\a.txt", "a\u202etxt.md", "n\nl.txt")
    yield "zips/names.zip", packed({name: b"Text." for name in names}), True
    yield "zips/bomb.zip", packed({"a.txt": b"a" * 30 * 2**20}), True
    yield "zips/entries.zip", packed({f"{n}.txt": b"" for n in range(6_000)}, zipfile.ZIP_STORED), True
    yield "zips/overlap.zip", _overlapping(2_000), True
    yield "zips/empty.zip", packed({}), False
    yield "zips/cut.zip", packed({"a.txt": b"Text."})[:-10], True
    yield "zips/no.zip", b"PK\x05\x06" + b"\xff" * 18, True
    yield "zips/lies.zip", packed({"a.txt": b"Text." * 99}).replace(struct.pack("<I", 495), b"\xff\xff\xff\x7f"), True


def _overlapping(count: int) -> bytes:
    """An archive whose many entries are all the same bytes: each alone is fine, all together are 20 GB."""
    content = b"a" * 10 * 2**20
    squeezed = zlib.compress(content, 1)[2:-4]
    crc = zlib.crc32(content)
    fields = struct.pack("<HHHHHIII", 20, 0, 8, 0, 33, crc, len(squeezed), len(content))
    local = b"PK\x03\x04" + fields + struct.pack("<HH", 5, 0) + b"a.txt" + squeezed
    entries = b""
    for number in range(count):
        name = b"%05d.txt" % number
        entries += b"PK\x01\x02\x14\x00" + fields + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(entries), len(local), 0)
    return local + entries + b"PK\x05\x06" + end


def outlook() -> Iterator[Hostile]:
    """Outlook messages whose sectors lead in circles or nowhere."""
    good = SAMPLES["a.msg"]
    yield "loops/sectors.msg", good[:512] + bytes(4) * ((len(good) - 512) // 4), True
    yield "loops/table.msg", good[:76] + bytes(436) + good[512:], False
    for place, name in ((44, "tables"), (48, "directory"), (60, "small"), (68, "more")):
        yield f"data/{name}.msg", good[:place] + b"\xff\xff\xff\x7f" + good[place + 4 :], False
    inner = message_file({0x37: "inner", 0x1000: "Text."}, [])
    for _ in range(8):
        inner = message_file({0x37: "a", 0x1000: "Text."}, [{0x3707: "inner.msg", 0x3701: inner}])
    yield "mail/recursive.msg", inner, False
    names = [{0x3707: name, 0x3701: b"Text."} for name in ("../../a.txt", "a\nb.txt", "\u202etxt.a", "")]
    yield "mail/names.msg", message_file({0x37: "a", 0x1000: "Text."}, names), False
