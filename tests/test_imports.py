"""Importers: what they make of files of other forms, what they leave out, and what they say of files of no form."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import InputError
from assistant.evaluation.gold import places
from assistant.evaluation.imports.importing import import_set, import_text, importer_of
from assistant.evaluation.imports.made import MOST_WORDS, Made, safe
from assistant.evaluation.sets import Case, read_set

FORMS = ("squad", "beir", "scifact", "clapnq", "anthropic-docs", "ragas", "promptfoo", "csv", "feedback")
FERRY = "The ferry to Aktau leaves on Mondays. It carries 54 wagons. A wagon costs 54 dollars."
SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "The ferry: Alat/Aktau",
            "paragraphs": [
                {
                    "context": FERRY,
                    "qas": [
                        {
                            "id": "w",
                            "question": "How many wagons?",
                            "answers": [
                                {"text": "54 wagons", "answer_start": 49},
                                {"text": "54", "answer_start": 49},
                            ],
                        },
                        {"id": "c", "question": "What price?", "answers": [{"text": "54", "answer_start": 74}]},
                        {"id": "n", "question": "Who is the captain?", "answers": [], "is_impossible": True},
                        {"id": "x", "question": "Which port?", "answers": [{"text": "Baku", "answer_start": 3}]},
                    ],
                }
            ],
        }
    ],
}


def put(name: str, content: str | bytes) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def jsonl(name: str, *records: Any) -> Path:
    return put(name, "".join(json.dumps(record) + "\n" for record in records))


def made(form: str, *files: Path, documents: str | None = None, split: str | None = None) -> tuple[Made, list[Case]]:
    """What an importer made, and the set as it is read again."""
    target = Path("out.jsonl")
    target.unlink(missing_ok=True)
    done = import_set(importer_of(form, split), files, target, Path(documents) if documents else None, 1000)
    assert read_set(target) == done.cases
    return done, done.cases


def left(done: Made) -> dict[str, int]:
    return {f"{each.what}: {each.why}": each.count for each in done.left_out.values()}


def refused(form: str, *files: Path, split: str | None = None) -> str:
    with pytest.raises(InputError) as caught:
        import_set(importer_of(form, split), files, Path("no.jsonl"), Path("no-documents"), 1000)
    assert "\n" not in str(caught.value)
    assert not Path("no.jsonl").exists() and not Path("no-documents").exists()
    assert not [path for path in Path().iterdir() if path.name.endswith(".new")]
    return str(caught.value)


def test_squad_becomes_paragraphs_and_the_sentences_that_answer():
    done, cases = made("squad", put("s.json", json.dumps(SQUAD)), documents="docs")
    [document] = Path("docs").rglob("*.txt")
    assert document.read_text() == FERRY
    file = document.relative_to("docs").as_posix()
    wagons, cost, captain = cases
    assert wagons.answers == ("54 wagons", "54") and wagons.sources[0].file == file
    assert wagons.sources[0].quote == "It carries 54 wagons."
    assert cost.sources[0].quote == "A wagon costs 54 dollars."  # of two places of 54, the one that is meant
    assert not captain.answerable and captain.cluster == "The ferry: Alat/Aktau" and not captain.sources
    assert left(done) == {
        "answers: they stand nowhere in their paragraph, or have no letter and no figure": 1,
        "questions: they have no answer, and are not marked as impossible": 1,
    }
    assert "question 'x'" in import_text(done, Path("out.jsonl"), Path("docs"))


WORDS = st.lists(st.sampled_from(["alpha", "54", "Beta.", "é", "— ", "\n\n", "Dr.", "(x)", "\ufeff"]), min_size=1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(WORDS.map(" ".join), st.data())
def test_every_answer_of_squad_is_found_again_in_its_document(context: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(context) - 1))
    text = context[start : data.draw(st.integers(start + 1, len(context)))]
    asked = {"id": "1", "question": "Which?", "answers": [{"text": text, "answer_start": start}]}
    file = {"data": [{"title": "t", "paragraphs": [{"context": context, "qas": [asked]}]}]}
    into = Made(Path("property"))
    importer_of("squad", None)([put("p.json", json.dumps(file))], into)
    if not into.cases:
        assert left(into)  # nothing is skipped silently
        return
    [source] = into.cases[0].sources
    stored = Path("property", source.file).read_bytes().decode()
    assert source.quote is not None and places(source.quote, stored)
    assert " ".join(text.split()) in " ".join(source.quote.split()) or "\ufeff" in text


def test_beir_becomes_documents_and_those_judged_relevant():
    jsonl("b/corpus.jsonl", {"_id": "d/1", "title": "Ferry", "text": FERRY}, {"_id": "d/2", "text": "A port."})
    jsonl("b/queries.jsonl", {"_id": "q1", "text": "which ferry"}, {"_id": "q2", "text": "which train"})
    put("b/qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td/1\t2\nq1\td/2\t0\nq1\tgone\t1\nq3\td/2\t1\n")
    put("b/qrels/dev.tsv", "q2\td/2\t1\n")
    done, [case] = made("beir", Path("b"), documents="docs", split="test")
    assert Path("docs", case.sources[0].file).read_text() == f"Ferry\n\n{FERRY}\n"
    assert case.question == "which ferry" and len(case.sources) == 1 and done.documents == 2
    assert left(done) == {
        "judgments: not relevant": 1,
        "questions: no document is judged relevant": 1,
        "judgments: their document is not in the corpus": 1,
        "judgments: their query is not there": 1,
    }
    assert "--split" in refused("beir", Path("b"))  # which of two judgments?
    put("b/qrels/bad.tsv", "q1\td/1\tmuch\n")
    assert "bad.tsv, line 1" in refused("beir", Path("b"), split="bad")


def test_clapnq_becomes_passages_and_the_sentences_that_were_selected():
    passage = {"title": "Ferry", "text": FERRY}
    answered = {"answer": "Mondays, and so on", "selected_sentences": ["It carries 54 wagons.", "It sank."]}
    none = {"answer": "", "selected_sentences": []}
    done, (yes, no) = made(
        "clapnq",
        jsonl("a.jsonl", {"id": "1", "input": "when", "passages": [passage], "output": [answered]}),
        jsonl("u.jsonl", {"id": "1", "input": "who", "passages": [passage], "output": [none]}),
        documents="docs",
    )
    assert done.documents == 1 and [s.quote for s in yes.sources] == ["It carries 54 wagons."]
    assert (yes.id, no.id, yes.answerable, no.answerable) == ("1", "1-2", True, False)
    assert left(done)["sources: no passage has the sentence"] == 1


def table(*rows: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def test_scifact_becomes_abstracts_and_sentences_of_evidence():
    numpy_list = "['It\\'s a\\nferry.'\n \"It carries 'wagons'.\" 'It \\\\ sank.']"
    corpus = table(("doc_id", "title", "abstract", "structured"), ("7", "Ferries", numpy_list, "False"))
    head = ("id", "claim", "evidence_doc_id", "evidence_label", "evidence_sentences", "cited_doc_ids")
    rows = (
        ("1", "Ferries carry.", "7", "SUPPORT", "[1]", "[7]"),
        ("1", "Ferries carry.", "7", "SUPPORT", "[2]", "[7]"),
    )
    claims = table(head, *rows, ("2", "Ferries fly.", "", "", "[]", "[7]"))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in (("corpus_train.csv", corpus), ("claims_dev.csv", claims), ("claims_test.csv", claims)):
            archive.writestr(name, text)
    path = put("s.zip", data.getvalue())
    _, (one, two) = made("scifact", path, documents="docs", split="dev")
    assert [source.quote for source in one.sources] == ["It carries 'wagons'.", "It \\ sank."]
    assert Path("docs/7.txt").read_text() == "Ferries\n\nIt's a ferry. It carries 'wagons'. It \\ sank.\n"
    assert one.tags == ("support",) and not two.answerable and two.sources[0].quote is None
    assert "--split" in refused("scifact", path)
    put("corpus.csv", corpus)
    bad = put("claims.csv", table(head, ("1", "Ferries carry.", "7", "SUPPORT", "[3]", "[7]")))
    assert "claims.csv, line 2: abstract 7 has no sentence 3" in refused("scifact", Path("corpus.csv"), bad)


def test_a_documentation_becomes_its_sections():
    link = "https://docs.example.com/en/docs/ferry#wagons"
    chunks = put("anthropic_docs.json", json.dumps([{"chunk_link": link, "chunk_heading": "Wagons", "text": FERRY}]))
    asked = {"id": "a", "question": "How many?", "correct_chunks": [link], "correct_answer": "Fifty-four"}
    questions = put("docs_evaluation_dataset.json", json.dumps([asked]))
    _, [case] = made("anthropic-docs", chunks, questions, documents="docs")
    assert case.sources[0].file == "ferry/wagons.txt" and Path("docs/ferry/wagons.txt").read_text() == FERRY
    asked["correct_chunks"] = ["https://docs.example.com/gone"]
    put("docs_evaluation_dataset.json", json.dumps([asked]))
    assert "item 1: there is no section" in refused("anthropic-docs", chunks, questions)


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
    assert many.sources[0].quote == "It carries 54 wagons." and many.tags == ("thumb up",)
    assert not steers.answerable and when.answers == ("on Mondays",) and when.tags == ("thumb down", "wrong")
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
