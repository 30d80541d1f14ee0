"""Which way the client leans: talk for changing a habit and talk for leaving it as it is, by kind.

Takes the lines of a session that is about a habit, gives at most one point for each side, in the client's words. The
kinds are those of motivational interviewing (desire, ability, reason, need, commitment, steps taken); a sentence counts
where it names the habit, or follows within the same turn or a clinician's question about it.
"""

import re
from collections.abc import Mapping, Sequence

from trellis.scribe.clinician.intervene import habit_of
from trellis.scribe.points import Point, quote
from trellis.scribe.topics import Topic
from trellis.scribe.words.cues import Cues, Line

LEAST = 2
"""Sentences of one side from which it is written."""

MOST = 3
"""Sentences of one side a note repeats."""

LONGEST = 16
"""Words such a sentence may have to be repeated whole."""


def lean(said: Sequence[Line]) -> list[Point]:
    """Change talk and sustain talk, where the session is about a habit."""
    habit = habit_of(said)
    if habit is None:
        return []
    spoken = [line for line in said if line.role == "client" and not line.asks]
    turns = frozenset(line.turn for line in said if habit.find(line) or _CHANGE.find(line))
    near = [line for line in spoken if 3 <= len(line.words) <= LONGEST and _is_about(line, turns)]
    change = {line: kind for line in near if (kind := _kind(line, _FOR))}
    sustain = {line: kind for line in near if (kind := _kind(line, _AGAINST))}
    points = [_point("change_talk", change)] if len(change) >= LEAST else []
    return points + ([_point("sustain_talk", sustain)] if sustain and points else [])


def _kind(line: Line, kinds: Mapping[str, Cues]) -> str:
    if kinds is _FOR and any(cues.find(line) for cues in _AGAINST.values()):
        return ""
    return next((name for name, cues in kinds.items() if cues.find(line)), "")


def _is_about(line: Line, turns: frozenset[int]) -> bool:
    """Whether the habit, or changing, is what the turn or the question before it is about: it is in these `turns`."""
    return not turns.isdisjoint(range(line.turn - 2, line.turn + 1))


def _point(topic: Topic, heard: Mapping[Line, str]) -> Point:
    # One of each kind before a second of any: the later ones weigh more.
    by_kind: dict[str, Line] = {kind: line for line, kind in heard.items()}
    shown = sorted(by_kind.values(), key=lambda line: line.utterance.index)[-MOST:]
    kinds = ", ".join(heard[line] for line in shown)
    words = "; ".join(f"“{_plain(line)}”" for line in shown)
    side = "change" if topic == "change_talk" else "sustain"
    return Point(
        topic=topic,
        text=f"Client voiced {side} talk ({kinds}): {words}.",
        evidence=tuple(quote(line.utterance) for line in shown),
        weight=0.7 if side == "change" else 0.6,
        key=f"{topic}.said",
    )


def _plain(line: Line) -> str:
    said = _FILLS.sub("", line.utterance.text).strip(" .,!–—-")
    return said[:1].upper() + said[1:]


_FILLS = re.compile(r"^(?:(?:um+|uh+|mm+-?h?m*|mhm|oh|well|yeah|yes|okay|like|but|and|so)[,. -]+)+", re.IGNORECASE)
_ACTS = "quit|stop|cut|change|reduce|drink|smoke|use|lose|limit|give_up|go|exercise|start|take"
_CHANGE = Cues(
    (
        "cut|cutting|slow|slowing down|back",
        "quit|quitting|stop|stopping|change|changing",
        "how important|confident|ready|sure",
        "without it",
    )
)
_FOR = {
    "commitment": Cues(
        (
            "i will|'ll * quit|stop|cut|change|reduce|limit|start|tell|throw|pour|call|try|go",
            "i be|'m go|gonna * quit|stop|cut|change|call|throw|try|start",
            "i promise",
        )
    ),
    "steps taken": Cues(
        (
            "i already|have|'ve * cut|stopped|quit|started|threw|poured|called|tried",
            "i poured|threw * out|away",
            "i have not|n't * since|in",
        )
    ),
    "need": Cues(
        (
            "i need|have|got|gotta|must|should to? * do|stop|quit|change|cut|get|figure",
            "i gotta|got_ta * do|stop|quit|change|cut|get",
            "something * got|has to change|give",
        )
    ),
    "desire": Cues(
        (
            f"i want|wanna|wish|would_like|'d_like * {_ACTS}|be|feel|see|breathe|live",
            "i do not|n't want|wanna to? * lose|be|end|die|keep|become|go|miss",
            "i be|'m tired|sick of",
        )
    ),
    "ability": Cues(
        ("i could|can * stop|quit|cut|go|try|do|drink less", "i have|'ve done it before", "i did it before|once")
    ),
    "reason": Cues(
        (
            "because of him|her|them|my",
            "cost|costs me|us",
            "do not|n't * know if * with",
            "he|she|they|wife|husband|kids|mom be|'s|is|are|getting * tired|worried|mad|leave|leaving|scared|fed_up",
            "daughter|son|girlfriend|boyfriend be|'s|is|are|getting * tired|worried|mad|leave|leaving|scared|fed_up",
            "scare|scares|scared|worry|worries|worried me",
            "would|'d * money|save|health|sleep|breathe|energy",
        )
    ),
}
_AGAINST = {
    "no wish to change": Cues(
        (
            "i do not|n't want|wanna|need to? * stop|quit|change|cut",
            "i do not|n't think i need|have * quit|stop|change",
            "i be|'m not|n't quit~|stop~|giv~|chang~",
        )
    ),
    "what it gives": Cues(
        (
            "i like|love|enjoy * drink~|smok~|it|beer|beers|taste|feeling",
            "it|that takes|take the edge",
            "it|that helps|help me|relaxes|calms",
            "only thing * relax|calm|help|helps",
        )
    ),
    "seen as no problem": Cues(
        ("not|n't * a? problem|big_deal|issue", "not|n't * that bad|much", "everyone|everybody does|drinks|smokes")
    ),
    "doubt in managing": Cues(
        ("i can not|n't|never * without|stop|quit", "do not|n't think|know * could|can * stop|quit|without")
    ),
}
