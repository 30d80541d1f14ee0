"""Scores of instruments that were said aloud, beside the ratings that `rate` finds.

Takes utterances, gives points. Numbers are written as figures, only where a person said them; a number corrected or
added up again later replaces the first. Severity is written only in the words of whoever said it. What scores mean
isn't decided here.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from trellis.chart import Evidence
from trellis.scribe.clinician.rate import rate
from trellis.scribe.points import Point, Utterance, quote
from trellis.scribe.words.numbers import Number, read_numbers

REACH = 6
"""Sentences after an instrument was named in which a score can still be its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A questionnaire as it is said; `highest` total it can come to."""

    name: str
    said: re.Pattern[str]
    highest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What was said of one instrument: the score now, the one before, how it was called, and the ground for each."""

    instrument: str
    now: float | None = None
    before: float | None = None
    when: str = ""
    band: str = ""
    evidence: tuple[Evidence, ...] = ()
    index: int = 0


@cache
def instruments() -> tuple[Instrument, ...]:
    """The instruments of the data, in its order."""
    return tuple(
        Instrument(name=item["name"], said=re.compile("|".join(item["said"])), highest=int(item["highest"]))
        for item in _table()["instruments"]
    )


def measure(utterances: Sequence[Utterance]) -> tuple[Point, ...]:
    """A point for each instrument that was scored or given, and for each thing that was rated."""
    points = [_score_point(score) for score in scores(utterances)]
    return (*points, *rate(utterances))


def scores(utterances: Sequence[Utterance]) -> tuple[Score, ...]:
    """What was said of each instrument, its last word standing."""
    found: dict[str, Score] = {}
    current: Instrument | None = None
    since = 0
    for utterance in utterances:
        text = _plain(utterance.text)
        named = _named(text)
        if named:
            current, since = named[-1][0], utterance.index
        if current is None or utterance.index - since > REACH or _ELSE.search(text):
            continue
        score = found.get(current.name, Score(instrument=current.name, index=utterance.index))
        taken = _take(score, text, current, utterance, named=bool(named))
        if taken is not score:
            found[current.name] = taken
            since = utterance.index
    return tuple(found.values())


def _take(score: Score, text: str, instrument: Instrument, utterance: Utterance, *, named: bool) -> Score:
    """The score with what this sentence adds to it; the same object where it adds nothing."""
    now, before = score.now, score.before
    changed = False
    for number in read_numbers(text):
        if not _is_score(number, text, instrument, named=named):
            continue
        lead, tail = text[max(0, number.start - 40) : number.start], text[number.end : number.end + 40]
        if _REPORTED.search(lead) and now is None:
            now = number.value
        elif _EARLIER.search(lead) or _EARLIER_AFTER.search(tail):
            before = number.value
        else:
            now = number.value
        changed = True
    band = _BAND.search(text)
    given = not changed and named and _GIVEN.search(text) is not None and not _NOT_GIVEN.search(text)
    if not changed and not given and not (band and score.now is not None):
        return score
    return replace(
        score, now=now, before=before, band=band.group().strip() if band else score.band,
        evidence=tuple(dict.fromkeys((*score.evidence, quote(utterance)))), index=utterance.index,
    )  # fmt: skip


def _is_score(number: Number, text: str, instrument: Instrument, *, named: bool) -> bool:
    if number.kind not in ("count", "time") or number.high is not None or number.value != int(number.value):
        return False
    if number.value > instrument.highest:
        return False
    if any(name.start() <= number.start < name.end() for name in instrument.said.finditer(text)):
        return False
    tail = text[number.end : number.end + 18]
    if _UNIT.match(tail) or re.search(
        r"\b(?:question|item|number|for|than|past|last|next|in|within|every)\s*$", text[: number.start]
    ):
        return False
    lead = text[max(0, number.start - 30) : number.start]
    if _REPORTED.search(lead) or _EARLIER_AFTER.search(text[number.end :]):
        return True
    if _EARLIER.search(lead) or (_SCORES if named else _SCORES_STILL).search(lead):
        return True
    return not named and _BARE.fullmatch(text[: number.start]) is not None and len(text.split()) <= 5


def _score_point(score: Score) -> Point:
    if score.now is None and score.before is None:
        text = f"{score.instrument} was used in session."
        weight = 0.45
    elif score.now is None:
        text = f"Earlier {score.instrument} score: {score.before:g}."
        weight = 0.6
    else:
        text = f"{score.instrument} score {score.now:g}"
        if score.before is not None:
            way = "unchanged from"
            if score.now != score.before:
                way = "down from" if score.now < score.before else "up from"
            text += f", {way} {score.before:g}"
        text += f"; described as {score.band}." if score.band else "."
        weight = 0.9
    return Point(
        topic="measure",
        text=text,
        evidence=score.evidence[-4:],
        weight=weight,
        key=f"measure.{score.instrument.lower()}",
    )


def _named(text: str) -> list[tuple[Instrument, int]]:
    found = [
        (instrument, match.start(), match.end())
        for instrument in instruments()
        if (match := instrument.said.search(text))
    ]
    longest = [one for one in found if not any(o is not one and o[1] <= one[1] and o[2] > one[2] for o in found)]
    return [(instrument, start) for instrument, start, _ in sorted(longest, key=lambda one: one[1])]


def _plain(text: str) -> str:
    return text.lower().replace("’", "'")


@cache
def _table() -> dict[str, Any]:
    text = resources.files("trellis.scribe").joinpath("data/instruments.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


_SCORES = re.compile(
    r"\b(?:scored?|score|total|came? (?:out )?(?:to|at|as|back)(?: (?:at|as))?|comes to|is|was|it's|that's|"
    r"are|were|got|get|"
    r"adds? up to|added up to|makes?|at|today|now|of|to|an?|down|up|still|from|around|about|actually|sorry|no|"
    r"you're|'re)[,:]?\s+(?:an?\s+|about\s+|at\s+)?$"
)
_EARLIER = re.compile(
    r"(?:\b(?:(?:down|up|went|dropped|fell|rose|fallen|risen|improved|increased|decreased) from|last (?:time|"
    r"week|month|session|visit)|before|previous(?:ly)?|"
    r"used to be|had been|compared (?:to|with)|in (?:january|february|march|april|may|june|july|august|"
    r"september|october|november|december|the (?:spring|summer|fall|autumn|winter|first week))|"
    r"at (?:intake|baseline|the start|the beginning|first)|when (?:we|you) (?:started|began|first|came)|"
    r"it was|were at|was at|from)\b[^.?!]{0,25})$"
)
_REPORTED = re.compile(
    r"\b(?:she|he|they|the (?:nurse|doctor|assistant|health visitor)) (?:said|told me|got|gave me|had|wrote|put)"
    r"(?: (?:that )?(?:it was|it's|i got|i had|i was|i'm|at))?(?: an?| about)?,? $"
)
"""Who gave the questionnaire said what it came to."""

_EARLIER_AFTER = re.compile(
    r"^[^.?!,]{0,6}\b(?:at (?:the )?intake|last (?:time|week|month|session|visit)|"
    r"(?:a|two|three|four|six) (?:weeks?|"
    r"months?|minutes?) ago|a minute ago|when (?:we|you) (?:started|began|first|came)|at (?:intake|baseline|the start|"
    r"the beginning|first)|in the first (?:week|session)|before)\b"
)
_UNIT = re.compile(
    r"\s*-?(?:weeks?|days?|months?|years?|hours?|minutes?|times?|questions?|items?|points?|milligrams?|mg|"
    r"of the|o'clock|am\b|pm\b|pounds?|beers?|drinks?|people|kids?|cigarettes?|nights?|sessions?|percent of|"
    r"in the (?:morning|afternoon|evening))"
)
_BAND = re.compile(
    r"\b(?:(?:in the )?(?:minimal|mild(?:ly)?|moderate(?:ly)?(?: severe)?|moderately severe|severe|"
    r"subclinical|normal|clinical|low)(?: (?:range|anxiety|depression|band|category|level))|(?:minimal|mild|"
    r"moderate|severe)(?= ?[.,]| range|$))"
)
_SCORES_STILL = re.compile(
    r"\b(?:scored?|score (?:is|was|of)|total (?:is|of)|came? (?:out )?(?:to|at|as|back)(?: (?:at|as))?|comes to|"
    r"adds? up to|added up to|(?:i|you) (?:get|got)|that makes|makes it|it's|that's|it was|down to|up to|actually|"
    r"sorry|no)[,:]?\s+(?:an?\s+|about\s+|at\s+|it's\s+|still\s+|now\s+)*$"
)
_NOT_GIVEN = re.compile(
    r"\b(?:next (?:time|week|session|visit)|before (?:we|you|next)|ever (?:done|filled|taken|heard|completed)|"
    r"i'd like you to|i'll (?:have|ask|send|email)|going to (?:have|send|give)|at home|last (?:time|week|"
    r"session|visit))\b"
)
_GIVEN = re.compile(
    r"\b(?:ask(?:ing)? you the|questions|filled|fill|complete|completed|scored?|did|took|take|go over|"
    r"look(?:ed)? at|questionnaire|answered|"
    r"marked|score|review|repeat)\b"
)
_ELSE = re.compile(
    r"\b(?:my|her|his|their) (?:mom|mother|sister|brother|son|daughter|husband|wife|"
    r"friend)'?s?\b[^.]{0,20}\b(?:scored?|phq|gad)\b"
)
_BARE = re.compile(r"\s*(?:(?:and|it's|its|it is|so|an?|about|that's|yes|no|sorry|um|uh)[, ]*)*")
