"""The documents that the benchmark of disagreements makes: each has the change it claims, and no other value lost."""

import sys
from pathlib import Path
from random import Random

import pytest

BENCH = Path(__file__).resolve().parents[1] / "eval" / "bench"
TEXT = (
    "The lighthouse of Norland was built by Anna Berg in 1894. It is 48 metres tall and has 217 steps. "
    "About 12% of visitors climb it. The keeper also lives in the town near the harbour, which is large. "
    "However, the lamp was replaced in 1950 because the old one was broken."
)
QUESTIONS = {
    "Who built the lighthouse?": ("Anna Berg", "name, who"),
    "When was the lighthouse built?": ("1894", "date"),
    "How tall is it?": ("48 metres", "amount"),
    "How many steps does it have?": ("217", "count"),
    "What share of visitors climbs it?": ("12%", "percentage"),
    "Why was the lamp replaced?": ("because the old one was broken", ""),
}


@pytest.fixture
def pairs(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCH))
    import disagreement_pairs

    yield disagreement_pairs
    for name in ("disagreement_pairs", "qa", "verifier_changes"):
        sys.modules.pop(name, None)


def article(question: str, answer: str) -> dict:
    return {"context": TEXT, "qas": [{"question": question, "answers": [{"text": answer}]}]}


@pytest.mark.parametrize(("question", "answer", "kind"), [(q, *rest) for q, rest in QUESTIONS.items()])
def test_a_copy_has_another_value_of_the_kind_and_not_the_old_one(pairs, question, answer, kind) -> None:
    assert pairs.kind_of(answer, question, TEXT) == kind
    made = [pairs.changed_copy(article(question, answer), {"who": ["Carl Holm"]}, Random(n)) for n in range(20)]
    assert any(made) == bool(kind)
    for copy in filter(None, made):
        of_kind, asked, (old, new), text = copy
        assert (of_kind, asked, old) == (kind, question, answer)
        assert new != old
        assert new in text
        assert old not in text
        assert new not in TEXT


def test_a_copy_that_says_the_same_has_other_words_and_every_value_of_the_sentences_it_keeps(pairs) -> None:
    copies = {pairs.reworded(TEXT, "", pairs.world(Random(n))) for n in range(10)} - {None}
    assert len(copies) > 1
    for copy in copies:
        assert copy != TEXT
        assert set(pairs.NUMBER.findall(copy)) <= set(pairs.NUMBER.findall(TEXT))


def test_every_case_names_files_that_were_written_and_the_same_seed_the_same_ones(pairs, tmp_path) -> None:
    articles = [{"paragraphs": [article(q, a) for q, (a, _) in QUESTIONS.items()]}] * 2
    runs = [list(pairs.write_pairs(articles, tmp_path / str(n), "dev", 3)) for n in range(2)]
    assert runs[0] == runs[1]
    assert {case.kind == "same" for case in runs[0]} == {True, False}
    for case in runs[0]:
        first, second = ((tmp_path / "0" / file).read_text() for file in case.files)
        assert first == TEXT
        assert (case.kind == "same") == (case.values[0] == case.values[1])
        assert case.kind == "same" or (case.values[1] in second and case.values[0] not in second)
