"""The routes of sources: the page of one, a picture of a page of it, and its file."""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import FastAPI, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import BeforeValidator

from assistant.errors import UserError
from assistant.ingest.pages import PlacedBox
from assistant.ingest.parse import Unreadable
from assistant.serve.gate import Unavailable
from assistant.serve.source_page import View, page_of, picture_page, problem_page, text_page
from assistant.serve.sources import Source, SourceMissing, Sources

STYLE = Path(__file__).with_name("sources.css").read_text(encoding="utf-8")
# Formats whose bytes a browser shows as the text that they are. All else is a download: it may hold what runs.
INERT = frozenset({"txt", "md", "csv", "rst", "org", "code"})
# Of a picture or a style, a browser may keep what it got; the pages themselves may change with the index.
KEPT = {"Cache-Control": "private, max-age=3600"}
FRESH = {"Cache-Control": "no-store"}


def _number(value: object) -> object:
    """A number of a query, which comes as text and is to be one of several."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def add_source_routes(app: FastAPI, sources: Sources) -> None:
    """Add the routes below /sources/."""

    @app.get("/sources/style.css", include_in_schema=False)
    async def style() -> Response:
        return Response(STYLE, media_type="text/css", headers=KEPT)

    @app.get("/sources/{source_id}", include_in_schema=False, response_class=HTMLResponse)
    def page(
        source_id: str,
        start: Annotated[int, Query(ge=0)] = 0,
        end: Annotated[int, Query(ge=0)] = 0,
        view: Literal["page", "text"] | None = None,
        page: Annotated[int | None, Query(ge=1)] = None,
        first: Annotated[int | None, Query(ge=0)] = None,
        zoom: Annotated[Literal[100, 150, 200, 300], BeforeValidator(_number)] = 100,
    ) -> HTMLResponse:
        try:
            source = sources.find(source_id)
            if not (0 <= start <= end <= len(source.document.text)):
                raise SourceMissing(f"the document has no place {start}–{end}; open a source from an answer")
            shape = view or ("page" if source.document.kind == "pdf" else "text")
            return HTMLResponse(shown(sources, source, View((start, end), shape, page, first, zoom)), headers=FRESH)
        except UserError as error:
            return HTMLResponse(problem_page(str(error)), error.status, FRESH)

    @app.get("/sources/{source_id}/page-{number}.png", include_in_schema=False)
    def picture(source_id: str, number: int) -> Response:
        source = sources.find(source_id)
        if source.document.kind != "pdf":
            raise SourceMissing("only the pages of a PDF are drawn")
        try:
            return Response(sources.picture(source, number).png, media_type="image/png", headers=KEPT)
        except Unreadable as error:
            raise SourceMissing(f"the page cannot be drawn: {error}") from error

    @app.get("/sources/{source_id}/file", include_in_schema=False)
    def original(source_id: str) -> Response:
        source = sources.find(source_id)
        try:
            data = sources.original(source)
        except Unreadable as error:
            raise SourceMissing(f"the original cannot be given: {error}") from error
        inert = source.document.kind in INERT
        # Without a character set, which nobody knows; a text is never guessed to be something else.
        kind = "text/plain" if inert else "application/octet-stream"
        headers = {**FRESH, "Content-Type": kind, "Content-Disposition": _disposition(source, inert)}
        return Response(data, headers=headers)


def shown(sources: Sources, source: Source, view: View) -> str:
    """The page of a source as HTML; where a page cannot be drawn, the text, and why."""
    problem = sources.problem(source)
    notices = [f"This is the text as it was indexed: {problem}."] if problem else []
    if view.shape == "text" or source.document.kind != "pdf":
        return text_page(source, View(view.cited, "text", view.page, view.first), notices)
    if not problem:
        view = View(view.cited, "page", view.page or page_of(source, view.cited), None, view.zoom)
        try:
            picture = sources.picture(source, view.page or 1)
        except (Unreadable, Unavailable) as error:
            notices.append(f"The page cannot be drawn: {error}.")
        else:
            boxes, untold = _boxes(sources, source, view)
            return picture_page(source, view, [*notices, *untold], picture, boxes)
    return text_page(source, View(view.cited, "text", view.page), notices)


def _boxes(sources: Sources, source: Source, view: View) -> tuple[tuple[PlacedBox, ...], list[str]]:
    """Where the cited words stand, and why that is not known."""
    start, end = view.cited
    if start == end:
        return (), []
    if any(page.recognised for page in source.document.pages):
        return (), ["The text was recognised from pictures of the pages; the cited words are marked in the text."]
    try:
        return sources.boxes(source, start, end), []
    except (Unreadable, Unavailable) as error:
        return (), [f"The cited words cannot be marked on the page, but are in the text: {error}."]


def _disposition(source: Source, inert: bool) -> str:
    name = source.paths[0].rpartition("/")[2]
    plain = re.sub(r"[^\w.-]", "_", name, flags=re.ASCII)
    return f"{'inline' if inert else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
