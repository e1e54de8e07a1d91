"""The library page: which files there are, what became of each, and bringing the index up to date.

It is made on the server and works without a script. A script of its own moves the progress bar.
"""

from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader

from assistant.answer.filters import parse_filter
from assistant.errors import InputError, UserError
from assistant.filter import NAMED, Filter
from assistant.ingest.language import NAMES
from assistant.render import printable
from assistant.serve.gate import Unavailable
from assistant.serve.live import LiveChain
from assistant.serve.markup import MONTHS
from assistant.serve.sync import Sync
from assistant.settings import Settings
from assistant.store.changes import Changes, read_changes
from assistant.store.library import (
    ORDERS,
    STATES,
    LibraryQuery,
    count_files,
    count_kinds,
    list_files,
    list_folders,
)

PLACE = Path(__file__).parent
FILES_SHOWN = 50  # on one page of the list
LONGEST_VALUE = 500  # characters of a field of the address
MOST_WORDS = 8  # of a search
# The page adds this policy to that of the server. It needs nothing that Gradio's does: no script or style within it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)


def add_library(app: FastAPI, live: LiveChain, settings: Settings) -> Sync:
    """Add the page, what it loads, and the route that starts a sync; what syncs is to be closed."""
    sync = Sync(settings, live.problem)
    templates = Environment(autoescape=True, loader=FileSystemLoader(PLACE), trim_blocks=True, lstrip_blocks=True)
    templates.filters.update(shown=printable, moment=moment, counted=counted)
    template = templates.get_template("library.html")

    @app.get("/library", include_in_schema=False)
    def library(request: Request) -> Response:
        given = {name: value[:LONGEST_VALUE].strip() for name, value in request.query_params.items()}
        shown: dict[str, Any] = {"given": given, "sync": sync.state, "possible": sync.possible, "policy": POLICY}
        return HTMLResponse(
            template.render(shown | listed(live, settings, given)), headers={"Cache-Control": "no-store"}
        )

    @app.post("/library/sync", include_in_schema=False)
    def start(request: Request) -> Response:
        with suppress(Unavailable):  # one is running: the page shows it
            sync.start()
        return RedirectResponse("../library#sync", status_code=303)

    @app.get("/library/sync", include_in_schema=False)
    def state() -> dict[str, Any]:
        return asdict(sync.state)

    @app.get("/library/{name}", include_in_schema=False)
    def part(name: str) -> Response:
        if name not in ("library.css", "library.js"):
            return Response(status_code=404)
        return FileResponse(PLACE / name)

    return sync


def listed(live: LiveChain, settings: Settings, given: dict[str, str]) -> dict[str, Any]:
    """What the page shows for an address: the state of the index, and the files that match."""
    problem = ""
    try:
        wanted = query_of(given)
    except InputError as error:
        problem, wanted = str(error), LibraryQuery()
    order = given["order"] if given.get("order") in ORDERS else "path"
    try:
        with live.reading() as (manifest, catalog):
            total = count_files(catalog, wanted)
            pages = max(1, -(-total // FILES_SHOWN))
            number = min(max(1, int(given["page"])) if given.get("page", "").isdecimal() else 1, pages)
            files = list_files(catalog, wanted, order, (number - 1) * FILES_SHOWN, FILES_SHOWN)
            choices = {"kinds": count_kinds(catalog), "languages": _languages(catalog.languages())}
            folders = list_folders(catalog)
    except UserError as error:
        return {"problem": str(error), "manifest": None}
    return {
        "problem": problem,
        "manifest": manifest,
        "notice": live.notice(),
        "changes": _in_words(read_changes(settings.index, manifest.generation)),
        "files": files,
        "first": (number - 1) * FILES_SHOWN + 1,
        "total": total,
        "order": order,
        "states": STATES,
        "folders": folders,
        "previous": _address(given, number - 1) if number > 1 else None,
        "next": _address(given, number + 1) if number < pages else None,
        "number": number,
        "pages": pages,
        "filtered": wanted != LibraryQuery(),
        **choices,
    }


def query_of(given: dict[str, str]) -> LibraryQuery:
    """The query that the fields of an address are; one that is empty or of an unknown name asks for nothing.

    Raises:
        InputError: a date, type or language cannot be used.
    """
    wanted = parse_filter({name: given[name] for name in NAMED if given.get(name)}, "the filter")
    state = next((state for state in STATES if state == given.get("state")), None)
    return LibraryQuery(tuple(given.get("q", "").split()[:MOST_WORDS]), state, wanted or Filter())


def moment(iso: str) -> str:
    """A time in ISO form as people write it, as in "3 Jul 2024, 09:05 UTC"."""
    at = datetime.fromisoformat(iso).astimezone(UTC)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}, {at:%H:%M} UTC"


def counted(number: int, noun: str) -> str:
    """A number and what it counts, as in "1,204 passages"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _languages(counts: dict[str | None, int]) -> dict[str, str]:
    """The languages to choose from, by code."""
    return {code: NAMES.get(code, code) for code in counts if code}


def _in_words(changes: Changes | None) -> dict[str, Any] | None:
    """What changed, with how many of each kind are not named."""
    if changes is None:
        return None
    kinds = [
        (kind, count, changes.named[kind], count - len(changes.named[kind]))
        for kind, count in changes.counts.items()
        if count
    ]
    return {"checked_at": changes.checked_at, "kinds": kinds}


def _address(given: dict[str, str], number: int) -> str:
    return "library?" + urlencode({**{k: v for k, v in given.items() if v and k != "page"}, "page": number})
