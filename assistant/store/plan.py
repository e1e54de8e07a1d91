"""What a build has to do: the files of a folder held against the catalog of the generation that answers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from assistant.hashing import sha256_of
from assistant.ingest.parse import cannot_read, too_large
from assistant.ingest.walk import SourceFile
from assistant.store import generations
from assistant.store.catalog import Catalog
from assistant.types import Skipped


@dataclass(slots=True)
class Plan:
    """Paths by what happened to them, the files to parse, and the SHA-256 of each file that was hashed.

    `skipped` starts with the files that are not worth parsing, and grows by those that turn out unreadable.
    """

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    to_read: list[SourceFile] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    changes: bool = False

    @property
    def outdated(self) -> list[str]:
        """Paths whose documents must leave the catalog."""
        return self.removed + self.updated

    def reject(self, item: Skipped) -> None:
        """Take note that a file to be read cannot be: it was not added, and what it held before is gone."""
        self.skipped.append(item)
        if item.path in self.added:
            self.added.remove(item.path)
        elif item.path in self.updated:
            self.updated.remove(item.path)
            self.removed.append(item.path)


def make_plan(found: Iterable[SourceFile | Skipped], base: Path | None, max_bytes: int) -> Plan:
    """Compare every file, by the hash of its bytes, with what the generation `base` holds.

    A file that could not be read last time is not tried again until its bytes change.
    """
    known, known_bad = _known(base)
    plan = Plan()
    kept: set[str] = set()
    for item in found:
        checked = _hashed(item, max_bytes)
        if isinstance(checked, Skipped):
            plan.skipped.append(checked)
            continue
        file, sha = checked
        plan.hashes[file.path] = sha
        bad = known_bad.get(file.path)
        if bad is not None and bad[1] == sha:
            plan.skipped.append(bad[0])
        elif known.get(file.path) == sha:
            kept.add(file.path)
        else:
            plan.to_read.append(file)
            (plan.updated if file.path in known else plan.added).append(file.path)
    plan.unchanged = len(kept)
    still_here = kept.union(plan.updated)
    plan.removed = [path for path in known if path not in still_here]
    plan.skipped.sort(key=lambda item: item.path)
    known_skips = [item for item, _ in known_bad.values()]
    plan.changes = bool(plan.to_read or plan.removed or plan.skipped != known_skips)
    return plan


def _known(base: Path | None) -> tuple[dict[str, str], dict[str, tuple[Skipped, str | None]]]:
    """Path to SHA-256 of the documents that are indexed, and the files that were not, by path."""
    if base is None:
        return {}, {}
    catalog = Catalog.open(base / generations.CATALOG)
    try:
        return catalog.hashes(), {item.path: (item, sha) for item, sha in catalog.skipped()}
    finally:
        catalog.close()


def _hashed(item: SourceFile | Skipped, max_bytes: int) -> tuple[SourceFile, str] | Skipped:
    if isinstance(item, Skipped):
        return item
    if item.size > max_bytes:
        return Skipped(item.path, too_large(item.size, max_bytes))
    try:
        return item, item.sha256 or sha256_of(item.absolute)
    except OSError as error:
        return Skipped(item.path, cannot_read(error))
