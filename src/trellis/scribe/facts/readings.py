"""What one utterance comes to before it is worded: what it is about, how it is meant, and what it answers.

Takes a line, its question, its concept and its assertion; gives a reading, and says under which topic it belongs,
whether a note could use it, and what a clinician would have to confirm.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trellis.scribe.facts.concepts import Concept
from trellis.scribe.points import Utterance
from trellis.scribe.talk.answers import HEDGED_REPLY, wants_yes_or_no
from trellis.scribe.talk.assertions import Assertion
from trellis.scribe.talk.people import UNCLEAR
from trellis.scribe.topics import Topic
from trellis.scribe.words.cues import Line

_IMAGINABLE: frozenset[Topic] = frozenset({"goal", "change_talk", "sustain_talk", "risk"})
"""Topics of which wishes and ifs are the very matter."""
KEPT_APART: frozenset[Topic] = frozenset({"risk", "substance", "medication"})
"""Topics that a question about something else does not take over."""
_OF_THE_PERSON: frozenset[Topic] = frozenset(
    {"symptom", "sleep", "appetite", "medical", "medication", "substance", "history", "presenting"}
)
"""Topics that, said of somebody else, are not the client's own record."""

_OWN_DANGERS = frozenset({"risk.suicide", "risk.self_harm", "risk.hopeless", "risk.psychosis", "risk.reasons"})
"""Dangers that, said of somebody else, are part of the family's history and not the client's danger."""


_THINKS = re.compile(
    r"\bi (?:keep|kept|always|just keep) (?:on )?(?:thinking|telling myself|imagining)\b", re.IGNORECASE
)
"""What turns an if into a thought that is had again and again, which is a fact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one utterance comes to before it is worded."""

    line: Line
    question: Utterance | None
    concept: Concept
    assertion: Assertion

    is_asked_for: bool = False
    carers: frozenset[str] = frozenset()
    """Professionals: what they give or say of is the client's own."""

    @property
    def utterance(self) -> Utterance:
        """The utterance it reads."""
        return self.line.utterance

    @property
    def is_of_others(self) -> bool:
        """Whether it is about somebody else, who doesn't treat the client."""
        return self.assertion.whose not in {self.utterance.turn.speaker, "client", UNCLEAR, *self.carers}


def is_worth(reading: Reading) -> bool:
    """Whether the sentence says something a note could use."""
    assertion, topic = reading.assertion, reading.concept.topic
    if assertion.joking:
        return False
    if assertion.time == "imagined" and topic not in _IMAGINABLE and not _THINKS.search(reading.utterance.text):
        return False
    return assertion.whose != UNCLEAR or reading.concept.danger


def topic_of(reading: Reading) -> Topic:
    """The topic it belongs to: what is of others or long past is not the client's present record."""
    topic = reading.concept.topic
    if reading.is_of_others and (topic in _OF_THE_PERSON or reading.concept.key in _OWN_DANGERS):
        return "relationship" if topic not in {"history", "risk"} else "history"
    if reading.assertion.time == "past" and topic in {"symptom", "sleep", "appetite", "relationship", "work"}:
        return "history"
    return topic


def doubts_of(reading: Reading) -> Iterator[str]:
    """Why a clinician has to confirm it."""
    utterance = reading.utterance
    if utterance.turn.role == "unknown":
        yield "It is not known who said this."
    if reading.assertion.whose == UNCLEAR:
        yield "It is not clear whom this is about."
    if not utterance.text.strip():
        yield "Answered by a gesture only."
    elif reading.question is not None and HEDGED_REPLY.search(utterance.text) and wants_yes_or_no(reading.question):
        yield "The answer was not a plain yes or no."


_NUMBER = r"(?:(?:only|possibly|about|around|maybe) )*[\\w./-]+(?: (?:or|to) [\\w./-]+)?"
_KEYS = (
    (
        re.compile(
            rf"^Client reports (?:drinking|having) {_NUMBER} (?:beers?|drinks?|glass(?:es)?(?: of wine)?|shots?)"
            r"(?P<when> (?:a|per|each|every) (?:day|night|week|weekend)| daily| nightly)\.$"
        ),
        "substance.drinks{when}",
    ),
    (
        re.compile(rf"^Client reports smoking {_NUMBER} (?:cigarettes?|packs?)(?P<when> (?:a|per|each) day| daily)\.$"),
        "substance.smoked{when}",
    ),
    (re.compile(rf"^Client rates (?P<thing>[a-z ]+) at {_NUMBER}(?: on a scale of \w+ to \w+)?\.$"), "rating.{thing}"),
    (
        re.compile(
            r"^Client reports (?:sleeping|getting) (?:(?:only|possibly|about|around|maybe) )*[\w.-]+ hours"
            r"(?: of sleep)?(?: a night| nightly| per night)?\.$"
        ),
        "sleep.hours",
    ),
    (
        re.compile(
            r"^Client reports (?:still )?taking (?:the )?(?P<name>[a-z]+)(?: [a-z]+){0,3},? [\d.]+ mg\b[^;]*\.$"
        ),
        "medication.{name}.dose",
    ),
)
"""Statements of which a session holds one at a time: of two, the later stands. Any qualification makes it another."""


def key_of(text: str) -> str:
    """What a statement gives the value of (`sleep.hours`); empty where it gives none that another could replace."""
    for pattern, key in _KEYS:
        if (match := pattern.match(text)) is not None:
            return key.format(**match.groupdict())
    return ""
