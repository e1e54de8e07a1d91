"""Plain text: the text is the file's, and no line is taken for more than it is."""

from hypothesis import given
from hypothesis import strategies as st
from wellformed import assert_wellformed, shown

from assistant.ingest.formats import txt
from assistant.ingest.formats.common import Unreadable


def blocks(text: str) -> list[tuple[str, str]]:
    return shown(txt.parse(text.encode()))


@given(
    text=st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc",)) | st.sampled_from("\n\t \r-=•:"), min_size=1
    )
)
def test_the_text_is_what_open_reads(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("txt") / "a.txt"
    path.write_bytes(text.encode())
    with open(path, encoding="utf-8") as file:
        expected = file.read()
    parsed = txt.parse(path.read_bytes())
    assert parsed.text == expected.removeprefix("\ufeff")
    assert_wellformed(parsed)
    # Nothing but white space and list marks is outside the blocks.
    inside = "".join(parsed.text[block.start : block.end] for block in parsed.blocks)
    assert set("".join(parsed.text.split())) - set(inside) <= set("-*•‣▪●–.)=0123456789")


def test_paragraphs_are_parted_by_blank_lines():
    assert blocks("One line\nand more.\n \n\n  Two.  \n") == [
        ("paragraph", "One line\nand more."),
        ("paragraph", "Two."),
    ]


def test_a_first_line_that_stands_alone_is_the_title():
    assert blocks("A short title\n\nText.") == [("heading 1", "A short title"), ("paragraph", "Text.")]
    assert blocks("No title, it ends.\n\nText.")[0] == ("paragraph", "No title, it ends.")
    assert blocks("x" * 121 + "\n\nText.")[0][0] == "paragraph"
    assert blocks("All there is") == [("paragraph", "All there is")]


def test_underlined_lines_are_headings():
    assert blocks("Main\n====\nText.\n\nPart\n----\n\nMore.") == [
        ("heading 1", "Main"), ("paragraph", "Text."), ("heading 2", "Part"), ("paragraph", "More."),
    ]  # fmt: skip


def test_lines_in_capitals_that_stand_alone_are_headings():
    assert ("heading 2", "BACKGROUND") in blocks("Text.\n\nBACKGROUND\n\nMore.")
    assert ("paragraph", "II") in blocks("Text.\n\nII\n\nMore.")


def test_lists_are_items_without_their_marks():
    assert blocks("Steps:\n1. one\n2) two\n   goes on\n\n- a\n• b") == [
        ("paragraph", "Steps:"), ("item", "one"), ("item", "two\n   goes on"), ("item", "a"), ("item", "b"),
    ]  # fmt: skip


def test_prose_that_looks_like_a_list_is_prose():
    text = "It was founded in\n1998. That was long ago, and the\n- as they say - old days."
    assert blocks(text) == [("paragraph", text)]


def test_line_breaks_of_other_systems_are_one():
    assert txt.parse(b"a\r\nb\rc").text == "a\nb\nc"


def test_too_many_paragraphs_are_refused(monkeypatch):
    monkeypatch.setattr(txt, "BLOCK_LIMIT", 10)
    try:
        txt.parse(b"a\n\n" * 11)
    except Unreadable as error:
        assert str(error) == "it has more than 10 paragraphs"
    else:
        raise AssertionError("not refused")
