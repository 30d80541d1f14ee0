"""When a statement says that something is, was or will be, and when people said so.

Takes a statement and what was said, both with their contractions written out; gives what is told at another time.
"""

import re
from collections.abc import Iterator

DATES = frozenset(
    {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mondays", "tuesdays", "wednesdays",
     "thursdays", "fridays", "saturdays", "sundays", "january", "february", "march", "april", "june", "july", "august",
     "september", "october", "november", "december", "yesterday", "tomorrow"}
)  # fmt: skip
"""Days that were said or not: another word for them there is none."""

_FORMER = re.compile(
    r"\b(?:used to|in the past|years? ago|when i was|as a (?:kid|child|teen\w*)|back then|growing up|in "
    r"(?:high|middle) "
    r"school|in college|last year|months ago)\b",
    re.IGNORECASE,
)
_FORMER_NOTE = re.compile(
    r"\b(?:used to|in the past|past|previous(?:ly)?|former(?:ly)?|ago|history of|as an? (?:child|kid|"
    r"adolescent|teen\w*)|in "
    r"childhood|was|were|had|did|having|last|when (?:they|she|he)|no longer|stopped|quit|died|growing up|in college|"
    r"childhood|\w+ school)\b|\b\w+ed\b",
    re.IGNORECASE,
)
_FORMERLY = re.compile(
    r"\b(?:used to|previously|formerly|in the past|history of|years ago|as a child|no longer)\b", re.IGNORECASE
)
_ANY_PAST = re.compile(
    r"\b(?:was|were|did|had|been|used to|ago|last|before|when i was|took|went|got|felt|told|said|quit|stopped|tried|"
    r"anymore|yesterday|as a kid|growing up|back in|\w+ed|drank|ate|saw|came|gave|lost|left|broke|hit|"
    r"cut|thought|kept|"
    r"made|slept|woke|began|ran|fell|found|knew|met|spoke|wrote|bought|brought|fought|since|past|no longer)\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|going to|plans?|planning|tomorrow|next|intends?|want|would|hope|hoping|let us|shall|"
    r"gonna|should|need to|"
    r"homework|by (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|\w+ing (?:on|this|that))\b",
    re.IGNORECASE,
)
_AHEAD_NOTE = re.compile(
    r"\b(?:plans to|will|intends to|is going to|are going to|agreed to|has decided to)\b", re.IGNORECASE
)
IMAGINED = re.compile(
    r"\b(?:would|if|wish\w*|might|hypothetical\w*|consider\w*|hop(?:es?|ing)|wants?|thinking|thoughts?|"
    r"prefer\w*|thought|needs?|"
    r"imagin\w+|whether|contemplat\w+|asked|will|plans?|should|intends?|shall|needing)\b|“",
    re.IGNORECASE,
)
"""A statement that tells of something as not yet real."""


def misplaced(told: str, said: str) -> Iterator[str]:
    """What a statement tells as now, over or planned, and nobody said so."""
    if _FORMER.search(said) and not _FORMER_NOTE.search(told):
        yield "What is over is told as now."
    if _FORMERLY.search(told) and not _ANY_PAST.search(said):
        yield "What is now is told as over."
    if _AHEAD_NOTE.search(told) and not _AHEAD.search(said):
        yield "It is told as a plan, but nobody planned it."
