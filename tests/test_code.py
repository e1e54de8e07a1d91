"""Source code."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wellformed import assert_wellformed, shown

from assistant.ingest.child import document_of
from assistant.ingest.formats import code as module
from assistant.ingest.formats.common import Unreadable
from assistant.ingest.parse import CODE, TEXT_LIMIT, kind_of

SOURCE = '''"""What it is."""

import os


# The fee is 5 percent.
def fee(amount):
    x = amount

    return x * 0.05


class A:
    """A."""

    def one(self):
        pass
'''


def test_the_text_is_the_files_in_parts_that_belong_together():
    parsed = module.parse(SOURCE.encode())
    assert_wellformed(parsed)
    assert parsed.text == SOURCE
    assert [text.split("\n")[0] for _, text in shown(parsed)] == [
        '"""What it is."""',
        "import os",
        "# The fee is 5 percent.",
        "class A:",
        "def one(self):",
    ]
    assert shown(parsed)[2][1].endswith("return x * 0.05")
    assert {kind for kind, _ in shown(parsed)} == {"code"}


def test_a_long_run_of_lines_is_parted():
    parsed = module.parse(b"x = 1\n" * 200)
    assert [text.count("\n") + 1 for _, text in shown(parsed)] == [80, 80, 40]


def test_settings_are_parted_by_their_sections():
    parsed = module.parse(b"[one]\na = 1\n\n[two]\nb = 2\n")
    assert [text for _, text in shown(parsed)] == ["[one]\na = 1", "[two]\nb = 2"]


def test_code_is_in_no_human_language_and_named_by_its_file():
    document = document_of("src/fee_table.py", SOURCE.encode(), TEXT_LIMIT)
    assert (document.language, document.kind, document.title) == (None, "code", "Fee table")
    assert all(kind_of(f"a{ending}") == "code" for ending in CODE)


def test_what_is_no_code_is_refused():
    with pytest.raises(Unreadable, match="binary data"):
        module.parse(bytes(range(256)))
    with pytest.raises(Unreadable, match="longer than the limit"):
        module.parse(b"x = 1\n" * 20, limit=100)


@settings(max_examples=100, deadline=None)
@given(
    lines=st.lists(st.sampled_from(["", "  ", "def f():", "    x", "\ty", "@a", "# Words.", "}", "[s]"]), max_size=99)
)
def test_no_line_is_lost(lines):
    text = "\n".join(lines)
    parsed = module.parse(text.encode())
    assert_wellformed(parsed)
    kept = [line.strip() for _, part in shown(parsed) for line in part.split("\n") if line.strip()]
    assert kept == [line.strip() for line in lines if line.strip()]
