"""What a client lives with and is given: diagnoses, medications, allergies, goals, measurements."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """A condition as its clinician named it. `code` is ICD-10-CM, without a description of ours."""

    code: str
    words: str
    status: Literal["working", "confirmed", "in_remission", "resolved", "ruled_out"] = "confirmed"
    onset_on: date | None = None
    resolved_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Medication:
    """What is taken, as prescribed or as told. `dose` and `how` in the prescriber's words."""

    name: str
    dose: str = ""
    how: str = ""
    prescriber: str = ""
    started_on: date | None = None
    stopped_on: date | None = None
    reason_stopped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy:
    """A substance that harmed, and how."""

    substance: str
    reaction: str = ""
    severity: Literal["mild", "moderate", "severe", "unknown"] = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What client and clinician work towards, and how it will be seen."""

    words: str
    measure: str = ""
    target: str = ""
    set_on: date | None = None
    due_on: date | None = None
    status: Literal["active", "met", "changed", "dropped"] = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A score of an instrument. `items` are the answers in the instrument's order, where they are known."""

    instrument: str
    value: float
    unit: str = "score"
    items: tuple[int, ...] = ()
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A figure from a phone or a wearable over a day or a night, with how good its data is (0..1)."""

    measure: str
    value: float
    unit: str
    source: str
    quality: float
