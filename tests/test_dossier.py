"""The sample dossier: its binary files are what `build.py` writes, and its questions quote what is there."""

import csv
import html
import json
import re
import subprocess
import sys
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
BUILD = ROOT / "eval" / "dossier" / "build.py"
BUILT = ("beijing-visit-2025.docx", "energy-review.pdf", "middle-corridor-2024.pdf", "part-year-figures.xlsx")
QUESTIONS = [
    json.loads(line)
    for line in (ROOT / "eval" / "dossier" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]
KINDS = {
    "fact",
    "list",
    "table",
    "comparison",
    "date",
    "multi-document",
    "disagreement",
    "follow-up",
    "hostile",
    "unanswerable-near",
    "unanswerable-far",
}


def readable(path: Path) -> str:
    """What a reader sees in a file, the cells of a row joined by " | ", white space as single spaces."""
    match path.suffix:
        case ".md" | ".txt":
            text = path.read_text(encoding="utf-8")
        case ".html":
            body = path.read_text(encoding="utf-8").split("<body>")[1]
            text = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</t[dh]>\s*<t[dh]>", " | ", body)))
        case ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                text = "\n".join(" | ".join(row) for row in csv.reader(file))
        case ".pdf":
            with pypdfium2.PdfDocument(path) as pdf:
                text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
        case ".docx":
            document = docx.Document(str(path))
            rows = [" | ".join(c.text for c in row.cells) for table in document.tables for row in table.rows]
            text = "\n".join([p.text for p in document.paragraphs] + rows)
        case ".xlsx":
            sheets = openpyxl.load_workbook(path, read_only=True).worksheets
            rows = [row for sheet in sheets for row in sheet.iter_rows(values_only=True)]
            text = "\n".join(" | ".join("" if v is None else str(v) for v in row) for row in rows)
        case suffix:
            raise ValueError(f"no reader for {suffix}")
    return " ".join(text.split())


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {path.name: readable(path) for path in DOCS.iterdir()}


def test_build_is_reproducible_and_matches_the_committed_files(tmp_path):
    for run in ("first", "second"):
        subprocess.run([sys.executable, str(BUILD), str(tmp_path / run)], check=True, capture_output=True)
    for name in BUILT:
        first = (tmp_path / "first" / name).read_bytes()
        assert first == (tmp_path / "second" / name).read_bytes(), name
        assert first == (DOCS / name).read_bytes(), f"{name}: run eval/dossier/build.py"
    assert sorted(path.name for path in (tmp_path / "first").iterdir()) == list(BUILT)


def test_built_files_carry_title_and_date():
    for name in ("energy-review.pdf", "middle-corridor-2024.pdf"):
        with pypdfium2.PdfDocument(DOCS / name) as pdf:
            assert len(pdf) >= 3
            assert pdf.get_metadata_value("Title")
            assert re.match(r"D:202[46]\d{4}", pdf.get_metadata_value("CreationDate"))
    properties = docx.Document(str(DOCS / "beijing-visit-2025.docx")).core_properties
    assert properties.title and f"{properties.created:%Y-%m-%d}" == "2025-04-28"
    book = openpyxl.load_workbook(DOCS / "part-year-figures.xlsx")
    assert book.properties.title and f"{book.properties.created:%Y-%m-%d}" == "2025-12-30"


def test_at_least_120_questions_with_unique_ids_in_all_kinds():
    ids = [question["id"] for question in QUESTIONS]
    assert len(ids) >= 120
    assert len(set(ids)) == len(ids)
    assert len({question["question"] for question in QUESTIONS}) == len(ids)
    assert all(sum(kind in question["tags"] for question in QUESTIONS) >= 10 for kind in KINDS)
    assert {question["tags"][0] for question in QUESTIONS} == KINDS
    # A document may itself say that it does not hold the answer; such questions carry a second tag.
    assert {tag for question in QUESTIONS for tag in question["tags"][1:]} == {"absence-stated"}


@pytest.mark.parametrize("question", QUESTIONS, ids=[question["id"] for question in QUESTIONS])
def test_question_has_its_fields_and_its_evidence(question, texts):
    expected = set(question.get("answers", [])) | set(question.get("must_include", []))
    assert question["question"].strip() == question["question"] != ""
    expectations = {"answers", "must_include", "must_not_include"}
    assert set(question) <= {"id", "question", "history", "sources", "answerable", "tags", *expectations}
    assert question["answerable"] is bool(expected) is bool(question["sources"])
    if question["tags"][0] not in ("follow-up", "hostile"):
        assert question["answerable"] is not question["tags"][0].startswith("unanswerable")
    assert ("history" in question) is (question["tags"][0] == "follow-up")
    for source in question["sources"]:
        assert source["quote"] in texts[source["file"]]
    evidence = " ".join(source["quote"] for source in question["sources"])
    cited = " ".join(texts[source["file"]] for source in question["sources"])
    assert all(text in cited for text in question.get("answers", []))
    assert all(text in evidence for text in question.get("must_include", []))
    assert not question.get("answers") or any(text in evidence for text in question["answers"])
    if question["tags"][0] in ("multi-document", "disagreement"):
        assert len({source["file"] for source in question["sources"]}) >= 2
