"""The command line over an index: indexing, asking, searching, batches, and several folders in one index."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli_parts import Command

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
        assert (told["documents"], told["folders"]) == (2, {"": str(folder)})
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


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two folders whose documents answer the same question differently."""
    place = tmp_path_factory.mktemp("collections")
    texts = {
        "north/ferry-2023.md": "# The ferry\n\nThe ferry to Aktau carries 54 wagons.\n",
        "south/old/ferry-2019.txt": "The ferry of the south line carries 28 wagons. Dolphins follow it.\n",
        "south/ferry.txt": "The timetable of the south line hangs in the harbour office.\n",
    }
    for name, text in texts.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    return {name: place / name for name in ("north", "south")}


@pytest.mark.models
class TestWithTwoCollections:
    @pytest.fixture
    def index(self, collections: dict[str, Path], assistant: Command) -> Path:
        index = collections["north"].parent / "index"
        if not index.exists():
            ran = assistant("index", *(f"{name}={folder}" for name, folder in collections.items()), "--index", index)
            assert ran.code == 0 and ran.out.startswith("3 documents, ")
        return index

    def test_an_answer_is_of_the_collection_and_says_so(self, assistant: Command, index: Path):
        for given, document, figure, told in (
            (["--in", "north"], "north/ferry-2023.md", "54", "in north"),
            (["--in", "south/"], "south/old/ferry-2019.txt", "28", "in south"),
            (["--in", "south/old", "--type", "txt"], "south/old/ferry-2019.txt", "28", "in south/old, of type txt"),
            (["--type", "md"], "north/ferry-2023.md", "54", "of type md"),
            (["--until", "2020"], "south/old/ferry-2019.txt", "28", "until 2020"),
            (["--since", "2023-06", "--language", "en"], "north/ferry-2023.md", "54", "in language en, from 2023-06"),
        ):
            answer = json.loads(assistant("ask", QUESTION, *given, "--index", index, "--json").out)
            assert {citation["document"] for citation in answer["citations"]} == {document} and figure in answer[
                "text"
            ]
            assert answer["filter"] and assistant("ask", QUESTION, *given, "--index", index).out.startswith(
                f"(only documents {told})\n"
            )
        answer = json.loads(assistant("ask", QUESTION, "--index", index, "--json").out)
        assert answer["filter"] is None
        assert {c["document"].split("/")[0] for c in answer["citations"]} == {"north", "south"}

    def test_a_refusal_speaks_of_the_documents_that_match(self, assistant: Command, index: Path):
        question = "What do the dolphins weigh?"
        assert json.loads(assistant("ask", question, "--index", index, "--json").out)["missing_terms"] == ["weigh"]
        answer = json.loads(assistant("ask", question, "--in", "north", "--index", index, "--json").out)
        assert (answer["status"], answer["missing_terms"]) == ("refused", ["dolphins", "weigh"])
        assert {citation["document"] for citation in answer["near"]} == {"north/ferry-2023.md"}
        ran = assistant("ask", question, "--in", "north", "--index", index)
        assert "\nFound in none of these documents: dolphins, weigh.\n" in ran.out

    def test_where_nothing_matches_it_is_said_in_one_line(self, assistant: Command, index: Path):
        for given in (
            ["--in", "nort"],
            ["--type", "pdf"],
            ["--in", "north", "--until", "2022"],
            ["--language", "tr"],
        ):
            for command in ("ask", "search"):
                error = assistant(command, QUESTION, *given, "--index", index).error()
                assert error.startswith("no document matches the filter (")

    def test_a_document_without_a_date_matches_no_filter_on_it(self, assistant: Command, index: Path):
        dated = json.loads(assistant("search", "ferry", "--since", "1900", "--index", index, "--json").out)
        assert {p["document"] for p in dated["passages"]} == {"north/ferry-2023.md", "south/old/ferry-2019.txt"}

    def test_a_batch_has_filters_of_its_own_and_one_for_the_rest(self, assistant: Command, index: Path):
        lines = [
            {"id": 1, "question": QUESTION, "filter": {"folder": "north"}},
            {"id": 2, "question": QUESTION},
            {"id": 3, "question": QUESTION, "filter": {"type": "pdf"}},
        ]
        Path("in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        ran = assistant("ask", "--batch", "in.jsonl", "--output", "out.jsonl", "--in", "south", "--index", index)
        assert "1 questions could not be asked" in ran.error()
        first, second, third = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
        assert [c["document"] for c in first["citations"]] == ["north/ferry-2023.md"]
        assert second["filter"]["folder"] == "south" and second["citations"][0]["document"].startswith("south/")
        assert third["error"].startswith("no document matches the filter (of type pdf)")

    def test_a_collection_leaves_by_its_name_alone(
        self, assistant: Command, collections: dict[str, Path], index: Path, tmp_path: Path
    ):
        own = tmp_path / "own"
        shutil.copytree(index, own)
        error = assistant("index", f"north={collections['north']}", "--index", own).error()
        assert "the index holds the collection south" in error and error.endswith("--drop south")
        told = assistant("status", "--index", own).out
        assert f"folder      north = {collections['north']}\n" in told and "holds       3 documents" in told
        ran = assistant("index", "--drop", "south", "--index", own)
        assert ran.out.startswith("1 documents, 1 passages in the index: 0 added, 0 updated, 2 removed, 1 unchanged")
