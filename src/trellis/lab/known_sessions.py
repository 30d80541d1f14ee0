"""Authored sessions with the facts a clinician would expect of their note: what development is measured on.

Takes the session files of `corpora/sessions` that list facts (`facts-*.toml`) and the note of each; gives how many of
the facts were found, and every forbidden statement that was met. They are no test of how well notes are written in
general: rules are made while reading them. The held-out sessions of `evals` are.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from trellis.chart import DraftNote, Transcript, Turn

FOLDER = Path(__file__).parent / "corpora" / "sessions"
SPEAKERS = {"T": "clinician", "C": "client", "D": "client:2", "M": "other"}
"""Letters before the lines of a session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSession:
    """One session: patterns of which a statement of the note must match each fact, and may match no forbidden one."""

    name: str
    transcript: Transcript
    essential: tuple[str, ...]
    expected: tuple[str, ...]
    forbidden: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What of a known session its note says: the facts missed by their patterns, the statements that are forbidden."""

    session: KnownSession
    missed_essential: tuple[str, ...]
    missed_expected: tuple[str, ...]
    met: tuple[str, ...]


def known_sessions(folder: Path = FOLDER) -> Iterator[KnownSession]:
    """The sessions that list facts, by name."""
    for path in sorted(folder.glob("facts-*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        yield KnownSession(
            name=path.stem.removeprefix("facts-"),
            transcript=Transcript(turns=tuple(_turns(content["talk"])), duration=None, language="en"),
            essential=tuple(content["essential"]),
            expected=tuple(content["expected"]),
            forbidden=tuple(content["forbidden"]),
        )


def find(session: KnownSession, note: DraftNote) -> Found:
    """Hold a note to the facts of its session."""
    texts = [statement.text for section in note.sections for statement in section.statements]
    return Found(
        session=session,
        missed_essential=tuple(_missed(session.essential, texts)),
        missed_expected=tuple(_missed(session.expected, texts)),
        met=tuple(text for text in texts if any(re.search(each, text) for each in session.forbidden)),
    )


def recall(found: Iterable[Found]) -> tuple[float, float]:
    """Shares (0..1) of the essential facts and of all facts that were found."""
    results = list(found)
    essential = sum(len(each.session.essential) for each in results)
    expected = sum(len(each.session.expected) for each in results)
    missed_essential = sum(len(each.missed_essential) for each in results)
    missed = missed_essential + sum(len(each.missed_expected) for each in results)
    return 1 - missed_essential / essential, 1 - missed / (essential + expected)


def _missed(patterns: Sequence[str], texts: Sequence[str]) -> Iterator[str]:
    return (each for each in patterns if not any(re.search(each, text, re.IGNORECASE) for text in texts))


def _turns(talk: str) -> Iterator[Turn]:
    for number, line in enumerate(talk.strip().splitlines(), start=1):
        letter, text = line.split(":", 1)
        yield Turn(id=number, speaker=SPEAKERS[letter], text=text.strip())
