"""Tables of rich text, which are told cell by cell."""

from assistant.ingest.formats.common import Builder, Unreadable
from assistant.ingest.formats.tables import Row, add_table, cell, has_header, split_titles

_COLUMN_LIMIT = 1_000


class Table:
    """The table being read."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._cells: list[str] = []  # of the row being read
        self._merged: list[bool] = []  # whether each cell of a row continues the one above
        self._continues = False
        self._marked = False  # whether the first row is the header

    def word(self, word: str) -> bool:
        """Follow a control word that tells what the cells of a row are; whether it is one."""
        match word:
            case "trowd":
                self._merged = []
            case "clvmrg":
                self._continues = True
            case "cellx":
                self._merged.append(self._continues)
                self._continues = False
            case "trhdr":
                self._marked = self._marked or not self._rows
            case _:
                return False
        return True

    def end_cell(self, text: str) -> None:
        """Add a cell; one merged with that above is repeated, so that each row says all that holds for it.

        Raises:
            Unreadable: The row has more than 1,000.
        """
        text = cell(text)
        column = len(self._cells)
        if column == _COLUMN_LIMIT:
            raise Unreadable(f"it has more than {_COLUMN_LIMIT:,} columns")
        if self._rows and column < min(len(self._merged), len(self._rows[-1])) and self._merged[column]:
            text = text or self._rows[-1][column]
        self._cells.append(text)

    def end_row(self) -> None:
        """End a row, if one has begun."""
        if self._cells:
            self._rows.append(self._cells)
            self._cells = []

    def add_to(self, builder: Builder) -> None:
        """Append the table to a document; one with a single column is a frame around text."""
        rows = self._rows
        if max(map(len, rows), default=0) < 2:
            for row in rows:
                builder.add("paragraph", row[0])
            return
        titles, below = split_titles(rows)
        for title in titles:
            builder.add("paragraph", title)
        add_table(builder, below, len(below) > 1 and (self._marked or has_header(below, merged=True)))
