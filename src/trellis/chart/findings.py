"""What the safety screen says: the one vocabulary for danger that every room shares.

Levels, concerns, assertions and details are those of the published contract; their order is their gravity.
"""

from dataclasses import dataclass
from typing import Literal

Level = Literal["none", "monitor", "urgent", "emergency"]
Concern = Literal[
    "suicide",
    "hopelessness",
    "self_harm",
    "violence",
    "abuse",
    "overdose",
    "psychosis",
    "self_neglect",
    "eating",
    "substance",
]
Assertion = Literal["present", "denied", "past", "hypothetical", "other_person", "figurative", "asked", "intrusive"]
Detail = Literal["passive_ideation", "active_ideation", "plan", "intent", "preparation", "attempt", "behavior"]

LEVELS: tuple[Level, ...] = ("none", "monitor", "urgent", "emergency")


def gravest(levels: "list[Level] | tuple[Level, ...]") -> Level:
    """The highest of some levels; `none` of nothing."""
    return max(levels, key=LEVELS.index, default="none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a careful person would stop at.

    `quote` is verbatim from the message; `level` is what this finding alone asks for; `turn` names the turn where the
    finding comes from a transcript; `reason` says which rule or head decided, for the clinician who reviews it.
    """

    concern: Concern
    assertion: Assertion
    level: Level
    quote: str
    detail: Detail | None = None
    turn: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The findings of a message or a session; its level is that of the gravest."""

    findings: tuple[Finding, ...] = ()

    @property
    def level(self) -> Level:
        """The gravest level among the findings."""
        return gravest([finding.level for finding in self.findings])

    def and_also(self, other: "Verdict") -> "Verdict":
        """The verdict with what another found beyond it."""
        known = {(finding.concern, finding.assertion, finding.turn) for finding in self.findings}
        more = (one for one in other.findings if (one.concern, one.assertion, one.turn) not in known)
        return Verdict(findings=(*self.findings, *more))
