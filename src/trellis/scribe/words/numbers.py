"""Read the numbers in what people say: "fifty milligrams", "two to three times", "at six thirty", "seven out of ten".

Why: a note writes 50 mg where the client said fifty, and a check has to see that they are the same; and a number a
correction or a writer lost or made up has to be noticed.

Takes any text, spoken or written. Gives the numbers in the order they stand, each with its place in the text. English
only. Names of instruments (PHQ-9, "GAD seven") hold no number. Never fails.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from trellis.scribe.words.number_words import (
    AT,
    HALF_DAYS,
    INSTRUMENTS,
    MONTHS,
    NOT_A_COUNT,
    NOT_A_RANK,
    ONES,
    ORDINALS,
    SCALES,
    TENS,
)

Kind = Literal["count", "ordinal", "percent", "time", "date", "year"]

REMEMBERED = 8192
"""Texts whose numbers are remembered."""

_TOKEN = re.compile(
    r"(?P<clock>\d{1,2}:[0-5]\d(?!\d))|(?P<digits>\d+(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+|\.\d+)(?P<rank>st|nd|rd|th)?\b"
    r"|(?P<glued>\d+(?:\.\d+)?)(?=[A-Za-z])|(?P<half>[ap]\.m\.?)|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)|(?P<sign>[^\w\s])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number as it was said and where: `text[start:end]`.

    `value` of a `time` is in minutes after midnight as far as was said ("six thirty" is 390, "half past six pm" 1110),
    of a `date` its day of the month with the `month` beside it (1 to 12). `high` is the upper end of a range ("two or
    three"), `out_of` the upper end of a scale ("seven out of ten"). `is_about` where the word itself is loose
    ("a couple").
    """

    value: float
    start: int
    end: int
    kind: Kind = "count"
    high: float | None = None
    out_of: float | None = None
    month: int | None = None
    is_about: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int
    digits: float | None = None
    is_rank: bool = False
    clock: int | None = None
    gap: bool = True  # stands apart from the token before


@lru_cache(maxsize=REMEMBERED)
def read_numbers(text: str) -> tuple[Number, ...]:
    """Every number in the text, in the order they stand; a range or a scale is one number. Remembered."""
    tokens = _tokens(text)
    found: list[tuple[Number, int, int]] = []
    at = 0
    while at < len(tokens):
        read = _number(tokens, at)
        if read is None:
            at += 1
            continue
        number, after = read
        found.append((number, at, after))
        at = after
    return _joined(tokens, found)


def numbers_in(text: str) -> tuple[float, ...]:
    """Every value the text holds, both ends of ranges included, sorted: what a comparison needs."""
    ends = (end for number in read_numbers(text) for end in (number.value, number.high, number.out_of))
    return tuple(sorted(end for end in ends if end is not None))


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    for match in _TOKEN.finditer(text):
        digits = match["digits"] or match["glued"]
        clock = match["clock"]
        tokens.append(
            _Token(
                match.group().lower(),
                match.start(),
                match.end(),
                digits=float(digits.replace(",", "")) if digits and len(digits) < 16 else None,
                is_rank=bool(match["rank"]),
                clock=_clock(clock) if clock else None,
                gap=not tokens or tokens[-1].end < match.start(),
            )
        )
    return tokens


def _clock(text: str) -> int | None:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes) if int(hours) < 24 else None


def _number(tokens: list[_Token], at: int) -> tuple[Number, int] | None:
    """The number that begins here and the position after it."""
    token = tokens[at]
    if _is_part_of_a_name(tokens, at):
        return None
    if token.clock is not None:
        return _timed(tokens, at, at + 1, token.clock)
    if token.digits is not None:
        return _written(tokens, at)
    if not token.text[0].isalpha():
        return None
    return _loose(tokens, at) or _spoken_time(tokens, at) or _spoken(tokens, at)


def _is_part_of_a_name(tokens: list[_Token], at: int) -> bool:
    """PHQ-9, COVID-19, B12; "PHQ nine"."""
    token, before = tokens[at], _text(tokens, at - 1)
    if token.digits is not None and not token.gap and at > 0:
        if before[-1].isalpha():
            return True
        if before == "-" and at > 1 and _text(tokens, at - 2)[0].isalpha():
            return not tokens[at - 1].gap and _text(tokens, at - 2) not in ONES | TENS
    value = token.digits if token.digits is not None else ONES.get(token.text, -1)
    spelled = "".join(_text(tokens, at - step) for step in (3, 2, 1))
    return (before, int(value)) in INSTRUMENTS or (len(spelled) == 3 and (spelled, int(value)) in INSTRUMENTS)


def _written(tokens: list[_Token], at: int) -> tuple[Number, int] | None:
    token = tokens[at]
    value = token.digits
    assert value is not None
    after = at + 1
    if token.is_rank:
        return _dated(tokens, at, Number(value=value, start=token.start, end=token.end, kind="ordinal")), after
    if _text(tokens, after) in SCALES:
        value *= SCALES[tokens[after].text]
        after += 1
    value, after = _with_half(tokens, after, value)
    return _finished(tokens, at, after, value)


def _spoken(tokens: list[_Token], at: int) -> tuple[Number, int] | None:
    token = tokens[at]
    if token.text in ORDINALS:
        if token.text == "second" and _text(tokens, at - 1) in NOT_A_RANK:
            return None
        if token.text == "first" and _text(tokens, at - 1) == "at":
            return None
        rank = Number(value=ORDINALS[token.text], start=token.start, end=token.end, kind="ordinal")
        return _dated(tokens, at, rank), at + 1
    if token.text in {"point", "zero", "oh"} or token.text in ONES:
        decimal = _decimal(tokens, at)
        if decimal is not None:
            return _finished(tokens, at, decimal[1], decimal[0])
    if token.text == "one" and (_text(tokens, at - 1) in NOT_A_COUNT) and _text(tokens, at + 1) not in SCALES:
        return None
    read = _cardinal(tokens, at)
    if read is None:
        return None
    value, after, is_year = read
    rank_at = _skip_hyphen(tokens, after)
    if value % 10 == 0 and 20 <= value < 100 and 0 < ORDINALS.get(_text(tokens, rank_at), 0) < 10:
        end = tokens[rank_at].end
        rank = Number(value=value + ORDINALS[tokens[rank_at].text], start=token.start, end=end, kind="ordinal")
        return _dated(tokens, at, rank), rank_at + 1
    if is_year:
        return Number(value=value, start=token.start, end=tokens[after - 1].end, kind="year"), after
    value, after = _with_half(tokens, after, value)
    return _finished(tokens, at, after, value)


def _cardinal(tokens: list[_Token], at: int) -> tuple[float, int, bool] | None:
    """A cardinal in words: its value, the position after it, and whether it is said as a year."""
    digits = _digit_string(tokens, at)
    if digits is not None:
        return (*digits, False)
    read = _below_hundred(tokens, at)
    if read is None:
        if _text(tokens, at) in {"a", "an"} and _text(tokens, at + 1) in SCALES:
            read = (1, at + 1)
        else:
            return None
    value, after = read
    total = 0.0
    while _text(tokens, after) in SCALES:
        scale = SCALES[tokens[after].text]
        value, after = value * scale, after + 1
        start = after + 1 if _text(tokens, after) == "and" else after
        rest = _below_hundred(tokens, start)
        if scale > 100:
            total, value = total + value, 0
        if rest is None:
            break
        value, after = value + rest[0], rest[1]
    if total or value >= 100 or after == at:
        return total + value, after, False
    pair = _below_hundred(tokens, after)
    if pair is not None and pair[0] >= 10 and not _is_hyphen(tokens, after):
        if value in {19, 20} and _text(tokens, pair[1]) not in SCALES:
            return value * 100 + pair[0], pair[1], True
        if 1 <= value <= 9 and _text(tokens, pair[1]) not in SCALES:
            return value * 100 + pair[0], pair[1], False  # "one fifty", as doses are said
    return value, after, False


def _below_hundred(tokens: list[_Token], at: int) -> tuple[float, int] | None:
    word = _text(tokens, at)
    if word in TENS:
        after = _skip_hyphen(tokens, at + 1)
        unit = ONES.get(_text(tokens, after), 0)
        return (TENS[word] + unit, after + 1) if 0 < unit < 10 else (TENS[word], at + 1)
    return (ONES[word], at + 1) if word in ONES else None


def _digit_string(tokens: list[_Token], at: int) -> tuple[float, int] | None:
    """Three or more single digits in a row are read out, not counted: "nine eight eight"."""
    after = at
    said = ""
    while len(said) < 12 and (ONES.get(_text(tokens, after), 10) < 10 or (said and _text(tokens, after) == "oh")):
        said += str(ONES.get(tokens[after].text, 0))
        after += 1
    return (float(said), after) if len(said) >= 3 else None


def _decimal(tokens: list[_Token], at: int) -> tuple[float, int] | None:
    """Such as "point five", "zero point two five", "two point five"."""
    whole: float = 0
    point = at
    if _text(tokens, at) != "point":
        read = (0.0, at + 1) if _text(tokens, at) == "oh" else _below_hundred(tokens, at)
        if read is None:
            return None
        whole, point = read
    if _text(tokens, point) != "point":
        return None
    said, after = "", point + 1
    while len(said) < 6 and ONES.get(_text(tokens, after), 10) < 10:
        said += str(ONES[tokens[after].text])
        after += 1
    if not said and (tens := _below_hundred(tokens, after)):
        said, after = str(int(tens[0])), tens[1]
    return (float(f"{int(whole)}.{said}"), after) if said else None


def _loose(tokens: list[_Token], at: int) -> tuple[Number, int] | None:
    """Such as "a couple", "half a dozen", "twice", "once a day", "half an hour"."""
    words = [_text(tokens, at + step) for step in range(3)]
    match words:
        case ["a", "couple", *_]:
            return Number(value=2, start=tokens[at].start, end=tokens[at + 1].end, is_about=True), at + 2
        case ["half", "a", "dozen"]:
            return Number(value=6, start=tokens[at].start, end=tokens[at + 2].end, is_about=True), at + 3
        case ["a", "dozen", *_]:
            return Number(value=12, start=tokens[at].start, end=tokens[at + 1].end, is_about=True), at + 2
        case ["half", "an" | "a", *_]:
            return Number(value=0.5, start=tokens[at].start, end=tokens[at].end), at + 1
        case ["three", "quarters", *_]:
            return Number(value=0.75, start=tokens[at].start, end=tokens[at + 1].end), at + 2
        case ["twice", *_]:
            return Number(value=2, start=tokens[at].start, end=tokens[at].end), at + 1
        case ["once", "a" | "an" | "or" | "every" | "per" | "daily" | "in" | "weekly", *_]:
            return Number(value=1, start=tokens[at].start, end=tokens[at].end), at + 1
        case _:
            return None


def _spoken_time(tokens: list[_Token], at: int) -> tuple[Number, int] | None:
    """Such as "half past six", "quarter to nine", "six thirty", "eight o'clock"."""
    words = [_text(tokens, at + step) for step in range(3)]
    if words[0] in {"half", "quarter"} and words[1] in {"past", "to", "after"} and 0 < ONES.get(words[2], 0) <= 12:
        minutes = 30 if words[0] == "half" else 15
        value = ONES[words[2]] * 60 + (-minutes if words[1] == "to" else minutes)
        return _timed(tokens, at, at + 3, value)
    hour = ONES.get(words[0], 0)
    if not 0 < hour <= 12:
        return None
    if words[1].replace("’", "'") in {"o'clock", "oclock"}:
        return _timed(tokens, at, at + 2, hour * 60)
    rest = _below_hundred(tokens, at + 1)
    if words[1] == "oh" and 0 < ONES.get(words[2], 0) < 10:
        rest = (ONES[words[2]], at + 3)
    elif rest is not None and rest[0] < 10:
        return None
    if rest is not None and rest[0] < 60 and (_text(tokens, at - 1) in AT or _half_day(tokens, rest[1]) is not None):
        return _timed(tokens, at, rest[1], hour * 60 + rest[0])
    return None


def _half_day(tokens: list[_Token], at: int) -> tuple[int, int] | None:
    word = _text(tokens, at)
    if word in HALF_DAYS:
        return HALF_DAYS[word], at + 1
    said = [_text(tokens, at + step) for step in range(3)]
    if said[:2] == ["in", "the"] and said[2] in {"morning", "afternoon", "evening"}:
        return (0 if said[2] == "morning" else 12), at + 3
    return (12, at + 2) if said[:2] == ["at", "night"] else None


def _timed(tokens: list[_Token], at: int, after: int, minutes: float) -> tuple[Number, int]:
    half = _half_day(tokens, after)
    end = tokens[after - 1].end
    if half is not None:
        offset, after = half
        hour = minutes // 60
        if offset and hour < 12:
            minutes += 12 * 60
        elif not offset and hour == 12:
            minutes -= 12 * 60
        end = tokens[after - 1].end
    return Number(value=minutes, start=tokens[at].start, end=end, kind="time"), after


def _finished(tokens: list[_Token], at: int, after: int, value: float) -> tuple[Number, int]:
    """The number with what stands behind it: percent, a half of the day, the month before it."""
    word = _text(tokens, after)
    if word in {"percent", "%"} or (word == "per" and _text(tokens, after + 1) == "cent"):
        after += 2 if word == "per" else 1
        return Number(value=value, start=tokens[at].start, end=tokens[after - 1].end, kind="percent"), after
    if 0 < value <= 12 and value == int(value) and word in HALF_DAYS:
        return _timed(tokens, at, after, value * 60)
    number = Number(value=value, start=tokens[at].start, end=tokens[after - 1].end)
    if tokens[at].digits is not None and after == at + 1 and 1900 <= value < 2100 and value == int(value):
        number = replace(number, kind="year")
    return _dated(tokens, at, number), after


def _dated(tokens: list[_Token], at: int, number: Number) -> Number:
    """A day of a month where a month stands before it ("March fourth")."""
    before = _text(tokens, at - 2) if _text(tokens, at - 1) == "the" else _text(tokens, at - 1)
    month = MONTHS.get(before)
    if month is None or not 1 <= number.value <= 31 or number.value != int(number.value):
        return number
    if before in {"may", "march"} and number.kind != "ordinal":
        return number  # "I may two of them"; months that are also verbs need the rank
    return replace(number, kind="date", month=month)


def _with_half(tokens: list[_Token], after: int, value: float) -> tuple[float, int]:
    if [_text(tokens, after + step) for step in range(3)] == ["and", "a", "half"]:
        return value + 0.5, after + 3
    return value, after


def _joined(tokens: list[_Token], found: list[tuple[Number, int, int]]) -> tuple[Number, ...]:
    """Ranges and scales become one number: "two or three", "5-6", "between one and two", "seven out of ten"."""
    numbers: list[Number] = []
    last_after = -1
    for number, at, after in found:
        between = [token.text for token in tokens[last_after:at]] if numbers else []
        before = numbers[-1] if numbers else None
        if before is not None and before.high is None and before.out_of is None and before.kind != "ordinal":
            if between == ["out", "of"] or (between == ["/"] and before.kind == "count" and number.value >= 10):
                numbers[-1] = replace(before, out_of=number.value, end=number.end)
                last_after = after
                continue
            opens = _text(tokens, _index(tokens, before.start) - 1)
            is_range = between in (["to"], ["or"], ["-"], ["–"]) or (between == ["and"] and opens == "between")
            kinds = {before.kind, number.kind}
            if is_range and number.value > before.value and (len(kinds) == 1 or kinds == {"count", "percent"}):
                numbers[-1] = replace(before, high=number.value, end=number.end, kind=number.kind)
                last_after = after
                continue
        numbers.append(number)
        last_after = after
    return tuple(numbers)


def _index(tokens: list[_Token], start: int) -> int:
    return next(at for at, token in enumerate(tokens) if token.start == start)


def _text(tokens: list[_Token], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) else ""


def _is_hyphen(tokens: list[_Token], at: int) -> bool:
    return _text(tokens, at) == "-"


def _skip_hyphen(tokens: list[_Token], at: int) -> int:
    return at + 1 if _is_hyphen(tokens, at) and not tokens[at].gap else at
