"""Small learned heads on sentence embeddings: how likely each label of one question is for a sentence.

Why: rules are sure where they match and blind where nobody thought of a wording; a head sees what lies near to what it
was shown. Takes sentences with the one before them; gives a probability for each label, each on its own (labels don't
exclude each other). Heads are trained in the lab on authored lines, are a few hundred kilobytes, and are verified by
digest like all weights. `NullHead` has no opinion.

Features of a sentence: its embedding, the embedding of the sentence before it, and its words and pairs of words hashed
into `BUCKETS`, so that negations and rare words the embedding blurs still count.
"""

from __future__ import annotations

import itertools
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from trellis.inference.embeddings import Embedder
from trellis.inference.weights import find_weights

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float32]

BUCKETS = 4096


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and the one before it (empty where there is none)."""

    text: str
    before: str = ""


class Head(Protocol):
    """One learned question."""

    def judge(self, said: Sequence[Said]) -> list[Mapping[str, float]]:
        """For each sentence, the probability (0..1) of each label."""
        ...


class NullHead:
    """Has no opinion: no label has a probability."""

    def judge(self, said: Sequence[Said]) -> list[Mapping[str, float]]:
        """An empty answer for each sentence."""
        return [{} for _ in said]


class LocalHead:
    """A head by the name of its weights in the manifest; heads share one embedder."""

    def __init__(self, name: str, embedder: Embedder) -> None:
        self._name = name
        self._embedder = embedder

    def judge(self, said: Sequence[Said]) -> list[Mapping[str, float]]:
        """Logistic scores of the features."""
        import numpy as np

        if not said:
            return []
        labels, weights, bias = self._trained
        scores = features(said, self._embedder) @ weights.T + bias
        odds = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
        return [dict(zip(labels, map(float, row), strict=True)) for row in odds]

    @cached_property
    def _trained(self) -> tuple[list[str], Any, Any]:
        import numpy as np

        with np.load(find_weights(self._name), allow_pickle=False) as file:
            labels = json.loads(str(file["labels"]))
            return labels, file["weights"].astype(np.float32), file["bias"].astype(np.float32)


def features(said: Sequence[Said], embedder: Embedder) -> Matrix:
    """One row for each sentence: [embedding 384 | embedding of the one before 384 | hashed words 4096]."""
    import numpy as np

    texts = sorted({each.text for each in said} | {each.before for each in said})
    rows = dict(zip(texts, embedder.embed(texts), strict=True))
    dense = np.stack([np.concatenate([rows[each.text], rows[each.before]]) for each in said])
    return np.hstack([dense, np.stack([_hashed(each.text) for each in said])]).astype(np.float32)


def _hashed(text: str) -> Any:
    """Words and pairs of words as a unit vector of hashed counts."""
    import numpy as np

    row = np.zeros(BUCKETS, np.float32)
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)?", text.lower())
    for term in [*words, *(f"{a} {b}" for a, b in itertools.pairwise(words))]:
        row[zlib.crc32(term.encode()) % BUCKETS] += 1.0
    length = float(np.linalg.norm(row))
    return row / length if length else row
