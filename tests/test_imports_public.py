"""Importers of public sets: what they make of files as published, and what they leave out."""

import io
import json
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_parts import FERRY, SQUAD, jsonl, left, made, put, refused, table

from assistant.evaluation.gold import places
from assistant.evaluation.imports.importing import import_text, importer_of
from assistant.evaluation.imports.made import Made


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
