"""Regressions that are planted, one of each kind: found, ranked by harm, and explained by what was planted."""

import shutil
from pathlib import Path

import pytest
from store_parts import build, make_workshop
from tiny_models import untrained_reranker

from assistant.compose import Workshop
from assistant.evaluation.causes import Made
from assistant.evaluation.compare import Comparison, compare, read_baseline
from assistant.evaluation.run import read_cases, run_cases
from assistant.evaluation.run_report import Report, report_json, report_markdown, report_text

pytestmark = pytest.mark.models

SHIPS = """The Orlan is the oldest ship of the line, and was built for the crossing to Aktau by a yard on the Volga.

She carries 54 wagons on two decks, and leaves on Mondays when the weather allows it.

The Berkut came much later, as a present of the neighbours, and was painted white for a visit of state.

She carries 28 wagons on one deck, and leaves on Fridays when there is freight enough for her.

The Sokol was bought from a bank, which had never wanted her, and lay in the yard for a year.

She carries 36 wagons on one deck, and leaves on Sundays when the other two are at sea.
"""
PORT = "The port of Alat opened in May 2018. Its cranes were made in Turku.\n"
FARES = (
    "A cabin on the night crossing costs 90 dollars. Children pay half.\n\n"
    "What does a cabin need in a storm? A lamp, and a bucket.\n"
)
SET = """
- {id: orlan, question: How many wagons does the Orlan carry?, numeric: {value: 54},
   sources: [{file: ships.txt, quote: She carries 54 wagons}]}
- {id: berkut, question: How many wagons does the Berkut carry?, numeric: {value: 28},
   sources: [{file: ships.txt, quote: She carries 28 wagons}]}
- {id: sokol, question: How many wagons does the Sokol carry?, numeric: {value: 36},
   sources: [{file: ships.txt, quote: She carries 36 wagons}]}
- {id: opened, question: When did the port of Alat open?, answers: [May 2018],
   sources: [{file: port.txt, quote: opened in May 2018}]}
- {id: cranes, question: Where were the cranes of the port made?, answers: [Turku],
   sources: [{file: port.txt, quote: made in Turku}]}
- {id: cabin, question: What does a cabin cost?, numeric: {value: 90},
   sources: [{file: fares.txt, quote: costs 90 dollars}]}
- {id: chess, question: How does a knight move in chess?, answerable: no}
- {id: deep, question: How deep is the water at the port?, answerable: no}
"""
AS_BUILT = {"target_tokens": 64, "candidates": 2, "max_sentences": 1}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, embedder) -> Path:
    """A folder with documents, their index, a set, and a run of it that passes."""
    root = tmp_path_factory.mktemp("corpus")
    (root / "documents").mkdir()
    for name, text in {"ships.txt": SHIPS, "port.txt": PORT, "fares.txt": FARES}.items():
        (root / "documents" / name).write_text(text)
    (root / "set.yaml").write_text(SET)
    workshop = make_workshop(root / "documents", root / "index", embedder, **AS_BUILT)
    build(workshop)
    run = run_cases(read_cases([root / "set.yaml"], set()), workshop, root / "before", lambda done, total: None)
    assert [result.id for result in run.results if not result.passed] == []
    return root


@pytest.fixture
def later(corpus: Path, tmp_path: Path) -> Path:
    """A copy of it, for something to be planted in."""
    return Path(shutil.copytree(corpus, tmp_path / "later"))


def held(later: Path, workshop: Workshop) -> Comparison:
    build(workshop, rebuild=True)
    run = run_cases(read_cases([later / "set.yaml"], set()), workshop, later / "now", lambda done, total: None)
    before = read_baseline(later / "before")
    told = compare(Made(run.made_of, run.documents), run.results, before, "before", 0.0)
    report = Report(run.made_of, run.results, [], told)
    text, markdown, cause = report_text(report), report_markdown(report), told.causes[0]
    assert text.index("what differs and cases depend on") < text.index(cause.what[:50]) < text.index("why ")
    assert cause.what.split()[0].replace("_", "\\_") in markdown
    assert report_json(report)["comparison"]["causes"][0]["worse"] == cause.worse
    assert told.regressions and all(flip.why for flip in told.flips)
    return told


def why(told: Comparison, identity: str) -> dict[str, str]:
    [flip] = [flip for flip in told.flips if flip.id == identity]
    return {why.cause: why.because for why in flip.why}


def test_documents_that_are_removed_and_changed_are_told_by_how_much_depends_on_them(later: Path, embedder):
    (later / "documents" / "port.txt").unlink()
    (later / "documents" / "fares.txt").write_text(FARES.replace("90", "120"))
    (later / "documents" / "garden.txt").write_text("Roses are pruned in March, before the buds open.\n")
    told = held(later, make_workshop(later / "documents", later / "index", embedder, **AS_BUILT))
    assert [(cause.what, set(cause.worse), cause.better) for cause in told.causes] == [
        ("port.txt is not indexed any more", {"opened", "cranes"}, ()),
        ("fares.txt has changed", {"cabin"}, ()),
    ]
    assert why(told, "cabin") == {"fares.txt has changed": "the expected quote stood in it, and is not found now"}
    assert set(told.differing) == {"corpus", "index"}


def test_passages_that_are_halved_are_told_with_the_passage_that_held_the_quote(later: Path, embedder):
    halved = {**AS_BUILT, "target_tokens": 32}
    told = held(later, make_workshop(later / "documents", later / "index", embedder, **halved))
    [cause] = told.causes
    assert cause.what == "passages are cut otherwise (target_tokens was 64, and is 32)" and cause.worse
    assert set(cause.worse) <= {"orlan", "berkut", "sokol"}
    assert "the passage with the quote was " in why(told, cause.worse[0])[cause.what]


def test_a_threshold_that_is_moved_is_told_with_the_confidence(later: Path, embedder):
    strict = make_workshop(later / "documents", later / "index", embedder, refusal_threshold=0.9999, **AS_BUILT)
    told = held(later, strict)
    [cause] = told.causes
    assert cause.what == "refusal_threshold was 0.0682, and is 0.9999" and set(cause.worse) >= {"opened", "cabin"}
    assert {flip.is_now for flip in told.flips} == {"refused"}
    assert "then and now, lies between the thresholds 0.0682 and 0.9999" in why(told, "cabin")[cause.what]
    shutil.rmtree(later / "now")
    lax = make_workshop(later / "documents", later / "index", embedder, refusal_threshold=0.0, **AS_BUILT)
    flips = held(later, lax).flips
    assert [(flip.id, flip.is_now, flip.worse) for flip in flips] == [
        ("chess", "false answer", True),
        ("deep", "false answer", True),
    ]


def test_a_reranker_that_has_learnt_nothing_is_told(later: Path, embedder):
    untrained_reranker(later / "untrained")
    given = {"reranker": str(later / "untrained"), "languages": "en", **AS_BUILT}
    told = held(later, make_workshop(later / "documents", later / "index", embedder, **given))
    [cause] = told.causes
    assert told.flips[0].is_now == "wrong citation"
    assert cause.what.startswith("reranker was ms-marco-MiniLM-L-12-v2-int8, and is ") and cause.worse
    assert told.flips[0].worse and told.flips[0].id in cause.worse
