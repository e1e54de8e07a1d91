"""XML of any kind."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wellformed import assert_wellformed, rows_under, shown

from assistant.ingest.formats import xml as module
from assistant.ingest.formats.common import Unreadable
from assistant.ingest.parse import parse_bytes
from assistant.types import Parsed


def read(source: str | bytes) -> Parsed:
    parsed = parse_bytes(source.encode() if isinstance(source, str) else source, "xml")
    assert_wellformed(parsed)
    return parsed


def test_titles_head_what_is_below_them():
    source = """<?xml version="1.0"?><!-- No --><book xmlns="urn:x"><title>The book</title>
<chapter n="1"><title>One</title><para>Some <em>marked</em> words.</para><list><item>a</item><item>b</item></list>
<section><head>Deep</head><p>Deeper.</p></section></chapter><p>End.</p></book>"""
    assert shown(read(source)) == [
        ("heading 1", "The book"),
        ("heading 2", "One"),
        ("paragraph", "Some marked words."),
        ("item", "a"),
        ("item", "b"),
        ("heading 3", "Deep"),
        ("paragraph", "Deeper."),
        ("paragraph", "End."),
    ]


def test_records_are_rows_of_a_table():
    source = (
        "<list><row><city>Baku</city><people>5</people></row><row><city>Ganja</city><area>1|2</area></row></list>"
    )
    head = "city | people | area"
    assert rows_under(read(source)) == [(head, head), (head, "Baku | 5 |"), (head, "Ganja |  | 1/2")]


def test_a_single_record_and_records_that_differ():
    source = f"""<feed><meta><name>News</name><lang>en</lang></meta>
<post><title>First</title><text>{"Words. " * 40}</text></post></feed>"""
    assert shown(read(source))[:4] == [
        ("heading 1", "News"),
        ("row", "name: News"),
        ("row", "lang: en"),
        ("heading 1", "First"),
    ]


def test_a_page_is_read_as_html():
    source = '<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>T</h1><p hidden="">No</p><p>Yes.</p></body></html>'
    assert shown(read(source)) == [("heading 1", "T"), ("paragraph", "Yes.")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1251"])
def test_encodings(encoding):
    word = "Привет" if "1251" in encoding else "Café"
    source = f'<?xml version="1.0" encoding="{encoding}"?><a>{word} here.</a>'
    assert read(source.encode(encoding)).text == f"{word} here."


def test_entities_are_left_out_and_bombs_refused(tmp_path):
    (tmp_path / "secret").write_text("Secret.")
    source = (
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{tmp_path}/secret"><!ENTITY y "Own.">]><a>One &x;&y;&amp; two.</a>'
    )
    assert read(source).text == "One & two."
    bomb = "".join('<!ENTITY e{} "{}">'.format(n, f"&e{n - 1};" * 10) for n in range(1, 12))
    with pytest.raises(Unreadable, match="or a bomb"):
        read(f'<!DOCTYPE a [<!ENTITY e0 "lol">{bomb}]><a>&e11;</a>')


@pytest.mark.parametrize("source", ["<a><b></a>", "Words.", "<a>" * 10_000, "<a>\x01</a>"])
def test_what_is_not_well_formed_is_refused(source):
    with pytest.raises(Unreadable, match=r"its XML is damaged, nested too deeply, or a bomb \(line 1\)"):
        module.parse(source.encode())


NAMES = st.sampled_from(["a", "b", "title", "p", "item"])
TREES = st.recursive(
    st.tuples(NAMES, st.text("xyz \n|", max_size=8)).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"),
    lambda inner: st.tuples(NAMES, st.lists(inner, max_size=4)).map(
        lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(source=TREES)
def test_any_xml_is_well_formed_and_loses_no_word(source):
    said = source
    for tag in ("a", "b", "title", "p", "item"):
        said = said.replace(f"<{tag}>", " ").replace(f"</{tag}>", " ")
    try:
        text = read(source).text.replace("|", "/")
    except Unreadable as error:
        assert str(error) == "there is no text in it"
        assert not said.strip()
        return
    assert all(word in text for word in said.replace("|", "/").split() if word.strip("/"))
