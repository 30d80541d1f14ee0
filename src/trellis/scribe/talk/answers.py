"""Find which question each answer answers, also when turns lie between.

Takes utterances in order; gives the index of the question for the index of each answer. A question stays open while
the other only acknowledges it, asks back or puts it off ("can I say something first?"); a late answer is known by its
words ("you asked about my sleep"). Of several questions in one turn, the answer belongs to the one it shares words
with, to the one at its place in the row ("No. Yes."), or else to the last.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from trellis.scribe.points import Utterance
from trellis.scribe.words.smooth import smooth

_OPENING = r"^\W*(?:(?:oh|well|um|uh),? )*"
YES = re.compile(
    _OPENING + r"(?:yes|yeah|yep|yup|yah|mm-?hmm+|mhm+|uh-?huh|sure|definitely|absolutely|right|correct|exactly|true|"
    r"of course|for sure|i think so|"
    r"(?:i do|i have|i am|i did|it is|it does|they do|all the time|a lot|pretty much|i guess(?: so)?|i suppose(?: so)?|"
    r"kind of|sort of|kinda|sometimes|a little(?: bit)?|a bit)(?=\s*(?:[.,;!]|$)))\b",
    re.IGNORECASE,
)
NO = re.compile(
    _OPENING + r"(?:no|nope|nah|mm-?mm+|uh-?uh|never|none|neither|nothing|(?:definitely|absolutely|of course) not|"
    r"not (?:me|really|at all|that i|ever|anymore|lately|recently|since|yet|so far|"
    r"now|right now|today|currently|for|in)|"
    r"(?:i don't|i haven't|i'm not|i didn't|i wouldn't|i can't)(?=\s*(?:[.,;!]|$))|i don't think so)\b",
    re.IGNORECASE,
)
ASKS_ANY = re.compile(
    r"\bany (?:thoughts?|ideas?|urges?|plans?|intent(?:ion)?s?|wish(?:es)?|feelings?) (?:of|about|to|that)\b",
    re.IGNORECASE,
)
"""Asks, whatever stop a recogniser wrote after it."""
HEDGED_REPLY = re.compile(
    r"\b(?:i guess|i think so|i suppose|kind of|sort of|kinda|maybe|probably|not really|i don't think so|not that i|"
    r"pretty much|i don't know|not sure)\b",
    re.IGNORECASE,
)
NOD = re.compile(r"\bnod(?:s|ded|ding)?\b", re.IGNORECASE)
SHAKE = re.compile(r"\b(?:shak(?:es|ing|e)|shook)\b", re.IGNORECASE)

_FILLER = re.compile(
    r"^\W*(?:(?:um+|uh+|er|hm+|mm+|mm-?hmm+|mhm|uh-?huh|oh|ah|okay|ok|right|yeah|yes|sure|well|so|like|all right|"
    r"alright|i see|got it|wow|thanks|thank you|great|good|cool|nice|no|good question|let me think|let's see|"
    r"hang on)\b\W*)+$",
    re.IGNORECASE,
)
_PUT_OFF = re.compile(
    r"\b(?:before (?:i|we|that)|first(?:,| i)|can (?:i|we)|hang on|hold on|i'll (?:get|come) (?:to|back)|"
    r"in a (?:sec|minute|moment)|let me (?:just )?(?:say|tell|finish)|(?:rather|let's|please) not (?:now|yet))\b",
    re.IGNORECASE,
)
_LATE = re.compile(
    r"\b(?:you asked|you were asking|you wanted to know|to answer (?:your|that)|your question|what you (?:asked|said) "
    r"(?:earlier|before)|back to (?:what|the|your)|about the|as for|earlier you|going back|i should (?:say|have said)|"
    r"i didn't answer|about what you)\b",
    re.IGNORECASE,
)
_YES_NO_FORM = re.compile(
    r"^\W*(?:(?:and|so|but|or|okay|ok|well|now|then|alright|all right|um|uh|great|right|yeah)\b\W*)*"
    r"(?:do|does|did|are|is|was|were|have|has|had|can|could|would|will|should|any|ever|no|not|don't|didn't|aren't|"
    r"isn't|haven't|hasn't|you)\b",
    re.IGNORECASE,
)
_YES_NO_AFTER = re.compile(
    r"^\W*(?:when|if|since|after|before|while|on|in|during|with)\b.*, (?:do|does|did|are|is|was|were|have|has|had|can|"
    r"could|would|will) (?:you|he|she|it|they|there)\b",
    re.IGNORECASE,
)
_WH_FORM = re.compile(r"\b(?:what|when|where|who|why|how|which|whereabouts)\b|\btell me\b|\bor\b\W*$", re.IGNORECASE)
REMEMBERED = 60
"""Utterances a question stays within reach of a late answer that names it."""

Reply = Literal["yes", "no"]


def reply(utterance: Utterance) -> Reply | None:
    """Whether an utterance opens with a yes or a no, spoken or nodded."""
    text = _plain(utterance)
    if not text:
        marks = " ".join(utterance.turn.marks)
        return "yes" if NOD.search(marks) else "no" if SHAKE.search(marks) else None
    if NO.search(text):
        return "no"
    return "yes" if YES.search(text) else None


def wants_yes_or_no(question: Utterance) -> bool:
    """Whether a question can be answered with a yes or a no."""
    text = _plain(question)
    if _YES_NO_FORM.search(text) or _YES_NO_AFTER.search(text):
        return True
    return not _WH_FORM.search(text)


def is_filler(utterance: Utterance) -> bool:
    """Whether an utterance says nothing of its own: "mm-hmm", "okay, right"."""
    return not utterance.text.strip() or bool(_FILLER.search(utterance.text))


def link(utterances: Sequence[Utterance]) -> dict[int, int]:
    """The question (by index) that each answer (by index) answers."""
    state = _Open()
    for _, group in groupby(utterances, key=lambda each: each.turn.id):
        state.hear(list(group))
    return state.answers


@dataclass(slots=True)
class _Open:
    """The questions still waiting, and what has been answered so far."""

    answers: dict[int, int] = field(default_factory=dict)
    waiting: list[Utterance] = field(default_factory=list)
    unanswered: list[Utterance] = field(default_factory=list)

    def hear(self, turn: list[Utterance]) -> None:
        """One turn: first an answer to what waits, then perhaps questions of its own."""
        speaker = turn[0].turn.speaker
        questions = [each for each in turn if each.asks]
        others = [each for each in turn if not each.asks]
        if self.waiting and self.waiting[-1].turn.speaker != speaker:
            if any(_PUT_OFF.search(each.text) for each in questions):
                self._lay_by()
            else:
                self._hear_answer(others, asks_back=bool(questions))
        elif turn[0].turn.role != "clinician":
            self._hear_late(others)
        if turn[0].turn.role == "clinician" and questions:
            if self._is_new_round(turn):
                self._lay_by()
                self.waiting = questions
            else:
                self.waiting = [*self.waiting, *questions]

    def _is_new_round(self, turn: list[Utterance]) -> bool:
        return not self.waiting or self.waiting[-1].turn.id < turn[0].turn.id - 2

    def _lay_by(self) -> None:
        self.unanswered = [*self.unanswered, *self.waiting][-8:]
        self.waiting = []

    def _hear_answer(self, said: list[Utterance], *, asks_back: bool) -> None:
        told = [each for each in said if not is_filler(each) or self._is_plain_reply(each)]
        if not told or (asks_back and len(told) < 2):
            return
        if any(_PUT_OFF.search(each.text) for each in told[:1]) and reply(told[0]) is None:
            self._lay_by()
            return
        if _LATE.search(told[0].text) and self._hear_late(told):
            return
        self._assign(told)
        self.waiting = []

    def _is_plain_reply(self, each: Utterance) -> bool:
        return reply(each) is not None and any(wants_yes_or_no(question) for question in self.waiting)

    def _assign(self, told: list[Utterance]) -> None:
        replies = [each for each in told if reply(each) is not None]
        in_row = len(self.waiting) > 1 and len(replies) == len(self.waiting)
        current = self.waiting[-1]
        for each in told:
            if in_row and each in replies:
                current = self.waiting[replies.index(each)]
            elif len(self.waiting) > 1:
                current = _closest(each, self.waiting) or current
            self.answers[each.index] = current.index
        answered = set(self.answers.values())
        self.unanswered = [each for each in [*self.unanswered, *self.waiting] if each.index not in answered][-8:]

    def _hear_late(self, said: list[Utterance]) -> bool:
        """An answer that names an earlier question that nobody answered."""
        told = [each for each in said if not is_filler(each)]
        if not told or not _LATE.search(" ".join(each.text for each in told[:2])):
            return False
        near = [each for each in self.unanswered if told[0].index - each.index <= REMEMBERED]
        question = next((found for each in told[:3] if (found := _closest(each, near))), None)
        if question is None:
            return False
        self.answers |= {each.index: question.index for each in told}
        self.unanswered = [each for each in self.unanswered if each.index != question.index]
        return True


def _closest(said: Utterance, questions: Iterable[Utterance]) -> Utterance | None:
    """The question that shares most content words with what was said; None where none shares any."""
    words = _content(said)
    best = max(questions, key=lambda each: (len(words & _content(each)), each.index), default=None)
    return best if best is not None and words & _content(best) else None


def _content(utterance: Utterance) -> frozenset[str]:
    """Stems of the content words: "sleeping" and "sleep" are one."""
    return frozenset(
        token.lemma.lower()[:5]
        for token in utterance.parse.tokens
        if token.pos in {"NOUN", "VERB", "ADJ", "PROPN", "X"}
        and len(token.lemma) > 2
        and token.lemma.lower() not in _EMPTY
    )


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_EMPTY = _set(
    "have get feel think know thing time ask want tell say lot good any you the and are that this your about how been "
    "with question earlier talk what not"
)


def _plain(utterance: Utterance) -> str:
    return smooth(utterance.text).text if utterance.text.strip() else ""
