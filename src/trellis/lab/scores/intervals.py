"""How far a figure can be trusted: 95 % intervals for shares and for rates over sessions.

Takes counts. Gives a `Figure`, which prints as `97.4 % (95.1-98.7, 187 of 192)`. A share of independent cases has
Wilson's interval; a rate whose cases come in sessions (words, seconds) is drawn anew session by session, because the
words of one session are right and wrong together.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

Z = 1.959964
DRAWS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A share with its 95 % interval (`low`, `high`), and the counts behind it; `value` is None of nothing."""

    value: float | None
    low: float | None
    high: float | None
    hits: float
    of: float

    def __str__(self) -> str:
        if self.value is None or self.low is None or self.high is None:
            return "nothing to measure"
        counts = f"{self.hits:g} of {self.of:g}"
        return f"{100 * self.value:.1f} % ({100 * self.low:.1f}-{100 * self.high:.1f}; {counts})"


def share(hits: int, of: int) -> Figure:
    """A share of independent cases, with Wilson's interval (Wilson 1927)."""
    if not of:
        return Figure(value=None, low=None, high=None, hits=hits, of=of)
    p = hits / of
    middle = (p + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z * math.sqrt(p * (1 - p) / of + Z * Z / (4 * of * of)) / (1 + Z * Z / of)
    return Figure(value=p, low=max(0.0, middle - half), high=min(1.0, middle + half), hits=hits, of=of)


def rate(sessions: Sequence[tuple[float, float]], seed: int = 0) -> Figure:
    """A rate over sessions, each with (count, out of), and the percentile interval of 2,000 draws of sessions."""
    hits, of = sum(one[0] for one in sessions), sum(one[1] for one in sessions)
    if not of:
        return Figure(value=None, low=None, high=None, hits=hits, of=of)
    chance = random.Random(seed)
    drawn = []
    for _ in range(DRAWS):
        again = chance.choices(sessions, k=len(sessions))
        below = sum(one[1] for one in again)
        drawn.append(sum(one[0] for one in again) / below if below else 0.0)
    drawn.sort()
    return Figure(
        value=hits / of,
        low=drawn[round(0.025 * (DRAWS - 1))],
        high=drawn[round(0.975 * (DRAWS - 1))],
        hits=round(hits, 2),
        of=round(of, 2),
    )
