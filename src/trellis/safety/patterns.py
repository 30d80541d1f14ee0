"""The small language rules are written in, so that a clinician can read them.

    i [have] (thought|been thinking) about .. <method>

A word stands for itself; `want~` for every form of the verb; `kill*` for every word that begins so; `(a|b c)` for
either; `[a]` and `(a)?` for perhaps; `<name>` for a list of the same language; `..` for up to four words of the same
clause, `...` for up to nine of the same sentence; `_` for any one word; `^` and `$` for the sentence's ends.
Takes the text of a pattern; gives a compiled one that finds itself in a sentence's words. A pattern that can't be
read raises `ValueError` with its text: rules are ours, and tests read them all.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from trellis.safety.lexicon import load_lexicon
from trellis.safety.words import Word, plain

_PIECE = re.compile(r"<[\w-]+>|\)\?|[()\[\]|]|\.{2,3}|[^\s()\[\]|<>]+")

_PLAIN_WORD = re.compile(r"[\w']+")
_NEGATIONS = {
    "not",
    "no",
    "never",
    "nobody",
    "nothing",
    "none",
    "without",
    "neither",
    "nor",
    "nunca",
    "jamas",
    "nadie",
    "ni",
    "sin",
    "nada",
}

_CLOSERS = (")", ")?", "]", "|")


@dataclass(frozen=True, slots=True)
class Words:
    """One word out of a set, or one that begins with a prefix."""

    exact: frozenset[str]
    prefixes: tuple[str, ...] = ()

    def holds(self, word: str) -> bool:
        """Whether this word is meant."""
        return word in self.exact or (bool(self.prefixes) and word.startswith(self.prefixes))


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to so many words; of the same clause unless it crosses."""

    most: int
    crosses: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences, or none of them where optional."""

    options: "tuple[Items, ...]"
    optional: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """An end of the sentence."""

    side: Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class AnyWord:
    """Any one word."""


Item = Words | Gap | Choice | Edge | AnyWord
Items = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; `anchor` is a set of words one of which any match holds, `head` one it begins with (None:
    nothing is sure); `negates`: it says no itself.
    """

    text: str
    items: Items
    anchor: Words | None
    head: Words | None = None
    negates: bool = False

    def find(self, words: Sequence[Word], first: int = 0) -> Iterator[tuple[int, int]]:
        """Each place it matches, as word positions [start, end)."""
        head = self.head
        for start in range(first, len(words)):
            if head is not None and not head.holds(words[start].text):
                continue
            end = next(_ends(self.items, 0, words, start), None)
            if end is not None and end > start:
                yield start, end

    def at(self, words: Sequence[Word], start: int) -> int | None:
        """The end of a match that begins at this word, if there is one."""
        return next(_ends(self.items, 0, words, start), None)


def compile_pattern(text: str, lists: Mapping[str, Sequence[str]]) -> Pattern:
    """Read a pattern; `lists` are the named lists it may use."""
    pieces = _PIECE.findall(text)
    items, rest = _sequence(pieces, 0, lists, text)
    if rest != len(pieces):
        raise ValueError(f"unbalanced pattern: {text}")
    negates = not _NEGATIONS.isdisjoint(_PLAIN_WORD.findall(text))
    return Pattern(text, items, _anchor(items), _head(items), negates)


def _ends(items: Items, at: int, words: Sequence[Word], here: int) -> Iterator[int]:
    """Every position where the rest of the items may end, nearest first."""
    if at == len(items):
        yield here
        return
    item = items[at]
    if isinstance(item, Words):
        if here < len(words) and item.holds(words[here].text):
            yield from _ends(items, at + 1, words, here + 1)
    elif isinstance(item, Choice):
        yield from _choice_ends(item, items, at, words, here)
    elif isinstance(item, Gap):
        for end in range(here, min(here + item.most, len(words)) + 1):
            if end > here and not item.crosses and here and words[end - 1].clause != words[here - 1].clause:
                return
            yield from _ends(items, at + 1, words, end)
    elif isinstance(item, AnyWord):
        if here < len(words):
            yield from _ends(items, at + 1, words, here + 1)
    elif here == (0 if item.side == "start" else len(words)):
        yield from _ends(items, at + 1, words, here)


def _choice_ends(item: Choice, items: Items, at: int, words: Sequence[Word], here: int) -> Iterator[int]:
    for option in item.options:
        for end in _ends(option, 0, words, here):
            yield from _ends(items, at + 1, words, end)
    if item.optional:
        yield from _ends(items, at + 1, words, here)


def _sequence(pieces: list[str], at: int, lists: Mapping[str, Sequence[str]], text: str) -> tuple[Items, int]:
    items: list[Item] = []
    while at < len(pieces) and pieces[at] not in _CLOSERS:
        piece = pieces[at]
        if piece in "([":
            item, at = _group(pieces, at + 1, lists, text)
            items.append(item)
            continue
        items.append(_item(piece, lists, text))
        at += 1
    return tuple(items), at


def _group(pieces: list[str], at: int, lists: Mapping[str, Sequence[str]], text: str) -> tuple[Item, int]:
    opener = pieces[at - 1]
    options: list[Items] = []
    while True:
        option, at = _sequence(pieces, at, lists, text)
        options.append(option)
        if at >= len(pieces):
            raise ValueError(f"unbalanced pattern: {text}")
        closer = pieces[at]
        at += 1
        if closer != "|":
            break
    if (closer == "]") != (opener == "["):
        raise ValueError(f"unbalanced pattern: {text}")
    return _choice(options, optional=closer != ")"), at


def _choice(options: Sequence[Items], *, optional: bool) -> Item:
    """One choice; options of a single word become one set, which is quicker to look into."""
    single = [option[0] for option in options if len(option) == 1 and isinstance(option[0], Words)]
    words = [item for item in single if isinstance(item, Words)]
    rest = [option for option in options if not (len(option) == 1 and isinstance(option[0], Words))]
    if words:
        exact = frozenset().union(*(item.exact for item in words))
        merged = Words(exact, tuple(prefix for item in words for prefix in item.prefixes))
        if not rest and not optional:
            return merged
        rest.append((merged,))
    return Choice(tuple(rest), optional)


def _item(piece: str, lists: Mapping[str, Sequence[str]], text: str) -> Item:
    if piece == "..":
        return Gap(4, crosses=False)
    if piece == "...":
        return Gap(9, crosses=True)
    if piece in "^$":
        return Edge("start" if piece == "^" else "end")
    if piece == "_":
        return AnyWord()
    if piece.startswith("<"):
        if piece[1:-1] not in lists:
            raise ValueError(f"unknown list {piece} in: {text}")
        return _choice([_sequence(_PIECE.findall(one), 0, lists, one)[0] for one in lists[piece[1:-1]]], optional=False)
    return _words(piece)


@cache
def _words(piece: str) -> Words:
    """The words a piece stands for; the same few pieces fill most rules."""
    if piece.endswith("*"):
        return Words(frozenset(), (plain(piece[:-1]),))
    if piece.endswith("~"):
        return Words(frozenset(_forms(piece[:-1])))
    return Words(frozenset([plain(piece)]))


def _forms(verb: str) -> list[str]:
    """Every form of an English verb: the irregular ones from the lexicon, else by rule."""
    known = load_lexicon().verbs.get(verb)
    if known is not None:
        return [verb, *known]
    stem = verb.removesuffix("e")
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
    return [verb, third, stem + "ed", stem + "ing"]


def _head(items: Items) -> Words | None:
    """The words a match can begin with, where that is sure: it spares trying every place."""
    if not items:
        return None
    first = items[0]
    if isinstance(first, Words):
        return first
    if not isinstance(first, Choice):
        return None
    heads = [_head(option) for option in first.options]
    if first.optional:
        heads.append(_head(items[1:]))
    if any(head is None for head in heads):
        return None
    known = [head for head in heads if head is not None]
    return Words(
        frozenset().union(*(head.exact for head in known)), tuple(prefix for head in known for prefix in head.prefixes)
    )


def _anchor(items: Items) -> Words | None:
    """The rarest set of words that any match must hold."""
    found = [anchor for item in items if (anchor := _anchor_of(item)) is not None]
    return min(found, key=_commonness, default=None)


def _anchor_of(item: Item) -> Words | None:
    if isinstance(item, Words):
        return item
    if isinstance(item, Choice) and not item.optional:
        inner = [_anchor(option) for option in item.options]
        if all(inner):
            known = [one for one in inner if one is not None]
            return Words(
                frozenset().union(*(one.exact for one in known)), tuple(p for one in known for p in one.prefixes)
            )
    return None


def _commonness(anchor: Words) -> int:
    common = load_lexicon().common
    return sum(30 if word in common["en"] or word in common["es"] else 1 for word in anchor.exact) + 2 * len(
        anchor.prefixes
    )
