"""What the safety screen found belongs in the note, in the speaker's own words.

Takes a verdict over the transcript, the transcript and the points understanding made; gives points for findings that
none of them rests on, each a verbatim quote. Questions without an answer make none: a check asks to ask again.
"""

from collections.abc import Iterable

from trellis.chart import LEVELS, Evidence, Finding, Person, Transcript, Verdict
from trellis.scribe.points import Point

CARRIES = frozenset({"risk", "safety_plan"})
SILENT = frozenset({"asked", "figurative", "denied"})
"""Assertions that call for no sentence of their own: a denial is written only where it was asked for and given."""


def document_risk(
    verdict: Verdict, transcript: Transcript, points: Iterable[Point], people: Iterable[Person]
) -> tuple[Point, ...]:
    """Quoted points for what was found and nobody wrote down yet."""
    cited = {evidence.turn for point in points if point.topic in CARRIES for evidence in point.evidence}
    named = {person.id: person for person in people}
    written: dict[tuple[int, str], Point] = {}
    for finding in verdict.findings:
        if finding.turn is None or finding.turn in cited or finding.assertion in SILENT:
            continue
        written.setdefault((finding.turn, finding.quote), _point(finding, transcript, named))
    return tuple(written.values())


def _point(finding: Finding, transcript: Transcript, named: dict[str, Person]) -> Point:
    turn = transcript.turn(finding.turn or 0)
    who = _who(turn.speaker, named)
    grave = LEVELS.index(finding.level) >= LEVELS.index("urgent")
    return Point(
        topic="risk",
        text=f"{who} states, “{finding.quote.strip()}”.",
        evidence=(Evidence(turn=turn.id, start=turn.start, end=turn.end, quote=finding.quote),),
        weight=1.0 if grave else 0.8,
        subject=turn.speaker,
    )


def _who(speaker: str, named: dict[str, Person]) -> str:
    """What a note calls a speaker."""
    role, _, number = speaker.partition(":")
    if role == "client":
        return f"Client {number}".strip()
    person = named.get(speaker)
    if person and (told := person.relation or person.name):
        return told.capitalize() if person.relation else told
    return {"other": "Another person present", "clinician": "Clinician"}.get(role, "An unidentified speaker")
