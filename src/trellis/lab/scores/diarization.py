"""Diarization error: the share of speech that was missed, made up, or given to the wrong person.

Takes who speaks when, true and found, as (start, end, speaker) in seconds. Gives seconds of error and of speech,
counted in steps of 10 ms, with overlapping speech included, and without the `collar` of seconds on each side of every
true beginning and end (0.25 s, as NIST's md-eval and the published figures have it). Found speakers are matched to true
ones, one to one, so that the error is least.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

STEP = 0.01
COLLAR = 0.25

Spoken = tuple[float, float, str]


def diarization_error(true: Sequence[Spoken], found: Sequence[Spoken], collar: float = COLLAR) -> tuple[float, float]:
    """Seconds of error and seconds of speech (twice where two speak)."""
    end = max((stop for _, stop, _ in (*true, *found)), default=0.0)
    steps = round(end / STEP) + 1
    reference, hypothesis = _grid(true, steps), _grid(found, steps)
    scored = np.ones(steps, bool)
    for start, stop, _ in true:
        for moment in (start, stop):
            scored[max(0, round((moment - collar) / STEP)) : round((moment + collar) / STEP)] = False
    reference, hypothesis = reference[:, scored], hypothesis[:, scored]
    speaking, heard = reference.sum(axis=0), hypothesis.sum(axis=0)
    together = reference.astype(np.int64) @ hypothesis.astype(np.int64).T
    rows, columns = linear_sum_assignment(together, maximize=True)
    right = int(together[rows, columns].sum())
    return float(np.maximum(speaking, heard).sum() - right) * STEP, float(speaking.sum()) * STEP


def read_rttm(path: Path) -> list[Spoken]:
    """Who speaks when, from an RTTM file."""
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("SPEAKER")]
    return [(float(row[3]), float(row[3]) + float(row[4]), row[7]) for row in rows]


def _grid(spoken: Sequence[Spoken], steps: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    people = sorted({person for *_, person in spoken})
    grid = np.zeros((max(len(people), 1), steps), bool)
    for start, stop, person in spoken:
        grid[people.index(person), round(start / STEP) : round(stop / STEP)] = True
    return grid
