"""The report as a page: what it shows, and that nothing that a question says is more than text in it."""

import base64
import hashlib
import re
import sys

import pytest
from lxml import html
from report_parts import HOSTILE, result, results, whole_report

from assistant.errors import InputError
from assistant.evaluation.html_report import report_html
from assistant.evaluation.results import Result
from assistant.evaluation.run_report import Report
from assistant.render import printable


@pytest.fixture(scope="module")
def page() -> bytes:
    return report_html(whole_report())


@pytest.fixture(scope="module")
def tree(page: bytes):
    return html.document_fromstring(page.decode())


def xpath(tree, path: str) -> str:
    return " ".join(words(found) for found in tree.xpath(path))


def words(element) -> str:
    """What an element says, as one line in which cells stay apart."""
    return " ".join(" ".join(element.itertext()).split()).replace(" ;", ";")


def test_it_has_the_figures_the_gates_and_what_turned(tree):
    assert xpath(tree, "//p[@class='summary']") == (
        "40 questions: 30 passed, 9 failed, 1 could not be asked (they count as wrong)"
    )
    gates = xpath(tree, "//section[@id='gates']")
    assert (
        "passed fails on hit@5 < 0.5; it is 0.875" in gates and "failed fails on correct < 0.9; it is 0.750" in gates
    )
    assert "correct 0.750 0.598 to 0.858 30 of 40" in xpath(tree, "//section[@id='figures']")
    tags = xpath(tree, "//section[@id='tags']")
    assert (
        "far 0.000 0.000 to 0.561 0 of 3" in tags and "rule of three: below 0.632; too few questions to tell" in tags
    )
    turned = [words(row).split() for row in tree.xpath("//section[@id='baseline']//table[last()]/tbody/tr")]
    flips = [row for row in turned if row and row[0] in ("worse", "better")]
    assert [row[:2] for row in flips] == [["worse", f"far-{n}"] for n in range(3)] + [["better", "ok-0"]]
    assert ">10 1 none 4" in xpath(tree, "//section[@id='retrieval']")
    assert "retrieve 10 ms 10 ms" in xpath(tree, "//section[@id='time']")


def test_every_failed_case_is_there_with_all_that_is_known(tree):
    cases = tree.xpath("//article")
    assert len(cases) == len([r for r in results() if not r.passed]) == 10
    near = next(case for case in cases if "near-3" in case.text_content())
    text = words(near)
    assert "chosen, not stated near-3 fact near set.yaml Question near-3? expected “quote of near-3”" in text
    assert "instead instead of near-3" in text and "again assistant ask x" in text and "Answer near-3. [1]" in text
    # What turned leads to its case, and every link of the page somewhere on it.
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = [link for link in tree.xpath("//@href")]
    assert "#case-7" not in targets or "case-7" in ids
    assert {target[1:] for target in targets} <= set(ids) and all(target.startswith("#") for target in targets)


def test_what_a_question_says_is_text(page: bytes, tree):
    assert (
        tree.xpath("//script | //img | //iframe | //link | //object | //base | //a[contains(@href, 'javascript')]")
        == []
    )
    assert [name for name in tree.xpath("//@*") if getattr(name, "attrname", "").startswith("on")] == []
    assert tree.xpath("//*[@style]") == []  # the policy would not let it in
    assert "49" not in xpath(tree, "//article//h3") and HOSTILE[:60] in xpath(tree, "//article//h3")
    assert printable(HOSTILE).split()[-1] in xpath(tree, "//article//code")
    assert b"\x00" not in page and b"\x1b" not in page and "\u202e".encode() not in page
    assert page.lower().count(b"<script") == 0
    # The labels of the plots, too: no formula is set, nothing ends the drawing.
    assert any(label.startswith("</title></style>") for label in tree.xpath("//svg//text()"))


def test_the_policy_lets_its_own_style_in_and_nothing_else(tree):
    [policy] = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    [style] = tree.xpath("//style/text()")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"@import|url\(", style)


def test_every_plot_has_its_words_and_only_the_colours_of_the_page(tree):
    plots = tree.xpath("//svg")
    assert len(plots) == 6
    for plot in plots:
        title, words = (plot.xpath(f"./{tag}")[0] for tag in ("title", "desc"))
        assert plot.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}" and plot.get("role") == "img"
        assert title.text and words.text
        colours = set(plot.xpath(".//@fill | .//@stroke"))
        assert {c for c in colours if not c.startswith("var(--")} <= {"none"}, colours
    assert "correct: 0.75, 0.60 to 0.86, of 40" in plots[0].xpath("./desc")[0].text
    assert any("worse: 3 questions" in plot.xpath("./desc")[0].text for plot in plots)


def test_the_same_results_make_the_same_page(page: bytes):
    assert report_html(whole_report()) == page


@pytest.mark.parametrize(
    "asked",
    [
        [result("only")],
        [result("broken", answer=None, error="E", found=())],
        [result("bare", scores={"correct": 1.0}, tags=())],
        [result("lost", "should have answered", rank=None, tags=("a" * 300, "$x$", "\n", "日本"))],
    ],
)
def test_a_single_case_of_any_kind_makes_a_page(asked: list[Result]):
    tree = html.document_fromstring(report_html(Report({}, asked, [])).decode())
    assert "too few questions to tell (fewer than 20)" in xpath(tree, "//p[@class='summary']")
    assert "no gate was set" in xpath(tree, "//header")


def test_without_matplotlib_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("assistant.evaluation.plots.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'cited-assistant\[eval\]'"):
        report_html(whole_report())


def test_the_report_is_imported_without_matplotlib():
    import subprocess

    program = (
        "import sys, assistant.evaluation.html_report, assistant.evaluation.cli; print('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "False\n"
