"""Find in what client and others say the facts that belong in a note, each tied to the words it rests on.

Takes utterances and people; gives points in the order they were said. A fact is chosen by what it is about
(`concepts`) and how it is meant (`assertions`), read together with the question it answers, and worded by `say`. What
is imagined, said in jest or taken back later gives nothing; what is hedged into doubt, nodded or of unclear person
waits for a clinician. The clinician's own acts are read elsewhere (`intervene`, `arrange`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from trellis.chart import Person
from trellis.scribe.answers import HEDGED_REPLY, is_filler, reply, wants_yes_or_no
from trellis.scribe.asked import PLAIN_NO
from trellis.scribe.assertions import Assertion, assess, taken_back
from trellis.scribe.concepts import Concept, Hit, concepts
from trellis.scribe.confirm import CONFIRMS, tell_confirmed
from trellis.scribe.cues import Line, lines
from trellis.scribe.fragments import tell_fragment
from trellis.scribe.lasting import TIME, last_for
from trellis.scribe.numbers import read_numbers
from trellis.scribe.people import UNCLEAR, People, relations
from trellis.scribe.person import voice_of
from trellis.scribe.points import Point, Utterance, quote
from trellis.scribe.say import say
from trellis.scribe.smooth import numbers_in, smooth
from trellis.scribe.spell_out import drug_before, spell_out
from trellis.scribe.things import asks_thought, thing_asked
from trellis.scribe.topics import Topic
from trellis.scribe.weigh import content, echo, weigh
from trellis.scribe.wording import reword

LEAST_WORDS = 3
"""Words a sentence needs to say something of its own, without the question it answers."""
LONGEST_ASKED = 14
"""Words of a question or an answer that may be quoted whole."""
TURNS_BACK = 6
"""Turns within which a bare figure still belongs to what was spoken of last."""
DANGER_NEAR = 14
"""Utterances after talk of danger within which "did you think about how?" still asks about it."""
LONGEST_WHOLE = 40
"""Words of an answer about danger that is quoted whole where it is neither a plain yes nor a plain no."""
CARRIED = 4
"""Turns within which a sentence that names nothing of its own still belongs to what was spoken of last."""
FOLLOWING = 40
"""Utterances after a sentence among which the clinician's taking up of it is looked for."""


def understand(utterances: Sequence[Utterance], people: People) -> tuple[Point, ...]:
    """The points of what client and others said."""
    reader = _Reader(utterances, people)
    points: list[Point] = []
    for line in reader.lines:
        lasting = last_for(line.utterance, reader.question_of(line.utterance), points) or reader.continued(line, points)
        if lasting is not None:
            points[-1] = lasting
        elif (confirmed := reader.confirmed(line)) is not None:
            points.append(confirmed)
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
    carers: frozenset[str] = frozenset()
    """Professionals: what they give or say of is the client's own."""

    @property
    def utterance(self) -> Utterance:
        return self.line.utterance

    @property
    def is_of_others(self) -> bool:
        return self.assertion.whose not in {self.utterance.turn.speaker, "client", UNCLEAR, *self.carers}


class _Reader:
    def __init__(self, utterances: Sequence[Utterance], people: People) -> None:
        self.utterances = utterances
        self.people = people
        self.lines = lines(utterances)
        self.gone = taken_back(utterances)
        self.hits = _with_danger_near([concepts().find(line) for line in self.lines])
        self.latest: tuple[int, Hit] | None = None
        self.quoted_turns: set[int] = set()
        self.carers = frozenset(person.id for person in people if _is_carer(person))
        self.also: Utterance | None = None

    def question_of(self, utterance: Utterance) -> Utterance | None:
        """The question it answers."""
        return self.utterances[utterance.answers] if utterance.answers is not None else None

    def continued(self, line: Line, points: Sequence[Point]) -> Point | None:
        """The last point with a time that its speaker adds, also after an "mm-hm" of the other."""
        utterance = line.utterance
        tokens = utterance.parse.tokens
        if (
            not points
            or utterance.turn.role == "clinician"
            or utterance.asks
            or not tokens
            or (utterance.answers is not None and not self._goes_on(utterance))
        ):
            return None
        last, before = points[-1], self._before(utterance)
        said = smooth(utterance.text).text.strip(" .,!;-")
        is_time = TIME.search(said) and not any(token.dep.startswith(("nsubj", "expl")) for token in tokens)
        if not is_time or before is None or len(said.split()) > LONGEST_ADDED or "“" in last.text:
            return None
        if last.evidence[0].turn != before.turn.id or (last.evidence[0].quote or "") not in before.text:
            return None
        added = re.sub(r"^like ", "", said)
        return replace(
            last,
            text=f"{last.text[:-1]}, {added[0].lower()}{added[1:]}.",
            evidence=(*last.evidence, quote(utterance)),
            weight=min(1.0, last.weight + 0.05),
        )

    def _goes_on(self, utterance: Utterance) -> bool:
        """Whether the sentence before it answers the same question in the same turn."""
        before = self._before(utterance)
        return before is not None and before.turn.id == utterance.turn.id and before.answers == utterance.answers

    def _before(self, utterance: Utterance) -> Utterance | None:
        """What the same speaker said last, with no more than an acknowledgement between."""
        for each in reversed(self.utterances[max(0, utterance.index - 4) : utterance.index]):
            if each.turn.speaker == utterance.turn.speaker:
                return each
            if not is_filler(each):
                return None
        return None

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
        if utterance.turn.role == "clinician" or utterance.asks or utterance.turn.id in self.quoted_turns:
            return None
        if utterance.index in self.gone:
            return self._amended(line, question)
        if utterance.index in self.gone.values() and not self.hits[utterance.index]:
            return None
        if is_filler(utterance) and (question is None or reply(utterance) is None):
            return None
        if _KNOWS_NOT.search(utterance.text) or _CUT_OFF.search(utterance.text):
            return None
        reading = self._reading(line, question)
        return self._point(reading) if reading is not None and _is_worth(reading) else None

    def _amended(self, line: Line, question: Utterance | None) -> Point | None:
        """A fact whose figure was corrected by words that name nothing else ("no, wait, it's ten now")."""
        at = self.gone[line.utterance.index]
        if at is None or self.hits[at]:
            return None
        reading = self._reading(line, question)
        point = self._point(reading) if reading is not None and _is_worth(reading) else None
        text = amend(point.text, line.utterance.text, self.utterances[at].text) if point is not None else None
        if point is None or text is None:
            return None
        return replace(point, text=text, evidence=(quote(self.utterances[at]), *point.evidence))

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
        if hit is None and not needs:
            hit = self._carried(line, asked)
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
            carers=self.carers,
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
        if asked and needs and asked[0].concept.topic in _KEPT_APART:
            return asked[0]
        if lead is not None and (own or needs) and is_first:
            return lead
        if own:
            return own[0]
        return asked[0] if asked and (needs or counted) else None

    def _carried(self, line: Line, asked: list[Hit]) -> Hit | None:
        """What a whole sentence without a concept of its own is about: what was asked, or spoken of last."""
        if not _tells(line, self.people):
            return None
        near = self.latest if self.latest and line.turn - self.latest[0] <= CARRIED else None
        lead = asked[0] if asked else near[1] if near else None
        topic: Topic = lead.concept.topic if lead is not None else "function"
        if lead is not None and not asked and topic in _NOT_CARRIED:
            topic = "function"
        danger = bool(asked) and lead is not None and lead.concept.danger
        weight = 0.8 if danger else TOLD if asked else TOLD - 0.1
        return Hit(concept=Concept(key="told", topic=topic, weight=weight), token=line.utterance.parse.root, words="")

    def _whole(self, reading: _Reading, role: str) -> str | None:
        """An answer that is no plain yes or no, in all its words: "Not suicide. But some mornings …"."""
        turn, question = reading.utterance.turn, reading.question
        said = [each for each in self.utterances[reading.utterance.index :] if each.turn.id == turn.id]
        words = turn.text[reading.utterance.start :].strip().rstrip(".,;!-–— ")
        if question is None or len(words.split()) > LONGEST_WHOLE or any(each.asks for each in said):
            return None
        if len(words.split()) > LONGEST_ASKED * 2 and not reading.concept.danger:
            return None
        self.quoted_turns.add(turn.id)
        if not reading.concept.danger:
            asked = smooth(question.text).text.strip(" .,!?-")
            short = len(asked.split()) <= LONGEST_ASKED
            return f"Asked “{asked}?”, {role} answers, “{words}.”" if short else f"{role} states, “{words}.”"
        asked = say_about(question)
        return f"Asked about {asked}, {role} states, “{words}.”" if asked else f"{role} states, “{words}.”"

    def _point(self, reading: _Reading) -> Point | None:
        utterance, question = reading.utterance, reading.question
        asked = self.question_of(utterance)
        thing = thing_asked(asked, voice_of("Client", "they")) if asked is not None else None
        about = (thing, asked) if thing is not None and asked is not None else None
        spelled = spell_out(utterance, self.people, self.utterances[: utterance.index], self.hits, about)
        if _has_stranger(spelled.utterance, self.people) and not reading.concept.danger:
            return None
        text = self._worded(reading, spelled.utterance)
        if text is None or _SAYS_NOTHING.search(text):
            return None
        evidence = [quote(utterance)] if utterance.text.strip() else []
        if utterance.turn.id in self.quoted_turns:
            evidence = [quote(utterance, utterance.start, len(utterance.turn.text))]
        if question is not None:
            evidence.append(quote(question))
        evidence.extend(quote(each) for each in (*spelled.grounds, *([self.also] if self.also else [])))
        self.also = None
        is_loose = text.startswith("Asked ") and reading.concept.topic not in _KEPT_APART
        echoed = echo(utterance, self.utterances[utterance.index + 1 : utterance.index + FOLLOWING])
        return Point(
            topic="medication" if spelled.names_drug and not reading.concept.danger else _topic(reading),
            text=text,
            evidence=tuple(evidence),
            weight=weigh(
                reading.line,
                reading.concept,
                parse=spelled.utterance.parse,
                answers=question is not None or reading.is_asked_for or asked is not None,
                others=reading.is_of_others,
                echoed=echoed,
            )
            - (LOOSE if is_loose else 0.0),
            subject=reading.assertion.whose if reading.assertion.whose != UNCLEAR else utterance.turn.speaker,
            doubts=tuple(_doubts(reading)),
        )

    def _worded(self, reading: _Reading, spelled: Utterance) -> str | None:
        """The sentence for a note; danger that can't be told is quoted."""
        speaker = self.people.named(reading.utterance.turn.speaker)
        role = re.sub(r" \d+$", "", speaker)
        denied = reading.assertion.denied and reading.is_asked_for and reading.concept.topic in _DENIABLE
        text = self._thought(reading, role) or self._with_question(reading, spelled, role)
        text = text or say(spelled, question=reading.question, subject=role, denied=denied)
        utterance = reading.utterance
        is_open = text is None or text.startswith("Asked ")
        if is_open and reading.concept.danger and reading.question is not None and PLAIN_NO.search(spelled.text):
            about = say_about(reading.question)
            return f"{role} denies {about}." if about else None
        is_grave = reading.concept.danger or reading.concept.topic in _KEPT_APART
        if is_open and is_grave and reading.question is not None and reply(utterance) != "no":
            text = self._whole(reading, role) or text
        if text is None and reading.question is not None:
            text = _asked_and_answered(reading, role)
        if text is None and reading.concept.danger and spelled.parse.tokens:
            text = say(reading.utterance, question=reading.question, subject=role, keep_quote=True)
        if text is not None and _BROKEN.search(text):
            kept = reading.concept.topic in _KEPT_APART
            text = say(reading.utterance, subject=role, keep_quote=True) if kept else None
        return text if text is None or role == speaker else re.sub(rf"\b{role}\b(?! \d)", speaker, text)

    def _thought(self, reading: _Reading, role: str) -> str | None:
        """A thought asked for, in the client's own words: they are what is worked with."""
        utterance = reading.utterance
        asked = self.question_of(utterance)
        if asked is None or not asks_thought(asked) or not self._is_first(utterance):
            return None
        words = re.sub(r"^that ", "", smooth(utterance.text).text.strip(" .,!;-"), flags=re.IGNORECASE)
        start = utterance.text.find(words)
        if start < 0 or not 3 <= len(words.split()) <= LONGEST_THOUGHT or reply(utterance) is not None:
            return None
        return (
            f"{role} reports the thought, “{words[0].upper()}{words[1:]}.”"
            if words[0].isupper()
            else (f"{role} reports the thought “{words}.”")
        )

    def _with_question(self, reading: _Reading, spelled: Utterance, role: str) -> str | None:
        """A few words told in the place their question leaves for them."""
        question = reading.question
        if question is None:
            return None
        if reading.concept.danger:
            is_all = not spelled.turn.text[spelled.end :].strip(" .,!-")
            if not (is_all and _PLAIN_YES_LEAD.match(spelled.text)):
                return None
        earlier = self.utterances[max(0, question.index - 8) : question.index]
        before = next((each for each in reversed(earlier) if each.asks and each.turn.role == "clinician"), None)
        told = tell_fragment(spelled, question, before, voice_of(role, "they"))
        if told and before is not None and " rates " in told:
            self.also = before
        if told and re.search(r"\bit\b", told) and (drug := drug_before(question, self.utterances, self.hits)):
            told, self.also = re.sub(r"\bit\b", drug[0], told, count=1), drug[1]
        return f"{reword(told)}." if told else None


_HE = frozenset({"he", "him", "his", "she", "her", "hers"})


def _is_carer(person: Person) -> bool:
    """Whether somebody treats or advises for a living."""
    known = relations().get((person.relation or "").split(" ")[-1]) or relations().get(person.relation or "")
    return (known is not None and known.kind == "professional") or (person.name or "").startswith("Dr. ")


def _has_stranger(utterance: Utterance, people: People) -> bool:
    """Whether a "he" or "her" of nobody known is left in it."""
    return any(
        token.text.lower() in _HE and people.meant_by(utterance, at) == UNCLEAR
        for at, token in enumerate(utterance.parse.tokens)
    )


def amend(text: str, said: str, corrected: str) -> str | None:
    """The sentence with its one figure in place of which another was said; None where either has more than one."""
    old, new = read_numbers(said), read_numbers(corrected)
    if len(old) != 1 or len(new) != 1:
        return None
    told = [number for number in read_numbers(text) if number.value == old[0].value]
    if len(told) != 1 or new[0].value is None:
        return None
    figure = f"{new[0].value:g}"
    start, end = told[0].start, told[0].end
    unit = re.search(r"[a-z]+.*$", text[start:end], re.IGNORECASE) if re.match(r"\d", text[start:end]) else None
    return f"{text[:start]}{figure}{f' {unit.group()}' if unit else ''}{text[end:]}"


def _with_danger_near(hits: list[list[Hit]]) -> list[list[Hit]]:
    """Without the questions that ask about danger only right after talk of it, where there was none."""
    kept: list[list[Hit]] = []
    latest = -DANGER_NEAR - 1
    for at, found in enumerate(hits):
        near = at - latest <= DANGER_NEAR
        here = [hit for hit in found if near or not hit.concept.follows]
        if any(hit.concept.danger for hit in here):
            latest = at
        kept.append(here)
    return kept


def _tells(line: Line, people: People) -> bool:
    """Whether a sentence is whole and says something of somebody: a subject that is known, a verb, things."""
    utterance = line.utterance
    tokens = utterance.parse.tokens
    if (
        not tokens
        or not 4 <= len(line.words) <= LONGEST_TOLD
        or tokens[utterance.parse.root].pos not in {"VERB", "AUX"}
    ):
        return False
    subjects = [at for at, token in enumerate(tokens) if token.dep in {"nsubj", "nsubjpass"}]
    if not subjects:
        return False
    first = tokens[subjects[0]]
    known = people.meant_by(utterance, subjects[0])
    if first.pos == "PRON" and (known is None or known == UNCLEAR) and first.text.lower() not in {"i", "we"}:
        return False
    return len(content(utterance)) >= 2


LOOSE = 0.35
"""What an answer loses that could only be quoted beside its question."""
CONFIRMED = 0.5
"""Weight of a reflection that names nothing of its own, once it is confirmed."""
LONGEST_THOUGHT = 20
"""Words of a thought that is quoted."""
LONGEST_ADDED = 8
"""Words of a time that is added to what was said before."""
TOLD = 0.5
"""Weight of a sentence that tells something, of which no concept is known."""
LONGEST_TOLD = 32
_NOT_CARRIED: frozenset[Topic] = frozenset(
    {"risk", "medication", "substance", "goal", "change_talk", "sustain_talk", "presenting", "insight", "progress"}
)
"""Topics that a sentence belongs to only by its own words or by its question."""
_PLAIN_YES_LEAD = re.compile(r"^\W*(?:yes|yeah|yep|yup|i do|i have|i am|i did|mm-hmm|mhm|uh-huh)\b", re.IGNORECASE)

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
    r"can you (?:do that|tell me|hear)|anything else|see you|meet (?:again|next|in)|next (?:week|session|appointment|time)|"
    r"same time|"
    r"schedule|all right\?$|okay\?$|ready to (?:start|begin))",
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
    r"^\S+ \S+ (?:it|that|so|being|having)\.$|\bthat that\b|"
    r"\bthat,? (?:every time|whenever|when|if|because|until|since|even though)\b[^,]*\.$|"
    r"^\S+ \S+ that (?:nothing|something|\w+ people) (?:did|at|was)\b"
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


_ASKS_ABOUT = (
    (re.compile(r"\b(?:guns|firearms|weapons)\b", re.IGNORECASE), ""),
    (re.compile(r"\b(?:kill(?:ing)? yourself|suicid\w+|end(?:ing)? your life|not be(?:ing)? (?:alive|here)|dying|dead|"
                r"wak(?:e|ing) up|isn't worth living|not worth living)", re.IGNORECASE), "suicidal thoughts"),
    (re.compile(r"\b(?:hurt|harm|cut|burn)\w* (?:yourself|your \w+)\b", re.IGNORECASE), "self-harm"),
    (re.compile(r"\b(?:hurt|harm|kill)\w* (?:any(?:one|body)|someone|others?|other people|him|her|them)\b", re.I),
     "harm to others"),
    (re.compile(r"\b(?:safe|unsafe|afraid|hit|hurting you|abus\w+|threaten\w*)\b", re.IGNORECASE), "safety at home"),
    (re.compile(r"\bplan(?:s|ned|ning)?\b", re.IGNORECASE), "a plan"),
    (re.compile(r"\bhow (?:you|to)\b.*\b(?:do|end)\b", re.IGNORECASE), "having thought about how to do it"),
    (re.compile(r"\bint(?:ent|ention|end)\w*\b", re.IGNORECASE), "intent to act on it"),
    (re.compile(r"\b(?:pills|medications?|meds|knives|razors?|blades)\b", re.IGNORECASE), "access to means"),
    (re.compile(r"\b(?:voices|hear things|see things)\b", re.IGNORECASE), "voices"),
)  # fmt: skip
"""What a question about danger is about, in the words of a note."""


_STEPS = frozenset({"a plan", "having thought about how to do it", "intent to act on it"})
"""What is asked of thoughts spoken of before."""


def say_about(question: Utterance) -> str:
    """What a question about danger asks about; empty where it can't be said."""
    found = [(name, match) for pattern, name in _ASKS_ABOUT if (match := pattern.search(question.text))]
    steps = [name for name, _ in found if name in _STEPS]
    names = steps or [name or f"{match.group().lower()} at home" for name, match in found]
    return " and ".join(dict.fromkeys(names))


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
