"""Choose what belongs in a note, put it in order and into sections: points in, sections out.

What is said twice is said once, by its latest and most specific wording. What a clinician would miss most is kept
first, within a length a signer reads in a minute; what must never be lost for brevity (danger, medication, substances,
measures, the plan) is kept whatever the length. Each sentence is then held to its evidence by `check`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from trellis.chart import Evidence, Section, Statement
from trellis.scribe.formats import FormatSection, NoteFormat
from trellis.scribe.points import Point
from trellis.scribe.topics import Topic
from trellis.scribe.writers import NoteWriter

Length = Literal["brief", "standard", "detailed"]

WORDS: Mapping[Length, int] = {"brief": 130, "standard": 330, "detailed": 700}
"""How many words a note aims at; what must be kept may go beyond."""

LEAST: Mapping[Length, float] = {"brief": 0.5, "standard": 0.3, "detailed": 0.15}
"""Weight below which a point stays out even where there is room."""

NEVER_LOST: frozenset[Topic] = frozenset(
    {
        "risk", "safety_plan", "medication", "medication_change", "substance", "measure", "diagnosis",
        "plan", "homework", "appointment", "referral",
    }
)  # fmt: skip
"""Topics kept whatever the length, from a weight of `KEPT_FROM` on."""

KEPT_FROM = 0.4

SAME = 0.6
"""Share of content words two points about one topic and person have in common when they say the same thing."""

LONGEST_JOINED = 34
"""Words a sentence may have after joining: longer ones are read twice."""

NEAR = 2
"""Turns between two facts beyond which telling them in one breath would make a connection nobody made."""

Support = Callable[[Point], Statement]
"""Holds a point to its evidence and gives the statement that may be written."""


def draft(
    points: Iterable[Point],
    note_format: NoteFormat,
    *,
    length: Length,
    writer: NoteWriter,
    support: Support,
    client: str = "Client",
) -> tuple[Section, ...]:
    """Sections of the format, each with its statements in reading order, in the writer's words.

    `client` is what the note calls the client.
    """
    wanted = [point for point in points if note_format.section_for(point.topic) is not None]
    chosen = choose(merge(wanted), length)
    return tuple(
        Section(
            key=section.key,
            title=section.title,
            statements=tuple(
                _named(support(point), client) for point in writer.word(join(arrange(chosen, section), LONGEST_JOINED))
            ),
        )
        for section in note_format.sections
    )


def merge(points: Iterable[Point]) -> list[Point]:
    """Points that say the same thing become one: the later stands, a more specific earlier one stands beside it."""
    merged: list[Point] = []
    for point in sorted(points, key=_place):
        twin = next((at for at, other in enumerate(merged) if _is_same(point, other)), None)
        if twin is None:
            merged.append(point)
        else:
            merged[twin] = _better(merged[twin], point)
    return merged


def choose(points: Sequence[Point], length: Length) -> list[Point]:
    """The points a note of this length has room for."""
    kept = [point for point in points if point.topic in NEVER_LOST and point.weight >= KEPT_FROM]
    room = WORDS[length] - sum(_words(point) for point in kept)
    others = [point for point in points if point not in kept and point.weight >= LEAST[length]]
    for point in sorted(others, key=lambda point: (-point.weight, _place(point))):
        if room >= _words(point):
            kept.append(point)
            room -= _words(point)
    return sorted(kept, key=_place)


def arrange(points: Iterable[Point], section: FormatSection) -> list[Point]:
    """The points of one section, by the order of its topics, then of the session."""
    inside = [point for point in points if point.topic in section.topics]
    return sorted(
        inside, key=lambda point: (section.topics.index(point.topic), point.subject != "client", _place(point))
    )


def join(points: Sequence[Point], longest: int) -> list[Point]:
    """Neighbours with one subject, topic and opening become one sentence that carries the evidence of both."""
    joined: list[Point] = []
    for point in points:
        both = _joined(joined[-1], point, longest) if joined else None
        if both is None:
            joined.append(point)
        else:
            joined[-1] = both
    return joined


_OPENING = re.compile(
    r"(?P<who>[A-Z][\w' ]{1,40}?) (?P<verb>reports|describes|denies|endorses|agreed to) (?P<rest>.+)\."
)


def _joined(first: Point, second: Point, longest: int) -> Point | None:
    """One sentence for two points ("Client reports X and Y."), where that can't change what either says."""
    if (first.topic, first.subject, first.inferred) != (second.topic, second.subject, second.inferred):
        return None
    if first.doubts or second.doubts or _words(first) + _words(second) > longest:
        return None
    if abs(_last(first) - _place(second)) > NEAR:
        return None
    one, two = _OPENING.fullmatch(first.text), _OPENING.fullmatch(second.text)
    if one is None or two is None or (one["who"], one["verb"]) != (two["who"], two["verb"]):
        return None
    if any(re.search(r"\b(and|or|but|because|that|if)\b|[;,“\"]", part) for part in (one["rest"], two["rest"])):
        return None
    link = "or" if one["verb"] == "denies" else "and"
    return replace(
        first,
        text=f"{one['who']} {one['verb']} {one['rest']} {link} {two['rest']}.",
        evidence=_united(first.evidence, second.evidence),
        weight=max(first.weight, second.weight),
        key="",
    )


def _is_same(one: Point, other: Point) -> bool:
    if (one.topic, one.subject) != (other.topic, other.subject):
        return False
    if one.key or other.key:
        return one.key == other.key
    first, second = _content(one.text), _content(other.text)
    if _numbers(one.text) != _numbers(other.text) or _is_denial(one.text) != _is_denial(other.text):
        return False
    return len(first & second) >= SAME * min(len(first), len(second)) > 0


def _better(earlier: Point, later: Point) -> Point:
    """Of two that say the same thing, the one that stands, with the evidence of both where neither contradicts."""
    if later.key and earlier.text != later.text:
        return later if later.weight >= earlier.weight - 0.2 else earlier
    stands = earlier if len(_content(earlier.text)) > len(_content(later.text)) else later
    lesser = later if stands is earlier else earlier
    return replace(stands, evidence=_united(stands.evidence, lesser.evidence), weight=max(earlier.weight, later.weight))


def _united(first: tuple[Evidence, ...], second: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _place(point: Point) -> int:
    return point.evidence[0].turn or 0 if point.evidence else 0


def _last(point: Point) -> int:
    return max((evidence.turn or 0 for evidence in point.evidence), default=0)


def _words(point: Point) -> int:
    return len(point.text.split())


def _content(text: str) -> frozenset[str]:
    """Words that carry meaning, by their beginnings, so that endings don't matter."""
    return frozenset(word[:6] for word in re.findall(r"[a-z]{4,}", text.lower()) if word not in _EMPTY)


def _numbers(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+", text))


def _is_denial(text: str) -> bool:
    return bool(re.search(r"\b(denies|denied|not|no|never|without|n't)\b", text.lower()))


_EMPTY = frozenset(
    {
        "client", "clinician", "reports", "reported", "describes", "states", "stated", "denies", "that",
        "this", "with", "from", "they", "their", "them", "have", "been", "when", "about", "what", "which",
        "would", "could", "were", "some", "also", "then", "than", "into", "over", "very", "more", "most",
    }
)  # fmt: skip


def _named(statement: Statement, client: str) -> Statement:
    if client == "Client":
        return statement
    return replace(statement, text=re.sub(r"\bClient\b", client, statement.text))
