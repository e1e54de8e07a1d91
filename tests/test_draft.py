"""Question sets that are proposed for a folder: every question has its quote, and a search finds it."""

from pathlib import Path

import pytest

from assistant.evaluation.draft import TAG, is_found, spread
from assistant.evaluation.sets import read_set
from assistant.ingest.suggest.suggest import Suggestion
from assistant.types import RankedPassage, StoredPassage

SHIPS = """# Ships

The Orlan was built in 2004 by a yard on the Volga. She carries 54 wagons on two decks.

The Berkut was bought from Norway in 2011, and Rauf Karimov commands her.
"""
PORT = "The port of Alat opened in May 2018. A cabin on the crossing costs 90 dollars.\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("draft") / "documents"
    place.mkdir()
    (place / "ships.md").write_text(SHIPS)
    (place / "port.md").write_text(PORT)
    (place / "empty.txt").write_text("Aye.\n")
    return place


@pytest.mark.models
def test_a_folder_gets_a_set_that_can_be_read_and_the_same_twice(folder: Path, assistant, tmp_path: Path) -> None:
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    told = assistant("eval", "draft", folder, "--count", "10", "--output", first)
    assert told.code == 0, told.err
    assert "no question for 1 documents" in told.out
    assistant("eval", "draft", folder, "--count", "10", "--output", second)
    assert first.read_bytes() == second.read_bytes()
    cases = read_set(first)
    assert {case.question for case in cases} >= {"When did the port of Alat open?"}
    assert all(TAG in case.tags for case in cases)
    for case in cases:
        [*quotes] = [(source.file, source.quote) for source in case.sources]
        assert bool(quotes) is case.answerable
        assert all(quote in (folder / file).read_text() for file, quote in quotes)
    [miss] = [case for case in cases if not case.answerable]
    words = f"{SHIPS} {PORT}"
    assert [word for word in miss.question.strip("?").split() if word[0].isupper() and word not in words][-1:]
    again = assistant("eval", "draft", folder, "--output", first)
    assert again.code == 2 and "is there already" in again.err


def test_documents_take_turns() -> None:
    def of(*names: str) -> list[Suggestion]:
        return [Suggestion(name, None, "date", "a.md", 0, 1) for name in names]

    turns = spread([of("a1", "a2", "a3"), [], of("b1"), of("c1", "c2")])
    assert [each.question for each in turns] == ["a1", "b1", "c1", "a2", "c2", "a3"]


def test_a_question_is_found_where_a_passage_holds_all_of_its_sentence() -> None:
    def passage(document: str, start: int, end: int) -> RankedPassage:
        held = StoredPassage(1, document, "0" * 64, "", None, None, "", start, end, "", "", ())
        return RankedPassage(held, 1.0, None, None)

    asked = Suggestion("When?", None, "date", "a.md", 10, 20)
    assert is_found(asked, [passage("b.md", 0, 90), passage("a.md", 10, 20)])
    assert not is_found(asked, [passage("a.md", 12, 90), passage("b.md", 0, 90)])
    assert not is_found(asked, [passage("b.md", 0, 90)] * 3 + [passage("a.md", 0, 90)])  # too far down
