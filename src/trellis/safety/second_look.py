"""A second look, by a learned reader, at what the rules let pass.

Why: people tell of danger sideways, in words nobody wrote a rule for. The reader may raise a level to `urgent` or
`monitor`; it never lowers one, never says `emergency`, and never speaks against a denial that answered a question. Its
findings name it and how sure it is ("reader 0.93"), so that whoever reviews them knows who decided; where it is unsure,
it asks for a human's look at level `monitor` ("reader 0.71, for review").

Takes messages with the verdicts of the rules; gives verdicts. From which probability on it is heard is data
(`data/second_look.toml`), chosen on held-out lines. Words for who somebody is (`data/people.toml`) are not shown to it.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import cast

from trellis.chart import LEVELS, Assertion, Concern, Finding, Level, Verdict
from trellis.inference import Reader, Said
from trellis.safety.messages import Message
from trellis.safety.words import read

_SENTENCE = re.compile(r"\S[^.!?…\n]*[.!?…]*")
_PIECE = 280
"""Characters read at once: a few sentences, since danger is often told in two."""
_WORDS_THAT_TELL = 2
"""Words a message needs to be read without what it answers: "Sometimes." has no meaning of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The least probability of each level the reader may raise to; below `urgent`, `monitor` is a call for review."""

    urgent: float
    monitor: float


@cache
def load_bars() -> Mapping[str, Bar]:
    """The bar by language."""
    text = resources.files("trellis.safety").joinpath("data/second_look.toml").read_text("utf-8")
    return {language: Bar(**bar) for language, bar in tomllib.loads(text).items()}


@cache
def _people() -> Mapping[str, tuple[re.Pattern[str], str]]:
    """By language the words for who somebody is, and what stands for them."""
    text = resources.files("trellis.safety").joinpath("data/people.toml").read_text("utf-8")
    return {
        language: (re.compile(rf"\b(?:{'|'.join(part['words'].split())})\b", re.IGNORECASE), part["stands_for"])
        for language, part in tomllib.loads(text).items()
    }


def _said(text: str, message: Message) -> Said:
    """What the reader is shown: the text, without who anybody is, after what was said before it."""
    words, stands_for = _people()[_language(message)]
    return Said(words.sub(stands_for, text), words.sub(stands_for, _before(message)))


def look_again(messages: Sequence[Message], verdicts: Sequence[Verdict], reader: Reader) -> list[Verdict]:
    """The verdicts, each with the reader's finding added where it raises the level."""
    told = {
        at: list(_pieces(message.text)) for at, message in enumerate(messages) if _may_be_raised(message, verdicts[at])
    }
    asked = [(at, piece) for at, pieces in told.items() for piece in pieces]
    odds = reader.read([_said(piece, messages[at]) for at, piece in asked])
    gravest: dict[int, tuple[str, Mapping[str, float]]] = {}
    for (at, piece), here in zip(asked, odds, strict=True):
        if at not in gravest or here.get("danger:urgent", 0.0) > gravest[at][1].get("danger:urgent", 0.0):
            gravest[at] = (piece, here)
    raised = {
        at: (piece, here, level)
        for at, (piece, here) in gravest.items()
        if (level := _level(here, load_bars()[_language(messages[at])]))
        and LEVELS.index(level) > LEVELS.index(verdicts[at].level)
    }
    quotes = _quotes(messages, {at: piece for at, (piece, _, _) in raised.items()}, reader)
    looked = list(verdicts)
    for at, (_, here, level) in raised.items():
        looked[at] = Verdict(findings=(*verdicts[at].findings, _finding(here, level, quotes[at])))
    return looked


def _may_be_raised(message: Message, verdict: Verdict) -> bool:
    if message.role == "clinician" or LEVELS.index(verdict.level) >= LEVELS.index("urgent"):
        return False
    denied = any(found.assertion == "denied" and ".asked." in found.reason for found in verdict.findings)
    return not denied and (bool(message.context) or len(message.text.split()) >= _WORDS_THAT_TELL)


def _language(message: Message) -> str:
    """The language of most of its words."""
    counts: Counter[str] = Counter()
    for sentence in read(message.text, message.language):
        counts[sentence.language] += len(sentence.words)
    return max(counts, key=lambda one: counts[one], default="en")


def _before(message: Message) -> str:
    return message.context[-1].text if message.context else ""


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces of whole sentences, verbatim."""
    start = end = -1
    for match in _SENTENCE.finditer(text):
        if start >= 0 and match.end() - start > _PIECE:
            yield text[start:end]
            start = -1
        start, end = (match.start() if start < 0 else start), match.end()
    if start >= 0:
        yield text[start:end].rstrip()


def _level(odds: Mapping[str, float], bar: Bar) -> Level | None:
    if odds.get("danger:urgent", 0.0) >= bar.urgent:
        return "urgent"
    return "monitor" if odds.get("danger:monitor", 0.0) >= bar.monitor else None


def _quotes(messages: Sequence[Message], pieces: Mapping[int, str], reader: Reader) -> dict[int, str]:
    """Of each piece the sentence that speaks of danger most by itself."""
    sentences = {at: [match.group().strip() for match in _SENTENCE.finditer(piece)] for at, piece in pieces.items()}
    asked = [(at, sentence) for at, some in sentences.items() if len(some) > 1 for sentence in some]
    odds = reader.read([_said(sentence, messages[at]) for at, sentence in asked])
    grave = {pair: here.get("danger:urgent", 0.0) for pair, here in zip(asked, odds, strict=True)}
    return {at: max(some, key=lambda one: grave.get((at, one), 0.0)) for at, some in sentences.items()}


def _finding(odds: Mapping[str, float], level: Level, quote: str) -> Finding:
    sure = odds["danger:urgent" if level == "urgent" else "danger:monitor"]
    return Finding(
        concern=cast("Concern", _likeliest(odds, "danger:concern:", "suicide")),
        assertion=cast(
            "Assertion", "present" if level == "urgent" else _likeliest(odds, "danger:assertion:", "present")
        ),
        level=level,
        quote=quote,
        reason=f"reader {sure:.2f}" if level == "urgent" else f"reader {sure:.2f}, for review",
    )


def _likeliest(odds: Mapping[str, float], prefix: str, otherwise: str) -> str:
    names = [label for label in odds if label.startswith(prefix) and not label.endswith(":none")]
    return max(names, key=lambda label: odds[label]).removeprefix(prefix) if names else otherwise
