"""A draft note: sections of statements, each tied to its evidence, with what was not assessed and what is missing.

A draft is a type of its own, so that nothing that needs a signature can be handed one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from trellis.chart.evidence import Evidence
from trellis.chart.findings import Verdict
from trellis.chart.people import Person
from trellis.chart.transcripts import Transcript

Status = Literal["supported", "unconfirmed"]
Severity = Literal["block", "warn", "info"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence of a note.

    `supported` says that its evidence carries it; anything else is `unconfirmed` and keeps the note from being signed.
    `inferred` says that it concludes rather than repeats; such a statement is always `unconfirmed`. `support` is the
    check's score between 0 and 1. `reasons` say why it is unconfirmed, for the reviewer.
    """

    text: str
    topic: str
    status: Status
    support: float
    evidence: tuple[Evidence, ...] = ()
    inferred: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A headed part of the note; `key` is stable, `title` is for reading."""

    key: str
    title: str
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something a payer, an auditor or a careful reader would miss, and where to mend it."""

    rule: str
    severity: Severity
    message: str
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Who or what wrote the draft.

    Where a language model reworded it, `reworded` counts the wordings of its that stand in the note, `refused` those
    that said something else than their facts and were left out, `unanswered` those that never came whole; None where
    no model was asked.
    """

    name: str
    version: str
    reworded: int | None = None
    refused: int | None = None
    unanswered: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftNote:
    """A note nobody has signed. `seconds` holds how long each step took."""

    format: str
    language: str
    people: tuple[Person, ...]
    transcript: Transcript
    sections: tuple[Section, ...]
    not_assessed: tuple[str, ...]
    safety: Verdict
    checks: tuple[Check, ...]
    writer: Writer
    seconds: dict[str, float]

    def statements(self) -> Iterator[Statement]:
        """All statements, in reading order."""
        for section in self.sections:
            yield from section.statements
