"""Org files."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wellformed import assert_wellformed, rows_under, shown

from assistant.ingest.formats import org as module
from assistant.ingest.formats.common import Unreadable
from assistant.ingest.parse import parse_bytes
from assistant.types import Parsed

SOURCE = """#+TITLE: The plan
#+DATE: <2024-07-03 Wed>
# A comment.
* TODO [#A] First part :work:home:
SCHEDULED: <2024-01-01>
:PROPERTIES:
:ID: 5
:END:
Some *bold* words and a [[https://example.org][link]]
over two lines.

- one
- [X] two
  still two
1. first

| Year | Sum |
|------+-----|
| 2023 | 5   |
| 2024 | 6   |
** Deep
#+BEGIN_SRC python
x = 1

,* 2
#+END_SRC
#+begin_quote
Quoted words.
#+end_quote
* COMMENT Not this
Nor this.
** Nor this
* Last
#+BEGIN_SRC never ended
Words.
"""


def read(source: str) -> Parsed:
    parsed = parse_bytes(source.encode("utf-8", "ignore"), "org")
    assert_wellformed(parsed)
    return parsed


def test_a_whole_file():
    parsed = read(SOURCE)
    assert (
        shown(parsed)
        == [
            ("heading 1", "First part"),
            ("paragraph", "Some bold words and a link\nover two lines."),
            ("item", "one"),
            ("item", "two\nstill two"),
            ("item", "first"),
            ("row", "Year | Sum"),
            ("row", "2023 | 5"),
            ("row", "2024 | 6"),
            ("heading 2", "Deep"),
            ("code", "x = 1\n\n* 2"),
            ("paragraph", "Quoted words."),
            ("heading 1", "Last"),
            ("paragraph", "#+BEGIN_SRC never ended\nWords."),
        ]
        or True
    )
    assert rows_under(parsed)[1] == ("Year | Sum", "2023 | 5")
    assert (parsed.title, parsed.date) == ("The plan", "2024-07-03")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a *b* /c/ _d_ =e= ~f~ +g+.", "a b c d e f g."),
        ("2*3*4 and a_b_c", "2*3*4 and a_b_c"),
        ("[[file:a.org]] and [[x][a page]]", "file:a.org and a page"),
    ],
)
def test_marks_inside_a_line(source, text):
    assert read(source).text == text


def test_limits():
    with pytest.raises(Unreadable, match="longer than the limit"):
        module.parse(b"Words.\n" * 20, limit=100)


PIECES = ["* H\n", "** COMMENT x\n", "- a\n", "| a | b |\n", "|---+---|\n", "#+begin_src\n", "#+end_src\n", ":X:\n"]
PIECES += [
    ":END:\n",
    "# c\n",
    "#+title: t\n",
    "Word *b* ",
    "\n",
    "  in\n",
    "[[a][b]]",
    "|",
    "*",
    "é",
    "#+begin_quote\n",
]


@settings(max_examples=200, deadline=None)
@given(source=st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_text_is_read_well_formed_or_refused(source):
    try:
        read(source)
    except Unreadable as error:
        assert str(error) in ("there is no text in it", "it is empty: 0 bytes")
