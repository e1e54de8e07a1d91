"""Kept runs in the form of TREC, which other programs of evaluation read: a run, and judgments (qrels)."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from assistant.errors import InputError
from assistant.evaluation.gold import relevant_passages, resolve
from assistant.evaluation.records import bytes_of
from assistant.evaluation.results import Found, Result, parse_results
from assistant.evaluation.rundir import RESULTS, read_run
from assistant.evaluation.sets import Case, read_set
from assistant.hashing import sha256_of
from assistant.store.catalog import Catalog
from assistant.store.generations import write

RUN, QRELS, TAG = "run.trec", "qrels.trec", "assistant"
MOST_BYTES = 2**30  # of a run's results
_PARTS = re.compile(r"[\s%]")  # white space parts the columns

Asked = list[tuple[str, Case, Result]]


def read_asked(folder: Path, sets: Sequence[Path], catalog: Catalog | None, generation: str | None) -> Asked:
    """The results of a run with the cases that they are of, each with its name in the files of TREC.

    Args:
        folder: of a kept run.
        sets: the question sets that it asked, unchanged.
        catalog: of the index that it asked, where its passages are wanted.
        generation: the name of that index's generation.

    Raises:
        InputError: the folder has no whole run, the sets or the index are others, or a file cannot be read.
    """
    stored = read_run(folder)
    if stored is None:
        raise InputError(f"{folder} holds no run; name one that was kept with assistant eval SET --output")
    if not stored.get("ended_at"):
        raise InputError(f"the run in {folder} was cut short; the command that began it goes on from there")
    made = stored["made_of"]
    known = {(each["name"], each["sha256"]) for each in made["sets"]}
    given = {(path.name, sha256_of(path)) for path in sets}
    if known != given:
        other = sorted(name for name, _ in known ^ given)[0]
        raise InputError(f"{folder} is a run of other sets; give those that it asked, as they were ({other} differs)")
    if catalog and made["index"]["generation"] != generation:
        raise InputError(f"{folder} is a run over another index than generation {generation}; rank documents instead")
    cases = {(path.name, case.id): case for path in sets for case in read_set(path)}
    results = parse_results(bytes_of(folder / RESULTS, MOST_BYTES).splitlines(), str(folder / RESULTS))
    several = len(sets) > 1
    return [(encoded(f"{r.set}:{r.id}" if several else r.id), cases[r.set, r.id], r) for r in results]


def run_lines(asked: Asked, passages: bool) -> Iterator[str]:
    """What was found for each question, best first, as `query Q0 document rank score tag`.

    A document has the rank of the first of its passages. The score falls by one from rank to rank, since the order of
    passages is not that of a single score.
    """
    for name, _, result in asked:
        ranked = list(dict.fromkeys(passage_name(f) if passages else encoded(f.document) for f in result.found))
        for rank, found in enumerate(ranked, start=1):
            yield f"{name} Q0 {found} {rank} {len(ranked) - rank + 1} {TAG}\n"


def qrels_lines(asked: Asked, catalog: Catalog | None) -> Iterator[str]:
    """What is relevant to each question, as `query 0 document 1`: its sources, or with a catalog passages of them."""
    for name, case, _ in asked:
        relevant = _passages(case, catalog) if catalog else [encoded(source.file) for source in case.sources]
        for each in dict.fromkeys(relevant):
            yield f"{name} 0 {each} 1\n"


def export_trec(asked: Asked, catalog: Catalog | None, output: Path) -> tuple[Path, Path]:
    """Write both files into a folder and return their paths.

    Raises:
        InputError: one is there already, or cannot be written.
    """
    targets = output / RUN, output / QRELS
    for target in targets:
        if target.exists():
            raise InputError(f"{target} is there already; give another --output, or delete it")
    try:
        output.mkdir(parents=True, exist_ok=True)
        write(targets[0], "".join(run_lines(asked, passages=catalog is not None)))
        write(targets[1], "".join(qrels_lines(asked, catalog)))
    except OSError as error:
        raise InputError(f"cannot write {output}: {error.strerror}") from error
    return targets


def encoded(name: str) -> str:
    """A name without white space, which is percent-encoded, as a percent sign is."""
    return _PARTS.sub(lambda found: quote(found[0]), name)


def passage_name(found: Found) -> str:
    """A passage by its document and offsets."""
    return encoded(f"{found.document}#{found.start}-{found.end}")


def _passages(case: Case, catalog: Catalog) -> list[str]:
    evidence = resolve(case, catalog)
    relevant = relevant_passages(evidence, catalog)
    every = (p for path in sorted({s.file for s in case.sources}) for p in catalog.passages_of(path, 0, 2**62))
    return [passage_name(Found(p.document, p.start, p.end, 0.0)) for p in every if p.id in relevant]
