"""How the client took what the clinician did: what they concluded, accepted, felt, tried or would not do.

Takes utterances, gives points with the client's words and the clinician's turn before them as evidence. Only what was
said right after counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from trellis.scribe.points import Point, Utterance, quote
from trellis.scribe.topics import Topic
from trellis.scribe.words.cues import Cues, Line, lines

MOST = 6
"""Responses one note can use; the weightiest are kept."""

ALIKE = 2
"""Responses of one kind a note can use."""

LONGEST_QUOTE = 26
"""Words a quote of the client's conclusion may have."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One way of responding: how the note says it, the client's words, and what the clinician did before."""

    topic: Topic
    says: str
    weight: float
    cues: Cues
    after: Cues


def respond(utterances: Sequence[Utterance]) -> tuple[Point, ...]:
    """The client's responses worth a place, in the order they came."""
    said = lines(utterances)
    found: dict[int, Point] = {}
    for at, line in enumerate(said):
        if line.role != "client" or line.asks or line.turn in found:
            continue
        before = _before(said, at)
        if before is None:
            continue
        point = next((point for kind in _KINDS if (point := _point(kind, line, before)) is not None), None)
        if point is not None:
            found[line.turn] = point
    best: list[Point] = []
    for point in sorted(found.values(), key=lambda point: -point.weight):
        alike = sum(point.text.split("“")[0] == other.text.split("“")[0] for other in best)
        if alike < ALIKE and len(best) < MOST:
            best.append(point)
    return tuple(sorted(best, key=lambda point: point.evidence[0].turn or 0))


def _point(kind: Kind, line: Line, before: Sequence[Line]) -> Point | None:
    if kind.cues and not kind.cues.find(line):
        return None
    ground = next((one for one in reversed(before) if kind.after.find(one)), None) if kind.after else before[-1]
    words = line.utterance.text.split()
    if (
        ground is None
        or not 3 <= len(words) <= LONGEST_QUOTE
        or (not kind.cues and _EMPTY.find(line))
        or _UNSURE.find(line)
    ):
        return None
    spoken = line.utterance.text.strip(' .,-–—"“”')
    return Point(
        topic=kind.topic,
        text=kind.says.format(quote=spoken[0].upper() + spoken[1:]),
        evidence=(quote(line.utterance), quote(ground.utterance)),
        weight=kind.weight,
    )


def _before(said: Sequence[Line], at: int) -> list[Line] | None:
    """The clinician's lines of the turn this line answers."""
    turn = said[at].turn
    back = at - 1
    while back >= 0 and said[back].turn == turn:
        back -= 1
    if back < 0 or said[back].role != "clinician":
        return None
    asked = said[back].turn
    return [line for line in said[max(0, back - 8) : back + 1] if line.turn == asked]


_EMPTY = Cues(
    (
        "^ i do not|n't know",
        "^ yeah|yes|no|okay|right|sure|maybe|well $",
        "do you",
        "i think so",
        "^ no",
        "not sure",
        "^ what",
        "^ i guess $",
        "^ yeah i|it|that $",
    )
)

_PROPOSES = Cues(
    (
        "would|could|can you * try|do|practice|write|tell|call|go|say|consider|be_willing|like",
        "how about|what if|what_would_it_be_like",
        "i would|'d like|want|suggest|recommend|encourage|ask you|us|people|that",
        "let_'s|let_us try|practice|do|look|test|start|talk",
        "homework|exposure|exercise|group|experiment|next step|ladder|already answer",
        "be you willing|ready|open",
        "my recommendation|suggestion",
    )
)

_UNSURE = Cues(("if that|it|this make|makes sense", "do that make sense"))

_KINDS = (
    Kind(
        "insight",
        "Client concluded: “{quote}.”",
        0.6,
        Cues(()),
        Cues(
            (
                "what do|did that|this|it tell|teach|say|show you",
                "what do you make of",
                "what do|did you learn|conclude|take_away|discover",
                "how would you say|put|see it|that",
                "another|different|other way to|of look|see|think",
                "what happen * each|every time",
                "what would you say|tell * friend",
                "balanced|alternative|kind|fair thought|view",
                "what * take away from",
            )
        ),
    ),
    Kind(
        "response",
        "Client had not seen it this way before: “{quote}.”",
        0.6,
        Cues(
            (
                "i never|had_n't|have_n't * think|look|see|consider * like_that|that_way|that_before|of_that",
                "never thought|looked|saw * like that|that_way",
                "great|good|interesting idea|point * thought_of",
            )
        ),
        Cues(()),
    ),
    Kind(
        "response",
        "Client said this made sense: “{quote}.”",
        0.5,
        Cues(
            (
                "that|it|this make|makes * sense",
                "that_'s|that_is exactly|so true",
                "i * see what you mean",
                "good|great|fair point|idea $",
            )
        ),
        Cues(()),
    ),
    Kind(
        "response",
        "Client noted benefit: “{quote}.”",
        0.65,
        Cues(
            (
                "i feel|feeling|felt * light|lighter|calm|calmer|better|relieved|hopeful|relaxed|stronger|safer",
                "it came|come|went|has_gone|is_going down",
                "that|it|this help|helps|helped|work|worked",
                "i do|did not|n't come apart|pass_out|die|panic",
            )
        ),
        Cues(
            ("feel|notice|number|now|breath|breathe|try|practice|imagine|close|stay|again|down|say|make_of|bring_it",)
        ),
    ),
    Kind(
        "response",
        "Client voiced reluctance: “{quote}.”",
        0.6,
        Cues(
            (
                "i do not|n't want to $",
                "i do not|n't want|wanna to? do|go|try|talk|write|take|see|tell|listen|read|stop|quit",
                "i be|'m not|n't ready|comfortable|convinced|going_to_do",
                "i hate it|that|this|the_idea",
                "i can|could not|n't * do that|it|this",
                "i do not|n't think * help|work|can|could|need|ready",
                "what be|'s the point",
                "i would|'d rather not",
                "hard to think|imagine|picture * about? do|doing|stop|stopping",
            )
        ),
        _PROPOSES,
    ),
    Kind(
        "response",
        "Client tried the skill and said: “{quote}.”",
        0.55,
        Cues(("feel|felt|notice|dizzy|calm|warm|heavy|foot|breath|heart|strange|good|quiet|slow",)),
        Cues(
            (
                "stay with it|the|that",
                "foot * floor",
                "take * breath",
                "close your eye",
                "how be|was that $",
                "what do you notice $",
            )
        ),
    ),
)
