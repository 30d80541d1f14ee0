"""Ask the product as its users do: the whole command in a process of its own, and the published contract back.

Why: what is measured is what people get, with its corrections, roles, checks and start-up; and the lab needs no inside
of the rooms for it.

Takes a file and options of `trellis scribe` or `trellis safety screen`. Gives parsed JSON. `Unavailable` where the
command ends with another code than 0, with its own last line.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from trellis.kernel.errors import Unavailable

Json = dict[str, Any]
T = TypeVar("T")
AT_ONCE = 2
"""Processes side by side: as many as the machine the figures are stated for has cores."""

LONGEST = 3_600.0
"""Seconds after which a command counts as hanging."""


def command(*words: str) -> list[str]:
    """The command line of the product in this very environment."""
    return [sys.executable, "-m", "trellis", *words]


def note_of(path: Path, *options: str) -> Json:
    """The draft note of a recording or transcript, in the contract's shape."""
    note: Json = json.loads(_run(command("scribe", str(path), "--json", "-", *options)))
    return note


def notes_of(
    transcripts: Mapping[str, Sequence[Json]], tell: Callable[[float], None], *options: str
) -> dict[str, Json]:
    """The draft notes of transcripts (turns as in the contract), by name; a few at a time."""
    return _each(transcripts, lambda path: note_of(path, *options), tell)


def pages_of(transcripts: Mapping[str, Sequence[Json]], tell: Callable[[float], None]) -> dict[str, str]:
    """The pages of the draft notes of transcripts, by name; a few at a time."""
    return _each(transcripts, lambda path: _run(command("scribe", str(path), "--html", "-")), tell)


def _each(
    transcripts: Mapping[str, Sequence[Json]], ask: Callable[[Path], T], tell: Callable[[float], None]
) -> dict[str, T]:
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(AT_ONCE) as pool:

        def answer(item: tuple[int, tuple[str, Sequence[Json]]]) -> tuple[str, T]:
            number, (name, turns) = item
            path = Path(folder) / f"{number}.json"
            path.write_text(json.dumps({"turns": list(turns)}), encoding="utf-8")
            return name, ask(path)

        answers: dict[str, T] = {}
        for name, found in pool.map(answer, enumerate(transcripts.items())):
            answers[name] = found
            tell(len(answers) / len(transcripts))
    return answers


def verdicts_of(messages: Iterable[Json]) -> list[Json]:
    """The verdicts on messages, in their order."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "messages.jsonl"
        path.write_text("".join(json.dumps(message) + "\n" for message in messages), encoding="utf-8")
        return [json.loads(line) for line in _run(command("safety", "screen", str(path))).splitlines()]


def statements_of(note: Json) -> list[Json]:
    """All statements of a note, each with the key of its section."""
    return [
        {**statement, "section": section["key"]} for section in note["sections"] for statement in section["statements"]
    ]


def _run(words: Sequence[str]) -> str:
    done = subprocess.run(words, capture_output=True, check=False, timeout=LONGEST)  # noqa: S603 - our own command
    if done.returncode:
        last = (done.stderr.decode(errors="replace").strip().splitlines() or ["no word"])[-1]
        raise Unavailable(
            "lab.product",
            f"trellis {words[3]} ended with {done.returncode}: {last}",
            hint="Run that command alone to see why.",
        )
    return done.stdout.decode("utf-8")
