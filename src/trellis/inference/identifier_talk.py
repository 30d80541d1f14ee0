"""Names in talk without capitals, as recognition and hurried people write it.

Takes a text and its words; tells names by lists, by being no word of English, and by what stands before them ("my
sponsor …", "i told …", "work at …"). Gives identifiers, which may lie over one another.
"""

import re
from collections.abc import Iterator, Sequence

from trellis.inference.identifier_words import Word, is_listed, is_unknown, lists, pattern
from trellis.inference.identifiers import Identifier, IdentifierKind

NOUNS = frozenset({"NN", "NNP"})
NOUNLIKE = frozenset({"NN", "NNP", "NNS", "NNPS", "JJ", "FW", "UH", "XX", "VB", "VBG", "ADD"})
VERBAL = frozenset(
    {
        "VB",
        "VBD",
        "VBG",
        "VBP",
        "VBZ",
        "MD",
        "IN",
        "DT",
        "PRP",
        "PRP$",
        "CC",
        "TO",
        "RB",
        "WP",
        "WRB",
        "WDT",
        "EX",
        "CD",
    }
)
SIDES = frozenset({"east", "west", "north", "south", "downtown"})
MARRIED = frozenset({"mr", "mrs", "ms", "miss", "mister"})
CALLED = MARRIED | {"dr", "auntie", "judge", "pastor", "coach"}
NO_STREETS = frozenset({"down", "across", "up", "on", "off", "dirt", "long", "by", "wrong", "memory"})


def is_talk(text: str) -> bool:
    """Whether a text begins small, or has no capitals but those of "I" and of abbreviations."""
    if next((char for char in text if char.isalpha()), "I").islower():
        return True
    words = re.findall(r"[^\W\d_][\w'’]*", text)
    return not any(word[0].isupper() and not word.isupper() and not word.startswith("I'") for word in words)


def names_in_talk(text: str, words: Sequence[Word]) -> Iterator[Identifier]:
    """Every name in talk."""
    yield from _by_word(words)
    yield from _by_place(text.lower(), words)
    yield from _by_trigger(text.lower(), {word.start: word.tag for word in words})


def _by_word(words: Sequence[Word]) -> Iterator[Identifier]:
    is_name = False
    for at, word in enumerate(words):
        last = words[at - 1] if at and words[at - 1].end + 2 >= word.start else None
        is_name = _is_name(word, last, after_name=is_name)
        if is_name:
            is_city = word.low in lists().cities
            start = last.start if last and is_city and last.low in SIDES else word.start
            yield Identifier(start, word.end, "place" if is_city else "name")


def _is_name(word: Word, last: Word | None, *, after_name: bool) -> bool:
    known, low, before = lists(), word.low, word.before.lower()
    beside = last.low if last else ""
    if low in known.clinical or len(low) < 2:
        return False
    if low in known.given:
        return True
    if low in known.both:
        is_asked = bool(pattern("asking").search(before))
        is_named = is_asked or beside in known.kin | MARRIED or (after_name and last is not None)
        return is_named and word.tag not in {"MD", "IN"} and (low != "will" or is_asked)
    if low in known.surnames:
        return low not in known.words_too or after_name or (beside in known.titles and beside not in known.kin)
    if low in known.cities:
        return low not in known.words_too or bool(pattern("where").search(before))
    return is_unknown(low) or (beside in CALLED and word.tag in NOUNLIKE)


def _by_place(text: str, words: Sequence[Word]) -> Iterator[Identifier]:
    """Schools, streets, lakes: words that place a person, told by the last or the first of them."""
    generic = lists().generic
    for word in words:
        match = pattern("schooled").search(text, word.start)
        is_here = match is not None and match.start() == word.start and word.low not in generic
        if match and is_here and (word.tag not in VERBAL or is_listed(word.low)):
            yield Identifier(match.start(), match.end(), "organisation")
    for match in pattern("streets").finditer(text):
        if match["of"] not in generic | NO_STREETS:
            yield Identifier(match.start("x"), match.end("x"), "place")
    for match in pattern("natural").finditer(text):
        if (match["a"] or match["b"]) not in generic:
            yield Identifier(match.start("x"), match.end("x"), "place")


def _by_trigger(text: str, tags: dict[int, str]) -> Iterator[Identifier]:
    """What follows words that ask for a name."""
    known = lists()
    nobody = known.whoever | known.kin | known.clinical | known.generic

    def found(name: str) -> Iterator[tuple[re.Match[str], str]]:
        return ((match, tags.get(match.start("x"), "")) for match in pattern(name).finditer(text))

    def as_name(match: re.Match[str], kind: IdentifierKind = "name") -> Identifier:
        return Identifier(match.start("x"), match.end("x"), kind)

    for match, tag in found("speaks"):
        if match["kin"] in known.kin and match["x"] not in known.kin | known.generic and tag in NOUNS:
            yield as_name(match)
    for match, tag in (*found("tells"), *found("itself")):
        if tag in NOUNS and match["x"] not in nobody:
            yield as_name(match)
    for match, _ in found("works"):
        if match["x"].split(maxsplit=1)[0] not in known.clinical:
            yield as_name(match, "organisation")
    for match, _ in found("opening"):
        if is_listed(match["x"]) or match["x"] in known.months:
            yield as_name(match)
