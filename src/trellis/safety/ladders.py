"""Reads an answer that picks from what was offered: "Two." after "One, no thoughts. Two, thoughts but no plan."

Why: questionnaires and careful clinicians offer danger by numbers, and a number alone says nothing. Takes the
clinician's words and the client's; gives what the picked offer says, or nothing where no offer was picked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trellis.safety.rules import Rulebook, is_found, places
from trellis.safety.words import Sentence, read

_NUMBERS = {
    **{name: at for at, name in enumerate(("zero", "one", "two", "three", "four", "five"))},
    **{name: at for at, name in enumerate(("cero", "uno", "dos", "tres", "cuatro", "cinco"))},
    **{str(at): at for at in range(6)},
    "nought": 0,
    "none": 0,
}
_NUMBER = re.compile(r"(?<![\w-])(" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")(?![\w-])", re.IGNORECASE)
_JOINTS = {"", "or", "and", "to", "o", "y", "a"}
_FEWEST = 2
_LONGEST_PICK = 24
"""Words of an answer in which a number is still a pick, not part of a story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """The offer an answer picked: its words, as the clinician said them."""

    offer: str
    number: int
    is_lowest: bool


def read_pick(book: Rulebook, offered: str, sentences: Sequence[Sentence]) -> Pick | None:
    """Which of the offers these sentences pick: by number (the one said of now, else the last said) or by place."""
    offers = _offers(offered)
    words = [word for sentence in sentences for word in sentence.words]
    if len(offers) < _FEWEST or not words or len(words) > _LONGEST_PICK:
        return None
    numbers = sorted(offers)
    picked = [(at, _NUMBERS[word.text]) for at, word in enumerate(words) if _NUMBERS.get(word.text) in offers]
    replies = book.replies[sentences[0].language]
    for name, number in (
        ("the_first", numbers[0]),
        ("the_middle", numbers[len(numbers) // 2]),
        ("the_last", numbers[-1]),
    ):
        if is_found(replies[name], words):
            return Pick(offer=offers[number], number=number, is_lowest=number == numbers[0])
    if not picked:
        return None
    marked = [start for start, _ in places(book.replies[sentences[0].language]["of_now"], words)]
    number = next((value for at, value in picked if marked and at > marked[-1]), picked[-1][1])
    return Pick(offer=offers[number], number=number, is_lowest=number == numbers[0])


def denies(book: Rulebook, offer: str) -> bool:
    """Whether an offer is a denial ("no thoughts", "had no thoughts of being better off dead", "not at all")."""
    sentences = read(offer)
    return any(is_found(book.replies[one.language]["offers_none"], one.words) for one in sentences[:1])


def _offers(text: str) -> Mapping[int, str]:
    """What each number stands for: numbers that go up by one, each followed by words of its own."""
    found = list(_NUMBER.finditer(text))
    best: dict[int, str] = {}
    for first in range(len(found)):
        offers: dict[int, str] = {}
        expected = _NUMBERS[found[first].group(1).lower()]
        for at in range(first, len(found)):
            number = _NUMBERS[found[at].group(1).lower()]
            if number != expected:
                continue
            end = next(
                (later.start() for later in found[at + 1 :] if _NUMBERS[later.group(1).lower()] == expected + 1),
                len(text),
            )
            offer = text[found[at].end() : end].strip(" \n,.;:=-–()")
            if offer.lower() in _JOINTS:
                break
            offers[number] = re.split(r"[.?!]", offer)[0].strip()
            expected += 1
        if len(offers) > len(best):
            best = offers
    return best
