"""Documents for the tests of the server, one of them hostile, and what is done with answers as HTML."""

import html
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from assistant.compose import Workshop

HOSTILE = (
    '<img src=x onerror="alert(1)"> ![seal](http://evil.test/seal.png) [here](javascript:alert(2)) '
    "**bold** `code` $$x$$ <script>alert(3)</script> http://evil.test www.evil.test &lt;b&gt;"
)
DOCUMENTS = {
    "railway.md": "# The railway\n\nThe Georgian section of the railway is 184 km long. The first train left on "
    "25 May 2024.\n\n## Capacity\n\nCapacity rose from 1 to 5 million tons a year.\n",
    "visas.txt": "Visa-free entry for Chinese citizens began on 20 July 2024. A stay may last up to 30 days.\n",
    "seal.txt": f"The seal of the harbour office shows {HOSTILE} on a blue ground.\n",
}


def build(workshop: Workshop) -> None:
    workshop.build(rebuild=False, progress=lambda stage, done, total: None)


def write_documents(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text)
    return folder


def words(markup: str) -> str:
    """What a reader sees of HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of an application that a real server serves on the loopback."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)


class SlowChat:
    """A chat server that writes a word every tenth of a second for minutes, unless its client goes."""

    def __init__(self) -> None:
        self.asked: list[float] = []  # when, on the monotonic clock
        self.left: list[float] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> "SlowChat":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        chat = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                chat.asked.append(time.monotonic())
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                try:
                    for i in range(3000):
                        choice = {"index": 0, "delta": {"content": f"word{i} "}, "finish_reason": None}
                        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "slow"}
                        self.wfile.write(f"data: {json.dumps(chunk | {'choices': [choice]})}\n\n".encode())
                        self.wfile.flush()
                        time.sleep(0.1)
                except OSError:
                    chat.left.append(time.monotonic())

            def log_message(self, *what: object) -> None:
                pass

        return Handler
