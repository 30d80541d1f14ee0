"""Find in what client and others say the facts that belong in a note, each tied to the words it rests on.

Takes utterances and people; gives points in the order they were said. A fact is chosen by what it is about
(`concepts`) and how it is meant (`assertions`), read together with the question it answers, and worded by `say`. What
is imagined, said in jest or taken back later gives nothing; what is hedged into doubt, nodded or of unclear person
waits for a clinician. The clinician's own acts are read elsewhere (`intervene`, `arrange`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trellis.scribe.answers import HEDGED_REPLY, is_filler, reply, wants_yes_or_no
from trellis.scribe.assertions import Assertion, assess, taken_back
from trellis.scribe.concepts import Concept, Hit, concepts
from trellis.scribe.cues import Line, lines
from trellis.scribe.people import UNCLEAR, People
from trellis.scribe.points import Point, Utterance, quote
from trellis.scribe.say import say
from trellis.scribe.topics import Topic
from trellis.scribe.weigh import echo, weigh

LEAST_WORDS = 3
"""Words a sentence needs to say something of its own, without the question it answers."""
FOLLOWING = 40
"""Utterances after a sentence among which the clinician's taking up of it is looked for."""


def understand(utterances: Sequence[Utterance], people: People) -> tuple[Point, ...]:
    """The points of what client and others said."""
    reader = _Reader(utterances, people)
    return tuple(point for line in reader.lines for point in reader.read(line))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What one utterance comes to before it is worded."""

    line: Line
    question: Utterance | None
    concept: Concept
    assertion: Assertion

    @property
    def utterance(self) -> Utterance:
        return self.line.utterance

    @property
    def is_of_others(self) -> bool:
        return self.assertion.whose not in {self.utterance.turn.speaker, "client", UNCLEAR}


class _Reader:
    def __init__(self, utterances: Sequence[Utterance], people: People) -> None:
        self.utterances = utterances
        self.people = people
        self.lines = lines(utterances)
        self.gone = taken_back(utterances)
        self.hits = [concepts().find(line) for line in self.lines]

    def read(self, line: Line) -> Iterator[Point]:
        """The point of one utterance, if it has one."""
        utterance = line.utterance
        if utterance.turn.role == "clinician" or utterance.asks or utterance.index in self.gone:
            return
        question = self.utterances[utterance.answers] if utterance.answers is not None else None
        if is_filler(utterance) and (question is None or reply(utterance) is None):
            return
        reading = self._reading(line, question)
        point = self._point(reading) if reading is not None and _is_worth(reading) else None
        if point is not None:
            yield point

    def _reading(self, line: Line, question: Utterance | None) -> _Reading | None:
        utterance = line.utterance
        own = self.hits[utterance.index]
        asked = self.hits[question.index] if question is not None else []
        needs = question is not None and _needs_question(utterance, is_bare=not own)
        if needs and question is not None and _ASKS_NOTHING.search(question.text):
            if reply(utterance) is not None:
                return None
            asked = []
        hit = self._main(own, asked, needs=needs)
        if hit is None or (not needs and len(line.words) < LEAST_WORDS):
            return None
        tokens = utterance.parse.tokens
        token = hit.token if hit in own else utterance.parse.root if tokens else 0
        return _Reading(
            line=line,
            question=question if needs else None,
            concept=hit.concept,
            assertion=assess(utterance, token, self.people),
        )

    def _main(self, own: list[Hit], asked: list[Hit], *, needs: bool) -> Hit | None:
        """What the sentence is mainly about: a danger before all, then what was asked for, then its own words."""
        lead = next((hit for hit in asked if hit.concept.asked), None)
        if own and (own[0].concept.danger or own[0].concept.topic in _KEPT_APART):
            return own[0]
        if own and lead is not None:
            return lead
        if own:
            return own[0]
        return asked[0] if asked and needs else None

    def _point(self, reading: _Reading) -> Point | None:
        utterance, question = reading.utterance, reading.question
        text = say(utterance, question=question, subject=self.people.named(utterance.turn.speaker))
        if text is None:
            return None
        evidence = [quote(utterance)] if utterance.text.strip() else []
        if question is not None:
            evidence.append(quote(question))
        echoed = echo(utterance, self.utterances[utterance.index + 1 : utterance.index + FOLLOWING])
        return Point(
            topic=_topic(reading),
            text=text,
            evidence=tuple(evidence),
            weight=weigh(
                reading.line,
                reading.concept,
                answers=question is not None,
                others=reading.is_of_others,
                echoed=echoed,
            ),
            subject=reading.assertion.whose if reading.assertion.whose != UNCLEAR else utterance.turn.speaker,
            doubts=tuple(_doubts(reading)),
        )


_IMAGINABLE: frozenset[Topic] = frozenset({"goal", "change_talk", "sustain_talk", "risk"})
"""Topics of which wishes and ifs are the very matter."""
_KEPT_APART: frozenset[Topic] = frozenset({"risk", "substance", "medication"})
"""Topics that a question about something else does not take over."""
_OF_THE_PERSON: frozenset[Topic] = frozenset(
    {"symptom", "sleep", "appetite", "medical", "medication", "substance", "history", "presenting"}
)
"""Topics that, said of somebody else, are not the client's own record."""

_ASKS_NOTHING = re.compile(
    r"\b(?:makes? sense|do you mind|would (?:that|it) be (?:ok|okay|all right|alright)|"
    r"is (?:that|it) (?:ok|okay|all right|alright|fair|right|good)|sounds? (?:ok|okay|good|all right|alright|fair|right)|"
    r"works? (?:out )?for you|can i|could i|may i|shall (?:we|i)|can we|could we|you know what i mean|"
    r"do you (?:follow|understand)|are you (?:with me|comfortable)|have i got|did i (?:get|miss)|any questions|"
    r"can you (?:do that|tell me|hear)|anything else|all right\?$|okay\?$|ready to (?:start|begin))",
    re.IGNORECASE,
)


def _is_worth(reading: _Reading) -> bool:
    """Whether the sentence says something a note could use."""
    assertion, topic = reading.assertion, reading.concept.topic
    if assertion.joking:
        return False
    if assertion.time == "imagined" and topic not in _IMAGINABLE:
        return False
    return assertion.whose != UNCLEAR or reading.concept.danger


def _needs_question(utterance: Utterance, *, is_bare: bool) -> bool:
    """Whether an answer can't be understood without its question: a yes or no, or words without subject and verb.

    `is_bare` says that its own words are about nothing a note knows.
    """
    if reply(utterance) is not None and (is_bare or len(utterance.text.split()) <= 6):
        return True
    tokens = utterance.parse.tokens
    has_subject = any(token.dep.startswith(("nsubj", "expl")) for token in tokens)
    has_verb = any(token.pos in {"VERB", "AUX"} for token in tokens)
    return not (has_subject and has_verb)


def _topic(reading: _Reading) -> Topic:
    topic = reading.concept.topic
    if reading.is_of_others and topic in _OF_THE_PERSON:
        return "history" if topic == "history" else "relationship"
    if reading.assertion.time == "past" and topic in {"symptom", "sleep", "appetite", "relationship", "work"}:
        return "history"
    return topic


def _doubts(reading: _Reading) -> Iterator[str]:
    utterance = reading.utterance
    if utterance.turn.role == "unknown":
        yield "It is not known who said this."
    if reading.assertion.whose == UNCLEAR:
        yield "It is not clear whom this is about."
    if not utterance.text.strip():
        yield "Answered by a gesture only."
    elif reading.question is not None and HEDGED_REPLY.search(utterance.text) and wants_yes_or_no(reading.question):
        yield "The answer was not a plain yes or no."
