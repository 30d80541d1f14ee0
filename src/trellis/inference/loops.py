"""Loops taken out: a recogniser that lost its way says the same words over and over, which people don't.

Takes: words in order. Gives: the same words with every run of `REPEATS` or more like phrases cut down to one of them.
People do say "no, no, no" and "I know, I know": such short runs stay.
"""

from __future__ import annotations

from collections.abc import Sequence

from trellis.inference.speech import Word

REPEATS = 5
LONGEST_PHRASE = 12


def without_loops(words: Sequence[Word]) -> list[Word]:
    """The words less the repetitions of phrases said at least `REPEATS` times in a row."""
    said = ["".join(letter for letter in word.text.lower() if letter.isalnum()) for word in words]
    kept: list[Word] = []
    at = 0
    while at < len(words):
        length, repeats = _loop(said, at)
        if repeats >= REPEATS:
            kept.extend(words[at : at + length])
            at += length * repeats
        else:
            kept.append(words[at])
            at += 1
    return kept


def _loop(said: Sequence[str], at: int) -> tuple[int, int]:
    """The length of the phrase that begins here and is said most often in a row, and how often."""
    best = (1, 1)
    for length in range(1, min(LONGEST_PHRASE, (len(said) - at) // REPEATS) + 1):
        phrase = said[at : at + length]
        repeats = 1
        while said[at + repeats * length : at + (repeats + 1) * length] == phrase:
            repeats += 1
        if repeats >= REPEATS and repeats * length > best[0] * best[1]:
            best = (length, repeats)
    return best
