"""Hold each point to its evidence before it may stand in a note; say in plain words what a clinician has to confirm.

Takes a point and the transcript; gives a statement. `supported` needs evidence that is verbatim and carries every word
that matters; what is inferred, doubted by understanding, or rests for a drug's name or dose on a corrected word is
`unconfirmed`. What a microphone can't know has no support at all; `may_be_written` tells writers to leave it out.
"""

import re
from collections.abc import Iterator, Sequence

from trellis.chart import Evidence, Statement, Transcript
from trellis.scribe.checking.frames import heard
from trellis.scribe.checking.support import Said, Support, is_unheard, support
from trellis.scribe.points import Point
from trellis.scribe.topics import Topic

WORDED: frozenset[Topic] = frozenset(
    {
        "intervention", "measure", "plan", "homework", "appointment", "referral", "coordination", "response", "stage",
        "medication_change", "safety_plan", "progress", "diagnosis", "insight", "homework_review", "change_talk",
        "sustain_talk", "logistics", "speech_measure",
    }
)  # fmt: skip
"""Topics whose statements name what was done by its kind, in words that nobody says aloud."""


def check(point: Point, transcript: Transcript) -> Statement:
    """The statement a point may become, with its status and the reasons for doubt."""
    ground = _said(point.evidence, transcript)
    found = _support(point, ground)
    reasons = tuple(dict.fromkeys([*_reasons(point, transcript), *found.reasons]))
    return Statement(
        text=point.text,
        topic=point.topic,
        status="unconfirmed" if reasons else "supported",
        support=found.score if not reasons else min(found.score, 0.49),
        evidence=point.evidence,
        inferred=point.inferred,
        reasons=reasons,
    )


def may_be_written(text: str, said: Sequence[Said] = ()) -> bool:
    """Whether a sentence may stand in a note at all: not if it claims what can't be heard."""
    return not is_unheard(text, said)


def _support(point: Point, ground: Sequence[Said]) -> Support:
    if point.evidence and all(evidence.source == "audio" for evidence in point.evidence):
        return Support(score=1.0, status="supported", reasons=())
    told_by_clinician = point.topic == "measure" or not re.match(r"(?:Client|Asked)\b", point.text)
    is_worded = point.topic in WORDED and told_by_clinician
    return support(
        heard(point.text, point.topic) if point.topic in WORDED | {"goal"} else point.text, ground, is_worded=is_worded
    )


def _said(evidence: Sequence[Evidence], transcript: Transcript) -> list[Said]:
    """What was said, in the order of the session."""
    speakers = {turn.id: turn.role for turn in transcript.turns}
    ordered = sorted(evidence, key=lambda each: each.turn if each.turn is not None else -1)
    said = []
    for each in ordered:
        if each.source == "transcript" and each.turn in speakers:
            said.append(Said(role=speakers[each.turn], text=each.quote or _gestures(each.turn, transcript)))
        elif each.source in {"chart", "clinician"} and each.quote:
            said.append(Said(role="clinician", text=each.quote))
    return said


def _gestures(turn: int, transcript: Transcript) -> str:
    marks = " ".join(transcript.turn(turn).marks)
    return "Yes." if re.search(r"\bnod", marks) else "No." if re.search(r"\bsh[ao]+k", marks) else ""


def _reasons(point: Point, transcript: Transcript) -> Iterator[str]:
    yield from point.doubts
    if not point.evidence:
        yield "Nothing that was said is given for it."
    if point.inferred:
        yield "It concludes rather than repeats; a clinician has to judge it."
    turns = {turn.id: turn for turn in transcript.turns}
    for evidence in point.evidence:
        if evidence.source != "transcript":
            continue
        turn = turns.get(evidence.turn) if evidence.turn is not None else None
        if turn is None or (evidence.quote or "") not in turn.text:
            yield "Its evidence is not word for word in the transcript."
            continue
        for correction in turn.corrections:
            if _is_spelling(correction.said, correction.text):
                continue
            if _rests_on(correction.text, evidence.quote or "", point.text):
                yield f"“{correction.text}” was heard as “{correction.said}” and corrected."


def _is_spelling(said: str, corrected: str) -> bool:
    """Whether a correction changed no letter and no digit ("PHQ -9")."""
    bare = [re.sub(r"[\W_]", "", words).casefold() for words in (said, corrected)]
    return bare[0] == bare[1]


def _rests_on(corrected: str, quote: str, text: str) -> bool:
    """Whether a statement repeats a corrected word of its quote."""
    return any(
        re.search(rf"\b{re.escape(word)}", quote, re.IGNORECASE)
        and re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE)
        for word in corrected.split()
        if len(word) > 2
    )
