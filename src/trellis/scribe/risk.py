"""What the safety screen found belongs in the note, in the speaker's own words.

Takes a verdict over the transcript, the transcript and the points understanding made; gives points for findings that
none of them rests on, each a verbatim quote. Questions without an answer make none: a check asks to ask again.
"""

import re
from collections.abc import Iterable

from trellis.chart import LEVELS, Evidence, Finding, Transcript, Verdict
from trellis.scribe.points import Point
from trellis.scribe.talk.people import People

LONGEST = 35
"""Words of a sentence that is quoted whole."""
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
    grave = finding.concern not in BEARS_ON
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
    quote = _sentence(turn.text, finding.quote.strip())
    who = "An unidentified speaker" if turn.role == "unknown" else people.named(turn.speaker)
    grave = LEVELS.index(finding.level) >= LEVELS.index("urgent")
    return Point(
        topic="risk",
        text=f"{who} states, “{quote.strip(' .')}.”",
        evidence=(Evidence(turn=turn.id, start=turn.start, end=turn.end, quote=quote),),
        weight=1.0 if grave else 0.8,
        subject=turn.speaker,
    )


def _sentence(text: str, found: str) -> str:
    """The sentence around what was found, so that half a sentence is not read as the whole."""
    at = text.find(found)
    if at < 0:
        return found
    start = max((match.end() for match in re.finditer(r"[.?!]\s+", text[:at])), default=0)
    end = re.search(r"[.?!](?=\s|$)", text[at + max(len(found) - 1, 0) :])
    whole = text[start : at + max(len(found) - 1, 0) + end.end() if end else len(text)].strip()
    return whole if len(whole.split()) <= LONGEST else found
