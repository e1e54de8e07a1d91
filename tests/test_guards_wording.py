"""The rule that asks for a source's words in their order."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.guards.wording import check_wording

WORDS = st.lists(
    st.sampled_from("the lake office of Alder was founded in 1973 by Birch".split()), min_size=1, max_size=12
)


@given(WORDS, st.data())
def test_a_part_of_a_source_in_its_order_passes(words: list[str], data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(words), max_size=len(words)))
    said = " ".join(word for word, keep in zip(words, kept, strict=True) if keep)
    assert check_wording(f"{said}.", [" ".join(words)]) == []


@given(WORDS, st.integers(0, 12))
def test_a_word_that_the_source_does_not_have_is_seen(words: list[str], at: int) -> None:
    said = [*words[:at], "Cedar", *words[at:]]
    assert check_wording(" ".join(said), [" ".join(words)])


def test_words_of_two_sources_or_in_another_order_do_not_pass() -> None:
    sources = ["Alder named Birch as head of the Lake Office.", "Cedar founded the fleet."]
    assert check_wording("Birch named Alder as head.", sources)
    assert check_wording("Alder named Cedar.", sources)
    assert check_wording("“Alder” named Birch as head", sources) == []
