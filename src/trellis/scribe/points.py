"""What understanding hands to drafting: sentences that know their place, and points worth saying, tied to their ground.

Takes nothing; gives the nouns between the acts of this room. `utter` makes utterances, `understand`, `intervene` and
`arrange` make points of them, `draft` chooses among points, `check` holds each to its evidence.
"""

from dataclasses import dataclass

from trellis.chart import Evidence, Turn
from trellis.inference import Sentence
from trellis.scribe.topics import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One sentence of a turn.

    `start` and `end` are characters of the turn's corrected text; token offsets of `parse` count in that text too.
    `index` is its place among all utterances of the session. `asks` says that it is a question. `answers` is the index
    of the question it answers, which may lie several turns back; None where it answers none.
    """

    turn: Turn
    start: int
    end: int
    parse: Sentence
    index: int
    asks: bool = False
    answers: int | None = None

    @property
    def text(self) -> str:
        """The words, verbatim: what a quote has to be made of."""
        return self.turn.text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing worth saying in a note.

    `text` is a whole sentence in clinical third person that calls the client `Client` and the clinician `Clinician`.
    `evidence` quotes are verbatim from their turns, the one that carries most first. `weight` (0..1) says how much a
    clinician would miss it. `subject` is the id of the person it is about. Points with the same `key` say the same
    thing: the later or more specific one stands (`sleep.hours`, `medication.sertraline.dose`); empty where nothing
    else can say it. `doubts` are reasons, in plain words, why a clinician has to confirm it. `inferred` marks what
    concludes rather than repeats.
    """

    topic: Topic
    text: str
    evidence: tuple[Evidence, ...]
    weight: float
    subject: str = "client"
    key: str = ""
    inferred: bool = False
    doubts: tuple[str, ...] = ()


def quote(utterance: Utterance, start: int | None = None, end: int | None = None) -> Evidence:
    """Evidence that quotes an utterance, or characters start..end of its turn's text."""
    first = utterance.start if start is None else start
    last = utterance.end if end is None else end
    turn = utterance.turn
    return Evidence(turn=turn.id, start=turn.start, end=turn.end, quote=turn.text[first:last].strip())
