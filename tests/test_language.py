"""The language of running text and of questions; no answer for anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ingest.language import NAMES, detect, question_language

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
    "de": "Wann wurde die Eisenbahn gebaut?",
    "fr": "Quelle est la longueur de la voie ?",
    "es": "¿Cuántos pasajeros viajan por año?",
    "nl": "Hoeveel reizigers vervoert de trein?",
    "pl": "Kiedy zbudowano kolej?",
    "tr": "Super Bowl XLIX'i kim kazanmıştır?",
    "az": "Birgə Bəyannamə nə vaxt qəbul edilib?",
    "ru": "Кто выиграл Суперкубок XLIX?",
    "uk": "Хто збудував залізницю?",
    "ar": "متى تأسست الشركة؟",
    "zh": "铁路有多长？",
    "ja": "鉄道はいつできましたか。",
    "ko": "철도는 언제 건설되었는가?",
    "th": "ทางรถไฟสร้างเมื่อไหร่",
    "hi": "रेलवे कब बनाया गया था?",
}


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_question_in_another_language(language):
    assert question_language(QUESTIONS[language], {"en"}, set()) == language


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_question_in_a_covered_language(language):
    assert question_language(QUESTIONS[language], {"en", language}, {"tr"}) is None
    assert question_language(QUESTIONS[language], set(NAMES), {"tr"}) is None


@pytest.mark.parametrize(
    "question",
    ["What is Gemütlichkeit?", "Baku", "visa en route", "Aliyev Xi Astana", "trade 2023", "1999", "?", "🙂"]
    + ["who spoke the words ich bin ein berliner", "Tbilisi Kars Baku"],
)
def test_english_questions_and_bare_names_are_left_to_the_models(question):
    assert question_language(question, {"en"}, {"tr", "ru"}) is None


def test_little_speaks_for_a_language_of_the_documents():
    question = "Ban Ki-Moon neyin Genel Sekreteri'dir?"
    assert question_language(question, {"en"}, set()) is None
    assert question_language(question, {"en"}, {"tr"}) == "tr"


@given(text=st.text())
def test_any_question_has_a_language_with_a_name_or_none(text):
    assert question_language(text, {"en"}, {"tr"}) in {None, *NAMES}
