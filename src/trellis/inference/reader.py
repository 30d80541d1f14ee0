"""One small network that reads a sentence with the one before it: what it is about, and whether it speaks of danger.

Why: rules are sure where they match and blind where nobody thought of a wording; a network lies near to all it was
shown. Takes sentences, each with what the other person said before it; gives the probability of every label, each on
its own (labels don't exclude each other):

- `danger:urgent` (a clinician has to see it the same day), `danger:monitor` (at least context to know),
  `danger:emergency`, `danger:concern:*`, `danger:assertion:*`: for words of clients and of those who speak of them;
- `client:topic:*`, `client:assertion:*`, `client:who:other`, `client:keep1` (a good note might have it),
  `client:keep2` (a note without it is wrong): for the same people in a session;
- `clinician:topic:*`, `clinician:act:*`, `clinician:keep1`, `clinician:keep2`: for a clinician's words.

It is trained on authored lines alone by `python -m trellis.lab.finetune`, from MiniLM. The scales of its int8 graph are
drawn from what is read at once, so each sentence is read by itself: what else was asked never moves a verdict.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol

from trellis.inference.weights import find_weights

TEXT_TOKENS = 72
BEFORE_TOKENS = 32
"""Word pieces read of a sentence (its beginning) and of the one before it (its end)."""
_MARKS = (("[CLS]", "[SEP]"), ("<s>", "</s>"))
"""What tokenizers call the beginning and the end of a text."""
_LONGEST_TEXT, _LONGEST_BEFORE = 900, 400  # characters that can matter, before they become word pieces


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and what the other person said before it (empty where there is nothing)."""

    text: str
    before: str = ""


class Reader(Protocol):
    """Reads sentences."""

    def read(self, said: Sequence[Said]) -> list[Mapping[str, float]]:
        """For each sentence, in order, the probability (0..1) of each label; none where there is nothing to read."""
        ...


class NullReader:
    """Has no opinion."""

    def read(self, said: Sequence[Said]) -> list[Mapping[str, float]]:
        """No label for any sentence."""
        return [{} for _ in said]


class LocalReader:
    """The network that ships, loaded and verified when first used.

    `threads` sentences are read side by side; 0 means as many as the machine has processors.
    """

    def __init__(self, *, threads: int = 0) -> None:
        self._threads = threads or os.cpu_count() or 1
        self._loading = Lock()
        self._loaded: tuple[Any, Any, list[str]] | None = None

    def read(self, said: Sequence[Said]) -> list[Mapping[str, float]]:
        """As the port says. Raises `Unavailable` where the weights are missing or not the right ones."""
        wanted = [each for each in dict.fromkeys(said) if each.text.strip()]
        if not wanted:
            return [{} for _ in said]
        network, tokenizer, labels = self._load()

        def judge(pieces: tuple[list[int], list[int]]) -> dict[str, float]:
            ids, kinds = pieces
            inputs = {"input_ids": [ids], "attention_mask": [[1] * len(ids)], "token_type_ids": [kinds]}
            odds = network.run(None, {name: _whole(rows) for name, rows in inputs.items()})[0][0]
            return dict(zip(labels, odds.tolist(), strict=True))

        with ThreadPoolExecutor(self._threads) as side_by_side:
            judged = dict(zip(wanted, side_by_side.map(judge, encode(tokenizer, wanted)), strict=True))
        return [judged.get(each, {}) for each in said]

    def _load(self) -> tuple[Any, Any, list[str]]:
        with self._loading:
            if self._loaded is None:
                import onnxruntime
                from tokenizers import Tokenizer

                weights = find_weights("reader")
                options = onnxruntime.SessionOptions()
                options.log_severity_level = 3
                options.intra_op_num_threads = 1
                network = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
                told = network.get_modelmeta().custom_metadata_map
                labels = json.loads(told["labels"])
                tokenizer = Tokenizer.from_file(str(weights.with_name(told.get("tokenizer", "minilm-tokenizer.json"))))
                self._loaded = network, tokenizer, labels
            return self._loaded


def encode(tokenizer: Any, said: Iterable[Said]) -> list[tuple[list[int], list[int]]]:
    """For each sentence its word pieces, [CLS] before [SEP] text [SEP], and 0 or 1 for each: before or text."""
    said = list(said)
    begin, end = next(
        (first, last)
        for first, last in ((tokenizer.token_to_id(one), tokenizer.token_to_id(other)) for one, other in _MARKS)
        if first is not None and last is not None
    )
    texts = tokenizer.encode_batch([each.text[:_LONGEST_TEXT] for each in said], add_special_tokens=False)
    befores = tokenizer.encode_batch([each.before[-_LONGEST_BEFORE:] for each in said], add_special_tokens=False)
    pieces = []
    for text, before in zip(texts, befores, strict=True):
        first = [begin, *before.ids[-BEFORE_TOKENS:], end]
        second = [*text.ids[:TEXT_TOKENS], end]
        pieces.append((first + second, [0] * len(first) + [1] * len(second)))
    return pieces


def _whole(rows: list[list[int]]) -> Any:
    import numpy as np

    return np.array(rows, np.int64)
