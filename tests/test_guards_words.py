"""Names, roles, negations, opposites, quotations and additions."""

import pytest

from assistant.answer.guards.align import likeness, reading
from assistant.answer.guards.contrast import check_contrast
from assistant.answer.guards.coverage import check_coverage, covered
from assistant.answer.guards.edits import check_edits
from assistant.answer.guards.lemma import base
from assistant.answer.guards.lexicon import ALIKE, CONTRASTS
from assistant.answer.guards.names import check_names
from assistant.answer.guards.negation import check_negation
from assistant.answer.guards.order import check_order
from assistant.answer.guards.quotes import check_quotes
from assistant.answer.guards.roles import check_roles

GUARDS = {
    "names": check_names,
    "roles": check_roles,
    "order": check_order,
    "negation": check_negation,
    "contrast": check_contrast,
    "coverage": check_coverage,
    "edits": check_edits,
}


def problems(guard: str, claim: str, source: str) -> list[str]:
    if guard == "quotes":
        return check_quotes(claim, reading([source]).text)
    return GUARDS[guard](reading([claim]), reading([source]))


@pytest.mark.parametrize(
    ("guard", "claim", "source"),
    [
        ("names", "The WHO said so.", "The World Health Organization said so."),
        ("names", "The World Health Organization said so.", "The WHO said so."),
        ("names", "French wine is exported.", "France exports wine."),
        ("names", "Merkel spoke in the US.", "Angela Merkel spoke in America."),
        ("names", "Researchers met in Zurich.", "Scientists met in Zürich."),
        ("names", "Escherichia coli grows.", "E. coli grows."),
        ("roles", "Norway was beaten by Denmark.", "Denmark beat Norway."),
        ("roles", "Togo and Ghana met.", "Ghana and Togo met."),
        ("roles", "The fair opened in Lyon in May 1990.", "In May 1990 the fair opened in Lyon."),
        ("names", "Natural killer (NK) cells were counted.", "Natural killer cells were counted."),
        ("names", "Adult fish were caught.", "They reach adulthood as fish."),
        ("order", "Dogs chase cats.", "The dogs chase the cats."),
        ("order", "The mill was built after the dam.", "After the dam was built, the mill was built."),
        ("negation", "A pass is needed to enter.", "You cannot enter without a pass."),
        ("negation", "The drug did not affect growth.", "The drug had no effect on growth."),
        ("negation", "He was unable to vote.", "He could not vote."),
        ("negation", "He lost but stayed.", "He did not win; he lost but stayed."),
        ("negation", "It is cheap and strong.", "It is not only cheap but strong."),
        ("contrast", "Sales did not rise in May.", "Sales fell in May."),
        ("contrast", "Sales rose while costs fell.", "Costs fell while sales rose."),
        ("contrast", "The larger of the two ports closed.", "The bigger of the two ports closed."),
        ("quotes", "He spoke of a 'cold war'.", "He spoke of an unofficial “cold  war” that began."),
        ("quotes", 'It is "Old … gold".', "Old rivers carry gold."),
        ("quotes", "The workers' union didn't strike.", "Nothing here."),
        ("contrast", "The mill was built before the dam.", "The dam was built after the mill."),
        ("contrast", "Two out of five left.", "Two in five left."),
        ("coverage", "Open access journals won.", "OA journals won."),
        ("coverage", "Ports close in storms.", "In a storm the port closes."),
        ("edits", "The council met in Baku on Friday.", "The council, which is new, met in Baku on Friday."),
    ],
)
def test_same_meaning_is_let_pass(guard: str, claim: str, source: str) -> None:
    assert problems(guard, claim, source) == []


@pytest.mark.parametrize(
    ("guard", "claim", "source"),
    [
        ("names", "The fair opened in Lyon.", "The fair opened in Paris."),
        ("names", "Lyon is the capital of France.", "Paris is the capital of France."),
        ("names", "The treaty binds Austria.", "The treaty binds Australia."),
        ("names", "The NATO summit ended.", "The EU summit ended."),
        ("roles", "Norway beat Denmark.", "Denmark beat Norway."),
        ("roles", "Denmark was beaten by Norway.", "Denmark beat Norway."),
        ("roles", "Trains left Lima for Cuzco.", "Trains left Cuzco for Lima."),
        ("names", "Austria joined it.", "Australia joined it."),
        ("order", "Cats chase dogs.", "The dogs chase the cats."),
        ("order", "The mill was built before the dam.", "The dam was built before the mill."),
        ("order", "The mill is older than the dam.", "The dam is older than the mill."),
        ("contrast", "It is the longest of the two rivers here.", "It is the second longest of the two rivers here."),
        ("edits", "The storm sank the old ferry there.", "The storm may have sunk the old ferry there."),
        ("negation", "The court convicted him.", "The court did not convict him."),
        ("negation", "The court did not convict him.", "The court convicted him."),
        ("negation", "The court convicted him.", "The court failed to convict him."),
        ("negation", "Smoking cures cancer.", "There is no evidence that smoking cures cancer."),
        ("negation", "No ship sank.", "A ship sank."),
        ("contrast", "Sales fell in May.", "Sales rose in May."),
        ("contrast", "All members voted.", "Some members voted."),
        ("contrast", "It always rains there.", "It never rains there."),
        ("contrast", "The plan was unpopular there.", "The plan was popular there."),
        ("contrast", "The room was harmless to guests.", "The room was harmful to guests."),
        ("contrast", "It is at most 30 m tall.", "It is at least 30 m tall."),
        ("quotes", 'It must be done "within 90 days".', "It must be done within 30 days."),
        ("quotes", "He wrote «the old house».", "He wrote of the older house."),
        ("coverage", "Monks brewed ale beneath the chapel.", "Cargo rose on the railway."),
        ("edits", "The road north of the old port is now shut.", "The road south of the old port is now shut."),
        ("edits", "The road to the old port wasn't closed.", "The road to the old port was closed."),
        (
            "edits",
            "The European Council met there that week.",
            "The European Parliament met there that week. A council sat.",
        ),
        ("edits", "The ship left port on Friday, laden with stolen amber.", "The ship left port on Friday."),
    ],
)
def test_another_meaning_is_caught(guard: str, claim: str, source: str) -> None:
    assert problems(guard, claim, source)


@pytest.mark.parametrize(
    ("a", "b"),
    [("won", "win"), ("children", "child"), ("organised", "organizes"), ("centre", "center"),
     ("reduction", "reduced"),
     ("colour", "color"), ("Baku’s", "Baku"), ("Zürich", "Zurich")],
)  # fmt: skip
def test_forms_of_a_word_have_one_base(a: str, b: str) -> None:
    assert base(a) == base(b)


def test_opposites_are_mutual_and_never_alike() -> None:
    for word, opposites in CONTRASTS.items():
        assert word not in opposites
        assert not opposites & ALIKE.get(word, frozenset())
        assert all(word in CONTRASTS[opposite] for opposite in opposites)


def test_likeness_is_one_for_the_same_place_and_less_for_another() -> None:
    text = reading(["In 1990, 25 people died. In 1995, 30 people fled."])
    first, second = text.figures
    assert likeness(text, first, text, first) == pytest.approx(1)
    assert likeness(text, first, text, second) < 0.7


def test_covered_is_a_share_of_the_content_words() -> None:
    source = reading(["The port closed."])
    assert covered(reading(["The ports are closing."]), source) == 1
    assert covered(reading(["The port burned."]), source) == 0.5
