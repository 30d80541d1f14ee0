"""Find in what client and others say the facts that belong in a note, each tied to the words it rests on.

Takes utterances and people; gives points in the order they were said. A fact is chosen by what it is about
(`concepts`) and how it is meant (`assertions`), read together with the question it answers, and worded by `say`. What
is imagined, said in jest or taken back later gives nothing; what is hedged into doubt, nodded or of unclear person
waits for a clinician. The clinician's own acts are read elsewhere (`intervene`, `arrange`).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from trellis.scribe.facts.amend import amend
from trellis.scribe.facts.concepts import Concept, Hit, concepts
from trellis.scribe.facts.confirm import CONFIRMS, tell_confirmed
from trellis.scribe.facts.dangers import with_danger_near
from trellis.scribe.facts.interview import asked_for, with_quality
from trellis.scribe.facts.judge import contradicting, is_of_things, is_own_thought, is_supposed, wants_amount
from trellis.scribe.facts.lasting import TIME, go_on, last_for
from trellis.scribe.facts.phrase import Phrases
from trellis.scribe.facts.readings import KEPT_APART, Reading, doubts_of, is_worth, key_of, topic_of
from trellis.scribe.facts.reasons import reason_before
from trellis.scribe.facts.relay import is_relayed
from trellis.scribe.facts.review import things_named
from trellis.scribe.facts.scales import rated_thing, set_beside
from trellis.scribe.facts.sift import (
    asks_nothing,
    has_stranger,
    is_carer,
    is_hollow,
    needs_question,
    says_nothing,
    tells,
)
from trellis.scribe.facts.spell_out import named_many, spell_out
from trellis.scribe.facts.weigh import echo, weigh
from trellis.scribe.points import Point, Utterance, quote
from trellis.scribe.saying.person import voice_of
from trellis.scribe.saying.things import thing_asked
from trellis.scribe.saying.wording import reword
from trellis.scribe.talk.answers import is_filler, reply
from trellis.scribe.talk.assertions import assess, taken_back
from trellis.scribe.talk.people import UNCLEAR, People
from trellis.scribe.topics import Topic
from trellis.scribe.words.cues import Line, lines
from trellis.scribe.words.smooth import numbers_in, smooth

LEAST_WORDS = 3
"""Words a sentence needs to say something of its own, without the question it answers."""
TURNS_BACK = 6
"""Turns within which a bare figure still belongs to what was spoken of last."""
LONGEST_OPEN = 4
"""Words of a question ("How much?", "Since when?") that goes on about what was spoken of last."""
CARRIED = 4
"""Turns within which a sentence that names nothing of its own still belongs to what was spoken of last."""
REVIEWED = 6
"""Utterances around a question among which other questions show that it belongs to a review of systems."""
DANGER_CARRIED = 3
"""Turns after talk of danger within which "when was the last time?" still asks about it."""
FOLLOWING = 40
"""Utterances after a sentence among which the clinician's taking up of it is looked for."""


def understand(utterances: Sequence[Utterance], people: People) -> tuple[Point, ...]:
    """The points of what client and others said."""
    reader = _Reader(utterances, people)
    points: list[Point] = []
    for line in reader.lines:
        lasting = (
            last_for(line.utterance, reader.question_of(line.utterance), points)
            or go_on(line.utterance, points, utterances)
            or set_beside(line.utterance, points, utterances, voice_of("Client", "they"))
        )
        if lasting is not None:
            points[-1] = lasting
            continue
        if (reason := reader.reason(line)) is not None:
            points.append(reason)
        elif (confirmed := reader.confirmed(line)) is not None:
            points.append(confirmed)
            continue
        if (point := reader.read(line)) is not None:
            both = with_quality(points[-1], point) if points else None
            points[-1:] = [both] if both is not None else [*points[-1:], point]
    return tuple(points)


LOOSE = 0.35
"""What an answer loses that could only be quoted beside its question."""
LOOSE_COUNTED = 0.2
"""The same where the answer gives a figure or a time, which is asked for because it matters."""
THOUGHT = 0.2
"""What is added for a thought in the client's own words, which is what is worked with."""
RELAYED = 0.1
"""What is added for a finding the client was told of, so that it is shown for confirmation."""
_RECORDED: frozenset[Topic] = frozenset({"medical", "medication", "history"})
TOLD_CLIENT = "It is what others told the client."
INFORMS = 0.15
"""What is added for what somebody present has seen of the client: that is what they came to tell."""
CONFIRMED = 0.5
"""Weight of a reflection that names nothing of its own, once it is confirmed."""
TOLD = 0.5
"""Weight of a sentence that tells something, of which no concept is known."""
_NOT_CARRIED: frozenset[Topic] = frozenset(
    {"risk", "medication", "substance", "goal", "change_talk", "sustain_talk", "presenting", "insight", "progress"}
)
"""Topics that a sentence belongs to only by its own words or by its question."""
_SHOWN_IN_DOUBT: frozenset[Topic] = frozenset({"symptom", "sleep", "appetite", "medical", "medication", "substance"})
"""Topics of the client's own record of which a fact is shown for confirmation where a "him" in it is unclear."""
_GOES_ON = re.compile(
    r"\b(?:last time|how (?:often|many times|long|recently)|when (?:was|did)|"
    r"what (?:do|does|did) (?:they|it|he|she) say|"
    r"what did you do)\b",
    re.IGNORECASE,
)
"""A question that asks on about what was just told."""
_TAKES_BACK = re.compile(r"^(?:(?:oh|wait|no|sorry|actually|scratch that)\b,? )+", re.IGNORECASE)
_POINTS_BACK = re.compile(r"\b(?:it|that|them|those|this)\b", re.IGNORECASE)
"""A question about "it" is about what its turn named just before."""


def _is_counted(utterance: Utterance) -> bool:
    return bool(numbers_in(utterance.text) or TIME.search(utterance.text))


class _Reader:
    def __init__(self, utterances: Sequence[Utterance], people: People) -> None:
        self.utterances = utterances
        self.people = people
        self.lines = lines(utterances)
        self.gone = taken_back(utterances)
        self.hits = with_danger_near([concepts().find(line) for line in self.lines])
        self.latest: tuple[int, Hit] | None = None
        self.phrases = Phrases(utterances, people, self.hits)
        self.carers = frozenset(person.id for person in people if is_carer(person))

    def question_of(self, utterance: Utterance) -> Utterance | None:
        """The question it answers."""
        return self.utterances[utterance.answers] if utterance.answers is not None else None

    def reason(self, line: Line) -> Point | None:
        """The reason for coming, as the clinician put it and the client agreed."""
        found = reason_before(line.utterance, self.utterances)
        if found is None:
            return None
        told, said = found
        speaker = self.people.named(line.utterance.turn.speaker)
        return Point(
            topic="presenting",
            text=f"{speaker} confirms that {told}.",
            evidence=(quote(said), quote(line.utterance)),
            weight=0.9,
            subject=line.utterance.turn.speaker,
        )

    def confirmed(self, line: Line) -> Point | None:
        """What the clinician said of the client and the client plainly confirmed."""
        utterance = line.utterance
        if utterance.turn.role != "client" or not CONFIRMS.search(utterance.text) or not utterance.index:
            return None
        said = self.utterances[utterance.index - 1]
        if said.turn.role != "clinician" or utterance.turn.id - said.turn.id > 1:
            return None
        speaker = self.people.named(utterance.turn.speaker)
        told = tell_confirmed(said, voice_of("Client", "they"))
        if told is None or (said.asks and not said.text.rstrip().endswith("?")):
            return None
        hits = [hit for hit in self.hits[said.index] if not hit.concept.asked]
        concept = hits[0].concept if hits else None
        return Point(
            topic=concept.topic if concept is not None else "insight",
            text=f"{reword(told)}.".replace("Client ", f"{speaker} ", 1),
            evidence=(quote(said), quote(utterance)),
            weight=min(0.85, concept.weight + 0.05) if concept is not None else CONFIRMED,
            subject=utterance.turn.speaker,
        )

    def read(self, line: Line) -> Point | None:
        """The point of one utterance, if it has one."""
        utterance, question = line.utterance, self.question_of(line.utterance)
        if utterance.turn.role == "clinician" or utterance.asks or utterance.turn.id in self.phrases.quoted_turns:
            return None
        if utterance.index in self.gone:
            return self._amended(line, question)
        if utterance.index in self.gone.values() and not self.hits[utterance.index]:
            return None
        if is_filler(utterance) and (question is None or reply(utterance) is None):
            return None
        if says_nothing(utterance):
            return None
        reading = self._reading(line, question)
        return self._point(reading) if reading is not None and is_worth(reading) else None

    def _amended(self, line: Line, question: Utterance | None) -> Point | None:
        """A fact whose figure was corrected by words that name nothing else ("no, wait, it's ten now")."""
        at = self.gone[line.utterance.index]
        if at is None or self.hits[at]:
            return None
        reading = self._reading(line, question)
        point = self._point(reading) if reading is not None and is_worth(reading) else None
        correction = self.utterances[at]
        if point is not None and "“" in point.text:
            words = _TAKES_BACK.sub("", smooth(correction.text).text.strip(" .,!?-"))
            text: str | None = re.sub(r"“[^”]*”(?=[^“]*$)", f"“{words}”", point.text)
        else:
            text = amend(point.text, line.utterance.text, correction.text) if point is not None else None
        if point is None or text is None:
            return None
        return replace(point, text=text, evidence=(quote(correction), *point.evidence))

    def _reading(self, line: Line, question: Utterance | None) -> Reading | None:
        utterance = line.utterance
        own = self.hits[utterance.index]
        asked = self._asked(question) if question is not None else []
        is_first = self._is_first(utterance)
        needs = question is not None and needs_question(utterance, is_bare=not own and is_first)
        is_more = question is not None and asked_for(question) is not None
        if needs and not (is_first or own or is_more or numbers_in(utterance.text) or reply(utterance) is not None):
            return None
        if needs and question is not None and asks_nothing(question):
            if reply(utterance) is not None:
                return None
            asked = []
        counted = _is_counted(utterance)
        hit = self._main(own, asked, needs=needs, counted=counted, is_first=is_first)
        if hit is None and needs and counted and self.latest and utterance.turn.id - self.latest[0] <= TURNS_BACK:
            is_open = question is not None and len(question.text.split()) <= LONGEST_OPEN
            hit = self.latest[1] if is_open or self.latest[1].concept.topic not in KEPT_APART else None
        if (hit is None or hit.concept.topic not in KEPT_APART) and (prompt := self._prompt(utterance)) is not None:
            hit = prompt if hit is not None or tells(line, self.people) else None
        if hit is None and counted and question is not None and rated_thing(question) is not None:
            hit = Hit(concept=Concept(key="rated", topic="symptom", weight=0.6), token=0, words="")
        if hit is None and needs and question is not None:
            hit = self._review(utterance, question) or self._standing(utterance, question, is_first=is_first)
        if hit is None and not needs:
            is_theirs = bool(asked) and is_of_things(utterance, self.question_of(utterance))
            hit = asked[0] if is_theirs else self._carried(line, asked)
        if hit is None or (not needs and len(line.words) < LEAST_WORDS - bool(own)):
            return None
        family = next((each for each in own if each.concept.key == "history.family"), None)
        if family is not None and not hit.concept.danger:
            hit = family
        tokens = utterance.parse.tokens
        token = hit.token if hit in own else utterance.parse.root if tokens else 0
        if hit in own or hit.concept.danger:
            self.latest = (utterance.turn.id, hit)
        meant = assess(utterance, token, self.people)
        if (
            meant.whose == UNCLEAR
            and question is None
            and asked
            and is_of_things(utterance, self.question_of(utterance))
        ):
            meant = replace(meant, whose=utterance.turn.speaker)
        if is_supposed(utterance, self.question_of(utterance)):
            meant = replace(meant, time="imagined")
        if hit.concept.danger and meant.whose == UNCLEAR and is_own_thought(utterance):
            meant = replace(meant, whose=utterance.turn.speaker)
        return Reading(
            line=line,
            question=question if needs else None,
            concept=hit.concept,
            is_asked_for=any(each.concept.topic == hit.concept.topic for each in asked),
            assertion=meant,
            carers=self.carers,
        )

    def _review(self, utterance: Utterance, question: Utterance) -> Hit | None:
        """A thing of which nothing is known, named among questions about the body: "Hot flashes?" "Yes."."""
        if reply(utterance) is None or not things_named(question):
            return None
        around = self.utterances[max(0, question.index - REVIEWED) : question.index + REVIEWED + 1]
        near = [hit for each in around if each.turn.role == "clinician" for hit in self.hits[each.index]]
        if not any(hit.concept.topic == "medical" for hit in near):
            return None
        return Hit(concept=Concept(key="reviewed", topic="medical", weight=0.6), token=0, words="")

    def _standing(self, utterance: Utterance, question: Utterance, *, is_first: bool) -> Hit | None:
        """A short answer to a question of which only its form is known: a standing one, or one for an amount."""
        found = asked_for(question)
        if found is not None:
            return Hit(concept=found.concept, token=0, words="")
        if not is_first or not numbers_in(utterance.text) or not wants_amount(utterance, question):
            return None
        near = self.latest if self.latest and utterance.turn.id - self.latest[0] <= CARRIED else None
        topic = near[1].concept.topic if near is not None else "function"
        return Hit(concept=Concept(key="counted", topic=topic, weight=0.55), token=0, words="")

    def _asked(self, question: Utterance) -> list[Hit]:
        """What a question is about: itself, or another of the same turn that it carries on."""
        own = self.hits[question.index]
        around = self.utterances[max(0, question.index - 2) : question.index]
        points_back = bool(_POINTS_BACK.search(question.text))
        before = [each for each in around if each.turn.id == question.turn.id and (each.asks or points_back)]
        own = [hit for hit in own if hit.concept.key != "ask.homework"] or own
        found = own or next((hits for each in reversed(before) if (hits := self.hits[each.index])), [])
        if not found and self.latest and question.turn.id - self.latest[0] <= DANGER_CARRIED:
            return [self.latest[1]] if self.latest[1].concept.danger and _GOES_ON.search(question.text) else []
        return found

    def _is_first(self, utterance: Utterance) -> bool:
        """Whether this is the first thing said in answer to its question."""
        earlier = self.utterances[max(0, utterance.index - 6) : utterance.index]
        return not any(each.answers == utterance.answers and not is_filler(each) for each in earlier)

    def _main(self, own: list[Hit], asked: list[Hit], *, needs: bool, counted: bool, is_first: bool) -> Hit | None:
        """What the sentence is mainly about: a danger before all, then what was asked for, then its own words."""
        lead = next((hit for hit in asked if hit.concept.asked), None)
        if own and (own[0].concept.danger or own[0].concept.topic in KEPT_APART):
            return own[0]
        if asked and (needs or (asked[0].concept.danger and is_first)) and asked[0].concept.topic in KEPT_APART:
            return asked[0]
        if lead is not None and (own or needs) and (is_first or (lead.concept.topic == "presenting" and own)):
            return lead
        if own:
            return own[0]
        return asked[0] if asked and (needs or counted) else None

    def _prompt(self, utterance: Utterance) -> Hit | None:
        """The homework the clinician just recalled without asking: "You were going to walk three times"."""
        if utterance.answers is not None:
            return None
        before = [each for each in self.utterances[max(0, utterance.index - 8) : utterance.index]
                  if each.turn.id == utterance.turn.id - 1 and each.turn.role == "clinician"]  # fmt: skip
        found = [hit for each in before for hit in self.hits[each.index] if hit.concept.topic == "homework_review"]
        return found[0] if found and not any(each.asks for each in before) else None

    def _carried(self, line: Line, asked: list[Hit]) -> Hit | None:
        """What a whole sentence without a concept of its own is about: what was asked, or spoken of last."""
        if not tells(line, self.people, least=1 if line.utterance.answers is not None else 2):
            return None
        near = self.latest if self.latest and line.turn - self.latest[0] <= CARRIED else None
        lead = asked[0] if asked else near[1] if near else None
        topic: Topic = lead.concept.topic if lead is not None else "function"
        if lead is not None and not asked and topic in _NOT_CARRIED:
            topic = "function"
        danger = bool(asked) and lead is not None and lead.concept.danger
        weight = 0.8 if danger else TOLD if asked else TOLD - 0.1
        return Hit(concept=Concept(key="told", topic=topic, weight=weight), token=line.utterance.parse.root, words="")

    def _point(self, reading: Reading) -> Point | None:
        utterance, question = reading.utterance, reading.question
        asked = self.question_of(utterance)
        thing = None
        if asked is not None and not re.match(r"\W*(?:(?:and|so|but) )?any\b", asked.text, re.IGNORECASE):
            thing = rated_thing(asked) or thing_asked(asked, voice_of("Client", "they")) or named_many(asked, utterance)
        about = (thing, asked) if thing is not None and asked is not None else None
        spelled = spell_out(utterance, self.people, self.utterances[: utterance.index], self.hits, about)
        doubts = [TOLD_CLIENT] if is_relayed(utterance) else []
        if has_stranger(spelled.utterance, self.people) and not reading.concept.danger:
            if reading.is_of_others or reading.concept.topic not in _SHOWN_IN_DOUBT:
                return None
            doubts.append("It is not clear whom this is about.")
        text = self.phrases.word(reading, spelled.utterance, asked, is_first=self._is_first(utterance))
        if text is None or is_hollow(text):
            return None
        evidence = [quote(utterance)] if utterance.text.strip() else []
        if utterance.turn.id in self.phrases.quoted_turns:
            evidence = [quote(utterance, 0 if text.find(utterance.turn.text[:8]) > 0 else utterance.start,
                              len(utterance.turn.text))]  # fmt: skip
        if question is not None:
            evidence.append(quote(question))
        evidence.extend(quote(each) for each in (*spelled.grounds, *([self.phrases.also] if self.phrases.also else [])))
        self.phrases.also = None
        if question is None and asked is not None and re.search(r"\bdenies\b", text):
            evidence.append(quote(asked))
        if (other := contradicting(utterance, self.utterances)) is not None:
            doubts.append("Another person gave another figure.")
            who = self.people.named(other.turn.speaker)
            opening = f"{text} " if text.endswith("”") else f"{text[:-1]}; "
            text = f"{opening}{who} says “{other.text.strip(' .,!')}”."
            evidence.append(quote(other))
        is_thought = " reports the thought \u201c" in text
        is_loose = (
            text.startswith("Asked ")
            and not text.startswith("Asked about ")
            and reading.concept.topic not in KEPT_APART
        )
        echoed = echo(utterance, self.utterances[utterance.index + 1 : utterance.index + FOLLOWING])
        return Point(
            topic="medication" if spelled.names_drug and not reading.concept.danger else topic_of(reading),
            text=text,
            evidence=tuple(evidence),
            weight=weigh(
                reading.line,
                reading.concept,
                parse=spelled.utterance.parse,
                answers=reading.is_asked_for or asked is not None or utterance.turn.role == "other",
                others=reading.is_of_others and reading.concept.key not in {"history.family", "ask.family"},
                echoed=echoed,
            )
            + (THOUGHT if is_thought else 0.0)
            + (RELAYED if TOLD_CLIENT in doubts and reading.concept.topic in _RECORDED else 0.0)
            - ((LOOSE_COUNTED if _is_counted(utterance) else LOOSE) if is_loose else 0.0)
            + (INFORMS if utterance.turn.role == "other" and reading.assertion.whose == "client" else 0.0),
            subject=reading.assertion.whose if reading.assertion.whose != UNCLEAR else utterance.turn.speaker,
            key=key_of(text) if reading.assertion.time == "now" else "",
            doubts=(*doubts_of(reading), *doubts),
        )
