"""Tell whether two numbers are the same amount of the same thing: "fifty milligrams" and "50 mg", not "50 days".

Takes numbers and the texts they stand in; gives whether they agree and what they count.
"""

import re

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


def is_turn_of_phrase(number: Number, text: str) -> bool:
    """Whether a number is written out and so small that it may count nothing: "one of", "at first"."""
    return number.value == 1 and not any(sign.isdigit() for sign in shown(number, text))
