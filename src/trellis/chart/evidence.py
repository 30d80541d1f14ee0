"""Where a statement comes from: the pointer that makes every sentence of a note walkable back to its second."""

from dataclasses import dataclass
from typing import Literal

Source = Literal["transcript", "audio", "chart", "clinician"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One piece of ground under a statement.

    `transcript`: `turn`, `quote` (verbatim from the turn's corrected text) and the turn's `start`/`end` in seconds.
    `audio`: `start`, `end`, `measure`, `value`, `unit` in place of a quote; figures, never adjectives.
    `chart`: `record` names the entry, `quote` repeats it. `clinician`: said or typed it; `quote` repeats it.
    """

    source: Source = "transcript"
    turn: int | None = None
    start: float | None = None
    end: float | None = None
    quote: str | None = None
    measure: str | None = None
    value: float | None = None
    unit: str | None = None
    record: str | None = None
