"""Find where a note merely repeats: runs of words that stand in it as they were said.

Takes a text and what was said; gives the places of runs outside quotation marks. A note is written, not copied: what
can't be said in other words belongs in quotation marks or out of it.
"""

import re
from collections.abc import Iterable

RUN = 7
"""Words in a row that count as copied."""

_WORD = re.compile(r"[\w']+")
_QUOTED = re.compile(r"“[^”]*”")


def copied_runs(text: str, said: Iterable[str], *, length: int = RUN) -> list[tuple[int, int]]:
    """Characters start..end of each run of `length` words or more that `said` holds in the same order, in order."""
    known: set[tuple[str, ...]] = set()
    for each in said:
        words = _WORD.findall(each.lower().replace("’", "'"))
        known.update(tuple(words[at : at + length]) for at in range(len(words) - length + 1))
    if not known:
        return []
    found: list[tuple[int, int]] = []
    for start, end in _outside(text):
        words = list(_WORD.finditer(text, start, end))
        row = [word.group().lower().replace("’", "'") for word in words]
        for at in range(len(row) - length + 1):
            if tuple(row[at : at + length]) not in known:
                continue
            first, last = words[at].start(), words[at + length - 1].end()
            if found and first <= found[-1][1]:
                found[-1] = (found[-1][0], last)
            else:
                found.append((first, last))
    return found


def _outside(text: str) -> list[tuple[int, int]]:
    """The stretches of a text that no quotation mark holds."""
    stretches, at = [], 0
    for quoted in _QUOTED.finditer(text):
        stretches.append((at, quoted.start()))
        at = quoted.end()
    return [*stretches, (at, len(text))]


def quoted_words(text: str) -> int:
    """How many words of a text stand inside quotation marks."""
    return sum(len(quote.split()) for quote in _QUOTED.findall(text))
