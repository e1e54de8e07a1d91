"""The library, feedback, suggestions and the filter, in a real browser before the real server."""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser_parts import ANSWER, BROWSER, CHROMIUM, FLAGS, START, ask
from serve_parts import write_documents

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = BROWSER
EVIL = '"><img src=x onerror=alert(1)>.md'
PROGRAM = [sys.executable, "-c", "from assistant.cli import main; main()"]
Visit = Callable[..., "Page"]


@dataclass
class Served:
    """A running `assistant serve`: its address, and its folders."""

    address: str
    folder: Path
    index: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    place = tmp_path_factory.mktemp("library")
    folder = write_documents(place / "documents")
    (folder / "harbour").mkdir()
    (folder / "harbour" / EVIL).write_text("# <b>Fees</b>\n\nThe harbour fee is 12 euros a day.\n")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nonsense")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = [str(folder), "--index", str(place / "index"), "--port", str(port)]
    running = subprocess.Popen(
        [*PROGRAM, "serve", *options], cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    assert running.stdout.readline().startswith("Ask at"), running.stderr and running.stderr.read()
    yield Served(f"http://127.0.0.1:{port}", folder, place / "index")
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=30)
    assert "rror" not in err, err


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Any, served: Served) -> Iterator[Visit]:
    """A function that opens a page; afterwards nothing may have gone wrong in it or left this server."""
    contexts, wrong = [], []

    def open_page(path: str = "/", **options: Any) -> "Page":
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        here = (served.address, "data:", "blob:")
        page.on("request", lambda request: request.url.startswith(here) or wrong.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: message.type != "error" or wrong.append(message.text))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.goto(served.address + path)
        if path == "/":
            page.get_by_text("Nothing leaves this machine").wait_for(timeout=START)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def paths(page: "Page") -> list[str]:
    return page.locator("tbody th .path").all_inner_texts()


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_the_library_is_searched_and_filtered(visit: Visit, script: bool) -> None:
    page = visit("/library", java_script_enabled=script)
    assert sorted(paths(page)) == sorted(["broken.pdf", f"harbour/{EVIL}", "railway.md", "seal.txt", "visas.txt"])
    assert page.locator("img, tbody b").count() == 0
    page.get_by_label("State").select_option("not indexed")
    page.get_by_role("button", name="Show").click()
    page.locator("#count", has_text="1 file").wait_for()
    assert paths(page) == ["broken.pdf"]
    assert "not indexed: it is cut off" in page.locator("td.state").inner_text()
    page.get_by_role("link", name="Show all").click()
    page.get_by_label("Search").fill("harbour")
    page.get_by_label("Search").press("Enter")
    page.locator("#count", has_text="1 file").wait_for()
    assert paths(page) == [f"harbour/{EVIL}"]


def test_the_chat_leads_to_the_library_and_keeps_the_conversation(visit: Visit) -> None:
    page = visit()
    ask(page, "How far did the capacity of the railway rise?")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Library").click()
    library = opened.value
    library.get_by_role("heading", name="Library").wait_for()
    assert page.locator(".said").count() == 1
    library.get_by_role("link", name="Chat").click()
    library.get_by_text("Nothing leaves this machine").wait_for(timeout=START)


def test_a_suggested_question_is_answered(visit: Visit) -> None:
    page = visit()
    examples = page.locator("#conversation .examples button")
    examples.first.wait_for(timeout=START)
    question = examples.first.inner_text().strip()
    assert question.endswith("?")
    examples.first.click()
    page.locator(".sources").wait_for(timeout=ANSWER)
    assert page.locator(".asked").inner_text() == question
    assert page.locator(".refused").count() == 0 and page.locator(".said").inner_text()


def test_only_the_chosen_documents_are_asked(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Documents to ask: all").click()
    page.get_by_label("Type").click()
    page.get_by_role("option", name="md").click()
    page.get_by_role("button", name="Documents to ask: of type md").wait_for(timeout=ANSWER)
    answer = ask(page, "How long may Chinese citizens stay?")
    assert "Asked only documents of type md." in answer.inner_text()
    assert answer.locator(".refused").count() == 1
    page.get_by_label("From").fill("soon")
    answer = ask(page, "How long may Chinese citizens stay?")
    assert "not a date: 'soon'" in answer.inner_text()


def test_feedback_is_given_by_keyboard_kept_and_exported(visit: Visit, served: Served, tmp_path: Path) -> None:
    page = visit()
    ask(page, "How far did the capacity of the railway rise?")
    thumb = page.get_by_role("button", name="Dislike")
    assert min(thumb.bounding_box()[side] for side in ("width", "height")) >= 44
    thumb.focus()
    page.keyboard.press("Enter")
    page.get_by_label("incomplete").check(timeout=ANSWER)
    page.get_by_label("What would have been right?").fill("From 1 to 5 million tons, <b>a year</b>")
    page.get_by_role("button", name="Save").click()
    page.locator("#feedback").wait_for(state="hidden", timeout=ANSWER)
    target = tmp_path / "set.jsonl"
    export = [*PROGRAM, "feedback", "export", "--index", str(served.index), "--set", str(target)]
    subprocess.run(export, check=True, capture_output=True, timeout=120)
    [case] = [json.loads(line) for line in target.read_text().splitlines()]
    assert case["question"] == "How far did the capacity of the railway rise?"
    assert case["answers"] == ["From 1 to 5 million tons, <b>a year</b>"]
    page.get_by_role("button", name="Clicked dislike").or_(page.get_by_role("button", name="Dislike")).first.click()
    page.get_by_text("Your feedback was taken back.").wait_for(timeout=ANSWER)
    with sqlite3.connect(served.index / "feedback.sqlite") as db:
        assert db.execute("SELECT count(*) FROM feedback").fetchone() == (0,)


def test_a_sync_shows_how_far_it_is_and_what_it_changed(visit: Visit, served: Served) -> None:
    page = visit("/library")
    (served.folder / "quay.txt").write_text("The quay of Hovsan was built in 1911.\n")
    page.get_by_role("button", name="Sync now").click()
    page.locator("progress").wait_for()
    assert page.get_by_role("button", name="Sync now").is_disabled()
    page.get_by_text("Synced: 1 added.").wait_for(timeout=START)
    assert page.locator("progress").is_hidden()
    page.get_by_text("What changed then: 1 added").click()
    assert page.locator("details li").all_inner_texts() == ["quay.txt"]
    assert "quay.txt" in paths(page)
    answer = ask(visit(), "When was the quay of Hovsan built?")
    assert "1911" in answer.locator(".said").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/library", "/library?state=not+indexed&since=soon"])
def test_the_library_fits_a_phone_and_is_accessible(visit: Visit, scheme: str, path: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = visit(path, viewport={"width": 360, "height": 740}, color_scheme=scheme, bypass_csp=True)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert serious(axe.Axe().run(page)) == []
    page.set_viewport_size({"width": 1200, "height": 800})
    assert serious(axe.Axe().run(page)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chat_with_its_forms_open_is_accessible(visit: Visit, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = visit(color_scheme=scheme, bypass_csp=True)
    ask(page, "How far did the capacity of the railway rise?")
    page.get_by_role("button", name="Like", exact=True).click()
    page.get_by_label("right and complete").wait_for(timeout=ANSWER)
    page.get_by_role("button", name="Documents to ask: all").click()
    page.get_by_label("From").wait_for(timeout=ANSWER)
    time.sleep(0.5)
    assert serious(axe.Axe().run(page)) == []


def serious(results: Any) -> list[str]:
    """What axe-core found that is serious or critical, with where it is."""
    return [
        f"{found['id']}: {node['target']}"
        for found in results.response["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]
