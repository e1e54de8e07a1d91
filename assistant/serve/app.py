"""The server: guard, API and chat put together, and run on one address of this machine."""

import ipaddress
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import gradio
import uvicorn
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from assistant import __version__
from assistant.compose import Workshop
from assistant.errors import InputError
from assistant.serve.api import add_routes
from assistant.serve.chat import HEAD, STYLE, THEME, TITLE, create_chat
from assistant.serve.guard import Guard
from assistant.serve.library import add_library
from assistant.serve.live import LiveChain
from assistant.serve.source_routes import add_source_routes
from assistant.serve.sources import Sources
from assistant.serve.suggestions import Suggestions
from assistant.store.feedback import FeedbackStore

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
BACKLOG = 128  # connections that wait to be accepted
STOP_LIMIT = 3  # seconds that open connections have to end when the server is stopped


def create_app(workshop: Workshop) -> FastAPI:
    """The whole server as an ASGI application; its start loads the models in the background."""
    live = LiveChain(workshop)
    sources = Sources(live, workshop.settings.max_file_mb * 2**20)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        live.start()
        suggestions.ready()
        yield
        sources.close()
        live.close()
        sync.close()
        suggestions.close()

    app = FastAPI(
        title=TITLE,
        version=__version__,
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # these pages load their scripts from elsewhere
        redoc_url=None,
    )
    suggestions, sync = Suggestions(live), add_library(app, live, workshop.settings)
    add_routes(app, live, workshop.settings)
    add_source_routes(app, sources)
    gradio.mount_gradio_app(
        app,
        create_chat(
            live, suggestions, FeedbackStore(workshop.settings.index) if workshop.settings.feedback else None
        ),
        path="/",
        footer_links=[],
        run_history=False,  # Gradio would keep every question in the browser
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        enable_monitoring=False,
        theme=THEME,
        css_paths=STYLE,
        head=HEAD,
    )
    # Innermost first. No other origin may read an answer; without this, Gradio would let some of them.
    app.add_middleware(CORSMiddleware, allow_origins=())
    # A page of another site whose name was made to mean this machine still sends that name.
    hosts = [*LOOPBACK_NAMES, _in_url(workshop.settings.host)]
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
    app.add_middleware(Guard)
    return app


def run(workshop: Workshop) -> None:
    """Serve until interrupted.

    Raises:
        InputError: the address is not one of this machine alone, or cannot be listened on.
    """
    host, port = workshop.settings.host, workshop.settings.port
    _require_loopback(host, port)
    with _listening(host, port) as listener:
        config = uvicorn.Config(
            create_app(workshop),
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=STOP_LIMIT,
        )
        sys.stdout.write(f"Ask at http://{_in_url(host)}:{port} (Ctrl+C stops)\n")
        sys.stdout.flush()
        try:
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:  # the way to stop it; uvicorn has let the requests under way end
            return


def _require_loopback(host: str, port: int) -> None:
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise InputError(
            f"cannot serve on {host}: the assistant has no sign-in yet, so it serves this machine alone; keep "
            f"--host 127.0.0.1 and put a proxy that signs people in before it, sending Host: 127.0.0.1:{port} "
            "and X-Forwarded-Host"
        )


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise InputError(f"cannot listen on {host}:{port}: {reason}; give another --port") from error


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
