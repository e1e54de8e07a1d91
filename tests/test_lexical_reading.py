"""Reading an index by words alone: what is found, how sentences rank, when it is too little."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.lexical.reading import Asked, WordReader, score_sentences, shipped_word_model
from assistant.answer.reading import Reading
from assistant.ingest.split import SplitLimits, split
from assistant.ingest.walk import walk
from assistant.ingest.worker import ParserPool
from assistant.laps import Laps
from assistant.store.catalog import Catalog
from assistant.types import Document

DOCUMENTS = {
    "demiryolu.txt": "Gürcistan bölümündeki demiryolu 184 kilometre uzunluğundadır. Hat yenilendi ve ilk tren 25 "
    "Mayıs 2024 tarihinde hareket etti. Yolcular yeni istasyonu çok beğendi.",
    "vize.txt": "Çin vatandaşları için vizesiz giriş 20 Temmuz 2024 tarihinde başladı. Ziyaretçiler ülkede en çok "
    "otuz gün kalabilir. Kurallar her yıl yeniden gözden geçirilir.",
    "zheng.txt": "格鲁吉亚段铁路全长184公里。这条铁路于2024年5月25日通车。NASA没有参与这个项目。",
    "viza.txt": "Безвизовый въезд для граждан Китая начался 20 июля 2024 года. Находиться в стране можно до тридцати "
    "дней.",
    "railway.md": "# The station\n\nThe new station in Tbilisi was opened by the minister of transport in spring.\n",
}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory) -> Catalog:
    folder: Path = tmp_path_factory.mktemp("documents")
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    catalog = Catalog.create(folder.parent / "catalog.sqlite")
    with ParserPool() as pool:
        for document in pool.read(walk(folder)):
            assert isinstance(document, Document)
            catalog.add(document, split(document, lambda texts: [len(t.split()) for t in texts], SplitLimits()))
    catalog.commit()
    return catalog


@pytest.fixture
def reader(catalog: Catalog) -> WordReader:
    return WordReader(catalog, frozenset({"en"}), shipped_word_model(), candidates=10)


def read(reader: WordReader, query: str) -> Reading:
    language = reader.unread(query)
    assert language is not None
    return reader.read(query, language, Laps())


QUESTIONS = {
    "İlk tren ne zaman hareket etti?": "25 Mayıs 2024",
    "Demiryolunun uzunluğu kaç kilometredir?": "184 kilometre",
    "Ziyaretçiler kaç gün kalabilir?": "otuz gün",
    "铁路什么时候通车？": "2024年5月25日",
    "Когда начался безвизовый въезд?": "20 июля 2024",
}


@pytest.mark.parametrize(("question", "expected"), QUESTIONS.items())
def test_the_sentence_that_answers_comes_first(reader: WordReader, question: str, expected: str) -> None:
    reading = read(reader, question)
    assert expected in reading.scored[0].sentence.quote
    assert not reading.refused


@pytest.mark.parametrize(
    "question", ["Hamlet'i kim yazdı?", "Brezilya'nın başkenti neresidir?", "Кто написал роман «Война и мир»?"]
)
def test_what_no_document_speaks_of_is_refused_and_its_words_named(reader: WordReader, question: str) -> None:
    reading = read(reader, question)
    assert reading.refused and reading.missing()


def test_nothing_found_is_a_refusal_whatever_the_threshold(catalog: Catalog) -> None:
    model = replace(shipped_word_model(), threshold=0.0)
    assert read(WordReader(catalog, frozenset({"en"}), model, 10), "ทางรถไฟสร้างเมื่อไหร่").refused


def test_the_language_is_named_once(reader: WordReader) -> None:
    note = read(reader, "İlk tren ne zaman hareket etti?").note
    assert note == "the models do not read Turkish: the documents were searched by words alone"


def test_a_question_that_the_models_read_is_left_to_them(reader: WordReader) -> None:
    assert reader.unread("When did the first train leave?") is None
    assert reader.unread("NASA") is None


def test_latin_words_within_chinese_are_found(catalog: Catalog) -> None:
    [(number, _)] = catalog.match('"nasa"', 5)
    assert catalog.passage(number).document == "zheng.txt"


def test_a_removed_document_is_found_no_more(tmp_path: Path) -> None:
    catalog = Catalog.create(tmp_path / "catalog.sqlite")
    document = Document("a.txt", "0", "txt", "铁路", None, "zh", "铁路通车。", (), ())
    passages = split(document, lambda texts: [len(t) for t in texts], SplitLimits())
    catalog.add(document, passages)
    found = catalog.match('"铁 路"', 5)
    catalog.remove("a.txt")
    assert bool(found) == bool(passages) and catalog.match('"铁 路"', 5) == []


def test_a_sentence_that_holds_more_of_the_question_never_ranks_lower(reader: WordReader, catalog: Catalog) -> None:
    query = "Çin vatandaşları için vizesiz giriş ne zaman başladı?"
    asked = Asked(query, "tr", catalog)
    scored = score_sentences(asked, reader.find(query, "tr", 10))
    assert scored[0].sentence.quote.startswith("Çin vatandaşları")
    assert [s.score for s in scored] == sorted((s.score for s in scored), reverse=True)


@given(st.text(min_size=1, max_size=80), st.sampled_from(["tr", "zh", "ru", "th", "de"]))
def test_any_question_is_read(catalog: Catalog, text: str, language: str) -> None:
    reader = WordReader(catalog, frozenset({"en"}), shipped_word_model(), candidates=10)
    reading = reader.read(text, language, Laps())
    assert 0.0 <= reading.confidence <= 1.0
    assert reading.refused or reading.scored
