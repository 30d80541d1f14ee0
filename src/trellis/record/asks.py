"""Which sentences of a note need a yes of their own before it may be signed, and why.

Takes a sentence with its ground and what is known of the session; gives reasons. The rules are data
(`data/signing.toml`), dated and with their sources; they err towards asking.
"""

import re
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any, get_args

from trellis.chart import Ask, Evidence, Finding, Statement, Transcript


@dataclass(frozen=True, slots=True)
class _Rule:
    ask: Ask
    topics: frozenset[str]
    figures: frozenset[str]
    said: re.Pattern[str]

    def fits(self, text: str, topic: str) -> bool:
        """Whether a sentence calls for it."""
        has_figure = topic in self.figures and re.search(r"\d", text) is not None
        return topic in self.topics or has_figure or self.said.search(text) is not None


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("trellis.record").joinpath("data/signing.toml").read_text(encoding="utf-8"))


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            ask=item["ask"],
            topics=frozenset(item["topics"]),
            figures=frozenset(item.get("figures", ())),
            said=re.compile("|".join(item["said"]), re.IGNORECASE),
        )
        for item in _data()["asks"]
    )


def late_after() -> timedelta:
    """How long after its encounter a note may be signed without the mark of a late entry."""
    return timedelta(hours=_data()["late"]["hours"])


def asks_of_text(text: str, topic: str) -> tuple[Ask, ...]:
    """What the words of a sentence alone call for."""
    return ordered([rule.ask for rule in _rules() if rule.fits(text, topic)])


def asks_of(statement: Statement, transcript: Transcript, findings: Sequence[Finding] = ()) -> tuple[Ask, ...]:
    """All a machine's sentence calls for; `findings` are those of the safety screen over the session."""
    found: list[Ask] = list(asks_of_text(statement.text, statement.topic))
    if statement.status == "unconfirmed" or statement.inferred or not statement.evidence:
        found.append("unconfirmed")
    if any(_tells_of(finding, evidence) for finding in findings for evidence in statement.evidence):
        found.append("risk")
    if any(_rests_on_correction(evidence, transcript) for evidence in statement.evidence):
        found.append("corrected")
    return ordered(found)


def _tells_of(finding: Finding, evidence: Evidence) -> bool:
    """Whether a quote is of what the safety screen stopped at; what only looked like danger doesn't count."""
    if finding.turn is None or evidence.turn != finding.turn or finding.assertion == "figurative":
        return False
    quote = evidence.quote or ""
    return finding.quote.strip() in quote or quote.strip() in finding.quote


def _rests_on_correction(evidence: Evidence, transcript: Transcript) -> bool:
    """Whether a quote holds a corrected word; one of which only spaces or capitals were changed doesn't count."""
    turn = next((each for each in transcript.turns if each.id == evidence.turn), None)
    if turn is None or evidence.source != "transcript":
        return False
    return any(
        each.text in (evidence.quote or "") and _letters(each.said) != _letters(each.text) for each in turn.corrections
    )


def _letters(words: str) -> str:
    return re.sub(r"[\W_]", "", words).casefold()


def ordered(found: Collection[Ask]) -> tuple[Ask, ...]:
    """Reasons once each, in the order of their kind."""
    known: tuple[Ask, ...] = get_args(Ask)
    return tuple(ask for ask in known if ask in found)
