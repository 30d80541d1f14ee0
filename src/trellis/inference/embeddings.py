"""Sentence embeddings (MiniLM): vectors that lie close together where sentences speak of the same thing.

Takes texts; gives unit vectors of 384. The scales of the quantised graph are drawn from a whole batch: a sentence
embedded alone is the same everywhere, one embedded among others agrees to a cosine of 0.99, five times faster.
Similarity is no sign of danger: "I am dying to see that movie" lies near "I want to die".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from trellis.inference.weights import find_weights

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]

DIMENSIONS = 384
BATCH = 32


class Embedder:
    """The network and its tokenizer, loaded when first used; `threads` 0 leaves the number to the runtime.

    `alone` embeds each sentence by itself, for verdicts that must not depend on what else was asked about.
    """

    def __init__(self, *, threads: int = 0, alone: bool = False) -> None:
        self._threads = threads
        self._batch = 1 if alone else BATCH
        self._network: Any = None
        self._tokenizer: Any = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of 384 for each text; texts without a word are rows of zeros."""
        import numpy as np

        self._load()
        rows = np.zeros((len(texts), DIMENSIONS), np.float32)
        encoded = {at: self._tokenizer.encode(text).ids for at, text in enumerate(texts) if text.strip()}
        order = sorted(encoded, key=lambda at: (len(encoded[at]), texts[at]))
        for first in range(0, len(order), self._batch):
            batch = order[first : first + self._batch]
            ids = np.zeros((len(batch), max(len(encoded[at]) for at in batch)), np.int64)
            mask = np.zeros_like(ids)
            for row, at in enumerate(batch):
                ids[row, : len(encoded[at])] = encoded[at]
                mask[row, : len(encoded[at])] = 1
            rows[batch] = self._network.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return rows

    def _load(self) -> None:
        if self._network is not None:
            return
        import onnxruntime
        from tokenizers import Tokenizer

        weights = find_weights("minilm")
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = self._threads
        self._tokenizer = Tokenizer.from_file(str(weights.with_name("minilm-tokenizer.json")))
        self._network = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
