"""Talk with doctors from the development data, as turns with roles.

Why: what fits weights needs dialogues nobody here wrote, and what is called dangerous has to be held against ordinary
talk. Takes the folder of the development data (`primock57`, `aci-bench`, `mts-dialog`); gives dialogues. Their text is
read and never copied into the repository.
"""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

Dialogue = list[tuple[str, str]]
"""Turns in order: who (`clinician`, `client`) and what."""

ROLES = {"doctor": "clinician", "patient": "client"}


def read_primock(data: Path) -> Iterator[Dialogue]:
    """Mock consultations in primary care."""
    for path in sorted((data / "primock57").glob("*.json")):
        yield [(turn["speaker"], turn["text"]) for turn in json.loads(path.read_text(encoding="utf-8"))["turns"]]


def read_aci(data: Path, split: str = "train") -> Iterator[Dialogue]:
    """Visit dialogues of ACI-Bench between a doctor and a patient."""
    for line in (data / "aci-bench" / f"{split}.jsonl").read_text(encoding="utf-8").splitlines():
        text = json.loads(line)["dialogue"]
        found = re.findall(r"\[(doctor|patient)\]\s*([^\[]+)", text)
        if {who for who, _ in found} == set(ROLES):
            yield [(ROLES[who], said) for who, said in found]


def read_mts(data: Path, split: str = "train") -> Iterator[Dialogue]:
    """Dialogue snippets of MTS-Dialog."""
    with (data / "mts-dialog" / f"{split}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found = re.findall(r"^\s*(Doctor|Patient)\s*:\s*(.+)", row["dialogue"], re.MULTILINE)
            if {who.lower() for who, _ in found} == set(ROLES):
                yield [(ROLES[who.lower()], said) for who, said in found]
