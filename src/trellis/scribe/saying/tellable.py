"""Decide whether a spoken sentence is whole and about something, so that it can be told at all.

Takes a parse, the places of the tokens that carry it and a voice; says yes or no. What is unfinished, spoken to the
clinician, quoted from somebody's mouth or empty ("it's fine") is not told: leaving out is safer than mending.
"""

import re
from dataclasses import dataclass

from trellis.inference import Sentence, Token
from trellis.scribe.saying.person import Voice


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What there is to tell: the tokens at `places` of `parse`, in somebody's voice."""

    parse: Sentence
    places: tuple[int, ...]
    voice: Voice

    def said(self, index: int) -> str:
        """The word at a place, in small letters; empty beyond the end."""
        return self.token(index).text.lower().replace("’", "'") if 0 <= index < len(self.places) else ""

    def token(self, index: int) -> Token:
        """The token at a place."""
        return self.parse.tokens[self.places[index]]


def is_tellable(telling: Telling, *, of_thing: bool = False) -> bool:
    """Whether the sentence can be told; `of_thing` where it is known what its "it" means."""
    if _is_broken(telling) or _is_for_the_clinician(telling):
        return False
    return of_thing or not _is_empty(telling)


# What is not told ----------------------------------------------------------------------------------------------------

UNFINISHED = _set(
    "the a an my your his her their our to of and or but because if that which who when with for i we they he she is "
    "was am are were 'm 's 're 've n't do does did have has had can could would will 'll 'd very so as than it's i'm "
    "from into at about like"
)
_MAY_END = frozenset({"DT", "WDT", "PRP$", "CC", "TO", "IN", "PRP", "MD", "VBZ", "VBP", "VBD", "RB", "RP"})
_ADDRESS = re.compile(
    r"\b(?:thank|thanks|sorry|excuse|hello|bye|hi|goodbye|welcome|please|pardon|see you|nice to meet|let's|"
    r"do n't (?:you )?tell (?:her|him|them|my|anybody|anyone)|"
    r"(?:you|ya) (?:said|told|asked|mentioned|gave|were saying|mean|see what|know what|just said|think i|want me|"
    r"guys|tell|say|ask|can tell)|(?:asking|ask|tell|telling|showing|show|thanking|appreciate|help|see|"
    r"for|with|to|from|like) "
    r"you|was like|were like|'s like ,|goes ,|good (?:morning|afternoon|evening)|what you|how you|if you "
    r"(?:want|say))\b",
    re.IGNORECASE,
)


_RESTARTS = re.compile(
    r"\b(?:a|an|the|my|your|their|our) (?:i|he|she|they|we|it|you|are|is|am|was|were|that's|there)\b(?!')|"
    r"\b(?:are|is|was|were|'s|'re|'m) (?:they|he|she|i|we) (?!who\b)\w+|\b(?:for for|of around|to to|of of|in in)\b|"
    r"\bso like\b|"
    r", (?:but|and|so|or) ,|^\w+ \w+ , (?:but|and|so) (?!\w+ \w+)|\b(?:it 's|it is) while\b|\bis like , "
)
"""A beginning given up for another: "they don't really have a they don't", "the are the problem of"."""


def _is_broken(telling: Telling) -> bool:
    tokens = [telling.token(index) for index in range(len(telling.places))]
    if len(tokens) < 2 or any(re.search(r"--|[—…\[?\"“”]|\.\.|\w-$|^['‘’]$", token.text) for token in tokens):
        return True
    if tokens[0].text.lower() in _OPENS_NO_SENTENCE and (
        tokens[0].dep not in {"nsubj", "nsubjpass", "det"} or tokens[0].tag.startswith("W")
    ):
        return True
    if (
        tokens[0].text.lower() in {telling.voice.they, "these", "those"}
        or _is_half(telling)
        or tokens[-1].dep in {"aux", "auxpass", "cc", "mark", "det", "poss"}
    ):
        return True
    if tokens[-1].text.lower() in {"the", "a", "an", "my", "your", "their", "our"}:
        return True
    if tokens[0].tag == "CD" and tokens[1].text.lower() in {",", "and", "but"}:
        return True  # a figure that answers, before a sentence: "70, and the old one is down to 40"
    if re.match(
        r"(?:(?:and|so|or|but|then) )*what(?:ever|soever)\b", " ".join(each.text.lower() for each in tokens[:3])
    ):
        return True
    if tokens[0].text.lower() == "that" and len(tokens) > 1 and tokens[1].tag == "VBD" and tokens[1].lemma != "be":
        return True
    if tokens[-1].lemma.lower() == "do" and tokens[-1].dep == "ROOT":
        return True
    if tokens[-1].tag == "RB" and tokens[-2].tag == "MD":
        return True
    if tokens[-1].tag == "IN" and tokens[-1].dep == "prep" and telling.parse.tokens[tokens[-1].head].dep != "relcl":
        return True
    if _RESTARTS.search(" ".join(token.text.lower() for token in tokens)):
        return True
    has_verb = any(token.pos in {"VERB", "AUX"} for token in tokens)
    last = tokens[-1]
    word = last.text.lower()
    if word in UNFINISHED and last.tag in _MAY_END:
        is_particle = last.tag == "RP" or last.dep == "prt" or (last.tag == "IN" and word in {"for", "with", "about"})
        ends_well = last.dep in {"dobj", "pobj", "attr", "ROOT", "conj", "ccomp", "pcomp", "relcl", "advcl"}
        if not is_particle and not (ends_well and last.pos in {"PRON", "VERB", "AUX"}):
            return True
    has_clause = is_clause(telling, 0) or (tokens[0].tag == "VBG" and tokens[0].dep == "ROOT")
    return not (has_verb and has_clause)


def _is_for_the_clinician(telling: Telling) -> bool:
    text = " ".join(telling.said(index) for index in range(len(telling.places))).replace(" 's", "'s")
    return bool(_ADDRESS.search(text))


def _is_half(telling: Telling) -> bool:
    """Whether it is a condition without its main clause, an inverted clause, or has its subject twice."""
    root = telling.parse.root
    tokens = telling.parse.tokens
    below = telling.parse.children(root)
    subjects = [i for i in below if tokens[i].dep in {"nsubj", "nsubjpass"}]
    marks = [
        i
        for i in below
        if tokens[i].dep in {"mark", "advmod"}
        and tokens[i].lemma.lower() in {"if", "when", "because", "while", "whenever"}
    ]
    if len(subjects) > 1 or (marks and subjects and marks[0] < subjects[0] and root in telling.places):
        return True
    helpers = [i for i in below if tokens[i].dep in {"aux", "auxpass"}]
    if subjects and helpers and helpers[0] < subjects[0]:
        return True
    is_be = tokens[root].lemma.lower() == "be"
    return bool(is_be and subjects and root == telling.places[-1]) or (
        telling.said(0) in {"you", "your"} and bool(subjects) and subjects[0] == telling.places[0]
    )


# Clauses -------------------------------------------------------------------------------------------------------------

_FINITE = frozenset({"VBZ", "VBP", "VBD", "MD"})


def is_clause(telling: Telling, index: int) -> bool:
    """Whether what begins at this place is a finite clause with its subject near its beginning."""
    tokens, places = telling.parse.tokens, telling.places[index:]
    if telling.said(index) == "i" and len(places) > 2 and telling.token(index + 1).tag in _FINITE:
        return True
    kept = set(places)
    root = telling.parse.root
    for at in (*places[:9], *(each for each in telling.parse.children(root) if each in kept)):
        if not tokens[at].dep.startswith(("nsubj", "expl")):
            continue
        verb = tokens[at].head
        if index == 0 and tokens[verb].dep in {"advcl", "relcl"} and verb != root:
            continue
        group = [verb, *telling.parse.children(verb)]
        finite = any(tokens[i].tag in _FINITE and tokens[i].pos in {"VERB", "AUX"} for i in group if i in kept)
        return verb in kept and finite and (at < verb or tokens[at].dep == "expl")
    return False


_OPENS_NO_SENTENCE = _set("what why how where which like or than whether that who whom just as to not cause")
_VAGUE = _set("it that this they those these he she there one thing things")
_EMPTY = _set(
    "be have do get say know think mean guess suppose thing stuff it that this okay fine good right all well great "
    "nice sure so very really much fair true same bit lot way like a the not no just yeah too now then to of for in "
    "kind sort somewhat cool bad me i my you thing something anything everything one can could will would here there"
)


def _is_empty(telling: Telling) -> bool:
    """Whether nothing is said of anything: "it's fine", "I don't know", "that's his"."""
    first = telling.said(0)
    if first == "i" and len(telling.places) > 4 and "to" in {telling.said(i) for i in range(len(telling.places))}:
        return False
    content = [
        telling.token(index)
        for index in range(len(telling.places))
        if telling.token(index).pos in {"NOUN", "VERB", "ADJ", "ADV", "PROPN", "NUM"}
        and telling.token(index).lemma.lower() not in _EMPTY
    ]
    return len(content) < (2 if first in _VAGUE else 1)
