"""A report of an evaluation in a real browser: it asks for nothing, and its cases can be chosen without a script."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser_parts import CHROMIUM, FLAGS
from report_parts import whole_report

from assistant.evaluation.html_report import report_html

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="needs the system's Chromium: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_read_without_a_request_or_a_script(browser, tmp_path: Path, scheme: str, width: int):
    file = tmp_path / "report.html"
    file.write_bytes(report_html(whole_report()))
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page: Page = context.new_page()
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()] and wrong == []
    assert page.title().startswith("Evaluation: 40 questions")
    # Its style sheet was let in, and the plots have its colours.
    ground = {"light": "rgb(255, 255, 255)", "dark": "rgb(27, 32, 40)"}[scheme]
    section = page.locator("#figures")
    assert section.evaluate("part => getComputedStyle(part).backgroundColor") == ground
    ink = page.locator("#figures svg text").first.evaluate("text => getComputedStyle(text).fill")
    assert ink == {"light": "rgb(91, 101, 117)", "dark": "rgb(162, 172, 186)"}[scheme]
    assert page.evaluate("document.documentElement.scrollWidth") <= width  # nothing sticks out

    cases = page.locator("article:visible")
    assert cases.count() == 10
    page.get_by_text("chosen, not stated 5", exact=True).click()
    assert cases.count() == 5
    page.locator("label", has_text="far").click()
    assert cases.count() == 0
    page.locator("label[for=choose-every-stage]").click()
    assert cases.count() == 3
    page.locator("label[for=choose-every-tag]").click()
    page.locator("#baseline").get_by_role("link", name="far-1").click()
    assert page.locator("article:target").get_by_text("Question far-1?").is_visible()
    context.close()


def test_it_is_printed_with_every_case(browser, tmp_path: Path):
    import pypdfium2

    file = tmp_path / "report.html"
    file.write_bytes(report_html(whole_report()))
    page: Page = browser.new_page(color_scheme="dark")
    page.goto(file.as_uri())
    page.pdf(path=tmp_path / "report.pdf", format="A4")
    page.close()
    pages = pypdfium2.PdfDocument(tmp_path / "report.pdf")
    printed = " ".join(" ".join(p.get_textpage().get_text_range() for p in pages).split())
    assert all(f"Question {name}?" in printed for name in ("near-0", "near-4", "far-2", "broken"))
    assert "hit@5" in printed and "Lost where" not in printed
