"""The clinical names a recogniser mishears, read once from data when first needed.

Takes `data/vocabulary.toml`; gives the names with their sounds, the words that speak for them and the words no
correction may touch.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from trellis.scribe.hearing.sounds import skeleton, sounds

Kind = Literal["medication", "term", "other"]

LEAST_SHARED = 0.5
"""Likeness of consonants below which a name isn't looked at."""

NUMBER_WORDS: Mapping[str, str] = {
    word: str(value)
    for words, first, step in (
        ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen", 0, 1),
        ("sixteen seventeen eighteen nineteen", 16, 1),
        ("twenty thirty forty fifty sixty seventy eighty ninety hundred", 20, 10),
        ("thousand million half quarter couple dozen once twice few several", 1000, 1),
        ("first second third fourth fifth sixth seventh eighth ninth tenth", 2001, 1),
    )
    for value, word in zip(range(first, first + 99 * step, step), words.split(), strict=False)
}
"""Number words and what they are compared as: digits where they have some, a code of their own where not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as it is written, and the ways it sounds, each with its skeleton of consonants."""

    text: str
    kind: Kind
    keys: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All names, how some are heard, and the words around them that count.

    `frames` are the skeletons of all ways to say all names, `ways` the name and way behind each.
    """

    names: tuple[Name, ...]
    frames: tuple[str, ...]
    ways: tuple[tuple[Name, str], ...]
    known: frozenset[str]
    medications: frozenset[str]
    heard: Mapping[tuple[str, ...], str]
    letters: Mapping[tuple[str, ...], str]
    apart: frozenset[frozenset[str]]
    strong: frozenset[str]
    weak: frozenset[str]
    slot: frozenset[str]
    terms: frozenset[str]
    negations: frozenset[str]
    risk: frozenset[str]

    def near(self, bones: str, most: int) -> list[tuple[Name, str]]:
        """The names whose consonants are most like these, each with the way of saying it that is."""
        found = process.extract(
            bones, self.frames, scorer=Levenshtein.normalized_similarity, score_cutoff=LEAST_SHARED, limit=most
        )
        return [self.ways[at] for _, _, at in found]

    def protected(self, words: Iterable[str]) -> list[str]:
        """The negations, numbers and risk words among these, sorted; a number word counts as its digits."""
        found = []
        for word in words:
            plain = word.lower().replace("’", "'")
            if plain in NUMBER_WORDS or plain.isdigit():
                found.append(NUMBER_WORDS.get(plain, plain))
            elif plain.replace("'", "") in self.negations or plain.endswith("n't") or self._is_risk(plain):
                found.append(plain)
        return sorted(found)

    def _is_risk(self, word: str) -> bool:
        return word in self.risk or word.removesuffix("s") in self.risk or word.startswith(("suicid", "overdos"))


def words_of(*lines: str) -> frozenset[str]:
    """The words of a few lines."""
    return frozenset(word for line in lines for word in line.split())


@cache
def load_vocabulary() -> Vocabulary:
    """The vocabulary, read once."""
    data = tomllib.loads((resources.files("trellis.scribe") / "data" / "vocabulary.toml").read_text("utf-8"))
    medications = [name for generic, brands in data["medications"].items() for name in (generic, *brands)]
    others, terms = data["others"]["names"], data["terms"]["names"]
    context, protected = data["context"], data["protected"]
    names = (
        *(_name(text, "medication", data["sounds"]) for text in medications),
        *(_name(text, "term", data["terms"]["sounds"]) for text in terms),
        *(_name(text, "other", {}) for text in others),
    )
    return Vocabulary(
        names=names,
        frames=tuple(frame for name in names for _, frame in name.keys),
        ways=tuple((name, way) for name in names for way, _ in name.keys),
        known=frozenset(name.lower() for name in (*medications, *others, *terms)),
        medications=frozenset(name.lower() for name in medications),
        heard={tuple(said.split()): text for said, text in data["heard"].items()},
        letters={tuple(said.split()): text for said, text in data["letters"].items()},
        apart=frozenset(frozenset(pair) for pair in data["apart"]["pairs"]),
        strong=frozenset(context["strong"]),
        weak=frozenset(context["weak"]),
        slot=frozenset(context["slot"]),
        terms=frozenset(context["terms"]),
        negations=frozenset(protected["negations"]),
        risk=frozenset(protected["risk"]),
    )


def _name(text: str, kind: Kind, ways: Mapping[str, Any]) -> Name:
    read = dict.fromkeys(sounds(way) for way in (text, *ways.get(text, ())))
    return Name(text=text, kind=kind, keys=tuple((way, skeleton(way)) for way in read))
