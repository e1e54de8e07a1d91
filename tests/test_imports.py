"""Importers of what other tools have; and of all of them: what they say of files of no form, and what they write."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_parts import FERRY, SQUAD, jsonl, left, made, put, refused, table

from assistant.errors import InputError
from assistant.evaluation.imports.importing import import_set, import_text, importer_of
from assistant.evaluation.imports.made import MOST_WORDS, Made, safe

FORMS = ("squad", "beir", "scifact", "clapnq", "anthropic-docs", "ragas", "promptfoo", "csv", "feedback")


def test_ragas_gives_references_and_its_contexts_as_documents():
    turns = [{"content": "Is there a ferry?", "type": "human"}, {"content": "There is.", "type": "ai"}]
    samples = (
        {"user_input": "How many wagons?", "reference": "54", "reference_contexts": [FERRY], "response": "12"},
        {"question": "When?", "ground_truth": "It leaves Alat on each Monday of the year", "contexts": ["x"]},
        {"user_input": [*turns, {"content": "When does it leave?", "type": "human"}], "reference": "Mondays"},
        {"response": "54"},
    )
    done, (one, two, three) = made("ragas", jsonl("r.jsonl", *samples), documents="docs")
    assert one.answers == ("54",) and Path("docs", one.sources[0].file).read_text() == FERRY
    assert two.answers == () and two.sources == ()
    assert three.question == "When does it leave?" and [t.content for t in three.history] == [
        t["content"] for t in turns
    ]
    assert sum(left(done).values()) == 2
    done, cases = made("ragas", put("r.json", json.dumps(samples)))
    assert len(cases) == 3 and not any(case.sources for case in cases) and sum(left(done).values()) == 3


PROMPTFOO = """
prompts: [file://prompt.txt]
defaultTest:
  assert: [{type: not-icontains, value: as an AI}]
tests:
  - description: wagons
    vars: {question: How many wagons?, context: file://ferry.md}
    assert:
      - {type: contains, value: "54"}
      - {type: contains-any, value: ["54 wagons", fifty-four wagons]}
      - {type: llm-rubric, value: is polite}
  - vars: {question: [Who is the captain?, Who steers?]}
    assert: [{type: is-refusal}]
  - vars: {question: "{{generated}}"}
  - vars: {a: one, b: two}
"""


def test_promptfoo_gives_what_its_assertions_say_without_a_judge():
    done, cases = made("promptfoo", put("promptfooconfig.yaml", PROMPTFOO))
    one, two, three = cases
    assert one.must_include == ("54",) and one.answers == ("54 wagons", "fifty-four wagons")
    assert one.must_not_include == ("as an AI",) and one.tags == ("wagons",)
    assert [two.question, three.question] == ["Who is the captain?", "Who steers?"] and not two.answerable
    assert left(done) == {
        "variables: only the question is asked": 1,
        "assertions: llm-rubric has no counterpart without a judge": 1,
        "tests: their question is made by a template or in another file": 1,
        "tests: no variable is a question; name it question": 1,
    }
    rows = table(
        ("question", "__expected1", "__expected2", "__description"),
        ("How many?", "contains: 54", "similar(0.8): fifty", "n"),
        ("Which day?", "Mondays", "", ""),
    )
    done, (one, two) = made("promptfoo", put("tests.csv", rows))
    assert one.must_include == ("54",) and one.tags == ("n",) and two.answers == ("Mondays",)
    assert left(done) == {"assertions: similar has no counterpart without a judge": 1}
    put("bad.yaml", "tests:\n  - vars: {question: Who?}\n  - just words\n")
    assert "bad.yaml, line 3" in refused("promptfoo", Path("bad.yaml"))


def test_tables_go_by_the_names_of_their_columns():
    text = "Query;Expected;Document;Quote;Who asked\nHow many?;54|fifty-four;ferry.md;54 wagons;Ann\n;x;;;\n"
    done, [case] = made("csv", put("t.csv", "\ufeff" + text))
    assert case.question == "How many?" and case.answers == ("54", "fifty-four")
    assert (case.sources[0].file, case.sources[0].quote) == ("ferry.md", "54 wagons")
    assert left(done) == {"cells: no field of a case is called 'Who asked'": 1, "rows: they have no question": 1}
    assert "t.csv, line 2: no column is a question" in refused("csv", put("t.csv", "a thing,b\n1,2\n"))


def test_feedback_becomes_what_is_to_be_answered_alike_or_otherwise():
    answer = {"status": "answered", "text": "It carries 54 wagons. [1]", "confidence": 0.9}
    cited = {**answer, "citations": [{"document": "ferry.md", "quote": "It carries 54 wagons.", "n": 1}]}
    long = " ".join(["word"] * (MOST_WORDS + 1))
    done, cases = made(
        "feedback",
        jsonl(
            "f.jsonl",
            {"question": "How many wagons?", "verdict": "down", "answer": "12"},
            {"question": "How many wagons?", "verdict": "up", "answer": cited, "at": "2026-11-24"},
            {"question": "Who steers?", "verdict": "up", "answer": {"status": "refused"}},
            {"question": "When?", "verdict": "down", "correction": "on Mondays", "reason": "wrong", "answer": cited},
            {"question": "Why?", "verdict": "down", "correction": long, "answer": cited},
            {"question": "Where?", "verdict": "down", "answer": {"status": "refused"}, "history": []},
            {"question": "Nice?", "verdict": "up", "answer": "yes"},
        ),
    )
    many, steers, when, why, where = cases
    assert many.sources[0].quote == "It carries 54 wagons." and many.tags == ("feedback", "up")
    assert not steers.answerable and when.answers == ("on Mondays",) and when.tags == ("feedback", "down", "wrong")
    assert why.skip and why.answers == (long,) and where.answerable and not where.skip
    assert set(left(done).values()) == {1} and len(left(done)) == 2
    assert "1 questions, which are skipped" in import_text(done, Path("out.jsonl"), None)
    assert "f.jsonl, line 1: verdict" in refused("feedback", jsonl("f.jsonl", {"question": "Who?", "verdict": "so"}))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1, 2]", b"\xff\xfe\x00", b'{"data": 3}', b"a,b\n1,2,3\n", b"[" * 5000]
)
def test_what_is_of_no_form_is_one_line_and_leaves_nothing(form: str, content: bytes):
    names = {
        "beir": ["corpus.jsonl", "queries.jsonl", "test.tsv"],
        "scifact": ["scifact.zip"],
        "anthropic-docs": ["anthropic_docs.json", "docs_evaluation_dataset.json"],
        "promptfoo": ["p.yaml"],
        "csv": ["t.csv"],
        "squad": ["s.json"],
    }
    files = [put(name, content) for name in names.get(form, ["f.jsonl"])]
    message = refused(form, *files)
    assert any(path.name in message for path in files) or "no question" in message


def test_files_that_are_not_there_and_forms_that_nobody_knows():
    assert "cannot read gone.json" in refused("squad", Path("gone.json"))
    with pytest.raises(InputError, match="did you mean 'squad'"):
        importer_of("sqaud", None)
    with pytest.raises(InputError, match="--split is for"):
        importer_of("squad", "test")


def test_a_set_and_documents_that_are_there_stay_as_they_are():
    path = put("s.json", json.dumps(SQUAD))
    read = importer_of("squad", None)
    put("there.jsonl", "mine")
    with pytest.raises(InputError, match="is there already"):
        import_set(read, [path], Path("there.jsonl"), Path("docs"), 10)
    put("full/mine.txt", "mine")
    with pytest.raises(InputError, match="not empty"):
        import_set(read, [path], Path("new.jsonl"), Path("full"), 10)
    with pytest.raises(InputError, match="--documents"):
        import_set(read, [path], Path("new.jsonl"), None, 10)
    assert Path("there.jsonl").read_text() == "mine" and [p.name for p in Path("full").iterdir()] == ["mine.txt"]
    assert not Path("new.jsonl").exists() and not Path("docs").exists()


def test_questions_beyond_a_limit_are_counted():
    done = import_set(importer_of("squad", None), [put("s.json", json.dumps(SQUAD))], Path("l.jsonl"), Path("d"), 1)
    assert len(done.cases) == 1 and left(done)["questions: beyond the first 1"] == 2


def test_a_question_that_cannot_be_asked_is_counted_and_told():
    done, [case] = made("csv", put("t.csv", "question\nWho?\n" + "w" * 3000 + "\n"))
    [only] = done.left_out.values()
    assert case.id == "1" and only.count == 1 and "3,000 characters" in only.first


NAMES = st.one_of(st.sampled_from(["a", "A", "a-2", "a.", "a/b", "A/B", "../a", "", "a?"]), st.text(max_size=150))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(NAMES, max_size=8), st.integers(0, 10**9))
def test_documents_of_any_names_are_all_there_and_within_the_folder(names: list[str], run: int):
    folder = Path(f"names-{run}")
    into = Made(folder)
    paths = [into.document(name, f"text {number}") for number, name in enumerate(names)]
    assert len({path.casefold() for path in paths}) == len(names) == into.documents
    for number, path in enumerate(paths):
        assert (folder / path).resolve().is_relative_to(folder.resolve())
        assert (folder / path).read_text() == f"text {number}"


@given(st.text())
def test_a_safe_name_is_a_name(name: str):
    plain = safe(name)
    assert plain and "/" not in plain and not plain.startswith((".", "-")) and len(plain.encode()) <= 200
