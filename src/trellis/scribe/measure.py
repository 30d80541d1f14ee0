"""Scores and ratings that were said aloud: instruments by name, and numbers given on a scale.

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
from trellis.scribe.numbers import Number, read_numbers
from trellis.scribe.points import Point, Utterance, quote

REACH = 6
"""Sentences after an instrument was named in which a score can still be its own."""

FOLLOWS = 6
"""Sentences after a rating was asked for in which the number is still an answer to it."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """Numbers given for one thing on a scale, in the order they were given."""

    of: str
    values: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


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
    return tuple(points + [_rating_point(rating) for rating in ratings(utterances)])


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


def ratings(utterances: Sequence[Utterance]) -> tuple[Rating, ...]:
    """Numbers asked for on a scale and given, gathered by what they rate, in the order they were given."""
    found: dict[str, Rating] = {}
    asked: _Asked | None = None
    for utterance in utterances:
        text = _plain(utterance.text)
        if utterance.turn.role == "clinician":
            asked = _asked(text, utterance, asked)
            continue
        if asked is None or not asked.of or utterance.index - asked.question.index > FOLLOWS:
            continue
        corrects = _CORRECTS.search(text) is not None
        if asked.answered and not (corrects and asked.answered == utterance.turn.id):
            continue
        value = _answer(text)
        if value is None:
            continue
        label = f"{value:g}{'%' if 'percent' in text or '%' in text else asked.scale}"
        if asked.of in found:
            earlier = found[asked.of]
            values = earlier.values[:-1] if asked.answered else earlier.values
            values = (label, *values) if asked.before else (*values, label)
        else:
            earlier, values = Rating(of=asked.of), (label,)
        found[asked.of] = replace(
            earlier, values=values, evidence=(*earlier.evidence, quote(utterance), quote(asked.question))
        )
        asked = replace(asked, answered=utterance.turn.id)
    return tuple(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A question for a number: of what, on which scale, about an earlier time or not, and in which turn it "
    "was met.
    """

    of: str
    question: Utterance
    scale: str
    before: bool = False
    answered: int = 0


def _asked(text: str, utterance: Utterance, asked: _Asked | None) -> _Asked | None:
    """The question that stands after this sentence of the clinician's."""
    of, scale = _rated(text), _scale(text)
    if _SCALE.search(text) or (of and _RATES.search(text)):
        # "How likely is it? Zero to a hundred." is one question.
        near = asked if asked and utterance.index - asked.question.index <= FOLLOWS else None
        if near and utterance.turn.id == near.question.turn.id and not of:
            return replace(near, scale=scale or near.scale)
        return _Asked(
            of=of or (near.of if near else ""), question=utterance, scale=scale or (near.scale if near else "")
        )
    if asked and utterance.index - asked.question.index <= 2 * FOLLOWS and _AGAIN.search(text):
        return _Asked(of=of or asked.of, question=utterance, scale=asked.scale, before="was" in text)
    return asked


def _take(score: Score, text: str, instrument: Instrument, utterance: Utterance, *, named: bool) -> Score:
    """The score with what this sentence adds to it; the same object where it adds nothing."""
    now, before = score.now, score.before
    changed = False
    for number in read_numbers(text):
        if not _is_score(number, text, instrument, named=named):
            continue
        lead, tail = text[max(0, number.start - 40) : number.start], text[number.end : number.end + 40]
        if _EARLIER.search(lead) or _EARLIER_AFTER.search(tail):
            before = number.value
        else:
            now = number.value
        changed = True
    band = _BAND.search(text)
    given = not changed and named and (_GIVEN.search(text) is not None)
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
    if _SCORES.search(lead) or _EARLIER.search(lead):
        return True
    return not named and _BARE.fullmatch(text[: number.start]) is not None and len(text.split()) <= 5


def _score_point(score: Score) -> Point:
    if score.now is None and score.before is None:
        text = f"{score.instrument} was reviewed in session."
        weight = 0.45
    elif score.now is None:
        text = f"Earlier {score.instrument} score: {score.before:g}."
        weight = 0.6
    else:
        text = f"{score.instrument} score {score.now:g}"
        if score.before is not None:
            way = (
                "down from" if score.now < score.before else "up from" if score.now > score.before else "unchanged from"
            )
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


def _rating_point(rating: Rating) -> Point:
    if len(rating.values) == 1:
        text = f"Client rated {rating.of} {rating.values[0]}."
    else:
        text = f"Client rated {rating.of} {rating.values[0]}, then {_then(rating.values[1:])}."
    return Point(
        topic="measure",
        text=text,
        evidence=tuple(dict.fromkeys(rating.evidence)),
        weight=0.75 if "dead" in rating.of or "suicid" in rating.of else 0.55,
        key=f"rating.{rating.of}",
    )


def _then(values: Sequence[str]) -> str:
    return " then ".join(values) if len(values) <= 2 else ", ".join(values[:-1]) + f" and {values[-1]}"


def _answer(text: str) -> float | None:
    """The number an answer comes to: its last correction, else its first number; the scale said again is none."""
    text = _SCALE.sub("", text)
    numbers = [
        number
        for number in read_numbers(text)
        if number.kind in ("count", "percent") and number.value <= 100
        and not _UNIT.match(text[number.end : number.end + 18])
        and not _EARLIER.search(text[max(0, number.start - 20) : number.start])
    ]  # fmt: skip
    if not numbers or (
        len(text.split()) > 14 and not re.search(r"\b(?:a|about|like|say|maybe|probably)\s*$", text[: numbers[0].start])
    ):
        return None
    return numbers[-1].value if _CORRECTS.search(text) or _NARROWS.search(text) else numbers[0].value


def _rated(text: str) -> str:
    for name, patterns in _ratings().items():
        if any(pattern.search(text) for pattern in patterns):
            return name
    return ""


def _scale(text: str) -> str:
    found = _SCALE.search(text)
    if not found:
        return ""
    return "/100" if "hundred" in found.group() or "100" in found.group() else "/10"


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


@cache
def _ratings() -> dict[str, tuple[re.Pattern[str], ...]]:
    return {name: tuple(re.compile(said) for said in patterns) for name, patterns in _table()["ratings"].items()}


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
_EARLIER_AFTER = re.compile(
    r"^[^.?!,]{0,6}\b(?:last (?:time|week|month|session|visit)|(?:a|two|three|four|six) (?:weeks?|months?|"
    r"minutes?) ago|a minute ago|when (?:we|you) (?:started|began|first|came)|at (?:intake|baseline|the start|"
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
_GIVEN = re.compile(
    r"\b(?:filled|fill|complete|completed|scored?|did|took|take|go over|look(?:ed)? at|questionnaire|answered|"
    r"marked|score|review|repeat)\b"
)
_ELSE = re.compile(
    r"\b(?:my|her|his|their) (?:mom|mother|sister|brother|son|daughter|husband|wife|"
    r"friend)'?s?\b[^.]{0,20}\b(?:scored?|phq|gad)\b"
)
_SCALE = re.compile(
    r"\b(?:scale (?:of|from)|(?:from )?(?:zero|one|0|1)(?: |-)?(?:to|through|and|being|-) ?(?:a )?(?:ten|10|"
    r"hundred|one hundred|100)|out of (?:ten|10|a hundred|100)|same scale)\b"
)
_RATES = re.compile(
    r"\b(?:how (?:strong(?:ly)?|much|likely|bad|high|intense|would you rate|do you rate)|rate|the number|suds?)\b"
)
_AGAIN = re.compile(
    r"^(?:and |ok(?:ay)?[,.]? |so )*(?:now|and now|what about|how about|the wish|and the|and today|today|"
    r"and yesterday|right now|what's the number|the number|what would you say now|how (?:confident|ready|"
    r"important)|where is it now|on \w+ it was)\b"
)
_CORRECTS = re.compile(r"\b(?:no,? (?:wait|sorry|actually|make that)|sorry|actually|i mean|make that|wait)\b")
_NARROWS = re.compile(r"(?:maybe|more like|probably) (?:an? )?\S+$")
_BARE = re.compile(r"\s*(?:(?:and|it's|its|it is|so|an?|about|that's|yes|no|sorry|um|uh)[, ]*)*")
