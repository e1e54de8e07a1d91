"""Bringing the index up to date from the library page: one build at a time, in a process of its own.

The process has its own memory, so that a build that dies leaves the server as it was; it yields to questions, which
go on being answered from the generation before.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from assistant.compose import Workshop
from assistant.errors import InputError, UserError
from assistant.serve.gate import Unavailable
from assistant.settings import Settings

NICENESS = 10  # how far the build steps back behind the questions
STOP_LIMIT = 5.0  # seconds that a build has to end when the server is stopped


@dataclass(frozen=True, slots=True)
class SyncState:
    """How far a sync is, or how the last one ended: `outcome` is a line for people, empty before the first."""

    running: bool = False
    stage: str = ""
    done: int = 0
    total: int = 0
    failed: bool = False
    outcome: str = ""


class Sync:
    """Builds the index of the server's folders when asked. Threads may share it."""

    def __init__(self, settings: Settings, follow: Callable[[], object]) -> None:
        """Make what builds.

        Args:
            settings: those of the server.
            follow: called after a build, to open what was built.
        """
        self._settings = settings
        self._follow = follow
        self._state = SyncState()
        self._changing = threading.Lock()
        self._process: BaseProcess | None = None

    @property
    def possible(self) -> bool:
        """Whether the server knows folders of its own: those that it was started with or that the settings name."""
        return bool(self._settings.collections) or "folder" in self._settings.model_fields_set

    @property
    def state(self) -> SyncState:
        """How far it is."""
        return self._state

    def start(self) -> None:
        """Begin to build.

        Raises:
            InputError: the server was started without a folder.
            Unavailable: a sync is running.
        """
        if not self.possible:
            raise InputError("the server was started without a folder; start it with: assistant serve FOLDER")
        with self._changing:
            if self._state.running:
                raise Unavailable("a sync is running; wait for its end")
            self._state = SyncState(running=True, stage="looking for changes")
        context = multiprocessing.get_context("spawn")  # a fork would take the locks of threads along
        ours, theirs = context.Pipe(duplex=False)
        self._process = process = context.Process(target=_build, args=(self._settings, theirs), name="sync")
        try:
            process.start()
        except OSError as error:
            self._state = SyncState(failed=True, outcome=f"no process could be started: {error.strerror}")
            return
        theirs.close()
        threading.Thread(target=self._listen, args=(process, ours), name="sync", daemon=True).start()

    def close(self) -> None:
        """End a build that is under way; it loses nothing."""
        process = self._process
        if process is None or process.pid is None or not process.is_alive():
            return
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGINT)
        process.join(STOP_LIMIT)
        process.kill()

    def _listen(self, process: BaseProcess, ours: Connection) -> None:
        end = SyncState(failed=True, outcome="the sync broke off; the index that answered still does")
        with suppress(EOFError, OSError):
            while isinstance(state := ours.recv(), SyncState):
                if state.running:
                    self._state = state
                else:
                    end = state
        process.join()
        if not end.failed:
            self._state = replace(self._state, stage="opening the new index", done=0, total=0)
            self._follow()
        self._state = end


def _build(settings: Settings, pipe: Connection) -> None:
    """What the process does: build, and tell how far it is."""
    with suppress(KeyboardInterrupt, BrokenPipeError):
        os.nice(NICENESS)
        try:
            report = Workshop(settings).build(
                rebuild=False, progress=lambda stage, done, total: pipe.send(SyncState(True, stage, done, total))
            )
        except UserError as error:
            pipe.send(SyncState(failed=True, outcome=str(error)))
            return
        counts = {
            "added": len(report.added),
            "changed": len(report.updated),
            "removed": len(report.removed),
            "renamed": len(report.renamed),
        }
        told = ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count)
        pipe.send(SyncState(outcome=told or ("brought up to date" if report.changed else "nothing had changed")))
