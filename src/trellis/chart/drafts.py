"""A draft in the record: what the machine wrote, and what people did about each sentence until it may be signed.

It names its transcript and recording by their ids and holds no copy of them: they may be deleted before it is. Quotes
stay with the sentences that rest on them. Sentences keep their numbers for good, so that a number says which is meant
without a word of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from trellis.chart.evidence import Evidence
from trellis.chart.findings import Verdict
from trellis.chart.notes import Severity, Status, Writer
from trellis.chart.people import Person

Ask = Literal["unconfirmed", "edited", "risk", "denial", "dose", "diagnosis", "corrected"]
"""Why a sentence needs a yes of its own: its ground doesn't carry it, a person reworded it, it tells of danger, denies,
gives a dose, names a diagnosis, or rests on a word that was corrected after recognition."""

Doing = Literal["confirmed", "edited", "removed", "restored", "written", "resolved", "answered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody did about one sentence, check or question, and when; `actor` is `staff:usr_…`."""

    what: Doing
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStatement:
    """One sentence of a stored draft.

    `machine` holds the machine's words where a person changed them; `acts` are in the order they were done, the last
    one holds. `is_machine` says that the machine wrote it first.
    """

    number: int
    text: str
    topic: str
    status: Status
    support: float
    evidence: tuple[Evidence, ...] = ()
    inferred: bool = False
    reasons: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    is_machine: bool = True
    machine: str = ""
    acts: tuple[Act, ...] = ()

    @property
    def is_removed(self) -> bool:
        """Whether it was taken out of the note."""
        return bool(self.acts) and self.acts[-1].what == "removed"

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody said yes to it as it stands: a yes given before a change or a removal doesn't count."""
        return bool(self.acts) and self.acts[-1].what == "confirmed"

    @property
    def is_open(self) -> bool:
        """Whether it keeps the note from being signed."""
        doubtful = self.status == "unconfirmed" or self.inferred or bool(self.asks)
        return doubtful and not self.is_removed and not self.is_confirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSection:
    """A headed part of a stored draft."""

    key: str
    title: str
    statements: tuple[DraftStatement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCheck:
    """Something missing, and how it was settled: `words` say how, `act` by whom and when."""

    rule: str
    severity: Severity
    message: str
    section: str | None = None
    words: str = ""
    act: Act | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskQuestion:
    """A question about danger that got no answer in the session; `statement` is the number of what answers it now."""

    number: int
    concern: str
    quote: str
    turn: int | None = None
    statement: int | None = None
    act: Act | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDraft:
    """A note nobody has signed, as the record keeps it; nothing that needs a signature takes one.

    `transcript` and `recording` are ids of entries, empty where there is none. `signed_as` is the id of the note that
    came of it. `removed` counts sentences that were taken out.
    """

    format: str
    language: str
    writer: Writer
    people: tuple[Person, ...] = ()
    sections: tuple[DraftSection, ...] = ()
    not_assessed: tuple[str, ...] = ()
    safety: Verdict = field(default_factory=Verdict)
    checks: tuple[DraftCheck, ...] = ()
    questions: tuple[RiskQuestion, ...] = ()
    transcript: str = ""
    recording: str = ""
    signed_as: str = ""

    def statements(self) -> Iterator[DraftStatement]:
        """All sentences, in reading order, those taken out included."""
        for section in self.sections:
            yield from section.statements
