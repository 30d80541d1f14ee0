"""Tell short answers to the standing questions of an interview: "How's your mood?" "Low." is a mood told as low.

Takes an answer of a few words, the question it answers and the voice; gives a sentence without its full stop, or None.
The questions and how their answers are told are data (`interview.toml`); an answer that is a clause of its own, that
negates or doubts, or is not of the kind its question wants, is not told here.
"""

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from trellis.inference import Token
from trellis.scribe.facts.concepts import Concept
from trellis.scribe.points import Point, Utterance
from trellis.scribe.saying.person import Voice, joined, retell
from trellis.scribe.saying.spoken import meant
from trellis.scribe.words.smooth import numbers_in, smooth

LONGEST = 12
"""Words of an answer that is still told in its question's place."""

_NEGATED = re.compile(r"n't\b|\b(?:not|never|no|without|nothing|none|neither|nobody)\b", re.IGNORECASE)
_DOUBTED = re.compile(
    r"\b(?:i guess|i suppose|i think|not sure|don't know|depends|why|same|whatever|it)\b", re.IGNORECASE
)
_LEADS = re.compile(
    r"^\W*(?:(?:oh|well|um|uh|so|and|like|just|maybe|honestly|yeah|yes|god|mostly|probably|pretty much|"
    r"i mean)\b[\s,.]*)+",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:ago|yesterday|last|this|january|february|march|april|may|june|july|august|september|october|november|december|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|o'clock|am|pm|noon|midnight|(?:19|20)\d\d|summer|winter|"
    r"spring|fall|around|about|night|morning)\b",
    re.IGNORECASE,
)
_IN = re.compile(
    r"^(?:january|february|march|april|may|june|july|august|september|october|november|december|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A standing question: its pattern, the kind of answer it wants, how both are told, and what it is about."""

    asks: re.Pattern[str]
    answer: str
    told: str
    concept: Concept


@cache
def standing() -> tuple[Standing, ...]:
    """The standing questions of `interview.toml`, in its order."""
    with (files("trellis.scribe") / "data" / "interview.toml").open("rb") as file:
        entries = tomllib.load(file)["questions"]
    return tuple(
        Standing(
            asks=re.compile(entry["asks"], re.IGNORECASE),
            answer=entry["answer"],
            told=entry["told"],
            concept=Concept(key="interview", topic=entry["topic"], weight=entry["weight"]),
        )
        for entry in entries
    )


def asked_for(question: Utterance) -> Standing | None:
    """The standing question this is."""
    text = smooth(question.text).text.strip() if question.text.strip() else ""
    return next((each for each in standing() if each.asks.search(text)), None) if text else None


def tell_standing(answer: Utterance, question: Utterance, voice: Voice) -> str | None:
    """One sentence for a standing question and its short answer."""
    found = asked_for(question)
    if found is None or not answer.parse.tokens:
        return None
    told = _told(answer, voice)
    if told is None or not _is_of_kind(found.answer, told, answer):
        return None
    match = found.asks.search(smooth(question.text).text.strip())
    groups = {name: value for name, value in (match.groupdict() if match else {}).items() if value}
    bare = groups.pop("bare", "").lower()
    names = {name: groups.get(name, bare).lower() for name in ("thing", "what", "most", "act")}
    if re.search(r"\b(?:your|you)\b", " ".join(names.values())):
        return None
    return f"{voice.name} {found.told.format(a=told, **names)}"


_QUALITY = re.compile(r"(?P<opening>.+ describes their (?P<thing>\w+(?: \w+)?) as) (?P<quality>.+)\.")


def with_quality(last: Point, point: Point) -> Point | None:
    """Two words for one thing in one breath as one point: "Low. Like heavy."; None where they are no such words."""
    one, two = _QUALITY.fullmatch(last.text), _QUALITY.fullmatch(point.text)
    if (
        one is None
        or two is None
        or one["opening"] != two["opening"]
        or last.evidence[0].turn != point.evidence[0].turn
    ):
        return None
    evidence = tuple(dict.fromkeys((*last.evidence, *point.evidence)))
    return replace(last, text=f"{one['opening']} {one['quality']}, {two['quality']}.", evidence=evidence)


def _told(answer: Utterance, voice: Voice) -> str | None:
    """The answer's words in the third person; None where they are more than a few words in a question's place."""
    said = smooth(answer.text).text
    if len(said.split()) > LONGEST or _NEGATED.search(said) or _DOUBTED.search(said):
        return None
    tokens, places = answer.parse.tokens, meant(answer.parse)
    if not places or any(_is_clause(tokens, at) for at in places):
        return None
    told = _LEADS.sub("", joined(tokens, retell(answer.parse, voice), places)).strip(" .,!?;-")
    if not told or re.search(r"[?\"“”]|--", told) or re.search(r"\b(?:lol|ha|haha)\b", told, re.IGNORECASE):
        return None
    told = re.sub(r"^(?:me|them|myself|themselves|themself) and (?=\w)", "", told)
    first = next((token for token in tokens if token.text.lower() == told.split()[0].lower()), None)
    is_name = first is not None and first.tag in {"NNP", "NNPS"} and first.start != answer.start
    is_name = (
        is_name or told.split()[0].isupper() or (first is not None and first.entity in {"PERSON", "GPE", "ORG", "DATE"})
    )
    return told if is_name else told[0].lower() + told[1:]


def _is_clause(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a verb with a subject of its own stands here."""
    token = tokens[at]
    return token.dep.startswith(("nsubj", "expl")) and tokens[token.head].pos in {"VERB", "AUX"}


def _is_of_kind(kind: str, told: str, answer: Utterance) -> bool:
    words = [token for token in answer.parse.tokens if token.text[:1].isalnum()]
    if kind == "quality":
        allowed = {"ADJ", "ADV", "CCONJ", "INTJ", "ADP", "PART", "SCONJ", "VERB", "DET", "NOUN", "PROPN"}
        kinds = [token.pos for token in words]
        has_quality = any(
            token.pos == "ADJ" or token.tag in {"VBN", "VBG", "RB", "RP"} or token.lemma.lower() in _QUALITIES
            for token in words
        )
        return len(words) <= 6 and all(each in allowed for each in kinds) and has_quality and kinds.count("NOUN") <= 1
    if kind == "time":
        return bool(_TIME.search(told) or numbers_in(told))
    if kind == "figure":
        return bool(numbers_in(told)) and len(words) <= 6
    return any(token.pos in {"NOUN", "PROPN", "VERB", "X", "ADJ"} for token in words) and len(told) > 2


_QUALITIES = frozenset({"down", "up", "low", "numb", "blue", "shot", "crap", "mess", "trash", "mid", "meh", "flat"})
