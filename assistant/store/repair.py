"""Mending an index, from its catalog or from the files, as a new generation."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.ingest.collections import Collection
from assistant.store import copies
from assistant.store.build import BuildReport, Making, Progress, build_index
from assistant.store.doctor import Check, examine


@dataclass(frozen=True, slots=True)
class Repair:
    """What was wrong, what was done about it, a line each, and what is wrong still."""

    before: list[Check]
    done: list[str]
    after: list[Check]


def repair(index: Path, collections: Sequence[Collection], making: Making, keep: int, progress: Progress) -> Repair:
    """Mend what can be mended; where nothing is wrong, nothing is done.

    Args:
        index: the folder of the index.
        collections: the documents.
        making: how the present settings build an index.
        keep: generations left on the disk, the new one included.
        progress: told now and then how far a stage is.

    Raises:
        IndexMissing, IndexMismatch, InputError, IndexBusy: as for `examine` and `build_index`.
    """
    before = examine(index, making, progress)
    if all(check.ok for check in before):
        return Repair(before, [], before)
    swept = copies.sweep()
    report = build_index(collections, index, making, keep, "repair", progress)
    return Repair(before, _done(report, len(swept)), examine(index, making, progress))


def _done(report: BuildReport, swept: int) -> list[str]:
    lost = ", ".join(map(repr, report.lost))
    read = [*report.added, *report.updated, *(new for _, new in report.renamed)]
    told = [
        (f"read {len(read)} files again", bool(read)),
        (f"took out {len(report.removed)} documents whose files are gone", bool(report.removed)),
        (f"took over {report.resumed} vectors, each checked", report.resumed > 0),
        (f"embedded {report.embedded} texts", report.embedded > 0),
        (
            f"lost {lost}: damaged in the index, and the files are gone",
            bool(report.lost),
        ),
        (f"deleted {swept} private copies of dead readers", swept > 0),
    ]
    made = f"made generation {report.manifest.generation}: words and vectors anew from the catalog, and verified"
    return [made, *(text for text, is_so in told if is_so)]
