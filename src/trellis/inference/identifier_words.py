"""What is known of the words by which names are told: lists, how words of English are formed, where names stand.

Takes a word in small letters; gives whether it is listed, or no word of English. The lists and patterns are data
(`data/identifiers.toml`), to be read and changed by review.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from trellis.inference.ordinary_words import ordinary_words

WORD = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*(?<!['’][sS])")
ENDINGS = ("'s", "s", "es", "ed", "d", "ing", "er", "ers", "ly", "y", "ness", "less", "in")
BEGINNINGS = ("un", "re", "over", "out", "pre", "mis", "non", "anti", "under")
BRITISH = (("our", "or"), ("ise", "ize"), ("isation", "ization"), ("ised", "ized"), ("ae", "e"))


@dataclass(frozen=True, slots=True)
class Piece:
    """A word as the pipeline cuts it, with its Penn tag."""

    start: int
    tag: str


@dataclass(frozen=True, slots=True)
class Named:
    """What the pipeline takes for a name, with its label (`PERSON`, `GPE` …)."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its tag, the label of a name it is part of, whether it opens a sentence, what is around it."""

    text: str
    start: int
    end: int
    tag: str
    label: str
    opens: bool
    before: str
    after: str

    @property
    def low(self) -> str:
        """The word as lists have it."""
        return self.text.lower().replace("’", "'").rstrip(".")

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Lists:
    """The words of `data/identifiers.toml`, by what they are.

    `both` are given names, `words_too` other names that are words as well; `clinical` and `headings` name nobody,
    `eponyms` nobody unless a title or a name stands before them.
    """

    given: frozenset[str]
    surnames: frozenset[str]
    both: frozenset[str]
    cities: frozenset[str]
    words_too: frozenset[str]
    clinical: frozenset[str]
    eponyms: frozenset[str]
    headings: frozenset[str]
    organisation: frozenset[str]
    place: frozenset[str]
    kin: frozenset[str]
    titles: frozenset[str]
    months: frozenset[str]
    joins: frozenset[str]
    inside: frozenset[str]
    on_instruments: frozenset[str]
    generic: frozenset[str]
    whoever: frozenset[str]
    phrases: re.Pattern[str]


@cache
def lists() -> Lists:
    """The lists, read once."""
    read = _data()
    phrases: list[str] = read["phrases"]
    words = {name: frozenset(value.split()) for name, value in read.items() if isinstance(value, str)}
    parts = {part for phrase in phrases for part in phrase.split()}
    firms = [*phrases, *sorted(words["companies"] - parts - words["words_too"])]
    return Lists(
        given=words["given"] - words["both"] - words["kin"],
        surnames=words["surnames"],
        both=words["both"],
        cities=words["cities"] - parts - words["place_words"],
        words_too=words["words_too"],
        clinical=words["clinical"] | words["eponyms"] | words["words"],
        eponyms=words["eponyms"],
        headings=words["words"] - words["clinical"],
        organisation=words["organisation_words"],
        place=words["place_words"],
        kin=words["kin"],
        titles=words["titles"],
        months=words["months"],
        joins=words["joins"],
        inside=words["inside"],
        on_instruments=words["on_instruments"],
        generic=words["generic"],
        whoever=words["whoever"],
        phrases=re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, firms))})(?![\w-])", re.IGNORECASE),
    )


@cache
def pattern(name: str) -> re.Pattern[str]:
    """One of the places where names stand, by its name in the data."""
    return re.compile(_data()["patterns"][name])


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("trellis.inference").joinpath("data/identifiers.toml").read_text("utf-8"))


def is_listed(low: str) -> bool:
    """Whether a word is on a list of names, be it a word as well."""
    known = lists()
    return low in known.given or low in known.surnames or low in known.cities or low in known.both


def is_clinical(low: str) -> bool:
    """Whether a word names nobody, be it with an ending."""
    return not {low, low.split("'", maxsplit=1)[0], low.removesuffix("s")}.isdisjoint(lists().clinical)


def is_only_a_word(part: str) -> bool:
    """Whether part of a name, met elsewhere, is more likely a word: written small, and one of English."""
    known, low = lists(), part.lower()
    if low in known.months | known.joins | known.clinical | known.titles:
        return True
    return part.islower() and (part in known.both or (part in ordinary_words() and part not in known.given))


@cache
def is_unknown(low: str) -> bool:
    """Whether a word is none of English, by itself or without an ending; nor a drug or a word of medicine by its form.

    Never where the list of ordinary words isn't there.
    """
    ordinary = ordinary_words()
    if not ordinary or len(low) < 3:
        return False
    if re.match(r"o'|mc[a-z]{3}|mac[a-z]{4}", low) and low not in ordinary and low != "o'clock":
        return True
    if "n't" in low or low.split("'", maxsplit=1)[0] in ordinary or pattern("formed").search(low):
        return False
    if pattern("druglike").search(low) or any(stem in ordinary or stem in lists().clinical for stem in _stems(low)):
        return False
    halves = ((low[:cut], low[cut:]) for cut in range(3, len(low) - 2))
    return not any(all(half in ordinary and not is_listed(half) for half in both) for both in halves)


def _stems(low: str) -> set[str]:
    stems = {low, low.replace("'", "")}
    for ending in ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) > 2:
            stem = low[: -len(ending)]
            stems |= {stem, stem + "e", stem + "y", stem[:-1]}
    for start in BEGINNINGS:
        if low.startswith(start) and len(low) - len(start) > 3:
            rest = low[len(start) :]
            stems |= {rest, rest.removesuffix("ed"), rest.removesuffix("s"), rest.removesuffix("ing")}
    return stems | {low.replace(ours, theirs) for ours, theirs in BRITISH}
