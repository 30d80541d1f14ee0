"""The clinical record's nouns: what crosses rooms, as frozen types. How they are kept is `record`'s to know."""

from trellis.chart.clients import Client, Contact, EmergencyContact, Location
from trellis.chart.conditions import Allergy, Diagnosis, Goal, Measurement, Medication, Signal
from trellis.chart.contract import CONTRACT, note_as_json, verdict_as_json
from trellis.chart.encounters import Encounter, Episode, Mode, Present
from trellis.chart.entries import Entry, Listed
from trellis.chart.evidence import Evidence, Source
from trellis.chart.exchanges import Alert, Consent, Document, Membership, Message, Recording, Task
from trellis.chart.findings import LEVELS, Assertion, Concern, Detail, Finding, Level, Verdict, gravest
from trellis.chart.kinds import KINDS, Kind, Noun, kind_of
from trellis.chart.notes import Check, DraftNote, Section, Severity, Statement, Status, Writer
from trellis.chart.people import Person, Role
from trellis.chart.transcripts import Correction, Transcript, Turn

__all__ = [
    "CONTRACT",
    "KINDS",
    "LEVELS",
    "Alert",
    "Allergy",
    "Assertion",
    "Check",
    "Client",
    "Concern",
    "Consent",
    "Contact",
    "Correction",
    "Detail",
    "Diagnosis",
    "Document",
    "DraftNote",
    "EmergencyContact",
    "Encounter",
    "Entry",
    "Episode",
    "Evidence",
    "Finding",
    "Goal",
    "Kind",
    "Level",
    "Listed",
    "Location",
    "Measurement",
    "Medication",
    "Membership",
    "Message",
    "Mode",
    "Noun",
    "Person",
    "Present",
    "Recording",
    "Role",
    "Section",
    "Severity",
    "Signal",
    "Source",
    "Statement",
    "Status",
    "Task",
    "Transcript",
    "Turn",
    "Verdict",
    "Writer",
    "gravest",
    "kind_of",
    "note_as_json",
    "verdict_as_json",
]
