"""Read a plain text transcript: `Therapist: …`, with an optional `[HH:MM:SS]` or `[MM:SS]` before the label.

- A line without a label is its own turn by an unknown speaker, because guessing who said something is worse than not
  knowing it. It carries on the turn before it only where it is indented, where it plainly goes on with a broken
  sentence, or where the label stands alone on the line before.
- A line of marks alone (`[pause 6s]`) belongs to the turn before it.
- Times may not run backwards.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from trellis.scribe.reading.pieces import (
    UNKNOWN,
    Piece,
    goes_on,
    malformed,
    seconds_from_clock,
    split_label,
    split_marks,
)

_STAMP = re.compile(r"\[\s*(?P<time>\d[\d:.,\s]*)\]\s*")
_BROKEN_STAMP = re.compile(r"\[\s*\d+:|\d{1,3}:\d\d(?::\d\d)?\]")
WANTED = "'Name: what was said', with an optional [HH:MM:SS] or [MM:SS] in front"


def read_lines(text: str) -> Iterator[Piece]:
    """The pieces of a text transcript, in order; raises `Invalid` naming the line that can't be read."""
    last: Piece | None = None
    early: tuple[str, ...] = ()
    latest = 0.0
    awaits_words = False
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        start, rest = _stamped(line.strip(), number)
        if start is not None and start < latest:
            raise malformed(f"Line {number}", "a time that is not before the one above it")
        latest = start if start is not None else latest
        label, said = split_label(rest)
        if label is None and rest.startswith(":"):
            raise malformed(f"Line {number}", WANTED)
        words, marks = split_marks(said)
        if label is None and start is None and last is None and not words:
            early += marks
            continue
        if label is None and start is None and last is not None:
            indented = line[0] in " \t"
            if awaits_words or indented or not words or goes_on(last.text, words):
                last = replace(last, text=f"{last.text} {words}".strip(), marks=last.marks + marks)
                awaits_words = awaits_words and not words
                continue
        if last is not None:
            yield last
        last = Piece(text=words, speaker=label or UNKNOWN, start=start, marks=early + marks)
        early, awaits_words = (), label is not None and not words and not marks
    if last is not None:
        yield last
    elif early:
        yield Piece(text="", marks=early)


def _stamped(line: str, number: int) -> tuple[float | None, str]:
    match = _STAMP.match(line)
    if match is None:
        if _BROKEN_STAMP.match(line):
            raise malformed(f"Line {number}", WANTED)
        return None, line
    time = seconds_from_clock(match["time"])
    if time is None:
        raise malformed(f"Line {number}", "a time as [HH:MM:SS] or [MM:SS]")
    return time, line[match.end() :]
