"""The words that carry a question's meaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.terms import Term, content_terms, counted_stems, stem, stems
from assistant.ingest.language import NAMES


def words(question: str) -> list[str]:
    return [term.word for term in content_terms(question)]


def test_function_words_are_left_out() -> None:
    assert words("What did the Panthers defense give up?") == ["Panthers", "defense"]


def test_names_and_figures_are_told_from_words() -> None:
    named = {term.word: term.name for term in content_terms("Azerbaijan's trade with Japan in 2,024 by the WTO")}
    assert named == {"Azerbaijan's": False, "trade": False, "Japan": True, "2,024": True, "WTO": True}


@pytest.mark.parametrize(
    ("a", "b"), [("trades", "trade"), ("running", "runs"), ("Baku’s", "Baku"), ("2,000", "2000"), ("TRADE", "trade")]
)
def test_forms_of_a_word_have_one_stem(a: str, b: str) -> None:
    assert stem(a) == stem(b)


def test_compounds_are_found_whole_and_in_parts() -> None:
    assert {"visa-fre", "visa", "free"} <= stems("the visa-free regime") | {stem("visa-free")}


@given(st.text())
def test_every_term_of_a_question_is_among_its_stems(text: str) -> None:
    assert {term.stem for term in content_terms(text)} <= stems(text)


@pytest.mark.parametrize(
    ("language", "a", "b"),
    [
        ("tr", "oyunlarını", "oyunlar"),
        ("tr", "kitabı", "kitap"),
        ("ru", "защиту", "защита"),
        ("ru", "железной", "железная"),
        ("de", "Verträge", "Vertrag"),
        ("fr", "nationales", "national"),
        ("az", "dövriyyəsi", "dövriyyəsinin"),  # no stemmer: the cut alone
        ("ko", "대한민국의", "대한민국은"),
        ("el", "σχέσεις", "σχέσεων"),
    ],
)
def test_forms_of_a_word_have_one_stem_in_other_languages(language: str, a: str, b: str) -> None:
    assert stem(a, language) == stem(b, language)


def found(question: str, language: str) -> dict[str, str]:
    return {term.word: term.expression for term in content_terms(question, language)}


def test_what_an_apostrophe_adds_is_no_word() -> None:
    assert list(found("Broncos'un hangi oyunu?", "tr")) == ["Broncos", "oyunu"]
    assert list(found("Quelle est la longueur de l'autoroute ?", "fr")) == ["longueur", "autoroute"]


def test_words_are_looked_up_by_a_beginning_that_their_forms_share() -> None:
    assert found("Kitabı kim yazdı?", "tr")["Kitabı"] == '"kita"*'  # kitap, kitabı
    assert found("С чем связаны железные дороги?", "ru")["железные"] == '"железн"*'
    assert found("متى تم الإعلان؟", "ar")["الإعلان"] == '"الإعلا"*'
    assert found("Was geschah 1992?", "de")["1992"] == '"1992"'


def test_chinese_and_japanese_are_compared_by_pairs_of_characters() -> None:
    assert found("铁路什么时候通车？", "zh") == {"铁路": '"铁 路"', "通车": '"通 车"'}
    assert list(found("鉄道はいつ開通しましたか。", "ja")) == ["鉄道", "道は", "開通", "通し"]
    assert {"铁路", "路通", "通车"} == stems("铁路通车。", "zh")
    assert counted_stems("NASA铁路", "zh") == {"nasa": 1, "铁路": 1}


def test_a_capital_makes_no_name_of_a_german_noun() -> None:
    assert content_terms("Wie lang ist die Bahn?", "de")[-1] == Term("Bahn", "bahn", False, '"bahn"*')


@given(st.text(), st.sampled_from(sorted(NAMES)))
def test_every_term_of_a_question_is_among_its_stems_in_every_language(text: str, language: str) -> None:
    if language not in {"zh", "ja"}:  # there the words that ask are cut out, and what was apart comes together
        assert {term.stem for term in content_terms(text, language)} <= stems(text, language)
