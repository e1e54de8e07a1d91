"""Question sets as tests of pytest: each case is one, and what it fails with is the diagnosis.

    pytest questions.yaml --assistant-index index

No file is taken for a set unless it is asked for: named as an argument beside an index, or in the ini option
`assistant_sets`. Every run of pytest imports this module, so what is slow to import is imported where it is used.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.errors import UserError

if TYPE_CHECKING:
    from assistant.chain import AnswerChain
    from assistant.evaluation.results import Lost
    from assistant.evaluation.sets import Case

ENDINGS = (".yaml", ".yml", ".jsonl", ".csv")
INDEX, SETS = "assistant_index", "assistant_sets"


class Failed(Exception):
    """A case that did not pass, and why."""

    def __init__(self, question: str, lost: "Lost") -> None:
        super().__init__(f"{lost.stage}: {question}")
        self.question = question
        self.lost = lost


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--assistant-index`, and the ini options `assistant_index` and `assistant_sets`."""
    told = "folder of the index that question sets are asked of, which are named as arguments"
    parser.getgroup("assistant", "question sets of the assistant").addoption(
        "--assistant-index", metavar="INDEX", help=told
    )
    parser.addini(INDEX, "the same, from the folder of this file", type="string", default="")
    parser.addini(SETS, "patterns of question sets that are tests, such as questions/*.yaml", type="args", default=[])


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "SetFile | None":
    """A question set that was asked for."""
    if file_path.suffix.lower() not in ENDINGS:
        return None
    named = parent.session.isinitpath(file_path) and index_of(parent.config) is not None
    relative = (
        file_path.relative_to(parent.config.rootpath) if file_path.is_relative_to(parent.config.rootpath) else None
    )
    listed = relative is not None and any(relative.match(pattern) for pattern in parent.config.getini(SETS))
    return SetFile.from_parent(parent, path=file_path) if named or listed else None


def index_of(config: pytest.Config) -> Path | None:
    """The folder of the index, if one was given."""
    if option := config.getoption("assistant_index"):
        return Path(config.invocation_params.dir, option)
    return Path(config.rootpath, ini) if (ini := config.getini(INDEX)) else None


class SetFile(pytest.File):
    """A question set."""

    def collect(self) -> Iterator["CaseItem"]:
        """A test a case, under its id; those to be skipped are skipped."""
        from assistant.evaluation.sets import read_set
        from assistant.render import printable

        try:
            cases = read_set(self.path)
        except UserError as error:
            raise self.CollectError(str(error)) from error
        for case in cases:
            item: CaseItem = CaseItem.from_parent(self, name=printable(" ".join(case.id.split())), case=case)
            item.extra_keyword_matches.update(case.tags)  # for -k
            if case.skip:
                item.add_marker(pytest.mark.skip(reason="skip is set in the question set"))
            yield item


class CaseItem(pytest.Item):
    """A case of a question set."""

    def __init__(self, *, case: "Case", **rest: Any) -> None:
        super().__init__(**rest)
        self.case = case

    def runtest(self) -> None:
        """Ask the question; fail where the answer is not what the case expects.

        Raises:
            Failed: it is not, or there is none.
            UserError: there is no index to ask.
        """
        from assistant.evaluation.run import ask

        chain, index = _chain(self.config)
        result = ask(self.case, _from(self.path, self.config.invocation_params.dir), chain, index)
        self.user_properties += [(name, value) for name, value in result.scores.items()]
        if result.lost:
            raise Failed(result.question, result.lost)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was expected and what came instead; of a user's error, what it says."""
        error = excinfo.value
        if isinstance(error, Failed):
            return "\n".join(_told(error))
        return f"error: {error}" if isinstance(error, UserError) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Its file, a line, without which none can be skipped, and its name."""
        return self.path, 0, f"{self.path.name}: {self.name}"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the index."""
    if chain := config.stash.get(_CHAIN, None):
        chain[0].index.close()


_CHAIN = pytest.StashKey[tuple["AnswerChain", Path]]()


def _chain(config: pytest.Config) -> "tuple[AnswerChain, Path]":
    """The index and the models, once for all cases."""
    if _CHAIN not in config.stash:
        from assistant.compose import Workshop
        from assistant.settings import load_settings

        workshop = Workshop(load_settings(index=index_of(config)))
        config.stash[_CHAIN] = workshop.chain(), workshop.settings.index
    return config.stash[_CHAIN]


def _told(error: Failed) -> Iterable[str]:
    from assistant.render import printable

    lost = error.lost
    for name, text in (
        ("question", error.question),
        ("lost", lost.stage),
        ("expected", lost.expected),
        ("instead", lost.instead),
        ("again", lost.command),
    ):
        yield f"{name:<9} {printable(' '.join(text.split()) if name != 'again' else text)}"


def _from(path: Path, folder: Path) -> Path:
    return path.relative_to(folder) if path.is_relative_to(folder) else path
