"""Changes of medication, only as the prescriber said them in the room or the client reports them from outside.

Takes the lines of a session, gives points. The words carry drug, dose and direction; nothing is worked out from them.
"""

import re
from collections.abc import Mapping, Sequence

from trellis.scribe.agree import answer_to
from trellis.scribe.cues import Line
from trellis.scribe.points import Point, quote
from trellis.scribe.swap import swap


def prescribe(said: Sequence[Line], names: re.Pattern[str], changes: Mapping[str, re.Pattern[str]]) -> list[Point]:
    """A point for each change or decision to stay, of a named drug or a dose."""
    points: list[Point] = []
    for at, line in enumerate(said):
        text = line.utterance.text
        lower = text.lower().replace("’", "'")
        drug = names.search(lower)
        if line.role != "clinician" or not drug or line.asks or _NOT_NOW.search(lower):
            continue
        found = [(match.start(), name) for name, pattern in changes.items() if (match := pattern.search(lower))]
        if not found or not _DECIDES.search(lower):
            continue
        answer, ground = answer_to(said, at)
        stated = _stated(text)
        declined = answer == "no"
        points.append(
            Point(
                topic="medication_change",
                text=f"Client declined the medication change Clinician proposed: {stated}."
                if declined
                else f"Clinician plan for medication: {stated}.",
                evidence=tuple(quote(one.utterance) for one in ([line] if ground is None else [line, ground])),
                weight=0.9,
                key=f"medication_change.{drug.group()}",
            )
        )
    return points


def _stated(text: str) -> str:
    """What was decided, from the verb on."""
    found = _LEAD.search(text)
    body = text[found.end() :] if found else text
    return swap(body, "clinician")


_LEAD = re.compile(
    r"^.*?\b(?:I'd like (?:you )?to|I want (?:you )?to|I'm going to|I am going to|I'll|we'll|let's|"
    r"I'd suggest (?:we )?|I think we should|I would|we're going to|we can|we could|"
    r"(?:would |I'd )?(?:then )?recommend(?: to you)?(?: that)?(?: (?:we|you))?(?: would)?|(?:And|So|"
    r"Then|Okay),? (?=(?:raise|increase|lower|reduce|stop|start|"
    r"continue|keep)))\s*",
    re.IGNORECASE,
)
_DECIDES = re.compile(
    r"\b(?:i'd like|i want|i'm going to|i am going to|i'll|we'll|let's|suggest|recommend|should|going to|"
    r"no change|wants? to|we're|start(?:ing)? you|plan|keep|stay|continue|plan is)\b|^(?:and |so |"
    r"then )*(?:raise|increase|lower|reduce|stop|start|continue|keep|taper|no change|switch)\b"
)
_NOT_NOW = re.compile(
    r"\b(?:if|can't|cannot|won't|unless|last (?:time|week|year|visit)|did you|have you|when (?:did|"
    r"you|we)|since we|if you (?:miss|stop|"
    r"skip|forget)|stopped the|usually|some people|often|were you|tend to|was stopped|can cause|"
    r"could be)\b"
)
