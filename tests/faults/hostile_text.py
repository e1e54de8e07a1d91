"""Hostile files of the formats that are text: each a name, its bytes, and whether it has to be refused."""

import base64
import json
from collections.abc import Iterator

Hostile = tuple[str, bytes, bool]

DEEP = 10_000
COLUMNS = 50_000
LINE = 10 * 2**20  # bytes of a line
WORDS = b"The same words again and again. "
BIDI = "\u202e\u2066fdp.tnemyap\u2069"


def text_files() -> Iterator[Hostile]:
    """All of them."""
    yield from long_lines()
    yield from encodings()
    yield from markup()
    yield from tables()
    yield from data()
    yield from messages()
    yield from rich_text()


def long_lines() -> Iterator[Hostile]:
    """One line of 10 MB."""
    line = WORDS * (LINE // len(WORDS))
    solid = b"a" * LINE
    for ending in ("txt", "md", "rst", "org", "py", "csv", "html"):
        yield f"lines/solid.{ending}", solid, False
    yield "lines/words.txt", line, False
    yield "lines/quoted.json", b'{"a": "' + solid + b'"}', False
    yield "lines/text.xml", b"<a>" + solid + b"</a>", False
    yield "lines/text.rtf", rb"{\rtf1 " + solid + b"}", False
    yield "lines/body.eml", b"Subject: a\n\n" + solid, False
    yield "lines/header.eml", b"Subject: " + solid + b"\n\nText.", False
    yield "lines/cell.ipynb", json.dumps({"cells": [{"cell_type": "markdown", "source": "a" * LINE}]}).encode(), False
    yield "lines/empty-lines.txt", b"\n" * LINE, True
    yield "lines/spaces.md", b" " * LINE, True


def encodings() -> Iterator[Hostile]:
    """Bytes that are no text in the encoding that they claim, or in any."""
    broken = b"Rent \xff\xfe\x80\xc3\x28 \xed\xa0\x80 \xf8\x88\x80\x80\x80 of May.\n" * 5
    for ending in ("txt", "md", "csv", "html", "json", "rst", "org", "py", "eml", "rtf"):
        yield f"bytes/invalid.{ending}", broken, False
    yield "bytes/invalid.xml", b'<?xml version="1.0" encoding="utf-8"?><a>' + broken + b"</a>", False
    yield "bytes/no-such.xml", b'<?xml version="1.0" encoding="utf-99"?><a>Text.</a>', False
    yield "bytes/no-such.html", b'<meta charset="utf-99"><p>Text.', False
    yield "bytes/utf7.html", b'<meta charset="utf-7"><p>+ADw-script+AD4-', False
    yield "bytes/half.txt", "Half of a pair.".encode("utf-16") + b"\x00\xd8", False
    yield "bytes/nul.py", b"a = 1\0\0\n", False
    yield "bytes/surrogates.json", rb'{"a": "\ud800 text \udfff", "\udc00": 1}', False
    yield "bytes/controls.txt", bytes(range(1, 32)) * 40, False
    yield "bytes/escapes.txt", b"\x1b]0;owned\x07\x1b[2J text", False


def markup() -> Iterator[Hostile]:
    """Tags in tags, marks in marks, entities that grow, and what reads other files."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    yield "deep/tags.html", b"<div>" * DEEP + b"Text.", False
    yield "deep/fonts.html", b"<b><i><font>" * DEEP + b"Text.", False
    yield "deep/tables.html", b"<table><tr><td>" * DEEP + b"Text.", False
    yield "deep/lists.html", b"<ul><li>" * DEEP + b"Text.", False
    yield "deep/tags.xml", b"<a>" * DEEP + b"Text." + b"</a>" * DEEP, True
    yield "deep/many.xml", b"<r>" + b"<a/>" * 500_000 + b"</r>", True
    yield "deep/quotes.md", b">" * DEEP + b" Text.", False
    yield "deep/lists.md", b"".join(b" " * (2 * n) + b"- a\n" for n in range(1_000)), False
    yield "deep/brackets.md", b"[" * 50_000 + b"](a)", False
    yield "deep/stars.md", b"*a **b " * 20_000, False
    yield "deep/ticks.md", b"".join(b"`" * n + b" " for n in range(600)), False
    yield "deep/links.md", b"[a](<b" * 20_000, False
    yield "deep/quotes.rst", b"".join(b" " * n + b"a\n\n" for n in range(1_000)), False
    yield "deep/bars.rst", b"*a `b |c " * 20_000, False
    yield "deep/stars.org", b"*" * DEEP + b" Text.\n" + b"[[" * DEEP, False
    yield "bombs/laughs.xml", f'<!DOCTYPE d [<!ENTITY l0 "lol">{laughs}]><d>&l9;</d>'.encode(), True
    yield (
        "bombs/squares.xml",
        b'<!DOCTYPE d [<!ENTITY a "' + b"a" * 50_000 + b'">]><d>' + b"&a;" * 50_000 + b"</d>",
        True,
    )
    yield "bombs/laughs.xhtml", f'<!DOCTYPE d [<!ENTITY l0 "lol">{laughs}]><p>&l9;</p>'.encode(), False
    yield "bombs/outside.xml", b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><d>&a;</d>', True
    yield (
        "bombs/include.xml",
        b'<d xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="/etc/passwd"/></d>',
        True,
    )
    yield "bombs/dtd.xml", b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/a.dtd"><d>Text.</d>', False
    yield "bombs/include.rst", b".. include:: /etc/passwd\n\n.. raw:: html\n   :file: /etc/passwd\n", True
    yield "bombs/table.rst", b".. csv-table::\n   :file: /etc/passwd\n", True
    yield "bombs/loop.rst", b".. |a| replace:: |b|\n.. |b| replace:: |a|\n\n|a| text\n", False
    yield "bombs/include.org", b"#+INCLUDE: /etc/passwd\n", False
    yield "bombs/unclosed.html", b"<!--" * 100_000, False
    yield (
        "bombs/rules.html",
        b"<style>" + b".a .b>c{display:none}" * 5_000 + b"</style>" + b"<p class=a>b" * 5_000,
        False,
    )
    yield "bombs/attributes.html", b"<p " + b"a='b' " * 200_000 + b">Text.", False
    yield "bombs/numbers.html", b"&#99999999999;&#x110000;&#0;" * 1_000, False


def tables() -> Iterator[Hostile]:
    """Tables wider than any reader looks at, and cells that claim to span the world."""
    yield "wide/named.csv", b",".join(b"c%d" % n for n in range(COLUMNS)) + b"\n" + b"1," * COLUMNS, False
    yield "wide/columns.csv", b"1," * COLUMNS + b"\n" + b"a," * COLUMNS, False
    yield "wide/columns.tsv", b"\t" * COLUMNS + b"a\n", False
    yield "wide/quote.csv", b'a,b\n"' + b"1,2\n" * 500_000, False
    yield "wide/rows.csv", b"a,b\n" + b"1,2\n" * 300_000, True
    yield "wide/columns.html", b"<table><tr>" + b"<td>a" * COLUMNS + b"</table>", False
    yield "wide/spans.html", b"<table>" + b"<tr><td colspan=999999999 rowspan=999999999>a" * 100 + b"</table>", False
    yield (
        "wide/spans-more.html",
        b"<table>" + b"<tr>" + b"<td colspan=1000 rowspan=65534>a" * 1_000 + b"</table>",
        False,
    )
    yield "wide/columns.md", b"|a" * COLUMNS + b"|\n" + b"|-" * COLUMNS + b"|\n" + b"|b" * COLUMNS + b"|\n", False
    yield "wide/columns.org", b"|a" * COLUMNS + b"|\n", False
    yield "wide/columns.rst", b"= " * COLUMNS + b"\n" + b"a " * COLUMNS + b"\n" + b"= " * COLUMNS + b"\n", False


def data() -> Iterator[Hostile]:
    """JSON that nests, repeats and has figures without end."""
    yield "deep/lists.json", b"[" * 100_000 + b"]" * 100_000, True
    yield "deep/objects.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, True
    yield "deep/just.json", b'{"a":' * 900 + b'"Text."' + b"}" * 900, False
    yield "deep/lists.jsonl", b"[" * 100_000 + b"\n" + b'{"a": 1}\n', False
    yield "deep/cells.ipynb", b'{"cells":' + b"[" * 100_000, True
    yield "data/digits.json", b'{"a": ' + b"9" * 1_000_000 + b"}", False
    yield "data/infinite.json", b'{"a": 1e999999, "b": NaN, "c": -Infinity, "d": "Text."}', False
    yield "data/keys.json", b"{" + b'"a": 1, ' * 100_000 + b'"b": 2}', False
    yield "data/types.ipynb", b'{"cells": {"a": [1, null, {"cell_type": 5}]}, "metadata": 7}', True
    yield "data/sources.ipynb", b'{"cells": [null, 5, {"cell_type": [], "source": {"a": 1}}]}', True
    yield "data/cut.json", b'{"a": ["Text.", ', True
    yield "data/settings.yaml", b"a: &a [x]\n" + b"".join(b"b%d: &b [*a, *a]\n" % n for n in range(100)), False


def messages() -> Iterator[Hostile]:
    """Messages in messages, parts in parts, and names that lead elsewhere."""
    inner = b"Subject: the innermost\n\nText."
    for _ in range(300):
        inner = b"Subject: a\nContent-Type: message/rfc822\n\n" + inner
    yield "mail/recursive.eml", inner, False
    parts = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1_000))
    yield "mail/multipart.eml", b"Subject: a\n" + parts + b"\nText.", False
    yield "mail/headers.eml", b"".join(b"X-%d: a\n" % n for n in range(100_000)) + b"\nText.", False
    yield "mail/folded.eml", b"Subject: a" + b"\n a" * 200_000 + b"\n\nText.", False
    part = b"--b\nContent-Disposition: attachment; filename=a.txt\n\nText.\n"
    head = b"Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n"
    yield "mail/attachments.eml", head + part * 20_000 + b"--b--", False
    tricks = ("../../etc/passwd", "a.txt/../../b.txt", "C:\\a.txt", f"{BIDI}.txt", "a\\nb.txt", ".", "")
    named = "".join(f'--b\nContent-Disposition: attachment; filename="{each}"\n\nText.\n' for each in tricks)
    yield "mail/names.eml", head + named.encode() + b"--b--", False
    yield "mail/charset.eml", b"Subject: =?utf-99?q?a?=\nContent-Type: text/plain; charset=utf-99\n\nText.", False
    yield "mail/words.eml", b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\n\nText.", False
    yield "mail/base64.eml", b"Content-Transfer-Encoding: base64\nSubject: a\n\n" + b"=A" * 50_000, False
    yield "mail/addresses.eml", b"Subject: a\nTo: " + b"((((<a@b>," * 20_000 + b"\n\nText.", False
    bomb = base64.encodebytes(b"PK\x03\x04" + bytes(100_000))
    sent = b'Content-Type: a/b; name="a.docx"\nContent-Transfer-Encoding: base64\n\n'
    yield "mail/damaged.eml", head + b"--b\n" + sent + bomb + b"--b--", False
    yield "mail/froms.mbox", b"From a\n" * 100_000, True
    yield "mail/recursive.mbox", b"From a\n" + inner + b"\n\nFrom b\n" + inner, False
    yield "mail/mixed.mbox", b"From a\n\n\nFrom \xff\xff\n\0\0\nFrom c\nSubject: a\n\nText.\n", False


def rich_text() -> Iterator[Hostile]:
    """Groups in groups, and lengths that are not there."""
    yield "deep/groups.rtf", rb"{\rtf1 " + b"{" * 100_000 + b"Text.", False
    yield "deep/closed.rtf", rb"{\rtf1 " + b"}" * 100_000 + b"Text.", False
    yield "data/binary.rtf", rb"{\rtf1 Text. \bin2147483647 " + bytes(100) + b"}", False
    yield "data/negative.rtf", rb"{\rtf1 \bin-5 \uc-3 \u-99999999999999 \'zz \trowd\cellx-9\cell\row Text.}", False
    yield "data/skipped.rtf", rb"{\rtf1 \uc999999999 \u8364 " + b"Text. " * 100 + b"}", False
    yield "data/cells.rtf", rb"{\rtf1 " + rb"\trowd" + rb"\cellx1" * COLUMNS + rb"\cell" * COLUMNS + rb"\row}", False
    yield "data/words.rtf", rb"{\rtf1 " + rb"\a" * 1_000_000 + b"}", True
