"""Care in time: an episode from opening to closing, and the encounters in it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from trellis.chart.clients import Location

Mode = Literal["in_person", "video", "audio"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A stretch of care for one reason."""

    opened_on: date
    service: str
    closed_on: date | None = None
    reason_closed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Somebody who was there beside who held it. `client` is the id of a client of this clinic, where it is one."""

    role: Literal["clinician", "client", "other"]
    name: str = ""
    relation: str = ""
    client: str | None = None

    @property
    def called(self) -> str:
        """What somebody who is no client is told from others by: a name, else what they are to the client."""
        return self.name or self.relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What happened at a second of the recording: a marker somebody set, or a stretch of `seconds` that isn't in it."""

    id: str
    at: float
    what: Literal["important", "homework", "risk", "paused", "off_record", "interrupted"]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """One meeting: where and how, who was there, from when to when, and where the client was.

    `marks` are those of its recording, in order.
    """

    mode: Mode
    clinician: str
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    place: str = ""
    service: str = ""
    client_location: Location = field(default_factory=Location)
    present: tuple[Present, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def clients(self) -> tuple[str, ...]:
        """The ids of all clients who were there; several in a group, a couple or a family."""
        return tuple(one.client for one in self.present if one.client is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """That a client took part in an encounter with several clients; in this client's chart, naming nobody else.

    `speaker` is who they are in the transcript (`client:2`), as far as it is known.
    """

    encounter: str
    speaker: str = ""
