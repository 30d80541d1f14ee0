"""Word a denial of danger as a note does: "denies any thoughts of killing themselves" is "denies suicidal ideation".

Takes a sentence that denies; gives it in the words of `data/denials.toml`, or as it was where the table doesn't know
it. What was not asked for is never denied, and no part that was asked for is lost.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_DENIAL = re.compile(r"(?P<who>[A-Z]\w*(?: \d+)?) denies (?P<what>[^“]+?)\.")
_THOUGHTS = re.compile(
    r"(?P<ever>ever )?(?:(?:currently |still )?(?:having|having had) )?(?:any |current )?"
    r"(?:(?P<plain>thoughts|ideas|(?<=any )thought) (?:of|about)|(?:having thought|thinking) (?:of|about))"
    r"(?: wanting to(?= (?:kill|hurt|harm|end)\b))? (?P<acts>.+?)"
    r"(?P<when>,? (?:lately|recently|currently|today|right now|now|at the moment|at present|since .+|"
    r"(?:in|over|during) the (?:past|last) .+|this (?:past )?week|last week))?"
)
_PARTS = re.compile(r",? (?:or|and) (?:even )?(?:(?:thoughts )?(?:of|about) )?|, (?:of |about )?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Denials:
    """The table, its left sides compiled."""

    thoughts: Mapping[re.Pattern[str], str]
    acts: Mapping[re.Pattern[str], str]


@cache
def denials() -> Denials:
    """The shipped table."""
    with (files("trellis.scribe") / "data" / "denials.toml").open("rb") as file:
        data = tomllib.load(file)
    return Denials(
        thoughts={re.compile(said): note for said, note in data["thoughts"].items()},
        acts={re.compile(said): note for said, note in data["acts"].items()},
    )


def deny(text: str) -> str:
    """The denial in clinical wording; the text as it is where the table has no word for it, or nothing is denied."""
    denial = _DENIAL.fullmatch(text)
    if denial is None:
        return text
    noun = _of_act(denial["what"]) or _of_thoughts(denial["what"])
    return f"{denial['who']} denies {noun}." if noun else text


def _of_act(what: str) -> str | None:
    body, _, example = what.partition(", like ")
    noun = _noun(body, denials().acts)
    return f"{noun}, like {example}" if noun and example else noun


def _of_thoughts(what: str) -> str | None:
    found = _THOUGHTS.fullmatch(what)
    if found is None:
        return None
    parts = [_noun(part, denials().thoughts) for part in _PARTS.split(found["acts"])]
    known = [noun for noun in parts if noun is not None]
    if len(known) == len(parts):
        told = _listed(known)
    elif found["plain"]:
        told = f"thoughts of {found['acts'].replace(', or ', ' or ')}"
    else:
        return None
    return f"{'ever having had ' if found['ever'] else ''}{told}{found['when'] or ''}"


def _noun(said: str, table: Mapping[re.Pattern[str], str]) -> str | None:
    return next((note for pattern, note in table.items() if pattern.fullmatch(said)), None)


def _listed(nouns: list[str]) -> str:
    """Each once, "thoughts" said only the first time."""
    told: list[str] = []
    for noun in dict.fromkeys(nouns):
        again = any(each.startswith("thoughts of ") for each in told)
        told.append(noun.removeprefix("thoughts ") if again else noun)
    return " or ".join(told)
