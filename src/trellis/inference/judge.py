"""One small network that reads a statement beside the words it rests on: whether they carry it.

Why: rules compare words, and a faithful sentence may share none with what was said. Takes pairs of evidence and
statement; gives for each the probability that the evidence carries the statement, and for each kind of error the
probability that it is the one that was made.

It is trained on authored pairs by `python -m trellis.lab.finetune_pairs`, from MiniLM. It is a small network: it knows
wordings, not the world, and what it says is never enough to overrule a figure, a denial, a person or a drug. As the
scales of its int8 graph are drawn from what is read at once, each pair is read by itself.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol

from trellis.inference.weights import find_weights

CARRIED = "carried"
"""The label of what the evidence carries; the other labels are `error:*`."""
EVIDENCE_TOKENS, STATEMENT_TOKENS = 160, 72
"""Word pieces read of the evidence (its end, where answers are) and of the statement (its beginning)."""
_CLS, _SEP = 101, 102
_LONGEST_EVIDENCE, _LONGEST_STATEMENT = 1600, 700  # characters that can matter, before they become word pieces


@dataclass(frozen=True, slots=True)
class Pair:
    """Evidence as `Clinician: … / Client: …`, in the order of the session, and what a note says of it."""

    evidence: str
    statement: str


class Judge(Protocol):
    """Weighs statements against their evidence."""

    def judge(self, pairs: Sequence[Pair]) -> list[Mapping[str, float]]:
        """For each pair, in order, the probability (0..1) of each label; none from a judge without an opinion."""
        ...


class NullJudge:
    """Has no opinion."""

    def judge(self, pairs: Sequence[Pair]) -> list[Mapping[str, float]]:
        """No label for any pair."""
        return [{} for _ in pairs]


class LocalJudge:
    """The network that ships, loaded and verified when first used.

    `threads` pairs are read side by side; 0 means as many as the machine has processors.
    """

    def __init__(self, *, threads: int = 0) -> None:
        self._threads = threads or os.cpu_count() or 1
        self._loading = Lock()
        self._loaded: tuple[Any, Any, list[str]] | None = None

    def judge(self, pairs: Sequence[Pair]) -> list[Mapping[str, float]]:
        """As the port says. Raises `Unavailable` where the weights are missing or not the right ones."""
        wanted = list(dict.fromkeys(pairs))
        if not wanted:
            return []
        network, tokenizer, labels = self._load()

        def weigh(pieces: tuple[list[int], list[int]]) -> dict[str, float]:
            import numpy as np

            ids, kinds = pieces
            rows = {"input_ids": ids, "attention_mask": [1] * len(ids), "token_type_ids": kinds}
            odds = network.run(None, {name: np.array([row], np.int64) for name, row in rows.items()})[0][0]
            return dict(zip(labels, odds.tolist(), strict=True))

        with ThreadPoolExecutor(self._threads) as side_by_side:
            weighed = dict(zip(wanted, side_by_side.map(weigh, encode_pairs(tokenizer, wanted)), strict=True))
        return [weighed[each] for each in pairs]

    def _load(self) -> tuple[Any, Any, list[str]]:
        with self._loading:
            if self._loaded is None:
                import onnxruntime
                from tokenizers import Tokenizer

                weights = find_weights("judge")
                options = onnxruntime.SessionOptions()
                options.log_severity_level = 3
                options.intra_op_num_threads = 1
                network = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
                labels = json.loads(network.get_modelmeta().custom_metadata_map["labels"])
                tokenizer = Tokenizer.from_file(str(weights.with_name("minilm-tokenizer.json")))
                self._loaded = network, tokenizer, labels
            return self._loaded


def encode_pairs(tokenizer: Any, pairs: Iterable[Pair]) -> list[tuple[list[int], list[int]]]:
    """For each pair its word pieces, [CLS] evidence [SEP] statement [SEP], and 0 or 1 for each: which it is of."""
    pairs = list(pairs)
    grounds = tokenizer.encode_batch(
        [_one_line(each.evidence)[-_LONGEST_EVIDENCE:] for each in pairs], add_special_tokens=False
    )
    told = tokenizer.encode_batch(
        [_one_line(each.statement)[:_LONGEST_STATEMENT] for each in pairs], add_special_tokens=False
    )
    pieces = []
    for ground, statement in zip(grounds, told, strict=True):
        first = [_CLS, *ground.ids[-EVIDENCE_TOKENS:], _SEP]
        second = [*statement.ids[:STATEMENT_TOKENS], _SEP]
        pieces.append((first + second, [0] * len(first) + [1] * len(second)))
    return pieces


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
