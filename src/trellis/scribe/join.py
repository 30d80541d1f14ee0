"""Tell related facts in one sentence, and leave what has nothing in common apart.

Takes the points of a section in reading order; gives sentences that rest on the evidence of all they tell. Facts are
joined only by "and" (denials by "or"), only where both say their verb in the same way, and only where they were said
close to each other or share what they speak of: a note never makes a connection that nobody made.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from trellis.scribe.points import Point
from trellis.scribe.topics import Topic

LONGEST_JOINED = 30
"""Words a sentence may have after joining: longer ones are read twice."""

MOST_JOINED = 3
"""Facts a sentence may tell."""

NEAR = 2
"""Turns between two facts within which they were said of one matter."""

NEVER_JOINED: frozenset[Topic] = frozenset({"intervention", "response", "progress", "stage", "speech_measure"})
"""Topics of what was done and what it came to: each is judged alone."""

_KINDS: tuple[frozenset[Topic], ...] = (
    frozenset({"symptom", "trigger"}),
    frozenset({"symptom", "sleep"}),
    frozenset({"work", "function"}),
)
"""Topics whose facts may stand in one sentence."""

_ONE_MATTER: frozenset[Topic] = frozenset({"sleep", "appetite", "medication", "substance"})
"""Topics that are one matter wherever in a session they were spoken of."""

_VERBS = (
    "reports|describes|denies|endorses|states|believes|feels|supposes|rates|notes|wishes to|plans to|hopes to|wants to|"
    "does not wish to|knows"
)
_OPENING = re.compile(rf"(?P<who>[A-Z][\w' ]{{1,40}}?) (?P<verb>{_VERBS}) (?P<rest>.+)\.")
_TANGLED = re.compile(r"\b(?:and|or|but|because|as|that|if|when|while|since|who|which|although)\b|[;,]")
"""What makes a phrase too long to stand in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A sentence under way: who, the verb, and its facts; `is_clause` where each fact is a clause behind "that"."""

    point: Point
    who: str
    verb: str
    parts: tuple[str, ...]
    is_clause: bool


def join(points: Sequence[Point], longest: int, carries: Callable[[Point], bool]) -> list[Point]:
    """Neighbours about one thing and person become one sentence that rests on the evidence of all.

    `longest` is in words. `carries` says whether evidence carries a point: what it carries apart and not together stays
    apart.
    """
    joined: list[Point] = []
    row: _Row | None = None
    for point in points:
        longer = _with(row, point, longest) if row is not None else None
        if longer is not None and carries(longer.point):
            row = longer
            joined[-1] = longer.point
        else:
            row = _row(point)
            joined.append(point)
    return joined


def _row(point: Point) -> _Row | None:
    """The sentence a point begins; None where nothing may be joined to it."""
    opening = _OPENING.fullmatch(point.text)
    if opening is None or point.inferred or point.doubts or point.topic in NEVER_JOINED or "“" in point.text:
        return None
    rest = opening["rest"]
    is_clause = rest.startswith("that ")
    if not is_clause and _TANGLED.search(rest):
        return None
    return _Row(point=point, who=opening["who"], verb=opening["verb"], parts=(rest,), is_clause=is_clause)


def _with(row: _Row, point: Point, longest: int) -> _Row | None:
    """The sentence with one fact more, where that can't change what either says."""
    one, two = row.point, point
    same_kind = one.topic == two.topic or any({one.topic, two.topic} <= kind for kind in _KINDS)
    if not same_kind or len(row.parts) >= MOST_JOINED or one.subject != two.subject:
        return None
    if len(one.text.split()) + len(two.text.split()) > longest or not _is_related(one, two):
        return None
    other = _row(point)
    if other is None or (other.who, other.verb) != (row.who, row.verb) or (row.is_clause and not other.is_clause):
        return None
    parts = (*row.parts, *other.parts)
    text = f"{row.who} {row.verb} {_in_a_row(parts, 'or' if row.verb == 'denies' else 'and')}."
    both = replace(
        one,
        text=text,
        evidence=tuple(dict.fromkeys((*one.evidence, *two.evidence))),
        weight=max(one.weight, two.weight),
        key="",
    )
    return replace(row, point=both, parts=parts, is_clause=other.is_clause)


def _in_a_row(parts: Sequence[str], link: str) -> str:
    has_comma = any("," in part for part in parts)
    first = (", " if len(parts) > 2 or not has_comma else "; ").join(parts[:-1])
    return f"{first}{',' if has_comma or len(parts) > 2 else ''} {link} {parts[-1]}"


def _is_related(one: Point, two: Point) -> bool:
    """Whether two facts were said of one matter: close together, or with a word in common."""
    turns = [evidence.turn for evidence in one.evidence if evidence.turn is not None]
    first = two.evidence[0].turn if two.evidence else None
    if "risk" in {one.topic, two.topic}:
        return first in turns
    if turns and first is not None and min(abs(turn - first) for turn in turns) <= NEAR:
        return True
    if " that " in one.text + two.text:
        return False
    return (one.topic == two.topic and one.topic in _ONE_MATTER) or bool(_content(one.text) & _content(two.text))


def _content(text: str) -> frozenset[str]:
    """Nouns and the like, by their beginnings, so that endings don't matter."""
    return frozenset(word[:6] for word in re.findall(r"[a-z]{4,}", text.lower()) if word not in _EMPTY)


_EMPTY = frozenset(
    {
        "client", "reports", "describes", "states", "denies", "endorses", "believes", "feels", "supposes", "notes",
        "wishes", "plans", "hopes", "wants", "does", "that", "this", "with", "from", "they", "their", "them", "have",
        "having", "been", "being", "when", "about", "what", "which", "would", "could", "were", "some", "also", "then",
        "than", "into", "over", "very", "more", "most", "much", "many", "feeling", "getting", "becoming", "going",
        "doing", "need", "needing", "will", "because", "really", "time", "things", "thing", "people", "others",
        "approximately", "currently",
    }
)  # fmt: skip
