"""Whether the two channels of a recording carry two people, and whose moment each moment is.

Why: a video visit records each side on a channel of its own, which tells speakers apart better than any voice print; a
stereo microphone in a room does not. Takes a two-channel file, read once as a stream. Gives the loudness of both sides
by tenths of a second, or None where they carry the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from trellis.inference.audio import RATE, stream

if TYPE_CHECKING:
    from trellis.inference.audio import Samples
    from trellis.inference.speech import Word

FRAME = RATE // 10
LOUD = 25.0
"""Decibels below the loudest twentieth of moments within which somebody speaks."""

APART = 6.0
"""Decibels by which one side must lead: two microphones in one room differ by less, bleed of a headset by more."""

LED = 0.6
"""Share of loud moments that one side or the other must lead."""

EACH = 0.03
"""Share of loud moments that each side must lead."""


class Sides:
    """The loudness of both channels (dB of full scale), [2, tenths of a second]."""

    def __init__(self, levels: Samples) -> None:
        self._levels = levels

    def is_own(self, channel: int, start: float, end: float) -> bool:
        """Whether a stretch holds speech of this side: not only what leaked over from the other."""
        import numpy as np

        first, last = int(start * 10), max(int(start * 10) + 1, int(np.ceil(end * 10)))
        mine, theirs = self._levels[channel, first:last], self._levels[1 - channel, first:last]
        loud = mine > mine.max(initial=-120.0) - LOUD
        leads = mine[loud] > theirs[loud] - APART
        return bool(leads.sum() >= 1 and leads.mean() >= 0.1)

    def own(self, words: Iterable[Word], channel: int) -> Iterator[Word]:
        """The words of a channel that were spoken on its side; what the other side says louder has leaked over."""
        import numpy as np

        for word in words:
            first = int(word.start * 10)
            last = max(first + 1, int(np.ceil(word.end * 10)))
            mine, theirs = self._levels[channel, first:last], self._levels[1 - channel, first:last]
            if not len(mine) or _mean(mine) >= _mean(theirs) - APART:
                yield word


def hear_sides(path: Path) -> Sides | None:
    """The loudness of both sides of a recording; None where its channels carry the same people."""
    import numpy as np

    parts = [_levels(block.samples) for block in stream(path)]
    levels = np.concatenate(parts, axis=1) if parts else np.zeros((2, 0), np.float32)
    if levels.shape[0] != 2 or not levels.shape[1]:
        return None
    louder = levels.max(axis=0)
    loud = louder > max(float(np.percentile(louder, 95)) - LOUD, -100.0)
    lead = (levels[0] - levels[1])[loud]
    if not len(lead) or min((lead > APART).mean(), (lead < -APART).mean()) < EACH:
        return None
    return Sides(levels) if (np.abs(lead) > APART).mean() >= LED else None


def _levels(samples: Samples) -> Samples:
    import numpy as np

    padded = np.pad(samples, ((0, 0), (0, -samples.shape[1] % FRAME)))
    powers = np.square(padded.reshape(len(samples), -1, FRAME)).mean(axis=2)
    return np.asarray(10 * np.log10(powers + 1e-12), np.float32)


def _mean(levels: Samples) -> float:
    """The level of the mean power."""
    import numpy as np

    return float(10 * np.log10(np.mean(10 ** (levels.astype(np.float64) / 10))))
