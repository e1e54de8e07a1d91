"""A document's text as HTML: nothing is lost, the marked words are the quote, and nothing is markup."""

from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from serve_parts import HOSTILE
from source_parts import marked, shown

from assistant.ingest.child import document_of
from assistant.ingest.formats.common import Builder
from assistant.serve.source_text import LONGEST, WINDOW, text_html, window
from assistant.types import Document

KINDS = ("heading", "paragraph", "item", "row", "code")
pieces = st.lists(
    st.tuples(st.sampled_from(KINDS), st.text(st.characters(exclude_categories=("Cs",)), max_size=40), st.booleans()),
    max_size=12,
)


def laid_out(parts, kind: str = "txt", pages: tuple[int, ...] = ()) -> Document:
    builder = Builder()
    header = None
    for number, (block, text, flag) in enumerate(parts):
        if number in pages:
            builder.begin_page(number + 1)
        words = text.replace("\n", " ") if block != "row" else " | ".join(text.replace("|", "/").split())
        added = builder.add(
            block, words, level=2 if block == "heading" else 0, header=header if block == "row" else None,
            is_header=block == "row" and flag, mark="1." if block == "item" else "", row=number if flag else None,
        )  # fmt: skip
        header = added if block == "row" and flag else header
    parsed = builder.parsed()
    return Document("a.txt", "0" * 64, kind, "A", None, None, parsed.text, parsed.blocks, parsed.pages)


def page_of(document: Document, part: tuple[int, int], cited: tuple[int, int]) -> str:
    return f'<body><div class="text">{text_html(document, part, cited)}</div></body>'


def as_read(text: str) -> str:
    """What a browser makes of characters that are not allowed in HTML."""
    return text.replace("\0", "\ufffd")


@settings(max_examples=200, deadline=None)
@given(pieces, st.sampled_from(["txt", "eml", "xlsx", "pptx"]), st.sets(st.integers(0, 11), max_size=3), st.data())
def test_every_character_is_shown_once_and_the_marked_ones_are_the_cited_ones(parts, kind, pages, data) -> None:
    document = laid_out(parts, kind, tuple(pages))
    size = len(document.text)
    places = st.integers(0, size)
    cited = tuple(sorted((data.draw(places), data.draw(places))))
    part = tuple(sorted((data.draw(places), data.draw(places))))
    page = page_of(document, part, cited)
    assert shown(page) == document.text[slice(*part)]
    first, last = max(part[0], cited[0]), min(part[1], cited[1])
    assert marked(page) == document.text[first : max(first, last)]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300), st.data())
def test_no_word_of_a_document_is_markup(text, data) -> None:
    document = document_of("a.txt", f"Words. {HOSTILE} {text}".encode("utf-8", "replace"), 10_000)
    first = data.draw(st.integers(0, len(document.text)))
    last = data.draw(st.integers(first, len(document.text)))
    tree = LexborHTMLParser(page_of(document, (0, len(document.text)), (first, last)))
    made = {node.tag for node in tree.css("body *")}
    assert made <= {"div", "p", "h2", "ul", "li", "mark", "span", "bdi"}
    allowed = {"class", "dir", "id", "hidden", "title"}
    assert {name for node in tree.css("body *") for name in node.attributes} <= allowed


def test_a_row_is_a_row_of_a_table_under_the_header_that_is_out_of_sight() -> None:
    rows = "Berth,Fee\n" + "".join(f"Pier {n},{n}00 euros\n" for n in range(2_000))
    document = document_of("fees.csv", rows.encode(), 10**6)
    start = document.text.index("Pier 1500")
    cited = (start, document.text.index("\n", start))
    part = window(document, cited, None)
    assert 0 < part[0] < start and part[1] - part[0] <= WINDOW
    page = page_of(document, part, cited)
    [row] = LexborHTMLParser(page).css("tr.cited")
    assert [cell.text(deep=True).strip("\n |") for cell in row.css("td")] == ["1502", "Pier 1500", "150000 euros"]
    assert [cell.text() for cell in LexborHTMLParser(page).css("thead th")] == ["Berth", "Fee"]
    assert marked(page) == "Pier 1500 | 150000 euros"


@given(st.integers(0, 400_000), st.integers(1, 200_000), st.none() | st.integers(0, 500_000))
def test_a_window_is_within_the_text_bounded_and_holds_where_the_cited_words_begin(start, length, first) -> None:
    text = "word " * 80_000
    document = Document("a.txt", "0" * 64, "txt", "A", None, None, text, (), ())
    start = min(start, len(text) - 1)
    begin, end = window(document, (start, min(len(text), start + length)), first)
    assert 0 <= begin < end <= len(text) and end - begin <= WINDOW // 4 + LONGEST
    assert first is not None or begin <= start < end


def test_going_on_leaves_nothing_out() -> None:
    lines = "\n\n".join(f"Paragraph {n} of the report on the harbour." for n in range(3_000))
    document = document_of("a.txt", lines.encode(), 10**6)
    seen, at = "", 0
    while at < len(document.text):
        part = window(document, (0, 0), at)
        seen += document.text[slice(*part)]
        at = part[1]
    assert seen == document.text


def test_a_line_of_a_megabyte_is_shown_in_part_and_its_cited_words_whole() -> None:
    document = document_of("a.txt", ("word " * 200_000 + "The quay is 900 m long.").encode(), 10**7)
    cited = (document.text.index("The quay"), len(document.text))
    page = page_of(document, window(document, cited, None), cited)
    assert marked(page) == "The quay is 900 m long."
    assert len(page) < 2 * WINDOW
