"""What a build has to do: the files of a folder held against the catalog of the generation that answers."""

from collections.abc import Iterable, Set
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

    A file whose bytes were known under a path that is gone is renamed: the old path and the new. It is read again,
    since its format and its date may come from its name; its texts keep their vectors.
    `skipped` starts with the files that are not worth parsing, and grows by those that turn out unreadable.
    """

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0
    to_read: list[SourceFile] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    changes: bool = False

    @property
    def outdated(self) -> list[str]:
        """Paths whose documents must leave the catalog."""
        return self.removed + self.updated + [old for old, _ in self.renamed]

    def reject(self, item: Skipped) -> None:
        """Take note that a file to be read cannot be: it was not added, and what it held before is gone."""
        self.skipped.append(item)
        if item.path in self.added:
            self.added.remove(item.path)
        elif item.path in self.updated:
            self.updated.remove(item.path)
            self.removed.append(item.path)
        else:
            lost = [pair for pair in self.renamed if pair[1] == item.path]
            self.renamed = [pair for pair in self.renamed if pair not in lost]
            self.removed += [old for old, _ in lost]


def make_plan(
    found: Iterable[SourceFile | Skipped],
    base: Path | None,
    max_bytes: int,
    distrusted: Set[str] = frozenset(),
    absent: tuple[str, ...] = (),
) -> Plan:
    """Compare every file, by the hash of its bytes, with what the generation `base` holds.

    Every file is hashed each time: sizes and times can stay while bytes change, and the cost is small beside the rest
    (decisions/generations.md). A file that could not be read last time is not tried again until its bytes change.
    Documents that are `distrusted` are read again, whatever their hash. What has a path that begins as one of
    `absent` stays as it is: its folder is not there to be compared with.
    """
    known, known_bad = _known(base)
    plan = Plan()
    kept = {path for path in known if path.startswith(absent)}
    for path, (item, sha) in known_bad.items():
        if path.startswith(absent):
            plan.skipped.append(item)
            plan.hashes.update({path: sha} if sha is not None else {})
    for each in found:
        checked = _hashed(each, max_bytes)
        if isinstance(checked, Skipped):
            plan.skipped.append(checked)
            continue
        file, sha = checked
        plan.hashes[file.path] = sha
        bad = known_bad.get(file.path)
        if bad is not None and bad[1] == sha:
            plan.skipped.append(bad[0])
        elif known.get(file.path) == sha and file.path not in distrusted:
            kept.add(file.path)
        else:
            plan.to_read.append(file)
            (plan.updated if file.path in known else plan.added).append(file.path)
    plan.unchanged = len(kept)
    still_here = kept.union(plan.updated)
    plan.removed = [path for path in known if path not in still_here]
    plan.changes = bool(plan.to_read or plan.removed)
    _find_renamed(plan, known)
    plan.skipped.sort(key=lambda item: item.path)
    known_skips = [item for item, _ in known_bad.values()]
    plan.changes = plan.changes or plan.skipped != known_skips
    return plan


def _find_renamed(plan: Plan, known: dict[str, str]) -> None:
    """Make one renamed file of an added and a removed one of the same bytes."""
    gone: dict[str, list[str]] = {}
    for path in reversed(plan.removed):
        gone.setdefault(known[path], []).append(path)
    for path in list(plan.added):
        if olds := gone.get(plan.hashes[path]):
            old = olds.pop()
            plan.renamed.append((old, path))
            plan.added.remove(path)
            plan.removed.remove(old)


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
