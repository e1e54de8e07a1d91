"""What the tests in a real browser share: the system's Chromium, a server before it, and a question asked."""

import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine is reachable, whatever a page tries.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
START, ANSWER = 120_000, 60_000  # milliseconds

BROWSER = [
    pytest.mark.e2e,
    pytest.mark.models,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(CHROMIUM is None, reason="needs the system's Chromium: apt-get install chromium"),
]


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of `assistant serve` over a folder; it ends well, and says nothing of errors."""
    place = folder.parent
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = [sys.executable, "-c", "from assistant.cli import main; main()"]
    options = ["--index", str(place / "index"), "--port", str(port)]
    running = subprocess.Popen(
        [*program, "serve", str(folder), *options],
        cwd=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    line = running.stdout.readline()
    assert line == f"Ask at http://127.0.0.1:{port} (Ctrl+C stops)\n", running.stderr.read()
    yield f"http://127.0.0.1:{port}"
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out) == (0, "")
    assert "rror" not in err, err


def ask(page, question: str):
    """Ask, wait for the end of the answer, and give its place in the page."""
    answers = page.get_by_role("group", name="Answer", exact=True)
    before = answers.count()
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    answer = answers.nth(before)
    answer.locator(".sources, .problem").first.wait_for(timeout=START)
    return answer
