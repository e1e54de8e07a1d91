"""Words of many languages: how they are told apart, compared and looked up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.lexical.asking import silent_words
from assistant.answer.lexical.words import alike, plain_words, stem, terms
from assistant.ingest.language import NAMES, spaced


@pytest.mark.parametrize(
    ("language", "a", "b"),
    [
        ("tr", "oyunlarını", "oyunlar"),
        ("ru", "защиту", "защита"),
        ("ru", "железной", "железная"),
        ("de", "Verträge", "Vertrag"),
        ("fr", "nationales", "national"),
        ("az", "dövriyyəsi", "dövriyyəsinin"),  # no stemmer: the cut alone
        ("ko", "대한민국의", "대한민국은"),
        ("el", "σχέσεις", "σχέσεων"),
        ("es", "2,000", "2.000"),
    ],
)
def test_forms_of_a_word_have_one_stem(language: str, a: str, b: str) -> None:
    assert stem(a, language) == stem(b, language)


def test_figures_are_compared_whole() -> None:
    assert stem("1234567", "tr") != stem("1234568", "tr") and stem("2,5", "tr") != stem("25", "tr")


def found(question: str, language: str) -> dict[str, str]:
    return {term.word: term.expression for term in terms(question, language)}


def test_what_an_apostrophe_adds_is_no_word() -> None:
    assert list(found("Broncos'un hangi oyunu?", "tr")) == ["Broncos", "oyunu"]
    assert list(found("Quelle est la longueur de l'autoroute ?", "fr")) == ["longueur", "autoroute"]


def test_words_are_looked_up_by_a_beginning_that_their_forms_share() -> None:
    assert found("Kitabı kim yazdı?", "tr")["Kitabı"] == '"kita"*'  # kitap, kitabı
    assert found("С чем связаны железные дороги?", "ru")["железные"] == '"желез"*'
    assert found("متى تم الإعلان؟", "ar")["الإعلان"] == '"الإعل"*'
    assert found("Was geschah 1992?", "de")["1992"] == '"1992"'


def test_pairs_of_characters_are_compared_where_no_space_parts_words() -> None:
    assert found("铁路什么时候通车？", "zh") == {"铁路": '"铁 路"', "通车": '"通 车"'}
    assert list(found("鉄道はいつ開通しましたか。", "ja")) == ["鉄道", "道は", "開通", "通し"]
    assert list(plain_words("NASA铁路通")) == ["NASA", "铁路", "路通"]
    assert list(plain_words("ที่นี่")) == ["ทน"]  # without the marks over the letters


def test_vowel_signs_are_part_of_a_word() -> None:
    assert list(plain_words("हिन्दी भाषा।")) == ["हिन्दी", "भाषा"]


def test_names_are_told_by_capitals_but_in_german() -> None:
    named = {term.word: term.name for term in terms("Denver Broncos 2015'te kaç sayı attı?", "tr")}
    assert named == {"Denver": True, "Broncos": True, "2015": True, "sayı": False, "attı": False}
    assert not any(term.name for term in terms("Wie lang ist die Bahn?", "de"))


def test_a_question_of_words_that_ask_keeps_them() -> None:
    assert list(found("Kim kimdir?", "tr")) == ["Kim", "kimdir"]


def test_words_with_a_long_common_beginning_are_alike() -> None:
    assert alike("savunma", "savunmasi") > alike("savunma", "savurgan") > 0
    assert alike("ev", "evler") == 0.0 and alike("ev", "ev") == 1.0


def test_only_characters_without_spaces_are_set_apart() -> None:
    assert spaced("NASA铁路 ok").split() == ["NASA", "铁", "路", "ok"]


@given(st.text(), st.sampled_from(sorted(NAMES)))
def test_every_term_can_be_found_in_its_question(text: str, language: str) -> None:
    for term in terms(text, language):
        assert term.stem and term.plain and term.expression.startswith('"')
        if not any(silent in text for silent in silent_words(language) if not silent.isascii()):
            assert term.word in set(plain_words(text))


@given(st.text(), st.text())
def test_likeness_is_a_share_and_mutual(a: str, b: str) -> None:
    assert 0.0 <= alike(a, b) <= 1.0 and alike(a, b) == alike(b, a)
