"""Jupyter notebooks."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wellformed import assert_wellformed, rows_under, shown

from assistant.ingest.formats import ipynb as module
from assistant.ingest.formats.common import Unreadable
from assistant.ingest.parse import parse_bytes
from assistant.types import Parsed


def read(*cells: dict, **book) -> Parsed:
    parsed = parse_bytes(json.dumps({"cells": cells, "nbformat": 4, "metadata": {}} | book).encode(), "ipynb")
    assert_wellformed(parsed)
    return parsed


def test_cells_in_their_order():
    parsed = read(
        {"cell_type": "markdown", "source": ["# Title\n", "\n", "Some *marked* words.\n"]},
        {
            "cell_type": "code",
            "source": "x = 1\nx",
            "outputs": [{"output_type": "stream", "text": ["one\n", "two\n"]}],
        },
        {"cell_type": "raw", "source": "Raw words."},
        metadata={"title": "The book"},
    )
    assert shown(parsed) == [
        ("heading 1", "Title"),
        ("paragraph", "Some marked words."),
        ("code", "x = 1\nx"),
        ("code", "one\ntwo"),
        ("paragraph", "Raw words."),
    ]
    assert parsed.title == "The book"


def test_results():
    table = "<table><tr><th>a<th>b<tr><td>1<td>2</table>"
    outputs = [
        {"output_type": "execute_result", "data": {"text/html": [table], "text/plain": "a b"}},
        {"output_type": "display_data", "data": {"text/markdown": "**Bold** words."}},
        {"output_type": "display_data", "data": {"text/plain": ["[1, ", "2]"], "image/png": "iVBOR"}},
        {"output_type": "error", "traceback": ["Traceback"]},
        "nonsense",
    ]
    parsed = read({"cell_type": "code", "source": "", "outputs": outputs})
    assert shown(parsed)[2:] == [("paragraph", "Bold words."), ("code", "[1, 2]")]
    assert rows_under(parsed)[1] == ("a | b", "1 | 2")


def test_notebooks_of_format_3():
    cells = [{"cell_type": "heading", "level": 2, "source": "Head"}, {"cell_type": "code", "input": "x"}]
    book = json.dumps({"worksheets": [{"cells": cells}]}).encode()
    assert shown(module.parse(book)) == [("heading 2", "Head"), ("code", "x")]


def test_what_is_no_notebook_is_refused():
    for data, reason in ((b"[]", "it is no notebook"), (b"{", "it is damaged, or no notebook")):
        with pytest.raises(Unreadable, match=reason):
            module.parse(data)
    with pytest.raises(Unreadable, match="longer than the limit"):
        module.parse(json.dumps({"cells": [{"cell_type": "markdown", "source": "x " * 99}]}).encode(), limit=100)


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.tuples(st.sampled_from(["markdown", "code", "raw"]), st.text(max_size=20)), max_size=5))
def test_any_notebook_is_well_formed(cells):
    try:
        read(*({"cell_type": kind, "source": text} for kind, text in cells))
    except Unreadable as error:
        assert str(error) in ("there is no text in it", "it holds binary data, not text")
