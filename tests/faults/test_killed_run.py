"""A run of evaluation that is killed and goes on: the report is that of a run that was not, but for times."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from store_parts import build

from assistant.compose import Workshop
from assistant.evaluation.rundir import RESULTS

pytestmark = pytest.mark.models
ROOT = Path(__file__).resolve().parents[2]
WAIT = 300.0  # seconds for a process to come so far
SET = """
- {id: sea, question: Where does the Kura flow to?, answers: [the Caspian Sea],
   sources: [{file: rivers.txt, quote: flows into the Caspian Sea}], tags: [place]}
- {id: rises, question: Where does the Kura rise?, answers: [Georgia], tags: [place]}
- {id: lies, question: Where does the port of Alat lie?, answers: [south of Baku]}
- {id: planned, question: What is the planned capacity of Alat?, numeric: {value: 25, unit: million tons}}
- {id: chess, question: How does a knight move in chess?, answerable: no}
"""


def command(index: Path, output: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "assistant",
        "eval",
        "set.yaml",
        "--index",
        str(index),
        "--output",
        output,
        "--json",
    ]


def steady(report: bytes) -> bytes:
    """A report, byte for byte, but for its times, which come last."""
    before, times, _ = report.partition(b'"latency_ms"')
    assert times
    return before


@pytest.mark.parametrize("after", [0, 2])
def test_a_run_that_is_killed_goes_on_and_reports_the_same(workshop: Workshop, after: int) -> None:
    build(workshop)
    Path("set.yaml").write_text(SET)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    index = workshop.settings.index
    whole = subprocess.run(command(index, "whole"), env=environment, capture_output=True)
    assert whole.returncode == 0, whole.stderr
    assert b"failed rises: " in whole.stderr and whole.stderr.count(b"failed ") == 1

    ends = time.monotonic() + WAIT
    with subprocess.Popen(command(index, "cut"), env=environment, stderr=subprocess.DEVNULL) as cut:
        results = Path("cut", RESULTS)
        while not (Path("cut", "run.json").exists() and lines(results) >= after):
            assert cut.poll() is None and time.monotonic() < ends
            time.sleep(0.002)
        cut.send_signal(signal.SIGKILL)
    assert cut.returncode == -signal.SIGKILL
    done = lines(results)
    assert after <= done < 5

    resumed = subprocess.run(command(index, "cut"), env=environment, capture_output=True)
    assert resumed.returncode == 0, resumed.stderr
    assert steady(resumed.stdout) == steady(whole.stdout)
    again = [untimed(Path(folder, RESULTS)) for folder in ("whole", "cut")]
    assert again[0] == again[1] and len(again[0]) == 5
    assert Path("cut", "documents.json").read_bytes() == Path("whole", "documents.json").read_bytes()


def lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def untimed(path: Path) -> list[dict]:
    records = [json.loads(line) for line in path.read_bytes().splitlines()]
    for record in records:
        del record["answer"]["timings_ms"]
    return records
