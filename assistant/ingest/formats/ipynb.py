"""Jupyter notebooks: text cells as the Markdown that they are, code and its printed results as code."""

import json
from typing import Any

from assistant.ingest.formats import html, md
from assistant.ingest.formats.common import TEXT_LIMIT, Builder, Unreadable, as_title
from assistant.ingest.formats.encoding import decode
from assistant.types import Parsed

Cell = dict[str, Any]

_OUTPUT_LIMIT = 20_000  # characters of one result


def parse(data: bytes, limit: int = TEXT_LIMIT) -> Parsed:
    """Read a notebook of format 4 (or 3). Pictures and error traces among the results are left out.

    Raises:
        Unreadable: It is no notebook, or its text is longer than `limit` characters.
    """
    try:
        book = json.loads(decode(data))
    except json.JSONDecodeError as error:
        raise Unreadable(f"it is damaged, or no notebook ({error.msg.lower()}, line {error.lineno})") from error
    cells = _cells(book)
    if cells is None:
        raise Unreadable("it is no notebook, whatever its name says")
    builder = Builder(limit)
    for cell in cells:
        _add(builder, cell)
    metadata = book.get("metadata")
    return builder.parsed(as_title(metadata.get("title")) if isinstance(metadata, dict) else None)


def _cells(book: Any) -> list[Cell] | None:
    if not isinstance(book, dict):
        return None
    sheets = book.get("worksheets")  # format 3
    holder = sheets[0] if isinstance(sheets, list) and sheets and isinstance(sheets[0], dict) else book
    cells = holder.get("cells")
    return [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else None


def _add(builder: Builder, cell: Cell) -> None:
    source = _joined(cell.get("source") or cell.get("input"))
    match cell.get("cell_type"):
        case "markdown":
            builder.include(md.parse(source.encode("utf-8", "ignore"), builder.room))
        case "heading":  # format 3
            level = cell.get("level")
            builder.add("heading", source, level=level if level in (1, 2, 3, 4, 5, 6) else 1)
        case "code":
            builder.add("code", source)
            for output in cell.get("outputs") or ():
                if isinstance(output, dict):
                    _add_output(builder, output)
        case _:
            builder.add("paragraph", source)


def _add_output(builder: Builder, output: Cell) -> None:
    """Append what a cell printed or returned: a table where it shows one, else its text."""
    if "text" in output and output.get("output_type") != "pyerr":
        builder.add("code", _joined(output["text"])[:_OUTPUT_LIMIT])
        return
    data = output.get("data")
    if not isinstance(data, dict):
        return
    if page := _joined(data.get("text/html")):
        builder.include(html.parse_fragment(page, builder.room))
    elif text := _joined(data.get("text/markdown")):
        builder.include(md.parse(text.encode("utf-8", "ignore"), builder.room))
    else:
        builder.add("code", _joined(data.get("text/plain"))[:_OUTPUT_LIMIT])


def _joined(value: Any) -> str:
    """A text that a notebook holds whole or line by line."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""
