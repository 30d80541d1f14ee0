"""`trellis eval support`: whether the check holds back what the evidence doesn't carry, and lets through what it does.

Takes 1,072 authored pairs of evidence and statement, frozen before the check was scored on them: true statements, and
ones with one planted error (a number, a denial turned round, another person, another drug, something invented ...).
Gives planted errors caught and true statements held back, both with intervals drawn by case; how many of either are
held back for a mismatch (a figure, a denial, a person ...) and not for other words alone; the same by kind of error;
the curve of both over the check's score; and the worst on either side, to read.

A statement that is held back is marked unconfirmed: a clinician reads it. One let through with an error is the worst
this product can do.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trellis.lab.scores.intervals import Figure, rate
from trellis.lab.scores.listings import Example, Listing
from trellis.scribe.checking.support import support_of_text

PAIRS = Path(__file__).parents[1] / "evals" / "support" / "pairs.jsonl"
SHOWN = 12
THRESHOLDS = (0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One pair and what the check made of it; `mismatch` says that more than other words held it back."""

    id: str
    case: str
    statement: str
    error: str | None
    held: bool
    mismatch: bool
    score: float


def evaluate(data: Path, tell: Callable[[str, float | None], None]) -> Mapping[str, Any]:
    """Figures on all pairs; the data folder isn't read."""
    del data
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    judged = []
    for number, row in enumerate(rows):
        if number % 50 == 0:
            tell("checking statements", number / len(rows))
        found = support_of_text(row["statement"], as_lines(row["evidence"]))
        judged.append(
            Judged(
                id=row["id"],
                case=row["case"],
                statement=row["statement"],
                error=row["error"] if row["label"] == "unsupported" else None,
                held=found.status == "unconfirmed",
                mismatch=bool(found.reasons) and not found.open,
                score=found.score,
            )
        )
    return score(judged)


def as_lines(evidence: str) -> str:
    """Evidence as the check takes it, a line a speaker; the set has `Clinician: … / Client: …`."""
    return re.sub(r" / (?=[A-Z][a-z ]*: )", "\n", evidence)


def score(judged: Sequence[Judged]) -> dict[str, Any]:
    """Figures over judged pairs."""
    planted = [one for one in judged if one.error is not None]
    true = [one for one in judged if one.error is None]
    kinds = sorted({one.error for one in planted if one.error})
    missed = sorted((one for one in planted if not one.held), key=lambda one: -one.score)
    held = sorted((one for one in true if one.held), key=lambda one: one.score)
    return {
        "pairs": len(judged),
        "planted errors held back": _rate(planted, lambda one: one.held).at_least(0.97),
        "true statements held back": _rate(true, lambda one: one.held).at_most(0.05),
        "held back for a mismatch": {
            "planted errors": _rate(planted, lambda one: one.mismatch),
            "true statements": _rate(true, lambda one: one.mismatch),
        },
        "held back by kind of error": {
            kind: _rate([one for one in planted if one.error == kind], lambda one: one.held) for kind in kinds
        },
        "curve: held back below a score of": {
            f"{limit:.2f}": f"errors {_below(planted, limit)}, true {_below(true, limit)}" for limit in THRESHOLDS
        },
        "errors let through, surest first": Listing.of(
            [Example(where=one.id, words=f"[{one.error}] {one.score:.2f} {one.statement}") for one in missed],
            most=SHOWN,
        ),
        "true held back, unsurest first": Listing.of(
            [Example(where=one.id, words=f"{one.score:.2f} {one.statement}") for one in held], most=SHOWN
        ),
    }


def _rate(judged: Sequence[Judged], hit: Callable[[Judged], bool]) -> Figure:
    """A rate with its interval drawn by case: the statements of one case stand or fall together."""
    cases: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in judged:
        cases[one.case][0] += hit(one)
        cases[one.case][1] += 1
    return rate([(hits, of) for hits, of in cases.values()])


def _below(judged: Sequence[Judged], limit: float) -> str:
    return f"{100 * sum(one.score < limit for one in judged) / len(judged):.1f} %" if judged else "-"
