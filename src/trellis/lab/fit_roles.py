"""Fit the weights by which a clinician is known from talk (`scribe/data/roles.toml`).

Takes: the folders `primock57`, `aci-bench` and `mts-dialog` of the development data, and our own scripts. Gives: the
weights and what is usual, to be written into the file by hand. Dialogues are also cut to beginnings and middles of 4 to
120 turns, so that short talk is fitted too. The same data give the same weights.

    python -m trellis.lab.fit_roles --data DIR
"""

import argparse
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from trellis.lab.dialogues import Dialogue, read_aci, read_mts, read_primock
from trellis.lab.scripts import list_scripts, read_script
from trellis.scribe.hearing.manner import MEASURES, manner

LENGTHS = (4, 6, 10, 16, 30, 60, 120)
RIDGE = 0.05
BOUNDS = ((0, None), (0, None), (None, 0), (0, None))
"""What is known beforehand: only speaking of oneself speaks against being the clinician."""


def main() -> None:
    """Print weights and usual values as TOML."""
    parser = argparse.ArgumentParser(prog="trellis.lab.fit_roles", description="Fit the weights of roles.toml.")
    parser.add_argument("--data", type=Path, required=True, help="the folder with the development data")
    data: Path = parser.parse_args().data
    chance = random.Random(1)
    differences: list[npt.NDArray[np.float64]] = []
    importance: list[float] = []
    everyone: list[npt.NDArray[np.float64]] = []
    for dialogues, cuts, weight in (
        (islice(read_primock(data), 25), 12, 1.0),
        (islice(read_aci(data), 50), 8, 1.0),
        (islice(read_mts(data), 500), 1, 0.35),
        (read_scripts(), 20, 1.5),
    ):
        for dialogue in dialogues:
            for part in _cut(dialogue, chance, cuts):
                measured = _measured(part)
                everyone += measured.values()
                if "clinician" in measured:
                    others = [row for role, row in measured.items() if role != "clinician"]
                    differences += [measured["clinician"] - row for row in others]
                    importance += [weight] * len(others)
    weights = _fit(np.array(differences), np.array(importance))
    usual = np.mean(everyone, axis=0)
    for title, values, digits in (("weights", weights, 2), ("usual", usual, 3)):
        print(
            f"[{title}]",
            *(f"{name} = {value:.{digits}f}" for name, value in zip(MEASURES, values, strict=True)),
            sep="\n",
        )


def read_scripts() -> Iterator[Dialogue]:
    """Our own scripts."""
    for name in list_scripts():
        yield [(turn.role, turn.text) for turn in read_script(name).turns]


def _cut(dialogue: Dialogue, chance: random.Random, cuts: int) -> Iterator[Dialogue]:
    yield dialogue
    for _ in range(cuts):
        length = chance.choice(LENGTHS)
        if len(dialogue) <= length:
            continue
        first = chance.choice([0, chance.randrange(len(dialogue) - length)])
        part = dialogue[first : first + length]
        if len({role for role, _ in part}) > 1:
            yield part


def _measured(dialogue: Dialogue) -> dict[str, npt.NDArray[np.float64]]:
    rows: dict[str, npt.NDArray[np.float64]] = {}
    for role in sorted({role for role, _ in dialogue}):
        found = manner(text for who, text in dialogue if who == role)
        rows[role] = np.array([found[name] for name in MEASURES])
    return rows


def _fit(differences: npt.NDArray[np.float64], importance: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Logistic regression without intercept on clinician minus other, lightly held towards nought, signs given."""
    spread = differences.std(axis=0)
    ridge = RIDGE * np.sqrt(len(differences))

    def loss(weights: npt.NDArray[np.float64]) -> float:
        misses = np.logaddexp(0.0, -(differences @ weights))
        return float((importance * misses).sum() + ridge * np.square(weights * spread).sum())

    return np.asarray(minimize(loss, np.zeros(len(MEASURES)), bounds=BOUNDS).x, np.float64)


if __name__ == "__main__":
    main()
