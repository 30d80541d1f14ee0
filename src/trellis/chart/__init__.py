"""The clinical record: the nouns that cross rooms.

So far they live in memory only: transcripts, people, evidence, findings and draft notes.
"""

from trellis.chart.contract import CONTRACT, note_as_json, verdict_as_json
from trellis.chart.evidence import Evidence, Source
from trellis.chart.findings import LEVELS, Assertion, Concern, Detail, Finding, Level, Verdict, gravest
from trellis.chart.notes import Check, DraftNote, Section, Severity, Statement, Status, Writer
from trellis.chart.people import Person, Role
from trellis.chart.transcripts import Correction, Transcript, Turn

__all__ = [
    "CONTRACT",
    "LEVELS",
    "Assertion",
    "Check",
    "Concern",
    "Correction",
    "Detail",
    "DraftNote",
    "Evidence",
    "Finding",
    "Level",
    "Person",
    "Role",
    "Section",
    "Severity",
    "Source",
    "Statement",
    "Status",
    "Transcript",
    "Turn",
    "Verdict",
    "Writer",
    "gravest",
    "note_as_json",
    "verdict_as_json",
]
