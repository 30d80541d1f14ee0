"""Cuts a stretch of speech into phrases of one voice each, short enough that a voice print of one is of one person.

Takes what the segmentation heard, and prints of any part of the stretch; gives phrases with their prints. A phrase ends
where the voice changes, where nobody speaks, where two speak at once, and after about a second and a half.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from trellis.inference.segmentation import STEP, Segmented
from trellis.inference.voiceprints import (
    FRAMES_PER_SECOND,
    RATE,
    SHORTEST,
    Frames,
    Prints,
    Samples,
    VoicePrints,
)

FRAME = RATE // FRAMES_PER_SECOND

SPEAKS = 0.5
TWO_SPEAK = 0.5
CHANGES = 0.5
BREATH = 0.25
"""Seconds of silence that end a run of phrases: people change more often there than in the flow of speech."""

HOLE = 0.1
"""Seconds of silence, and of speech, too short to count."""

PIECE = 1.6
LONGEST = 2.4

UNLIKE = 0.5
"""Cosine of neighbouring phrases below which a change may have been missed between them."""

TWO_VOICES = 0.46
"""Cosine of the second before and the second after a moment below which the voice changes there."""

SIDE = 100
"""Frames of voice print looked at on each side of a suspected change (one second)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Up to some two seconds of one voice, or of two at once (`overlap`).

    Times are seconds of the recording. `joined` says that the same voice seems to run on from the phrase before.
    `level` is its mean loudness (dB of full scale).
    """

    start: float
    end: float
    overlap: bool
    joined: bool
    print: Prints
    level: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end - self.start


def loudness(samples: Samples) -> float:
    """Mean power in dB of full scale; digital silence is -120."""
    power = float(np.mean(np.square(samples))) if len(samples) else 0.0
    return 10 * float(np.log10(power + 1e-12))


def floor(samples: Samples) -> float:
    """How loud the quietest twentieth of a stretch is (dB of full scale): the room when nobody speaks."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    powers = np.mean(np.square(frames), axis=1) if len(frames) else np.ones(1, np.float32)
    return 10 * float(np.log10(float(np.percentile(powers, 5)) + 1e-12))


@dataclass(frozen=True, slots=True)
class _Run:
    """Uninterrupted speech between two cuts, seconds of the stretch."""

    start: float
    end: float
    overlap: bool


def cut_phrases(start: float, samples: Samples, segmented: Segmented, network: VoicePrints) -> tuple[Phrase, ...]:
    """The phrases of a stretch that begins at `start` seconds, each with its voice print."""
    frames = network.frames(samples)
    phrases: list[Phrase] = []
    for run in _runs(segmented):
        pieces = [(run.start, run.end)] if run.overlap else _pieces(run.start, run.end)
        prints = _prints(frames, pieces, network)
        breaks = {run.start}
        if cuts := _missed(pieces, prints, frames, network):
            edges = [run.start, *cuts, run.end]
            breaks.update(cuts)
            pieces = [piece for half in pairwise(edges) for piece in _pieces(*half)]
            prints = _prints(frames, pieces, network)
        phrases += [
            Phrase(
                start=start + first,
                end=start + last,
                overlap=run.overlap,
                joined=first not in breaks,
                print=print_,
                level=loudness(samples[round(first * RATE) : round(last * RATE)]),
            )
            for (first, last), print_ in zip(pieces, prints, strict=True)
        ]
    return tuple(phrases)


def _runs(segmented: Segmented) -> Iterator[_Run]:
    """Speech between silences, changes of voice, and the borders of speech of two."""
    speaks = _without_holes(segmented.speech > SPEAKS)
    two = _without_holes((segmented.overlap > TWO_SPEAK) & speaks)
    cuts = (np.diff(speaks.astype(int), prepend=0) != 0) | (np.diff(two.astype(int), prepend=0) != 0)
    cuts |= _peaks(segmented.change) & ~two
    borders = [*np.flatnonzero(cuts).tolist(), len(speaks)]
    for first, last in pairwise(borders):
        if speaks[first]:
            yield _Run(segmented.at(first), segmented.at(last), bool(two[first]))


def _without_holes(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Fill, then drop, what is shorter than a tenth of a second."""
    shortest = round(HOLE / STEP)
    for value in (False, True):
        edges = [0, *(np.flatnonzero(np.diff(mask.astype(int))) + 1).tolist(), len(mask)]
        mask = mask.copy()
        for first, last in pairwise(edges):
            if last - first < shortest and bool(mask[first]) is value and (first > 0 and last < len(mask)):
                mask[first:last] = not value
    return mask


def _peaks(change: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Frames around which windows agree that the voice changes, give or take a tenth of a second; one for each."""
    width = round(0.2 / STEP)
    mass = np.convolve(change, np.ones(width), "same")
    peaks = np.zeros(len(change), bool)
    while len(mass) and mass.max() >= CHANGES:
        top = int(mass.argmax())
        near = slice(max(0, top - width), top + width + 1)
        peaks[near.start + int(change[near].argmax())] = True
        mass[near] = 0.0
    return peaks


def _pieces(start: float, end: float) -> list[tuple[float, float]]:
    """A run cut evenly into phrases of about a second and a half."""
    count = 1 if end - start <= LONGEST else round((end - start) / PIECE)
    edges = np.linspace(start, end, count + 1).tolist()
    return list(pairwise(edges))


def _prints(frames: Frames, pieces: list[tuple[float, float]], network: VoicePrints) -> Prints:
    return network.prints(frames, [_window(first, last, len(frames)) for first, last in pieces])


def _window(start: float, end: float, total: int) -> tuple[int, int]:
    """The frames of a piece, at least the shortest that a print can be made of."""
    first, last = round(start * FRAMES_PER_SECOND), round(end * FRAMES_PER_SECOND)
    missing = max(0, SHORTEST - (last - first))
    first = max(0, min(first - missing // 2, total - SHORTEST))
    return first, min(max(last, first + SHORTEST), total)


def _missed(pieces: list[tuple[float, float]], prints: Prints, frames: Frames, network: VoicePrints) -> list[float]:
    """Moments between unlike neighbours where the second before and the second after are two voices."""
    cuts: list[float] = []
    likeness = (prints[1:] * prints[:-1]).sum(axis=1)
    for index in np.flatnonzero(likeness < UNLIKE).tolist():
        (first, middle), (_, last) = pieces[index], pieces[index + 1]
        begin, end = _window((first + middle) / 2, (middle + last) / 2, len(frames))
        moments = list(range(begin, end, 20))
        low, high = round(first * FRAMES_PER_SECOND), min(round(last * FRAMES_PER_SECOND), len(frames))
        moments = [at for at in moments if at - low >= SHORTEST and high - at >= SHORTEST]
        if not moments:
            continue
        before = network.prints(frames, [(max(low, at - SIDE), at) for at in moments])
        after = network.prints(frames, [(at, min(high, at + SIDE)) for at in moments])
        sides = (before * after).sum(axis=1)
        if sides.min() < TWO_VOICES:
            cuts.append(moments[int(sides.argmin())] / FRAMES_PER_SECOND)
    return cuts
