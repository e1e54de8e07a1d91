"""Results of an evaluation, made by hand: some passed, some lost, some with words that want to be more than text."""

from dataclasses import replace
from typing import Any

from assistant.evaluation.causes import Made
from assistant.evaluation.compare import Baseline, compare
from assistant.evaluation.figures import Gate
from assistant.evaluation.results import Found, Lost, Result, Stage
from assistant.evaluation.run_report import Report

HOSTILE = (
    "</title></style></svg><script>document.title='run'</script><img src=http://127.0.0.1:9/x onerror=alert(1)>"
    "\"'><a href=javascript:alert(1)>x</a>{{ 7 * 7 }}{% raw %} $\\frac{1}{2}$ \x00\x1b[31m\u202e&amp; url(http://127.0.0.1:9/y)"
)


def answer(text: str, confidence: float, status: str = "answered") -> dict[str, Any]:
    quoted = {
        "n": 1, "document": "ferry.md", "page": None, "heading": "Fares", "start": 3, "end": 9, "quote": text
    }  # fmt: skip
    return {
        "status": status, "text": text, "confidence": confidence, "citations": [quoted], "near": [],
        "timings_ms": {"total": 30.0 + 100 * confidence, "retrieve": 10.0, "verify": 0.0},
    }  # fmt: skip


def result(identity: str, stage: Stage | None = None, rank: int | None = 1, **changes: Any) -> Result:
    """A case that passed, or was lost at a stage, with its evidence at a rank."""
    number = sum(map(ord, identity)) % 97 / 97
    scores = {"correct": float(stage is None), "false_refusals": 0.0, "mrr": 1 / rank if rank else 0.0}
    scores |= {"hit@5": float(rank is not None and rank <= 5), "recall@5": float(rank is not None and rank <= 5)}
    lost = Lost(stage, f"“quote of {identity}”", f"instead of {identity}", "assistant ask x") if stage else None
    made = Result(
        "set.yaml", identity, f"Question {identity}?", True, ("fact",), None, None, stage is None, lost, scores,
        answer(f"Answer {identity}. [1]", number), (Found("ferry.md", 0, 90, 1.25),),
    )  # fmt: skip
    return replace(made, **changes)


def results() -> list[Result]:
    """Forty cases: thirty passed, the others lost at several stages, one of them hostile, one not asked."""
    passed = [result(f"ok-{n}", rank=1 + n % 4 // 3) for n in range(30)]
    lost = [result(f"near-{n}", "chosen, not stated", rank=2, tags=("fact", "near")) for n in range(5)]
    lost += [result(f"far-{n}", "not retrieved", rank=None, tags=("far",)) for n in range(3)]
    error = Lost("error", "an answer", "OSError: broken", "assistant ask y")
    lost.append(result("broken", "error", rank=None, answer=None, found=(), error="OSError: broken", lost=error))
    why = Lost("retrieved, not chosen", HOSTILE, HOSTILE, f"assistant ask '{HOSTILE}'")
    hostile = result("x", "retrieved, not chosen", rank=12, set=HOSTILE, question=HOSTILE, tags=(HOSTILE, "near"))
    return [*passed, *lost, replace(hostile, id=HOSTILE, lost=why, answer=answer(HOSTILE, 0.5))]


def whole_report() -> Report:
    """A report with gates and a baseline, against which three cases turned for the worse and one for the better."""
    now = results()
    before = [
        replace(r, passed=True, lost=None, scores={**r.scores, "correct": 1.0}) if r.id.startswith("far") else r
        for r in now
    ]
    before[0] = result("ok-0", "should have answered")
    held = compare(Made({"code": "2"}), now, Baseline({"code": "1"}, before), f"runs/{HOSTILE}", 0.02)
    made_of = {"version": "0.1.0", "sets": [{"name": HOSTILE, "sha256": "ab"}], "settings": {"strict": False}}
    gates = [Gate("hit@5", "<", 0.5), Gate("correct", "<", 0.9)]
    return Report(made_of, now, gates, held, before=before, begun_at="2026-01-02T03:04:05+00:00")
