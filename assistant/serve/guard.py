"""What every request and every response passes: who may ask from where, for what, and what a browser may load.

Gradio serves many routes that a chat of text has no use for: uploads, files, a proxy, pages about the API. So
only the few that the page does use are open, and everything else is not there.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 2 * 2**20  # bytes; the longest conversation that is read fits, escaped as JSON

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
OPEN_PREFIXES = ("/api/v1/", SOURCES, "/assets/", "/static/", "/gradio_api/heartbeat/")


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error as RFC 9457 problem details; `detail` is one line for people."""
    # Without a type of its own, the title is that of the status (section 4.2.1).
    body = {"type": "about:blank", "title": HTTPException(status).detail, "status": status, "detail": detail}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


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
            answer = self.app if refusal is None else refusal
            await answer(scope, _limited(receive), _with_headers(send, scope["path"]))


def _refusal(scope: Scope) -> JSONResponse | None:
    headers = Headers(scope=scope)
    if scope["path"] not in OPEN_PATHS and not scope["path"].startswith(OPEN_PREFIXES):
        return problem(404, "there is nothing at this address")
    if scope["method"] not in ("GET", "HEAD") and not same_origin(headers):
        return problem(403, "a page of another origin may not ask; open the assistant itself")
    if (length := headers.get("content-length", "0")).isdecimal() and int(length) > MAX_BODY:
        return problem(413, f"the request is larger than {MAX_BODY:,} bytes")
    return None


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
    """The same request, ended when its body grows too large: one sent in pieces does not say how large it is."""
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
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
