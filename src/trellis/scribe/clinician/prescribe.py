"""Changes of medication, only as the prescriber said them in the room or the client reports them from outside.

Takes the lines of a session, gives points. The words carry drug, dose and direction; nothing is worked out from them.
"""

import re
from collections.abc import Mapping, Sequence

from trellis.scribe.clinician.agree import Answer, answer_to
from trellis.scribe.points import Point, quote
from trellis.scribe.words.cues import Line
from trellis.scribe.words.swap import swap


def prescribe(said: Sequence[Line], names: re.Pattern[str], changes: Mapping[str, re.Pattern[str]]) -> list[Point]:
    """A point for each change or decision to stay, of a named drug or a dose."""
    points: list[Point] = []
    last, drug_last = -NEAR - 1, ""
    for at, line in enumerate(said):
        if line.role != "clinician":
            continue
        for text in _clauses(line.utterance.text):
            lower = text.lower()
            drug = names.search(lower)
            titrates = drug is None and at - last <= NEAR and _DOSE.search(lower)
            found = any(pattern.search(lower) for pattern in changes.values())
            if not (drug or titrates) or not found or _NOT_NOW.search(lower):
                continue
            offers = _OFFERS.search(lower)
            if not offers and (line.asks or not (_DECIDES.search(lower) or titrates)):
                continue
            answer, ground = answer_to(said, at)
            if offers and answer != "no" and not _DECIDES.search(lower):
                continue
            if drug:
                drug_last = drug.group()
            last = at
            points.append(_point(text, line, answer, ground, f"{drug_last}{'.titration' if titrates else ''}"))
    return points


def _point(text: str, line: Line, answer: Answer, ground: Line | None, drug: str) -> Point:
    proposed = (
        "Client declined the medication change Clinician proposed"
        if answer == "no"
        else "Clinician plan for medication"
    )
    return Point(
        topic="medication_change",
        text=f"{proposed}: {_stated(text)}.",
        evidence=tuple(quote(one.utterance) for one in ([line] if ground is None else [line, ground])),
        weight=0.9,
        key=f"medication_change.{drug}{'.declined' if answer == 'no' else ''}",
    )


def _clauses(text: str) -> list[str]:
    """The parts of a sentence that decide by themselves: what is said under a condition is kept apart."""
    parts = [part.strip(" ,") for part in re.split(r",? but |; ", text.replace("’", "'"))]
    return [re.sub(r",? (?:because|so that|which)\b.*| and see (?:if|how)\b.*", "", part) for part in parts]


def _stated(text: str) -> str:
    """What was decided, from the verb on."""
    found = _LEAD.search(text)
    body = text[found.end() :] if found else text
    body = swap(body, "clinician")
    return body if re.match(r"(?:Client|Clinician|[A-Z]{2,})\b", body) else body[:1].lower() + body[1:]


NEAR = 4
"""Lines after a change in which a dose without its drug still belongs to it."""

_DOSE = re.compile(r"\b(?:milligrams?|mg|micrograms?|mcg|units?|dose)\b")
_OFFERS = re.compile(
    r"\b(?:(?:one |another |an )?option (?:would be|is) to|what about|how about|we could|could (?:try|add|switch)|"
    r"think about|consider)\b"
)
_LEAD = re.compile(
    r"^.*?\b(?:I'd like (?:you )?to|I want (?:you )?to|I'm going to|I am going to|I'll|we'll|let's|"
    r"I'd suggest (?:we )?|I think we should|I would|we're going to|we can|we could|"
    r"(?:would |I'd )?(?:then )?recommend(?: to you)?(?: that)?(?: (?:we|you))?(?: would)?|(?:And|So|"
    r"Then|Okay),? (?=(?:raise|increase|lower|reduce|stop|start|"
    r"continue|keep))|option (?:would be|is) to|what about|how about)\s*",
    re.IGNORECASE,
)
_DECIDES = re.compile(
    r"\b(?:i'd like|i want|i'm going to|i am going to|i'll|we'll|let's|suggest|recommend|should|going to|"
    r"no change|wants? to|we're|start(?:ing)? you|plan|keep|stay|continue|plan is)\b|^(?:and |so |"
    r"then )*(?:raise|increase|lower|reduce|stop|start|continue|keep|taper|no change|switch)\b"
)
_NOT_NOW = re.compile(
    r"\b(?:would then|i would have|can't|cannot|won't|unless|last (?:time|week|year|visit)|did you|have you|"
    r"when (?:did|"
    r"you|we)|since we|if you (?:miss|stop|"
    r"skip|forget)|stopped the|usually|some people|often|were you|tend to|was stopped|can cause|"
    r"could be|your (?:brother|sister|mother|mom|father|dad|cousin|friend|husband|wife)(?:'s)?)\b|^(?:and |so |"
    r"then )?(?:if|when|"
    r"unless)\b|\b(?:even |only |as )?if (?:you|your|we|it|that|the)\b.*\b(?:start|stop|rais|increas|add|lower|"
    r"chang|switch)"
)
