"""Weigh how much a clinician would miss a fact: its kind, how exactly it was told, and whether it was taken up.

Takes a line, the concept it shows and how it is meant; gives a weight between 0 and 1.
"""

import re
from collections.abc import Sequence

from trellis.inference import Sentence
from trellis.scribe.facts.concepts import Concept
from trellis.scribe.points import Utterance
from trellis.scribe.words.cues import Line
from trellis.scribe.words.smooth import numbers_in, smooth

ECHO_TURNS = 3
"""Turns after a sentence in which its clinician may take it up."""

_DURATION = re.compile(
    r"\b(?:hours?|minutes?|days?|weeks?|months?|years?|nights?|mornings?|times|once|twice|daily|every|always|constantly|"
    r"never|most of|all the time|per|percent|mg|milligrams?|since)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:worse|better|more|less|started|stopped|increased|decreased|again|anymore|lately|recently)\b", re.IGNORECASE
)
_SELF = re.compile(r"\b(?:i|my|me|i'm|i've|myself|we|our|us)\b", re.IGNORECASE)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BROKEN = re.compile(r"--|\u2014|\w-(?=\s|$)")
_MENTIONED = frozenset({"substance", "medication"})
"""Topics of which a mere mention is no fact yet."""
_ACTS = _set(
    "take use drink smoke vape inject snort quit stop start try prescribe on forget miss skip relapse crave overdose "
    "refill"
)
_VAGUE = _set(
    "it this that these those they them there he she him thing things stuff something anything everything one what "
    "which"
)
_ANYBODY = _set("people everyone everybody somebody someone anyone anybody nobody guys kids others most you")
_EMPTY_VERBS = _set(
    "be have do get go know think mean say make like want feel guess see let try can could would will should kind sort "
    "lot bit way time really just probably maybe gon na wan"
)


def weigh(line: Line, concept: Concept, *, parse: Sentence, answers: bool, others: bool, echoed: float) -> float:
    """How much it would be missed.

    `parse` has its pronouns spelled out; `answers`: said to what was asked; `others`: about someone else; `echoed`: the
    share the clinician took up (0..1).
    """
    text = smooth(line.utterance.text).text
    weight = concept.weight
    counted, timed, changed = numbers_in(text) != (), _DURATION.search(text), _CHANGE.search(text)
    weight += 0.1 * bool(counted) + 0.05 * bool(timed) + 0.03 * bool(changed)
    is_said = counted or timed or answers or _does(line) or "effects" in line.vocabulary
    if concept.topic in _MENTIONED and not is_said:
        weight -= 0.3
    if _BROKEN.search(text):
        weight -= 0.2
    weight += 0.12 * echoed
    if others:
        weight -= 0.12
    weight -= _vagueness(line, parse, answers=answers)
    return max(0.05, min(1.0, round(weight, 3)))


def _does(line: Line) -> bool:
    """Whether the speaker says what they do or are given: "I take", "I quit", "he put me on"."""
    parse = line.utterance.parse
    if not parse.tokens:
        return False
    around = {
        token.lemma.lower() for token in parse.tokens if token.pos in {"VERB", "AUX"} or token.text.lower() == "on"
    }
    return bool(around & _ACTS) and bool(_SELF.search(line.utterance.text))


def _vagueness(line: Line, parse: Sentence, *, answers: bool) -> float:
    """What a sentence loses that needs its neighbours to be understood."""
    tokens = parse.tokens
    content = [
        token
        for token in tokens
        if token.pos in {"NOUN", "VERB", "ADJ", "PROPN", "NUM", "ADV", "X"}
        and token.lemma.lower() not in _EMPTY_VERBS
        and token.text.lower() not in _VAGUE
        and len(token.text) > 2
    ]
    lost = 0.0
    vague = {token.dep for token in tokens if token.text.lower() in _VAGUE}
    if answers:
        return 0.15 if any(token.dep == "nsubj" and token.text.lower() in _VAGUE for token in tokens[:3]) else 0.0
    if not _SELF.search(line.utterance.text):
        lost += 0.12
    if len(content) < 2:
        lost += 0.15
    subject = next((token for token in tokens if token.dep in {"nsubj", "nsubjpass"}), None)
    if subject is not None and subject.text.lower() in _VAGUE:
        lost += 0.25
    elif subject is not None and subject.text.lower() in _ANYBODY:
        lost += 0.2
    if len(content) < 3 and vague & {"dobj", "pobj"}:
        lost += 0.2
    if len(line.words) > 45:
        lost += 0.15
    return lost


def echo(utterance: Utterance, following: Sequence[Utterance]) -> float:
    """The share of a sentence's content words that its clinician says again soon after."""
    words = content(utterance)
    if len(words) < 2:
        return 0.0
    said: set[str] = set()
    for each in following:
        if each.turn.id > utterance.turn.id + ECHO_TURNS:
            break
        if each.turn.role == "clinician":
            said |= content(each)
    return len(words & said) / len(words)


def content(utterance: Utterance) -> frozenset[str]:
    """The words of an utterance that mean something by themselves, as lemmas."""
    return frozenset(
        token.lemma.lower()
        for token in utterance.parse.tokens
        if token.pos in {"NOUN", "VERB", "ADJ", "PROPN", "NUM"}
        and token.lemma.lower() not in _EMPTY_VERBS
        and token.text.lower() not in _VAGUE
        and len(token.lemma) > 2
    )
