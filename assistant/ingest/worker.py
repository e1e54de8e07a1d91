"""Reads files in processes of their own, so that a hostile or broken one costs a bounded time and nothing else."""

import json
import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import assistant
from assistant.ingest import wire
from assistant.ingest.child import OUT_OF_MEMORY, Limits
from assistant.ingest.parse import megabytes, too_large
from assistant.ingest.walk import SourceFile
from assistant.types import Document, Skipped

__all__ = ["Limits", "ParserPool", "Worker"]

Reply = TypeVar("Reply")

_START_SECONDS = 60.0
_READ_AT_ONCE = 1 << 20  # bytes
_AHEAD = 2  # files per worker that are read before they are asked for
# Isolated from the environment and the working folder: what a parser imports is what this program imports.
_START = "import sys; root = sys.argv[2]; root in sys.path or sys.path.insert(0, root); "
_START += "from assistant.ingest.child import main; main()"
# A parser gets no other variables: they may hold keys. Libraries get one thread and one arena of memory, since
# more of them reserve address space, which is limited.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
_SET = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}


class ParserPool:
    """Parser processes to read files with; a context manager.

    A parser that crashes, hangs or takes too much memory is ended and replaced, and its file skipped with the
    reason. The processes end with the context, or with the program however that ends.
    """

    def __init__(self, workers: int = 1, limits: Limits | None = None) -> None:
        """Make a pool; the processes start with the first file.

        Args:
            workers: How many files are read at a time.
            limits: What one file may take.
        """
        self._workers = [Worker(limits or Limits()) for _ in range(workers)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.close()

    @property
    def processes(self) -> tuple[int, ...]:
        """The ids of the parser processes that are running."""
        return tuple(worker.process.pid for worker in self._workers if worker.process)

    def read(self, files: Iterable[SourceFile | Skipped]) -> Iterator[Document | Skipped]:
        """Read files; what was skipped before is passed on in its place.

        Yields:
            For each file, in the order given, the document or why there is none.

        Raises:
            RuntimeError: A parser process does not start, or the pool is closed.
        """
        idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for worker in self._workers:
            idle.put(worker)

        def read_one(file: SourceFile | Skipped) -> Document | Skipped:
            if isinstance(file, Skipped):
                return file
            worker = idle.get()
            try:
                return worker.read(file)
            finally:
                idle.put(worker)

        waiting: deque[Future[Document | Skipped]] = deque()
        with ThreadPoolExecutor(len(self._workers), thread_name_prefix="parser") as threads:
            try:
                for file in files:
                    waiting.append(threads.submit(read_one, file))
                    if len(waiting) > _AHEAD * len(self._workers):
                        yield _first_of(waiting)
                while waiting:
                    yield _first_of(waiting)
            finally:  # also where the reader of this generator stops, or is interrupted
                if any(not future.done() for future in waiting):
                    for future in waiting:
                        future.cancel()
                    for worker in self._workers:
                        worker.interrupt()


def _first_of(waiting: "deque[Future[Document | Skipped]]") -> Document | Skipped:
    """The next result; its file is still among those waiting if this is interrupted."""
    result = waiting[0].result()
    waiting.popleft()
    return result


class Worker:
    """One parser process, started when it is needed and again after it ended."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._in_use = threading.Lock()  # held while the pipes are
        self._closed = False
        self.process: subprocess.Popen[bytes] | None = None

    def read(self, file: SourceFile) -> Document | Skipped:
        """The document in a file, or why there is none."""
        return self.ask(file, {}, partial(wire.decode_reply, file.path))

    def ask(self, file: SourceFile, wanted: Mapping[str, Any], decode: Callable[[bytes], Reply]) -> Reply | Skipped:
        """What `decode` makes of the answer to a request about a file, or why there is no answer.

        Args:
            file: the file.
            wanted: what else the request says, shorter than what a pipe holds.
            decode: reads the answer; raises `wire.Malformed` where it is none.
        """
        with self._in_use:
            return self._ask(file, wanted, decode)

    def interrupt(self) -> None:
        """End what is being read; the next file gets a new process."""
        if process := self.process:
            process.kill()

    def close(self) -> None:
        """End the process for good."""
        self._closed = True
        self.interrupt()
        with self._in_use:
            self._end()

    def _ask(self, file: SourceFile, wanted: Mapping[str, Any], decode: Callable[[bytes], Reply]) -> Reply | Skipped:
        if file.size > self._limits.file_bytes:
            return Skipped(file.path, too_large(file.size, self._limits.file_bytes))
        process = self._running()
        request = wire.encode({"path": file.path, "absolute": str(file.absolute), "member": file.member, **wanted})
        try:
            _write(process, request)
        except BrokenPipeError:  # it ended between two files, which is no fault of this one
            self._end()
            process = self._running()
            _write(process, request)
        try:
            return decode(_read_message(process, self._limits.seconds_for(file.path)))
        except TimeoutError:
            reason = self._too_long(file)
        except EOFError:
            reason = self._why_ended(process, file)
        except wire.Malformed as error:
            reason = f"its parser gave an answer that cannot be used ({error})"
        self._end()
        return Skipped(file.path, reason)

    def _end(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise RuntimeError("this pool of parsers is closed")
        if self.process is None:
            self.process = self._started()
        return self.process

    def _started(self) -> subprocess.Popen[bytes]:
        limits = json.dumps(asdict(self._limits))
        root = str(Path(assistant.__file__).resolve().parents[1])
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, limits, root],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ} | _SET,
            process_group=0,  # Ctrl-C is for the program, which ends its parsers itself
        )
        try:
            _read_message(process, _START_SECONDS)
        except (EOFError, TimeoutError) as error:
            process.kill()
            process.wait()
            raise RuntimeError(f"the parser process does not start (exit status {process.returncode})") from error
        return process

    def _too_long(self, file: SourceFile) -> str:
        return f"reading it took longer than the limit of {self._limits.seconds_for(file.path):g} seconds"

    def _why_ended(self, process: subprocess.Popen[bytes], file: SourceFile) -> str:
        """The reason for a process that ended over a file."""
        status = process.wait()
        memory = megabytes(self._limits.memory_bytes)
        if status == OUT_OF_MEMORY:
            return f"reading it takes more memory than the limit of {memory}"
        if status in (-signal.SIGALRM, -signal.SIGXCPU):
            return self._too_long(file)
        if status < 0:
            name = signal.Signals(-status).name
            return f"its parser was ended by {name}; the file may be damaged, or take more than {memory} of memory"
        return f"its parser failed (exit status {status}); the file may be damaged"


def _write(process: subprocess.Popen[bytes], message: bytes) -> None:
    """Send a request. It is shorter than what a pipe holds, so this does not block."""
    if process.stdin is None:
        raise BrokenPipeError
    process.stdin.write(message)


def _read_message(process: subprocess.Popen[bytes], seconds: float) -> bytes:
    """The next message of a process.

    Raises:
        TimeoutError: It is not there, whole, after `seconds`.
        EOFError: The process ended.
        wire.Malformed: It claims to be longer than any message is.
    """
    if process.stdout is None:
        raise EOFError
    descriptor = process.stdout.fileno()
    deadline = time.monotonic() + seconds
    header = _read_exactly(descriptor, wire.LENGTH.size, deadline)
    size = wire.LENGTH.unpack(header)[0]
    if size > wire.MESSAGE_LIMIT:
        raise wire.Malformed(f"a message of {size:,} bytes")
    return _read_exactly(descriptor, size, deadline)


def _read_exactly(descriptor: int, size: int, deadline: float) -> bytes:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    data = bytearray()
    while len(data) < size:
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise TimeoutError
        part = os.read(descriptor, min(size - len(data), _READ_AT_ONCE))
        if not part:
            raise EOFError
        data += part
    return bytes(data)
