"""Who words a note, behind one port.

A writer is given points that were already chosen and ordered, each with its ground, and may word them better; it can't
add one, and every sentence it gives is held to the same evidence afterwards. The default, `extractive`, leaves the
words that understanding gave.
"""

from collections.abc import Sequence
from typing import Protocol

from trellis.chart import Writer
from trellis.scribe.points import Point

VERSION = "1"


class NoteWriter(Protocol):
    """Words the points of one section; `signature` says who or what wrote."""

    @property
    def signature(self) -> Writer:
        """The name and version every note of this writer carries."""
        ...

    def word(self, points: Sequence[Point]) -> Sequence[Point]:
        """The same points, in the same order, in words of this writer; each keeps its evidence."""
        ...


class ExtractiveWriter:
    """Rules and grammar over what was said; on this machine, without a language model."""

    @property
    def signature(self) -> Writer:
        """`extractive` and the version of its rules."""
        return Writer(name="extractive", version=VERSION)

    def word(self, points: Sequence[Point]) -> Sequence[Point]:
        """The points as understanding worded them."""
        return points
