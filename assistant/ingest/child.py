"""The parser process: reads files from anybody, within limits, and answers over a pipe.

Started by `worker.ParserPool`. Its standard input carries requests, its standard output answers; it ends when
the input does.
"""

import hashlib
import json
import os
import re
import resource
import select
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from assistant.ingest import language, wire
from assistant.ingest.formats.common import as_title
from assistant.ingest.formats.dates import date_in_name, year_in_name
from assistant.ingest.members import read_source
from assistant.ingest.pages import answer_view
from assistant.ingest.parse import FILE_LIMIT, TEXT_LIMIT, Unreadable, kind_of, parse_bytes
from assistant.types import Document, Parsed

OUT_OF_MEMORY = 3  # the exit status of a parser that may not have as much memory as a file takes

OCR_SECONDS = 1_800.0  # for a PDF where pages are recognised, each in 5 to 10 seconds of one processor
_WRITTEN_BYTES = 2**20  # of one file: Python keeps the modules it compiled; a parser writes nothing else
_SPARE_SECONDS = 1  # that the parent has to end a file before the parser ends itself
_OF_TEMPLATES = (
    "pdf",
    "docx",
    "xlsx",
    "pptx",
    "odt",
    "odp",
    "ods",
)  # formats whose date is often that of what they were made from
_NAMED_BY_FILE = ("mbox", "json", "code")  # formats whose first heading is that of a part
_SHEET_NAME = re.compile(
    r"(?:sheet|table|tabelle|feuil|hoja|foglio|planilha|blad|arkusz|лист|sayfa)\s?\d*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take."""

    file_bytes: int = FILE_LIMIT
    seconds: float = 60.0  # by the clock, and of the processor
    memory_bytes: int = 2 * 2**30  # of address space, beyond what the process has at its start
    characters: int = TEXT_LIMIT
    ocr: bool = False  # recognise text on pages of PDFs that have none

    def seconds_for(self, path: str) -> float:
        """The seconds that the file at a path may take."""
        return OCR_SECONDS if self.ocr and path.lower().endswith(".pdf") else self.seconds


def main() -> None:
    """Answer requests until the input ends. The limits are the first argument, as JSON."""
    limits = Limits(**json.loads(sys.argv[1]))
    answers = _own_output()
    _restrict(limits)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _send(answers, wire.encode({"ready": True}))
    while request := _receive(sys.stdin.buffer):
        _bound_time(limits.seconds_for(request["path"]) + _SPARE_SECONDS)
        try:
            answer = wire.encode(_answer(request, limits))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)  # too little is left to answer, or for the next file
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(answers, answer)


def document_of(path: str, data: bytes, limit: int, ocr: bool = False) -> Document:
    """Read the file at `path` below the indexed folder from its bytes.

    Raises:
        Unreadable: It cannot be read; the message is the reason.
    """
    kind = kind_of(path)
    parsed = parse_bytes(data, kind, limit, ocr=ocr)
    stem = PurePosixPath(path).stem
    return Document(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        kind=kind,
        title=_title(parsed, kind, stem),
        date=_date(parsed, kind, stem),
        language=None if kind == "code" else language.detect(parsed.text),
        text=parsed.text,
        blocks=parsed.blocks,
        pages=parsed.pages,
    )


def _date(parsed: Parsed, kind: str, stem: str) -> str | None:
    """What the text says of itself, else the name; the properties of an office file often are of its template."""
    stated, properties = (None, parsed.date) if kind in _OF_TEMPLATES else (parsed.date, None)
    return stated or date_in_name(stem) or properties or year_in_name(stem)


def _title(parsed: Parsed, kind: str, stem: str) -> str:
    """What the file says, else its first heading of level 1, else its first heading, else its name."""
    if parsed.title:
        return parsed.title
    headings = sorted((block for block in parsed.blocks if block.kind == "heading"), key=lambda b: b.level != 1)
    for block in headings if kind not in _NAMED_BY_FILE else ():
        title = as_title(parsed.text[block.start : block.end])
        if title and not (kind in ("xlsx", "ods") and _SHEET_NAME.fullmatch(title)):
            return title
    words = re.sub(r"(?<!\d)-|-(?!\d)|_|\s+", " ", stem)
    readable = " ".join(words.split()) or stem
    return readable[:1].upper() + readable[1:]


def _answer(request: dict[str, Any], limits: Limits) -> dict[str, object]:
    try:
        data = read_source(Path(request["absolute"]), request["member"], limits.file_bytes)
        if view := request.get("view"):
            return answer_view(data, view, limits.characters)
        return wire.document_message(document_of(request["path"], data, limits.characters, limits.ocr))
    except Unreadable as error:
        return {"reason": str(error)}


def _own_output() -> BinaryIO:
    """The pipe for answers; whatever else is written to the standard output goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def _restrict(limits: Limits) -> None:
    """Bound memory, and take away what reading a file never needs: large files, the network, other programs."""
    _lower(resource.RLIMIT_AS, _address_space() + limits.memory_bytes)
    _lower(resource.RLIMIT_FSIZE, _WRITTEN_BYTES)
    _lower(resource.RLIMIT_CORE, 0)
    sys.addaudithook(_refuse)


def _lower(limit: int, value: int) -> None:
    _, hard = resource.getrlimit(limit)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(limit, (value, value))
    except (ValueError, OSError):
        pass  # macOS has no limit of address space; time and file size are bounded all the same


def _address_space() -> int:
    """What this process has at present, in bytes; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGESIZE")
    except OSError:
        return 0


def _refuse(event: str, _: object) -> None:
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork")):
        raise PermissionError(f"a parser does not do this: {event}")


def _bound_time(seconds: float) -> None:
    """End this process, even inside a library, once a file has had its time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard == resource.RLIM_INFINITY or soft < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
    signal.setitimer(signal.ITIMER_REAL, seconds)  # SIGALRM and SIGXCPU end a process that does not catch them


def _end_with_parent() -> None:
    """Wait until the other end of the input is closed, also while a file is being read."""
    hung_up = select.poll()
    hung_up.register(0, 0)
    hung_up.poll()
    os._exit(0)


def _receive(requests: BinaryIO) -> dict[str, Any] | None:
    header = requests.read(wire.LENGTH.size)
    if len(header) < wire.LENGTH.size:
        return None
    request: dict[str, Any] = json.loads(requests.read(wire.LENGTH.unpack(header)[0]))
    return request


def _send(answers: BinaryIO, message: bytes) -> None:
    answers.write(message)
    answers.flush()
