"""Charts and diagrams of a presentation, which stand in parts of their own."""

from collections.abc import Iterator
from typing import Any

from assistant.ingest.formats.common import one_line
from assistant.ingest.formats.pptx_hidden import named
from assistant.ingest.formats.tables import Row, cell
from assistant.ingest.formats.xml_tree import read_tree

Element = Any  # an lxml element; lxml has no types of its own

_SERIES_LIMIT = 100
_POINT_LIMIT = 10_000  # of a series


def chart_rows(xml: bytes) -> tuple[list[str], list[Row]]:
    """The titles of a chart, and its figures: a row for each category, a column for each series."""
    root = read_tree(xml)
    titles = [text for title in root.iter(named("c", "title")) if (text := _rich(title))]
    series = [each for number, each in enumerate(root.iter(named("c", "ser"))) if number < _SERIES_LIMIT]
    names = [cell(" ".join(_points(each, ("tx",)).values())) for each in series]
    figures = [_points(each, ("val", "yVal")) for each in series]
    categories: dict[int, str] = {}
    for each in series:
        categories |= _points(each, ("cat", "xVal"))
    numbers = sorted(set().union(categories, *figures))
    rows = [[cell(categories.get(n, "")), *(cell(each.get(n, "")) for each in figures)] for n in numbers]
    return titles, [["", *names], *rows] if rows else []


def diagram_texts(xml: bytes) -> Iterator[str]:
    """The texts of a diagram (SmartArt), one for each of its boxes, in the order of its outline."""
    for point in read_tree(xml).iter(named("dgm", "pt")):
        if point.get("type", "node") in ("node", "asst") and (text := _rich(point)):
            yield text


def _rich(element: Element) -> str:
    return one_line(" ".join(node.text or "" for node in element.iter(named("a", "t"))))


def _points(series: Element, tags: tuple[str, ...]) -> dict[int, str]:
    """The values of a series by their number, as they were last drawn."""
    values: dict[int, str] = {}
    for tag in tags:
        for holder in series.iterchildren(named("c", tag)):
            for point in holder.iter(named("c", "pt")):
                number, value = point.get("idx", ""), point.find(named("c", "v"))
                if value is not None and number.isascii() and number.isdigit() and len(number) < 10:
                    values.setdefault(int(number), value.text or "")
                if len(values) == _POINT_LIMIT:
                    return values
    return values
