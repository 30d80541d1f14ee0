"""What lines that were held out say of the reader: how good it is, and from where on to believe it.

    python -m trellis.lab.held_out FOLDER

Takes the folder in which `python -m trellis.lab.finetune --fold` left the odds of each fold's lines; prints figures as
JSON: for danger the points of rules alone, reader alone and both, English and Spanish apart; for topics and acts F1 at
each label's best threshold; how well `keep` is ordered. No line was judged by a network that saw its file.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from trellis.chart import LEVELS
from trellis.lab.lines import Line, labels_of, read_lines
from trellis.safety import Message, screen

SPECIFICITIES = (0.90, 0.93, 0.95, 0.98)
RAREST = 15
"""Held-out lines a label needs before a threshold can be told from it."""

Judged = list[tuple[Line, Mapping[str, float]]]


def main() -> None:
    """Print the figures of a folder."""
    parser = argparse.ArgumentParser(prog="trellis.lab.held_out", description="Judge the reader on held-out lines.")
    parser.add_argument("folder", type=Path)
    print(json.dumps(figures(judged(parser.parse_args().folder)), indent=1, ensure_ascii=False))


def judged(folder: Path) -> Judged:
    """Every held-out line with the odds it was given; lines of `check` once, by the network of the first fold."""
    lines = {(line.file, line.said.text): line for line in read_lines()}
    found: dict[tuple[str, str], tuple[Line, Mapping[str, float]]] = {}
    for path in sorted(folder.glob("odds-[0-9].jsonl")):
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            key = (row["file"], row["text"])
            if key in lines and key not in found:
                found[key] = (lines[key], row["odds"])
    return list(found.values())


def figures(lines: Judged) -> Mapping[str, Any]:
    """All figures by name."""
    safety = [pair for pair in lines if pair[0].kind == "safety"]
    told: dict[str, Any] = {}
    for name, part in {
        "english": [pair for pair in safety if pair[0].fold != -1 and not pair[0].is_spanish],
        "spanish": [pair for pair in safety if pair[0].fold != -1 and pair[0].is_spanish],
        "check": [pair for pair in safety if pair[0].fold == -1],
    }.items():
        told[f"danger, {name}"] = danger(part)
    client = [pair for pair in lines if pair[0].kind == "utterances" and pair[0].speaker != "clinician"]
    clinician = [pair for pair in lines if pair[0].kind == "utterances" and pair[0].speaker == "clinician"]
    told["ordinary client talk, odds of danger by quantile"] = _quantiles(
        [odds["danger:urgent"] for line, odds in client if not {"risk", "safety_plan"} & set(line.facts["topics"])]
    )
    for side, part in {"client": client, "clinician": clinician}.items():
        for group in ("topic", "act", "assertion", "who"):
            told[f"{side} {group}"] = labelled(part, f"{side}:{group}:")
        for least in (1, 2):
            label = f"{side}:keep{least}"
            told[f"{label} area"] = area(_truth(part, label), _odds(part, label))
    return told


def danger(lines: Judged) -> Mapping[str, Any]:
    """Sensitivity and specificity at `urgent` and above: of the rules, of the reader, and of either."""
    truth = np.array([line.is_grave for line, _ in lines])
    odds = _odds(lines, "danger:urgent")
    rules = np.array([_rules_say(line) for line, _ in lines])
    told: dict[str, Any] = {"lines": len(lines), "grave": int(truth.sum()), "area": area(truth, odds)}
    told["rules"] = _point(truth, rules)
    for wanted in SPECIFICITIES:
        bar = float(np.quantile(odds[~truth], wanted))
        told[f"at {wanted:.2f}"] = {
            "bar": bar,
            "reader": _point(truth, odds > bar),
            "either": _point(truth, rules | (odds > bar)),
        }
    return told


def labelled(lines: Judged, prefix: str) -> Mapping[str, Any]:
    """For each label its best threshold, and precision, recall and F1 there; their mean last."""
    names = sorted({label for _, odds in lines[:1] for label in odds if label.startswith(prefix)})
    told: dict[str, Any] = {}
    for label in names:
        truth, odds = _truth(lines, label), _odds(lines, label)
        if truth.sum() < RAREST:
            continue
        points = {bar: _scores(truth, odds >= bar) for bar in np.round(np.arange(0.1, 0.95, 0.05), 2).tolist()}
        bar = max(points, key=lambda one: points[one]["f1"])
        told[label.removeprefix(prefix)] = {"lines": int(truth.sum()), "bar": bar, **points[bar]}
    told["mean f1"] = _rounded(np.mean([one["f1"] for one in told.values()])) if told else None
    return told


def area(truth: Any, odds: Any) -> float | None:
    """How often a true line is given higher odds than a false one."""
    if truth.all() or not truth.any():
        return None
    ranks = np.argsort(np.argsort(odds))
    return _rounded((ranks[truth].mean() - (truth.sum() - 1) / 2) / (~truth).sum())


def _rules_say(line: Line) -> bool:
    context = tuple(Message(text=one["text"], speaker=one["speaker"]) for one in line.facts.get("context") or ())
    verdict = screen(Message(text=line.said.text, speaker=line.speaker, context=context))
    return LEVELS.index(verdict.level) >= LEVELS.index("urgent")


def _truth(lines: Judged, label: str) -> Any:
    return np.array([label in labels_of(line) for line, _ in lines], bool)


def _odds(lines: Judged, label: str) -> Any:
    return np.array([odds.get(label, 0.0) for _, odds in lines])


def _point(truth: Any, said: Any) -> Mapping[str, float]:
    return {"sensitivity": _rounded(said[truth].mean()), "specificity": _rounded((~said)[~truth].mean())}


def _scores(truth: Any, said: Any) -> dict[str, float]:
    both = int((truth & said).sum())
    precision, recall = both / max(int(said.sum()), 1), both / max(int(truth.sum()), 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": _rounded(precision), "recall": _rounded(recall), "f1": _rounded(f1)}


def _quantiles(odds: Sequence[float]) -> Mapping[str, float]:
    return {f"{at:g}": _rounded(np.quantile(odds, at)) for at in (0.5, 0.9, 0.95, 0.98, 0.99, 0.995)}


def _rounded(value: Any) -> float:
    return round(float(value), 3)


if __name__ == "__main__":
    main()
