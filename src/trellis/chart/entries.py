"""What every noun of the record carries: who made it, when and why; which version it is, and what state it is in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Generic[Content]):
    """One version of one noun; versions never change, a new one is added.

    `client` is the id of the client it belongs to, `encounter` that of the encounter, if any. `version` counts from 1.
    `state` is the noun's own (a note's `draft`, `signed`). `occurred_at` is when it happened, `made_at` when this
    version was written, by `actor`, for a `reason` (`room.thing`). `digest` commits to the content. `label` is `part2`
    where it comes from a program under 42 CFR Part 2, however far back.
    """

    id: str
    kind: str
    client: str
    version: int
    state: str
    occurred_at: datetime
    made_at: datetime
    actor: str
    reason: str
    digest: str
    content: Content
    encounter: str | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An entry as lists show it: all that can be known of it without opening it."""

    id: str
    kind: str
    client: str
    version: int
    state: str
    occurred_at: datetime
    changed_at: datetime
    encounter: str | None = None
    label: str = ""
