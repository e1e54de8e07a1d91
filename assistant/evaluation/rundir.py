"""The folder of a run: what it was made of, and a line for each case that is finished, so that it can be resumed.

DIR/run.json        hashes of sets, corpus, settings, models and code; when it began and ended
DIR/results.jsonl   a result a line, in the order of the cases
DIR/documents.json  the hash of every document of the index, by its path
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Self

from filelock import FileLock, Timeout

from assistant.errors import InputError
from assistant.evaluation.results import Result, parse_results, result_line
from assistant.store.generations import write

RUN, RESULTS, DOCUMENTS, LOCK = "run.json", "results.jsonl", "documents.json", "lock"
MOST_BYTES = 2**20  # of run.json
MOST_OF_DOCUMENTS = 2**28  # bytes: some two million files


class RunFolder:
    """A run that is being written, closed at the end of a `with`; `results` are those that are there."""

    def __init__(self, folder: Path, made_of: dict[str, Any]) -> None:
        """Begin a run, or take up one that was cut short.

        Raises:
            InputError: the folder holds the run of something else, cannot be written, or another process writes it.
        """
        self.folder = folder
        self.made_of = made_of
        self.documents: dict[str, str] | None = None
        self._file: IO[bytes] | None = None
        self._ended = False
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(folder / LOCK, timeout=0)
            self._lock.acquire()
        except Timeout as error:
            raise InputError(f"another process writes the run in {folder}; wait for it") from error
        except OSError as error:
            raise InputError(f"cannot write {folder}: {error.strerror}; give another --output") from error
        try:
            self.begun_at = self._begun()
            self.results = self._finished()
        except BaseException as error:
            self._lock.release()
            if isinstance(error, OSError):
                raise InputError(f"cannot write {folder}: {error.strerror}; give another --output") from error
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        self._lock.release()

    def add(self, result: Result) -> None:
        """Write a result to the end; it is there whatever happens after."""
        if self._file is None:
            self._file = (self.folder / RESULTS).open("ab")
        self._file.write(result_line(result).encode("utf-8", "backslashreplace") + b"\n")
        self._file.flush()
        self.results.append(result)

    def write_documents(self, hashes: dict[str, str]) -> None:
        """Keep which documents are asked, by path and hash, as `documents`."""
        self.documents = hashes
        if not (self.folder / DOCUMENTS).exists():
            write(self.folder / DOCUMENTS, json.dumps(hashes, indent=0) + "\n")

    def end(self) -> None:
        """Say that the run is whole."""
        if not self._ended:
            self._write(datetime.now(UTC).isoformat(timespec="seconds"))

    def _begun(self) -> str:
        """When the run began; it begins now where there is none."""
        stored = read_run(self.folder)
        if stored is None:
            if any(path.name != LOCK for path in self.folder.iterdir()):
                raise InputError(f"{self.folder} holds something else than a run; give another --output")
            self.begun_at = datetime.now(UTC).isoformat(timespec="seconds")
            self._write(None)
            return self.begun_at
        before = stored["made_of"]
        differing = [name for name in {**before, **self.made_of} if before.get(name) != self.made_of.get(name)]
        if differing:
            raise InputError(
                f"{self.folder} holds a run of other {' and '.join(differing)}; give another --output, or delete it"
            )
        self._ended = bool(stored.get("ended_at"))
        return str(stored["begun_at"])

    def _finished(self) -> list[Result]:
        """The results that are there; half a line at the end, which a kill leaves, is taken away."""
        path = self.folder / RESULTS
        if not path.exists():
            return []
        data = path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            with path.open("r+b") as file:
                file.truncate(whole)
        return parse_results(data[:whole].splitlines(), str(path))

    def _write(self, ended_at: str | None) -> None:
        record = {"made_of": self.made_of, "begun_at": self.begun_at, "ended_at": ended_at}
        write(self.folder / RUN, json.dumps(record, indent=2, ensure_ascii=False) + "\n")


def read_run(folder: Path) -> dict[str, Any] | None:
    """What `run.json` of a folder says, None where there is none.

    Raises:
        InputError: it cannot be read.
    """
    path = folder / RUN
    stored = _stored(path, MOST_BYTES)
    if stored is not None and (not isinstance(stored.get("made_of"), dict) or "begun_at" not in stored):
        raise _unusable(path)
    return stored


def read_documents(folder: Path) -> dict[str, str] | None:
    """The hashes of the documents of a run by path, None where it does not tell them.

    Raises:
        InputError: they cannot be read.
    """
    path = folder / DOCUMENTS
    stored = _stored(path, MOST_OF_DOCUMENTS)
    if stored is not None and not all(isinstance(sha256, str) for sha256 in stored.values()):
        raise _unusable(path)
    return stored


def _stored(path: Path, most: int) -> dict[str, Any] | None:
    try:
        with path.open("rb") as file:
            stored = json.loads(file.read(most))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise _unusable(path) from error
    if not isinstance(stored, dict):
        raise _unusable(path)
    return stored


def _unusable(path: Path) -> InputError:
    return InputError(f"{path} cannot be read as that of a run")
