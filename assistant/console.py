"""What a command says, and how it fails."""

import json
import os
import sys
from typing import Any, NoReturn

from assistant.errors import InputError


def show(what: str | dict[str, Any]) -> None:
    """Write a text or a JSON to stdout.

    Raises:
        InputError: it cannot be written.
    """
    from assistant.render import printable

    try:
        sys.stdout.write((printable(what) if isinstance(what, str) else json.dumps(what, ensure_ascii=False)) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise InputError(f"the output cannot be written: {error.strerror}") from error


def fail(message: str, code: int) -> NoReturn:
    """Say in one line what is wrong, and exit."""
    sys.stderr.write(f"error: {message}\n")
    sys.exit(code)
