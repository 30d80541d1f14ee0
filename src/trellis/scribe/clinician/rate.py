"""Numbers people give on a scale: mood, distress, belief in a thought, urges, confidence, in the order they came.

Takes utterances, gives one point for each thing that was rated and each person who rated it. A number corrected in the
same breath replaces the first; numbers are only written where a person said them.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from trellis.chart import Evidence
from trellis.scribe.points import Point, Utterance, quote
from trellis.scribe.words.numbers import Number, read_numbers

FOLLOWS = 6
"""Sentences after a rating was asked for in which the number is still an answer to it."""

BARE = 6
"""Words up to which a second number in the same breath takes the place of the first ("Ten. Nine and a half.")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """Numbers given for one thing on a scale, in the order they were given; `by` is the speaker who gave them."""

    of: str
    by: str = "client"
    values: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


def rate(utterances: Sequence[Utterance]) -> tuple[Point, ...]:
    """A point for each thing that was rated."""
    return tuple(_point(rating) for rating in ratings(utterances))


def ratings(utterances: Sequence[Utterance]) -> tuple[Rating, ...]:
    """Numbers asked for on a scale and given, gathered by what they rate, in the order they were given."""
    found: dict[tuple[str, str], Rating] = {}
    asked: _Asked | None = None
    topic: tuple[str, Utterance] | None = None
    for utterance in utterances:
        text = utterance.text.lower().replace("’", "'")
        of, by = _rated(text), utterance.turn.speaker
        if of:
            topic = (of, utterance)
        if utterance.turn.role == "clinician":
            asked = _asked(text, utterance, asked)
            continue
        pair = _pair(text)
        if pair and topic and utterance.index - topic[1].index <= FOLLOWS and utterance.turn.role == "client":
            pair_ground = [quote(utterance)] if topic[1] is utterance else [quote(utterance), quote(topic[1])]
            found[topic[0], by] = Rating(of=topic[0], by=by, values=pair, evidence=tuple(pair_ground))
            asked = replace(asked, answered=utterance.turn.id) if asked else None
            continue
        is_open = asked is not None and not asked.answered and utterance.index - asked.question.index <= FOLLOWS
        beside = _OLD_TOO.search(text) if is_open else None
        if beside and (value := _answer(text[beside.start() :])) is not None:  # "Seventy, and the old one is at forty."
            _add(found, _OLD, utterance, _label(value, text, ""))
            text, of = text[: beside.start()], _NEW
        if of in (_NEW, _OLD) and not is_open and (_BELIEVED.search(text) or (_OLD, by) in found):
            value = _answer(text)
            if value is not None:  # rated unasked
                _add(found, of, utterance, _label(value, text, ""))
                continue
        if asked is None or not asked.of or utterance.index - asked.question.index > FOLLOWS:
            continue
        again = _CORRECTS.search(text) or (len(text.split()) <= BARE and _BARE_ANSWER.fullmatch(text))
        if asked.answered and not (again and (asked.answered == utterance.turn.id or (asked.of, by) not in found)):
            continue
        value = _answer(text)
        if value is None or _is_beyond(value.value, asked.scale):
            continue
        label = _label(value, text, asked.scale)
        earlier = found.get((asked.of, by), Rating(of=asked.of, by=by))
        values = earlier.values
        if asked.answered == utterance.turn.id and values:
            doubted = re.search(r"\b(?:maybe|or)\b", text) and not _CORRECTS.search(text)
            values, label = values[:-1], f"{values[-1].split('/')[0]}, possibly {label}" if doubted else label
        values = (label, *values) if asked.before else (*values, label)
        ground = (quote(utterance), quote(asked.question), *([quote(asked.on)] if asked.on else []))
        found[asked.of, by] = replace(earlier, values=values, evidence=(*earlier.evidence, *ground))
        asked = replace(asked, answered=utterance.turn.id)
    return tuple(found.values())


def _add(found: dict[tuple[str, str], Rating], of: str, utterance: Utterance, label: str) -> None:
    by = utterance.turn.speaker
    earlier = found.get((of, by), Rating(of=of, by=by))
    found[of, by] = replace(earlier, values=(*earlier.values, label), evidence=(*earlier.evidence, quote(utterance)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A question for a number: of what, on which scale (said where), about an earlier time, and the turn that "
    "met it.
    """

    of: str
    question: Utterance
    scale: str
    on: Utterance | None = None
    before: bool = False
    answered: int = 0


def _asked(text: str, utterance: Utterance, asked: _Asked | None) -> _Asked | None:
    """The question that stands after this sentence of the clinician's."""
    of, scale = _rated(text), _scale(text)
    if _SCALE.search(text) or (of and _RATES.search(text) and not _COUNTED.search(text)):
        # "How likely is it? Zero to a hundred." is one question.
        near = asked if asked and utterance.index - asked.question.index <= FOLLOWS else None
        if near and utterance.turn.id == near.question.turn.id and not of:
            return replace(near, scale=scale or near.scale, on=utterance if scale else near.on)
        kept = near if near and not scale and (not of or of == near.of or of in _SAME_SCALE) else None
        return _Asked(
            of=of or (near.of if near else ""), question=utterance, scale=kept.scale if kept else scale,
            on=(kept.on or kept.question) if kept and kept.scale else None,
        )  # fmt: skip
    if asked and utterance.index - asked.question.index <= 2 * FOLLOWS and _AGAIN.search(text):
        return _Asked(
            of=of or asked.of, question=utterance, scale=asked.scale, on=asked.on or asked.question,
            before="was" in text,
        )  # fmt: skip
    return asked


def _pair(text: str) -> tuple[str, ...]:
    """Two ratings of one thing in one sentence: "about a three before and a five after", "from a seven to a four"."""
    found = _PAIR.search(text)
    if not found:
        return ()
    first, second = (read_numbers(found[name]) for name in ("first", "second"))
    if (
        len(first) != 1
        or len(second) != 1
        or first[0].high
        or second[0].high
        or max(first[0].value, second[0].value) > 100
    ):
        return ()
    return (f"{first[0].value:g}", f"{second[0].value:g}")


def _number(text: str) -> bool:
    return bool(read_numbers(text))


def _is_beyond(value: float, scale: str) -> bool:
    return bool(scale) and value > float(scale[1:])


def _point(rating: Rating) -> Point:
    values = _on_one_scale(rating.values)
    who = "Client" if ":" not in rating.by else f"Client {rating.by.split(':')[1]}"
    if len(values) == 1:
        text = f"{who} rated {rating.of} {values[0]}."
    elif rating.of == _OLD and len(values) == 2:
        way = "fell" if _value(values[1]) < _value(values[0]) else "rose"
        text = f"{who}'s belief in the thought {way} from {values[0]} to {values[1]}."
    else:
        text = f"{who} rated {rating.of} {values[0]}, then {_then(values[1:])}."
    return Point(
        topic="measure",
        text=text,
        evidence=tuple(dict.fromkeys(rating.evidence)),
        weight=0.75 if re.search(r"dead|suicid", rating.of) else 0.55,
        subject=rating.by if rating.by.startswith("client") else "client",
        key=f"rating.{rating.of}.{rating.by}",
    )


def _on_one_scale(values: Sequence[str]) -> tuple[str, ...]:
    """The values, all with the scale that some of them were given on; where scales differ, as they are."""
    scales = {match.group() for value in values if (match := re.search(r"%$|/\d+$", value))}
    if len(scales) != 1:
        return tuple(values)
    scale = scales.pop()
    return tuple(value if value.endswith(scale) else value + scale for value in values)


def _value(label: str) -> float:
    return float(re.sub(r"[%/].*|.*possibly ", "", label))


def _then(values: Sequence[str]) -> str:
    return " then ".join(values) if len(values) <= 2 else ", ".join(values[:-1]) + f" and {values[-1]}"


def _answer(text: str) -> Number | None:
    """The number an answer comes to: its last correction, else its first number; the scale said again is none."""
    text = _NO_NUMBER.sub("", _SCALE.sub("", text))
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
    return numbers[-1] if _CORRECTS.search(text) or _NARROWS.search(text) else numbers[0]


def _label(number: Number, text: str, scale: str) -> str:
    """The number with its scale as it was said: "5/10", "8 to 9/10", "70%"."""
    if number.high is not None:
        return f"{number.value:g} to {number.high:g}"  # a range on a scale can't be told from a scale
    return f"{number.value:g}{'%' if 'percent' in text or '%' in text else scale}"


def _rated(text: str) -> str:
    for name, patterns in _ratings().items():
        if any(pattern.search(text) for pattern in patterns):
            return name
    return ""


def _scale(text: str) -> str:
    found = _SCALE.search(text)
    if not found:
        return ""
    said = found.group()
    for word, top in (
        ("hundred", 100),
        ("100", 100),
        ("ten", 10),
        ("10", 10),
        ("seven", 7),
        ("7", 7),
        ("five", 5),
        ("5", 5),
    ):
        if word in said:
            return f"/{top}"
    return ""


@cache
def _ratings() -> dict[str, tuple[re.Pattern[str], ...]]:
    text = resources.files("trellis.scribe").joinpath("data/instruments.toml").read_text(encoding="utf-8")
    return {
        name: tuple(re.compile(said) for said in patterns) for name, patterns in tomllib.loads(text)["ratings"].items()
    }


_UNIT = re.compile(
    r"\s*-?(?:weeks?|days?|months?|years?|hours?|minutes?|times?|milligrams?|mg|o'clock|pounds?|beers?|drinks?|"
    r"people|"
    r"kids?|cigarettes?|nights?|sessions?|percent of|in the (?:morning|afternoon|evening))"
)
_EARLIER = re.compile(
    r"\b(?:last (?:time|week|night|month|session)|it was|were at|was at|used to be|from)\b[^.?!]{0,15}$"
)
_SCALE = re.compile(
    r"\b(?:(?:from |scale (?:of|from) )?(?:zero|one|0|1)(?: |-)?(?:to|through|and|being|-) ?(?:a )?(?:ten|10|"
    r"hundred|one hundred|100|seven|7|five|5)(?! (?:times|days|hours|minutes|weeks|nights|drinks|years))|"
    r"scale (?:of|from)|out of (?:ten|10|a hundred|100|seven|7)|same scale)\b"
)
_COUNTED = re.compile(r"\bhow (?:much|many)\b[^?]*\b(?:sleep|sleeping|hours|drink|drinking|smoke|smoking|eat|weigh)\b")
"""Asks how much of a thing there is, which is no scale."""
_RATES = re.compile(
    r"\b(?:how (?:strong(?:ly)?|much|likely|bad|high|intense|would you rate|do you rate|disturbing|true|painful|"
    r"upsetting|"
    r"distress(?:ed|ing)|anxious|important|confident|ready|willing)|rate|the number|(?:pick|what|which|choose) "
    r"(?:a )?number|suds?)\b"
)
_AGAIN = re.compile(
    r"^(?:and |ok(?:ay)?[,.]? |so |great[,.]? |good[,.]? )*(?:where(?:'s| is) (?:the|your|that|it|this)|now|and "
    r"now|what about|how about|the wish|and the|and today|today|"
    r"and yesterday|right now|what's the number|the number|what would you say now|how (?:confident|ready|"
    r"important)|where is it now|what number|what would (?:that|the) number be|on \w+ it was)\b"
)
_CORRECTS = re.compile(r"\b(?:no,? (?:wait|sorry|actually|make that)|sorry|actually|i mean|make that|wait)\b")
_NARROWS = re.compile(r"(?:maybe|more like|probably) (?:an? )?\S+$")
_BARE_ANSWER = re.compile(
    r"\W*(?:(?:maybe|or|well|no|more like|like|an?|about|probably|say|um|uh|i'd say|sorry)[, ]+)*"
    r"(?:\d+(?:\.\d+)?|zero|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy|"
    r"eighty|ninety|hundred)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine|and a half))?\W*"
)
_ONE = (
    r"(?:(?:about|around|like|maybe|only|roughly|more like|probably|at|an?) )*(?P<{name}>\d+|zero|one|two|three|"
    r"four|five|"
    r"six|seven|eight|nine|ten|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:five|two|three))?)"
    r"(?: (?:out of \w+|percent))?"
)
_PAIR = re.compile(
    rf"\b(?:was|were|from|it's|is|rated (?:it|my mood)|at|like|about)[, ]+{_ONE.format(name='first')}"
    rf"(?:,? (?:before|at first|at the start|when i (?:started|began)))?(?:,? (?:and|and then|then|to|down to|"
    rf"up to))+ "
    rf"(?:(?:it )?(?:was|went(?: down| up)? to|is) )?{_ONE.format(name='second')}"
    rf"(?= (?:after|by the end|at the end|now|when i)|[.,!]|$)"
)
_BELIEVED = re.compile(r"\bi (?:\w+ )?believed? (?:it|that)\b")
_NO_NUMBER = re.compile(r"\b(?:the|that|this|old|new|first|other|which|each|every|no|any|good|bad) one\b")
_NEW, _OLD = "belief in the new thought", "belief in the thought"
_OLD_TOO = re.compile(r",? (?:and|but|while) (?:the|my|that) (?:old|first|other) (?:one|thought|belief)\b")
_SAME_SCALE = frozenset({_NEW, _OLD, "confidence in change", "importance of change", "readiness to change"})
