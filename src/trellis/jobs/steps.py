"""What a job is: named steps that take ids, how often it is tried, and when it is due by itself.

A job carries ids and nothing else: its name, the id of its subject, its key. What its steps need they open
themselves, through the door that leaves a line on the audit chain.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from trellis.kernel import Invalid

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,79}")
AGAIN = "~"
"""Stands between a job's key and the number of a later attempt; no id has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One step of one job, for whoever does it: `subject` is an id, `key` the idempotency key of its effect."""

    subject: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A part of a job that is done whole or again; `do` must ask `once(…, task.key, …)` before it writes."""

    name: str
    do: Callable[[Task], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """How often a step is tried, and how many seconds later each time: `first`, then `factor` times more, to `most`."""

    attempts: int = 6
    first: float = 5.0
    factor: float = 4.0
    most: float = 3600.0

    def delay(self, attempt: int) -> float:
        """Seconds to wait after this attempt (from 1) has failed."""
        return min(self.first * self.factor ** (attempt - 1), self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A queue: jobs of one line wait for each other, and for no other line. `at_once` is per worker."""

    name: str = "work"
    at_once: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Steps in their order, under a name `room.thing`. With other steps it is another job and needs another name."""

    name: str
    steps: tuple[Step, ...]
    line: Line = field(default_factory=Line)
    backoff: Backoff = field(default_factory=Backoff)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A job to be started: which, on what (an id), and under which key it is done once."""

    job: str
    subject: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """A job that is due once in each period of so many `seconds` since 1970 in UTC, moved by `after` seconds.

    A worker that was off starts what is due when it is back: one job, however many periods it missed.
    """

    job: str
    subject: str
    seconds: int
    after: int = 0

    def due(self, now: datetime) -> Asked:
        """The job of the period that `now` is in; asked for again in the same period it is the same one."""
        moment = int(now.timestamp()) - self.after
        start = datetime.fromtimestamp(moment - moment % self.seconds + self.after, UTC)
        return Asked(job=self.job, subject=self.subject, key=f"{self.job}:{start:%Y%m%dT%H%M%SZ}")


def check_id(text: str) -> None:
    """Raise `Invalid` where this can't be an id: it has spaces, letters of a language, or 81 signs and more."""
    if not _ID.fullmatch(text):
        raise Invalid("jobs.not_an_id", "A job takes ids and nothing else.", hint="Pass the id of the entry.")
