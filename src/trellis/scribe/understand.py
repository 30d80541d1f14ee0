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
from trellis.scribe.lasting import TIME, last_for
from trellis.scribe.people import UNCLEAR, People
from trellis.scribe.points import Point, Utterance, quote
from trellis.scribe.say import say
from trellis.scribe.smooth import numbers_in, smooth
from trellis.scribe.spell_out import spell_out
from trellis.scribe.topics import Topic
from trellis.scribe.weigh import echo, weigh

LEAST_WORDS = 3
"""Words a sentence needs to say something of its own, without the question it answers."""
LONGEST_ASKED = 14
"""Words of a question or an answer that may be quoted whole."""
TURNS_BACK = 6
"""Turns within which a bare figure still belongs to what was spoken of last."""
FOLLOWING = 40
"""Utterances after a sentence among which the clinician's taking up of it is looked for."""


def understand(utterances: Sequence[Utterance], people: People) -> tuple[Point, ...]:
    """The points of what client and others said."""
    reader = _Reader(utterances, people)
    points: list[Point] = []
    for line in reader.lines:
        lasting = last_for(line.utterance, reader.question_of(line.utterance), points)
        if lasting is not None:
            points[-1] = lasting
        elif (point := reader.read(line)) is not None:
            points.append(point)
    return tuple(points)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What one utterance comes to before it is worded."""

    line: Line
    question: Utterance | None
    concept: Concept
    assertion: Assertion

    is_asked_for: bool = False

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
        self.latest: tuple[int, Hit] | None = None

    def question_of(self, utterance: Utterance) -> Utterance | None:
        """The question it answers."""
        return self.utterances[utterance.answers] if utterance.answers is not None else None

    def read(self, line: Line) -> Point | None:
        """The point of one utterance, if it has one."""
        utterance, question = line.utterance, self.question_of(line.utterance)
        if utterance.turn.role == "clinician" or utterance.asks or utterance.index in self.gone:
            return None
        if is_filler(utterance) and (question is None or reply(utterance) is None):
            return None
        if _KNOWS_NOT.search(utterance.text) or _CUT_OFF.search(utterance.text):
            return None
        reading = self._reading(line, question)
        return self._point(reading) if reading is not None and _is_worth(reading) else None

    def _reading(self, line: Line, question: Utterance | None) -> _Reading | None:
        utterance = line.utterance
        own = self.hits[utterance.index]
        asked = self._asked(question) if question is not None else []
        is_first = self._is_first(utterance)
        needs = question is not None and _needs_question(utterance, is_bare=not own and is_first)
        if needs and not (is_first or own or numbers_in(utterance.text) or reply(utterance) is not None):
            return None
        if needs and question is not None and _ASKS_NOTHING.search(question.text):
            if reply(utterance) is not None:
                return None
            asked = []
        counted = bool(numbers_in(utterance.text) or TIME.search(utterance.text))
        hit = self._main(own, asked, needs=needs, counted=counted, is_first=is_first)
        if hit is None and needs and counted and self.latest and utterance.turn.id - self.latest[0] <= TURNS_BACK:
            hit = self.latest[1]
        if hit is None or (not needs and len(line.words) < LEAST_WORDS - bool(own)):
            return None
        tokens = utterance.parse.tokens
        token = hit.token if hit in own else utterance.parse.root if tokens else 0
        if hit in own:
            self.latest = (utterance.turn.id, hit)
        return _Reading(
            line=line,
            question=question if needs else None,
            concept=hit.concept,
            is_asked_for=any(each.concept.topic == hit.concept.topic for each in asked),
            assertion=assess(utterance, token, self.people),
        )

    def _asked(self, question: Utterance) -> list[Hit]:
        """What a question is about: itself, or another of the same turn that it carries on."""
        own = self.hits[question.index]
        around = self.utterances[max(0, question.index - 2) : question.index]
        before = [each for each in around if each.turn.id == question.turn.id and each.asks]
        return own or next((hits for each in reversed(before) if (hits := self.hits[each.index])), [])

    def _is_first(self, utterance: Utterance) -> bool:
        """Whether this is the first thing said in answer to its question."""
        earlier = self.utterances[max(0, utterance.index - 6) : utterance.index]
        return not any(each.answers == utterance.answers and not is_filler(each) for each in earlier)

    def _main(self, own: list[Hit], asked: list[Hit], *, needs: bool, counted: bool, is_first: bool) -> Hit | None:
        """What the sentence is mainly about: a danger before all, then what was asked for, then its own words."""
        lead = next((hit for hit in asked if hit.concept.asked), None)
        if own and (own[0].concept.danger or own[0].concept.topic in _KEPT_APART):
            return own[0]
        if lead is not None and (own or needs) and is_first:
            return lead
        if own:
            return own[0]
        return asked[0] if asked and (needs or counted) else None

    def _point(self, reading: _Reading) -> Point | None:
        utterance, question = reading.utterance, reading.question
        spelled = spell_out(utterance, self.people, self.utterances[: utterance.index], self.hits)
        text = self._worded(reading, spelled.utterance)
        if text is None or _SAYS_NOTHING.search(text):
            return None
        evidence = [quote(utterance)] if utterance.text.strip() else []
        if question is not None:
            evidence.append(quote(question))
        evidence.extend(quote(each) for each in spelled.grounds)
        echoed = echo(utterance, self.utterances[utterance.index + 1 : utterance.index + FOLLOWING])
        return Point(
            topic="medication" if spelled.names_drug and not reading.concept.danger else _topic(reading),
            text=text,
            evidence=tuple(evidence),
            weight=weigh(
                reading.line,
                reading.concept,
                parse=spelled.utterance.parse,
                answers=question is not None or reading.is_asked_for,
                others=reading.is_of_others,
                echoed=echoed,
            ),
            subject=reading.assertion.whose if reading.assertion.whose != UNCLEAR else utterance.turn.speaker,
            doubts=tuple(_doubts(reading)),
        )

    def _worded(self, reading: _Reading, spelled: Utterance) -> str | None:
        """The sentence for a note; danger that can't be told is quoted."""
        speaker = self.people.named(reading.utterance.turn.speaker)
        role = re.sub(r" \d+$", "", speaker)
        denied = reading.assertion.denied and reading.is_asked_for and reading.concept.topic in _DENIABLE
        text = say(spelled, question=reading.question, subject=role, denied=denied)
        if text is None and reading.question is not None:
            text = _asked_and_answered(reading, role)
        if text is None and reading.concept.danger and spelled.parse.tokens:
            text = say(reading.utterance, question=reading.question, subject=role, keep_quote=True)
        if text is not None and _BROKEN.search(text):
            kept = reading.concept.topic in _KEPT_APART
            text = say(reading.utterance, subject=role, keep_quote=True) if kept else None
        return text if text is None or role == speaker else re.sub(rf"\b{role}\b(?! \d)", speaker, text)


_IMAGINABLE: frozenset[Topic] = frozenset({"goal", "change_talk", "sustain_talk", "risk"})
"""Topics of which wishes and ifs are the very matter."""
_KEPT_APART: frozenset[Topic] = frozenset({"risk", "substance", "medication"})
"""Topics that a question about something else does not take over."""
_OF_THE_PERSON: frozenset[Topic] = frozenset(
    {"symptom", "sleep", "appetite", "medical", "medication", "substance", "history", "presenting"}
)
"""Topics that, said of somebody else, are not the client's own record."""

_OWN_DANGERS = frozenset({"risk.suicide", "risk.self_harm", "risk.hopeless", "risk.psychosis", "risk.reasons"})
"""Dangers that, said of somebody else, are part of the family's history and not the client's danger."""

_ASKS_NOTHING = re.compile(
    r"\b(?:makes? sense|do you mind|would (?:that|it) be (?:ok|okay|all right|alright)|"
    r"is (?:that|it) (?:ok|okay|all right|alright|fair|right|good)|"
    r"sounds? (?:ok|okay|good|all right|alright|fair|right)|"
    r"works? (?:out )?for you|can i|could i|may i|shall (?:we|i)|can we|could we|you know what i mean|"
    r"do you (?:follow|understand)|are you (?:with me|comfortable)|have i got|did i (?:get|miss)|any questions|"
    r"can you (?:do that|tell me|hear)|anything else|all right\?$|okay\?$|ready to (?:start|begin))",
    re.IGNORECASE,
)


_KNOWS_NOT = re.compile(
    r"^\W*(?:(?:well|oh|um|uh|but|and|yeah|no|honestly|really),? )*"
    r"i (?:don't|do not|dunno) ?(?:really |even )?(?:know|remember)?\W*$",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(r"^\W*(?:\S+\s+){0,3}\S+\s?(?:-+|\u2014)\s*$")
"""A few words and a dash: somebody was interrupted before anything was said."""


_DENIABLE: frozenset[Topic] = frozenset({"risk", "substance", "symptom", "medical", "medication", "sleep", "appetite"})
"""Topics in which a no to a question is a denial and not only a report."""
_BROKEN = re.compile(
    r"\b(?:reports|states|believes|feels) that (?:have|had|go|went|get|got|do|did|was|were|is|are|be|and|but|or)\b|"
    r"--|\w- |"
    r"\b(?:because|so|and|but|that|the|a|to|of|or|they)\.$"
)
"""What betrays that a sentence could not be told whole."""
_SAYS_NOTHING = re.compile(
    r"\bthat (?:it|they|that|this|he|she) (?:is|are|was|were|does|do|did|has|have|can|will|would)\.$|"
    r"^\S+ \S+ (?:it|that|so|being|having)\.$"
)


def _is_worth(reading: _Reading) -> bool:
    """Whether the sentence says something a note could use."""
    assertion, topic = reading.assertion, reading.concept.topic
    if assertion.joking:
        return False
    if assertion.time == "imagined" and topic not in _IMAGINABLE:
        return False
    return assertion.whose != UNCLEAR or reading.concept.danger


_SUBORDINATE = frozenset({"when", "because", "'cause", "cause", "if", "until", "since", "after", "before", "while"})
"""What opens a clause that hangs on something said before it."""
_POINTING = frozenset({"it", "that", "this", "they", "those", "these"})
"""Subjects that point to what was asked about."""


def _asked_and_answered(reading: _Reading, role: str) -> str | None:
    """Both in their own words, where a short answer can't be told but must not be lost."""
    question, utterance = reading.question, reading.utterance
    matters = reading.concept.topic in _KEPT_APART or numbers_in(utterance.text) or TIME.search(utterance.text)
    if question is None or not matters or reply(utterance) is not None or not utterance.parse.tokens:
        return None
    asked, answered = smooth(question.text).text.strip(" .,!?-"), smooth(utterance.text).text.strip(" .,!?-")
    if len(asked.split()) > LONGEST_ASKED and len(asked.rpartition(",")[2].split()) > 2:
        asked = asked.rpartition(",")[2].strip()
    if not answered or len(asked.split()) > LONGEST_ASKED or len(answered.split()) > LONGEST_ASKED:
        return None
    return f"Asked “{asked}?”, {role} answers, “{answered}”."


def _needs_question(utterance: Utterance, *, is_bare: bool) -> bool:
    """Whether an answer can't be understood without its question: a yes or no, or words without subject and verb.

    `is_bare` says that its own words are about nothing a note knows.
    """
    if reply(utterance) is not None and (is_bare or len(utterance.text.split()) <= 6):
        return True
    parse = utterance.parse
    if not parse.tokens or parse.tokens[parse.root].pos not in {"VERB", "AUX"}:
        return True
    if any(parse.tokens[i].text.lower() in _SUBORDINATE for i in parse.children(parse.root)):
        return True
    subjects = [i for i in parse.children(parse.root) if parse.tokens[i].dep.startswith(("nsubj", "expl"))]
    return not subjects or (is_bare and parse.tokens[subjects[0]].text.lower() in _POINTING)


def _topic(reading: _Reading) -> Topic:
    topic = reading.concept.topic
    if reading.is_of_others and (topic in _OF_THE_PERSON or reading.concept.key in _OWN_DANGERS):
        return "relationship" if topic not in {"history", "risk"} else "history"
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
