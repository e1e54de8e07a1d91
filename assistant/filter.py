"""The noun for what a question is restricted to."""

from dataclasses import asdict, dataclass

NAMED = {
    "folder": "in {}",
    "type": "of type {}",
    "language": "in language {}",
    "since": "from {}",
    "until": "until {}",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents may be found: those for which all holds that is not None.

    Dates are ISO 8601, as far as they are known: 2024, 2024-07 or 2024-07-03. A document's date and a filter's
    stand for all days that they may mean, and what overlaps matches. A document without a date, or a language,
    matches no filter on it.
    """

    folder: str | None = None  # a collection, a folder in it, an archive or a document: the beginning of the path
    type: str | None = None  # `Document.kind`
    language: str | None = None  # ISO 639-1
    since: str | None = None
    until: str | None = None

    def __str__(self) -> str:
        """The restrictions in words, as in "in legal/contracts, of type pdf, from 2024 until 2024-06"."""
        said = [NAMED[name].format(value) for name, value in asdict(self).items() if value is not None]
        return ", ".join(said).replace(", until", " until") if self.since else ", ".join(said)
