"""`trellis eval roles`: who is found to be the clinician, from talk alone, on transcripts whose roles are known.

Takes the data folder: `annomi-dev` (motivational interviewing) and `primock57` (primary care). Labels are hidden (the
two speakers become A and B by who speaks first); the whole session is judged, and its beginning. Gives, for each set:
sessions decided right and left open, with Wilson's interval; the same for sessions the client begins; how sure it was
where it was right and where it was wrong; and the sessions it mistook, by id.
"""

import json
import statistics
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from trellis.chart import Turn
from trellis.kernel.errors import NotFound
from trellis.lab.scores.intervals import share
from trellis.lab.scores.listings import Example, Listing
from trellis.scribe.hearing.roles import assign_roles

Json = dict[str, Any]
SETS = ("annomi-dev", "primock57")
FIRST_TURNS = 30
"""Turns of the short version: what is known after some two minutes."""


def evaluate(data: Path, tell: Callable[[str, float | None], None]) -> Mapping[str, Any]:
    """Figures for each set in the folder."""
    figures: Json = {}
    for number, name in enumerate(SETS):
        tell(f"roles in {name}", number / len(SETS))
        sessions = [json.loads(file.read_text(encoding="utf-8")) for file in sorted((data / name).glob("*.json"))]
        if sessions:
            figures[name] = score(sessions)
            figures[f"{name}, first {FIRST_TURNS} turns"] = score(
                [{**session, "turns": session["turns"][:FIRST_TURNS]} for session in sessions]
            )
    if not figures:
        raise NotFound("lab.data", "No transcripts with roles are in that folder.", hint=f"Expected: {SETS[0]}/*.json.")
    return figures


def score(sessions: list[Json]) -> Json:
    """Figures over sessions whose turns name clinician and client."""
    right: list[tuple[str, float]] = []
    wrong: list[tuple[str, float]] = []
    undecided: list[tuple[str, float]] = []
    begun_by_client: list[bool] = []
    for session in sessions:
        turns, truth = hide(session["turns"])
        given, confidence, _ = assign_roles(turns)
        found = {turn.speaker: role.speaker for turn, role in zip(turns, given, strict=True)}
        clinicians = [letter for letter, role in found.items() if role == "clinician"]
        entry = (str(session["id"]), confidence if confidence is not None else 0.0)
        good = clinicians == [truth]
        (right if good else wrong if clinicians else undecided).append(entry)
        if truth == "B":
            begun_by_client.append(good)
    return {
        "clinician found": share(len(right), len(sessions)),
        "clinician found where the client begins": share(sum(begun_by_client), len(begun_by_client)),
        "left open": share(len(undecided), len(sessions)),
        "confidence where right, median": _median(right),
        "confidence where mistaken, median": _median(wrong),
        "mistaken": Listing.of(
            [
                Example(where=name, words=f"decided with a confidence of {confidence:.2f}")
                for name, confidence in sorted(wrong, key=lambda entry: -entry[1])
            ]
        ),
        "left open in": Listing.of(
            [Example(where=name, words="nobody was taken for the clinician") for name, _ in undecided]
        ),
    }


def hide(said: list[Json]) -> tuple[list[Turn], str]:
    """The turns under letters in the order people first speak, and the letter of the clinician."""
    letters: dict[str, str] = {}
    turns = []
    for number, turn in enumerate(said, 1):
        letter = letters.setdefault(turn["speaker"], chr(ord("A") + len(letters)))
        turns.append(Turn(id=number, speaker=letter, text=turn["text"]))
    return turns, letters.get("clinician", "")


def _median(entries: list[tuple[str, float]]) -> str:
    return f"{statistics.median(confidence for _, confidence in entries):.2f}" if entries else "-"
