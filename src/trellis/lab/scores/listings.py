"""What a suite gives beside figures: tables of them, and cases to read, the worst first.

Takes figures, ids and words of our own or of authored sets; never what was said in sessions whose licence doesn't allow
it to be repeated. Each prints as text for a terminal and knows its shape in JSON; `lab.reports` draws it as a page.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from trellis.lab.scores.intervals import Figure

Cell = Figure | str | int | float
"""What may stand in a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells under columns; the first cell of a row names it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __str__(self) -> str:
        rows = (tuple(cell.short if isinstance(cell, Figure) else str(cell) for cell in row) for row in self.rows)
        lines = [self.columns, *rows]
        widths = [max(len(line[at]) for line in lines) for at in range(len(self.columns))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
        )

    def as_json(self) -> list[dict[str, Any]]:
        """A row as an object, by column."""
        return [
            {
                column: cell.as_json() if isinstance(cell, Figure) else cell
                for column, cell in zip(self.columns, row, strict=True)
            }
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One case to read: `where` it is (session, pair or message by id), the `turns` it rests on, and `words` about it.

    `grave` marks what must not happen: it is named in words, never by colour alone.
    """

    where: str
    words: str
    turns: tuple[int, ...] = ()
    grave: bool = False

    def __str__(self) -> str:
        turns = f" (turn {', '.join(map(str, self.turns))})" if self.turns else ""
        return f"{'* ' if self.grave else '  '}{self.where}{turns}: {self.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Cases in the order they should be read; `grave` says what a star means, where one is used."""

    examples: tuple[Example, ...]
    grave: str = ""
    more: int = 0
    """Cases beyond those listed."""

    @classmethod
    def of(cls, examples: Sequence[Example], *, most: int | None = None, grave: str = "") -> "Listing":
        """The grave ones first, else as given; no more than `most`."""
        ordered = sorted(examples, key=lambda example: not example.grave)
        shown = tuple(ordered if most is None else ordered[:most])
        return cls(examples=shown, grave=grave, more=len(ordered) - len(shown))

    def __str__(self) -> str:
        lines = [str(example) for example in self.examples] or ["  none"]
        if any(example.grave for example in self.examples):
            lines.insert(0, f"  (* {self.grave})")
        return "\n".join([*lines, f"  and {self.more} more"] if self.more else lines)

    def as_json(self) -> dict[str, Any]:
        """The cases as objects, and how many more there are."""
        return {"grave_means": self.grave, "more": self.more, "cases": [asdict(example) for example in self.examples]}
