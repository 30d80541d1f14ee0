"""What a payer, an auditor or a careful reader would miss in a note, and where to mend it.

The rules are data (`data/checks.toml`): what each one says, how grave it is, where it comes from. A format asks for
some of them; others are looked at always. Takes a note and its format, gives the checks that fire, gravest first; a
pure function of the two. Messages carry counts and labels, never what a person said.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from trellis.chart import LEVELS, Check, DraftNote, Evidence, Finding, Severity, Statement
from trellis.scribe.formats import NoteFormat
from trellis.scribe.topics import Topic

LOW_CONFIDENCE = 0.6
"""Mean word probability below which a turn counts as hard to hear."""

UNSURE_ROLE = 0.8
"""Confidence below which it has to be said that the clinician may be someone else."""

SHORT = 50
"""Words below which no note can be complete: about twenty seconds of talk."""

SEVERITIES: tuple[Severity, ...] = ("block", "warn", "info")

Kind = Literal["record", "lacks", "looks"]
Values = Mapping[str, str]
Look = Callable[[DraftNote, NoteFormat], Values | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of `checks.toml`; see there for what the kinds mean."""

    id: str
    always: bool
    kind: Kind
    severity: Severity
    message: str
    source: str
    date: dt.date
    topics: frozenset[Topic] = frozenset()


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order of their file."""
    text = resources.files("trellis.scribe").joinpath("data/checks.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return tuple(
        Rule(
            id=item["id"],
            always=item["always"],
            kind=item["kind"],
            severity=item["severity"],
            message=item["message"],
            source=table["sources"][item["source"]],
            date=item.get("date", table["date"]),
            topics=frozenset(item.get("topics", ())),
        )
        for item in table["rules"]
    )


def checks(note: DraftNote, note_format: NoteFormat) -> tuple[Check, ...]:
    """The checks that fire on this note. Where nobody spoke, only that; where no note was written, what still holds."""
    if not _words(note):
        fired = [_fire(rule, note, note_format) for rule in rules() if rule.id == "transcript.no_speech"]
    else:
        asked = {requirement.rule for requirement in note_format.requires} if note.language == "en" else set()
        fired = [_fire(rule, note, note_format) for rule in rules() if rule.always or rule.id in asked]
    return tuple(sorted((check for check in fired if check), key=lambda check: SEVERITIES.index(check.severity)))


def _fire(rule: Rule, note: DraftNote, note_format: NoteFormat) -> Check | None:
    values = _look(rule, note, note_format)
    if values is None:
        return None
    asked = next((one for one in note_format.requires if one.rule == rule.id), None)
    section = asked.section if asked else _risk_section(rule, note_format)
    title = f"“{note_format.section_title(section)}”" if section else "the note"
    return Check(
        rule=rule.id,
        severity=asked.severity if asked else rule.severity,
        message=rule.message.format_map({"section": title, **values}),
        section=section,
    )


def _risk_section(rule: Rule, note_format: NoteFormat) -> str | None:
    """Where a rule about danger is mended in formats that don't ask for it by name."""
    if not rule.id.startswith("risk."):
        return None
    section = note_format.section_for("risk")
    return section.key if section else None


def _look(rule: Rule, note: DraftNote, note_format: NoteFormat) -> Values | None:
    """What to put into the message when the rule fires; None when it doesn't."""
    match rule.kind:
        case "record":
            return {}
        case "lacks":
            return None if _has(note, rule.topics) else {}
        case "looks":
            return LOOKS[rule.id](note, note_format)


def _has(note: DraftNote, topics: Iterable[str]) -> bool:
    wanted = frozenset(topics)
    return any(statement.topic in wanted for statement in note.statements())


def _words(note: DraftNote) -> int:
    return sum(len(turn.text.split()) for turn in note.transcript.turns)


def _count(number: int, one: str, many: str) -> Values | None:
    """`1 turn` or `3 turns` as the message's count; nothing fires on none."""
    return {"count": f"{number} {one if number == 1 else many}"} if number else None


def _dangerous(note: DraftNote) -> list[Finding]:
    return [finding for finding in note.safety.findings if LEVELS.index(finding.level) >= LEVELS.index("urgent")]


def _turns(findings: Iterable[Finding]) -> Values | None:
    numbers = sorted({finding.turn for finding in findings if finding.turn is not None})
    if not numbers:
        return None
    listed = ", ".join(map(str, numbers))
    return {"turns": f"turn {listed}" if len(numbers) == 1 else f"turns {listed}"}


# What each rule of kind `looks` looks at ----------------------------------------------------------------------------


def _times(note: DraftNote, _: NoteFormat) -> Values:
    if note.transcript.duration is None:
        return {"known": "the transcript has no times"}
    minutes = round(note.transcript.duration / 60)
    return {"known": f"the recording tells its length (about {minutes} min), not the time of day"}


def _participants(note: DraftNote, _: NoteFormat) -> Values | None:
    related = {person.id for person in note.people if person.relation}
    others = {turn.speaker for turn in note.transcript.turns if turn.role == "other"} - related
    return _count(len(others), "person", "people")


def _necessity(note: DraftNote, _: NoteFormat) -> Values:
    match _has(note, ("symptom", "sleep", "appetite", "risk")), _has(note, ("function", "work", "relationship")):
        case True, True:
            known = "the note has symptoms and daily life to rest it on"
        case True, False:
            known = "the note has symptoms, but not how they affect daily life"
        case False, True:
            known = "the note says how daily life goes, but names no symptoms"
        case _:
            known = "the note names neither symptoms nor how they affect daily life"
    return {"known": known}


def _side_effects(note: DraftNote, _: NoteFormat) -> Values | None:
    told = (s.text for s in note.statements() if s.topic in ("medication", "medication_change"))
    return None if any(re.search(r"side.effect|tolerat|adverse", text, re.IGNORECASE) for text in told) else {}


def _consent(note: DraftNote, _: NoteFormat) -> Values | None:
    return {} if _has(note, ("medication_change",)) else None


def _other_members(note: DraftNote, _: NoteFormat) -> Values | None:
    members = {turn.speaker for turn in note.transcript.turns if turn.role == "client"}
    return _count(max(len(members) - 1, 0), "other member", "other members")


def _safety_review(note: DraftNote, _: NoteFormat) -> Values | None:
    counted = _count(len(_dangerous(note)), "finding", "findings")
    return {**counted, "level": note.safety.level} if counted else None


def _risk_documented(note: DraftNote, _: NoteFormat) -> Values | None:
    cited = {evidence.turn for statement in note.statements() for evidence in statement.evidence}
    return _turns(finding for finding in _dangerous(note) if finding.turn not in cited)


def _risk_unanswered(note: DraftNote, _: NoteFormat) -> Values | None:
    return _turns(finding for finding in note.safety.findings if finding.assertion == "asked")


def _safety_plan(note: DraftNote, _: NoteFormat) -> Values | None:
    return {} if _dangerous(note) and not _has(note, ("safety_plan",)) else None


def _not_assessed(note: DraftNote, _: NoteFormat) -> Values | None:
    return {"items": ", ".join(note.not_assessed)} if note.not_assessed else None


def _unconfirmed(note: DraftNote, _: NoteFormat) -> Values | None:
    return _count(sum(s.status == "unconfirmed" for s in note.statements()), "sentence is", "sentences are")


def _corrected(note: DraftNote, _: NoteFormat) -> Values | None:
    fixed = {turn.id: [c.text for c in turn.corrections] for turn in note.transcript.turns}

    def rests(evidence: Evidence) -> bool:
        return any(text in (evidence.quote or "") for text in fixed.get(evidence.turn or 0, ()))

    return _resting(note, rests)


def _low_confidence(note: DraftNote, _: NoteFormat) -> Values | None:
    turns = note.transcript.turns
    hard = {turn.id for turn in turns if turn.confidence is not None and turn.confidence < LOW_CONFIDENCE}
    return _resting(note, lambda evidence: evidence.turn in hard)


def _resting(note: DraftNote, on: Callable[[Evidence], bool]) -> Values | None:
    resting = sum(any(on(evidence) for evidence in statement.evidence) for statement in note.statements())
    return _count(resting, "sentence rests", "sentences rest")


def _verbatim(note: DraftNote, _: NoteFormat) -> Values | None:
    texts = {turn.id: turn.text for turn in note.transcript.turns}

    def broken(statement: Statement) -> bool:
        if not statement.evidence:
            return statement.status == "supported"
        return any(
            evidence.source == "transcript"
            and not (evidence.quote and evidence.quote in texts.get(evidence.turn or 0, ""))
            for evidence in statement.evidence
        )

    return _count(sum(map(broken, note.statements())), "sentence has", "sentences have")


def _short(note: DraftNote, _: NoteFormat) -> Values | None:
    return _count(_words(note), "word", "words") if _words(note) < SHORT else None


def _one_speaker(note: DraftNote, _: NoteFormat) -> Values | None:
    return {} if len({turn.speaker for turn in note.transcript.turns}) == 1 else None


def _roles_uncertain(note: DraftNote, _: NoteFormat) -> Values | None:
    sure = note.transcript.role_confidence
    return {"percent": f"{sure:.0%}".removesuffix("%")} if sure is not None and sure < UNSURE_ROLE else None


def _roles_unknown(note: DraftNote, _: NoteFormat) -> Values | None:
    return _count(sum(turn.role == "unknown" for turn in note.transcript.turns), "turn is", "turns are")


def _reworded(note: DraftNote, _: NoteFormat) -> Values | None:
    writer = note.writer
    counted = _count((writer.reworded or 0) + (writer.refused or 0), "sentence", "sentences")
    return {**counted, "kept": str(writer.reworded or 0)} if counted else None


def _unanswered(note: DraftNote, _: NoteFormat) -> Values | None:
    return _count(note.writer.unanswered or 0, "time", "times")


LOOKS: Mapping[str, Look] = {
    "encounter.participants": _participants,
    "encounter.times": _times,
    "evidence.verbatim": _verbatim,
    "group.other_members": _other_members,
    "language.note_later": lambda note, _: {} if note.language == "es" else None,
    "medication.consent": _consent,
    "medication.side_effects": _side_effects,
    "mse.not_assessed": _not_assessed,
    "necessity.stated": _necessity,
    "risk.documented": _risk_documented,
    "risk.safety_plan": _safety_plan,
    "risk.unanswered": _risk_unanswered,
    "roles.uncertain": _roles_uncertain,
    "roles.unknown": _roles_unknown,
    "safety.review": _safety_review,
    "statements.corrected_words": _corrected,
    "statements.low_confidence": _low_confidence,
    "statements.unconfirmed": _unconfirmed,
    "transcript.no_speech": lambda note, _: None if _words(note) else {},
    "transcript.one_speaker": _one_speaker,
    "transcript.short": _short,
    "writer.reworded": _reworded,
    "writer.unanswered": _unanswered,
}
