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
from trellis.scribe.smooth import numbers_in
from trellis.scribe.topics import Topic

LEAST_WORDS = 3
"""Words a sentence needs to say something of its own, without the question it answers."""


def understand(utterances: Sequence[Utterance], people: People) -> tuple[Point, ...]:
    """The points of what client and others said."""
    reader = _Reader(utterances, people)
    return tuple(point for line in reader.lines for point in reader.read(line))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What one utterance comes to before it is worded."""

    utterance: Utterance
    question: Utterance | None
    hit: Hit
    assertion: Assertion
    line: Line


class _Reader:
    def __init__(self, utterances: Sequence[Utterance], people: People) -> None:
        self.utterances = utterances
        self.people = people
        self.lines = lines(utterances)
        self.gone = taken_back(utterances)
        self.concepts = concepts()
        self.hits = [self.concepts.find(line) for line in self.lines]

    def read(self, line: Line) -> Iterator[Point]:
        utterance = line.utterance
        if utterance.turn.role == "clinician" or utterance.asks or utterance.index in self.gone:
            return
        question = self.utterances[utterance.answers] if utterance.answers is not None else None
        if is_filler(utterance) and (question is None or reply(utterance) is None):
            return
        reading = self._reading(line, question)
        if reading is None:
            return
        point = self._point(reading)
        if point is not None:
            yield point

    def _reading(self, line: Line, question: Utterance | None) -> _Reading | None:
        utterance = line.utterance
        own = self.hits[utterance.index]
        asked = self.hits[question.index] if question is not None else []
        needs = question is not None and _needs_question(utterance)
        if not own and not (asked and question is not None):
            return None
        if not own and not needs and len(line.words) < LEAST_WORDS:
            return None
        hit = self._main(own, asked)
        token = hit.token if hit in own else utterance.parse.root if utterance.parse.tokens else 0
        assertion = assess(utterance, token, self.people)
        if assertion.joking or (assertion.time == "imagined" and hit.concept.topic not in _IMAGINABLE):
            return None
        return _Reading(
            utterance=utterance, question=question if needs else None, hit=hit, assertion=assertion, line=line
        )

    def _main(self, own: list[Hit], asked: list[Hit]) -> Hit:
        """What the sentence is mainly about; a question's topic counts where the answer shows none."""
        return own[0] if own else asked[0]

    def _point(self, reading: _Reading) -> Point | None:
        utterance, question = reading.utterance, reading.question
        text = say(utterance, question=question, subject=self.people.named(utterance.turn.speaker))
        if text is None:
            return None
        evidence = [quote(utterance)] if utterance.text.strip() else []
        if question is not None:
            evidence.append(quote(question))
        concept = reading.hit.concept
        return Point(
            topic=_topic(concept, reading.assertion),
            text=text,
            evidence=tuple(evidence),
            weight=_weight(reading),
            subject=reading.assertion.whose if reading.assertion.whose != UNCLEAR else utterance.turn.speaker,
            doubts=tuple(_doubts(reading)),
        )


_IMAGINABLE: frozenset[Topic] = frozenset({"goal", "change_talk", "sustain_talk", "risk", "strength"})
"""Topics of which wishes and ifs are the very matter."""


def _needs_question(utterance: Utterance) -> bool:
    """Whether an answer can't be understood without its question: a yes or no, or words without subject and verb."""
    if reply(utterance) is not None and len(utterance.text.split()) <= 6:
        return True
    tokens = utterance.parse.tokens
    has_subject = any(token.dep.startswith(("nsubj", "expl")) for token in tokens)
    has_verb = any(token.pos in {"VERB", "AUX"} for token in tokens)
    return not (has_subject and has_verb)


def _topic(concept: Concept, assertion: Assertion) -> Topic:
    if assertion.time == "past" and concept.topic in {"symptom", "sleep", "appetite", "relationship", "work"}:
        return "history"
    return concept.topic


_DURATION = re.compile(
    r"\b(?:hours?|minutes?|days?|weeks?|months?|years?|nights?|mornings?|times|once|twice|daily|every|always|constantly|"
    r"never|most of|all the time|per|percent|mg|milligrams?|since)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:worse|better|more|less|started|stopped|increased|decreased|again|anymore|lately|recently)\b", re.IGNORECASE
)
_SELF = re.compile(r"\b(?:i|my|me|i'm|i've|myself)\b", re.IGNORECASE)


def _weight(reading: _Reading) -> float:
    """How much a clinician would miss it: its kind, and how exactly it was told."""
    text = reading.utterance.text
    weight = reading.hit.concept.weight
    if numbers_in(text):
        weight += 0.1
    if _DURATION.search(text):
        weight += 0.05
    if _CHANGE.search(text):
        weight += 0.03
    if not _SELF.search(text) and reading.question is None:
        weight -= 0.12
    if reading.assertion.whose != reading.utterance.turn.speaker:
        weight -= 0.1
    if len(reading.line.words) < 4 and reading.question is None:
        weight -= 0.15
    if reading.assertion.hedged:
        weight -= 0.03
    return max(0.05, min(1.0, round(weight, 3)))


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
