"""Runs of question sets: what is asked and judged, what is lost and where, and that a killed run goes on."""

import json
import sys
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import pytest
from junitparser import Error, Failure, JUnitXml
from store_parts import make_workshop

from assistant.cli import main
from assistant.compose import Workshop
from assistant.errors import InputError
from assistant.evaluation.junit import junit_xml
from assistant.evaluation.results import parse_results, result_line
from assistant.evaluation.run import ask, read_cases, run_cases
from assistant.evaluation.run_report import Report, report_json, report_markdown, report_text
from assistant.evaluation.rundir import RESULTS, RUN
from assistant.evaluation.sets import Case
from assistant.types import Answer

DOCUMENTS = {
    "ferry.md": "# The ferry\n\nThe ferry to Aktau leaves on Mondays. It carries 54 wagons.\n\n"
    "## Fares\n\nA wagon costs 900 dollars.\n",
    "port.txt": "The port of Alat opened in May 2018. Its cranes were made in Turku.\n",
}
SET = """
- {id: wagons, question: How many wagons does the ferry carry?, numeric: {value: 54, unit: wagons},
   sources: [{file: ferry.md, quote: It carries 54 wagons}], tags: [figure]}
- {id: port, question: When did the port of Alat open?, answers: [May 2018],
   sources: [{file: port.txt, quote: opened in May 2018}], tags: [date]}
- {id: wrong, question: Where were the cranes made?, answers: [Tampere],
   sources: [{file: port.txt, quote: made in Turku}], tags: [date]}
- {id: gone, question: When did the port of Alat open to ships?, answers: [June 2019],
   sources: [{file: scan.pdf, quote: opened in June}]}
- {id: cost, question: What does a wagon cost?, answers: [900 dollars], must_not_include: ["900"]}
- {id: chess, question: How does a knight move in chess?, answerable: no, tags: [far]}
- {id: after, question: How many wagons does it carry?, answers: [54],
   history: [{role: user, content: When does the ferry to Aktau leave?}]}
- {id: later, question: Is this one skipped?, skip: yes}
"""


def quiet(done: int, total: int) -> None:
    pass


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory, embedder) -> Workshop:
    folder = tmp_path_factory.mktemp("documents")
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text)
    workshop = make_workshop(folder, tmp_path_factory.mktemp("index"), embedder)
    workshop.build(rebuild=False, progress=lambda stage, done, total: None)
    return workshop


@pytest.fixture
def set_file() -> Path:
    Path("set.yaml").write_text(SET)
    return Path("set.yaml")


def steady(report: dict) -> dict:
    """A report without its times."""
    return {name: part for name, part in report.items() if name != "latency_ms"}


def test_what_is_to_be_asked_is_found_out_before(set_file: Path):
    assert [case.id for _, case in read_cases([set_file], set())][-2:] == ["chess", "after"]
    assert [case.id for _, case in read_cases([set_file], {"later", "port"})] == ["port", "later"]
    with pytest.raises(InputError, match="no set has a case 'prot'"):
        read_cases([set_file], {"prot"})
    with pytest.raises(InputError, match="case 'wagons' of set.yaml comes twice"):
        read_cases([set_file, Path("./set.yaml")], set())
    Path("none.yaml").write_text("- {question: Q, skip: yes}\n")
    with pytest.raises(InputError, match="nothing to ask"):
        read_cases([Path("none.yaml")], set())


@pytest.mark.models
class TestOverAnIndex:
    def test_each_case_is_judged_and_what_is_lost_has_its_stage(self, workshop: Workshop, set_file: Path):
        run = run_cases(read_cases([set_file], set()), workshop, Path("out"), quiet)
        by_id = {result.id: result for result in run.results}
        assert [r.id for r in run.results if r.passed] == ["wagons", "port", "chess", "after"]
        stages = {r.id: r.lost.stage for r in run.results if r.lost}
        assert stages == {
            "wrong": "chosen, not stated",
            "gone": "not indexed",
            "cost": "said what it must not",
        }
        wagons = by_id["wagons"]
        assert wagons.scores["recall@1"] == wagons.scores["citation_recall"] == wagons.scores["numeric"] == 1.0
        assert wagons.found[0].document == "ferry.md" and "id" not in wagons.answer
        assert by_id["gone"].scores["recall@10"] == by_id["gone"].scores["ndcg@10"] == 0.0
        assert by_id["gone"].lost.instead == "scan.pdf is not in the index"
        assert by_id["chess"].scores["false_answers"] == 0.0 and "recall@1" not in by_id["chess"].scores
        lost = by_id["wrong"].lost
        assert lost.expected == "“Tampere”, as in “made in Turku” (port.txt)" and "Turku" in lost.instead
        index = workshop.settings.index
        assert lost.command == f"assistant ask 'Where were the cranes made?' --index {index}"
        assert by_id["after"].answer["query"] != "How many wagons does it carry?"

    def test_a_run_that_was_killed_goes_on_and_reports_the_same(self, workshop: Workshop, set_file: Path):
        cases = read_cases([set_file], set())
        whole = run_cases(cases, workshop, Path("whole"), quiet)

        class Killed(BaseException):
            pass

        def kill(done: int, total: int) -> None:
            if done == 3:
                raise Killed

        with pytest.raises(Killed):
            run_cases(cases, workshop, Path("cut"), kill)
        assert json.loads(Path("cut", RUN).read_text())["ended_at"] is None
        with Path("cut", RESULTS).open("ab") as file:
            file.write(b'{"set": "set.yaml", "id": "go')  # cut off in the middle of a line
        steps: list[int] = []
        resumed = run_cases(cases, workshop, Path("cut"), lambda done, total: steps.append(done))
        assert steps == [4, 5, 6, 7]
        told = [report_json(Report(run.made_of, run.results, [])) for run in (whole, resumed)]
        assert json.dumps(steady(told[0])) == json.dumps(steady(told[1]))
        lines = [Path(folder, RESULTS).read_bytes().splitlines() for folder in ("whole", "cut")]
        first, second = ([untimed(line) for line in part] for part in lines)
        assert first == second and len(first) == 7
        again = run_cases(cases, workshop, Path("cut"), lambda done, total: pytest.fail("asked again"))
        assert again.results == resumed.results

    def test_a_folder_of_something_else_is_left_alone(self, workshop: Workshop, set_file: Path):
        cases = read_cases([set_file], {"port"})
        run_cases(cases, workshop, Path("out"), quiet)
        before = Path("out", RESULTS).read_bytes()
        with pytest.raises(InputError, match="out holds a run of other cases; give another --output"):
            run_cases(read_cases([set_file], {"chess"}), workshop, Path("out"), quiet)
        other = make_workshop(workshop.settings.folder, workshop.settings.index, workshop.embedder, candidates=3)
        with pytest.raises(InputError, match="out holds a run of other settings"):
            run_cases(cases, other, Path("out"), quiet)
        assert Path("out", RESULTS).read_bytes() == before
        Path("mine").mkdir()
        Path("mine", "notes.txt").write_text("keep")
        with pytest.raises(InputError, match="mine holds something else than a run"):
            run_cases(cases, workshop, Path("mine"), quiet)
        Path("out", RESULTS).write_bytes(before + b"{}\n")
        with pytest.raises(InputError, match="line 2: not a result"):
            run_cases(cases, workshop, Path("out"), quiet)

    def test_a_case_that_cannot_be_asked_counts_as_wrong_and_is_told(self, workshop: Workshop, set_file: Path):
        cases, chain = read_cases([set_file], set()), workshop.chain()

        def fail(query: str, *rest: object) -> None:
            raise OSError("the disk\nis gone")

        chain.heard = fail
        results = [ask(case, path, chain, Path("index")) for path, case in cases]
        assert {r.error for r in results} == {"OSError: the disk"} and not any(r.passed for r in results)
        report = Report({}, results, [])
        figures = report.figures
        assert figures["correct"].value == figures["hit@5"].value == figures["f1"].value == 0.0
        assert figures["false_refusals"].value == figures["false_answers"].value == 1.0
        assert "0 passed, 0 failed, 7 could not be asked (they count as wrong)" in report_text(report)
        assert len(report_json(report)["errored"]) == 7

    def test_what_is_refused_cut_off_or_unverified_has_its_stage(self, workshop: Workshop, set_file: Path):
        [(path, case)] = read_cases([set_file], {"port"})
        chain = workshop.chain()
        chain.refusal = chain.refusal.rescaled(0.0, 1.0, 1.0)
        refused = ask(case, path, chain, Path("index"))
        assert refused.lost.stage == "should have answered" and "below 1.0000" in refused.lost.instead
        chain.refusal = chain.refusal.rescaled(0.0, 1.0, 0.0)
        chess = Case(id="x", question="How does a knight move in chess?", answerable=False)
        assert ask(chess, path, chain, Path("index")).lost.stage == "should have refused"
        far = Case.model_validate(
            {"id": "x", "question": "When did the port of Alat open?", "answers": ["900 dollars"],
             "sources": [{"file": "ferry.md", "quote": "A wagon costs 900 dollars"}]}
        )  # fmt: skip
        assert ask(far, path, chain, Path("index")).lost.stage == "retrieved, not chosen"
        chain.limits = replace(chain.limits, candidates=1)
        assert ask(far, path, chain, Path("index")).lost.stage == "not retrieved"

    def test_what_no_sentence_verifies_does_not_pass(self, workshop: Workshop, set_file: Path):
        [(path, case)] = read_cases([set_file], {"port"})

        class Doubting:
            """Hands on a chain's events, with every sentence of the answer unsupported."""

            def __init__(self, chain) -> None:
                self.chain = chain

            def __getattr__(self, name: str) -> object:
                return getattr(self.chain, name)

            def events(self, asked: object):
                for event in self.chain.events(asked):
                    if isinstance(answer := getattr(event, "answer", None), Answer):
                        doubted = [replace(s, support="unsupported", problems=("x",)) for s in answer.sentences]
                        event = replace(event, answer=replace(answer, sentences=tuple(doubted)))
                    yield event

        result = ask(case, path, Doubting(workshop.chain()), Path("index"))
        assert result.lost.stage == "stated, not verified" and result.scores["verified"] == 0.0

    def test_the_command_reports_and_exits_as_told(self, workshop, set_file: Path, monkeypatch, capsys):
        index = str(workshop.settings.index)

        def run(*arguments: str) -> tuple[object, str, str]:
            monkeypatch.setattr("sys.argv", ["assistant", "eval", *arguments, "--index", index])
            code: object = 0
            try:
                main()
            except SystemExit as exit:
                code = exit.code
            out, err = capsys.readouterr()
            return code, out, err

        files = ("--output", "out", "--junit", "j.xml", "--markdown", "m.md", "--html", "r.html", "--csv", "t.csv")
        code, out, _ = run("set.yaml", *files, "--fail-on", "hit@5 < 0.5", "--fail-on", "auroc <= 0.5")
        assert code == 0 and "passed  fails on hit@5 < 0.5" in out and "too few questions to tell" in out
        assert "7 questions: 4 passed, 3 failed" in out and "chosen, not stated: wrong: " in out
        code, out, _ = run("set.yaml", "--output", "out", "--fail-on", "correct < 0.9", "--json")
        assert code == 1 and json.loads(out)["gates"] == [{"fails_on": "correct < 0.9", "passed": False}]
        assert json.loads(out)["figures"]["correct"]["count"] == 4
        for wrong in ("recal@5 < 1", "recall@5 = 1", "recall@5 < 0.85x"):
            code, out, err = run("set.yaml", "--fail-on", wrong)
            assert (code, out) == (2, "") and err.startswith("error: --fail-on")
        code, out, err = run("set.yaml", "--only", "port", "--fail-on", "false_answers > 0")
        assert code == 2 and "no question of these sets has anything to measure false_answers by" in err
        assert run("none.yaml")[0] == 2

        suites = JUnitXml.fromfile("j.xml")
        [suite] = list(suites)
        tests = {test.name: test for test in suite}
        assert (suite.name, suite.tests, suite.failures, suite.errors, suite.skipped) == ("set.yaml", 7, 3, 0, 0)
        assert (suites.tests, suites.failures, suites.errors) == (7, 3, 0)
        assert datetime.fromisoformat(suite.timestamp).tzinfo is not None
        assert suite.time == pytest.approx(sum(test.time for test in suite), abs=0.01) and suite.time > 0
        assert [name for name, test in tests.items() if test.result] == ["wrong", "gone", "cost"]
        [failure] = tests["wrong"].result
        assert isinstance(failure, Failure) and failure.type == "chosen, not stated" and "Tampere" in failure.text
        assert "| wrong | chosen, not stated |" in Path("m.md").read_text()
        assert (
            "7 questions: 4 passed, 3 failed; too few questions to tell (fewer than 20)" in Path("r.html").read_text()
        )
        assert Path("t.csv").read_text("utf-8-sig").splitlines()[3].startswith("set.yaml,wrong,Where were the cranes")

    def test_what_a_report_needs_is_found_out_before_the_questions(self, workshop, set_file, monkeypatch, capsys):
        asked = ["assistant", "eval", "set.yaml", "--index", str(workshop.settings.index), "--output", "out"]
        monkeypatch.setattr("assistant.evaluation.plots.find_spec", lambda name: None)
        for option, file, told in (
            ("--html", "r.html", "--html draws plots, which takes the extra eval"),
            ("--csv", "nowhere/t.csv", "cannot write nowhere/t.csv"),
        ):
            monkeypatch.setattr("sys.argv", [*asked, option, file])
            with pytest.raises(SystemExit) as exit:
                main()
            assert exit.value.code == 2 and told in capsys.readouterr().err and not Path("out").exists()

    def test_a_run_that_breaks_exits_3(self, workshop, set_file: Path, monkeypatch, capsys):
        def full(self: object, result: object) -> None:
            raise OSError(28, "No space left on device")

        arguments = ["assistant", "eval", "set.yaml", "--only", "port", "--index", str(workshop.settings.index)]
        monkeypatch.setattr(sys, "argv", arguments)
        with monkeypatch.context() as patch, pytest.raises(SystemExit) as exit:
            patch.setattr("assistant.evaluation.rundir.RunFolder.add", full)
            main()
        assert exit.value.code == 3 and "the run broke: OSError: [Errno 28]" in capsys.readouterr().err
        with monkeypatch.context() as patch, pytest.raises(SystemExit) as exit:
            patch.setattr("assistant.chain.AnswerChain.read", lambda chain, query, laps, index: full(chain, query))
            main()
        assert exit.value.code == 3 and "no question could be asked: OSError" in capsys.readouterr().err

    def test_hostile_words_do_not_steer_a_report(self, workshop: Workshop):
        nasty = "<img src=x> | [a](http://x) @all \x1b[31m\x00 \u202e `x`"
        case = Case(id="n|<b>", question=f"Where {nasty}?", answers=("nowhere",))
        chain = workshop.chain()
        chain.refusal = chain.refusal.rescaled(0.0, 1.0, 1.0)
        result = ask(case, Path("se<t.yaml"), chain, Path("index"))
        report = Report({}, [result], [])
        markdown = report_markdown(report)
        assert "<img" not in markdown and "[a](" not in markdown and "@all" not in markdown
        Path("j.xml").write_bytes(junit_xml([result, replace(result, error="E: \x00")]))
        [suite] = list(JUnitXml.fromfile("j.xml"))
        first, second = suite
        assert (
            suite.name == "se<t.yaml" and isinstance(first.result[0], Failure) and isinstance(second.result[0], Error)
        )
        assert parse_results([result_line(result).encode()], "x") == [result]


def untimed(line: bytes) -> dict:
    record = json.loads(line)
    del record["answer"]["timings_ms"]
    assert asdict(parse_results([line], "x")[0])["id"] == record["id"]
    return record
