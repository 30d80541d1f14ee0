"""The pairs of evidence and statement that the judge is trained on: authored ones, and sentences of the writer itself.

    python -m trellis.lab.pairs --out written.jsonl

Takes the corpora of `lab/corpora`; authored pairs come from `support`, the writer's own from notes of the
author-sessions in `utterances`, as far as the rules of the check let them pass. Every fourth numbered file of pairs is
held out: the judge never sees it, and its thresholds are set there. A file is one theme's, so a file is never parted.
"""

import argparse
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trellis.chart import Transcript, Turn
from trellis.lab.lines import CORPORA

HELD_OUT = 4
"""Of the numbered files, one in this many is held out."""
CARRIED = "carried"
"""The label of what the evidence carries; the other labels are `error:*`."""
EVIDENCE_TOKENS, STATEMENT_TOKENS = 160, 72
"""Word pieces read of the evidence (its end, where answers are) and of the statement (its beginning)."""
_CLS, _SEP = 101, 102
KINDS = (
    "number",
    "polarity",
    "person",
    "time",
    "invented",
    "overgeneral",
    "modality",
    "severity",
    "role",
    "medication",
)
"""What can be wrong with a statement."""
_KINDS_OF_OLD = {
    "opposite": "polarity", "overgeneralised": "overgeneral", "certainty": "modality", "hypothetical": "modality",
    "done": "modality", "quotation": "invented", "unheard": "invented",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """Evidence as `Clinician: … / Client: …`, in the order of the session, and what a note says of it."""

    evidence: str
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One pair. `error` is None where the evidence carries the statement."""

    pair: Pair
    error: str | None
    file: str

    @property
    def is_held_out(self) -> bool:
        """Whether no network may learn from it. The rules were made with files without a number: none of these is."""
        number = re.match(r"\d+", self.file)
        return number is not None and int(number[0]) % HELD_OUT == 0


def read_pairs() -> list[Case]:
    """All authored pairs, in the order of files and lines."""
    return [case for path in sorted((CORPORA / "support").glob("*.jsonl")) for case in _of(path)]


def _of(path: Path) -> Iterator[Case]:
    for facts in map(json.loads, path.read_text("utf-8").splitlines()):
        error = facts["error"] if facts["error"] is None else _KINDS_OF_OLD.get(facts["error"], facts["error"])
        yield Case(
            pair=Pair(facts["evidence"].replace("\n", " / "), facts["statement"]),
            error=error,
            file=path.stem,
        )


def encode_pairs(tokenizer: Any, pairs: Iterable[Pair]) -> list[tuple[list[int], list[int]]]:
    """For each pair its word pieces, [CLS] evidence [SEP] statement [SEP], and 0 or 1 for each: which it is of."""
    pairs = list(pairs)
    grounds = tokenizer.encode_batch([each.evidence for each in pairs], add_special_tokens=False)
    told = tokenizer.encode_batch([each.statement for each in pairs], add_special_tokens=False)
    pieces = []
    for ground, statement in zip(grounds, told, strict=True):
        first = [_CLS, *ground.ids[-EVIDENCE_TOKENS:], _SEP]
        second = [*statement.ids[:STATEMENT_TOKENS], _SEP]
        pieces.append((first + second, [0] * len(first) + [1] * len(second)))
    return pieces


def read_written(path: Path) -> list[Case]:
    """The writer's own sentences, as `main` wrote them."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [Case(pair=Pair(row["evidence"], row["statement"]), error=None, file="written") for row in rows]


def main() -> None:
    """Write notes of the author-sessions, and their sentences with the turns they rest on."""
    parser = argparse.ArgumentParser(prog="trellis.lab.pairs", description="Pairs from the writer's own notes.")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    with parser.parse_args().out.open("w", encoding="utf-8") as file:
        for row in written():
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def written() -> Iterator[Mapping[str, Any]]:
    """Every sentence that the rules let pass, in notes of all author-sessions."""
    from trellis.inference import LocalParser, LocalSpeakers, NullSpeech
    from trellis.scribe import ExtractiveWriter, Scribe, Wish, load_format

    scribe = Scribe(speech=NullSpeech(), speakers=LocalSpeakers(), parser=LocalParser(), writer=ExtractiveWriter())
    wish = Wish(format=load_format("soap"), length="detailed")
    for path in sorted((CORPORA / "utterances").glob("*.jsonl")):
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for _, session in itertools.groupby(lines, key=lambda line: line["session"]):
            transcript = _transcript(list(session))
            for section in scribe.draft(transcript, (), wish).sections:
                for statement in section.statements:
                    turns = sorted({each.turn for each in statement.evidence if each.turn is not None})
                    if statement.status == "supported" and turns:
                        yield {
                            "evidence": _as_lines(transcript, turns),
                            "statement": statement.text,
                        }


def _transcript(lines: Sequence[Mapping[str, Any]]) -> Transcript:
    """The lines of an author-session as talk, with what was said before each."""
    turns: list[Turn] = []
    for line in lines:
        if line["before"] and all(line["before"] != turn.text for turn in turns):
            asks = "client" if line["speaker"] == "clinician" else "clinician"
            turns.append(Turn(id=len(turns), speaker=asks, text=line["before"]))
        turns.append(Turn(id=len(turns), speaker=line["speaker"], text=line["text"]))
    return Transcript(turns=tuple(turns))


def _as_lines(transcript: Transcript, turns: Sequence[int]) -> str:
    """The turns as evidence, the question before an answer with them."""
    shown = set(turns)
    for at in turns:
        if at and transcript.turn(at).role != "clinician" and transcript.turn(at - 1).role == "clinician":
            shown.add(at - 1)
    return " / ".join(f"{turn.role.capitalize()}: {turn.text}" for turn in map(transcript.turn, sorted(shown)))


if __name__ == "__main__":
    main()
