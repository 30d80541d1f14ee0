"""Keep an earlier or another figure beside the one just told: "An hour and a half. It was three hours when I started."

Takes an utterance that gives a figure to something only called "it", its question and the points so far; gives the
last point with that figure beside it, or the thing a question asks to be rated, so that "it was a four last time" says
of what. A figure whose thing isn't plain is not told.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from trellis.scribe.points import Point, Utterance, quote
from trellis.scribe.saying.person import Voice, joined, retell
from trellis.scribe.saying.spoken import meant
from trellis.scribe.words.smooth import numbers_in, smooth

LONGEST = 14
"""Words of a sentence that only gives another figure."""

_EARLIER = re.compile(
    r"^(?:and |but |so |well,? )*(?P<who>it|that|they) (?P<was>was|were|used to be) (?:just |only )?(?P<rest>.+)$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"^(?:and |but |so )*(?P<where>at night|at home|at work|in the \w+|in bed|on (?:a )?(?:bad|good|some|other) \w+|"
    r"on (?:the )?weekends?),? (?:it is|it's) (?:more )?(?P<rest>.+)$",
    re.IGNORECASE,
)
_RATED = (
    (re.compile(r"\bhow (?:much|strongly|true)\b.*\b(?:believe|belief|feels?)\b", re.IGNORECASE), "their belief in it"),
    (re.compile(r"\bhow hopeful\b", re.IGNORECASE), "their hope"),
    (re.compile(r"\bhow confident\b", re.IGNORECASE), "their confidence"),
    (re.compile(r"\bhow (?:ready|willing)\b", re.IGNORECASE), "their readiness"),
    (re.compile(r"\bhow motivated\b", re.IGNORECASE), "their motivation"),
    (re.compile(r"\bhow (?:anxious|nervous|worried)\b", re.IGNORECASE), "their anxiety"),
    (re.compile(r"\bhow (?:depressed|sad|down)\b", re.IGNORECASE), "their mood"),
)
_RATED_THING = re.compile(
    r"\b(?:how(?:'s| is| was| are| bad is| strong is| high is)|your|rate (?:your|the)|where(?:'s| is)) (?:your |the )?"
    r"(?P<thing>mood|anxiety|pain|depression|stress|urge|urges|craving|cravings|distress|anger|energy|sleep|worry|fear)\b",
    re.IGNORECASE,
)
_SCALE = re.compile(
    r"\b(?:scale|out of (?:ten|10|five|5|a hundred|100)|(?:zero|one|0|1) to (?:ten|10|five|5|a hundred|100)|percent|"
    r"believe|hopeful|number)\b",
    re.IGNORECASE,
)


def rated_thing(question: Utterance) -> str | None:
    """What a question asks to be rated, as a note names it; None where it asks for no rating."""
    text = smooth(question.text).text if question.text.strip() else ""
    if not _SCALE.search(text):
        return None
    named = next((name for pattern, name in _RATED if pattern.search(text)), None)
    thing = _RATED_THING.search(text)
    return named or (f"their {thing['thing'].lower()}" if thing else None)


def set_beside(
    utterance: Utterance, points: Sequence[Point], utterances: Sequence[Utterance], voice: Voice
) -> Point | None:
    """The last point with the earlier figure, or the one for another time or place, that its speaker sets beside it."""
    if not points or not utterance.index or utterance.turn.role == "clinician" or utterance.asks:
        return None
    last, before = points[-1], utterances[utterance.index - 1]
    if before.turn.id != utterance.turn.id or last.evidence[0].turn != utterance.turn.id:
        return None
    if (last.evidence[0].quote or "") not in before.text or not numbers_in(last.text) or "\u201c" in last.text:
        return None
    told = joined(utterance.parse.tokens, retell(utterance.parse, voice), meant(utterance.parse)).strip(" .,!")
    found = _EARLIER.match(told) or _ELSEWHERE.match(told)
    if found is None or len(told.split()) > LONGEST or not numbers_in(found["rest"]):
        return None
    if re.search(r"\b(?:not|never|no)\b|n't\b|[?\"\u201c]", told):
        return None
    rest = re.sub(r"^(?:like|about|around|maybe) (?=\w)", "about ", found["rest"], flags=re.IGNORECASE)
    where = found.groupdict().get("where")
    was = found.groupdict().get("was")
    who = "they" if where is None and found["who"].lower() == "they" else "it"
    added = f"and that it is {rest} {where.lower()}" if where else f"and that {who} {(was or 'was').lower()} {rest}"
    return replace(
        last,
        text=f"{last.text[:-1]}, {added}.",
        evidence=(*last.evidence, quote(utterance)),
        weight=min(1.0, last.weight + 0.05),
    )
