"""From a claim to its place in the source, in a real browser: one click, the very words, on the page."""

import re
import urllib.parse

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_parts import ANSWER, BROWSER, ask, serving
from serve_parts import HOSTILE
from source_parts import PDF_LINES, write_sources
from test_pdf_boxes import Pages, letters

pytestmark = BROWSER
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 780}
FERRY = "How long does the ferry to Kurik take?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_sources(tmp_path_factory.mktemp("served") / "documents")


@pytest.fixture(scope="module")
def server(folder):
    """The address of `assistant serve` over sources of several forms."""
    with serving(folder) as address:
        yield address


def opened(page, link):
    """Click a citation, and wait for the source beside it."""
    link.click()
    frame = page.frame_locator("#source-panel iframe")
    frame.locator("#cited").wait_for(timeout=ANSWER)
    return frame


def marked(frame) -> str:
    return "".join(frame.locator("mark").evaluate_all("marks => marks.map(mark => mark.textContent)"))


def assert_in_sight(page, frame) -> None:
    box, panel = frame.locator("#cited").bounding_box(), page.locator("#source-panel").bounding_box()
    assert panel["y"] <= box["y"] and box["y"] + box["height"] <= panel["y"] + panel["height"]


def assert_accessible(page) -> None:
    """No finding of axe-core that is serious or critical, in the page and its frames."""
    found = Axe().run(page).response["violations"]
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert [(v["id"], node["html"], node["failureSummary"]) for v in serious for node in v["nodes"]] == []


@pytest.mark.parametrize(
    ("question", "name", "inside"),
    [
        ("What is the fee of the southern berth?", "fees.xlsx", "tr.cited td"),
        ("When does the new berth open?", "berth.eml", ".header b"),
        ("How far does the tide rise at the pier?", "tides.html", "mark"),
        ("How long is the quay?", "long.txt", "mark"),
        ("How wide is the gate of the lock?", "lock.txt", "mark bdi"),
    ],
)
def test_one_click_shows_the_very_words_where_they_stand(visit, question: str, name: str, inside: str) -> None:
    page = visit(viewport=WIDE)
    answer = ask(page, question)
    entry = answer.locator(".source", has_text=name).first
    number = entry.locator(".number").inner_text()
    frame = opened(page, answer.locator(".said a.mark", has_text=number).first)
    assert marked(frame) == entry.locator("blockquote").evaluate("quote => quote.textContent")
    assert_in_sight(page, frame)
    assert frame.locator(inside).first.is_visible()
    assert page.locator("#source-panel h2").inner_text().startswith(f"Source {number[1:-1]}: {name}")


def test_a_pdf_page_has_boxes_over_the_very_words(visit, folder) -> None:
    page = visit(viewport=WIDE)
    answer = ask(page, FERRY)
    frame = opened(page, answer.locator(".said a.mark").first)
    quote = answer.locator("blockquote").first.evaluate("quote => quote.textContent")
    height = float(frame.locator("svg").get_attribute("viewBox").split()[3])
    sides = ("x", "y", "width", "height")
    found = [[float(box.get_attribute(side)) for side in sides] for box in frame.locator("rect.box").all()]
    pages = Pages((folder / "ferry.pdf").read_bytes())
    assert "".join(pages.under(2, (x, height - y - h, x + w, height - y)) for x, y, w, h in found) == letters(quote)
    assert quote in " ".join(PDF_LINES)
    assert_in_sight(page, frame)
    assert frame.locator("image").evaluate("image => image.getBoundingClientRect().width") > 300
    frame.get_by_role("link", name="Next page").click()
    frame.get_by_text("Page 3 of 3").wait_for(timeout=ANSWER)
    assert frame.locator("rect.box").count() == 0
    frame.get_by_role("link", name="To the cited words").click()
    frame.locator("rect.box").first.wait_for(timeout=ANSWER)
    before = frame.locator("svg").bounding_box()["width"]
    frame.get_by_role("link", name="Zoom 200 %").click()
    frame.locator("svg.zoom-200").wait_for(timeout=ANSWER)
    assert frame.locator("svg").bounding_box()["width"] > 1.8 * before
    frame.get_by_role("link", name="Text", exact=True).click()
    frame.locator("mark").first.wait_for(timeout=ANSWER)
    assert marked(frame) == quote


def test_with_the_keyboard_alone(visit) -> None:
    page = visit(viewport=WIDE)
    ask(page, FERRY)
    chip = page.locator(".said a.mark").first
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if chip.evaluate("chip => chip === document.activeElement"):
            break
    assert chip.evaluate("chip => chip === document.activeElement")
    card = page.locator("#source-card")
    assert card.is_visible() and "The ferry to Kurik takes 41 hours" in card.inner_text()
    assert "page 2" in card.inner_text() and chip.get_attribute("aria-describedby") == "source-card"
    assert chip.get_attribute("aria-label").startswith("Source 1: ferry.pdf · page 2")
    page.keyboard.press("Escape")
    assert card.is_hidden()
    page.keyboard.press("Enter")
    frame = page.frame_locator("#source-panel iframe")
    frame.locator("#cited").wait_for(timeout=ANSWER)
    assert page.evaluate("document.activeElement.id") == "source-panel"
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    page.keyboard.press("Escape")  # from inside of the frame
    page.locator("#source-panel").wait_for(state="hidden")
    assert chip.evaluate("chip => chip === document.activeElement")


def test_pointing_at_a_number_shows_what_it_cites(visit) -> None:
    page = visit(viewport=WIDE)
    ask(page, FERRY)
    page.locator(".said a.mark").first.hover()
    assert "The ferry to Kurik takes 41 hours" in page.locator("#source-card").inner_text()
    page.mouse.move(5, 5)
    page.locator("#source-card").wait_for(state="hidden")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_state_is_accessible_and_fits(visit, scheme: str, size: dict[str, int]) -> None:
    page = visit(viewport=size, color_scheme=scheme, bypass_csp=True)  # axe is a script of the test
    answer = ask(page, FERRY)
    assert_accessible(page)
    frame = opened(page, answer.locator(".said a.mark").first)
    assert_accessible(page)
    frame.get_by_role("link", name="Text", exact=True).click()
    frame.locator("mark").first.wait_for(timeout=ANSWER)
    assert_accessible(page)
    wider = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) == 0
    covered = size == PHONE
    assert page.locator("#source-panel").get_attribute("aria-modal") == str(covered).lower()
    assert page.locator("gradio-app").evaluate("app => app.inert") == covered
    box = page.get_by_role("button", name="Close", exact=True).bounding_box()
    assert box["width"] >= 44 and box["height"] >= 44
    page.get_by_role("button", name="Close", exact=True).click()
    assert not page.locator("gradio-app").evaluate("app => app.inert")
    refused = ask(page, "Who won the chess game in Zanzibar?")
    assert_accessible(page)
    entry = refused.locator(".source").first
    frame = opened(page, entry.locator("a.open"))
    assert marked(frame) == entry.locator("blockquote").evaluate("quote => quote.textContent")


@pytest.mark.parametrize("policy", [True, False], ids=["as served", "without the content policy"])
def test_a_hostile_document_stays_text(visit, server: str, policy: bool) -> None:
    page = visit(viewport=WIDE, bypass_csp=not policy)
    answer = ask(page, "What does the seal of the harbour office show?")
    frame = opened(page, answer.locator(".said a.mark").first)
    assert HOSTILE in marked(frame)
    assert frame.locator("img, script, form, iframe, object, a[href^='javascript']").count() == 0
    apart = urllib.parse.urljoin(server, page.locator("#source-panel .apart").get_attribute("href"))
    page.goto(apart)  # as a page of its own, no script is allowed either
    assert HOSTILE in "".join(page.locator("mark").all_text_contents())
    assert re.search(r"/sources/[0-9a-f]{64}\.txt\?start=\d+&end=\d+#cited$", page.url)
