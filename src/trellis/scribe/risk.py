"""What the safety screen found belongs in the note, in the speaker's own words.

Takes a verdict over the transcript, the transcript and the points understanding made; gives points for findings that
none of them rests on, each a verbatim quote. Questions without an answer make none: a check asks to ask again.
"""

from collections.abc import Iterable

from trellis.chart import LEVELS, Evidence, Finding, Transcript, Verdict
from trellis.scribe.people import People
from trellis.scribe.points import Point

CARRIES = frozenset({"risk", "safety_plan"})
BEARS_ON = frozenset({"substance", "eating", "self_neglect", "hopelessness"})
"""Concerns that a sentence of the note may already tell under a topic of its own."""
SILENT = frozenset({"asked", "figurative", "denied"})
"""Assertions that call for no sentence of their own: a denial is written only where it was asked for and given."""


def document_risk(
    verdict: Verdict, transcript: Transcript, points: Iterable[Point], people: People
) -> tuple[Point, ...]:
    """Quoted points for what was found and nobody wrote down yet."""
    told = list(points)
    written: dict[tuple[int, str], Point] = {}
    for finding in verdict.findings:
        if finding.turn is None or finding.assertion in SILENT or _is_written(finding, told):
            continue
        if finding.concern in BEARS_ON and finding.level == "monitor":
            continue
        written.setdefault((finding.turn, finding.quote), _point(finding, transcript, people))
    return tuple(written.values())


def _is_written(finding: Finding, points: Iterable[Point]) -> bool:
    """Whether a point already says it: of danger itself one under risk, of what only bears on it any that cites it."""
    grave = LEVELS.index(finding.level) >= LEVELS.index("urgent") and finding.concern not in BEARS_ON
    return any(
        evidence.turn == finding.turn
        and (point.topic in CARRIES or (not grave and _overlaps(evidence.quote or "", finding.quote)))
        for point in points
        for evidence in point.evidence
    )


def _overlaps(quote: str, found: str) -> bool:
    return quote.strip() in found or found.strip() in quote


def _point(finding: Finding, transcript: Transcript, people: People) -> Point:
    turn = transcript.turn(finding.turn or 0)
    who = "An unidentified speaker" if turn.role == "unknown" else people.named(turn.speaker)
    grave = LEVELS.index(finding.level) >= LEVELS.index("urgent")
    return Point(
        topic="risk",
        text=f"{who} states, “{finding.quote.strip(' .')}.”",
        evidence=(Evidence(turn=turn.id, start=turn.start, end=turn.end, quote=finding.quote),),
        weight=1.0 if grave else 0.8,
        subject=turn.speaker,
    )
