"""Find words in one client's record by opening and reading all of it: of what is sealed there is no index to leak.

Takes a client and words; gives the entries that hold them, newest first, each with a stretch of the text around them.
The chain says how many entries were opened and how many were found, never the words.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from trellis.kernel import Invalid
from trellis.record.clients import charts_of
from trellis.record.work import Work

AROUND = 60
"""Letters shown on either side of what was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """An entry that holds the words, with its label, and the first stretch of its text with them, verbatim."""

    entry: str
    kind: str
    occurred_at: datetime
    label: str
    text: str


def search(work: Work, client: str, words: str) -> list[Passage]:
    """The current entries of a client, and of records merged into it, with a text that holds all these words.

    A word is found at the beginning of words, whatever its case and accents: "accident" finds "Accidents". `Invalid`
    where there is no word, `NotFound` where there is no such client.
    """
    wanted = [re.compile(rf"(?<!\w){re.escape(word)}") for word in _plain(words).split()]
    if not wanted:
        raise Invalid("record.search_empty", "There is no word to look for.", hint="Give one word or more.")
    work.listed(client)
    read = [entry for chart in charts_of(work, client) for entry in work.open_found(client=chart)]
    found: list[Passage] = []
    for entry in sorted(read, key=lambda each: (each.occurred_at, each.id), reverse=True):
        text = next(
            (each for text in _texts(msgspec.to_builtins(entry.content)) if (each := _around(text, wanted))), ""
        )
        if text:
            found.append(
                Passage(entry=entry.id, kind=entry.kind, occurred_at=entry.occurred_at, label=entry.label, text=text)
            )
    work.tell("record.search", client, client, {"entries": len(read), "found": len(found)})
    return found


def _texts(content: Any) -> Iterator[str]:
    """Every text in an entry's content, in the order of its fields."""
    match content:
        case str():
            yield content
        case dict():
            for each in content.values():
                yield from _texts(each)
        case list() | tuple():
            for each in content:
                yield from _texts(each)


def _around(text: str, wanted: list[re.Pattern[str]]) -> str:
    """The stretch around the first of the words, where the text holds them all; else nothing."""
    plain = _plain(text)
    places = [found for each in wanted if (found := each.search(plain))]
    if len(places) < len(wanted):
        return ""
    first = min(place.start() for place in places)
    start, end = max(0, first - AROUND), first + AROUND
    return f"{'…' if start else ''}{text[start:end].strip()}{'…' if end < len(text) else ''}"


def _plain(text: str) -> str:
    """The text in small letters without accents, each letter where it stood."""
    return "".join(unicodedata.normalize("NFD", letter)[0].lower()[0] for letter in text)
