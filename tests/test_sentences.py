"""Sentences: hand-made expectations for each rule, and what must hold for any text at all."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.ingest.sentences import MAX_SENTENCE, sentence_spans
from assistant.ingest.shorten import shortened

# "¦" stands where one sentence ends and the next begins, in place of the space between them.
CASES = {
    "plain": "He went.¦She stayed!¦Did they?¦Yes.",
    "title": "Mr. Smith met Dr. Jones and Prof. Lee.¦They spoke with Gen. Grant at St. Paul.",
    "latin abbreviations": "Fruit, e.g. apples, i.e. Malus, cf. Linnaeus, vs. pears.¦Others, etc.¦Then nothing.",
    "company": "It was bought by Acme Inc. and Bolt Ltd. Partners.¦The sum went to Acme Inc.¦The rest did not.",
    "junior": "Sammy Davis Jr. sang.¦So did Robert Downey Jr.¦They met.",
    "country within": "The U.S. Senate and the U.S. president agreed.",
    "country at the end": "He lives in the U.S.¦The president does, too.",
    "degree": "She holds a Ph.D. in law.¦He has none.",
    "time of day": "It opens at 9 a.m. and closes at 5 p.m.¦Then all go home.",
    "month": "Signed on Jan. 5 and again on Sept. 12.¦It ended in Dec.¦The rest is known.",
    "initials": "J. K. Rowling met George W. Bush and J.R.R. Tolkien.¦They talked.",
    "initial before a common word": "We chose plan B.¦It failed.",
    "numbered world wars": "It began in World War I.¦Germany lost.¦World War II.¦France won.",
    "decimals": "It rose by 2.18 to 1.5 million.¦See §3.2.¦Version 2.0.1 followed.",
    "number sign": "See No. 5, Fig. 3 and pp. 4–7 of Vol. II.¦He said no.¦Then he left.",
    "number at the end": "It was founded in 1990.¦15 people came.¦They left in 2001.¦Nobody knows why.",
    "ellipsis": "He waited... and waited.¦Nothing came...¦She left…¦The end.",
    "left out": "He said that “the [...] President” was ill.",
    "closing quote": '“He went.”¦She said “No.”¦‘Why?’¦He said, "I know."¦Then he left.',
    "quote and speaker": '"Stop!" he cried.¦"Why?" she asked.',
    "closing bracket": "(He went.)¦[She stayed.]¦They met (again).¦It ended.",
    "remark with stops": "He (born in Ohio. Raised in Iowa!) left.¦She stayed.",
    "bracketed sentences": "(He went.¦She stayed.)¦They met.",
    "footnote": "He went.[12]¦The end came.[3][4]¦It was over.[note 1]¦Nothing more.[citation needed]",
    "figure of a footnote": "as was shown.12¦The next began.¦See No.5 and go.",
    "page of a footnote": "He had success.[5]:121,154¦He lived well.",
    "superscript": "He went.²¦She stayed.",
    "title of a work": "“Who Are You?” (1978) was long.¦Yahoo! Inc. was large.",
    "enumeration": "1. Open the box.¦2. Close it.¦a) Shut.¦It",
    "enumeration in a sentence": "Do as follows: 1. Open the box.¦2. Close it.",
    "label": "Figure 1. Results of the test.¦They were good.",
    "court case": "Roe v. Wade was decided in c. 1973.¦It stood.",
    "reference": "Silberstein et al. (2010) and Proc. Natl. Acad. Sci. agree.¦The rest (ref. 3) do not.",
    "small name": "It is known.¦p53 binds it.¦iPhone users know.¦mTOR does not.",
    "web address": "Visit www.example.com or https://example.com/a.b?c=d.¦It works.¦Use .NET too.",
    "space forgotten": "He went.¦The end.",
    "identifier": "Call asyncio.Queue and System.Out here.¦It works.",
    "markup": "**It went.**¦_They stayed._¦The `code.` ran.",
    "no capital": "he went. she stayed, e.g. at home.".replace(". she", ".¦she"),
    "colon": "Note: this is one sentence; so is this.",
    "tokenised": "He went .¦She stayed .¦`` Why ? ''¦They ( both . ) left .",
    "tokenised quote": 'He said , " I know . "¦She left .',
    "tokenised, small": "The makasi is strong .¦anti-nuit are glasses .",
    "tokenised abbreviation": "He met Dr . Smith , Jr . and others .",
    "tokenised ellipsis": "He waited . . . and waited .",
    "Russian year": "Это было в 1990 г.¦Затем всё изменилось в XIX в.¦Потом в 1995 г. и 1996 гг.¦Всё.",
    "Russian town": "Он жил в г. Москве на ул. Ленина и в с. Горки.¦Потом уехал.",
    "Russian abbreviations": "Т.е. он, т. е. Пётр, и т. д.¦Потом яблоки, груши и др.¦Все съели до н. э.¦Так.",
    "Russian initials": "А. С. Пушкин и Л.Н. Толстой писали.¦В школе их читают.",
    "Russian dialogue": "— Стой! — сказал он.¦— Зачем?¦Она ушла.",
    "Turkish ordinal": "II. Dünya Savaşı 19. Yüzyılda değil, 20. yüzyılda başladı.¦Sonra bitti.",
    "Turkish abbreviations": "Dr. Ayşe ve Doç. Ali elma, armut vb. aldılar, örn. Amasya.¦Bu yıl da aldı vb.¦Sonra.",
    "German ordinal": "Am 3. Oktober kam der 2. Weltkrieg, im 19. Jahrhundert nicht.¦Er ging.",
    "German abbreviations": "Herr Dr. Müller kam, d. h. Hans, z. B. Hunde, bzw. Katzen usw.¦Das war Nr. 5.¦Ende.",
    "German quote": "„Komm!“ rief er.¦„Nein.“¦Sie ging.",
    "French": "M. Dupont, p. ex. Mme Le Pen, vit.¦« Oui. »¦Il part vers 50 av. J.-C. à Rome.",
    "Spanish": "El Sr. García vive en EE. UU.¦El otro no.¦¿Qué?¦¡Nada!",
    "Greek capitals": "Ο Σωκράτης ήρθε.¦Έφυγε.",
    "Hindi": "वह गया।¦वह रुकी।",
    "Arabic": "ذهب الرجل.¦هل بقيت؟¦نعم.",
}


@pytest.mark.parametrize("marked", CASES.values(), ids=CASES.keys())
def test_rule(marked):
    assert sentences(marked.replace("¦", " ")) == marked.split("¦")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他走了。她留下！真的？是。", ["他走了。", "她留下！", "真的？", "是。"]),
        ("他说：“好。”她走了。", ["他说：“好。”", "她走了。"]),
        ("「行く。」と言った。彼は３．１４を知る。", ["「行く。」と言った。", "彼は３．１４を知る。"]),
        ("He went.[12]The end.", ["He went.[12]", "The end."]),
        ("They reached the end.The next began.", ["They reached the end.", "The next began."]),
        ("Orada yaşadı.Tesla öldü.", ["Orada yaşadı.", "Tesla öldü."]),
    ],
)
def test_sentences_without_space_between(text, expected):
    assert sentences(text) == expected


def test_a_line_break_is_a_space_and_a_blank_line_an_end():
    assert sentences("He met Mr.\nSmith in\nthe U.S.\nThe end") == ["He met Mr.\nSmith in\nthe U.S.", "The end"]
    assert sentences("A title\n\nHe went\n \t\nthere") == ["A title", "He went", "there"]
    assert sentences("He went\r\nthere.\r\n\r\nShe\r\nstayed") == ["He went\r\nthere.", "She\r\nstayed"]


def test_lines_that_begin_list_items():
    assert sentences("Bring:\n- apples\n- pears\n- plums") == ["Bring:", "- apples", "- pears", "- plums"]
    assert sentences("1. Open it\n2. Close it") == ["1. Open it", "2. Close it"]
    assert sentences("Bring\n• apples\n• pears") == ["Bring", "• apples", "• pears"]


def test_a_dash_or_a_number_that_a_line_happens_to_begin_with():
    assert sentences("He was tall\n- and thin - and young.") == ["He was tall\n- and thin - and young."]
    assert sentences("In all he was\n15. Then he grew.") == ["In all he was\n15.", "Then he grew."]
    assert sentences("— Стой!\n— сказал он.") == ["— Стой!\n— сказал он."]


def test_nothing_to_find():
    assert sentence_spans("") == []
    assert sentence_spans(" \n\t\n ") == []
    assert sentences("...") == ["..."]
    assert sentences("no stop") == ["no stop"]


def test_space_of_any_length_before_and_after_a_stop():
    space = " " * 100
    assert sentences(f"He went{space}.{space}She stayed.") == [f"He went{space}.", "She stayed."]
    assert sentences(f"He met Mr.{space}Smith.") == [f"He met Mr.{space}Smith."]


@pytest.mark.parametrize(
    ("separator", "expected_end"),
    [("; ", ";"), (": ", ":"), (", ", ","), (" ", "word")],
    ids=[";", ":", ",", "space"],
)
def test_a_long_sentence_is_cut_where_it_reads_best(separator, expected_end):
    words = " ".join(["word"] * 120)
    text = separator.join([words] * 2) + "."
    spans = sentence_spans(text)
    assert len(spans) == 2
    assert text[spans[0][0] : spans[0][1]].endswith(expected_end)
    assert all(595 <= end - start <= MAX_SENTENCE for start, end in spans)


def test_a_sentence_of_up_to_a_thousand_characters_is_whole():
    text = "word " * 199 + "end."
    assert 990 < len(text) <= MAX_SENTENCE
    assert sentence_spans(text) == [(0, len(text))]


def test_a_string_without_spaces_is_cut_between_characters_as_drawn():
    text = "e\u0301" * 1500
    spans = sentence_spans(text)
    assert spans == [(0, 1000), (1000, 2000), (2000, 3000)]
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert all(text[start] != "\u200d" for text in ["a" + family * 500] for start, _ in sentence_spans(text))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(" .!?…\n\t\"'()[]-1aAıİ。»“”")), max_size=400))
def test_spans_cover_any_text_in_order(text):
    check_spans(text, 0, len(text), sentence_spans(text), MAX_SENTENCE)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["word", "U.S.", "Mr.", "e\u0301", "，", "; ", ": ", ", ", " ", "\n", "\u200d", "😀", "."])
    ),
    st.integers(1, 30),
)
def test_parts_are_as_short_as_asked(pieces, longest):
    text = "".join(pieces).strip()
    check_spans(text, 0, len(text), list(shortened(text, 0, len(text), longest)) if text else [], longest)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["He went home.", "Did she?", "“No.”", "They left!"]), min_size=1, max_size=8), st.data()
)
def test_hard_wrapping_changes_nothing(parts, data):
    text = " ".join(parts)
    spaces = [place for place, character in enumerate(text) if character == " "]
    wrapped = list(text)
    for place in data.draw(st.sets(st.sampled_from(spaces))) if spaces else ():
        wrapped[place] = "\n"
    assert sentence_spans("".join(wrapped)) == sentence_spans(text)


HOSTILE = [
    *(".", "(", ")", ".)", "。", "“", "a.", "a.b(c", "x", "x.[1]", "(((a. B", "He.The "),
    *(" ", ". ", "a. ", "A. ", "İ. ", "г. ", "1. ", "! ", " . ", ' " . ', "(a. B) "),
    *("\n", "\n ", "a\n\n", "- \n", "\n1. "),
]


@pytest.mark.parametrize("unit", HOSTILE, ids=repr)
def test_time_is_linear_in_hostile_text(unit):
    text = unit * (400_000 // len(unit))
    begun = time.process_time()
    check_spans(text, 0, len(text), sentence_spans(text), MAX_SENTENCE)
    assert time.process_time() - begun < 8  # less than one on any machine; were it quadratic, hours


def sentences(text):
    return [text[start:end] for start, end in sentence_spans(text)]


def check_spans(text, start, end, spans, longest):
    """Spans lie in order, are trimmed, short enough, and leave out nothing but space."""
    position = start
    for first, last in spans:
        assert text[position:first].strip() == ""
        assert 0 < last - first <= longest
        assert text[first:last] == text[first:last].strip()
        position = last
    assert text[position:end].strip() == ""
