"""Markdown: the source, less its inline markup."""

from hypothesis import given
from hypothesis import strategies as st
from wellformed import assert_wellformed, rows_under, shown

from assistant.ingest.formats import md
from assistant.types import Parsed

WORDS = st.text(st.sampled_from("abcdé 文"), min_size=1, max_size=12).map(str.strip).filter(bool)
PLAIN_LINES = st.one_of(
    WORDS,
    WORDS.map("# {}".format),
    WORDS.map("## {} ##".format),
    WORDS.map("- {}".format),
    WORDS.map("  - {}".format),
    WORDS.map("3. {}".format),
    WORDS.map("    {}".format),
    st.sampled_from(
        ["", "", "", "---", "===", "```", "~~~ py", "***", "| a | b |\n|---|---|\n| c | d |\n", "  indented", "a "]
    ),
)


def read(source: str) -> Parsed:
    parsed = md.parse(source.encode())
    assert_wellformed(parsed)
    return parsed


@given(lines=st.lists(PLAIN_LINES, max_size=20))
def test_a_file_without_inline_markup_is_kept_as_it_is(lines):
    source = "\n".join(lines)
    assert read(source).text == source


@given(words=st.lists(WORDS, min_size=1, max_size=6))
def test_markup_leaves_the_words(words):
    source = " ".join(
        f"**{word}** _{word}_ `{word}` [{word}](http://x.y/z) ![{word}](i.png) <b>{word}</b>" for word in words
    )
    assert read(source).text == " ".join(" ".join([word] * 6) for word in words)


def test_inline_markup_is_removed():
    source = 'Some **bold *and* more** with `code*s*`, a [link](http://x.y "t"), [ref], <http://a.b>, a\\_b &amp; c.'
    (block, *_) = shown(read(f"{source}\n\n[ref]: /u"))
    assert block == ("paragraph", "Some bold and more with code*s*, a link, ref, http://a.b, a_b & c.")


def test_underscores_within_words_stay():
    assert read("the max_size_limit of 2 * 3 * 4").text == "the max_size_limit of 2 * 3 * 4"


def test_block_marks_stay_in_the_text_and_outside_the_blocks():
    source = (
        "# One #\n\nText\nmore.\n\n* a\n  goes on\n* b\n\n  second\n\n  1. c\n\n> quoted\n\n```py\nx = [1]\n```\n"
    )
    parsed = read(source)
    assert parsed.text == source
    assert shown(parsed) == [
        ("heading 1", "One"),
        ("paragraph", "Text\nmore."),
        ("item", "a\n  goes on"),
        ("item", "b"),
        ("paragraph", "second"),
        ("item", "c"),
        ("paragraph", "quoted"),
        ("code", "x = [1]"),
    ]


def test_a_sentence_in_a_quote_is_not_broken_by_quote_marks():
    parsed = read("> one\n> *two*\n> three\n")
    assert parsed.text == "> one\ntwo\nthree\n"
    assert shown(parsed) == [("paragraph", "one\ntwo\nthree")]


def test_lines_keep_their_indentation_where_markup_is_removed():
    assert read("- a *b*\n  c `d`  \n  e").text == "- a b\n  c d  \n  e"


def test_markup_over_the_end_of_a_line():
    assert shown(read("a [link\ntext](u\n'title') b")) == [("paragraph", "a link\ntext b")]


def test_underlined_headings():
    assert shown(read("Two\n*lines*\n===\n\nPart\n---\n")) == [("heading 1", "Two\nlines"), ("heading 2", "Part")]


def test_tables():
    source = "| Year | Sum |\n|------|----:|\n| 2019 | **3.5** |\n| 2020 |\n|  | a\\|b |\n"
    parsed = read(source)
    head = "Year | Sum"
    assert rows_under(parsed) == [(head, head), (head, "2019 | 3.5"), (head, "2020"), (head, "| a/b")]
    assert parsed.text.startswith("| Year | Sum |\n|------|----:|\n| 2019 | 3.5 |\n")


def test_tables_in_lists_and_quotes():
    head = "a | b"
    for source in ("- | a | b |\n  |---|---|\n  | c | d |", "> | a | b |\n> |---|---|\n> | c | d |", "a|b\n-|-\nc|d"):
        assert rows_under(read(source)) == [(head, head), (head, "c | d")]


def test_html_inside():
    parsed = read(
        "Before.\n\n<div align=center><b>Bold</b> text<!-- no --></div>\n\n<!-- nothing\nhere -->\n\nAfter<br>all."
    )
    assert shown(parsed) == [("paragraph", "Before."), ("paragraph", "Bold text"), ("paragraph", "After all.")]


def test_front_matter_stays_in_the_text_and_outside_the_blocks():
    source = "---\ntitle: 'The  title'\ndate: 2024-07-03\ntags: [a]\n---\n# Head\n"
    parsed = read(source)
    assert (parsed.text, parsed.title, parsed.date) == (source, "The title", "2024-07-03")
    assert shown(parsed) == [("heading 1", "Head")]


def test_what_only_looks_like_front_matter_is_text():
    parsed = read("---\nJust text.\n---\n")
    assert shown(parsed) == [("heading 2", "Just text.")]
    for hostile in ("[" * 5_000, "a: &x [*x]\nb: *y", "a: !!python/name:os.system\n", "date: 2024-99-99"):
        read(f"---\n{hostile}\n---\nText.")


def test_nesting_without_end_is_no_trap():
    for hostile in (
        ">" * 10_000 + "a",
        "- " * 10_000 + "a",
        "[" * 10_000,
        "![" * 10_000,
        "*a **b " * 3_000,
        "`" * 10_000,
    ):
        md.parse(hostile.encode())
