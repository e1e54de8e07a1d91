"""The language of running text and of questions; no answer for anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ingest.language import NAMES, common_words, detect, detect_question

SENTENCES = {
    "en": "The two states have had relations since 1992, and they were raised to a partnership this year.",
    "de": "Der Präsident sagte, dass die Beziehungen zwischen den beiden Ländern nicht schlechter geworden sind.",
    "fr": "Le président a dit que les relations entre les deux pays ne sont pas plus mauvaises dans cette année.",
    "es": "El presidente dijo que las relaciones entre los dos países no son peores y que también hay comercio.",
    "it": "Il presidente ha detto che le relazioni tra i due paesi non sono peggiori e che il commercio cresce.",
    "pt": "O presidente disse que as relações entre os dois países não são piores e que o comércio também cresce.",
    "nl": "De president zei dat de betrekkingen tussen de twee landen niet slechter zijn geworden en er handel is.",
    "pl": "Prezydent powiedział, że stosunki między tymi krajami nie są gorsze i że handel jest coraz większy.",
    "tr": "Cumhurbaşkanı, iki ülke arasındaki ilişkilerin daha kötü olmadığını ve ticaretin arttığını söyledi.",
    "az": "Prezident bildirib ki, iki ölkə arasında münasibətlər daha pis deyil və ticarət dövriyyəsi artıb.",
    "ru": "Президент сказал, что отношения между двумя странами не стали хуже и что торговля растёт.",
    "uk": "Президент сказав, що відносини між двома країнами не стали гірші і що торгівля зростає.",
    "ar": "قال الرئيس إن العلاقات بين البلدين لم تكن أسوأ في هذا العام وإن التجارة التي نمت كانت من أهم النتائج",
    "zh": "中华人民共和国和阿塞拜疆共和国关于建立战略伙伴关系的联合声明",
    "ja": "日本国憲法は、日本の現行憲法である。1946年に公布された。",
    "ko": "대한민국은 민주공화국이다. 주권은 국민에게 있고 모든 권력은 국민으로부터 나온다.",
    "el": "Ο πρόεδρος είπε ότι οι σχέσεις των δύο χωρών δεν έχουν χειροτερέψει.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_running_text(language):
    assert detect(SENTENCES[language]) == language


@pytest.mark.parametrize("text", ["", "Hello.", "1.5 2.5 3.5", "foo bar baz qux quux corge grault garply waldo fred"])
def test_no_answer_without_evidence(text):
    assert detect(text) is None


@given(text=st.text())
def test_any_text_has_an_answer_or_none(text):
    language = detect(text)
    assert language is None or len(language) == 2


QUESTIONS = {
    "en": "How many tackles did Luke Kuechly register?",
    "de": "Wann wurde die Eisenbahn gebaut?",
    "fr": "Quelle est la longueur de la voie ?",
    "es": "¿Cuántos pasajeros viajan por año?",
    "it": "Quando fu costruita la ferrovia?",
    "nl": "Hoeveel reizigers vervoert de trein?",
    "pl": "Kiedy zbudowano kolej?",
    "tr": "Super Bowl XLIX'i kim kazanmıştır?",
    "ru": "Кто выиграл Суперкубок XLIX?",
    "uk": "Хто збудував залізницю?",
    "ar": "متى تأسست الشركة؟",
    "zh": "铁路有多长？",
    "ja": "鉄道はいつできましたか。",
    "ko": "철도는 언제 건설되었는가?",
}


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_question_is_told_by_a_single_word_where_its_language_is_expected(language):
    assert detect_question(QUESTIONS[language], {"en", language}) == language


def test_a_word_that_two_expected_languages_share_tells_nothing():
    assert detect_question("Super Bowl XLIX", {"en", "tr"}) is None
    assert detect_question("on", {"en", "tr"}) == "en"  # "ten" in Turkish, too, but no common word there


def test_a_single_word_of_a_language_that_is_not_expected_tells_nothing():
    assert detect_question("visa en route", {"en"}) is None
    assert detect_question("Luke Kuechly kaç tane top çalma?", {"en"}) is None


def test_another_script_speaks_against_english_whatever_is_expected():
    assert detect_question("Пэнтерс", {"en"}) == "ru"
    assert detect_question("Суперкубок", {"en", "bg"}) == "bg"


def test_every_language_that_is_told_has_a_name():
    assert {*SENTENCES, *QUESTIONS} <= set(NAMES)
    assert "hangi" in common_words("tr") and "который" in common_words("ru") and not common_words("xx")


@given(text=st.text(), expected=st.sets(st.sampled_from(sorted(NAMES))))
def test_any_question_has_a_language_with_a_name_or_none(text, expected):
    assert detect_question(text, expected) in {None, *NAMES}
