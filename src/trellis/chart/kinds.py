"""Every noun the record keeps: its name, the type of its content, and the letters its ids begin with."""

from dataclasses import dataclass
from typing import Any

from trellis.chart.clients import Client, Merge
from trellis.chart.conditions import Allergy, Diagnosis, Goal, Measurement, Medication, Signal
from trellis.chart.configuration import Configuration
from trellis.chart.consents import Consent, Representative
from trellis.chart.disclosures import Disclosure, Withholding
from trellis.chart.drafts import StoredDraft
from trellis.chart.encounters import Attendance, Encounter, Episode
from trellis.chart.exchanges import Alert, Document, Membership, Message, Recording, Task
from trellis.chart.signed import Addendum, Cosignature, SignedNote
from trellis.chart.transcripts import Transcript

Noun = (
    Client | Episode | Encounter | Transcript | Diagnosis | Medication | Allergy | Goal | Measurement | Signal
    | Alert | Task | Message | Document | Recording | Consent | Membership | StoredDraft | SignedNote | Cosignature
    | Addendum | Attendance | Merge | Configuration | Representative
    | Disclosure | Withholding
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The type of a noun's content, and the prefix of its ids."""

    type: type[Any]
    prefix: str


KINDS: dict[str, Kind] = {
    "client": Kind(type=Client, prefix="cli"),
    "episode": Kind(type=Episode, prefix="epi"),
    "encounter": Kind(type=Encounter, prefix="enc"),
    "recording": Kind(type=Recording, prefix="rec"),
    "transcript": Kind(type=Transcript, prefix="tra"),
    "diagnosis": Kind(type=Diagnosis, prefix="dia"),
    "medication": Kind(type=Medication, prefix="med"),
    "allergy": Kind(type=Allergy, prefix="all"),
    "goal": Kind(type=Goal, prefix="goa"),
    "measurement": Kind(type=Measurement, prefix="mea"),
    "signal": Kind(type=Signal, prefix="sig"),
    "alert": Kind(type=Alert, prefix="ale"),
    "task": Kind(type=Task, prefix="tas"),
    "message": Kind(type=Message, prefix="mes"),
    "document": Kind(type=Document, prefix="doc"),
    "consent": Kind(type=Consent, prefix="con"),
    "representative": Kind(type=Representative, prefix="rep"),
    "disclosure": Kind(type=Disclosure, prefix="dis"),
    "withholding": Kind(type=Withholding, prefix="wit"),
    "membership": Kind(type=Membership, prefix="mem"),
    "draft": Kind(type=StoredDraft, prefix="dra"),
    "note": Kind(type=SignedNote, prefix="not"),
    "cosignature": Kind(type=Cosignature, prefix="cos"),
    "addendum": Kind(type=Addendum, prefix="add"),
    "attendance": Kind(type=Attendance, prefix="att"),
    "configuration": Kind(type=Configuration, prefix="cfg"),
    "merge": Kind(type=Merge, prefix="mer"),
}

_names = {kind.type: name for name, kind in KINDS.items()}


def kind_of(noun: object) -> str:
    """The name of a noun's kind; `KeyError` for what the record doesn't keep."""
    return _names[type(noun)]
