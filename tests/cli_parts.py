"""The command line, called as its entry point calls it: what it prints, where, and how it exits."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.cli import main


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


def runner(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """What runs `assistant` with arguments."""

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
