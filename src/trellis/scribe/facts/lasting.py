"""Join to a fact how long or how often it has been so, where that was asked and answered after it.

Takes the answer, its question and the points so far; gives the last point with the answer joined ("…, for about two
weeks"), or None where the answer isn't of that kind. Without its fact, "about two weeks" says nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from trellis.scribe.points import Point, Utterance, quote
from trellis.scribe.talk.answers import is_filler
from trellis.scribe.words.smooth import numbers_in, smooth

TURNS_BACK = 4
"""Turns a fact may lie before the answer that says how long it has lasted."""
LONGEST_ADDED = 8
"""Words of a time that is added to what was said before."""
LONGEST = 8
"""Words of an answer that is joined; longer ones say more than a time."""

_HOW_LONG = re.compile(
    r"\b(?:how long(?! (?:do|does|did|will|would) (?:it|that|they) (?:\w+ )?take)|"
    r"since when|when did (?:that|this|it|they|those|these|all (?:of )?(?:that|this)) "
    r"(?:all )?(?:start|begin)|"
    r"for how long)\b",
    re.IGNORECASE,
)
_HOW_OFTEN = re.compile(r"\bhow (?:often|many times|frequently)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(r"\b(?:that|this|it|those|these|they)\b", re.IGNORECASE)
TIME = re.compile(
    r"\b(?:minutes?|hours?|days?|nights?|weeks?|months?|years?|ages|a while|(?:long|some) time|"
    r"my (?:whole|entire) life|childhood|"
    r"always|times?|once|twice|daily|every|since|yesterday|birth)\b",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"^(?:(?:oh|well|um|uh|so|like|yeah|i think|i guess|i'd say|i would say|it's been|it was|"
    r"that was|that's been|it started|this started|they started|for)\b,? *)+",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:denies|not|no|never|without)\b", re.IGNORECASE)
"""A denied fact has no duration that this answer could mean."""
_FIRST = re.compile(r"\b(?:i|my|me|we)\b", re.IGNORECASE)


def last_for(utterance: Utterance, question: Utterance | None, points: Sequence[Point]) -> Point | None:
    """The last point with the time this answer gives it."""
    if question is None or not points or utterance.turn.role == "clinician" or not utterance.text.strip():
        return None
    is_long, is_often = _HOW_LONG.search(question.text), _HOW_OFTEN.search(question.text)
    is_short = len(question.text.split()) <= 3
    if not (is_long or is_often) or not (is_short or _POINTS_BACK.search(question.text)):
        return None
    last = points[-1]
    cited = last.evidence[0].turn or 0
    if utterance.turn.id - cited > TURNS_BACK or _DENIED.search(last.text) or "”" in last.text:
        return None
    said = smooth(utterance.text).text.strip(" .,!;-")
    time = _LEADS.sub("", said).lower()
    if not time or len(time.split()) > LONGEST or not TIME.search(time) or _FIRST.search(time.replace("my ", "")):
        return None
    if numbers_in(time) and numbers_in(time) == numbers_in(last.text):
        return None
    time = time.replace("my whole life", "their whole life").replace("my entire life", "their entire life")
    return replace(
        last,
        text=f"{last.text[:-1]}, {_link(time, long=bool(is_long))}{time}.",
        evidence=(*last.evidence, quote(utterance), quote(question)),
        weight=min(1.0, last.weight + 0.05),
    )


def _link(time: str, *, long: bool) -> str:
    if not long or time.startswith(("since", "from", "always", "ever", "every")):
        return ""
    return "starting " if re.search(r"\bago$|^(?:last|this|yesterday|in)\b", time) else "for "


def go_on(utterance: Utterance, points: Sequence[Point], utterances: Sequence[Utterance]) -> Point | None:
    """The last point with a time that its speaker adds, also after an "mm-hm" of the other."""
    tokens = utterance.parse.tokens
    if (
        not points
        or utterance.turn.role == "clinician"
        or utterance.asks
        or not tokens
        or (utterance.answers is not None and not _is_same_answer(utterance, utterances))
    ):
        return None
    last, before = points[-1], _before(utterance, utterances)
    said = smooth(utterance.text).text.strip(" .,!;-")
    is_time = TIME.search(said) and not any(token.dep.startswith(("nsubj", "expl")) for token in tokens)
    if not is_time or before is None or len(said.split()) > LONGEST_ADDED or "“" in last.text:
        return None
    if last.evidence[0].turn != before.turn.id or (last.evidence[0].quote or "") not in before.text:
        return None
    added = re.sub(r"^like ", "", said)
    return replace(
        last,
        text=f"{last.text[:-1]}, {added[0].lower()}{added[1:]}.",
        evidence=(*last.evidence, quote(utterance)),
        weight=min(1.0, last.weight + 0.05),
    )


def _is_same_answer(utterance: Utterance, utterances: Sequence[Utterance]) -> bool:
    """Whether the sentence before it answers the same question in the same turn."""
    before = _before(utterance, utterances)
    return before is not None and before.turn.id == utterance.turn.id and before.answers == utterance.answers


def _before(utterance: Utterance, utterances: Sequence[Utterance]) -> Utterance | None:
    """What the same speaker said last, with no more than an acknowledgement between."""
    for each in reversed(utterances[max(0, utterance.index - 4) : utterance.index]):
        if each.turn.speaker == utterance.turn.speaker:
            return each
        if not is_filler(each):
            return None
    return None
