"""What a calibration came to, as JSON and as text."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assistant.evaluation.calibrate import Calibrated
from assistant.evaluation.thresholds import Outcome
from assistant.render import rate_text


def calibrated_json(done: Calibrated) -> dict[str, Any]:
    """What was stored, and the other thresholds that it was chosen from."""
    scale = done.fit.scale
    return {
        **asdict(done.stored),
        "left_out": done.left_out,
        "log_loss": {"as_shipped": scale.loss_before, "rescaled": scale.loss_after},
        "others": [asdict(outcome) for outcome in done.fit.others],
    }


def calibrated_text(done: Calibrated) -> str:
    """What was stored, its rates, and a table of what other thresholds would do."""
    fit, chosen = done.fit, done.fit.chosen
    asked = (
        f"{chosen.false_refusals.of} questions that the documents answer, {chosen.false_answers.of} that they do not"
    )
    losses = f"log loss {fit.scale.loss_before:.3f} as shipped, {fit.scale.loss_after:.3f} rescaled"
    used = "rescaled from now on" if fit.scale.changes else "left as it ships"
    overruled = (
        [] if done.set_to is None else [f"            but refusal_threshold is set to {done.set_to:g}, and wins"]
    )
    return "\n".join(
        [
            f"asked       {asked}" + (f"; {done.left_out} left out" if done.left_out else ""),
            f"told apart  AUROC {fit.auroc:.3f} (1 is always, 0.5 is by chance)",
            f"confidence  {used} ({losses}, cross-validated)",
            f"refuses     below confidence {chosen.threshold:.4f}, stored with the index",
            *overruled,
            "",
            *_table([chosen, *fit.others], chosen),
        ]
    )


def _table(outcomes: Sequence[Outcome], chosen: Outcome) -> list[str]:
    rows = [("", "goal", "threshold", "false answers", "false refusals")]
    for outcome in sorted(outcomes, key=lambda o: o.threshold):
        rates = rate_text(outcome.false_answers), rate_text(outcome.false_refusals)
        rows.append((">" if outcome is chosen else "", outcome.name, f"{outcome.threshold:.4f}", *rates))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
