"""Say how a thing is meant: present or denied, whose, now or past or imagined, certain or hedged, earnest or joking.

Takes an utterance, the token that shows the thing, and the people; gives an `Assertion`. Also finds what was taken
back later in the session ("actually, it was three"), so that the earlier value is not written down.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from trellis.inference import Sentence
from trellis.scribe.points import Utterance
from trellis.scribe.talk.answers import is_filler
from trellis.scribe.talk.people import UNCLEAR, People
from trellis.scribe.words.smooth import numbers_in, smooth

Time = Literal["past", "now", "future", "imagined"]

TAKEN_BACK_WITHIN = 40
"""Utterances within which a correction reaches back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """How a thing is meant. `whose` is a person's id, or `UNCLEAR`."""

    whose: str
    denied: bool = False
    time: Time = "now"
    hedged: bool = False
    joking: bool = False


def assess(utterance: Utterance, token: int, people: People) -> Assertion:
    """How the thing shown by this token is meant."""
    parse = utterance.parse
    if not parse.tokens:
        return Assertion(whose=utterance.turn.speaker)
    text = smooth(utterance.text).text
    return Assertion(
        whose=whose(utterance, token, people),
        denied=_is_denied(parse, token),
        time=_time(text),
        hedged=bool(_HEDGES.search(text)),
        joking=bool(_JOKES.search(text)),
    )


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Whose ---------------------------------------------------------------------------------------------------------------


def whose(utterance: Utterance, token: int, people: People) -> str:
    """Whom the thing is about: who owns it ("her drinking"), or who does or feels it."""
    parse = utterance.parse
    at, seen = token, set[int]()
    while at not in seen:
        seen.add(at)
        owner = _person_at(utterance, people, [i for i in parse.children(at) if parse.tokens[i].dep == "poss"])
        if owner is not None and people.meant_by(utterance, at) is None:
            return owner
        if parse.tokens[at].pos in {"VERB", "AUX"}:
            subjects = [i for i in parse.children(at) if parse.tokens[i].dep in {"nsubj", "nsubjpass"}]
            if subjects:
                found = _subject(utterance, people, subjects)
                return utterance.turn.speaker if found is None else found
        at = parse.tokens[at].head
    return utterance.turn.speaker


def _subject(utterance: Utterance, people: People, subjects: list[int]) -> str | None:
    found = _person_at(utterance, people, subjects)
    if found is not None:
        return found
    below = [i for at in subjects for i in utterance.parse.subtree(at)]
    named = [i for i in below if (utterance.index, i) in people.meant and utterance.parse.tokens[i].pos != "PRON"]
    owners = [i for i in below if utterance.parse.tokens[i].dep == "poss"]
    return _person_at(utterance, people, [*named, *owners])


def _person_at(utterance: Utterance, people: People, places: list[int]) -> str | None:
    for place in places:
        found = people.meant_by(utterance, place)
        if found is not None:
            return found
    return None


# Present or denied ---------------------------------------------------------------------------------------------------

_NEGATIONS = _set("not n't never no neither nor nobody nothing none without hardly nt")
_NEG_RAISERS = _set("think believe guess suppose feel want say know remember seem expect")


def _is_denied(parse: Sentence, token: int) -> bool:
    """Whether a negation governs the token: on it, on its verb, or on a verb of thinking above it."""
    at, seen = token, set[int]()
    while at not in seen:
        seen.add(at)
        for child in parse.children(at):
            word = parse.tokens[child].text.lower()
            if word in _NEGATIONS and parse.tokens[child].dep in {"neg", "det", "preconj", "advmod", "cc", "prep"}:
                return True
        if parse.tokens[at].text.lower() in {"without", "nobody", "nothing", "none"}:
            return True
        token_here, head = parse.tokens[at], parse.tokens[at].head
        if token_here.dep in {"advcl", "relcl", "parataxis"} or head == at:
            return False
        if token_here.dep in {"ccomp", "xcomp"} and parse.tokens[head].lemma.lower() not in _NEG_RAISERS:
            return token_here.dep == "xcomp" and any(parse.tokens[i].dep == "neg" for i in parse.children(head))
        at = head
    return False


# When ----------------------------------------------------------------------------------------------------------------

_IMAGINED = re.compile(
    r"^(?:(?:and|but|so|like|i mean|maybe|well),? )*(?:what if|suppose|imagine) |"
    r"\b(?:would have|could have|should have|might have|(?:would|could|should|might)(?:n't)?'ve|hypothetically)\b|"
    r"\bif\b.*\b(?:would|could|might|\w+'d)\b|\b(?:would|could|might|\w+'d)\b.*\bif\b",
    re.IGNORECASE,
)
_LONG_AGO = re.compile(
    r"\b(?:used to|years? ago|back (?:then|in|when)|"
    r"when i was (?:\w+ ){0,2}(?:kid|child|young|little|younger|teen|teenager|\d+|in)|"
    r"when i was (?:about |like )?(?:five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty)|"
    r"as a (?:kid|child|teen|teenager)|growing up|in (?:19|20)\d\d|in (?:high|middle|elementary) school|"
    r"in college|once before|in the past|last year|(?:months|decades) ago|before (?:i|we) (?:met|moved|had))\b",
    re.IGNORECASE,
)
_LATER = re.compile(r"\b(?:will|'ll|going to|gonna|tomorrow|next (?:week|month|year|time|session))\b", re.IGNORECASE)


def _time(text: str) -> Time:
    if _IMAGINED.search(text):
        return "imagined"
    if _LONG_AGO.search(text):
        return "past"
    return "future" if _LATER.search(text) else "now"


# Certain, earnest ----------------------------------------------------------------------------------------------------

_HEDGES = re.compile(
    r"\b(?:i guess|i think|i suppose|maybe|probably|possibly|perhaps|might|not sure|i don't know|kind of|kinda|"
    r"sort of|could be|i'm not certain|as far as i know|i believe|seems? like|it seems)\b",
    re.IGNORECASE,
)
_JOKES = re.compile(
    r"\b(?:just kidding|i'm kidding|kidding|just joking|i'm joking|jk|yeah,? right|as if|sarcasm|"
    r"(?:oh,? )?(?:sure|great|fantastic|wonderful|perfect),? (?:because|so) |"
    r"oh,? (?:great|fantastic|wonderful|sure)\b(?=[,.!]))",
    re.IGNORECASE,
)
_WAS_JOKE = re.compile(
    r"\b(?:just kidding|i'm (?:just |only )?(?:kidding|joking)|(?:that was|it's) a joke|just joking|not literally|"
    r"not for real|i'm being (?:sarcastic|dramatic|silly)|don't mean (?:it|that) literally|figure of speech)\b",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"^\W*(?:(?:oh|well|um|uh|wait|no|sorry|yeah|and|but),? )*"
    r"(?:actually|no wait|wait|sorry|i (?:meant|misspoke|lied)|scratch that|let me correct|"
    r"correction|i said|earlier i said|i told you|that's not right|i was wrong)\b",
    re.IGNORECASE,
)


_AT_ONCE = re.compile(
    r"^\W*(?:(?:oh|well|um|uh|sorry),? )*(?:no,? wait|wait,? no|scratch that|no,? sorry|sorry,? no)\b", re.IGNORECASE
)
"""Takes back the figure said right before, whatever else it names."""


def taken_back(utterances: Sequence[Utterance]) -> Mapping[int, int | None]:
    """Indices of utterances their speaker corrected later, by the index of the correction, or said in jest (None)."""
    gone: dict[int, int | None] = {}
    for at, utterance in enumerate(utterances):
        if utterance.turn.role == "clinician" or not utterance.text:
            continue
        before = [
            each
            for each in utterances[max(0, at - TAKEN_BACK_WITHIN) : at]
            if each.turn.speaker == utterance.turn.speaker and not is_filler(each)
        ]
        if _WAS_JOKE.search(utterance.text):
            gone[utterance.index] = None
            gone |= {each.index: None for each in before[-1:] if len(utterance.text.split()) < 8}
        elif _CORRECTS.search(utterance.text):
            value = utterance if numbers_in(utterance.text) else _next_in_turn(utterances, at)
            corrected = _corrected_by(value, before) if value is not None else None
            if corrected is None and value is utterance and _AT_ONCE.search(utterance.text) and before:
                last = before[-1]
                is_near = last.turn.id == utterance.turn.id and last.index == utterance.index - 1
                corrected = last if is_near and numbers_in(last.text) else None
            if corrected is not None and value is not None:
                gone[corrected.index] = value.index
    return gone


def _next_in_turn(utterances: Sequence[Utterance], at: int) -> Utterance | None:
    """What follows a "no, wait" in its turn, where the value it brings is said a clause later."""
    following = utterances[at + 1 : at + 2]
    return following[0] if following and following[0].turn.id == utterances[at].turn.id else None


def _corrected_by(utterance: Utterance, before: Sequence[Utterance]) -> Utterance | None:
    """The latest earlier sentence whose value this one replaces: a number of the same kind of thing."""
    new = numbers_in(utterance.text)
    if not new:
        return None
    things = _things(utterance)
    for earlier in reversed(before):
        old = numbers_in(earlier.text)
        near = utterance.turn.id - earlier.turn.id <= 2
        shared = things & _things(earlier)
        if old and (shared or (near and not things)) and old != new:
            return earlier
    return None


_NO_THINGS = frozenset({"wait", "sorry", "correction", "wrong", "oops"})
"""Words of correcting that a parser may take for things."""


def _things(utterance: Utterance) -> frozenset[str]:
    return frozenset(
        token.lemma.lower()
        for token in utterance.parse.tokens
        if token.pos in {"NOUN", "PROPN"} and len(token.lemma) > 1 and token.text.lower() not in _NO_THINGS
    )


def is_unclear(person: str) -> bool:
    """Whether nobody can be said to be meant."""
    return person == UNCLEAR
