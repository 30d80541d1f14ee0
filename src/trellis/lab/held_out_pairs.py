"""What pairs that were held out say of a judge: how good it is beside the rules, and from where on to believe it.

    python -m trellis.lab.held_out_pairs FOLDER

Takes the folder in which `python -m trellis.lab.finetune_pairs` left the odds of the pairs it never saw; prints JSON:
how its opinion would be weighed with what the rules are unsure of (log odds), and the curve of errors held back against
true statements held back, each file weighed by weights that were fitted on the others. What the rules call a mismatch,
no judge overrules.
"""

import argparse
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from trellis.lab.held_out import area
from trellis.scribe.checking.support import Support, support_of_text

DOUBTS = ("degree", "denial", "person", "kin", "time", "number", "doubt")
"""Kinds of doubts that are weighed; another wording is what the judge is there for."""
CAUGHT = (0.90, 0.93, 0.95, 0.97, 0.98, 0.99)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One held-out pair: what the rules found, what the judge said, and the truth."""

    file: str
    error: str | None
    found: Support
    carried: float

    @property
    def is_firm(self) -> bool:
        """Whether the rules hold it back whatever the judge says."""
        return bool(self.found.reasons) and not self.found.open


def main() -> None:
    """Print the figures of a folder."""
    parser = argparse.ArgumentParser(prog="trellis.lab.held_out_pairs", description="Judge the judge.")
    parser.add_argument("folder", type=Path)
    print(json.dumps(figures(weighed(parser.parse_args().folder)), indent=1, ensure_ascii=False))


def weighed(folder: Path) -> list[Weighed]:
    """Every held-out pair, with what rules and judge make of it."""
    return [
        Weighed(
            file=row["file"],
            error=row["error"],
            found=support_of_text(row["statement"], re.sub(r" / (?=[A-Z][a-z ]*: )", "\n", row["evidence"])),
            carried=row["odds"]["carried"],
        )
        for row in map(json.loads, (folder / "odds.jsonl").read_text("utf-8").splitlines())
    ]


def figures(pairs: Sequence[Weighed]) -> Mapping[str, Any]:
    """All figures by name."""
    truth = np.array([pair.error is None for pair in pairs])
    asked = np.array([not pair.is_firm for pair in pairs])
    sure = np.zeros(len(pairs))
    for file in sorted({pair.file for pair in pairs}):
        fitted = _fit([pair for pair in pairs if pair.file != file])
        for at, pair in enumerate(pairs):
            if pair.file == file and asked[at]:
                sure[at] = _sureness(pair, fitted)
    carried = np.array([pair.carried for pair in pairs])
    held = np.array([bool(pair.found.reasons) for pair in pairs])
    kinds = np.array([pair.error or "" for pair in pairs])
    return {
        "pairs": len(pairs),
        "true": int(truth.sum()),
        "rules alone": {"errors held": _share(held[~truth]), "true held": _share(held[truth])},
        "held by rules nobody overrules": {"errors": _share(~asked[~truth]), "true": _share(~asked[truth])},
        "area, judge alone": area(truth, carried),
        "area, judge with rules": area(truth, sure),
        "area, judge alone, by kind of error": {
            kind: area(truth[truth | (kinds == kind)], carried[truth | (kinds == kind)])
            for kind in sorted(set(kinds) - {""})
        },
        "curve": {
            f"{wanted:.2f}": {
                "bar": bar,
                "errors held": _share(sure[~truth] < bar),
                "true held": _share(sure[truth] < bar),
            }
            for wanted in CAUGHT
            for bar in [round(float(np.quantile(sure[~truth], wanted)) + 1e-4, 4)]
        },
        "weights": _fit(pairs),
    }


def _fit(pairs: Sequence[Weighed]) -> dict[str, float]:
    """What counts how much, in log odds, over pairs that the rules leave open."""
    asked = [pair for pair in pairs if not pair.is_firm]
    model = LogisticRegression(C=1.0).fit([_row(pair) for pair in asked], [pair.error is None for pair in asked])
    names = ("judged", *DOUBTS)
    return {"intercept": round(float(model.intercept_[0]), 3)} | {
        name: round(float(value), 3) for name, value in zip(names, model.coef_[0], strict=True)
    }


def _row(pair: Weighed) -> list[float]:
    told = min(max(pair.carried, 1e-4), 1 - 1e-4)
    return [
        math.log(told / (1 - told)),
        *(float(kind in pair.found.open) for kind in DOUBTS),
    ]


def _sureness(pair: Weighed, fitted: Mapping[str, float]) -> float:
    names = ("judged", *DOUBTS)
    score = fitted["intercept"] + sum(fitted[name] * value for name, value in zip(names, _row(pair), strict=True))
    return 1 / (1 + math.exp(-score))


def _share(hits: Any) -> float:
    return round(float(np.mean(hits)), 3)


if __name__ == "__main__":
    main()
