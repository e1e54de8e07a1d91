"""A calibration kept with the index: used while it applies, told of where it does not, whole or not there."""

import dataclasses
import json
import os
from pathlib import Path

import pytest

from assistant.answer.calibration import (
    CALIBRATION,
    AskedSet,
    Calibration,
    MadeWith,
    Rate,
    check_writable,
    refusal_in_use,
    remove_calibration,
    write_calibration,
)
from assistant.answer.confidence import Signals, probability, shipped_model
from assistant.errors import InputError

PRESENT = MadeWith("mini", "e" * 64, "cross", "c" * 64, shipped_model().digest)
MADE = Calibration(
    threshold=0.25,
    intercept=0.5,
    slope=2.0,
    goal="keep 0.95",
    false_answers=Rate(3, 30, 0.03, 0.26),
    false_refusals=Rate(2, 40, 0.01, 0.17),
    auroc=0.9,
    sets=(AskedSet("questions.yaml", "5" * 64),),
    made_at="2026-03-01T12:00:00+00:00",
    made_with=PRESENT,
)
SIGNALS = Signals(*([0.5] * len(dataclasses.fields(Signals))))


def in_use(threshold: float | None = None, present: MadeWith = PRESENT):
    return refusal_in_use(Path(), threshold, lambda: present)


def test_without_one_the_shipped_model_is_used_and_no_model_is_looked_at():
    def fail() -> MadeWith:
        raise AssertionError

    found = refusal_in_use(Path(), None, fail)
    assert (found.origin, found.calibration, found.note) == ("shipped", None, None)
    assert found.model == shipped_model()


def test_what_was_stored_is_used():
    write_calibration(Path(), MADE)
    found = in_use()
    assert (found.origin, found.calibration, found.note) == ("calibration", MADE, None)
    assert found.model.threshold == 0.25
    expected = probability(0.5 + 2.0 * shipped_model().logit(SIGNALS))
    assert found.model.confidence(SIGNALS) == pytest.approx(expected, abs=1e-12)
    assert [path.name for path in Path().iterdir()] == [CALIBRATION]


def test_a_threshold_that_is_set_wins_and_the_scale_stays():
    write_calibration(Path(), MADE)
    found = in_use(threshold=0.6)
    assert (found.origin, found.model.threshold) == ("setting", 0.6)
    assert found.model.confidence(SIGNALS) == pytest.approx(in_use().model.confidence(SIGNALS))


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"embedder": "maxi", "embedder_digest": "f" * 64}, "another embedder ('mini', now 'maxi')"),
        ({"reranker_digest": "f" * 64}, "another cross-encoder"),
        ({"coefficients": "f" * 64}, "other coefficients than this version's"),
    ],
)
def test_one_that_was_made_with_something_else_is_not_used_and_that_is_told(other: dict[str, str], told: str):
    write_calibration(Path(), MADE)
    found = in_use(present=dataclasses.replace(PRESENT, **other))
    assert (found.origin, found.calibration, found.model) == ("shipped", None, shipped_model())
    assert found.note and told in found.note and "is not used" in found.note and "\n" not in found.note
    assert "assistant calibrate SET" in found.note


def test_other_names_of_the_same_models_change_nothing():
    write_calibration(Path(), MADE)
    assert in_use(present=dataclasses.replace(PRESENT, embedder="models/mini")).origin == "calibration"


def damaged() -> dict[str, str]:
    text = json.dumps(dataclasses.asdict(MADE))
    record = json.loads(text)
    return {
        "cut": text[:-20],
        "other": json.dumps({**record, "more": 1}),
        "less": json.dumps({k: v for k, v in record.items() if k != "slope"}),
        "threshold": json.dumps({**record, "threshold": 1.5}),
        "slope": json.dumps({**record, "slope": -1.0}),
        "nan": json.dumps({**record, "intercept": float("nan")}),
        "list": "[]",
        "none": "",
    }


@pytest.mark.parametrize("how", damaged())
def test_one_that_cannot_be_read_is_not_used_and_that_is_told(how: str):
    Path(CALIBRATION).write_text(damaged()[how])
    found = in_use()
    assert (found.origin, found.model) == ("shipped", shipped_model())
    assert found.note and "cannot be read and is not used" in found.note


def test_a_new_one_takes_the_place_of_the_old_and_a_failure_leaves_it(monkeypatch: pytest.MonkeyPatch):
    write_calibration(Path(), MADE)
    later = dataclasses.replace(MADE, threshold=0.75)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", interrupt)
        with pytest.raises(KeyboardInterrupt):
            write_calibration(Path(), later)
    assert in_use().calibration == MADE
    assert [path.name for path in Path().iterdir()] == [CALIBRATION]
    write_calibration(Path(), later)
    assert in_use().calibration == later


def test_it_can_be_taken_away():
    assert remove_calibration(Path()) is False
    write_calibration(Path(), MADE)
    assert remove_calibration(Path()) is True
    assert in_use().origin == "shipped"
    assert remove_calibration(Path("nowhere")) is False


def test_a_folder_that_cannot_be_written_is_told():
    for attempt in (lambda: check_writable(Path("nowhere")), lambda: write_calibration(Path("nowhere"), MADE)):
        with pytest.raises(InputError, match=r"cannot write nowhere/calibration.json: No such file"):
            attempt()
    Path(CALIBRATION).mkdir()
    for attempt in (lambda: write_calibration(Path(), MADE), lambda: remove_calibration(Path())):
        with pytest.raises(InputError, match=r"cannot write calibration.json: Is a directory"):
            attempt()
    assert [path.name for path in Path().iterdir()] == [CALIBRATION]


@pytest.mark.skipif(os.geteuid() == 0, reason="to root every folder is writable")
def test_a_read_only_folder_is_told():
    Path("index").mkdir(mode=0o555)
    with pytest.raises(InputError, match="Permission denied"):
        check_writable(Path("index"))


def test_the_digest_of_the_coefficients_is_of_all_that_gives_a_confidence_its_meaning():
    model = shipped_model()
    assert model.rescaled(0.0, 1.0, 0.9).digest == model.digest
    assert model.rescaled(0.1, 1.0, 0.9).digest != model.digest
    assert model.rescaled(0.0, 1.1, 0.9).digest != model.digest
