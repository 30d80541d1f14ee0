"""The meetings of a stretch of time with what became of their notes: what a clinician sees in the morning.

Takes two moments; gives the encounters that began between them, each with its clients, the newest of its drafts and
notes as lists show them, and how grave what the safety screen left open is. Content is opened of encounters and clients
alone, and of nothing that who asks may not know of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from trellis.chart import Alert, Client, Encounter, Entry, Level, Listed, gravest
from trellis.record.tables import entries
from trellis.record.work import DELETED, Work, as_listed

DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """An encounter with its clients; `note` is its draft or, once there is one, its signed note.

    `is_open` says whether who asks may know of notes and findings of it at all; where not, there are none here.
    """

    encounter: Entry[Encounter]
    clients: tuple[Entry[Client], ...]
    note: Listed | None
    level: Level
    is_open: bool


def agenda(work: Work, since: datetime, until: datetime, *, clinician: str = "") -> tuple[Meeting, ...]:
    """The meetings that began from `since` to before `until`, in their order; those one clinician held, if named."""
    asked = (
        select(entries)
        .where(
            entries.c.tenant == work.tenant,
            entries.c.kind == "encounter",
            entries.c.state != DELETED,
            entries.c.occurred_at >= since,
            entries.c.occurred_at < until,
        )
        .order_by(entries.c.occurred_at, entries.c.id)
    )
    return _meetings(work, [as_listed(row) for row in work.door.listed(asked)], clinician)


def unfinished(work: Work, *, clinician: str = "", newest: int = 100) -> tuple[Meeting, ...]:
    """The meetings whose drafts nobody has signed yet, the longest waiting first."""
    drafts = work.find(kinds=["draft"], states=["open"], newest=newest)
    met = dict.fromkeys(one.encounter for one in drafts if one.encounter)
    return _meetings(work, [work.listed(each) for each in met], clinician)


def _meetings(work: Work, heads: Sequence[Listed], clinician: str) -> tuple[Meeting, ...]:
    opened: list[Entry[Encounter]] = work.open_all([one for one in heads if one.state != DELETED])
    mine = [one for one in opened if not clinician or one.content.clinician in (clinician, f"staff:{clinician}")]
    people = _people(work, mine)
    return tuple(
        Meeting(
            encounter=one,
            clients=tuple(people[client] for client in _clients(one) if client in people),
            note=_note(work, one.id),
            level=_level(work, one.id),
            is_open=work.door.decide("content.open", one.client or one.id).is_permitted,
        )
        for one in mine
    )


def _people(work: Work, met: Iterable[Entry[Encounter]]) -> dict[str, Entry[Client]]:
    ids = dict.fromkeys(client for one in met for client in _clients(one))
    known = [work.listed(each) for each in ids if work.door.decide("contact.open", each).is_permitted]
    return {one.id: one for one in work.open_all(known)}


def _clients(encounter: Entry[Encounter]) -> tuple[str, ...]:
    return encounter.content.clients or ((encounter.client,) if encounter.client else ())


def _note(work: Work, encounter: str) -> Listed | None:
    """The signed note of an encounter, else its newest draft that wasn't discarded."""
    found = work.find(encounter=encounter, kinds=["draft", "note"])
    there = [one for one in found if one.state not in (DELETED, DISCARDED)]
    return max(there, key=lambda one: (one.kind == "note", one.changed_at), default=None)


def _level(work: Work, encounter: str) -> Level:
    open_alerts: list[Entry[Alert]] = work.open_found(encounter=encounter, kinds=["alert"], states=["open"])
    return gravest([one.content.level for one in open_alerts])
