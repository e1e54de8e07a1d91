"""An index that changes under a running server."""

import os
import re
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from serve_parts import build, write_documents

from assistant.answer.calibration import Calibration, Rate, remove_calibration, write_calibration
from assistant.compose import Workshop
from assistant.models.embedder import Embedder
from assistant.serve.gate import Unavailable
from assistant.serve.live import LiveChain
from assistant.settings import load_settings
from assistant.types import Question

pytestmark = pytest.mark.models

STAY = Question("How long may Chinese citizens stay?")
TRAIN = Question("When did the first train leave?")


@pytest.fixture
def workshop(tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """A folder of documents without an index; each build deletes the generation that answers."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    folder = write_documents(tmp_path / "documents")
    workshop = Workshop(load_settings(folder=folder, index=tmp_path / "index", keep_generations=1))
    workshop.embedder = embedder
    return workshop


@pytest.fixture
def live(workshop: Workshop):
    live = LiveChain(workshop)
    yield live
    live.close()


def test_a_new_index_takes_over_while_questions_are_asked(workshop: Workshop, live: LiveChain) -> None:
    build(workshop)
    live.start()
    stop = threading.Event()
    seen: list[tuple[str, str]] = []
    failures: list[Exception] = []

    def ask() -> None:
        try:
            while not stop.is_set():
                answer = live.ask(STAY)
                seen.append((answer.index.generation, answer.text))
        except Exception as error:
            failures.append(error)

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    days = {}
    for stay in ("41", "52", "63"):
        wait_for(lambda: failures or len(seen) > 2 * len(days))
        (workshop.settings.folder / "visas.txt").write_text(
            f"Chinese citizens may stay for up to {stay} days without a visa.\n"
        )
        build(workshop)
        days[answering(workshop)] = stay
        wait_for(lambda: failures or seen[-1][0] == answering(workshop))
    stop.set()
    for asker in askers:
        asker.join(60)

    assert failures == []
    assert "63 days" in live.ask(STAY).text
    for generation, text in seen:  # an answer is of one generation, never a mixture
        assert f"{days.get(generation, '30')} days" in text
    assert len({generation for generation, _ in seen}) == 4
    assert open_generations(workshop) == {answering(workshop)}
    live.close()
    assert open_generations(workshop) == set()
    assert list(workshop.settings.index.with_name("temporary").glob("cited-assistant-*")) == []


def test_an_index_that_cannot_be_used_does_not_take_over(workshop: Workshop, live: LiveChain) -> None:
    build(workshop)
    live.start()
    good = live.ask(TRAIN).index.generation
    pointer = workshop.settings.index / "CURRENT"
    pointer.write_text("20990101T000000-00\n")
    assert live.ask(TRAIN).index.generation == good
    assert live.problem() is None
    pointer.unlink()
    assert live.ask(TRAIN).index.generation == good


def test_a_server_that_started_without_an_index_answers_once_there_is_one(
    workshop: Workshop, live: LiveChain
) -> None:
    live.start()
    with pytest.raises(Unavailable, match="no index"):
        live.ask(TRAIN)
    assert "no index" in str(live.problem())
    build(workshop)
    assert live.problem() is None
    assert "25 May 2024" in live.ask(TRAIN).text


def test_a_new_calibration_takes_over_between_two_questions(workshop: Workshop, live: LiveChain) -> None:
    build(workshop)
    live.start()
    first = live.ask(TRAIN)
    assert first.status == "answered"
    made_with = workshop.made_with(workshop.status().manifest.recipe)
    rates = Rate(0, 20, 0.0, 0.15)
    made = Calibration(0.9999, 0.0, 1.0, "keep 0.95", rates, rates, 1.0, (), "2026-03-01T12:00:00+00:00", made_with)
    write_calibration(workshop.settings.index, made)
    second = live.ask(TRAIN)
    assert (second.status, second.confidence) == ("refused", first.confidence)
    assert second.index == first.index
    remove_calibration(workshop.settings.index)
    assert live.ask(TRAIN).status == "answered"


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def answering(workshop: Workshop) -> str:
    return (workshop.settings.index / "CURRENT").read_text().strip()


def open_generations(workshop: Workshop) -> set[str]:
    """The generations of an index that this process holds files of, deleted ones included."""
    links = [os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    place = re.escape(str(workshop.settings.index.resolve()))
    return {match[1] for link in links if (match := re.match(rf"{place}/generations/([^/ ]+)", link))}
