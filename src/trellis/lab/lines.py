"""The authored lines a reader is trained on, and what each of them says about each label.

Takes the corpora of `lab/corpora`. Gives lines with the fold they are held out in (a file is one author's, so a file is
never parted; minimal pairs lie in one file), and for each line which labels are true, which are false, and which the
line can't tell. No model library is needed here.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from trellis.inference.reader import Said
from trellis.lab.dialogues import read_aci, read_mts, read_primock
from trellis.safety import Message, screen

CORPORA = Path(__file__).parent / "corpora"
FOLDS = 3
RAREST = 8
"""Lines a label needs before it can be learned."""
FEW = 4
"""Words an ordinary turn needs to be learned from."""
ORDINARY = 0.6
"""How much a line of an ordinary session counts as a line without danger: it was authored for something else."""
_GRAVE = ("urgent", "emergency")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One authored line. `fold` is where it is held out: None is always trained on, -1 never."""

    said: Said
    file: str
    kind: str
    speaker: str
    fold: int | None
    facts: Mapping[str, Any]

    @property
    def is_grave(self) -> bool:
        """Whether a clinician has to see it the same day."""
        return self.facts.get("level") in _GRAVE

    @property
    def is_spanish(self) -> bool:
        """Whether it is mostly Spanish."""
        return is_spanish(self.said.text)


def is_spanish(text: str) -> bool:
    """Whether a text is mostly Spanish, by its commonest words."""
    return len(_SPANISH.findall(text.lower())) > len(_ENGLISH.findall(text.lower()))


_SPANISH = re.compile(
    r"\b(que|no|me|mi|el|la|los|las|de|y|en|un|una|lo|ya|es|se|si|sí|por|con|para|del|le|su|pero|cuando|como|está|estoy"
    r"|más|porque|al|yo|te|nos|era|fue|hay|muy|todo|nada|aquí)\b"
)
_ENGLISH = re.compile(
    r"\b(the|i|and|my|it|to|a|of|in|is|that|he|she|was|for|on|they|with|me|but|not|you|do|this|have|be|at|so|no)\b"
)


def read_lines() -> list[Line]:
    """All lines of utterances and of safety, in the order of files and lines."""
    return [*_of("utterances"), *_of("safety")]


def ordinary_lines(data: Path) -> list[Line]:
    """What patients say to doctors in the training half of the development data, as talk without danger.

    Left out are the other half, which is for measuring, what the rules of the screen hear danger in, and few words.
    Its text is read where it lies.
    """
    chance = random.Random(0)
    found: list[Line] = []
    for file, dialogues, most in (
        ("primock57", islice(read_primock(data), 25), 450),
        ("aci-bench", islice(read_aci(data), 50), 350),
        ("mts-dialog", islice(read_mts(data), 500), 400),
    ):
        said = [
            Said(text, before)
            for dialogue in dialogues
            for (_, before), (who, text) in pairwise(dialogue)
            if who == "client" and len(text.split()) >= FEW
        ]
        calm = [each for each in said if screen(Message(text=each.text)).level == "none"]
        facts = {"level": "none", "concern": "none"}
        found += [
            Line(said=each, file=file, kind="ordinary", speaker="client", fold=None, facts=facts)
            for each in chance.sample(calm, min(most, len(calm)))
        ]
    return found


def _of(kind: str) -> Iterator[Line]:
    for path in sorted((CORPORA / kind).glob("*.jsonl")):
        for text in path.read_text("utf-8").splitlines():
            facts = json.loads(text)
            context = facts.get("context") or [{"text": facts.get("before", "")}]
            yield Line(
                said=Said(facts["text"], context[-1]["text"]),
                file=path.stem,
                kind=kind,
                speaker=facts["speaker"],
                fold=_fold(path.stem),
                facts=facts | facts.get("gold", {}),
            )


def _fold(file: str) -> int | None:
    """By the file's number. Of the files without one, the rules of `safety` were made with `dev`; `check` tests."""
    number = re.match(r"\d+", file)
    return int(number[0]) % FOLDS if number else None if file == "dev" else -1


def labels_of(line: Line) -> frozenset[str]:
    """The labels that are true of a line."""
    facts = line.facts
    if line.kind == "ordinary":
        return frozenset()
    if line.kind == "safety":
        level = facts["level"]
        true = {f"danger:{name}" for name in _REACHED[level]}
        true |= {f"danger:concern:{facts['concern']}"} if level != "none" else set()
        return frozenset(true | ({f"danger:assertion:{facts['assertion']}"} if "assertion" in facts else set()))
    side = _side(line)
    true = {f"{side}:topic:{topic}" for topic in facts["topics"]}
    true |= {f"{side}:keep{least}" for least in (1, 2) if facts["keep"] >= least}
    if side == "client":
        true |= {f"client:assertion:{facts['assertion']}"}
        true |= {"client:who:other"} if facts["who"] == "other" else set()
    elif facts.get("act"):
        true.add(f"clinician:act:{facts['act']}")
    return frozenset(true)


_REACHED = {
    "none": (),
    "monitor": ("monitor",),
    "urgent": ("monitor", "urgent"),
    "emergency": ("monitor", "urgent", "emergency"),
}


def weight_of(line: Line, label: str) -> float:
    """How much a line says about a label, whether true or false of it; 0 where it can't tell."""
    group, _, rest = label.partition(":")
    if line.kind == "ordinary":
        return ORDINARY if group == "danger" and ":" not in rest else 0.0
    if line.kind == "safety":
        return float(group == "danger" and ("assertion" in line.facts or not rest.startswith("assertion")))
    if group == "danger":
        told = {"risk", "safety_plan"} & set(line.facts["topics"])
        return ORDINARY if _side(line) == "client" and not told and ":" not in rest else 0.0
    return float(group == _side(line))


def _side(line: Line) -> str:
    return "clinician" if line.speaker == "clinician" else "client"


def learnable(lines: Iterable[Line]) -> Sequence[str]:
    """The labels frequent enough to be learned, in alphabetical order."""
    counts = Counter(label for line in lines for label in labels_of(line))
    return sorted(label for label, count in counts.items() if count >= RAREST)
