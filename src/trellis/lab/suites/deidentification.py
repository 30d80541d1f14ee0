"""`trellis eval deidentification`: what is found of what tells who somebody is, and what is taken away that doesn't.

Takes 542 authored texts (`evals/deidentification`), marked and frozen before anything looked for identifiers. Gives the
share of identifiers that are gone whole (one word left is a miss), all and of each kind; over-redaction as the share of
removed words that were no part of an identifier, as the share of harmless words that are removed, and by what they were
taken for; and the worst, to read.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trellis.inference import Identifier, LocalIdentifiers
from trellis.kernel import Invalid
from trellis.lab.scores.intervals import Figure, share
from trellis.lab.scores.listings import Example, Listing, Table

MARKED = Path(__file__).parents[1] / "evals" / "deidentification"
FROZEN = ("notes", "transcripts", "messages", "letters", "forms")
KINDS = {
    "n": "names of people",
    "w": "employers, schools, places of care",
    "g": "places smaller than a state",
    "d": "dates",
    "a": "ages over 89",
    "t": "phone numbers",
    "f": "fax numbers",
    "e": "email addresses",
    "s": "social security numbers",
    "m": "medical record numbers",
    "b": "beneficiary numbers",
    "c": "account numbers",
    "l": "certificates, licences",
    "v": "vehicles",
    "x": "devices",
    "u": "web addresses",
    "i": "network addresses",
    "z": "biometric identifiers",
    "p": "photographs",
    "o": "other unique numbers",
}
SHOWN = 20
MARK = re.compile(r"\{(?P<kind>\w):(?P<words>[^{}]+)\}")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A text and its identifiers: kind, start, end."""

    id: str
    text: str
    marks: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A text, its identifiers that weren't wholly found, and words of it that were removed for nothing."""

    marked: Marked
    missed: tuple[tuple[str, str], ...]
    taken: tuple[tuple[str, str], ...]
    removed: int
    harmless: int


def evaluate(data: Path, tell: Callable[[str, float | None], None]) -> Mapping[str, Any]:
    """Figures on the frozen texts; the data folder isn't read."""
    del data
    _refuse_changed()
    marked = [one for name in FROZEN for one in read_marked(MARKED / f"{name}.txt")]
    finder, judged = LocalIdentifiers(), []
    for number, one in enumerate(marked):
        if number % 50 == 0:
            tell("looking for identifiers", number / len(marked))
        judged.append(judge(one, finder.find([one.text])[0]))
    return score(judged)


def read_marked(path: Path) -> list[Marked]:
    """The texts of a file, without their marks."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_marked(f"{path.stem} {number}", line.replace("\\n", "\n")) for number, line in enumerate(lines, 1)]


def judge(marked: Marked, found: Sequence[Identifier]) -> Judged:
    """What of a text's identifiers is left, and what else is gone, word by word."""
    words = [match.span() for match in WORD.finditer(marked.text)]

    def lies_in(start: int, end: int) -> str:
        return next((one.kind for one in found if one.start < end and start < one.end), "")

    missed = tuple(
        (kind, marked.text[start:end])
        for kind, start, end in marked.marks
        if not all(lies_in(a, b) for a, b in words if a < end and start < b)
    )
    harmless = [(a, b) for a, b in words if not any(a < end and start < b for _, start, end in marked.marks)]
    return Judged(
        marked=marked,
        missed=missed,
        taken=tuple((kind, marked.text[a:b]) for a, b in harmless if (kind := lies_in(a, b))),
        removed=sum(bool(lies_in(a, b)) for a, b in words),
        harmless=len(harmless),
    )


def score(judged: Sequence[Judged]) -> dict[str, Any]:
    """Figures over judged texts."""
    there = Counter(kind for one in judged for kind, _, _ in one.marked.marks)
    missed = Counter(kind for one in judged for kind, _ in one.missed)
    taken = Counter(kind for one in judged for kind, _ in one.taken)
    removed = sum(one.removed for one in judged)
    by_file: defaultdict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        by_file[one.marked.id.split()[0]].append(one)
    return {
        "texts": len(judged),
        "identifiers gone whole": _recall(judged).at_least(0.97),
        "removed words that identify nobody": share(taken.total(), removed).at_most(0.10),
        "harmless words that are removed": share(taken.total(), sum(one.harmless for one in judged)),
        "texts with nothing left": share(sum(not one.missed for one in judged), len(judged)),
        "by kind": Table(
            columns=("kind", "gone whole", "cases"),
            rows=tuple(
                (name, share(there[kind] - missed[kind], there[kind]), there[kind])
                for kind, name in KINDS.items()
                if there[kind]
            ),
        ),
        "by file": Table(
            columns=("file", "gone whole", "removed for nothing"),
            rows=tuple(
                (
                    name,
                    _recall(ones),
                    share(sum(len(one.taken) for one in ones), sum(one.removed for one in ones)),
                )
                for name, ones in by_file.items()
            ),
        ),
        "words removed for nothing, by what they were taken for": dict(taken.most_common()),
        "identifiers left": Listing.of(
            [
                Example(where=one.marked.id, words=f"[{KINDS[kind]}] “{words}” in: {one.marked.text}")
                for one in judged
                for kind, words in one.missed
            ],
            most=SHOWN,
        ),
        "removed for nothing": Listing.of(
            [
                Example(where=one.marked.id, words=f"{_taken(one)} in: {one.marked.text}")
                for one in sorted(judged, key=lambda one: -len(one.taken))
                if one.taken
            ],
            most=SHOWN,
        ),
    }


def _taken(judged: Judged) -> str:
    return ", ".join(f"{word} ({kind})" for kind, word in judged.taken)


def _recall(judged: Sequence[Judged]) -> Figure:
    there = sum(len(one.marked.marks) for one in judged)
    return share(there - sum(len(one.missed) for one in judged), there)


def _marked(name: str, line: str) -> Marked:
    text, marks, at = "", [], 0
    for match in MARK.finditer(line):
        text += line[at : match.start()]
        marks.append((match["kind"], len(text), len(text) + len(match["words"])))
        text += match["words"]
        at = match.end()
    return Marked(id=name, text=text + line[at:], marks=tuple(marks))


def _refuse_changed() -> None:
    """The texts are those that were frozen, or nothing is measured."""
    for line in (MARKED / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split()
        if hashlib.sha256((MARKED / name).read_bytes()).hexdigest() != digest:
            raise Invalid("lab.frozen_changed", f"{name} isn't the file that was frozen.", hint="Restore it.")
