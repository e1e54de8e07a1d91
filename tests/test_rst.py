"""reStructuredText."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wellformed import assert_wellformed, rows_under, shown

from assistant.ingest.formats import rst as module
from assistant.ingest.formats.common import Unreadable
from assistant.ingest.parse import parse_bytes
from assistant.types import Parsed

SOURCE = """
=====
Title
=====

:Date: 2024-07-03
:Author: Ann

Some *marked* words with ``code`` and a `link <https://example.org>`_.

Part
====

- one
- two

  more

1. first

term
   What it is.

::

   x = 1

.. note:: Take care.

.. comment

Deep
----

====== =====
Year   Sum
====== =====
2023   5
2024   6
====== =====

| line
| line two
"""


def read(source: str) -> Parsed:
    parsed = parse_bytes(source.encode("utf-8", "ignore"), "rst")
    assert_wellformed(parsed)
    return parsed


def test_a_whole_file():
    parsed = read(SOURCE)
    assert shown(parsed) == [
        ("heading 1", "Title"),
        ("paragraph", "2024-07-03"),
        ("paragraph", "Ann"),
        ("paragraph", "Some marked words with code and a link."),
        ("heading 1", "Part"),
        ("item", "one"),
        ("item", "two"),
        ("paragraph", "more"),
        ("item", "first"),
        ("item", "term"),
        ("paragraph", "What it is."),
        ("code", "x = 1"),
        ("paragraph", "Take care."),
        ("heading 2", "Deep"),
        ("row", "Year | Sum"),
        ("row", "2023 | 5"),
        ("row", "2024 | 6"),
        ("paragraph", "line\nline two"),
    ]
    assert rows_under(parsed)[1] == ("Year | Sum", "2023 | 5")
    assert (parsed.title, parsed.date) == ("Title", "2024-07-03")


def test_what_docutils_does_not_know_is_text():
    source = "See :ref:`the page <page>` and :py:func:`~a.b`.\n\n.. versionadded:: 2.0\n   It can do this.\n\nEnd.\n"
    assert [text for _, text in shown(read(source))] == [
        "See the page and a.b.",
        "2.0\nIt can do this.",
        "End.",
    ]


@pytest.mark.parametrize(
    "directive",
    [".. include:: {}", ".. literalinclude:: {}", ".. csv-table::\n   :file: {}", ".. raw:: html\n   :file: {}"],
)
def test_no_other_file_is_read(directive, tmp_path):
    (tmp_path / "secret.txt").write_text("Secret words.")
    text = read(f"Words.\n\n{directive.format(tmp_path / 'secret.txt')}\n\nEnd.\n").text
    assert "Secret" not in text
    assert text.startswith("Words.")


def test_raw_markup_is_left_out():
    assert read("Words.\n\n.. raw:: html\n\n   <script>x</script>\n").text == "Words."


def test_limits():
    with pytest.raises(Unreadable, match="longer than the limit"):
        module.parse(b"Words.\n\n" * 20, limit=100)


PIECES = [
    "====\n",
    "----\n",
    "Word\n",
    "* a\n",
    "1. b\n",
    "::\n\n",
    "   in\n",
    "\n",
    ".. note::\n",
    "|x|",
    "`a`_ ",
    "``",
]
PIECES += ["+---+\n", "|", ":f: v\n", "_", "*", ".. [1] n\n", "[1]_ ", ".. |x| replace:: y\n", ".. x:: y\n", "é"]


@settings(max_examples=150, deadline=None)
@given(source=st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_text_is_read_well_formed_or_refused(source):
    try:
        read(source)
    except Unreadable as error:
        assert str(error)
