"""From question sets to a threshold that every turn is judged by."""

import dataclasses
import json
import logging
from pathlib import Path

import pytest

from assistant.answer.calibration import CALIBRATION, write_calibration
from assistant.answer.confidence import probability, shipped_model
from assistant.compose import Workshop
from assistant.errors import IndexMissing, InputError
from assistant.evaluation.calibrate import ask_all, calibrate, check_enough
from assistant.evaluation.report import calibrated_json, calibrated_text
from assistant.evaluation.sets import Case, read_set
from assistant.evaluation.thresholds import Goal
from assistant.laps import Laps
from assistant.render import refusal_lines
from assistant.settings import load_settings

GOAL = Goal("keep", 0.8)
DOCUMENTS = {
    "ferry.md": "# The ferry\n\nThe ferry to Aktau leaves on Mondays. It carries 54 wagons.\n\n"
    "## Fares\n\nA wagon costs 900 dollars.\n",
    "port.txt": "The port of Alat opened in May 2018. Its cranes were made in Turku.\n",
}
SET = """
- question: How many wagons does the ferry carry?
- question: When did the port of Alat open?
- question: Where were the cranes made?
- question: What does a wagon cost?
- {id: follow-up, question: And how many wagons does it carry?,
   history: [{role: user, content: When does the ferry to Aktau leave?}]}
- {question: Who is the captain of the ferry?, answerable: no}
- {question: How does a knight move in chess?, answerable: no}
- {question: What is the boiling point of ethanol?, answerable: no}
- {question: Is this one skipped?, answerable: no, skip: yes}
- {question: Is this one left out?, answerable: no, tags: [unsure]}
"""


def cases(answerable: int, others: int) -> list[Case]:
    kinds = [True] * answerable + [False] * others
    return [Case(id=str(n), question="Where?", answerable=kind) for n, kind in enumerate(kinds)]


def quiet(done: int, total: int) -> None:
    pass


@pytest.mark.parametrize(
    ("answerable", "others", "goal", "message"),
    [
        (19, 20, Goal("keep", 0.95), "too few questions to tell for keep 0.95: 19 answerable (needed: 20), 20 un"),
        (20, 19, Goal("keep", 0.95), "20 answerable (needed: 20), 19 unanswerable (needed: 20)"),
        (98, 20, Goal("keep", 0.99), "98 answerable (needed: 99), 20 unanswerable (needed: 20)"),
        (20, 98, Goal("max false answers", 0.01), "20 answerable (needed: 20), 98 unanswerable (needed: 99)"),
    ],
)
def test_too_few_questions_are_told_with_what_is_needed(answerable: int, others: int, goal: Goal, message: str):
    with pytest.raises(InputError) as caught:
        check_enough(cases(answerable, others), goal, force=False)
    assert message in str(caught.value) and "--force" in str(caught.value)
    check_enough(cases(answerable, others), goal, force=True)


@pytest.mark.parametrize(("answerable", "others"), [(40, 0), (0, 40), (0, 0)])
def test_one_kind_alone_is_never_enough(answerable: int, others: int):
    with pytest.raises(InputError, match="questions of both kinds"):
        check_enough(cases(answerable, others), GOAL, force=True)


def test_enough_questions_are_enough():
    check_enough(cases(20, 20), Goal("keep", 0.95), force=False)
    check_enough(cases(99, 20), Goal("keep", 0.99), force=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, embedder) -> Workshop:
    folder = tmp_path_factory.mktemp("documents")
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text)
    return opened(folder, tmp_path_factory.mktemp("index"), embedder)


def opened(folder: Path, index: Path, embedder, **given) -> Workshop:
    workshop = Workshop(load_settings(folder=folder, index=index, **given))
    workshop.embedder = embedder
    workshop.build(rebuild=False, progress=lambda stage, done, total: None)
    return workshop


@pytest.fixture
def workshop(built: Workshop):
    (built.settings.index / CALIBRATION).unlink(missing_ok=True)
    Path("set.yaml").write_text(SET)
    return built


def calibrated(workshop: Workshop, progress=quiet):
    return calibrate([Path("set.yaml")], {"unsure"}, GOAL, True, workshop, progress)


@pytest.mark.models
class TestOverAnIndex:
    def test_what_is_fitted_judges_every_turn_after_it(self, workshop: Workshop):
        steps: list[tuple[int, int]] = []
        done = calibrated(workshop, lambda *step: steps.append(step))
        assert steps == [(n, 8) for n in range(1, 9)]
        assert (done.left_out, done.stored.false_refusals.of, done.stored.false_answers.of) == (2, 5, 3)
        assert done.stored.false_refusals.count == 0  # of five, 0.8 leaves one below: the lowest is the first kept
        chain = workshop.chain()
        assert chain.refusal.threshold == done.stored.threshold != shipped_model().threshold
        status = {case.id: chain.invoke(case.asked()).status for case in read_set(Path("set.yaml"))[:8]}
        assert [status[str(n)] for n in range(1, 5)] == ["answered"] * 4 and status["follow-up"] == "answered"
        refused = sum(status[str(n)] == "refused" for n in range(6, 9))
        assert refused == 3 - done.stored.false_answers.count >= 2

    def test_a_follow_up_is_looked_up_in_full(self, workshop: Workshop):
        chain, [case] = workshop.chain(), [c for c in read_set(Path("set.yaml")) if c.id == "follow-up"]
        asked = ask_all([case], chain, shipped_model(), quiet)
        query = chain.invoke(case.asked()).query
        assert "ferry" in query and query != case.question
        assert asked.logits[0] == shipped_model().logit(chain.evidence(query, Laps(), chain.index).signals)
        assert asked.logits[0] != shipped_model().logit(chain.evidence(case.question, Laps(), chain.index).signals)

    def test_calibrating_again_rests_on_the_shipped_model_not_on_the_last_calibration(self, workshop: Workshop):
        first = calibrated(workshop)
        odd = dataclasses.replace(first.stored, intercept=2.0, slope=3.0, threshold=0.9)
        write_calibration(workshop.settings.index, odd)
        assert calibrated(workshop).fit == first.fit

    def test_it_outlives_a_build_and_status_tells_it(self, workshop: Workshop, embedder):
        stored = calibrated(workshop).stored
        (workshop.settings.folder / "more.txt").write_text("The lighthouse of Absheron is 20 metres high.\n")
        again = opened(workshop.settings.folder, workshop.settings.index, embedder)
        refusal = again.refusal(again.status().manifest.recipe)
        assert (refusal.origin, refusal.calibration) == ("calibration", stored)
        assert again.chain().refusal.threshold == stored.threshold

    def test_a_threshold_that_is_set_wins(self, workshop: Workshop, embedder):
        calibrated(workshop)
        set_ = opened(workshop.settings.folder, workshop.settings.index, embedder, refusal_threshold=0.7)
        assert set_.chain().refusal.threshold == 0.7
        done = calibrated(set_)
        assert "but refusal_threshold is set to 0.7, and wins" in calibrated_text(done)
        told = "\n".join(refusal_lines(set_.refusal(set_.status().manifest.recipe)))
        assert (
            f"0.7000, as set by refusal_threshold, which wins over the calibrated {done.stored.threshold:.4f}" in told
        )

    def test_one_of_other_models_is_not_used_and_the_log_says_so(
        self, workshop: Workshop, caplog: pytest.LogCaptureFixture
    ):
        stored = calibrated(workshop).stored
        other = dataclasses.replace(stored.made_with, reranker="other", reranker_digest="0" * 64)
        write_calibration(workshop.settings.index, dataclasses.replace(stored, made_with=other))
        with caplog.at_level(logging.WARNING):
            assert workshop.chain().refusal == shipped_model()
        [line] = [r.getMessage() for r in caplog.records if "calibration" in r.getMessage()]
        assert "another cross-encoder ('other', now 'ms-marco-MiniLM-L-12-v2-int8')" in line

    def test_an_interruption_leaves_the_old_one(self, workshop: Workshop):
        calibrated(workshop)
        before = (workshop.settings.index / CALIBRATION).read_bytes()

        def interrupt(done: int, total: int) -> None:
            if done == 3:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            calibrated(workshop, interrupt)
        assert (workshop.settings.index / CALIBRATION).read_bytes() == before

    def test_what_cannot_be_done_is_told_before_the_first_question(self, workshop: Workshop, embedder):
        def fail(done: int, total: int) -> None:
            raise AssertionError

        with pytest.raises(InputError, match=r"set.yaml, line 2, case '1': unknown field"):
            Path("set.yaml").write_text("\n- {question: A, qestion: B}\n")
            calibrated(workshop, fail)
        Path("set.yaml").write_text(SET)
        with pytest.raises(InputError, match="too few questions to tell"):
            calibrate([Path("set.yaml")], set(), GOAL, False, workshop, fail)
        Path("set.yaml").write_text(f"{SET}- {{id: fr, question: Quand le port a-t-il été ouvert et par qui ?}}\n")
        with pytest.raises(InputError, match="case 'fr' is in French, which the models do not read"):
            calibrated(workshop, fail)
        Path("set.yaml").write_text(SET)
        nowhere = Workshop(load_settings(index=Path("nowhere")))
        nowhere.embedder = embedder
        with pytest.raises(IndexMissing):
            calibrated(nowhere, fail)

    def test_the_report_has_the_stored_rates_and_what_else_there_is(self, workshop: Workshop):
        done = calibrated(workshop)
        told = calibrated_json(done)
        assert json.loads(json.dumps(told))["threshold"] == done.stored.threshold
        assert told["sets"][0]["name"] == "set.yaml"
        assert {o["name"] for o in told["others"]} == {"keep 0.7", "as shipped"}  # five are too few for 0.9
        text = calibrated_text(done)
        assert "5 questions that the documents answer, 3 that they do not; 2 left out" in text
        assert "\n>  keep 0.8 " in text
        assert text.count("\n") == 8 and "0 of 5 (below 0.45)" in text

    def test_the_confidence_of_an_answer_is_on_the_fitted_scale(self, workshop: Workshop):
        stored = calibrated(workshop).stored
        write_calibration(workshop.settings.index, dataclasses.replace(stored, intercept=-1.0, slope=0.5))
        chain = workshop.chain()
        logit = shipped_model().logit(chain.evidence("Where were the cranes made?", Laps(), chain.index).signals)
        assert chain.invoke("Where were the cranes made?").confidence == round(probability(-1.0 + 0.5 * logit), 4)
