"""Kill builds at named points and at random times, while a reader asks, and see that nothing is lost.

    python tests/faults/kills.py --kills 300

Before each kill some of the files are changed, added, copied, deleted or renamed. A build (sync, prune, rebuild,
repair of a damaged index, or watching) is then ended by SIGKILL. The reader follows the pointer and asks for one
document after another: each has to be found, in the words that its file had when the generation was built. After
one or more kills a build may finish: it must embed just the texts whose vectors no kill had let reach the disk,
hold every file, and `doctor` must find nothing. Prints counts as JSON, and exits with 1 at the first thing that is
not so.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from kill_parts import POINTS, STEP, WAIT, Folder, Told, ended, forked, keys_of, kill_at, void

from assistant import watch
from assistant.compose import Workshop
from assistant.settings import load_settings
from assistant.store import fill, generations
from assistant.store.catalog import Catalog
from assistant.store.index import Index


class Trial:
    """One folder, one index, one reader, and many kills."""

    def __init__(self, work: Path, files: int, seed: int) -> None:
        self.chance = random.Random(seed)
        self.told = Told()
        self.folder = Folder(work / "documents", files, self.chance)
        self.index, self.out, self.log, self.stop = work / "index", work / "out", work / "asked", work / "stop"
        self.workshop = Workshop(load_settings(folder=self.folder.path, index=self.index, threads=1))
        self.workshop.embedder.embed_passages(["warm"])
        fill.STEP = STEP
        self.held = work / "held"  # the name of the generation that the reader has opened
        self.states: dict[str, list[dict[str, str]]] = {}
        self.spoiled = False  # a catalog was damaged since the last build that finished: its vectors are lost

    def run(self, kills: int) -> None:
        """Build, kill and finish, until so many were killed."""
        self.finish()
        reader = forked(self.read, self.out.with_name("reader"))
        try:
            while self.told.kills < kills:
                self.kill_one()
                if self.chance.random() < 0.6:
                    self.finish()
            self.finish()
            self.stop.touch()
            assert ended(reader, WAIT) == 0, "the reader failed"
        finally:
            if not self.stop.exists():
                os.kill(reader, signal.SIGKILL)
        self.check_reader()

    def kill_one(self) -> None:
        """Change the folder, and kill a build of one kind at one point or time."""
        chance = self.chance
        mode = chance.choices(("sync", "prune", "rebuild", "repair", "watch"), (50, 15, 5, 10, 20))[0]
        named = chance.random() < 0.7
        point = chance.choice(sorted(POINTS))
        nth, before = chance.randint(1, POINTS[point][2]), chance.random() < 0.5
        if mode != "watch":
            self.folder.change()
        if mode == "repair":
            self.damage()

        def work() -> None:
            if named:
                kill_at(point, nth, before)
            self.build(mode)

        started = time.monotonic()
        child = forked(work, self.out)
        if mode == "watch":
            time.sleep(chance.uniform(0.3, 0.6))
            self.folder.change()
        limit = (6.0 if mode == "watch" else WAIT) if named else chance.uniform(0.0, 1.0) ** 2 * 3.0
        status = self.watched(child, limit)
        if status is None:
            os.kill(child, signal.SIGKILL)
            status = ended(child, WAIT)
            named = False
        self.note_generation()
        assert status in (0, -signal.SIGKILL), f"{mode} at {point} ended with {status}"
        if status == 0:
            self.told.not_reached += 1
            return
        self.told.kills += 1
        self.told.modes[mode] = self.told.modes.get(mode, 0) + 1
        where = point if named else "at random"
        self.told.points[where] = self.told.points.get(where, 0) + 1
        sys.stderr.write(f"{self.told.kills}: {mode} killed, {where}, {time.monotonic() - started:.1f} s\n")

    def watched(self, child: int, seconds: float) -> int | None:
        """The status of a child once it has ended, None after so many seconds; what answers meanwhile is noted."""
        end = time.monotonic() + seconds
        while (status := ended(child, 0.01)) is None and time.monotonic() < end:
            self.note_generation()  # who watches may build several, and the reader sees each
        return status

    def build(self, mode: str) -> dict[str, Any] | None:
        """Do what a command does."""
        quiet = lambda stage, done, total: None  # noqa: E731
        if mode == "watch":
            watch.follow([self.folder.path], self.index, lambda: void(self.workshop.build(False, quiet)))
        elif mode == "repair":
            self.workshop.repair(quiet)
        else:
            report = self.workshop.build(mode == "rebuild", quiet, mode == "prune")
            return {"embedded": report.embedded, "resumed": report.resumed, "generation": report.manifest.generation}
        return None

    def damage(self) -> None:
        """Spoil the vectors or the catalog of the generation that answers, once the reader holds it open."""
        answering = generations.require_live(self.index)
        end = time.monotonic() + WAIT
        while not self.held.exists() or self.held.read_text() != answering.name:
            assert time.monotonic() < end, "the reader does not open the generation that answers"
            time.sleep(0.02)
        self.spoiled = self.chance.random() < 0.4
        name = generations.CATALOG if self.spoiled else f"{generations.VECTORS}/chroma.sqlite3"
        (answering / "spoiled").write_bytes(self.chance.randbytes(5_000))
        os.replace(answering / "spoiled", answering / name)

    def finish(self) -> None:
        """Let a build finish, and hold everything against the files."""
        self.folder.before = dict(self.folder.texts)
        had = self.keys_on_disk()
        assert ended(forked(lambda: self.build("sync"), self.out), WAIT) == 0, "a build failed"
        report = json.loads(self.out.read_text())
        self.note_generation()
        catalog = Catalog.open(generations.require_live(self.index) / generations.CATALOG)
        texts = {path: str(catalog.document(path).text).strip() for path in catalog.hashes()}  # type: ignore[union-attr]
        keys = {key for key, _ in catalog.vectors()}
        catalog.close()
        assert texts == self.folder.texts, "the index does not hold what the folder holds"
        missing = len(keys - had)
        assert report["embedded"] == missing or self.spoiled, f"{report['embedded']} embedded, {missing} were missing"
        self.spoiled = False
        examined = forked(lambda: [c.name + ": " + c.found for c in self.examine() if not c.ok], self.out)
        assert ended(examined, WAIT) == 0, "the doctor failed"
        problems = json.loads(self.out.read_text())
        assert problems == [], f"the doctor found: {problems}"
        self.told.finished += 1
        self.told.embedded += report["embedded"]
        self.told.resumed += report["resumed"]

    def examine(self) -> list[Any]:
        """What the doctor says."""
        return self.workshop.examine(lambda stage, done, total: None)

    def keys_on_disk(self) -> set[str]:
        """The keys of all vectors that the next build can use: of the generation that answers and of leftovers."""
        try:
            answering = generations.live(self.index)
        except generations.IndexMissing:
            answering = None
        places = ([answering] if answering else []) + generations.leftovers(self.index)
        found: set[str] = set()
        for place in places:
            began = generations.began_as(place)
            if place == answering or began is None or (began[0] == self.workshop.recipe):
                found |= keys_of(place)
        return found

    def note_generation(self) -> None:
        """Remember what a new generation may say."""
        answering = generations.live(self.index)
        if answering and answering.name not in self.states:
            self.states[answering.name] = self.folder.may_say()
            self.told.generations += 1

    def read(self) -> None:
        """Ask for one document after another, in the generation that the pointer names, until stopped."""
        chance, index, pointer, asked = random.Random(1), None, "", 0
        with self.log.open("w") as log:
            while not self.stop.exists():
                now = (self.index / generations.POINTER).read_text()
                if now != pointer or index is None:
                    new = Index.open(self.index, self.workshop.recipe)
                    if index is not None:
                        index.close()
                    index, pointer = new, now
                    self.held.write_text(now.strip())
                paths = sorted(index.catalog.hashes())
                path = chance.choice(paths)
                document = index.catalog.document(path)
                assert document is not None
                mark = document.text.split()[1]
                found = [index.catalog.passage(i) for i, _ in index.catalog.match(f'"{mark}"', 3)]
                [passage] = [each for each in found if path in (each.document, *each.also)]  # found by its words
                if asked % 5 == 0:
                    vector = self.workshop.embedder.embed_passages([passage.search_text])[0]
                    nearest = [key for key, _ in index.vectors.nearest(vector, 3)]
                    near = [i for key in nearest for i in index.catalog.passages_with(key)]
                    assert passage.id in near, f"{path} is not found by its vector"
                said = {"generation": index.manifest.generation, "path": path, "text": document.text.strip()}
                log.write(json.dumps(said | {"paths": len(paths)}) + "\n")
                asked += 1
                time.sleep(0.02)

    def check_reader(self) -> None:
        """Hold what the reader was told against the files as they were."""
        for line in self.log.read_text().splitlines():
            said = json.loads(line)
            states = self.states.get(said["generation"])
            assert states is not None, f"generation {said['generation']} answered and was never seen"
            assert any(state.get(said["path"]) == said["text"] for state in states), f"stale or lost: {said}"
            self.told.asked += 1


def main() -> None:
    """Run the trial."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        tempfile.tempdir = str(Path(work, "temporary"))
        Path(tempfile.tempdir).mkdir()
        trial = Trial(Path(work), arguments.files, arguments.seed)
        trial.run(arguments.kills)
    sys.stdout.write(json.dumps(vars(trial.told), indent=2) + "\n")


if __name__ == "__main__":
    main()
