"""What a build has to do: the files of a folder held against the catalog of the generation that answers."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from pathlib import Path

from assistant.hashing import sha256_of
from assistant.ingest.formats.common import NEEDS_OCR
from assistant.ingest.parse import cannot_read, kind_of, too_large
from assistant.ingest.walk import SourceFile
from assistant.ingest.worker import Limits
from assistant.store import generations, same
from assistant.store.catalog import Catalog
from assistant.types import Skipped


@dataclass(slots=True)
class Plan:
    """Paths by what happened to them, the files to parse, and the SHA-256 of each file that was hashed.

    A file whose bytes were known under a path that is gone is renamed: the old path and the new. It is read again,
    since its format and its date may come from its name; its texts keep their vectors.
    Of files of the same bytes and format only the first is read, and the next one where it cannot be: `others` has
    their paths by that of the first. `outdated` are the paths of documents that must leave the catalog; that may be
    one whose file is unchanged, because its bytes are now found under an earlier path, or its file is gone and the
    bytes are still found under another. `lost` are files of documents that are not to be trusted, and whose bytes are
    not there to be read again.
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
    others: dict[str, list[str]] = field(default_factory=dict)
    outdated: list[str] = field(default_factory=list)
    files: dict[str, SourceFile] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    changes: bool = False

    @property
    def gone(self) -> list[str]:
        """Paths that were indexed, and under which there is nothing now."""
        return self.removed + [old for old, _ in self.renamed]

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
            self.removed += [old for old, _ in lost] or [item.path]
            self.unchanged -= not lost

    def next_of(self, path: str) -> SourceFile | None:
        """The file to read for its copies where the first of them was no good, if it has any."""
        copies = self.others.pop(path, None)
        if copies is None:
            return None
        first = next((path for path in copies if path in self.files), None)
        if first is None:
            return None
        if rest := [path for path in copies if path != first]:
            self.others[first] = rest
        return self.files[first]


def make_plan(
    found: Iterable[SourceFile | Skipped],
    base: Path | None,
    limits: Limits,
    distrusted: Set[str] = frozenset(),
    absent: tuple[str, ...] = (),
) -> Plan:
    """Compare every file, by the hash of its bytes, with what the generation `base` holds.

    Every file is hashed each time: sizes and times can stay while bytes change, and the cost is small beside the rest
    (decisions/generations.md). A file that could not be read last time is not tried again until its bytes change,
    or until text is recognised where it was lacking.
    Documents that are `distrusted` are read again, whatever their hash. What has a path that begins as one of
    `absent` stays as it is: its folder is not there to be compared with.
    """
    known, known_bad, known_others = _known(base)
    distrusted = _with_others(distrusted, known_others)
    plan = Plan()
    kept = {path for path in known.keys() - distrusted if path.startswith(absent)}
    for path, (item, sha) in known_bad.items():
        if path.startswith(absent):
            plan.skipped.append(item)
            plan.hashes.update({path: sha} if sha is not None else {})
    good: list[tuple[SourceFile, str]] = []
    for each in found:
        checked = _hashed(each, limits.file_bytes)
        if isinstance(checked, Skipped):
            plan.skipped.append(checked)
            continue
        file, sha = checked
        plan.hashes[file.path] = sha
        bad = known_bad.get(file.path)
        if bad is not None and bad[1] == sha and not (limits.ocr and bad[0].reason == NEEDS_OCR):
            plan.skipped.append(bad[0])
            continue
        good.append(checked)
        if known.get(file.path) == sha and file.path not in distrusted:
            kept.add(file.path)
        else:
            (plan.updated if file.path in known else plan.added).append(file.path)
    plan.unchanged = len(kept)
    still_here = kept.union(plan.updated)
    plan.removed = [path for path in known if path not in still_here]
    still_found = {sha for _, sha in good}
    plan.lost = [path for path in plan.removed if path in distrusted and known[path] not in still_found]
    _find_documents(plan, good, kept, known, known_others, absent)
    plan.changes = bool(plan.added or plan.updated or plan.removed or plan.to_read)
    _find_renamed(plan, known)
    plan.skipped.sort(key=lambda item: item.path)
    known_skips = [item for item, _ in known_bad.values()]
    plan.changes = plan.changes or plan.skipped != known_skips
    return plan


def _with_others(paths: Set[str], others: dict[str, list[str]]) -> set[str]:
    return {*paths, *(other for path in paths for other in others.get(path, ()))}


def _find_documents(
    plan: Plan,
    good: list[tuple[SourceFile, str]],
    kept: Set[str],
    known: dict[str, str],
    known_others: dict[str, list[str]],
    absent: tuple[str, ...],
) -> None:
    """Find which files are one document, which of these are to be read, and which must leave the catalog."""
    documents = known.keys() - {path for paths in known_others.values() for path in paths}
    there = {path: [p for p in paths if p.startswith(absent) and p in kept] for path, paths in known_others.items()}
    # A document of a folder that is not there cannot be read again: it stays that of its copies elsewhere.
    whole = {path for path in documents & kept if path.startswith(absent)}
    held = {(known[path], kind_of(path)): path for path in whole}
    plan.others = {path: list(there[path]) for path in whole if there.get(path)}
    for first, *rest in same.grouped(good):
        plan.files.update((file.path, file) for file in (first, *rest))
        copies = [file.path for file in rest]
        if holder := held.get((plan.hashes[first.path], kind_of(first.path))):
            plan.others[holder] = sorted([*plan.others.get(holder, ()), first.path, *copies])
            continue
        if first.path in documents and first.path in kept:
            whole.add(first.path)
            copies = sorted([*copies, *there.get(first.path, ())])
        else:
            plan.to_read.append(first)
        if copies:
            plan.others[first.path] = copies
    plan.outdated = sorted(documents - whole)


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


def _known(
    base: Path | None,
) -> tuple[dict[str, str], dict[str, tuple[Skipped, str | None]], dict[str, list[str]]]:
    """Path to SHA-256 of the files that are indexed; the files that are not, by path; `same.others`."""
    if base is None:
        return {}, {}, {}
    catalog = Catalog.open(base / generations.CATALOG)
    try:
        bad = {item.path: (item, sha) for item, sha in catalog.skipped()}
        return catalog.hashes(), bad, same.others(catalog)
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
