"""Question sets as files: every value as it is written, every mistake with its line."""

import csv
import io
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import InputError
from assistant.evaluation.records import DEEPEST, MOST_BYTES, read_records

CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(
    lambda text: text.strip() and text.strip()[0] not in "[{" and "|" not in text
)
VALUE = st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=6)


def records(name: str, content: str | bytes) -> list[tuple[int, dict]]:
    path = Path(name)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return list(read_records(path))


def test_a_yaml_value_is_the_text_that_was_written():
    text = "# a comment\n- answers: [1.50, no, 2024-07-03, 0x1F]\n  none: ~\n  empty:\n\n- question: 'ja'\n"
    assert records("a.yaml", text) == [
        (2, {"answers": ["1.50", "no", "2024-07-03", "0x1F"], "none": None, "empty": None}),
        (6, {"question": "ja"}),
    ]


@given(st.lists(st.dictionaries(st.text(), VALUE, min_size=1), min_size=1, max_size=4))
def test_what_is_written_as_yaml_is_read_again(values: list[dict]):
    text = yaml.safe_dump(values)
    assert [record for _, record in records("any.yml", text)] == values


@given(st.lists(st.dictionaries(st.text(), VALUE), max_size=4))
def test_what_is_written_as_json_lines_is_read_again(values: list[dict]):
    text = "\n".join(json.dumps(value, ensure_ascii=False) for value in values)
    assert records("any.jsonl", text) == list(enumerate(values, start=1))


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=4), st.sampled_from(",;\t"))
def test_what_is_written_as_csv_is_read_again(rows: list[tuple[str, str]], delimiter: str):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([("question", "lang"), *rows])
    found = records("any.csv", file.getvalue())
    assert [record for _, record in found] == [{"question": question, "lang": lang} for question, lang in rows]
    assert [line for line, _ in found] == list(range(2, len(rows) + 2))


def test_cells_of_csv_become_lists_and_parts():
    text = (
        "\ufeffid;question;answers;numeric.value;sources.file;sources.quote;history\r\n"
        '1;"Was, wer\r\nund wo?";a | b;1,5;x.md;"q ""r""";\r\n'
        '\r\n2;Who?;"[""a|b""]";;;;"[{""role"": ""user""}]"\r\n'
    )
    assert records("a.csv", text) == [
        (
            2,
            {
                "id": "1",
                "question": "Was, wer\r\nund wo?",
                "answers": ["a", "b"],
                "numeric": {"value": "1,5"},
                "sources": [{"file": "x.md", "quote": 'q "r"'}],
            },
        ),
        (5, {"id": "2", "question": "Who?", "answers": ["a|b"], "history": [{"role": "user"}]}),
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.yaml", "- question: A\n- [", "a.yaml, line 3: not YAML: "),
        ("a.yaml", "- question: \x01\n", "a.yaml: not YAML: "),
        ("a.yaml", "question: A\n", "a.yaml: expected a list of questions"),
        ("a.yaml", "- question: A\n- just words\n", "a.yaml, line 2: expected a question with its fields"),
        ("a.yaml", "- question: A\n  question: B\n", "a.yaml, line 1: 'question' is given twice"),
        ("a.yaml", "- &a {question: A}\n- *a\n", "a.yaml, line 2: what has an anchor"),
        ("a.yaml", "[" * (DEEPEST + 1), "a.yaml, line 1: lists and mappings within each other go too deep"),
        ("a.yaml", "[" * 200_000, "go too deep"),
        ("a.jsonl", '{"question": "A"}\n\n{\n', "a.jsonl, line 3: not JSON: "),
        ("a.jsonl", '{"a": 1, "a": 2}', "a.jsonl, line 1: 'a' is given twice"),
        ("a.jsonl", "[1]", "a.jsonl, line 1: expected a question with its fields"),
        ("a.jsonl", "[" * 100_000, "a.jsonl, line 1: not JSON: "),
        ("a.csv", "question,id\nA,1\nB,2,3\n", "a.csv, line 3: 3 cells under 2 columns"),
        ("a.csv", 'question\n"A\n', "a.csv, line 2: not CSV: "),
        ("a.csv", "question,question\nA,B\n", "a.csv, line 2: 'question' is given twice"),
        ("a.csv", "question,answers\nA,[1\n", "a.csv, line 2: answers begins like JSON and is none: "),
        ("a.csv", b"question\n\xff\n", "cannot read a.csv: it is not UTF-8"),
        ("a.jsonl", b" " * (MOST_BYTES + 1), "a.jsonl is longer than 32 MB; split it"),
        ("a.txt", "", "a.txt: a question set is a file that ends in .yaml, .yml, .jsonl, .csv"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_its_place(name: str, content: str | bytes, message: str):
    with pytest.raises(InputError) as caught:
        records(name, content)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_told():
    with pytest.raises(InputError, match=r"cannot read nowhere.csv: No such file"):
        list(read_records(Path("nowhere.csv")))
