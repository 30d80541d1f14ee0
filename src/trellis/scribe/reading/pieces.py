"""What every written form of a transcript is read into, and what is read alike in all of them.

A piece is one stretch of words with the label that stood before it, as it was written; who is behind a label is
decided later. Times are seconds from the beginning of the recording.
"""

import math
import re
from dataclasses import dataclass

from trellis.chart import Correction
from trellis.kernel import Invalid

LONGEST_TIME = 100 * 3600.0
"""No encounter lasts longer: such a time is a mistake, for instance milliseconds."""

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Words between two labels. `speaker` is the label as written, `unknown` where there is none."""

    text: str
    speaker: str = UNKNOWN
    start: float | None = None
    end: float | None = None
    marks: tuple[str, ...] = ()
    id: int | None = None
    overlap: bool = False
    confidence: float | None = None
    corrections: tuple[Correction, ...] = ()


def malformed(place: str, wanted: str) -> Invalid:
    """The error for a line or turn that can't be read: where it is and what is expected there, never what it says."""
    return Invalid(
        "scribe.transcript_malformed", f"{place} of the transcript can't be read.", hint=f"Expected {wanted}."
    )


_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,6}))?")


def seconds_from_clock(text: str) -> float | None:
    """`HH:MM:SS`, `MM:SS`, both with decimals, in seconds; None where it is no time."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None or not text.isascii():
        return None
    hours, minutes, seconds = int(match[1] or 0), int(match[2]), int(match[3])
    if seconds > 59 or (match[1] is not None and minutes > 59):
        return None
    return check_time(hours * 3600 + minutes * 60 + float(f"{seconds}.{match[4] or 0}"))


def check_time(seconds: float) -> float | None:
    """The time itself where it can be one: finite, not negative, not longer than any encounter."""
    return seconds if math.isfinite(seconds) and 0 <= seconds <= LONGEST_TIME else None


_MARK = re.compile(r"\[([^\[\]]{1,80})\]")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\ud800-\udfff]")


def split_marks(text: str) -> tuple[str, tuple[str, ...]]:
    """The words, and the bracketed marks that stood between them (`pause 6s`, `laughs`)."""
    text = _INVISIBLE.sub("", text)
    marks = tuple(mark for match in _MARK.finditer(text) if (mark := " ".join(match[1].split())))
    return " ".join(_MARK.sub(" ", text).split()), marks


_LABEL = re.compile(r"(?P<label>[^\W\d_][\w.'’&()/#, -]{0,39}?(?::\d{1,2})?)[ \t]?:(?:\s+(?P<rest>.*)|$)", re.DOTALL)
_ROLE = re.compile(
    r"(?:the )?(?:[a-z]|therapist|client|clinician|counsell?or|coach|patient|doctor|dr|provider|psycholog(?:ist|a|o)"
    r"|psychiatrist|social worker|nurse|interviewer|facilitator|mother|father|mom|mum|dad|parent|partner|wife|husband"
    r"|sister|brother|daughter|son|caregiver|interpreter|other|unknown|speaker|person|participant|member|terapeuta"
    r"|cliente|paciente|doctora|psiquiatra|hablante|madre|padre)[ _#:-]*(?:\d{1,2}|[a-z])?"
)
_SMALL = frozenset({"de", "del", "la", "van", "von", "der", "den", "di", "da", "and", "y", "of", "the"})


def split_label(text: str) -> tuple[str | None, str]:
    """The speaker's label before a colon and what follows it; None where no label opens the text.

    A label is a role ("therapist", "speaker 2") or looks like a name: at most four words that don't begin small.
    "And then she said: no" has none.
    """
    match = _LABEL.match(text)
    if match is None:
        return None, text
    label = " ".join(match["label"].split())
    words = label.split()
    named = len(words) <= 4 and all(word in _SMALL or not word[0].islower() for word in words)
    if not named and not _ROLE.fullmatch(label.lower()):
        return None, text
    return label, match["rest"] or ""


def goes_on(before: str, text: str) -> bool:
    """Whether a line only carries on the sentence that the line before broke off: a wrapped line."""
    return bool(before) and before[-1] not in '.!?…"”:;)]—-' and text[:1].islower()
