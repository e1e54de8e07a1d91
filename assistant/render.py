"""Answers, passages and reports as JSON and as text for a terminal."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Any

from rich.cells import cell_len, set_cell_size

from assistant.answer.calibration import Rate, Refusal, rule_of_three
from assistant.answer.cite import cite
from assistant.ingest.parse import FORMATS
from assistant.store.build import BuildReport
from assistant.store.doctor import Check
from assistant.store.index import Status
from assistant.types import Answer, Citation, Disagreement, RankedPassage, Skipped

# Control characters but tab and newline, marks of writing direction, and halves of characters.
STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

# What the pages of a document are, where they are no pages, by its kind.
_PAGES: dict[str, str] = {"xlsx": "sheet", "ods": "sheet", "pptx": "slide", "odp": "slide", "mbox": "message"}


RECOGNISED = "recognised from a picture of the page"


def to_json(value: Any) -> str:
    """One line of JSON, characters as they are."""
    return json.dumps(value, ensure_ascii=False)


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer as every program sees it."""
    return asdict(answer)


def passages_json(query: str, ranked: Sequence[RankedPassage]) -> dict[str, Any]:
    """Ranked passages as every program sees them: each is a citation of the whole passage, with its rank."""
    passages = [
        {**asdict(cite(n, found.passage, found.passage, found.score)), "rank": n}
        for n, found in enumerate(ranked, start=1)
    ]
    return {"query": query, "passages": passages}


def build_json(report: BuildReport, unread: str | None) -> dict[str, Any]:
    """What a build did; `note` says whether the models do not read most of the documents."""
    return {**asdict(report), "note": unread}


def status_json(status: Status, refusal: Refusal, unread: str | None) -> dict[str, Any]:
    """What the index holds and does not, what is damaged, and by what is refused; `note` as in `build_json`."""
    return {
        **asdict(status.manifest),
        "skipped": [asdict(item) for item in status.skipped],
        "notices": status.notices,
        "refusal": {
            "threshold": refusal.model.threshold,
            "origin": refusal.origin,
            "calibration": asdict(refusal.calibration) if refusal.calibration else None,
            "note": refusal.note,
        },
        "note": unread,
    }


def printable(text: str) -> str:
    """A text that cannot steer a terminal: control and direction characters are spelled out."""
    return STEERING.sub(lambda match: ascii(match[0])[1:-1], text)


def answer_text(answer: Answer) -> str:
    """An answer for people: what was searched for and where, text, values that differ, and what is cited."""
    lines = [f"(searched for: {answer.query})"] if answer.query != answer.question else []
    lines += [f"(only documents {answer.filter})"] if answer.filter else []
    lines.append(answer.text)
    if answer.note:
        lines.append(f"({answer.note})")
    if answer.status == "refused":
        if answer.missing_terms:
            where = "none of these documents" if answer.filter else "no document"
            lines.append(f"Found in {where}: {', '.join(answer.missing_terms)}.")
        if answer.near:
            lines += ["", "Closest passages:"]
    if answer.disagreements:
        lines += ["", "Sources differ:", *disagreement_lines(answer.disagreements)]
    lines += [""] if answer.citations else []
    lines += [citation_text(citation) for citation in answer.citations or answer.near]
    return "\n".join(lines)


def disagreement_lines(disagreements: Sequence[Disagreement], longest: int = 40) -> list[str]:
    """Disagreements as lines of one table: topic, value, date, citation; each cell at most `longest` columns wide."""
    rows = [("topic", "value", "date", "source")]
    for each in disagreements:
        for i, value in enumerate(each.values):
            rows.append(("" if i else each.topic, value.value, value.date or "undated", f"[{value.citation}]"))
    cells = [[shortened(cell, longest) for cell in row] for row in rows]
    widths = [max(cell_len(row[i]) for row in cells) for i in range(len(rows[0]))]
    lines = ["  ".join(map(set_cell_size, row, widths)) for row in cells]
    return [f"  {line}".rstrip() for line in lines]


def shortened(text: str, longest: int) -> str:
    """A text on one line, cut so that it takes up at most `longest` columns of a terminal."""
    text = printable(" ".join(text.split()))
    return text if cell_len(text) <= longest else set_cell_size(text, longest - 1).rstrip() + "…"


def passages_text(ranked: Sequence[RankedPassage]) -> str:
    """Ranked passages for people."""
    cited = [cite(n, found.passage, found.passage, found.score) for n, found in enumerate(ranked, start=1)]
    return "\n".join(citation_text(citation) for citation in cited)


def citation_text(citation: Citation, longest: int = 300) -> str:
    """One citation: number, place, and the quote, cut at `longest` characters."""
    quote = " ".join(citation.quote.split())
    if len(quote) > longest:
        quote = quote[:longest].rstrip() + "…"
    also = f"\n    {also_in(citation)}" if citation.also else ""
    return f"[{citation.n}] {place(citation)}{also}\n    “{quote}”"


def place(citation: Citation) -> str:
    """Where a citation points: document, page, heading, row and offsets."""
    parts = [on_one_line(citation.document), *whereabouts(citation)]
    seen = f", {RECOGNISED}" if citation.recognised else ""
    return f"{', '.join(parts)} ({citation.start}–{citation.end}){seen}"


def also_in(citation: Citation, most: int = 5) -> str:
    """The other paths of a citation's document, `most` of them named."""
    named = [on_one_line(path) for path in citation.also[:most]]
    further = [f"{len(citation.also) - most} more"] if len(citation.also) > most else []
    return f"also in: {', '.join(named + further)}"


def on_one_line(path: str) -> str:
    """A path whose line breaks are spelled out."""
    return path.replace("\n", "\\n")


def whereabouts(citation: Citation) -> list[str]:
    """Where in its document a citation points, as a person would say it: "sheet 2", "Fees", "row 118"."""
    parts = []
    if citation.page is not None:
        kind = FORMATS.get(PurePosixPath(citation.document).suffix.lower())
        parts.append(page_name(kind, citation.page, citation.page_label))
    parts += [citation.heading] if citation.heading else []
    if citation.row is not None:
        several = "\n" in citation.quote  # no cell holds a line break
        parts.append(f"from row {citation.row}" if several else f"row {citation.row}")
    return parts


def page_name(kind: str | None, number: int, label: str | None = None) -> str:
    """A page of a document of this kind as a person would say it: "sheet 2", or "page iv (4)" with a label."""
    name = _PAGES.get(kind or "", "page")
    return f"{name} {label} ({number})" if label else f"{name} {number}"


def build_text(report: BuildReport, unread: str | None) -> str:
    """What a build did, for people."""
    manifest = report.manifest
    done = f"{len(report.added)} added, {len(report.updated)} updated, {len(report.removed)} removed"
    done += f", {len(report.renamed)} renamed" if report.renamed else ""
    embedded = f"{report.embedded} texts embedded"
    embedded += f", {report.resumed} taken over from an interrupted build" if report.resumed else ""
    lines = [
        f"{manifest.counted}, {manifest.passages} passages in the index: {done}, "
        f"{report.unchanged} unchanged; {embedded}" + ("" if report.changed else "; nothing to do")
    ]
    lost = [f"lost: {path!r}: it was damaged in the index, and its file is gone" for path in report.lost]
    lost += [f"note: {unread}"] if unread else []
    return "\n".join([*lines, *lost, *skipped_lines(report.skipped)])


def status_text(status: Status, refusal: Refusal, unread: str | None) -> str:
    """What the index holds, and by what is refused, for people."""
    manifest = status.manifest
    recipe = manifest.recipe
    lines = [
        f"generation  {manifest.generation}, built {manifest.built_at}",
        *(f"folder      {f'{name} = ' if name else ''}{folder}" for name, folder in manifest.folders.items()),
        f"holds       {manifest.counted}, {manifest.passages} passages, {manifest.vectors} vectors",
        f"embedder    {recipe.embedder} ({recipe.embedder_digest[:12]}…)",
        *refusal_lines(refusal),
    ]
    lines += [f"note        {unread}"] if unread else []
    return "\n".join([*(f"damaged     {text}" for text in status.notices), *lines, *skipped_lines(status.skipped)])


def checks_json(checks: Sequence[Check], done: Sequence[str]) -> dict[str, Any]:
    """What was looked at in an index, and what was done about it."""
    return {"ok": all(c.ok for c in checks), "checks": [asdict(check) for check in checks], "done": list(done)}


def checks_text(checks: Sequence[Check]) -> str:
    """What was looked at in an index, for people: a line each."""
    return "\n".join(
        f"{'ok' if check.ok else 'problem':<9}{check.name:<12}{check.found}"
        + (f"; {check.advice}" if check.advice and not check.ok else "")
        for check in checks
    )


def skipped_lines(skipped: Sequence[Skipped]) -> list[str]:
    """One line a file that was not indexed."""
    return [f"not indexed: {item.path!r}: {item.reason}" for item in skipped]


def refusal_lines(refusal: Refusal) -> list[str]:
    """The threshold, where it comes from, and the rates that were seen at it."""
    made = refusal.calibration
    origins = {
        "setting": "as set by refusal_threshold"
        + (f", which wins over the calibrated {made.threshold:.4f}" if made else ""),
        "shipped": "as shipped",
        "calibration": f"calibrated {made.made_at[:10]} on {', '.join(s.name for s in made.sets)}" if made else "",
    }
    lines = [f"refuses     below confidence {refusal.model.threshold:.4f}, {origins[refusal.origin]}"]
    if made and refusal.origin == "calibration":
        lines.append(f"            answers {rate_text(made.false_answers)} of the unanswerable questions there,")
        lines.append(f"            refuses {rate_text(made.false_refusals)} of the answerable ones")
    return [printable(line) for line in [*lines, *([refusal.note] if refusal.note else [])]]


def rate_text(rate: Rate) -> str:
    """A rate with its interval, as in `3 of 40 (0.07, 0.03 to 0.20)`; of none, what it lies below (rule of three)."""
    if rate.count == 0:
        return f"0 of {rate.of} (below {rule_of_three(rate.of):.2f})"
    return f"{rate.count} of {rate.of} ({rate.value:.2f}, {rate.low:.2f} to {rate.high:.2f})"
