"""The library page as it is served, and the sync that it starts."""

import html
import os
import re
import signal
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from serve_parts import HOSTILE, build, words, write_documents

from assistant.compose import Workshop
from assistant.errors import InputError
from assistant.serve import library
from assistant.serve.gate import Unavailable
from assistant.serve.guard import Guard
from assistant.serve.library import add_library
from assistant.serve.live import LiveChain
from assistant.serve.sync import Sync
from assistant.settings import load_settings

pytestmark = pytest.mark.models
HERE = "http://127.0.0.1"
EVIL = '"><img src=x onerror=alert(1)>\u202egnp.md'


@pytest.fixture(scope="module")
def workshop(tmp_path_factory, embedder) -> Workshop:
    folder = write_documents(tmp_path_factory.mktemp("documents"))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nonsense")
    (folder / EVIL).write_text(f"# {HOSTILE}\n\nThe harbour fee is 12 euros a day.\n")
    workshop = Workshop(load_settings(folder=folder, index=tmp_path_factory.mktemp("index")))
    workshop.embedder = embedder
    build(workshop)
    return workshop


def served(workshop: Workshop) -> TestClient:
    """The library alone, behind the guard; no model is loaded."""
    app = FastAPI()
    add_library(app, LiveChain(workshop), workshop.settings)
    app.add_middleware(Guard)
    return TestClient(app, base_url=HERE, follow_redirects=False)


@pytest.fixture(scope="module")
def client(workshop: Workshop) -> TestClient:
    return served(workshop)


def rows(page: str) -> list[str]:
    return [
        " ".join(words(row).split()) for row in re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", page, re.DOTALL)
    ]


def test_every_file_is_shown_with_its_state(client: TestClient) -> None:
    page = client.get("/library").text
    shown = rows(page)
    assert len(shown) == 5
    [railway] = [row for row in shown if "railway.md" in row]
    assert railway.startswith("The railway") and railway.endswith("indexed")
    [broken] = [row for row in shown if "broken.pdf" in row]
    assert "not indexed: it is cut off" in broken
    text = " ".join(words(page).split())
    assert "Holds4 documents" in text and "What changed then: 4 added" in text


def test_names_and_titles_of_files_stay_text(client: TestClient) -> None:
    tags: list[tuple[str, list[str]]] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag, attributes):
            tags.append((tag, [name for name, _ in attributes]))

    response = client.get("/library", params={"q": EVIL, "folder": EVIL, "state": EVIL, "order": EVIL, "since": EVIL})
    Tags().feed(response.text + client.get("/library").text)
    assert not {"img", "iframe", "a href=javascript"} & {tag for tag, _ in tags}
    assert [tag for tag, _ in tags].count("script") == 2  # the page's own, once each time
    assert not [name for _, names in tags for name in names if name.startswith("on")]
    assert r'"><img src=x onerror=alert(1)>\u202egnp.md' in words(client.get("/library").text)
    assert "\u202e" not in client.get("/library").text


def test_the_page_runs_and_loads_nothing_but_its_own_two_files(client: TestClient) -> None:
    response = client.get("/library")
    [policy] = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', response.text)
    policy = html.unescape(policy)
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert not re.search(r'<style|style=|<script>|(?:src|href|action)="https?:', response.text)
    loaded = re.findall(r'(?:src|href)="(library/[\w.]+)"', response.text)
    assert loaded == ["library/library.css", "library/library.js"]
    for name in loaded:
        assert client.get("/" + name).status_code == 200
    for name in ("library.html", "..%2fapp.py", "app.py"):
        assert client.get("/library/" + name).status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "RAIL"}, ["railway.md"]),
        ({"state": "not indexed"}, ["broken.pdf"]),
        ({"type": "txt"}, ["seal.txt", "visas.txt"]),
        ({"type": "txt", "q": "visas"}, ["visas.txt"]),
        ({"q": "nothing like it"}, []),
        (
            {"state": "unheard of", "order": "size", "page": "-1"},
            ["broken.pdf", "railway.md", "seal.txt", "visas.txt"],
        ),
    ],
)
def test_the_address_says_what_is_shown(client: TestClient, asked: dict[str, str], found: list[str]) -> None:
    shown = rows(client.get("/library", params=asked).text)
    assert [
        name for name in ("broken.pdf", "railway.md", "seal.txt", "visas.txt") if any(name in r for r in shown)
    ] == found
    if not found:
        assert "No file matches" in client.get("/library", params=asked).text


@pytest.mark.parametrize("asked", [{"since": "soon"}, {"type": "<b>"}, {"language": "xx"}])
def test_what_cannot_be_asked_for_is_said(client: TestClient, asked: dict[str, str]) -> None:
    page = client.get("/library", params=asked).text
    [alert] = re.findall(r'role="alert">(.*?)</p>', page)
    assert next(iter(asked.values())) in words(alert)
    assert len(rows(page)) == 5


def test_a_long_list_comes_in_pages_that_keep_the_search(client: TestClient, monkeypatch) -> None:
    monkeypatch.setattr(library, "FILES_SHOWN", 2)
    seen: list[str] = []
    address: str | None = "library?q=a&order=type"
    while address:
        page = client.get("/" + address).text
        seen += rows(page)
        [address] = re.findall(r'rel="next" href="([^"#]*)', page) or [None]
        address = address and address.replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 4
    assert "Page 2 of 2" in client.get("/library?q=a&page=99").text


def test_without_an_index_the_page_says_what_is_missing(tmp_path: Path) -> None:
    page = served(Workshop(load_settings(index=tmp_path / "none"))).get("/library")
    assert page.status_code == 200
    assert "build it with: assistant index FOLDER" in words(page.text)
    assert "start the server with the folder" in words(page.text)
    assert "<table" not in page.text


def test_a_page_of_another_origin_cannot_start_a_sync(client: TestClient, monkeypatch) -> None:
    monkeypatch.setattr(Sync, "start", lambda self: pytest.fail("it was started"))
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.test"},
    ):
        assert client.post("/library/sync", headers=headers).status_code == 403


def test_a_sync_indexes_what_changed_and_only_one_runs(workshop: Workshop) -> None:
    (workshop.settings.folder / "quay.txt").write_text("The quay of Hovsan was built in 1911.\n")
    live = LiveChain(workshop)
    sync = Sync(workshop.settings, live.problem)
    sync.start()
    with pytest.raises(Unavailable, match="a sync is running"):
        sync.start()
    stages = set()

    def ended() -> bool:
        stages.add(sync.state.stage)
        return not sync.state.running

    wait_for(ended)
    assert (sync.state.failed, sync.state.outcome) == (False, "1 added")
    assert "looking for changes" in stages
    with live.reading() as (_, catalog):
        assert "quay.txt" in catalog.hashes()
    client = served(workshop)
    assert "What changed then: 1 added" in " ".join(words(client.get("/library").text).split())


def test_a_sync_that_dies_is_told_and_another_may_begin(workshop: Workshop) -> None:
    sync = Sync(workshop.settings, lambda: pytest.fail("nothing was built"))
    sync.start()
    os.kill(sync._process.pid, signal.SIGKILL)
    wait_for(lambda: not sync.state.running)
    assert sync.state.failed and "the index that answered still does" in sync.state.outcome
    sync.start()
    sync.close()
    wait_for(lambda: not sync.state.running)
    assert not sync._process.is_alive()


def test_a_server_without_a_folder_of_its_own_does_not_sync(workshop: Workshop) -> None:
    sync = Sync(load_settings(index=workshop.settings.index), lambda: None)
    with pytest.raises(InputError, match="assistant serve FOLDER"):
        sync.start()


def wait_for(true: Callable[[], bool], seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)
