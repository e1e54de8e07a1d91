"""JSON and JSON Lines."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wellformed import assert_wellformed, rows_under, shown

from assistant.ingest.formats import json as module
from assistant.ingest.formats.common import Unreadable
from assistant.ingest.parse import parse_bytes
from assistant.types import Parsed


def read(source: str) -> Parsed:
    parsed = parse_bytes(source.encode(), "json")
    assert_wellformed(parsed)
    return parsed


def test_keys_head_what_is_below_them():
    parsed = read(
        """{"name": "Kai", "size": 1.50, "on": true, "none": null, "tags": ["a", "b|c"],
        "about": {"text": "First line.\\n\\nSecond line.", "more": {"deep": 1e400}}, "year": 2024}"""
    )
    assert shown(parsed) == [
        ("row", "name: Kai"),
        ("row", "size: 1.50"),
        ("row", "on: true"),
        ("row", "tags: a, b/c"),
        ("row", "year: 2024"),
        ("heading 1", "about"),
        ("heading 2", "text"),
        ("paragraph", "First line."),
        ("paragraph", "Second line."),
        ("heading 2", "more"),
        ("row", "deep: 1e400"),
    ]


def test_lists_of_like_objects_are_tables():
    parsed = read('{"cities": [{"name": "Baku", "people": 2300000}, {"name": "Ganja", "area": 110.5}]}')
    head = "name | people | area"
    assert shown(parsed)[0] == ("heading 1", "cities")
    assert rows_under(parsed) == [(head, head), (head, "Baku | 2300000 |"), (head, "Ganja |  | 110.5")]
    parsed = read('[["Year", "Sum"], [2023, 5], [2024, 6]]')
    assert rows_under(parsed)[1:] == [("Year | Sum", "2023 | 5"), ("Year | Sum", "2024 | 6")]


def test_lists_of_other_things():
    long = "A sentence. " * 30
    parsed = read(
        json.dumps(
            {
                "notes": ["one", "two\nlines"],
                "long": ["A sentence of more than forty characters."],
                "posts": [{"title": "First", "text": long}, {"x": {}}],
            }
        )
    )
    assert shown(parsed)[:7] == [
        ("heading 1", "notes"),
        ("item", "one"),
        ("item", "two\nlines"),
        ("heading 1", "long"),
        ("item", "A sentence of more than forty characters."),
        ("heading 1", "posts"),
        ("heading 2", "First"),
    ]


def test_lines_of_values_are_rows():
    parsed = read('{"id": "q1", "ok": true}\n\n{"id": "q2", "ok": false}\n')
    assert rows_under(parsed)[1:] == [("id | ok", "q1 | true"), ("id | ok", "q2 | false")]


def test_properties():
    parsed = read('{"title": "The report", "date": "2024-07-03", "x": 1}')
    assert (parsed.title, parsed.date) == ("The report", "2024-07-03")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('{"a": }', r"no JSON \(expecting value, line 1\)"),
        ('{"a": 1}\n{"b" 2}', r"no JSON \(expecting ':' delimiter"),
        ('{"a": 1} trailing', r"no JSON \(extra data"),
        ("[" * 100_000, "nested too deeply"),
        ("{}", "there is no text in it"),
    ],
)
def test_what_cannot_be_read_has_a_reason(source, reason):
    with pytest.raises(Unreadable, match=reason):
        read(source)


def test_limits():
    with pytest.raises(Unreadable, match="longer than the limit"):
        module.parse(b'{"a": "' + b"x " * 200 + b'"}', limit=100)
    with pytest.raises(Unreadable, match="200,000"):
        module.parse(b"[" + b'{"a":1,"b":2},' * 200_000 + b'{"a":1}]')


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=25,
)


@settings(max_examples=200, deadline=None)
@given(value=VALUES)
def test_any_json_is_well_formed_and_loses_no_word(value):
    try:
        parsed = read(json.dumps(value))
    except Unreadable as error:
        assert str(error) in ("there is no text in it", "it holds binary data, not text")
        return
    for text in strings(value):
        kept = text.replace("|", "/").replace("\0", "").split()
        assert all(word in parsed.text.replace("|", "/") for word in kept), (text, parsed.text)


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value if isinstance(value, list) else value.values():
            yield from strings(each)
