"""Figures for the card of the authored lines: how many there are, how varied, and how near files lie to one another.

    python -m trellis.lab.describe_corpora

Takes the corpora of `lab/corpora`; prints JSON. Nearness of two lines is the share of their words that both have
(Jaccard); for each line the nearest line of any other file counts, since folds part files.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from trellis.lab.lines import Line, labels_of, read_lines
from trellis.lab.pairs import Case, read_pairs

NEAR = 0.6
"""From here on two lines could be one line twice."""


def main() -> None:
    """Print the figures of both kinds of lines, and of the pairs of evidence and statement."""
    lines = read_lines()
    kinds = {kind: [line for line in lines if line.kind == kind] for kind in ("utterances", "safety")}
    told: dict[str, Any] = {kind: describe(part) for kind, part in kinds.items()}
    print(json.dumps(told | {"support": describe_pairs(read_pairs())}, indent=1, ensure_ascii=False))


def describe_pairs(cases: Sequence[Case]) -> Mapping[str, Any]:
    """Counts of pairs, and the variety and overlap of their evidence, each told once, and of their statements."""
    told = {case.pair.evidence: case.file for case in cases}
    return {
        "pairs": len(cases),
        "files": dict(Counter(case.file for case in cases)),
        "errors": dict(Counter(case.error or "none" for case in cases)),
        "evidence": vary([_words(text) for text in told], list(told.values())),
        "statements": vary([_words(case.pair.statement) for case in cases], [case.file for case in cases]),
    }


def describe(lines: Sequence[Line]) -> Mapping[str, Any]:
    """Counts, variety and overlap of some lines."""
    labels = Counter(label for line in lines for label in labels_of(line))
    return {
        "lines": len(lines),
        "spanish": sum(line.is_spanish for line in lines),
        "files": dict(Counter(line.file for line in lines)),
        "sessions": len({line.facts["session"] for line in lines if "session" in line.facts}),
        **vary([_words(line.said.text) for line in lines], [line.file for line in lines]),
        "labels": dict(sorted(labels.items())),
    }


def vary(words: Sequence[tuple[str, ...]], files: Sequence[str]) -> Mapping[str, Any]:
    """How varied texts are, and how near those of one file lie to those of another."""
    near = nearest(words, files)
    return {
        "words a line, by quantile": {
            f"{at:g}": float(np.quantile([len(each) for each in words], at)) for at in (0.05, 0.5, 0.95)
        },
        "distinct n-grams": {str(size): _distinct(words, size) for size in (1, 2, 3, 4)},
        "most lines with the same four first words": Counter(each[:4] for each in words if len(each) > 5).most_common(
            1
        )[0][1],
        "nearness to other files": {f"{at:g}": round(float(np.quantile(near, at)), 2) for at in (0.5, 0.95, 0.99)},
        f"lines nearer than {NEAR}": int((near >= NEAR).sum()),
    }


def nearest(words: Sequence[tuple[str, ...]], files: Sequence[str]) -> Any:
    """For each line of at least four words, how near the nearest line of another file is (0..1)."""
    long = [at for at, each in enumerate(words) if len(each) >= 4]
    known = {word: at for at, word in enumerate(sorted({word for at in long for word in words[at]}))}
    rows = np.zeros((len(long), len(known)), np.float32)
    for row, at in enumerate(long):
        rows[row, [known[word] for word in words[at]]] = 1
    sizes = rows.sum(1)
    names = np.array([files[at] for at in long])
    found = np.zeros(len(long))
    for first in range(0, len(long), 512):
        part = slice(first, first + 512)
        both = rows[part] @ rows.T
        share = both / (sizes[part, None] + sizes[None] - both)
        share[names[part, None] == names[None]] = 0
        found[part] = share.max(1)
    return found


def _distinct(words: Sequence[tuple[str, ...]], size: int) -> float:
    """The share of n-grams that occur once or are the first of their kind."""
    grams = [gram for each in words for gram in _grams(each, size)]
    return round(len(set(grams)) / max(len(grams), 1), 3)


def _grams(words: tuple[str, ...], size: int) -> Iterator[tuple[str, ...]]:
    return zip(*(words[at:] for at in range(size)), strict=False)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+(?:['’][^\W_]+)?", text.lower()))


if __name__ == "__main__":
    main()
