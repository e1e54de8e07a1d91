"""Which files of a folder count: patterns as in .gitignore, to take in and to leave out."""

from collections.abc import Sequence

from pathspec import GitIgnoreSpec

from assistant.errors import InputError


class Patterns:
    """Files that fit one of `include`, or all where it is empty, but for those that fit one of `exclude`.

    A pattern without a slash fits a name at any depth; `*` does not go past a slash, `**` does.
    """

    def __init__(self, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> None:
        """Read the patterns.

        Raises:
            InputError: one of them is none.
        """
        try:
            self._include = GitIgnoreSpec.from_lines(include) if include else None
            self._exclude = GitIgnoreSpec.from_lines(exclude)
        except ValueError as error:
            raise InputError(f"a pattern of files cannot be read: {error}; write them as in .gitignore") from error

    def takes(self, path: str) -> bool:
        """Whether a file counts, by its path below the folder."""
        return (self._include is None or self._include.match_file(path)) and not self._exclude.match_file(path)

    def enters(self, path: str) -> bool:
        """Whether a folder is looked into, by its path below the folder."""
        return not self._exclude.match_file(path + "/")
