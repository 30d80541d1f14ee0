"""Tasks for the time between sessions: the words they are known by, and how one is put into a note.

Takes spoken words; gives the task cut to what a note repeats, and points of it by how it was taken.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trellis.scribe.clinician.agree import Answer
from trellis.scribe.points import Point, quote
from trellis.scribe.words.cues import Cues, Line

LONGEST = 24
"""Words of a task a note repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The phrases of `data/arrangements.toml` that tasks are known by."""

    plan_questions: Cues
    commits: Cues
    assigns: Cues
    no_plan: Cues
    frames: Cues
    home: frozenset[str]
    room: frozenset[str]
    sure: frozenset[str]


def assigned(text: str, ground: Sequence[Line], answer: Answer) -> Point:
    """A point of homework; how firmly it was taken says how much it weighs."""
    return Point(
        topic="homework",
        text=text,
        evidence=tuple(quote(one.utterance) for one in ground),
        weight=_WEIGHTS[answer],
    )


def clean(text: str) -> str:
    """The task without reasons, asides and a second sentence; empty where what is left is no task but a story."""
    text = text.strip()
    text = text[:1].lower() + text[1:] if not text.startswith("I ") else text
    text = _TRY.sub("try to ", re.sub(r"^be (?:willing|able|ready|open) to ", "", text))
    body = re.split(
        r"(?:,? (?:because|since|cause|so (?:that )?(?:we|I|you) can|so that|but|"
        r"if that's|does that|is that|would that|you know)\b|[.!?;]|--|—)",
        text.strip(),
    )[0]
    body = re.sub(r"(?:[ ,]+(?:and|or|so|to|um|uh))+[ ,-]*$", "", body)
    body = re.sub(r",? (?:okay|ok|right|please|I guess|I think)$", "", body.strip(" ,-–"), flags=re.IGNORECASE)
    return " ".join(body.split()[:LONGEST]) if len(body.split()) <= LONGEST + 8 else ""


def is_vague(task: str) -> bool:
    """A verb with nothing that says what: "do it", "try that", "do two"."""
    return _VAGUE.fullmatch(task.strip(" .")) is not None


_WEIGHTS: Mapping[Answer, float] = {"yes": 0.85, "tentative": 0.75, "no": 0.5, "unheard": 0.6}
PAST = re.compile(
    r"\b(?:last (?:time|week|session)|yesterday|used to|ago|back then|did you|have you|were you|had to|already)\b"
)
_TRY = re.compile(r"^try (?:and )?(?=(?:ask|tell|call|go|take|do|keep|write|talk|get|say|make|walk|use|stop|see)\b)")
_VAGUE = re.compile(
    r"(?:(?:try|do|take|keep|use|make|get|give|have|see|put|look|say|go|talk|think)(?: to)?(?: (?:do|try))?"
    r"(?: (?:it|that|this|those|them|one|two|three|some|something|more|so|home|there|back|with|at|about|on|"
    r"through|again))+"
    r"|(?:do|try|say|use|take|make|have|get|keep|go|think|tell|talk|give|put|see|look)"
    r"|make (?:an|the|another) appointment\b.*)",
    re.IGNORECASE,
)
