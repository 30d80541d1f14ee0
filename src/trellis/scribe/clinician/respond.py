"""How the client took what the clinician did: what they concluded, accepted, felt, tried or would not do.

Takes utterances, gives points with the client's words and the clinician's turn before them as evidence. Only what was
said right after counts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trellis.scribe.points import Point, Utterance, quote
from trellis.scribe.topics import Topic
from trellis.scribe.words.cues import Cues, Line, lines

MOST = 6
"""Responses one note can use; the weightiest are kept."""

ALIKE = 2
"""Responses of one kind a note can use."""

LONGEST_TOGETHER = 16
"""Words up to which the sentences after a short answer are quoted with it."""

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
    least_words: int = 3


def respond(utterances: Sequence[Utterance]) -> tuple[Point, ...]:
    """The client's responses worth a place, in the order they came."""
    said = lines(utterances)
    found: dict[int, Point] = {}
    for at, line in enumerate(said):
        if line.role not in ("client", "other") or line.asks or line.turn in found:
            continue
        before = _before(said, at)
        if before is None:
            continue
        rest = [one for one in said[at + 1 : at + 4] if one.turn == line.turn]
        point = next((point for kind in _KINDS if (point := _point(kind, line, before, rest)) is not None), None)
        if point is not None:
            found[line.turn] = point
    best: list[Point] = []
    for point in sorted(found.values(), key=lambda point: -point.weight):
        alike = sum(point.text.split("“")[0] == other.text.split("“")[0] for other in best)
        if alike < ALIKE and len(best) < MOST:
            best.append(point)
    return tuple(sorted(best, key=lambda point: point.evidence[0].turn or 0))


def _point(kind: Kind, line: Line, before: Sequence[Line], rest: Sequence[Line]) -> Point | None:
    if kind.cues and not kind.cues.find(line):
        return None
    ground = next((one for one in reversed(before) if kind.after.find(one)), None) if kind.after else before[-1]
    words = line.utterance.text.split()
    end = _end(line, words, rest)
    if (
        ground is None
        or not kind.least_words <= len(line.utterance.turn.text[line.utterance.start : end].split()) <= LONGEST_QUOTE
        or (not kind.cues and _EMPTY.find(line))
        or _UNSURE.find(line)
    ):
        return None
    spoken = _FILLS.sub("", line.utterance.turn.text[line.utterance.start : end]).strip(' .,-–—"“”')
    if len(spoken) < 2:
        return None
    text = kind.says.format(quote=spoken[0].upper() + spoken[1:])
    if ":" in line.utterance.turn.speaker and line.role == "client":
        text = text.replace("Client", f"Client {line.utterance.turn.speaker.rpartition(':')[2]}", 1)
    return Point(
        topic=kind.topic,
        text=text if line.role == "client" else _of_other(text),
        evidence=(quote(line.utterance, end=end), quote(ground.utterance)),
        weight=kind.weight,
        subject=line.utterance.turn.speaker,
    )


def _end(line: Line, words: Sequence[str], rest: Sequence[Line]) -> int:
    """Where the quote ends: short sentences that go on in the same breath belong to it."""
    end, many = line.utterance.end, len(words)
    for one in rest:
        many += len(one.utterance.text.split())
        if many > LONGEST_TOGETHER or one.asks:
            break
        end = one.utterance.end
    return end


def _of_other(text: str) -> str:
    """The sentence about someone else in the room."""
    opened = text.replace("Client", _OTHER, 1)
    return opened if text.startswith("Client") else opened.replace(_OTHER, _OTHER[0].lower() + _OTHER[1:], 1)


def _before(said: Sequence[Line], at: int) -> list[Line] | None:
    """The clinician's lines of the turn this line answers; another's words may lie between."""
    turn, speaker = said[at].turn, said[at].utterance.turn.speaker
    back = at - 1
    while back >= 0 and (said[back].turn == turn or said[back].role in ("client", "other")):
        if said[back].turn < turn - 1 or (said[back].turn != turn and said[back].utterance.turn.speaker == speaker):
            return None
        back -= 1
    if back < 0 or said[back].role != "clinician":
        return None
    asked = said[back].turn
    return [line for line in said[max(0, back - 8) : back + 1] if line.turn == asked]


_OTHER = "Another person present"
"""Family in the room, whose part in it a sentence of theirs doesn't tell."""

_FILLS = re.compile(
    r"^(?:(?:um+|uh+|oh|well|yeah|huh|hm+|mm+|okay|god|but|and|so)[,.]? )+(?=\w+[ ,]+\w+)", re.IGNORECASE
)

_EMPTY = Cues(
    (
        "^ i do not|n't know $|what|how|if|why|maybe|i|exactly",
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
        "in this treatment|therapy|approach",
        "we|you|i go|face|start|begin * memory|place|list|again",
        "my recommendation|suggestion",
    )
)

_UNSURE = Cues(("if that|it|this make|makes sense", "do that make sense"))

_TRIED = Cues(
    (
        "how be|was|is that|it|this $",
        "how do|did that|it|this feel|go|sit|sound|land",
        "what be|was|'s it|that like to|for",
        "what be|'s different|changed $",
        "how be|was it to",
    )
)
"""Questions for how a thing just done was."""

_KINDS = (
    Kind(
        "response",
        "Asked what they heard, Client said: “{quote}.”",
        0.65,
        Cues(()),
        Cues(("what do|did you hear|heard him|her|them|your|dad|mom|mother|father|in",)),
    ),
    Kind(
        "response",
        "Client took the limit: “{quote}.”",
        0.5,
        Cues(("^ fine|okay|ok|alright|sorry",)),
        Cues(
            ("be|is|are not|n't for throw~|hit~|hurt~|break~|bit~|kick~", "you can throw|hit|punch|stomp|kick * pillow")
        ),
        least_words=1,
    ),
    Kind(
        "response",
        "In play, Client said: “{quote}.”",
        0.6,
        Cues(()),
        Cues(
            (
                (
                    "what do|does|is|would the|your boy|girl|mom|dad|baby|bear|dinosaur|puppet|doll|lion|dragon|"
                    "monster|bunny|puppy want|say|feel|need|think"
                ),
            )
        ),
    ),
    Kind(
        "response",
        "During processing, Client said: “{quote}.”",
        0.6,
        Cues(
            (
                "i get|got|came|made|survive|survived|did|do * out|through|it|something|alive|myself",
                "forgot|remember|realize|realise",
                "far|further|quieter|quiet|smaller|fading|fade|faded|blurry|gone|away",
                "be not|n't my fault",
                "it_'s|it_is over|done|past",
                "feels|feel right|true|light|lighter|calm|peaceful|different",
                "i_'m|i_am calm|safe|here|okay",
            )
        ),
        Cues(
            (
                "go with that|the|it",
                "follow again|my|and|them",
                "just notice that|it|what",
                "hold~ that|it|them * and follow",
                "what come up",
                "take a? breath $",
                "close with|bring_up * lake|place|calm|safe|beach|garden",
            )
        ),
    ),
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
                "make|made|making|got * life big|bigger|small|smaller",
                "what do you think that|this be about",
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
                "i never|had_n't|have_n't|not * think|look|see|consider * like_that|that_way|that_before|of_that",
                "that_'s|that_is new $",
                "never thought|looked|saw * like that|that_way",
                "great|good|interesting idea|point * thought_of",
            )
        ),
        Cues(()),
    ),
    Kind(
        "response",
        "Client had not known this: “{quote}.”",
        0.55,
        Cues(
            (
                "i did not|n't think|know|realize|realise * that|so|it|many|much|bad|high",
                "i never knew|realized|realised",
                "i have no idea",
                "more|less|higher than i think|thought",
            )
        ),
        Cues(("limit|average|research|most|people|body|brain|normal|common|because|risk|week|percent|means|called",)),
    ),
    Kind(
        "response",
        "Client had not said this before: “{quote}.”",
        0.6,
        Cues(("i never|have_never|'ve_never|have_n't|had_n't say|said|tell|told * out_loud|anyone|anybody|this|that",)),
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
                "that_'s|that_is true|exactly $",
                "that_'s|that_is about_right",
                "i * see what you mean",
                "good|great|fair point|idea $",
            )
        ),
        Cues(()),
        least_words=2,
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
                "it|that go|went|came|dropped from * to",
                "less|not_as|n't_as scary|hard|bad|awful|painful|anxious|nervous|weird|frightening|heavy|awkward|tense",
                "easier|lighter|calmer than i|before|it",
                "i do|did not|n't come apart|pass_out|die|panic",
            )
        ),
        Cues(
            (
                "feel|notice|number|now|breath|breathe|try|practice|imagine|close|stay|again|down|say|make_of|bring_it",
                "what happen|happened to|after|then",
                "how be|was|is that|it $",
            )
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
                "i be|'m not|n't crazy|thrilled|wild|keen|sold|sure about|on|it|that",
                "not crazy|thrilled|wild|keen|sold about|on",
                "i would|'d rather not",
                "hard to think|imagine|picture * about? do|doing|stop|stopping",
            )
        ),
        _PROPOSES,
    ),
    Kind(
        "response",
        "In the exercise, Client said: “{quote}.”",
        0.55,
        Cues(
            (
                "feel|felt|notice|dizzy|calm|warm|heavy|foot|breath|heart|strange|good|quiet|slow",
                "not|n't grit~|fight~|tens~|clench~",
            )
        ),
        Cues(
            (
                "stay with it|the|that",
                "make|making * room",
                "let it|that|them be",
                "foot * floor",
                "take * breath",
                "close your eye",
                "how be|was that $",
                "what do you notice $",
            )
        ),
    ),
    Kind("response", "Asked how that was, Client said: “{quote}.”", 0.5, Cues(()), _TRIED),
)
