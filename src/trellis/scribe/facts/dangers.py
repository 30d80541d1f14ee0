"""What a question about danger asks about, and where a bare "did you think about how?" is one.

Takes the concepts found in each utterance, and questions; gives the concepts that stand, and the words of a note for
what was asked ("suicidal thoughts", "guns at home").
"""

import re
from collections.abc import Sequence

from trellis.scribe.facts.concepts import Hit
from trellis.scribe.points import Utterance

DANGER_NEAR = 14
"""Utterances after talk of danger within which "did you think about how?" still asks about it."""


def with_danger_near(hits: Sequence[list[Hit]]) -> list[list[Hit]]:
    """Without the questions that ask about danger only right after talk of it, where there was none."""
    kept: list[list[Hit]] = []
    latest = -DANGER_NEAR - 1
    for at, found in enumerate(hits):
        near = at - latest <= DANGER_NEAR
        here = [hit for hit in found if near or not hit.concept.follows]
        if any(hit.concept.danger for hit in here):
            latest = at
        kept.append(here)
    return kept


KEPT_SAFE = "what has kept them safe"
"""What is asked for and can't be denied."""
_ASKS_ABOUT = (
    (re.compile(r"\b(?:guns|firearms|weapons)\b", re.IGNORECASE), ""),
    (re.compile(r"\b(?:kill(?:ing)? yourself|suicid\w+|end(?:ing)? your life|"
                r"not (?:want\w* to )?be(?:ing)? (?:alive|here)|dying|(?<!were )dead|"
                r"isn't worth living|not worth living)", re.IGNORECASE), "suicidal thoughts"),
    (re.compile(r"\bwish\w* (?:that )?you were (?:dead|not alive)|\b(?:not|never) wak(?:e|ing) up", re.IGNORECASE),
     "a wish to be dead"),
    (re.compile(r"\b(?:hurt|harm|cut|burn)\w* (?:yourself|your \w+)\b", re.IGNORECASE), "self-harm"),
    (re.compile(r"\b(?:hurt|harm|kill)\w* (?:any(?:one|body)|someone|others?|other people|h[ie][mr]|them)\b",
                re.IGNORECASE),
     "harm to others"),
    (re.compile(r"\bwhat (?:has |have |'s )?(?:kept|keeps|keep|stopped|stops)\b", re.IGNORECASE), KEPT_SAFE),
    (re.compile(r"\b(?:feel|feeling|are you(?: both)?) (?:safe|unsafe)|\b(?:un)?safe (?:at|with|there|in|around)\b",
                re.IGNORECASE), "safety at home"),
    (re.compile(r"\b(?:pushing|shoving|slapping|hitting)\b", re.IGNORECASE), "pushing or hitting"),
    (re.compile(r"\b(?:afraid|hit|hurting you|abus\w+|threaten\w*|pressur\w+)\b", re.IGNORECASE),
     "being hurt, threatened or abused"),
    (re.compile(r"\bplan(?:s|ned|ning)?\b", re.IGNORECASE), "a plan"),
    (re.compile(r"\bhow (?:you|to)\b.*\b(?:do|end)\b", re.IGNORECASE), "having thought about how to do it"),
    (re.compile(r"\bint(?:ent|ention|end)\w*\b", re.IGNORECASE), "intent to act on it"),
    (re.compile(r"\b(?:pills|medications?|meds|knives|razors?|blades)\b", re.IGNORECASE), "access to means"),
    (re.compile(r"\b(?:voices|hear(?:ing)? things)\b", re.IGNORECASE), "hearing voices"),
    (re.compile(r"\bsee(?:ing)? things\b", re.IGNORECASE), "seeing things"),
)  # fmt: skip
"""What a question about danger is about, in the words of a note."""

_STEPS = frozenset({"a plan", "having thought about how to do it", "intent to act on it"})
"""What is asked of thoughts spoken of before."""


def say_about(question: Utterance) -> str:
    """What a question about danger asks about; empty where it can't be said."""
    found = [(name, match) for pattern, name in _ASKS_ABOUT if (match := pattern.search(question.text))]
    steps = [name for name, _ in found if name in _STEPS]
    names = steps or [name or f"{match.group().lower()} at home" for name, match in found]
    return " and ".join(dict.fromkeys(names))
