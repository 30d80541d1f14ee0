"""Rows of the record as entries: versions with the heads they belong to.

Takes ids and rows, gives the statement that reads them and entries with their content; asks nobody whether they may be
read, which is the door's.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select

from trellis.chart import KINDS, Entry
from trellis.record.codec import decode
from trellis.record.tables import entries, versions
from trellis.store import as_bytes


def versions_of(tenant: str, ids: Sequence[str], *, newest: bool) -> Select[Any]:
    """Versions with the heads they belong to."""
    asked = (
        select(versions, entries.c.client, entries.c.encounter, entries.c.occurred_at, entries.c.label)
        .join(entries, (entries.c.tenant == versions.c.tenant) & (entries.c.id == versions.c.id))
        .where(versions.c.tenant == tenant, versions.c.id.in_(list(ids)))
        .where(entries.c.tenant == tenant, entries.c.id.in_(list(ids)))  # so that no plan joins a whole record
    )
    return asked.where(versions.c.version == entries.c.version) if newest else asked


def entry_of(row: Row[Any], plain: bytes) -> Entry[Any]:
    """A version as an entry, with its content."""
    return Entry(
        id=row.id,
        kind=row.kind,
        client=row.client,
        encounter=row.encounter,
        version=row.version,
        state=row.state,
        occurred_at=row.occurred_at,
        made_at=row.made_at,
        actor=row.actor,
        reason=row.reason,
        digest=as_bytes(row.digest).hex(),
        content=decode(plain, KINDS[row.kind].type),
        label=row.label,
    )
