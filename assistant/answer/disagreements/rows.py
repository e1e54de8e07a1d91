"""The cells of a table's row, as it is said in words: "Year: 2019; Trade (US$ billion): 2.18"."""

import re

from assistant.answer.guards.align import reading

CELL = 60  # characters of a cell that can be a value or a period


def cells_of(said: str) -> list[tuple[str, str]]:
    """Header and content of each cell of a row said in words: "Year: 2019; Trade: 2.18"."""
    cells: list[tuple[str, str]] = []
    for part in said.split("; "):
        header, colon, cell = part.partition(": ")
        if colon:
            cells.append((header, cell))
        elif cells:
            cells[-1] = (cells[-1][0], f"{cells[-1][1]}; {part}")
    return cells


def is_value(cell: str) -> bool:
    """Whether a cell holds a figure and little else, and no date."""
    read = reading([cell])
    return len(cell) <= CELL and len(read.figures) == 1 and not read.dates and len(read.text.tokens) <= 8


def split_unit(header: str) -> tuple[str, str]:
    """A header's name and the unit that it gives: in brackets ("Gas (bcm)"), after "in", or as a whole."""
    match = re.fullmatch(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]", header) or re.fullmatch(r"(.+),? in ([^,]+)", header)
    name, unit = (match[1], match[2]) if match else ("", header)
    figures = reading([spoken("5", unit)]).figures
    is_unit = len(figures) == 1 and (figures[0].unit is not None or (figures[0].value or 0) > 5)
    return (name, unit) if is_unit else (header, "")


def spoken(cell: str, unit: str) -> str:
    """A cell with its unit after it, the scale first: "2.18", "US$ billion" to "2.18 billion US$"."""
    scale = re.search(r"\b(?:thousand|million|billion|trillion|mn|mln|bn)\b", unit)
    if scale:
        unit = f"{scale[0]} {unit[: scale.start()]}{unit[scale.end() :]}"
    unit = re.sub(r"(?:US|U\.S\.) ?\$", "dollars", unit)
    return f"{cell} {unit}".strip()
