"""Read turns in the published contract: `{"turns": […]}`, a whole draft note, or a bare list of turns.

Fields the contract doesn't know are left alone; those it knows must be what it says. Turns are named by their number
in the list, counted from one.
"""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from trellis.chart import Correction
from trellis.kernel import Invalid
from trellis.scribe.reading.pieces import UNKNOWN, Piece, check_time, malformed, split_marks

WANTED = 'an object with "turns", as in the published contract'


def read_turns(text: str) -> Iterator[Piece]:
    """The pieces of a JSON transcript; raises `Invalid` naming the line, or the turn, that can't be read."""
    for number, turn in enumerate(_turns(_parsed(text)), 1):
        if not isinstance(turn, dict):
            raise malformed(f"Turn {number}", 'an object with "speaker" and "text"')
        yield _piece(turn, f"Turn {number}")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise malformed(f"Line {error.lineno}", "valid JSON") from None
    except (ValueError, RecursionError):
        raise Invalid(
            "scribe.transcript_malformed", "The transcript is no valid JSON.", hint=f"Expected {WANTED}."
        ) from None


def _no_number(_name: str) -> NoReturn:
    raise ValueError


def _turns(root: Any) -> list[Any]:
    if isinstance(root, dict) and "turns" not in root and isinstance(root.get("transcript"), dict):
        root = root["transcript"]
    turns = root.get("turns") if isinstance(root, dict) else root
    if not isinstance(turns, list):
        raise malformed("The beginning", WANTED)
    return turns


def _piece(turn: dict[str, Any], place: str) -> Piece:
    said, speaker = turn.get("text"), turn.get("speaker")
    if not isinstance(said, str):
        raise malformed(place, '"text" with what was said')
    if speaker is not None and not isinstance(speaker, str):
        raise malformed(place, '"speaker" as text')
    start, end = _number(turn, "start", place), _number(turn, "end", place)
    if start is not None and end is not None and end < start:
        raise malformed(place, '"end" not before "start"')
    marks = turn.get("marks") or []
    if not isinstance(marks, list) or not all(isinstance(mark, str) for mark in marks):
        raise malformed(place, '"marks" as a list of texts')
    overlap = turn.get("overlap", False)
    if overlap is not None and not isinstance(overlap, bool):
        raise malformed(place, '"overlap" as true or false')
    text, found = split_marks(said)
    own = turn.get("id")
    return Piece(
        text=text,
        speaker=" ".join(split_marks(speaker or "")[0].split()) or UNKNOWN,
        start=start,
        end=end,
        marks=tuple(" ".join(split_marks(mark)[0].split()) for mark in marks) + found,
        id=own if isinstance(own, int) and not isinstance(own, bool) and 0 < own < 2**53 else None,
        overlap=bool(overlap),
        confidence=_share(turn, "confidence", place),
        corrections=tuple(_correction(each, place) for each in _list(turn, "corrections", place)),
    )


def _correction(given: Any, place: str) -> Correction:
    if not isinstance(given, dict) or not all(isinstance(given.get(key), str) for key in ("said", "text")):
        raise malformed(place, '"corrections" with "said", "text" and "confidence"')
    confidence = _share(given, "confidence", place)
    if confidence is None:
        raise malformed(place, '"corrections" with "said", "text" and "confidence"')
    return Correction(said=split_marks(given["said"])[0], text=split_marks(given["text"])[0], confidence=confidence)


def _list(turn: dict[str, Any], key: str, place: str) -> list[Any]:
    given = turn.get(key) or []
    if not isinstance(given, list):
        raise malformed(place, f'"{key}" as a list')
    return given


def _number(turn: dict[str, Any], key: str, place: str) -> float | None:
    given = turn.get(key)
    if given is None:
        return None
    try:
        time = check_time(float(given)) if isinstance(given, int | float) and not isinstance(given, bool) else None
    except OverflowError:
        time = None
    if time is None:
        raise malformed(place, f'"{key}" in seconds, not negative, or null')
    return time


def _share(turn: dict[str, Any], key: str, place: str) -> float | None:
    given = turn.get(key)
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 1:
        raise malformed(place, f'"{key}" between 0 and 1')
    return float(given)
