"""HTML: what a reader sees, and nothing that is hidden from one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wellformed import assert_wellformed, rows_under, shown

from assistant.ingest.formats import html
from assistant.types import Parsed


def read(source: str) -> Parsed:
    parsed = html.parse(source.encode())
    assert_wellformed(parsed)
    return parsed


def test_the_layout_of_a_page():
    source = """
      <h1>Main <em>title</em></h1> <p>First   text with
      a <a href=x>link</a>.<br>Second line.<br><br>A new one.</p> loose <b>text</b>
      <ul><li>one</li><li>two<ul><li>three</li></ul>tail</li><li><p>four</p><p>five</p></li></ul>
      <dl><dt>Term</dt><dd>Meaning</dd></dl><blockquote>Quote</blockquote><pre>x =
  1</pre><h2>Part</h2>
    """
    parsed = read(source)
    assert shown(parsed) == [
        ("heading 1", "Main title"),
        ("paragraph", "First text with a link.\nSecond line."),
        ("paragraph", "A new one."),
        ("paragraph", "loose text"),
        ("item", "one"),
        ("item", "two"),
        ("item", "three"),
        ("paragraph", "tail"),
        ("item", "four"),
        ("paragraph", "five"),
        ("item", "Term"),
        ("item", "Meaning"),
        ("paragraph", "Quote"),
        ("code", "x =\n  1"),
        ("heading 2", "Part"),
    ]
    assert parsed.text.startswith("Main title\n\nFirst text with a link.\nSecond line.\n\nA new one.")
    assert "one\ntwo\nthree\n\ntail" in parsed.text


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>secret</script>",
        "<style>secret</style>",
        "<nav>secret</nav>",
        "<template>secret</template>",
        "<noscript>secret</noscript>",
        "<!-- secret -->",
        "<p hidden>secret</p>",
        "<p aria-hidden=true>secret</p>",
        "<div style='color:red; display : NONE'><p>secret</p></div>",
        "<span style='visibility:hidden'>secret</span>",
        "<span style='font-size:0px'>secret</span>",
        "<span style='opacity: 0;'>secret</span>",
        "<div role=navigation>secret</div>",
        "<select><option>secret</select>",
        "<table><tr><td>x<td hidden>secret</table>",
    ],
)
def test_what_readers_do_not_see_is_left_out(hidden):
    parsed = read(f"<p>before</p>{hidden}<p>after</p>")
    assert "secret" not in parsed.text
    assert parsed.text.startswith("before") and parsed.text.endswith("after")


def test_half_transparent_text_is_seen():
    assert read("<p style='opacity:0.5; font-size:0.9em'>seen</p>").text == "seen"


def test_headers_and_footers_of_the_page_give_way_to_those_of_the_article():
    article = "<article><header><h1>Title</h1></header><p>Text.</p><footer>Sources</footer></article>"
    assert read(f"<header>Site</header>{article}<footer>Imprint</footer>").text == "Title\n\nText.\n\nSources"
    assert read("<header>Site</header><p>Text.</p>").text == "Site\n\nText."


def test_tables_of_data():
    parsed = read("""<table><caption>Trade</caption><thead><tr><th></th><th>2019</th><th>2020</th></tr></thead>
      <tr><td rowspan=2>North</td><td>1|2</td><td>3</td></tr><tr><td>4</td><td>5</td></tr><tr></tr>
      <tr><td colspan=2>All</td><td>9</td></tr></table>""")
    head = "| 2019 | 2020"
    assert rows_under(parsed) == [
        (head, head), (head, "North | 1/2 | 3"), (head, "North | 4 | 5"), (head, "All |  | 9"),
    ]  # fmt: skip
    assert parsed.text.startswith("Trade\n\n| 2019 | 2020\nNorth")


def test_tables_with_named_rows_have_no_header():
    parsed = read("<table><tr><th>Capital<td>Paris<tr><th>People<td>2 million</table>")
    assert rows_under(parsed) == [(None, "Capital | Paris"), (None, "People | 2 million")]


def test_a_first_row_that_names_columns_is_the_header():
    parsed = read("<table><tr><td>City<td>People<tr><td>Paris<td>2</table>")
    assert rows_under(parsed) == [("City | People", "City | People"), ("City | People", "Paris | 2")]


def test_tables_that_only_lay_the_page_out_are_text():
    for inner in ("<h2>Head</h2><p>Text", "<table><tr><td>Head<td>x</table><p>Text", ""):
        parsed = read(f"<table role=presentation><tr><td>{inner}<p>Text<td>side</table>")
        assert ("paragraph", "side") in shown(parsed)


@given(
    rows=st.lists(
        st.lists(st.text(st.sampled_from("ab1|\n .é"), max_size=5), min_size=2, max_size=4), min_size=1, max_size=5
    )
)
def test_cells_are_found_again_in_rows(rows):
    source = "".join("<tr>" + "".join(f"<td>{text}" for text in row) for row in rows)
    parsed = html.parse(f"<table>{source}</table>".encode())
    assert_wellformed(parsed)
    found = [[cell.strip() for cell in row.split("|")] for _, row in rows_under(parsed)]
    expected = [[" ".join(text.replace("|", "/").split()) for text in row] for row in rows]
    expected = [row for row in expected if any(row)]
    # A row with one filled cell above the others is a title, and trailing empty cells of such are not told.
    assert found == expected[len(expected) - len(found) :]


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ("<meta property='article:published_time' content='2024-07-03T10:00:00Z'>", "2024-07-03"),
        ("<meta name=DC.Date content=2024-07>", "2024-07"),
        (
            "<meta name=date content='3 July 2024'><meta property=article:published_time content=2023-01-01>",
            "2023-01-01",
        ),
        ("<meta name=date content=soon>", None),
        ("", None),
    ],
)
def test_the_date_of_a_page(head, date):
    parsed = read(f"<head><title> A \n title </title>{head}</head><p>Text")
    assert (parsed.title, parsed.date) == ("A title", date)


def test_the_first_time_is_the_date_where_nothing_else_is():
    assert read("<p>On <time datetime=2024-07-03>Wednesday</time>").date == "2024-07-03"


def test_the_title_is_that_of_the_page():
    assert read("<svg><title>Icon</title></svg><p>Text").title is None


def test_declared_encodings():
    text = "Съешь же ещё этих мягких французских булок"
    page = f"<meta http-equiv=Content-Type content='text/html; charset=koi8-r'><p>{text}".encode("koi8-r")
    assert html.parse(page).text == text


def test_nesting_without_end_is_no_trap():
    for tag in ("div", "b", "ul><li", "table><tr><td", "blockquote"):
        assert read(f"<{tag}>" * 3_000 + "deep").text.strip("| ") == "deep"
