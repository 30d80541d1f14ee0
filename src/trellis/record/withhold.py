"""One client's share of a session with several: their own words, the clinician's to them, and nobody else's.

Takes the transcript of all and who the client is in it; gives a transcript in which the words of others are not there
at all, so that whatever is made of it can't hold them. Turns keep their numbers and times. What the clinician said is
kept where this client spoke next, or last before the end: what was said to somebody else may say who they are.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from trellis.chart import Person, Transcript, Turn, Verdict

CLINICIAN, OWN = "clinician", "client"
WHOLE = (0.0, 1e9)
"""The stretch that is withheld where it isn't known when others spoke: all of it."""


def share_of(transcript: Transcript, speaker: str, names: Iterable[str] = ()) -> Transcript:
    """The transcript with the turns of `speaker` (`client:2`) as the client's and without everybody else's.

    `names` are those of the other members; a turn of the clinician that calls one of them is left out too.
    """
    others = _names(names)
    turns = transcript.turns
    kept = [
        replace(turn, speaker=OWN) if turn.speaker == speaker else turn
        for at, turn in enumerate(turns)
        if turn.speaker == speaker or (turn.role == CLINICIAN and _is_theirs(turns, at, speaker, others))
    ]
    ids = {turn.id for turn in kept}
    withheld = [_stretch(turn) for turn in turns if turn.id not in ids]
    return replace(transcript, turns=tuple(kept), withheld=(*transcript.withheld, *withheld))


def share_of_verdict(verdict: Verdict, transcript: Transcript, speaker: str) -> Verdict:
    """What the safety screen found, over the whole session, in this client's own words."""
    own = {turn.id for turn in transcript.turns if turn.speaker == speaker}
    return Verdict(findings=tuple(finding for finding in verdict.findings if finding.turn in own))


def own_people(people: Iterable[Person], speaker: str) -> tuple[Person, ...]:
    """The people of a share: the clinician, and the client, who is called so whoever else was one."""
    kept = (person for person in people if person.role == CLINICIAN or person.id == speaker)
    return tuple(replace(person, id=OWN) if person.id == speaker else person for person in kept)


def audible(transcript: Transcript, start: float, end: float) -> bool:
    """Whether a stretch of the recording (seconds) may be heard from the chart of this client.

    It may where it lies within kept turns and nobody else whose words are withheld spoke at the same time.
    """
    if not transcript.withheld:
        return True
    if any(first < end and start < last for first, last in transcript.withheld):
        return False
    spoken = [(turn.start, turn.end) for turn in transcript.turns if turn.start is not None and turn.end is not None]
    return any(first <= start and end <= last for first, last in spoken)


def _is_theirs(turns: Sequence[Turn], at: int, speaker: str, others: re.Pattern[str] | None) -> bool:
    """Whether a turn of the clinician was said to this client, as far as can be told."""
    if others is not None and others.search(turns[at].text):
        return False
    following = next((turn.speaker for turn in turns[at + 1 :] if turn.role != CLINICIAN), None)
    before = next((turn.speaker for turn in reversed(turns[:at]) if turn.role != CLINICIAN), None)
    return following == speaker or (following is None and before == speaker)


def _names(names: Iterable[str]) -> re.Pattern[str] | None:
    parts = sorted({part for name in names for part in re.findall(r"\w{2,}", name)}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, parts))})\b", re.IGNORECASE) if parts else None


def _stretch(turn: Turn) -> tuple[float, float]:
    if turn.start is None or turn.end is None:
        return WHOLE
    return turn.start, turn.end
