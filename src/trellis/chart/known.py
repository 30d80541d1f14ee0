"""What a chart knows before a session: the last note's plan and homework, goals, medications, the latest scores.

Each is a fact with the words of the entry it stands in, so that a sentence that rests on it can quote it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from trellis.chart.conditions import Goal, Measurement, Medication

FactKind = Literal["plan", "homework", "goal", "medication", "score"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing the chart knows.

    `record` is the id of the entry, `words` are verbatim what it says, `on` is the day it was written or measured.
    `name` is the drug or the instrument, `value` the score, where it is one.
    """

    kind: FactKind
    record: str
    words: str
    on: date
    name: str = ""
    value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All a chart tells the writer; empty where there is no chart."""

    facts: tuple[Fact, ...] = ()

    def of(self, kind: FactKind) -> tuple[Fact, ...]:
        """The facts of one kind, oldest first."""
        return tuple(fact for fact in self.facts if fact.kind == kind)


def words_of(noun: Goal | Medication | Measurement) -> str:
    """How a goal, a medication or a score is quoted: its own words, in the order they are read."""
    match noun:
        case Goal():
            return noun.words
        case Medication():
            return " ".join(part for part in (noun.name, noun.dose, noun.how) if part)
        case Measurement():
            unit = "" if noun.unit == "score" else f" {noun.unit}"
            return f"{noun.instrument} {noun.value:g}{unit}"
