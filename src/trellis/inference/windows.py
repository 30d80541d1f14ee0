"""Neighbouring stretches of speech packed into windows, and the way back from a window's times to the recording's.

Why: Whisper takes as long for two seconds as for thirty, and hears short turns better in their company. Joining what
was said within half a minute of speech saves most of the work, with the silences between left out.

Takes: stretches in order. Gives: windows of at most `LONGEST` seconds whose pieces keep `GAP` seconds of digital
silence between them, and a `place` for words heard in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trellis.inference.audio import RATE
from trellis.inference.speech import Word
from trellis.inference.voice_activity import LONGEST, Stretch

if TYPE_CHECKING:
    from trellis.inference.audio import Samples

GAP = 0.3


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch inside a window: where it begins in the window and in the recording, and how long it is (seconds)."""

    at: float
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Window:
    """What is recognised at once: samples [n] at 16 kHz and the stretches they were joined from."""

    samples: Samples
    pieces: tuple[Piece, ...]

    @property
    def start(self) -> float:
        """Seconds of the recording at which its first stretch begins."""
        return self.pieces[0].start

    @property
    def end(self) -> float:
        """Seconds of the recording at which its last stretch ends."""
        return self.pieces[-1].start + self.pieces[-1].length

    def place(self, words: Iterable[Word]) -> Iterator[Word]:
        """The same words with times of the recording; a word belongs to the stretch its middle lies in."""
        for word in words:
            middle = (word.start + word.end) / 2
            piece = self.pieces[0]
            for candidate in self.pieces:
                if candidate.at - GAP / 2 <= middle:
                    piece = candidate
            start = min(max(word.start - piece.at, 0.0), piece.length)
            end = min(max(word.end - piece.at, start), piece.length)
            yield replace(word, start=round(piece.start + start, 3), end=round(piece.start + end, 3))


def pack(stretches: Iterable[Stretch], *, longest: float = LONGEST) -> Iterator[Window]:
    """Join stretches, in order, into windows of at most `longest` seconds; none is cut or left out."""
    held: list[Stretch] = []
    length = 0.0
    for stretch in stretches:
        added = len(stretch.samples) / RATE + (GAP if held else 0.0)
        if held and length + added > longest:
            yield _join(held)
            held, length = [], 0.0
            added = len(stretch.samples) / RATE
        held.append(stretch)
        length += added
    if held:
        yield _join(held)


def _join(stretches: list[Stretch]) -> Window:
    import numpy as np

    silence = np.zeros(round(GAP * RATE), np.float32)
    parts: list[Samples] = []
    pieces: list[Piece] = []
    at = 0
    for stretch in stretches:
        if parts:
            parts.append(silence)
            at += len(silence)
        pieces.append(Piece(at / RATE, stretch.start, len(stretch.samples) / RATE))
        parts.append(stretch.samples)
        at += len(stretch.samples)
    return Window(np.concatenate(parts), tuple(pieces))
