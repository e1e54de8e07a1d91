"""Question sets: their form, and what is told of one that has another."""

import json
from pathlib import Path

import pytest
from readme_parts import ROOT
from test_dossier import DOCS, readable

from assistant.errors import InputError
from assistant.evaluation.sets import Case, json_schema, read_set
from assistant.types import Question, Turn

SHIPPED = sorted((ROOT / "eval" / "dossier").glob("*.yaml")) + [ROOT / "eval" / "dossier" / "questions.jsonl"]
FULL = {
    "id": "visa-1",
    "question": "And how long?",
    "history": [{"role": "user", "content": "May I come?"}, {"role": "assistant", "content": "You may. [1]"}],
    "answers": ["30 days", "a month"],
    "must_include": ["30"],
    "must_not_include": ["90"],
    "numeric": {"value": 30.0, "unit": "days", "rel_tol": 0.1},
    "sources": [{"file": "visas/terms.md", "page": 2, "quote": "up to 30 days"}],
    "answerable": True,
    "tags": ["follow-up"],
    "lang": "en",
    "cluster": "visas",
    "skip": True,
}


def write(name: str, content: str) -> Path:
    path = Path(name)
    path.write_text(content)
    return path


def told(name: str, content: str) -> str:
    with pytest.raises(InputError) as caught:
        read_set(write(name, content))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_every_field_is_read_from_every_form():
    expected = Case.model_validate(FULL)
    assert expected.model_dump(mode="json") == FULL
    assert read_set(write("set.jsonl", json.dumps(FULL))) == [expected]
    assert read_set(write("set.yaml", json.dumps([FULL]))) == [expected]  # JSON is YAML
    cells = {
        "id": "visa-1",
        "question": "And how long?",
        "history": json.dumps(FULL["history"]),
        "answers": "30 days|a month",
        "must_include": "30",
        "must_not_include": "90",
        "numeric.value": "30",
        "numeric.unit": "days",
        "numeric.rel_tol": "0.1",
        "sources.file": "visas/terms.md",
        "sources.page": "2",
        "sources.quote": "up to 30 days",
        "answerable": "TRUE",
        "tags": "follow-up",
        "lang": "en",
        "cluster": "visas",
        "skip": "yes",
    }
    quoted = ['"' + text.replace('"', '""') + '"' for text in cells.values()]
    assert read_set(write("set.csv", f"{','.join(cells)}\n{','.join(quoted)}\n")) == [expected]


def test_a_question_alone_is_a_case_and_its_number_the_id():
    cases = read_set(
        write("set.yaml", "- question: Where?\n- {question: Who?, answerable: no}\n- {id: , question: Ah?}")
    )
    assert [case.id for case in cases] == ["1", "2", "3"]
    assert [case.answerable for case in cases] == [True, False, True]


def test_a_case_is_asked_with_its_turns():
    turns = (Turn("user", "May I come?"), Turn("assistant", "You may. [1]"))
    assert Case.model_validate(FULL).asked() == Question("And how long?", turns)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ("{id: a, question: A, anwsers: [x]}", "case 'a': unknown field 'anwsers'; did you mean 'answers'?"),
        ("{id: a, question: A, zzz: 1}", "case 'a': unknown field 'zzz'"),
        (
            "{id: a, question: A, sources: [{file: a}, {file: a, qoute: b}]}",
            "case 'a': unknown field 'sources.2.qoute'; did you mean 'quote'?",
        ),
        ("{id: a, question: A, numeric: {value: 1, tol: 1}}", "case 'a': unknown field 'numeric.tol'"),
        ("{id: a, answers: [x]}", "case 'a': 'question' is missing"),
        ("{id: a, question: A, sources: [{quote: x}]}", "case 'a': 'sources.1.file' is missing"),
        ("{id: a, question: A, answers: x}", "case 'a': answers: it has to be a list"),
        ("{id: a, question: A, answerable: perhaps}", "case 'a': answerable: input should be a valid boolean"),
        ("{id: a, question: A, skip: flaky}", "case 'a': skip: input should be a valid boolean"),
        ("{id: a, question: A, numeric: {value: .nan}}", "case 'a': numeric.value: "),
        ("{id: a, question: A, sources: [{file: a, page: 0}]}", "case 'a': sources.1.page: "),
        ("{id: a, question: A, lang: English}", "case 'a': lang: "),
        ("{id: a, question: A, answerable: no, answers: [x]}", "case 'a': answerable is false, but answers is given"),
        ("{id: a, question: A, history: [{role: system, content: x}]}", "case 'a': history.1.role: "),
        ("{id: a, question: '?!'}", "case 'a': the question is empty"),
        ("{id: [a], question: A}", "id: input should be a valid string"),
    ],
)
def test_a_mistake_is_told_with_line_and_case(record: str, message: str):
    assert told("set.yaml", f"- question: Before?\n- {record}\n").startswith("set.yaml, line 2")
    assert message in told("set.yaml", f"- question: Before?\n- {record}\n")


def test_a_number_is_no_text_in_json_but_an_id():
    assert "answers.1: input should be a valid string" in told("a.jsonl", '{"question": "A", "answers": [1.50]}')
    assert read_set(write("a.jsonl", '{"question": "A", "id": 7}'))[0].id == "7"


def test_an_id_names_one_case():
    lines = '{"question": "A", "id": "x"}\n\n{"question": "B", "id": "x"}\n'
    assert told("a.jsonl", lines) == "a.jsonl, line 3: id 'x' is that of line 1, too"


@pytest.mark.parametrize("name", ["a.yaml", "a.jsonl", "a.csv"])
def test_an_empty_set_is_told(name: str):
    assert told(name, "") == f"{name}: there is no question in it"


def test_the_schema_has_what_the_model_has():
    schema = json_schema()
    case = schema["$defs"]["Case"]
    assert set(case["properties"]) == set(FULL) == set(Case.model_fields)
    assert case["required"] == ["question"] and case["additionalProperties"] is False
    assert all(part["additionalProperties"] is False for part in schema["$defs"].values())


@pytest.mark.parametrize("path", SHIPPED, ids=[path.name for path in SHIPPED])
def test_the_sets_that_ship_are_valid_and_quote_what_is_there(path: Path):
    cases = read_set(path)
    texts = {file.name: readable(file) for file in DOCS.iterdir()}
    missing = [(case.id, s.quote) for case in cases for s in case.sources if s.quote and s.quote not in texts[s.file]]
    assert missing == []
    assert [case.id for case in cases if case.answerable and not case.sources] == []
