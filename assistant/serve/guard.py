"""What every request and every response passes: who may ask from where, for what, and what a browser may load.

Gradio serves many routes that a chat of text has no use for: uploads, files, a proxy, pages about the API. So
only the few that the page does use are open, and everything else is not there.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 2 * 2**20  # bytes; the longest conversation that is read fits, escaped as JSON

BODY_LIMIT = 30.0  # seconds that a body may take to arrive

# Everything comes from this server, and nothing is sent elsewhere. Gradio's page needs inline scripts and styles.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'self'",
        "object-src 'none'",
        "frame-ancestors 'self'",
    )
)
# A source needs no script at all, so none runs there, not even one of this server.
SOURCES = "/sources/"
SOURCES_POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self'",
        "style-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-same-origin allow-downloads",
    )
)
RESPONSE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

OPEN_PATHS = frozenset(
    {
        "/",
        "/library",
        "/library/library.css",
        "/library/library.js",
        "/library/sync",
        "/healthz",
        "/readyz",
        "/v1/models",
        "/v1/chat/completions",
        "/favicon.ico",
        "/manifest.json",
        "/robots.txt",
        "/theme.css",
        "/gradio_api/theme.css",
        "/gradio_api/startup-events",
        "/gradio_api/queue/join",
        "/gradio_api/queue/data",
        "/gradio_api/cancel",
        "/gradio_api/reset",
    }
)
# A page of another origin may not even read here: a search is work, and a picture's address would start it.
API_PREFIXES = ("/api/v1/", "/v1/")
OPEN_PREFIXES = ("/api/v1/", "/v1/models/", SOURCES, "/assets/", "/static/", "/gradio_api/heartbeat/")


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error as RFC 9457 problem details; `detail` is one line for people."""
    return JSONResponse(problem_body(status, detail), status, headers, media_type="application/problem+json")


def problem_body(status: int, detail: str) -> dict[str, Any]:
    """The same without a response around it."""
    # Without a type of its own, the title is that of the status (section 4.2.1).
    return {"type": "about:blank", "title": HTTPException(status).detail, "status": status, "detail": detail}


def is_openai(path: str) -> bool:
    """Whether the clients of an address expect what OpenAI's expect."""
    return path.startswith("/v1/")


def openai_error(
    status: int, detail: str, headers: Mapping[str, str] | None = None, param: str | None = None
) -> JSONResponse:
    """An error as OpenAI's clients read it."""
    return JSONResponse(openai_body(status, detail, param), status, headers)


def openai_body(status: int, detail: str, param: str | None = None) -> dict[str, Any]:
    """The same without a response around it."""
    kinds = {429: "rate_limit_error", 404: "not_found_error"}
    kind = kinds.get(status, "invalid_request_error" if status < 500 else "server_error")
    return {"error": {"message": detail, "type": kind, "param": param, "code": None}}


class Guard:
    """ASGI middleware around the whole server."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that may not pass, hand on one that may."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":  # and no WebSocket: nothing here speaks it
            refusal = _refusal(scope)
            form = openai_error if is_openai(scope["path"]) else problem
            answer = self.app if refusal is None else form(*refusal)
            await answer(scope, _limited(receive), _with_headers(send, scope["path"]))


def _refusal(scope: Scope) -> tuple[int, str] | None:
    headers, path = Headers(scope=scope), scope["path"]
    if path not in OPEN_PATHS and not path.startswith(OPEN_PREFIXES):
        return 404, "there is nothing at this address"
    reads = scope["method"] in ("GET", "HEAD") and (not path.startswith(API_PREFIXES) or _followed_a_link(headers))
    if not reads and not same_origin(headers):
        return 403, "a page of another origin may not ask; open the assistant itself"
    if (length := headers.get("content-length", "0")).isdecimal() and int(length) > MAX_BODY:
        return 413, f"the request is larger than {MAX_BODY:,} bytes"
    return None


def _followed_a_link(headers: Headers) -> bool:
    """Whether a person came here from another page, which does not get to see what there is."""
    return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"


def same_origin(headers: Headers) -> bool:
    """Whether a request comes from a page of this server, or from no page at all.

    Browsers say so in `Sec-Fetch-Site`, which stays true behind a proxy that changes `Host`; those too old for it
    send `Origin`. A program that is no browser sends neither.
    """
    if (site := headers.get("sec-fetch-site")) is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _limited(receive: Receive) -> Receive:
    """The same request, ended when its body grows too large or takes too long to come.

    One sent in pieces does not say how large it is.
    """
    received, complete, until = 0, False, time.monotonic() + BODY_LIMIT

    async def limited() -> Message:
        nonlocal received, complete
        if complete:  # what comes now is that the client goes
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(0.0, until - time.monotonic()))
        except TimeoutError:
            raise HTTPException(408, f"the request did not arrive within {BODY_LIMIT:.0f} seconds") from None
        complete = not message.get("more_body", False)
        received += len(message.get("body", b""))
        if received > MAX_BODY:
            raise HTTPException(413, f"the request is larger than {MAX_BODY:,} bytes")
        return message

    return limited


def _with_headers(send: Send, path: str) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(RESPONSE_HEADERS)
            if path.startswith(SOURCES):
                headers["Content-Security-Policy"] = SOURCES_POLICY
        await send(message)

    return with_headers
