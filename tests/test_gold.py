"""Gold evidence in the stored text: exact spans, or the reason why there is none."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cli import main
from assistant.evaluation.check import problems
from assistant.evaluation.gold import DASHES, DOUBLE, SINGLE, Span, holds, places, relevant_passages, resolve
from assistant.evaluation.sets import Case, Source
from assistant.store.catalog import Catalog
from assistant.types import Block, Document, Page, Passage, Sentence, Skipped

TEXT = "The ferry\u00a0carries “54”\nwagons – and a dog’s  bed. The ferry sinks."
ALPHABET = "ab.\\[(*" + DASHES + DOUBLE + SINGLE + " \n\t\u00a0\u3000"


@pytest.fixture
def catalog():
    catalog = Catalog.create(Path("catalog.sqlite"))
    blocks = (Block("paragraph", 0, len(TEXT)),)
    pages = (Page(1, 0, 42), Page(2, 42, len(TEXT)))
    halves = [(0, 49), (50, len(TEXT))]
    passages = [
        Passage(s, e, (Sentence(s, e, "paragraph"),), "", None, "", f"{n} {TEXT[s:e]}")
        for n, (s, e) in enumerate(halves)
    ]
    catalog.add(Document("a/ferry.pdf", "0" * 64, "pdf", "Ferry", None, "en", TEXT, blocks, pages), passages)
    catalog.add(Document("note.txt", "1" * 64, "txt", "Note", None, "en", "A note.", (), ()), [])
    catalog.set_skipped([(Skipped("scan.pdf", "there is no text in it"), None)])
    yield catalog
    catalog.close()


def found(catalog: Catalog, **source: object) -> tuple[list[str], str | None]:
    [evidence] = resolve(Case(id="1", question="Q", sources=(Source.model_validate(source),)), catalog)
    return [catalog.slice(s.document, s.start, s.end) for s in evidence.spans], evidence.reason


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ({"quote": 'ferry carries "54" wagons - and'}, ["ferry\u00a0carries “54”\nwagons – and"]),
        ({"quote": "a dog's bed"}, ["a dog’s  bed"]),
        ({"quote": "a do\u00adg's bed"}, ["a dog’s  bed"]),  # hyphenated softly where it was copied
        ({"quote": "The ferry"}, ["The ferry", "The ferry"]),
        ({"quote": "The ferry", "page": 2}, ["The ferry"]),
        ({"page": 2}, [TEXT[42:]]),
        ({}, [TEXT]),
    ],
)
def test_a_quote_is_found_where_it_stands(catalog: Catalog, source: dict[str, object], texts: list[str]):
    assert found(catalog, file="a/ferry.pdf", **source) == (texts, None)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ({"file": "scan.pdf", "quote": "x"}, "scan.pdf is not indexed: there is no text in it"),
        ({"file": "a/fery.pdf"}, "a/fery.pdf is not in the index; did you mean 'a/ferry.pdf'?"),
        ({"file": "zzz"}, "zzz is not in the index"),
        (
            {"file": "a/ferry.pdf", "quote": "The ferry stinks"},
            "a/ferry.pdf does not have the quote “The ferry stinks”;"
            " nearest: “The ferry sinks.” (“sinks”, not “stinks”)",
        ),
        ({"file": "note.txt", "quote": "Kyzylorda xyz"}, "note.txt does not have the quote “Kyzylorda xyz”"),
        (
            {"file": "note.txt", "quote": "a note"},
            "note.txt does not have the quote “a note”; nearest: “A note.” (“A”, not “a”)",
        ),
        (
            {"file": "a/ferry.pdf", "quote": "a big dog’s bed"},
            "a/ferry.pdf does not have the quote “a big dog’s bed”; nearest: “a dog’s bed.” (it lacks “big”)",
        ),
        (
            {"file": "a/ferry.pdf", "quote": "wagons – a dog’s bed"},
            "a/ferry.pdf does not have the quote “wagons – a dog’s bed”;"
            " nearest: “wagons – and a dog’s bed.” (it also has “and”)",
        ),
        (
            {"file": "a/ferry.pdf", "quote": "whose bog is red"},
            "a/ferry.pdf does not have the quote “whose bog is red”",
        ),
        ({"file": "a/ferry.pdf", "quote": "wagons", "page": 2}, "a/ferry.pdf has the quote on page 1, not 2"),
        ({"file": "a/ferry.pdf", "page": 7}, "a/ferry.pdf has pages 1 to 2, and page 7 is asked for"),
        ({"file": "note.txt", "page": 1}, "note.txt has no pages, and page 1 is asked for"),
    ],
)
def test_what_is_not_found_has_a_reason(catalog: Catalog, source: dict[str, object], reason: str):
    assert found(catalog, **source) == ([], reason)


@given(st.text(ALPHABET, max_size=40), st.text(ALPHABET, min_size=1, max_size=20), st.text(ALPHABET, max_size=40))
def test_a_quote_of_a_text_is_found_however_its_signs_are_written(before: str, quote: str, after: str):
    def plain(text: str) -> str:
        for group in (DASHES, DOUBLE, SINGLE):
            text = re.sub(f"[{re.escape(group)}]", group[0], text)
        return " ".join(text.split())

    text = before + quote + after
    if not quote.strip():
        assert places(quote, text) == []
        return
    start = len(before) + len(quote) - len(quote.lstrip())
    end = len(before) + len(quote.rstrip())
    for written in (quote, plain(quote)):
        spans = places(written, text)
        assert all(plain(text[s:e]) == plain(quote) for s, e in spans)
        assert any(s <= start and end <= e or (s < end and start < e) for s, e in spans)  # or one that it overlaps


def test_a_passage_holds_a_span_by_half_of_the_shorter():
    span = Span("a", 100, 140)
    assert holds(span, Span("a", 0, 120)) and holds(span, Span("a", 110, 120)) and holds(span, Span("a", 0, 900))
    assert not holds(span, Span("a", 0, 119)) and not holds(span, Span("a", 140, 150))
    assert not holds(span, Span("b", 100, 140))


def test_a_quote_of_a_copy_is_one_of_the_document(catalog: Catalog):
    catalog.connection.execute("INSERT INTO also SELECT 'copy.pdf', id FROM documents WHERE path = 'a/ferry.pdf'")
    [copy] = resolve(Case(id="1", question="Q", sources=(Source(file="copy.pdf", quote="a dog's bed"),)), catalog)
    assert {span.document for span in copy.spans} == {"a/ferry.pdf"}
    assert relevant_passages([copy], catalog) == {1}


def test_the_passages_with_evidence_are_those_that_hold_it(catalog: Catalog):
    [dog] = resolve(Case(id="1", question="Q", sources=(Source(file="a/ferry.pdf", quote="a dog's bed"),)), catalog)
    [both] = resolve(Case(id="1", question="Q", sources=(Source(file="a/ferry.pdf", quote="The ferry"),)), catalog)
    assert relevant_passages([dog], catalog) == {1}
    assert relevant_passages([dog, both], catalog) == {1, 2}
    assert relevant_passages([], catalog) == set()


def test_everything_that_is_wrong_with_sets_is_told(catalog: Catalog):
    Path("a.yaml").write_text(
        "- {id: one, question: How many wagons?, sources: [{file: a/ferry.pdf, quote: 54 wagons}]}\n"
        "- {id: two, question: Where?, anwsers: [x]}\n"
        "- {id: two, question: Where?, sorces: []}\n"
        "- {id: three, question: 'HOW  many wagons?', sources: [{file: zzz}, {file: note.txt, quote: A note}]}\n"
        "- {id: four, question: How many wagons?, history: [{role: user, content: Hm}]}\n"
    )
    Path("b.jsonl").write_text('{"id": "one", "question": "Where?"}\n{"id": "one", "question": "Who?"}\n')
    Path("c.yaml").write_text("- [")
    sets = [Path("a.yaml"), Path("b.jsonl"), Path("c.yaml"), Path("none.csv")]
    told = list(problems(sets, catalog))
    assert told[:8] == [
        "a.yaml, line 1, case 'one': a/ferry.pdf does not have the quote “54 wagons”;"
        " nearest: ““54” wagons” (““54””, not “54”)",
        "a.yaml, line 2, case 'two': unknown field 'anwsers'; did you mean 'answers'?",
        "a.yaml, line 3, case 'two': unknown field 'sorces'; did you mean 'sources'?",
        "a.yaml, line 3: id 'two' is that of line 2, too",
        "a.yaml, line 3: asks the same as a.yaml, line 2",
        "a.yaml, line 4, case 'three': asks the same as a.yaml, line 1",
        "a.yaml, line 4, case 'three', source 1: zzz is not in the index",
        "b.jsonl, line 1, case 'one': asks the same as a.yaml, line 2",
    ]
    assert told[8] == "b.jsonl, line 2: id 'one' is that of line 1, too"
    assert (
        told[9].startswith("c.yaml, line ") and "not YAML" in told[9] and told[10].startswith("cannot read none.csv")
    )
    assert len(told) == 11


@pytest.mark.models
def test_the_command_says_what_is_wrong_and_exits_1(workshop, monkeypatch, capsys):
    workshop.build(rebuild=False, progress=lambda stage, done, total: None)
    index = str(workshop.settings.index)

    def run(*arguments: str) -> tuple[object, str]:
        monkeypatch.setattr("sys.argv", ["assistant", "eval", "check", *arguments])
        try:
            main()
            code: object = 0
        except SystemExit as exit:
            code = exit.code
        return code, "".join(capsys.readouterr())

    Path("good.yaml").write_text("- {question: Q, sources: [{file: ports.txt, quote: south of Baku}]}\n")
    Path("bad.yaml").write_text("- {question: Q, sources: [{file: ports.txt, quote: north of Paris}]}\n")
    assert run("good.yaml", "--index", index) == (0, "nothing is wrong with good.yaml\n")
    code, out = run("good.yaml", "bad.yaml", "--index", index)
    assert code == 1 and out.count("\n") == 2  # the same question twice, and a quote
    assert run("good.yaml", "--index", "nowhere")[0] == 2
