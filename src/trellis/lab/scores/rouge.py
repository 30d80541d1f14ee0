"""ROUGE as the published figures on ACI-Bench have it: ROUGE-1, ROUGE-2 and ROUGE-Lsum, F-measures without stemming.

Why our own: the package everybody quotes (`rouge-score` 0.1.2) brings three others along for two pages of counting.
Same tokens (runs of a-z and 0-9, lower-cased), same clipping, same union of longest common subsequences over lines; it
was compared with that package on all ACI-Bench validation notes.

Takes a gold note and a note. Gives three F-measures between 0 and 1.
"""

import re
from collections import Counter
from collections.abc import Sequence


def rouge(gold: str, note: str) -> tuple[float, float, float]:
    """ROUGE-1, ROUGE-2 and ROUGE-Lsum (a line is a sentence)."""
    true, found = _tokens(gold), _tokens(note)
    return _overlap(true, found, 1), _overlap(true, found, 2), _lsum(gold, note)


def _tokens(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _f(hits: int, true: int, found: int) -> float:
    if not hits:
        return 0.0
    recall, precision = hits / true, hits / found
    return 2 * recall * precision / (recall + precision)


def _overlap(true: Sequence[str], found: Sequence[str], length: int) -> float:
    one = Counter(tuple(true[at : at + length]) for at in range(len(true) - length + 1))
    two = Counter(tuple(found[at : at + length]) for at in range(len(found) - length + 1))
    return _f((one & two).total(), one.total(), two.total())


def _lsum(gold: str, note: str) -> float:
    true = [tokens for line in gold.split("\n") if (tokens := _tokens(line))]
    found = [tokens for line in note.split("\n") if (tokens := _tokens(line))]
    lengths = sum(map(len, true)), sum(map(len, found))
    if not all(lengths):
        return 0.0
    left = Counter(token for line in true for token in line), Counter(token for line in found for token in line)
    hits = 0
    for line in true:
        covered = sorted({at for other in found for at in _common(line, other)})
        for at in covered:
            if left[0][line[at]] > 0 and left[1][line[at]] > 0:
                hits += 1
                left[0][line[at]] -= 1
                left[1][line[at]] -= 1
    return _f(hits, *lengths)


def _common(one: Sequence[str], two: Sequence[str]) -> list[int]:
    """Places in `one` of a longest common subsequence with `two`."""
    table = [[0] * (len(two) + 1) for _ in range(len(one) + 1)]
    for i, left in enumerate(one, 1):
        row, above = table[i], table[i - 1]
        for j, right in enumerate(two, 1):
            row[j] = above[j - 1] + 1 if left == right else max(above[j], row[j - 1])
    places: list[int] = []
    i, j = len(one), len(two)
    while i and j:
        if one[i - 1] == two[j - 1]:
            places.append(i - 1)
            i, j = i - 1, j - 1
        elif table[i][j - 1] > table[i - 1][j]:
            j -= 1
        else:
            i -= 1
    return places
