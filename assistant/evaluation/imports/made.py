"""What is made of the files of others: cases, documents, and an account of what was left out."""

import os
import re
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.evaluation.sets import LONGEST_ID, MOST_CASES, Case, parse_case

MOST_DOCUMENTS = 1_000_000
LONGEST_NAME = 80  # characters of a document's name, its ending apart
MOST_WORDS = 5  # of an expected answer; a longer one is no text that an answer has to hold word for word
LONG_ANSWER = f"more than {MOST_WORDS} words, which no answer has to say word for word"


@dataclass(slots=True)
class LeftOut:
    """Things of one kind that were left out for one reason: how many, and where the first stands."""

    what: str
    why: str
    first: str
    count: int = 1


@dataclass(slots=True)
class Made:
    """Cases and documents as they are made; documents are written at once, into the folder `pending`."""

    pending: Path | None  # None where no documents are wanted
    limit: int = MOST_CASES  # of cases
    cases: list[Case] = field(default_factory=list)
    documents: int = 0
    left_out: dict[tuple[str, str], LeftOut] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)
    _names: dict[str, int] = field(default_factory=dict)
    _texts: dict[tuple[str, str], str] = field(default_factory=dict)

    def document(self, name: str, text: str, once: bool = False) -> str:
        """Write a document and return its path below the folder.

        Args:
            name: what it is called; signs that are not safe in a path are put as underscores, and a name that is
                there already gets a number. Slashes part folders.
            text: all of it.
            once: whether the same text under the same name is one document.

        Raises:
            InputError: no folder for documents was given, it cannot be written, or there are too many.
        """
        if self.pending is None:
            raise InputError("these files hold documents; say with --documents in which folder to write them")
        if once and (name, text) in self._texts:
            return self._texts[name, text]
        if self.documents == MOST_DOCUMENTS:
            raise InputError(f"there are more than {MOST_DOCUMENTS:,} documents; split them")
        path = self._free(name)
        try:
            target = self.pending / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode("utf-8", "replace"))
        except OSError as error:
            raise InputError(f"cannot write {path}: {error.strerror}") from error
        self.documents += 1
        if once:
            self._texts[name, text] = path
        return path

    def case(self, where: str, identity: str | None, question: str, **fields: Any) -> None:
        """Add a case; one that cannot be asked is left out.

        Args:
            where: names its place in the files.
            identity: its id; one that is there already gets a number, None the number of the case.
            question: what is asked.
            fields: those of `Case`; what is empty is not given.
        """
        if len(self.cases) == self.limit:
            self.leave("questions", f"beyond the first {self.limit:,}", where)
            return
        name = self._named(identity or str(len(self.cases) + 1))
        given = {key: value for key, value in fields.items() if value not in (None, "", (), [], {})}
        try:
            self.cases.append(parse_case({"id": name, "question": question, **given}, where))
        except InputError as error:
            self.leave("questions", "cannot be asked", str(error))
            return
        self._ids.add(name)

    def expected(self, answers: Sequence[str], where: str) -> list[str]:
        """Those of the expected answers that an answer can be held against word for word; others are left out."""
        short = [text for text in map(str.strip, answers) if 0 < len(text.split()) <= MOST_WORDS]
        for text in answers:
            if len(text.split()) > MOST_WORDS:
                self.leave("answers", LONG_ANSWER, where)
        return list(dict.fromkeys(short))

    def leave(self, what: str, why: str, where: str) -> None:
        """Count a thing that is left out."""
        if (what, why) in self.left_out:
            self.left_out[what, why].count += 1
        else:
            self.left_out[what, why] = LeftOut(what, why, where)

    def _named(self, identity: str) -> str:
        """The identity on one line, not too long, and not there yet."""
        name = cut = " ".join(identity.split())[: LONGEST_ID - 8] or str(len(self.cases) + 1)
        number = 1
        while name in self._ids:
            number += 1
            name = f"{cut}-{number}"
        return name

    def _free(self, name: str) -> str:
        """A path for a document of this name that no other has, whatever the case of its letters."""
        *folders, last = (safe(part) for part in name.split("/"))
        path = "/".join([*folders, last])
        key = path.casefold()
        self._names[key] = number = self._names.get(key, 0) + 1
        if number > 1:
            return self._free(f"{path}-{number}")
        return f"{path}.txt"


def safe(name: str) -> str:
    """A name that every file system bears: letters, digits, dots, dashes and underscores, at most `LONGEST_NAME`."""
    plain = re.sub(r"[^\w.-]+", "_", unicodedata.normalize("NFC", name)).strip("._- ")
    while len(os.fsencode(plain[:LONGEST_NAME])) > 200:  # file systems bear 255 bytes
        plain = plain[: len(plain[:LONGEST_NAME]) - 1]
    return plain[:LONGEST_NAME].rstrip("._-") or "document"


def remove(pending: Path | None) -> None:
    """Take away what was written of an import that failed."""
    if pending is not None:
        shutil.rmtree(pending, ignore_errors=True)
