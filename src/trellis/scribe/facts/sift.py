"""Tell what is worth reading: sentences that are whole, answers that need their question, questions that ask nothing.

Takes utterances, lines and finished texts; says yes or no. Leaving out is safer than mending.
"""

import re

from trellis.chart import Person
from trellis.scribe.facts.weigh import content
from trellis.scribe.points import Utterance
from trellis.scribe.talk.answers import reply
from trellis.scribe.talk.people import UNCLEAR, People, relations
from trellis.scribe.words.cues import Line

LONGEST_TOLD = 32
"""Words of a sentence that is read without a concept of its own."""

_ASKS_NOTHING = re.compile(
    r"\b(?:makes? sense|do you mind|would (?:that|it) be (?:ok|okay|all right|alright)|"
    r"is (?:that|it) (?:ok|okay|all right|alright|fair|right|good)|"
    r"sounds? (?:ok|okay|good|all right|alright|fair|right)|"
    r"works? (?:out )?for you|can i|could i|may i|shall (?:we|i)|can we|could we|you know what i mean|"
    r"do you (?:follow|understand)|are you (?:with me|comfortable)|have i got|did i (?:get|miss)|any questions|"
    r"can you (?:do that|tell me|hear)|anything else|see you|meet (?:again|next|in)|"
    r"next (?:week|session|appointment|time)|same time|schedule|did you find (?:the|us|it|your|this)|"
    r"(?:^|[,.] ?)(?:all right|okay|alright)\?$|ready to (?:start|begin))",
    re.IGNORECASE,
)

_KNOWS_NOT = re.compile(
    r"^\W*(?:(?:well|oh|um|uh|but|and|yeah|no|honestly|really),? )*"
    r"i (?:don't|do not|dunno) ?(?:really |even )?(?:know|remember)?\W*$",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(r"^\W*(?:\S+\s+){0,3}\S+\s?(?:-+|\u2014)\s*$")
"""A few words and a dash: somebody was interrupted before anything was said."""

_BROKEN = re.compile(
    r"\b(?:reports|states|believes|feels) that (?:have|had|go|went|get|got|do|did|was|were|is|are|be|and|but|or)\b|"
    r"--|\w- |"
    r"\b(?:because|so|and|but|that|the|a|to|of|or|they)\.$"
)
"""What betrays that a sentence could not be told whole."""
_SAYS_NOTHING = re.compile(
    r"\bthat (?:it|they|that|this|he|she) (?:is|are|was|were|does|do|did|has|have|can|will|would)\.$|"
    r"^\S+ \S+ (?:it|that|so|being|having)\.$|\bthat that\b|"
    r"\bthat,? (?:every time|each time|whenever|when|if|because|until|since|even though)\b[^,]*\.$|"
    r"^\S+ \S+ that (?:nothing|something|\w+ people) (?:did|at|was)\b"
)
_HE = frozenset({"he", "him", "his", "she", "her", "hers"})
_SUBORDINATE = frozenset({"when", "because", "'cause", "cause", "if", "until", "since", "after", "before", "while"})
"""What opens a clause that hangs on something said before it."""
_POINTING = frozenset({"it", "that", "this", "they", "those", "these"})
"""Subjects that point to what was asked about."""


def says_nothing(utterance: Utterance) -> bool:
    """Whether it is only an "I don't know" or was cut off before anything was said."""
    return bool(_KNOWS_NOT.search(utterance.text) or _CUT_OFF.search(utterance.text))


def asks_nothing(question: Utterance) -> bool:
    """Whether a question is about the talk itself, so that a yes to it is no fact."""
    return bool(_ASKS_NOTHING.search(question.text))


def is_broken(text: str) -> bool:
    """Whether a told sentence betrays that it could not be told whole."""
    return bool(_BROKEN.search(text))


def is_hollow(text: str) -> bool:
    """Whether a told sentence says nothing of anything."""
    return bool(_SAYS_NOTHING.search(text))


def is_carer(person: Person) -> bool:
    """Whether somebody treats or advises for a living."""
    known = relations().get((person.relation or "").split(" ")[-1]) or relations().get(person.relation or "")
    return (known is not None and known.kind == "professional") or (person.name or "").startswith("Dr. ")


def has_stranger(utterance: Utterance, people: People) -> bool:
    """Whether a "he" or "her" of nobody known is left in it."""
    return any(
        token.text.lower() in _HE and people.meant_by(utterance, at) == UNCLEAR
        for at, token in enumerate(utterance.parse.tokens)
    )


def tells(line: Line, people: People, *, least: int = 2) -> bool:
    """Whether a sentence is whole and says something of somebody: a subject that is known, a verb, things."""
    utterance = line.utterance
    tokens = utterance.parse.tokens
    if (
        not tokens
        or not 2 + least <= len(line.words) <= LONGEST_TOLD
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
    return len(content(utterance)) >= least


def needs_question(utterance: Utterance, *, is_bare: bool) -> bool:
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
