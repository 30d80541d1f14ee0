"""What passes between people about a client: tasks, messages, documents, the care team."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something somebody has to do. `about` is the id of what it is about; `outcome` says how it was closed."""

    words: str
    owner: str
    about: str = ""
    due_on: date | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What was written to or by a client, or between staff about one."""

    sender: str
    receiver: str
    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file in the chart; its bytes are the blob `blob`."""

    title: str
    media_type: str
    blob: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The sound of an encounter; its bytes are the blob `blob`. `seconds` is its length."""

    media_type: str
    blob: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Somebody's place in a client's care team."""

    staff: str
    role: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A safety finding in the record: what was found, where, and what was done about it by whom."""

    level: Literal["monitor", "urgent", "emergency"]
    concern: str
    assertion: str
    quote: str
    source: str
    found_by: str
    owner: str = ""
    done: str = ""
