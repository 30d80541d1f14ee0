"""Who words a note, behind one port.

A writer is given points that were already chosen and ordered, each with its ground, and may word them better; it can't
add one, and every sentence it gives is held to the same evidence afterwards. The default, `extractive`, leaves the
words that understanding gave; `rewording` has a language model join them, and keeps what says the same.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, Self

from trellis.chart import Writer
from trellis.scribe.points import Point

VERSION = "1"

Carries = Callable[[Point], bool]
"""Whether what was said carries a point, by the check that knows nothing of how it was written."""

Tell = Callable[[str, float | None], None]
"""How work says how far it is: the step in plain words, and the share done (0..1) where it is known."""


class NoteWriter(Protocol):
    """Words the points of one section; `signature` says who or what wrote."""

    @property
    def signature(self) -> Writer:
        """The name and version every note of this writer carries, and what became of its wordings so far."""
        ...

    def begin(self, carries: Carries, tell: Tell) -> "NoteWriter":
        """The writer of one note: what it proposes is held to `carries`, how far it is goes to `tell`."""
        ...

    def word(self, points: Sequence[Point]) -> Sequence[Point]:
        """The same facts, in the same order, in words of this writer; each point keeps its evidence."""
        ...


class ExtractiveWriter:
    """Rules and grammar over what was said; on this machine, without a language model."""

    @property
    def signature(self) -> Writer:
        """`extractive` and the version of its rules."""
        return Writer(name="extractive", version=VERSION)

    def begin(self, carries: Carries, tell: Tell) -> Self:
        """Itself: it proposes nothing."""
        del carries, tell
        return self

    def word(self, points: Sequence[Point]) -> Sequence[Point]:
        """The points as understanding worded them."""
        return points
