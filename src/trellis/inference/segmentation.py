"""Where one voice gives way to another, and where two speak at once, to a sixtieth of a second.

Takes a stretch of mono samples (float32, 16 kHz). Gives, for steps of 16.9 ms, the probability that somebody speaks and
that two do, and the places where the voice changes. The network sees ten seconds at a time and knows at most three
voices in them, so it says *that* the voice changes; *whose* it is, voice prints say.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trellis.inference.voiceprints import RATE, Samples, open_network

Scores = npt.NDArray[np.float32]

STEP = 270 / RATE
"""Seconds between two frames."""

FIRST = 495 / RATE
"""Seconds from the first sample to the middle of the first frame."""

WINDOW = 10 * RATE
HOP = 5 * RATE
LEAST = RATE // 2
"""Samples below which the network is given silence at the end."""

# The seven sets of at most two of three voices, in the order of the network's output.
SETS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segmented:
    """What the network heard in one stretch, frame by frame.

    `speech` and `overlap` are probabilities [frames]; `change` [frames] is how sure it is that the voice at this frame
    is another than the one before (0..1).
    """

    speech: Scores
    overlap: Scores
    change: Scores

    def at(self, frame: int) -> float:
        """Seconds from the beginning of the stretch to where a frame begins."""
        return 0.0 if frame == 0 else FIRST + (frame - 0.5) * STEP


class Segmentation:
    """The network, loaded when first used."""

    def __init__(self, weights: Path, *, threads: int = 0) -> None:
        self._weights = weights
        self._threads = threads
        self._network: Any = None

    def segment(self, samples: Samples) -> Segmented:
        """Hear a stretch of any length; windows of ten seconds overlap by half and their middles count most."""
        total = _frames(max(len(samples), LEAST))
        sums = np.zeros((3, total), np.float64)
        weights = np.full(total, 1e-9)
        for first in _starts(len(samples)):
            voices = self._voices(samples[first : first + WINDOW])
            at = round(first / (STEP * RATE))
            length = min(len(voices), total - at)
            scores = np.stack([voices.max(axis=1), np.sort(voices, axis=1)[:, -2], _changes(voices)])[:, :length]
            trust = np.minimum(np.arange(length) + 1, len(voices) - np.arange(length)).clip(max=120) ** 2.0
            sums[:, at : at + length] += scores * trust
            weights[at : at + length] += trust
        speech, overlap, change = (sums / weights).astype(np.float32)
        return Segmented(speech=speech, overlap=overlap, change=change)

    def _voices(self, samples: Samples) -> Scores:
        """How likely each of three local voices is, [frames, 3]."""
        if self._network is None:
            self._network = open_network(self._weights, self._threads)
        padded = np.pad(samples, (0, max(0, LEAST - len(samples)))).astype(np.float32)
        logs = self._network.run(None, {"samples": padded[None, None, :]})[0][0]
        return np.asarray(np.exp(logs) @ SETS, np.float32)


def _starts(length: int) -> list[int]:
    """Where windows begin; the last one reaches the end and is whole."""
    if length <= WINDOW:
        return [0]
    step = 270
    last = (length - WINDOW) // step * step
    return [*range(0, last, HOP // step * step), last]


def _frames(samples: int) -> int:
    return max(1, (samples - 991) // 270 + 1) + 1


def _changes(voices: Scores) -> Scores:
    """For each frame, 1 where the likeliest voice is another than the last one that spoke before it."""
    changes = np.zeros(len(voices), np.float32)
    best, speaks = voices.argmax(axis=1), voices.max(axis=1) > 0.5
    last = -1
    for frame in np.flatnonzero(speaks):
        if last >= 0 and best[frame] != last:
            changes[frame] = 1.0
        last = best[frame]
    return changes
