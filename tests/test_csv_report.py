"""A run as a table: a line a case, and no cell that a spreadsheet would run."""

import csv
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_parts import HOSTILE, result, results

from assistant.evaluation.csv_report import COLUMNS, report_csv


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))


def test_each_case_is_a_line_with_what_became_of_it():
    asked = results()
    lines = rows(report_csv(asked))
    assert len(lines) == len(asked) and list(lines[0])[: len(COLUMNS)] == list(COLUMNS)
    near = next(line for line in lines if line["id"] == "near-2")
    assert (near["passed"], near["stage"], near["rank"], near["tags"]) == (
        "no",
        "chosen, not stated",
        "2",
        "fact|near",
    )
    assert (near["expected"], near["again"], near["correct"]) == ("“quote of near-2”", "assistant ask x", "0")
    broken = next(line for line in lines if line["id"] == "broken")
    assert (broken["status"], broken["error"], broken["ms"]) == ("error", "OSError: broken", "")
    assert lines[-1]["question"].startswith("</title>") and "\x00" not in lines[-1]["question"]
    assert HOSTILE.count("\n") == 0


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "=cmd|' /C calc'!A0", "＝1"])
def test_what_looks_like_a_formula_is_text(text: str):
    [line] = rows(report_csv([result(text, question=text, tags=(text,), set=text)]))
    for name in ("id", "question", "tags", "set"):
        assert line[name].startswith("'")


@settings(deadline=None)
@given(st.text(max_size=20), st.text(max_size=20))
def test_no_text_is_a_formula_or_another_cell(identity: str, question: str):
    [line] = rows(report_csv([result(identity, question=question)]))
    assert set(line) >= set(COLUMNS) and None not in line
    assert line["question"].lstrip()[:1] not in tuple("=+-@")
