"""Train the small heads that ship, from authored lines alone, in minutes on a processor.

    python -m trellis.lab.train utterances|safety|support|all

Takes the corpora of `lab/corpora`; gives one file a head in `inference/weights` and writes its digest into the
manifest. The same lines give the same bytes. What is printed comes from folds that keep each author-session whole, so
that no line is judged by a head that saw its neighbours; the shipped head is then trained on all lines.
"""

import argparse
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from trellis.inference.embeddings import Embedder
from trellis.inference.heads import Said, features
from trellis.inference.weights import MANIFEST

CORPORA = Path(__file__).parent / "corpora"
FOLDS = 5
STRENGTHS = (0.3, 1.0, 3.0, 10.0)
RAREST = 12  # lines a label needs before a head can learn it


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One authored line for one head: what was said, its labels, and the author-session it must not be parted from."""

    said: Said
    labels: frozenset[str]
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What held-out folds say of a head: by label, how many lines, precision, recall and F1 at a half."""

    head: str
    lines: int
    sessions: int
    strength: float
    macro_f1: float
    labels: Mapping[str, Mapping[str, float]]


def main() -> None:
    """Train what was asked for and print what held-out folds say."""
    parser = argparse.ArgumentParser(prog="trellis.lab.train", description="Train the heads that ship.")
    parser.add_argument("head", choices=[*HEADS, "all"])
    wanted = parser.parse_args().head
    for name, read in HEADS.items():
        if wanted in (name, "all"):
            report = train(name, list(read()))
            print(json.dumps({"head": report.head, "lines": report.lines, "macro_f1": round(report.macro_f1, 3)}))
            for label, figures in sorted(report.labels.items()):
                print(f"  {label:<28} " + " ".join(f"{key} {value:.2f}" for key, value in figures.items()))


def train(name: str, lines: Sequence[Line]) -> Report:
    """Choose the strength by grouped folds, train on all lines, write the weights and their digest."""
    counts = Counter(label for line in lines for label in line.labels)
    labels = sorted(label for label, count in counts.items() if count >= RAREST)
    rows = features([line.said for line in lines], Embedder())
    truth = np.array([[label in line.labels for label in labels] for line in lines])
    folds = [int(hashlib.sha256(line.session.encode()).hexdigest(), 16) % FOLDS for line in lines]
    scored = {strength: _held_out(rows, truth, np.array(folds), strength) for strength in STRENGTHS}
    judged = {strength: _judge(labels, truth, odds) for strength, odds in scored.items()}
    strength = max(judged, key=lambda strength: _macro(judged[strength]))
    best = Report(
        head=name,
        lines=len(lines),
        sessions=len({line.session for line in lines}),
        strength=strength,
        macro_f1=_macro(judged[strength]),
        labels=judged[strength],
    )
    models = [_fit(rows, truth[:, column], best.strength) for column in range(len(labels))]
    _write(name, labels, models)
    return best


def read_lines(kind: str) -> list[dict[str, Any]]:
    """Every line of a corpus, in the order of files and lines."""
    files = sorted((CORPORA / kind).glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line.strip()]


def _client_lines() -> Iterable[Line]:
    """What client and others say: topics, whose it is, in what sense, and whether a note should have it."""
    for line in read_lines("utterances"):
        if line["speaker"] != "clinician":
            labels = {f"topic:{topic}" for topic in line["topics"]}
            labels |= {f"assertion:{line['assertion']}", f"who:{line['who']}", f"keep:{line['keep']}"}
            yield _line(line, labels)


def _clinician_lines() -> Iterable[Line]:
    """What the clinician does: topics, the act by type, and whether a note should have it."""
    for line in read_lines("utterances"):
        if line["speaker"] == "clinician":
            labels = {f"topic:{topic}" for topic in line["topics"]} | {f"keep:{line['keep']}"}
            labels |= {f"act:{line['act']}"} if line.get("act") else set()
            yield _line(line, labels)


def _safety_lines() -> Iterable[Line]:
    """Danger: whether a clinician has to see it the same day, and the concern."""
    for line in read_lines("safety"):
        before = " ".join(turn["text"] for turn in line.get("context", [])[-1:])
        labels = {f"level:{line['level']}"}
        if line["level"] in ("urgent", "emergency"):
            labels |= {"urgent", f"concern:{line['concern']}"}
        yield Line(said=Said(line["text"], before), labels=frozenset(labels), session=line["id"])


def _line(line: Mapping[str, Any], labels: set[str]) -> Line:
    return Line(said=Said(line["text"], line.get("before", "")), labels=frozenset(labels), session=line["session"])


HEADS: Mapping[str, Callable[[], Iterable[Line]]] = {
    "client-utterances": _client_lines,
    "clinician-utterances": _clinician_lines,
    "danger": _safety_lines,
}


def _held_out(rows: Any, truth: Any, folds: Any, strength: float) -> Any:
    """For each line the probability of each label by a head that saw no line of its author-session."""
    odds = np.zeros(truth.shape)
    for fold in range(FOLDS):
        seen, held = folds != fold, folds == fold
        for column in range(truth.shape[1]):
            if held.any():
                weights, bias = _fit(rows[seen], truth[seen, column], strength)
                odds[held, column] = 1 / (1 + np.exp(-(rows[held] @ weights + bias)))
    return odds


def _fit(rows: Any, truth: Any, strength: float) -> tuple[Any, float]:
    """One label's logistic regression; rare labels count for more."""
    from sklearn.linear_model import LogisticRegression

    if truth.all() or not truth.any():
        return np.zeros(rows.shape[1]), 20.0 if truth.all() else -20.0
    model = LogisticRegression(C=strength, class_weight=_weights(truth), max_iter=400)
    model.fit(rows, truth)
    return model.coef_[0], float(model.intercept_[0])


def _weights(truth: Any) -> dict[bool, float]:
    """The square root of balance: full balance makes rare labels cry wolf."""
    share = truth.mean()
    return {True: float(np.sqrt((1 - share) / share)), False: 1.0}


def _judge(labels: Sequence[str], truth: Any, odds: Any) -> dict[str, dict[str, float]]:
    said = odds >= 0.5
    figures = {}
    for column, label in enumerate(labels):
        both = int((said[:, column] & truth[:, column]).sum())
        precision = both / max(int(said[:, column].sum()), 1)
        recall = both / max(int(truth[:, column].sum()), 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        figures[label] = {"n": int(truth[:, column].sum()), "precision": precision, "recall": recall, "f1": f1}
    return figures


def _macro(figures: Mapping[str, Mapping[str, float]]) -> float:
    return float(np.mean([figure["f1"] for figure in figures.values()]))


def _write(name: str, labels: Sequence[str], models: Sequence[tuple[Any, float]]) -> None:
    """The head as an uncompressed archive (its bytes depend on nothing but its content), and its digest."""
    path = MANIFEST.parent / f"{name}.npz"
    weights = np.stack([weights for weights, _ in models]).astype(np.float16)
    bias = np.array([bias for _, bias in models], np.float32)
    np.savez(path, labels=np.array(json.dumps(list(labels))), weights=weights, bias=bias)
    content = path.read_bytes()
    manifest = MANIFEST.read_text("utf-8")
    entry = re.compile(rf'(name = "{name}".*?sha256 = ")[0-9a-f]*("\nbytes = )\d+', re.DOTALL)
    if not entry.search(manifest):
        raise SystemExit(f"{name} is written; give it an entry in the manifest, then train again.")
    digest = hashlib.sha256(content).hexdigest()
    MANIFEST.write_text(entry.sub(rf"\g<1>{digest}\g<2>{len(content)}", manifest, count=1), "utf-8")


if __name__ == "__main__":
    main()
