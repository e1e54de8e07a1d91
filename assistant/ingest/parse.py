"""A file to its text and layout, whatever its format."""

import os
import stat
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from assistant.ingest.formats.common import TEXT_LIMIT, Unreadable
from assistant.types import Parsed

if TYPE_CHECKING:
    from assistant.ingest.formats.mail import ReadPart

__all__ = [
    "CODE",
    "FILE_LIMIT",
    "FORMATS",
    "TEXT_LIMIT",
    "Kind",
    "Unreadable",
    "kind_of",
    "parse",
    "parse_bytes",
    "read_bytes",
]

Kind = Literal[
    "md", "txt", "html", "pdf", "docx", "csv", "xlsx", "pptx", "odt", "odp", "ods", "rtf", "epub",
    "eml", "mbox", "msg", "json", "xml", "ipynb", "rst", "org", "code",
]  # fmt: skip

CODE = (
    *(".py", ".pyi", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".java", ".kt", ".kts", ".scala", ".groovy"),
    *(".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".cs", ".fs", ".vb", ".go", ".rs", ".swift", ".m", ".mm"),
    *(".rb", ".php", ".pl", ".pm", ".lua", ".r", ".jl", ".hs", ".ml", ".ex", ".exs", ".erl", ".clj", ".dart"),
    *(".sh", ".bash", ".zsh", ".ps1", ".bat", ".cmd", ".sql", ".graphql", ".proto", ".tf", ".gradle", ".cmake"),
    *(".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".properties", ".css", ".scss", ".less", ".vue", ".tex"),
)
"""The endings of source code and settings."""

FORMATS: Mapping[str, Kind] = MappingProxyType(
    {
        ".md": "md",
        ".markdown": "md",
        ".txt": "txt",
        ".text": "txt",
        ".html": "html",
        ".htm": "html",
        ".pdf": "pdf",
        ".docx": "docx",
        ".csv": "csv",
        ".tsv": "csv",
        ".xlsx": "xlsx",
        ".xlsm": "xlsx",
        ".pptx": "pptx",
        ".pptm": "pptx",
        ".odt": "odt",
        ".odp": "odp",
        ".ods": "ods",
        ".rtf": "rtf",
        ".epub": "epub",
        ".eml": "eml",
        ".mbox": "mbox",
        ".msg": "msg",
        ".json": "json",
        ".jsonl": "json",
        ".ndjson": "json",
        ".geojson": "json",
        ".xml": "xml",
        ".ipynb": "ipynb",
        ".rst": "rst",
        ".org": "org",
        ".log": "txt",
        ".xhtml": "html",
        **{ending: "code" for ending in CODE},
    }
)
"""The format of a file by the ending of its name, in lower case."""

_MODULES: Mapping[str, str] = MappingProxyType({"odt": "odf", "odp": "odf", "ods": "odf"})
"""Where a format is read, where that is not a module of its name."""
_MAIL = ("eml", "mbox", "msg")  # formats with attachments

FILE_LIMIT = 64 * 2**20  # bytes


def kind_of(name: str) -> Kind:
    """The format of a file by its name.

    Raises:
        Unreadable: The format is not supported; the message names those that are.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in FORMATS:
        return FORMATS[suffix]
    if suffix == ".zip":
        raise Unreadable("an archive inside another file is not opened; unpack it")
    what = f"format {suffix}" if suffix else "a file without an ending"
    others = ", ".join(ending for ending, kind in FORMATS.items() if kind != "code")
    raise Unreadable(f"{what} is not supported; supported: {others}, .zip, and source code")


def parse(path: Path) -> Parsed:
    """Read a file of one of the `FORMATS`, in this process.

    Files from others belong into `worker.ParserPool`, which bounds the time and memory that they take.

    Raises:
        Unreadable: It cannot be read; the message is the reason.
    """
    return parse_bytes(read_bytes(path), kind_of(path.name))


def parse_bytes(
    data: bytes, kind: Kind, limit: int = TEXT_LIMIT, attached: bool = False, ocr: bool = False
) -> Parsed:
    """Read the content of a file.

    Args:
        data: The bytes of the file.
        kind: Its format.
        limit: How many characters its text may have.
        attached: Whether it came with a message; what is attached to it is then named, not read.
        ocr: Whether text is recognised on pages of a PDF that have none.

    Returns:
        A document with at least one block.

    Raises:
        Unreadable: It cannot be read; the message is the reason.
        MemoryError: It takes more memory than this process may have.
    """
    if not data:
        raise Unreadable("it is empty: 0 bytes")
    try:
        parsed = _parse(data, kind, limit, None if attached else _read_part, ocr)
    except (Unreadable, MemoryError):
        raise
    except RecursionError as error:
        raise Unreadable("it is damaged: its parts are nested too deeply") from error
    except Exception as error:  # the libraries below raise anything at all on damaged files
        raise Unreadable(f"it is damaged, or not what its name says ({type(error).__name__})") from error
    if not parsed.blocks:
        raise Unreadable("there is no text in it")
    return parsed


def read_bytes(path: Path, limit: int = FILE_LIMIT) -> bytes:
    """The bytes of a regular file.

    Raises:
        Unreadable: It is missing, not to be opened, no regular file, or larger than `limit` bytes.
    """
    try:
        # Without O_NONBLOCK, opening a pipe waits for someone to write to it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unreadable(cannot_read(error)) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("it is not a regular file")
        if status.st_size > limit:
            raise Unreadable(too_large(status.st_size, limit))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(limit + 1)  # it may have grown since
    except OSError as error:
        raise Unreadable(cannot_read(error)) from error
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise Unreadable(too_large(len(data), limit))
    return data


def too_large(size: int, limit: int) -> str:
    """The reason for refusing a file of `size` bytes."""
    return f"{megabytes(size)} is over the limit of {megabytes(limit)}"


def megabytes(size: int) -> str:
    """`size` in bytes for a reader: whole megabytes, rounded up."""
    return f"{-(-size // 2**20):,} MB"


def cannot_read(error: OSError) -> str:
    """The reason for an error of the file system."""
    return f"it cannot be opened: {(error.strerror or type(error).__name__).lower()}"


def _read_part(name: str, data: bytes, limit: int) -> Parsed:
    return parse_bytes(data, kind_of(name), limit, attached=True)


def _parse(data: bytes, kind: Kind, limit: int, read_part: "ReadPart | None", ocr: bool) -> Parsed:
    # Each format is imported where it is met: their libraries take longer to load than a small file to read.
    module = import_module(f"assistant.ingest.formats.{_MODULES.get(kind, kind)}")
    more = (read_part,) if kind in _MAIL else (ocr,) if kind == "pdf" else ()
    parsed: Parsed = module.parse(data, limit, *more)
    return parsed
