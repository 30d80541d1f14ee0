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
from trellis.scribe.join import LONGEST_JOINED, join
from trellis.scribe.points import Point
from trellis.scribe.saying.address import address
from trellis.scribe.saying.polish import polish
from trellis.scribe.saying.rephrase import says_nothing
from trellis.scribe.styles import Style, default_style
from trellis.scribe.topics import Topic
from trellis.scribe.words.runs import quoted_words
from trellis.scribe.writers import NoteWriter

Length = Literal["brief", "standard", "detailed"]

WORDS: Mapping[Length, int] = {"brief": 130, "standard": 346, "detailed": 700}
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

OF_THE_CLINICIAN: frozenset[Topic] = frozenset({"intervention", "response", "progress", "stage", "speech_measure"})
"""Topics of what was done and what it came to, which a clinician confirms where the words alone don't carry it."""

GRAVE = 0.9
"""Weight from which what is never lost is told even beyond the length of the note."""

WEIGHTY = 0.7
"""Weight from which a fact in doubt is shown for confirmation rather than left out."""

COMING: frozenset[Topic] = frozenset(
    {"plan", "homework", "appointment", "referral", "coordination", "medication_change", "safety_plan"}
)
"""Topics of what comes next: what was wished there is said where it became a plan."""

KEPT_FROM = 0.4

SAME = 0.6
"""Share of content words two points about one topic and person have in common when they say the same thing."""

TRIES = 5
"""How often the room is adjusted to what joining saved."""

SLACK = 8
"""Words short of its length at which a note is full."""

Support = Callable[[Point], Statement]
"""Holds a point to its evidence and gives the statement that may be written."""


def draft(
    points: Iterable[Point],
    note_format: NoteFormat,
    *,
    length: Length,
    writer: NoteWriter,
    support: Support,
    style: Style | None = None,
) -> tuple[Section, ...]:
    """Sections of the format, each with its statements in reading order, in the writer's words and in this style."""
    style = style or default_style()
    aim, quotable = style.words[length], style.quotable
    held = _Held(support)
    wanted = [
        point for point in points if note_format.section_for(point.topic) is not None and not says_nothing(point.text)
    ]
    worth = once(merge(wanted))
    room = aim
    told = _told(choose(worth, length, room, held.is_worth, quotable), note_format, held)
    for _ in range(TRIES):
        over = sum(_words(point) for section in told.values() for point in section) - aim
        if -SLACK <= over <= 0:
            break
        room -= over
        told = _told(choose(worth, length, room, held.is_worth, quotable), note_format, held)
    worded = {key: list(writer.word(inside)) for key, inside in told.items()}
    final = polish(worded, held.carries, quotable=quotable)
    return tuple(
        Section(
            key=section.key,
            title=section.title,
            statements=address([held(point) for point in final[section.key]], style),
        )
        for section in note_format.sections
    )


def _told(chosen: Sequence[Point], note_format: NoteFormat, held: "_Held") -> dict[str, list[Point]]:
    """The sentences of each section."""
    return {
        section.key: join(arrange(chosen, section), LONGEST_JOINED, held.carries) for section in note_format.sections
    }


class _Held:
    """Points held to their evidence, each once."""

    def __init__(self, support: Support) -> None:
        self._support = support
        self._known: dict[Point, Statement] = {}

    def __call__(self, point: Point) -> Statement:
        if point not in self._known:
            self._known[point] = self._support(point)
        return self._known[point]

    def carries(self, point: Point) -> bool:
        """Whether its evidence carries the point."""
        return self(point).status == "supported"

    def is_worth(self, point: Point) -> bool:
        """Whether a point may stand though its evidence doesn't carry it: only what must not be lost, or concludes."""
        may_wait = point.topic in NEVER_LOST | OF_THE_CLINICIAN or point.inferred
        return may_wait or self.carries(point) or (bool(point.doubts) and point.weight >= WEIGHTY)


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


def once(points: Sequence[Point]) -> list[Point]:
    """Without what another section says already: a wish that became the plan, a sentence quoted whole under risk."""
    return [point for point in points if not any(_is_said_by(point, other) for other in points if other is not point)]


def _is_said_by(point: Point, other: Point) -> bool:
    if point.topic == other.topic or not point.evidence or not other.evidence:
        return False
    first = (point.evidence[0].turn, point.evidence[0].quote or "")
    if other.topic in COMING and point.topic not in COMING:
        cited = any(each.turn == first[0] for each in other.evidence if each.turn is not None)
        if other.topic == "safety_plan" and point.topic == "risk":
            return cited and point.text.startswith("Asked about")
        shared = _content(point.text) & _content(other.text)
        return cited and point.topic not in NEVER_LOST and len(shared) >= SAME * max(1, len(_content(point.text)))
    quoted = "“" in other.text and other.topic == "risk" and other.evidence[0].turn == first[0]
    return quoted and point.topic != "medication" and len(first[1]) > 0 and first[1].strip(" .") in other.text


def choose(
    points: Sequence[Point],
    length: Length,
    room: int | None = None,
    is_worth: Callable[[Point], bool] = lambda _: True,
    quotable: float = 1.0,
) -> list[Point]:
    """The points a note of this length has room for; `room` in words, before sentences are joined.

    `is_worth` says whether a point may stand; it is asked only of those there is room for. `quotable` is the share of
    the room that may stand inside quotation marks; what is never lost may go beyond.
    """
    room = WORDS[length] if room is None else room
    kept = _kept(points, room)
    left = room - sum(_words(point) for point in kept)
    quotes = quotable * room - sum(quoted_words(point.text) for point in kept)
    others = [point for point in points if point not in kept and point.weight >= LEAST[length]]
    for point in sorted(others, key=lambda point: (-point.weight, _place(point))):
        quoted = quoted_words(point.text)
        if left >= _words(point) and (not quoted or quoted <= quotes) and is_worth(point):
            kept.append(point)
            left -= _words(point)
            quotes -= quoted
    order = {id(point): at for at, point in enumerate(points)}
    return sorted(kept, key=lambda point: (_place(point), order[id(point)]))


def _kept(points: Sequence[Point], room: int) -> list[Point]:
    """What is never lost for brevity; where that alone is more than the note, its lightest have to compete."""
    kept = sorted(
        (point for point in points if point.topic in NEVER_LOST and point.weight >= KEPT_FROM),
        key=lambda point: (-point.weight, _place(point)),
    )
    while kept and kept[-1].weight < GRAVE and sum(_words(point) for point in kept) > room:
        kept.pop()
    return kept


def arrange(points: Iterable[Point], section: FormatSection) -> list[Point]:
    """The points of one section, by the order of its topics, then of the session."""
    inside = [point for point in points if point.topic in section.topics]
    return sorted(
        inside, key=lambda point: (section.topics.index(point.topic), point.subject != "client", _place(point))
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
