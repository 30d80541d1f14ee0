"""ROUGE on the ACI-Bench validation visits, which are general medicine, beside baselines and published figures.

Takes the data folder and the notes the product wrote. Gives a table of ROUGE-1, ROUGE-2 and ROUGE-Lsum (x 100): our
note, two baselines of our own (the transcript itself, the note of the nearest training visit), and what others
published. Figures of different splits stand beside each other to show their size; they can't be compared.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from trellis.kernel.errors import NotFound
from trellis.lab.ask_product import statements_of
from trellis.lab.scores.intervals import Figure, mean
from trellis.lab.scores.listings import Cell, Table
from trellis.lab.scores.rouge import rouge

Json = dict[str, Any]
PUBLISHED: tuple[tuple[str, str, tuple[float, float, float]], ...] = (
    ("published: retrieval of a training note", "valid, 20 visits", (0.5002, 0.2211, 0.4595)),
    ("published: the transcript as the note", "test1, 40 visits", (0.3284, 0.1253, 0.3061)),
    ("published: retrieval of a training note", "test1, 40 visits", (0.4387, 0.1755, 0.4047)),
    ("published: BART fine-tuned, division by division", "test1, 40 visits", (0.5346, 0.2508, 0.4862)),
    ("published: GPT-4", "test1, 40 visits", (0.5176, 0.2258, 0.4597)),
)
"""Figures of the set's authors: Yim et al. 2023, Scientific Data 10:586."""


def read_visits(folder: Path) -> tuple[list[Json], list[Json]]:
    """The training and the validation visits; raises `NotFound` where a file is missing."""
    return _rows(folder / "train.jsonl"), _rows(folder / "valid.jsonl")


def turns_of(dialogue: str) -> list[Json]:
    """Turns of a visit: `[doctor] …` and `[patient] …`."""
    pieces = re.split(r"\[(doctor|patient|[a-z_ ]+)\]", dialogue)
    return [
        {"id": number, "speaker": {"doctor": "clinician", "patient": "client"}.get(who, "other"), "text": text.strip()}
        for number, (who, text) in enumerate(zip(pieces[1::2], pieces[2::2], strict=True), 1)
        if text.strip()
    ]


def compare(train: Sequence[Json], valid: Sequence[Json], notes: Mapping[str, Json]) -> Table:
    """Our notes of the validation visits (by `encounter_id`), baselines and published figures."""
    nearest = _nearest([row["dialogue"] for row in train], [row["dialogue"] for row in valid])
    candidates: dict[str, list[str]] = {
        "our note, detailed": [
            "\n".join(one["text"] for one in statements_of(notes[row["encounter_id"]])) for row in valid
        ],
        "the transcript as the note": [row["dialogue"] for row in valid],
        "the note of the nearest training visit (TF-IDF)": [train[at]["note"] for at in nearest],
    }
    rows: list[tuple[Cell, ...]] = []
    for name, texts in candidates.items():
        scores = [rouge(row["note"], text) for row, text in zip(valid, texts, strict=True)]
        rows.append((name, f"valid, {len(valid)} visits", *(mean([score[at] for score in scores]) for at in range(3))))
    rows += [(name, split, *(Figure(value=score) for score in scores)) for name, split, scores in PUBLISHED]
    return Table(columns=("note", "split", "ROUGE-1", "ROUGE-2", "ROUGE-Lsum"), rows=tuple(rows))


def _rows(file: Path) -> list[Json]:
    if not file.exists():
        raise NotFound("lab.data", f"{file.name} is missing from aci-bench.", hint="See the README of the set.")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _nearest(known: Sequence[str], asked: Sequence[str]) -> list[int]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2)
    table = vectors.fit_transform(known)
    return [int(at) for at in (vectors.transform(asked) @ table.T).toarray().argmax(axis=1)]
