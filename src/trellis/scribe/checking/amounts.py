"""Tell whether two numbers are the same amount of the same thing: "fifty milligrams" and "50 mg", not "50 days".

Takes numbers and the texts they stand in; gives whether they agree and what they count.
"""

import re
from collections.abc import Sequence

from trellis.scribe.checking.claims import rules
from trellis.scribe.words.numbers import Number

MEASURES = frozenset(
    {
        "hour",
        "minute",
        "day",
        "week",
        "month",
        "year",
        "night",
        "time",
        "mg",
        "weight",
        "shift",
        "pack",
        "percent",
        "dos",
    }
)


def plain_numbers(text: str) -> str:
    """The text with "7/10" as "7 out of 10"."""
    return re.sub(r"(\d+)\s*/\s*(\d+)", r"\1 out of \2", text)


def is_same(one: Number, other: Number) -> bool:
    """Whether two numbers have one value, range and scale; times of day may leave out their half."""
    if one.kind == "time" and other.kind == "time":
        return one.value % 720 == other.value % 720
    if one.value != other.value:
        return (one.kind == "time" and one.value % 720 == other.value * 60 % 720) or (
            other.kind == "time" and other.value % 720 == one.value * 60 % 720
        )  # fmt: skip
    if one.high != other.high:
        return False
    return one.out_of is None or other.out_of is None or one.out_of == other.out_of


def unit_of(text: str, number: Number) -> str:
    """The word a number counts, by meaning; empty where none follows."""
    following = re.match(
        r"\W*(?:more |other |full |whole |standard |of (?:those|my) )?([a-z]+)", text[number.end :].lower()
    )
    return rules().meaning(following[1]) if following and following[1] not in rules().empty else ""


def shown(number: Number, text: str) -> str:
    """A number as it stands in its text."""
    return plain_numbers(text)[number.start : number.end].strip() or f"{number.value:g}"


def is_turn_of_phrase(number: Number, text: str, heard: Sequence[Number]) -> bool:
    """Whether a number is written out and so small that it may repeat none: "one of", "at first", "the two of them"."""
    if any(sign.isdigit() for sign in shown(number, text)):
        return False
    return number.value == 1 or (number.value == 2 and not heard and unit_of(text, number) not in MEASURES)


def both_ends(number: Number, heard: Sequence[Number]) -> list[Number]:
    """The numbers that were heard at the ends of a range, where both were: "from 64 to 81"."""
    if number.high is None:
        return []
    ends = [[each for each in heard if each.high is None and each.value == end] for end in (number.value, number.high)]
    return [*ends[0], *ends[1]] if all(ends) else []
