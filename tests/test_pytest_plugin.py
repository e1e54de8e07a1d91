"""Question sets as tests, in a pytest of their own: what is collected, and what a failed case says."""

from pathlib import Path

import pytest
from store_parts import make_workshop

pytest_plugins = ["pytester"]
PLUGIN = "assistant.evaluation.pytest_plugin"
DOCUMENT = "# The ferry\n\nThe ferry to Aktau leaves on Mondays. It carries 54 wagons.\n"
SET = """
- {id: wagons, question: How many wagons does the ferry carry?, answers: [54], tags: [figure],
   sources: [{file: ferry.md, quote: It carries 54 wagons}]}
- {id: wrong, question: When does the ferry to Aktau leave?, answers: [on Fridays],
   sources: [{file: ferry.md, quote: leaves on Mondays}]}
- {id: later, question: Is this one skipped?, skip: yes}
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """A function that runs pytest on a folder with a question set, a file of settings and a test."""
    monkeypatch.chdir(pytester.path)
    pytester.makepyfile(test_own="def test_own(): pass")
    Path("questions.yaml").write_text(SET)
    Path("settings.yaml").write_text("port: 80\n")
    return lambda *arguments: pytester.runpytest_subprocess("-p", PLUGIN, *arguments, timeout=300)


def test_no_file_is_a_set_unless_it_is_asked_for(run):
    run("-q").assert_outcomes(passed=1)
    run("-q", "--assistant-index", "index").assert_outcomes(passed=1)
    denied = run("questions.yaml")
    assert denied.ret == pytest.ExitCode.USAGE_ERROR and "not found: " in denied.stderr.str()
    run("settings.yaml", "--assistant-index", "index").stdout.fnmatch_lines(["*expected a list of questions*"])


def test_cases_are_collected_by_an_argument_or_a_pattern(run):
    named = run("questions.yaml", "--assistant-index", "index", "--collect-only", "-q")
    assert named.outlines[:3] == ["questions.yaml::wagons", "questions.yaml::wrong", "questions.yaml::later"]
    by_tag = run("questions.yaml", "--assistant-index", "index", "--collect-only", "-q", "-k", "figure")
    assert by_tag.outlines[0] == "questions.yaml::wagons" and "1/3 tests collected" in by_tag.outlines[-1]
    Path("pytest.ini").write_text("[pytest]\nassistant_sets = quest*.yaml\nassistant_index = index\n")
    assert "4 tests collected" in run("--collect-only", "-q").outlines[-1]
    Path("questions.yaml").write_text("- {question: Why?, anwsers: [x]}\n")
    broken = run("-q")
    broken.stdout.fnmatch_lines(["*line 1, case '1': unknown field 'anwsers'; did you mean 'answers'?*"])
    assert "Traceback" not in broken.stdout.str()


def test_where_there_is_no_index_one_line_says_so(run):
    ran = run("questions.yaml::wagons", "--assistant-index", "nowhere")
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(["error: *nowhere*"])
    assert "Traceback" not in ran.stdout.str() and "site-packages" not in ran.stdout.str()


@pytest.mark.models
def test_a_case_passes_or_says_why_not(run, embedder, tmp_path_factory: pytest.TempPathFactory):
    folder, index = tmp_path_factory.mktemp("documents"), tmp_path_factory.mktemp("index")
    (folder / "ferry.md").write_text(DOCUMENT)
    make_workshop(folder, index, embedder).build(rebuild=False, progress=lambda stage, done, total: None)
    ran = run("questions.yaml", "--assistant-index", str(index), "--junitxml", "junit.xml")
    ran.assert_outcomes(passed=1, failed=1, skipped=1)
    ran.stdout.fnmatch_lines(
        [
            "*questions.yaml: wrong*",
            "question  When does the ferry to Aktau leave?",
            "lost      chosen, not stated",
            "expected  “on Fridays”, as in “leaves on Mondays” (ferry.md)",
            "instead   *Mondays*",
            "again     assistant ask 'When does the ferry to Aktau leave?' --index *",
        ]
    )
    written = Path("junit.xml").read_text()
    assert 'name="citation_verbatim" value="1.0"' in written and "chosen, not stated" in written
