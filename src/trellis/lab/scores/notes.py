"""Count what a note says, misses and must not say, and how it is written, against the marks of its session.

Takes the turns of a session, its note in the published contract and its marks. Gives a `Tally` for each session; sums
and intervals are made of those. Only ids, counts and the marks' own words leave here, unless a session's text may be
shown.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trellis.lab.ask_product import statements_of
from trellis.lab.scores.listings import Example
from trellis.lab.scores.marks import expresses, meets

Json = Mapping[str, Any]
Count = tuple[int, int]
RUN = 7
"""Words in a row that count as copied."""
_QUOTE = re.compile(r"“[^”]*”")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One session; counts are (hits, of). `missed` and `met` are to be read, and `met` are candidates, no verdicts."""

    session: str
    facts: Count
    essential: Count
    by_topic: tuple[tuple[str, bool], ...]
    forbidden: Count
    words: int
    said: int
    copied: Count
    copied_unquoted: Count
    quoted: Count
    unconfirmed: Count
    missed: tuple[Example, ...]
    met: tuple[Example, ...]


def tally(session: str, turns: Sequence[Json], note: dict[str, Any], marks: Json, *, may_show: bool) -> Tally:
    """Hold one note against its marks; `may_show` says whether the note's sentences may be repeated."""
    statements = statements_of(note)
    texts = [one["text"] for one in statements]
    said = " ".join(turn["text"] for turn in turns)
    found = {fact["id"]: any(expresses(one, fact) for one in statements) for fact in marks["facts"]}
    needed = [fact["id"] for fact in marks["facts"] if fact["essential"]]
    hits = [(bad, one) for bad in marks["must_not"] for one in statements if meets(one, bad)]
    words = sum(len(text.split()) for text in texts)
    unquoted = [part for text in texts for part in _QUOTE.split(text)]
    return Tally(
        session=session,
        facts=(sum(found.values()), len(found)),
        essential=(sum(found[one] for one in needed), len(needed)),
        by_topic=tuple((fact["topic"], found[fact["id"]]) for fact in marks["facts"]),
        forbidden=(len({bad["id"] for bad, _ in hits}), len(marks["must_not"])),
        words=words,
        said=len(said.split()),
        copied=copied_words(texts, said),
        copied_unquoted=copied_words(unquoted, said),
        quoted=(sum(len(quote.split()) for text in texts for quote in _QUOTE.findall(text)), words),
        unconfirmed=(sum(one["status"] == "unconfirmed" for one in statements), len(statements)),
        missed=tuple(_missed(session, fact) for fact in marks["facts"] if not found[fact["id"]]),
        met=tuple(_met(session, bad, one, may_show=may_show) for bad, one in hits),
    )


def copied_words(statements: Sequence[str], said: str) -> Count:
    """How many words of the statements stand in runs of seven or more as they were said, and how many there are."""
    source = re.findall(r"[\w']+", said.lower())
    runs = {tuple(source[at : at + RUN]) for at in range(len(source) - RUN + 1)}
    hits = total = 0
    for statement in statements:
        words = re.findall(r"[\w']+", statement.lower())
        marked = {
            at + k for at in range(len(words) - RUN + 1) if tuple(words[at : at + RUN]) in runs for k in range(RUN)
        }
        hits, total = hits + len(marked), total + len(words)
    return hits, total


def _missed(session: str, fact: Json) -> Example:
    return Example(
        where=f"{session} {fact['id']}",
        turns=tuple(fact["turns"]),
        words=f"[{fact['topic']}] {fact['fact']}",
        grave=fact["essential"],
    )


def _met(session: str, bad: Json, statement: Json, *, may_show: bool) -> Example:
    text = f" {statement['text']}" if may_show else ""
    return Example(
        where=f"{session} {bad['id']}",
        turns=tuple(sorted({one["turn"] for one in statement["evidence"] if one.get("turn") is not None})),
        words=f'must not say "{bad["statement"]}" <- ({statement["status"]}){text}',
        grave=statement["status"] == "supported",
    )
