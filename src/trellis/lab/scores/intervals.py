"""How far a figure can be trusted: 95 % intervals for shares, for rates over sessions and for means.

Takes counts or values. Gives a `Figure`, which prints as `97.4 % (95.1-98.7; 187 of 192)`. A share of independent cases
has Wilson's interval; a rate whose cases come in sessions (words, seconds) is drawn anew session by session, because
the words of one session are right and wrong together; so is a mean.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

T = TypeVar("T")
Z = 1.959964
DRAWS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A share (0..1) with its 95 % interval (`low`, `high`), and the counts behind it.

    `value` is None of nothing; the interval is None where none is known (a published figure, a single recording), and
    `hits` where values were averaged. `least` or `most` is what the figure should reach or stay below.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    hits: float | None = None
    of: float | None = None
    least: float | None = None
    most: float | None = None

    def __str__(self) -> str:
        if self.value is None:
            return "nothing to measure"
        interval = "" if self.low is None or self.high is None else f"{100 * self.low:.1f}-{100 * self.high:.1f}"
        beside = "; ".join(part for part in (interval, self.counts) if part)
        aim = f" [aim {self.aim}: {'met' if self.is_met else 'NOT met'}]" if self.aim else ""
        return f"{100 * self.value:.1f} %{f' ({beside})' if beside else ''}{aim}"

    @property
    def short(self) -> str:
        """Value and interval alone, for tables."""
        if self.value is None or self.low is None or self.high is None:
            return "-" if self.value is None else f"{100 * self.value:.1f} %"
        return f"{100 * self.value:.1f} % ({100 * self.low:.1f}-{100 * self.high:.1f})"

    @property
    def counts(self) -> str:
        """What was counted ("187 of 192", "mean of 20"); empty where it isn't known."""
        if self.of is None:
            return ""
        return f"mean of {self.of:g}" if self.hits is None else f"{self.hits:g} of {self.of:g}"

    @property
    def aim(self) -> str:
        """What it should reach, in words; empty where nothing is asked."""
        if self.least is not None:
            return f"at least {100 * self.least:g} %"
        return f"at most {100 * self.most:g} %" if self.most is not None else ""

    @property
    def is_met(self) -> bool | None:
        """Whether the value reaches its aim; None without one."""
        if self.value is None or not self.aim:
            return None
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)

    def at_least(self, least: float) -> "Figure":
        """The same figure with the share it should reach."""
        return replace(self, least=least)

    def at_most(self, most: float) -> "Figure":
        """The same figure with the share it should stay below."""
        return replace(self, most=most)

    def as_json(self) -> dict[str, Any]:
        """Every part by name, and the printed form as `text`."""
        aimed = {"is_met": self.is_met} if self.aim else {}
        known = {
            name: value for name, value in asdict(self).items() if name not in {"least", "most"} or value is not None
        }
        return {"text": str(self), **known, **aimed}


def share(hits: int, of: int) -> Figure:
    """A share of independent cases, with Wilson's interval (Wilson 1927)."""
    if not of:
        return Figure(value=None, hits=hits, of=of)
    p = hits / of
    middle = (p + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z * math.sqrt(p * (1 - p) / of + Z * Z / (4 * of * of)) / (1 + Z * Z / of)
    return Figure(value=p, low=max(0.0, middle - half), high=min(1.0, middle + half), hits=hits, of=of)


def rate(sessions: Sequence[tuple[float, float]], seed: int = 0) -> Figure:
    """A rate over sessions, each with (count, out of), and the percentile interval of 2,000 draws of sessions."""
    hits, of = sum(one[0] for one in sessions), sum(one[1] for one in sessions)
    if not of:
        return Figure(value=None, hits=hits, of=of)
    low, high = _between(sessions, _pooled, seed)
    return Figure(value=hits / of, low=low, high=high, hits=round(hits, 2), of=round(of, 2))


def mean(values: Sequence[float], seed: int = 0) -> Figure:
    """The mean of values between 0 and 1, one a session, with the same kind of interval as `rate`."""
    if not values:
        return Figure(value=None, of=0)
    low, high = _between(values, lambda again: sum(again) / len(again), seed)
    return Figure(value=sum(values) / len(values), low=low, high=high, of=len(values))


def change(before: Sequence[tuple[float, float]], after: Sequence[tuple[float, float]], seed: int = 0) -> str:
    """How far a rate moved on the same sessions, in points, with the interval of 2,000 paired draws of them."""
    pairs = list(zip(before, after, strict=True))
    if not sum(one[1] for one in before) or not sum(one[1] for one in after):
        return "-"

    def moved(again: Sequence[tuple[tuple[float, float], tuple[float, float]]]) -> float:
        was, is_now = ([pair[side] for pair in again] for side in (0, 1))
        return _pooled(is_now) - _pooled(was)

    low, high = _between(pairs, moved, seed)
    return f"{100 * moved(pairs):+.1f} ({100 * low:+.1f} to {100 * high:+.1f})"


def _pooled(sessions: Sequence[tuple[float, float]]) -> float:
    below = sum(one[1] for one in sessions)
    return sum(one[0] for one in sessions) / below if below else 0.0


def _between(cases: Sequence[T], measure: Callable[[Sequence[T]], float], seed: int) -> tuple[float, float]:
    chance = random.Random(seed)
    drawn = sorted(measure(chance.choices(cases, k=len(cases))) for _ in range(DRAWS))
    return drawn[round(0.025 * (DRAWS - 1))], drawn[round(0.975 * (DRAWS - 1))]
