"""A client's chart as it is opened at the start of an hour: what holds now, and what was written last.

Takes a client; gives who they are, what they live with, take and work towards, the latest scores, open alerts, the last
and the next encounter, how much there is of each kind, and the heads of the newest entries. Notes are listed, not
opened: ten years of them cost nothing. Records merged into this one are in it. What is opened is one line on the audit
chain.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from trellis.chart import Alert, Allergy, Client, Diagnosis, Entry, Goal, Listed, Measurement, Medication
from trellis.kernel import NotFound
from trellis.record.clients import charts_of
from trellis.record.tables import entries
from trellis.record.work import DELETED, Work, as_listed

NEWEST = 50
"""Heads listed where nobody asks for another number."""
SCORES = 200
"""Measurements opened, newest first, to find the latest of each instrument: four years of one a week."""
STANDING = ("diagnosis", "medication", "allergy", "goal", "alert")
"""Kinds of which all that holds now is opened."""
MEETINGS = ("encounter", "attendance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart at a glance. `age` is in whole years; `counts` by kind, without what was deleted; `newest` oldest first.

    Of diagnoses those that aren't resolved or ruled out, of medications those that weren't stopped, of goals the active
    ones, of alerts those nobody has closed; of measurements the latest of each instrument.
    """

    client: Entry[Client]
    age: int | None
    diagnoses: tuple[Entry[Diagnosis], ...]
    medications: tuple[Entry[Medication], ...]
    allergies: tuple[Entry[Allergy], ...]
    goals: tuple[Entry[Goal], ...]
    alerts: tuple[Entry[Alert], ...]
    scores: tuple[Entry[Measurement], ...]
    last: Listed | None
    next: Listed | None
    counts: Mapping[str, int]
    newest: tuple[Listed, ...]


def open_chart(work: Work, client: str, *, newest: int = NEWEST) -> Chart:
    """The chart of a client; `NotFound` where there is none, or it was deleted."""
    own = work.listed(client)
    if own.kind != "client" or own.state == DELETED:
        raise NotFound("record.client_absent", f"There is no client {client}.", hint="Check the id.")
    work.allow("chart.open", client)
    charts = charts_of(work, client)
    here = entries.c.client.in_(charts)
    standing = _heads(work, here, entries.c.kind.in_(STANDING))
    measured = _heads(work, here, entries.c.kind == "measurement", newest=SCORES)
    opened = work.open_all([own, *standing, *measured])
    person: Entry[Client] = opened[0]
    by_kind = _by_kind(opened[1:])
    latest: dict[str, Entry[Any]] = {entry.content.instrument: entry for entry in by_kind.get("measurement", ())}
    meetings = here, entries.c.kind.in_(MEETINGS)
    past = _heads(work, *meetings, entries.c.occurred_at <= work.now, newest=1)
    coming = _heads(work, *meetings, entries.c.occurred_at > work.now, oldest=1)
    return Chart(
        client=person,
        age=_age(person.content.birth_date, work.now.date()),
        diagnoses=_those(by_kind, "diagnosis", lambda one: one.status not in {"resolved", "ruled_out"}),
        medications=_those(
            by_kind, "medication", lambda one: one.stopped_on is None or one.stopped_on > work.now.date()
        ),
        allergies=_those(by_kind, "allergy", lambda _: True),
        goals=_those(by_kind, "goal", lambda one: one.status == "active"),
        alerts=_those(by_kind, "alert", lambda one: not one.done),
        scores=tuple(latest.values()),
        last=past[0] if past else None,
        next=coming[0] if coming else None,
        counts=_counts(work, here),
        newest=tuple(_heads(work, here, newest=newest)),
    )


def _heads(
    work: Work, *where: ColumnElement[bool], newest: int | None = None, oldest: int | None = None
) -> list[Listed]:
    """Heads of entries that weren't deleted, oldest first; the newest or the oldest of them where limited."""
    asked = select(entries).where(entries.c.tenant == work.tenant, entries.c.state != DELETED, *where)
    if newest is None:
        rows = work.connection.execute(asked.order_by(entries.c.occurred_at, entries.c.id).limit(oldest)).all()
    else:
        last = asked.order_by(entries.c.occurred_at.desc(), entries.c.id.desc()).limit(newest)
        rows = work.connection.execute(last).all()[::-1]
    return [as_listed(row) for row in rows]


def _counts(work: Work, here: ColumnElement[bool]) -> dict[str, int]:
    asked = select(entries.c.kind, func.count()).where(
        entries.c.tenant == work.tenant, entries.c.state != DELETED, here
    )
    return {row[0]: row[1] for row in work.connection.execute(asked.group_by(entries.c.kind))}


def _by_kind(opened: Iterable[Entry[Any]]) -> dict[str, list[Entry[Any]]]:
    found: dict[str, list[Entry[Any]]] = {}
    for entry in opened:
        found.setdefault(entry.kind, []).append(entry)
    return found


def _those(found: Mapping[str, Sequence[Entry[Any]]], kind: str, holds: Any) -> tuple[Entry[Any], ...]:
    return tuple(entry for entry in found.get(kind, ()) if holds(entry.content))


def _age(born: date | None, today: date) -> int | None:
    """Whole years; somebody born on 29 February has a birthday on 1 March in other years."""
    return None if born is None else today.year - born.year - ((today.month, today.day) < (born.month, born.day))
