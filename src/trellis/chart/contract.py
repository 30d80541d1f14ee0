"""The published shape of a draft note and of a safety verdict (contract 1): what scripts and integrators read.

Fields may be added, none may change meaning. `chart/data/draft-note.schema.json` says the same to machines.
"""

from typing import Any

from trellis.chart.evidence import Evidence
from trellis.chart.findings import Finding, Verdict
from trellis.chart.notes import DraftNote, Statement, Writer
from trellis.chart.people import Person
from trellis.chart.transcripts import Turn

CONTRACT = 1

Json = dict[str, Any]


def note_as_json(note: DraftNote) -> Json:
    """The note as plain JSON values in the contract's shape."""
    return {
        "contract": CONTRACT,
        "format": note.format,
        "language": note.language,
        "people": [_person(person) for person in note.people],
        "transcript": {
            "duration": note.transcript.duration,
            "role_confidence": note.transcript.role_confidence,
            "turns": [_turn(turn) for turn in note.transcript.turns],
        },
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "statements": [_statement(statement) for statement in section.statements],
            }
            for section in note.sections
        ],
        "not_assessed": list(note.not_assessed),
        "safety": {"level": note.safety.level, "findings": [_finding(finding) for finding in note.safety.findings]},
        "checks": [
            {"rule": check.rule, "severity": check.severity, "message": check.message, "section": check.section}
            for check in note.checks
        ],
        "writer": _writer(note.writer),
        "seconds": {step: round(seconds, 3) for step, seconds in note.seconds.items()},
    }


def verdict_as_json(message_id: Any, verdict: Verdict) -> Json:
    """One line of `trellis safety screen`: the message's own id, the level and the findings."""
    return {
        "id": message_id,
        "level": verdict.level,
        "findings": [_finding(finding) for finding in verdict.findings],
    }


def _writer(writer: Writer) -> Json:
    shape: Json = {"name": writer.name, "version": writer.version}
    if writer.reworded is not None:
        shape |= {"reworded": writer.reworded, "refused": writer.refused, "unanswered": writer.unanswered}
    return shape


def _person(person: Person) -> Json:
    shape: Json = {"id": person.id, "role": person.role, "name": person.name}
    if person.relation is not None:
        shape["relation"] = person.relation
    return shape


def _turn(turn: Turn) -> Json:
    shape: Json = {
        "id": turn.id,
        "speaker": turn.speaker,
        "start": turn.start,
        "end": turn.end,
        "text": turn.text,
        "overlap": turn.overlap,
        "corrections": [
            {"said": c.said, "text": c.text, "confidence": round(c.confidence, 3)} for c in turn.corrections
        ],
    }
    if turn.confidence is not None:
        shape["confidence"] = round(turn.confidence, 3)
    if turn.marks:
        shape["marks"] = list(turn.marks)
    return shape


def _statement(statement: Statement) -> Json:
    shape: Json = {
        "text": statement.text,
        "topic": statement.topic,
        "status": statement.status,
        "inferred": statement.inferred,
        "support": round(statement.support, 3),
        "evidence": [_evidence(evidence) for evidence in statement.evidence],
    }
    if statement.reasons:
        shape["reasons"] = list(statement.reasons)
    return shape


def _evidence(evidence: Evidence) -> Json:
    shape: Json = {"source": evidence.source}
    if evidence.source == "transcript":
        shape |= {"turn": evidence.turn, "start": evidence.start, "end": evidence.end, "quote": evidence.quote}
    elif evidence.source == "audio":
        shape |= {
            "start": evidence.start,
            "end": evidence.end,
            "measure": evidence.measure,
            "value": evidence.value,
            "unit": evidence.unit,
        }
    else:
        if evidence.record is not None:
            shape["record"] = evidence.record
        shape["quote"] = evidence.quote
    return shape


def _finding(finding: Finding) -> Json:
    shape: Json = {"concern": finding.concern, "assertion": finding.assertion}
    if finding.detail is not None:
        shape["detail"] = finding.detail
    shape |= {"quote": finding.quote, "level": finding.level}
    if finding.turn is not None:
        shape["turn"] = finding.turn
    if finding.reason:
        shape["reason"] = finding.reason
    return shape
