"""README says what the code does: its generated parts, the output of its commands, and its Python examples."""

import sys
from pathlib import Path

import pytest
from readme_parts import CONSOLE, PYTHON, README, SCHEMA, run, schema, with_outputs, with_parts, with_samples


def test_commands_and_settings_are_up_to_date():
    written = README.read_text(encoding="utf-8")
    assert with_parts(written) == written, "run: make format"


def test_the_schema_of_question_sets_is_up_to_date():
    assert SCHEMA.read_text(encoding="utf-8") == schema(), "run: make format"


@pytest.mark.models
def test_its_commands_print_what_it_shows_and_its_python_runs(tmp_path: Path):
    written = README.read_text(encoding="utf-8")
    with_samples(tmp_path)
    assert CONSOLE.findall(written)
    assert with_outputs(written, tmp_path) == written, "run: make readme"
    printed = run([sys.executable, "-c", "\n".join(PYTHON.findall(written))], tmp_path)
    assert "3 July 2024" in printed and "verified" in printed
