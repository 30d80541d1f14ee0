"""What can be guessed of a statement without its evidence, so that a network doesn't learn the guess.

Why: authors give themselves away. Errors are written shorter and plainer than faithful rewordings, and begin alike; a
network that reads both sides learns that first, and it holds nowhere else. Takes authored pairs; gives for a statement
of a file what words and length alone tell, by the pairs of the other files (naive Bayes over words and pairs of words).
While training, this is added to what the network says, so that only what the evidence adds is left to learn.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from trellis.lab.pairs import Case

SMOOTHED = 0.5
SLOPE, SHIFT = 0.17, -0.9
"""What turns the sum over words into log odds: a logistic fit over the numbered files, each by the others."""
SUREST = 3.0
"""Log odds beyond which no guess is believed."""


class Guess:
    """What words alone tell, learned from pairs."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._whole: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self._by_file: dict[str, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
        self._sizes = [0, 0]
        for case in cases:
            side = int(case.error is None)
            words = set(_words(case.pair.statement))
            self._sizes[side] += 1
            self._whole[side].update(words)
            self._by_file[case.file][side].update(words)

    def odds(self, statement: str, file: str) -> float:
        """The log odds that a statement is carried, told from its words by files other than this one."""
        own = self._by_file.get(file, (Counter(), Counter()))
        total = 0.0
        for word in set(_words(statement)):
            false, true = (self._whole[side][word] - own[side][word] + SMOOTHED for side in (0, 1))
            total += math.log(true / (self._sizes[1] + 2 * SMOOTHED)) - math.log(
                false / (self._sizes[0] + 2 * SMOOTHED)
            )
        return max(-SUREST, min(SUREST, SLOPE * total + SHIFT))


def _words(statement: str) -> Iterable[str]:
    words = ["9" if word.isdigit() else word for word in re.findall(r"[a-z']+|\d+", statement.lower())]
    return [*words, *(f"{one} {other}" for one, other in zip(["^", *words], words, strict=False))]
