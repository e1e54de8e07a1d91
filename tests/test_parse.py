"""Reading a file of any format: what holds for all, and why a file cannot be read."""

import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wellformed import assert_wellformed

from assistant.ingest import parse as module
from assistant.ingest.parse import FORMATS, Unreadable, kind_of, parse, parse_bytes, read_bytes

# Pieces that layouts are made of, so that random strings of them are full of edge cases.
PIECES = [
    *(
        "# ",
        "## ",
        "- ",
        "* ",
        "1. ",
        "> ",
        ">",
        "| a | b |",
        "|---|---|",
        "|",
        "\\|",
        "```",
        "~~~",
        "---\n",
        "===\n",
    ),
    *("word", "Two words.", "*em*", "**", "_x_", "`c`", "[a](b)", "![i](j)", "[x]: y\n", "&amp;", "&nbsp;", "&#0;"),
    *(
        "<p>",
        "<br>",
        "<b>",
        "</b>",
        "<div>",
        "</div>",
        "<!--",
        "-->",
        "<li>",
        "<ul>",
        "</ul>",
        "<h1>",
        "</h1>",
        "<pre>",
    ),
    *("<table>", "</table>", "<caption>", "<tr>", "</tr>", "<td>", "<th>", "<td rowspan=2>", "<td colspan=3>"),
    *("<main>", "<header>", "<footer>", "<script>", "<p hidden>", "<table><tr><td>x<td>y</table>"),
    *(
        "\n",
        "\n\n",
        "\t",
        "    ",
        "  \n",
        "\r\n",
        "\r",
        "\u00a0",
        "\u2028",
        "\x0b",
        "\x0c",
        "\x1f",
        "\ufeff",
        "é",
        "😀",
    ),
    *("title: x\n", "2024", "1.5", "0", ",", ";", '"', "'", "\\"),
]
sources = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=40).map("".join)


@pytest.mark.parametrize("kind", ["txt", "md", "html", "csv"])
@settings(max_examples=150, deadline=None)
@given(source=sources)
def test_any_text_is_read_well_formed_or_refused_with_a_reason(kind, source):
    try:
        parsed = parse_bytes(source.encode("utf-8", "ignore"), kind)
    except Unreadable as error:
        assert str(error) in (
            "it is empty: 0 bytes",
            "there is no text in it",
            "it holds binary data, not text",
        )
    else:
        assert_wellformed(parsed)


@pytest.mark.parametrize("kind", sorted(set(FORMATS.values())))
@settings(max_examples=30, deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_reason(kind, data):
    try:
        assert_wellformed(parse_bytes(data, kind))
    except Unreadable as error:
        assert str(error)
        assert "\n" not in str(error)


@pytest.mark.parametrize("kind", sorted(set(FORMATS.values())))
def test_nothing_is_no_document(kind):
    with pytest.raises(Unreadable, match="empty: 0 bytes"):
        parse_bytes(b"", kind)


@pytest.mark.parametrize(("kind", "name"), [("docx", "Word file"), ("xlsx", "Excel file"), ("pdf", "PDF")])
def test_random_bytes_are_not_what_the_name_says(kind, name):
    with pytest.raises(Unreadable, match=f"it is no {name}, whatever its name says"):
        parse_bytes(random.Random(1).randbytes(2_000), kind)


def test_binary_data_is_no_text():
    with pytest.raises(Unreadable, match="binary data"):
        parse_bytes(bytes(range(256)) * 10, "txt")


@pytest.mark.parametrize("kind", ["txt", "md", "html", "csv"])
def test_a_text_beyond_the_limit_is_refused(kind):
    with pytest.raises(Unreadable, match="longer than the limit of 100 characters"):
        parse_bytes(b"word\n\n" * 100, kind, limit=100)


def test_the_format_is_told_by_the_ending_in_any_case():
    assert kind_of("a/b.PDF") == "pdf"
    assert kind_of("notes.v2.Markdown") == "md"
    with pytest.raises(Unreadable, match=r"^format \.exe is not supported; supported: \.md, "):
        kind_of("a.exe")
    with pytest.raises(Unreadable, match="^a file without an ending"):
        kind_of("Makefile")


def test_a_file_is_read_from_its_path(tmp_path):
    (tmp_path / "a.txt").write_text("Some text.", encoding="utf-8")
    assert parse(tmp_path / "a.txt").text == "Some text."


def test_what_cannot_be_opened_has_a_reason(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "link.txt").symlink_to("missing")
    (tmp_path / "large.txt").write_bytes(b"x" * 101)
    cases = {"pipe.txt": "not a regular file", "link.txt": "no such file", "large.txt": "over the limit"}
    for name, reason in cases.items():
        with pytest.raises(Unreadable, match=reason):
            read_bytes(tmp_path / name, limit=100)


def test_sizes_are_told_in_megabytes():
    assert module.too_large(300 * 2**20, 64 * 2**20) == "300 MB is over the limit of 64 MB"
    assert module.too_large(64 * 2**20 + 1, 64 * 2**20) == "65 MB is over the limit of 64 MB"


def test_errors_of_libraries_become_reasons(monkeypatch):
    def fail(*_: object) -> None:
        raise KeyError("word/document.xml")

    monkeypatch.setattr(module, "_parse", fail)
    with pytest.raises(Unreadable, match=r"^it is damaged, or not what its name says \(KeyError\)$"):
        parse_bytes(b"x", "docx")


def test_the_dossier_is_well_formed(docs: Path):
    files = [path for path in sorted(docs.iterdir()) if path.suffix in FORMATS]
    assert files
    for path in files:
        assert_wellformed(parse(path))
