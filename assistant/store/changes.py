"""What the last build found changed, kept beside the generations for who looks at the library."""

import json
import logging
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.store import generations
from assistant.store.build import BuildReport

LAST_SYNC = "last_sync.json"
MOST_NAMED = 200  # paths of each kind; the others are counted

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed when a generation was built: paths by kind, `MOST_NAMED` of each, and how many there were.

    `checked_at` is when the folders were last looked through, which may be later. Times are ISO 8601, UTC.
    """

    checked_at: str
    generation: str
    counts: dict[str, int]
    named: dict[str, list[str]]  # by the kinds of `counts`; a renamed file is "old → new"


def record_changes(index: Path, report: BuildReport, discreet: bool) -> None:
    """Keep what a build did. One that found nothing to do only moves the time of the last look.

    Args:
        index: the index folder.
        report: what it did.
        discreet: whether the names of files that are gone must not stay.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    before = None if report.changed else read_changes(index, report.manifest.generation)
    if before is None:
        found = {
            "added": report.added,
            "changed": report.updated,
            "removed": report.removed,
            "renamed": tuple(f"{old} → {new}" for old, new in report.renamed),
        }
        counts, named = _counted(found), {kind: list(paths[:MOST_NAMED]) for kind, paths in found.items()}
    else:
        counts, named = before.counts, before.named
    if discreet:
        named = {**named, "removed": [], "renamed": []}
    changes = Changes(now, report.manifest.generation, counts, named)
    try:
        generations.write(index / LAST_SYNC, json.dumps(asdict(changes), ensure_ascii=False) + "\n")
    except OSError as error:  # the index itself is whole
        log.warning("what changed could not be kept: %s", error)


def _counted(found: dict[str, tuple[str, ...]]) -> dict[str, int]:
    return {kind: len(paths) for kind, paths in found.items()}


def read_changes(index: Path, generation: str) -> Changes | None:
    """What changed when a generation was built, or None where that is not known."""
    try:
        data = json.loads((index / LAST_SYNC).read_text(encoding="utf-8"))
        changes = Changes(**data)
        datetime.fromisoformat(changes.checked_at)
        whole = all(isinstance(changes.counts[kind], int) for kind in changes.named)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return changes if whole and changes.generation == generation else None
