"""A signed note, and what may stand beside it: a cosignature, addenda, corrections. What was signed never changes.

Each holds a text, the SHA-256 of its canonical bytes (`record.proof` says which bytes) and the organisation's Ed25519
signature over that digest. A text has a salt, so that its digest tells nobody what it says.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from trellis.chart.drafts import Act, DraftCheck, RiskQuestion
from trellis.chart.encounters import Mode
from trellis.chart.evidence import Evidence
from trellis.chart.findings import Verdict
from trellis.chart.notes import Writer
from trellis.chart.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs: `staff` is the actor, `name` and `credentials` as they stand under the note.

    `supervisor` is the actor whose cosignature the signer needs; empty where none is needed.
    """

    staff: str
    name: str
    credentials: str
    supervisor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The organisation's Ed25519 signature: the id of its key, its public half and the signature in hexadecimal."""

    key: str
    public: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """The mark of a note signed long after its encounter: how many hours, and why."""

    hours: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Whom and which encounter a note is about, as they stood when it was signed."""

    client: str
    name: str = ""
    birth_date: date | None = None
    number: str = ""
    encounter: str = ""
    mode: Mode | None = None
    service: str = ""
    place: str = ""
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    clinician: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedStatement:
    """One sentence that was signed, with the quotes it rests on.

    `written_by` says whose words stand: the machine's, the machine's as a person changed them (`machine` keeps the
    first ones), or a person's. `acts` say who changed and who confirmed it, and when.
    """

    number: int
    text: str
    topic: str
    written_by: Literal["machine", "machine_edited", "person"]
    evidence: tuple[Evidence, ...] = ()
    inferred: bool = False
    machine: str = ""
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedSection:
    """A headed part of a signed note."""

    key: str
    title: str
    statements: tuple[SignedStatement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteText:
    """Exactly what was signed, by whom and when.

    `draft` and `draft_version` name what it was made of, `transcript` and `recording` what that rests on; those may be
    gone. `removed` counts sentences of the draft that were taken out. `form` is the version of this shape.
    """

    note: str
    header: Header
    format: str
    language: str
    writer: Writer
    signer: Signer
    signed_at: datetime
    salt: str
    draft: str
    draft_version: int
    people: tuple[Person, ...] = ()
    sections: tuple[SignedSection, ...] = ()
    not_assessed: tuple[str, ...] = ()
    safety: Verdict = field(default_factory=Verdict)
    checks: tuple[DraftCheck, ...] = ()
    questions: tuple[RiskQuestion, ...] = ()
    removed: int = 0
    transcript: str = ""
    recording: str = ""
    late: Late | None = None
    form: int = 1

    def statements(self) -> Iterator[SignedStatement]:
        """All sentences, in reading order."""
        for section in self.sections:
            yield from section.statements


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedNote:
    """A note somebody answers for. `digest` is the SHA-256 of its text's canonical bytes in hexadecimal."""

    text: NoteText
    digest: str
    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignatureText:
    """A supervisor's word on a signed note; `digest` is the note's, so that it covers no other text."""

    note: str
    digest: str
    signer: Signer
    signed_at: datetime
    salt: str
    attests: str = ""
    form: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosignature:
    """A cosignature beside a signed note."""

    text: CosignatureText
    digest: str
    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignedNote:
    """A note whose signer needs supervision, with the supervisor's signature."""

    note: SignedNote
    cosignature: Cosignature


FinalNote = SignedNote | CosignedNote
"""What others may build on (`record.open_final`): signed, and cosigned where the signer needs it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddendumText:
    """What is added to a signed note, or put right in it, and why; `statement` is the number of what it puts right."""

    note: str
    digest: str
    kind: Literal["addendum", "correction"]
    words: str
    reason: str
    signer: Signer
    signed_at: datetime
    salt: str
    statement: int | None = None
    form: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    """An addendum or a correction beside a signed note."""

    text: AddendumText
    digest: str
    signature: Signature
