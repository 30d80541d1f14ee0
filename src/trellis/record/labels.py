"""What the law keeps apart, marked where it comes into the record and followed wherever it goes (42 CFR Part 2).

An encounter or an episode of a service that is a Part 2 program (`Service.part2` of the clinic's configuration) is
labelled as it is written. Whatever is of that encounter, or names something labelled by its id, is labelled too: the
transcript, the draft that names the transcript, the note that names the draft, the sentence of another note that cites
it. A label is never taken off; where one is put on later, what was made from it before is labelled with it.
"""

import re
from collections.abc import Iterable
from typing import Protocol

from sqlalchemy import Connection, and_, or_, select, update

from trellis.record.tables import blobs, entries, versions

PART2 = "part2"
"""The label of records of a program under 42 CFR Part 2."""
_ID = re.compile(rb"[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}")
_MANY = 500
"""Ids asked for at once."""
_GONE = "deleted"  # as `work.DELETED`, which stands above this module: nobody can read it any more


class Opened(Protocol):
    """What a `Work` has that following a label needs."""

    @property
    def connection(self) -> Connection:
        """Of its transaction."""

    @property
    def tenant(self) -> str:
        """Whose record it is."""

    def named_in(self, entry_id: str, version: int) -> set[str]:
        """The ids a version names."""


def ids_in(plain: bytes) -> set[str]:
    """Every id a noun names, from its bytes."""
    return {found.decode() for found in _ID.findall(plain)}


def label_of(connection: Connection, tenant: str, ids: Iterable[str | None]) -> str:
    """The label of what comes from these entries and blobs."""
    wanted = sorted({one for one in ids if one})
    for start in range(0, len(wanted), _MANY):
        some = wanted[start : start + _MANY]
        for table in (entries, blobs):
            asked = select(table.c.id).where(table.c.tenant == tenant, table.c.id.in_(some), table.c.label == PART2)
            if connection.execute(asked.limit(1)).first() is not None:
                return PART2
    return ""


def label_blobs(connection: Connection, tenant: str, ids: Iterable[str]) -> None:
    """Put the label on the blobs among these: the bytes of what is labelled."""
    named = [one for one in ids if one.startswith("blo_")]
    if named:
        connection.execute(update(blobs).where(blobs.c.tenant == tenant, blobs.c.id.in_(named)).values(label=PART2))


def spread(work: Opened, source: str) -> None:
    """Label what was made from an entry before the entry was labelled, and what was made from that."""
    fresh = {source}
    while fresh:
        _label_encounters(work, fresh)
        fresh = {one for one in _unlabelled(work, source) if _names_labelled(work, one)}
        work.connection.execute(
            update(entries).where(entries.c.tenant == work.tenant, entries.c.id.in_(fresh)).values(label=PART2)
        )


def unlabelled(connection: Connection, tenant: str, marked: Iterable[str]) -> list[str]:
    """Entries and blobs that should have the label and don't: of a labelled encounter, or among those `marked`."""
    inside = entries.alias()
    found: list[str] = []
    for table in (entries, blobs):
        asked = (
            select(table.c.id)
            .join(inside, and_(inside.c.tenant == table.c.tenant, inside.c.id == table.c.encounter))
            .where(table.c.tenant == tenant, inside.c.label == PART2, table.c.label != PART2)
        )
        found += [row.id for row in connection.execute(asked)]
    wanted = sorted(set(marked))
    for start in range(0, len(wanted), _MANY):
        bare = select(entries.c.id).where(
            entries.c.tenant == tenant, entries.c.id.in_(wanted[start : start + _MANY]), entries.c.label != PART2
        )
        found += [row.id for row in connection.execute(bare)]
    return sorted(set(found))


def _label_encounters(work: Opened, ids: set[str]) -> None:
    for table in (entries, blobs):
        work.connection.execute(
            update(table)
            .where(table.c.tenant == work.tenant, or_(table.c.id.in_(ids), table.c.encounter.in_(ids)))
            .values(label=PART2)
        )


def _unlabelled(work: Opened, source: str) -> list[str]:
    """Entries without the label in the charts of those the source concerns."""
    inside = entries.alias()
    concerned = select(inside.c.client).where(
        inside.c.tenant == work.tenant, or_(inside.c.id == source, inside.c.encounter == source)
    )
    asked = select(entries.c.id).where(
        entries.c.tenant == work.tenant,
        entries.c.client.in_(concerned),
        entries.c.label != PART2,
        entries.c.state != _GONE,
    )
    return [row.id for row in work.connection.execute(asked)]


def _names_labelled(work: Opened, entry: str) -> bool:
    """Whether any version of an entry names something labelled."""
    numbers = select(versions.c.version).where(versions.c.tenant == work.tenant, versions.c.id == entry)
    return any(
        label_of(work.connection, work.tenant, work.named_in(entry, row.version))
        for row in work.connection.execute(numbers).all()
    )
