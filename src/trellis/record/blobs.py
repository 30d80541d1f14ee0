"""Recordings and documents of a client: kept, streamed and deleted, each with its line on the audit chain.

A blob is written first and named in the database after, so that a row never names what isn't there; one whose row
never came, or was marked deleted, is removed by `sweep`; a worker removes the latter at once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from trellis.jobs import Asked, ask
from trellis.kernel import NotFound, new_id
from trellis.record.labels import label_of
from trellis.record.room import Record
from trellis.record.tables import blobs
from trellis.record.uses import refuse_unheard
from trellis.record.vendors import refuse_blobs_elsewhere
from trellis.record.work import Work
from trellis.store import as_bytes

REMOVE_BLOB = "record.remove_blob"
"""The job that removes the bytes of a deleted blob, and the line on the chain that says so."""
UNNAMED_FOR = timedelta(days=1)
"""How long a blob may lie without a row: longer than any recording takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """What is known of a blob without opening it; `size` in bytes before sealing, `digest` of the sealed file."""

    id: str
    kind: str
    client: str
    encounter: str | None
    label: str
    key: str
    size: int
    digest: str
    made_at: datetime
    deleted_at: datetime | None


def keep_blob(
    record: Record, actor: str, plain: Iterable[bytes], *, kind: str, client: str, encounter: str | None = None
) -> str:
    """Seal a stream under the client's key; gives its id once it is on the disk and in the record.

    `client` is the owner of the key: a client's id, or the id of an encounter of several clients.
    """
    with record.work(actor) as work:
        work.allow("record.keep_blob", client)
    refuse_blobs_elsewhere(record, actor)
    blob = new_id("blo")
    key = record.vault.current(record.tenant, "client", client)
    written = record.blobs.write(blob_name(record.tenant, blob, key.id), key.material, plain)
    with record.work(actor) as work:
        work.connection.execute(
            insert(blobs).values(
                tenant=record.tenant,
                id=blob,
                kind=kind,
                client=client,
                encounter=encounter,
                label=label_of(work.connection, work.tenant, [encounter]),
                key=key.id,
                bytes=written.size,
                digest=written.digest,
                made_at=work.now,
            )
        )
        work.tell("record.keep_blob", blob, client, {"bytes": written.size, "digest": written.digest.hex()})
    return blob


def open_blob(record: Record, actor: str, blob: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The bytes from `start` to before `end`, streamed; on the chain as opened before the first is given.

    `NotPermitted` where it is a recording and a consent to hear it is missing.
    """
    with record.work(actor) as work:
        found = blob_of(work, blob)
        answer = work.allow("record.open_blob", found.client, subject=blob, absent=_absent(blob))
        if found.deleted_at is not None:
            raise NotFound("record.blob_deleted", f"The blob {blob} was deleted.", hint="Its receipt says why.")
        if found.kind == "recording":
            refuse_unheard(work, found.client, found.encounter)
        work.tell("record.open_blob", blob, found.client, {"start": start}, answer)
    key = record.vault.key(record.tenant, found.key)
    return record.blobs.read(blob_name(record.tenant, blob, key.id), key.material, start, end)


def blob_of(work: Work, blob: str) -> Blob:
    """What is known of a blob; `NotFound` where there is none."""
    row = work.connection.execute(select(blobs).where(blobs.c.tenant == work.tenant, blobs.c.id == blob)).one_or_none()
    if row is None:
        work.door.miss(blob)
        raise _absent(blob)
    return _blob(row)


def blobs_of(work: Work, client: str | None = None) -> list[Blob]:
    """Every blob of a client, or of the organisation, that wasn't deleted; oldest first."""
    asked = select(blobs).where(blobs.c.tenant == work.tenant, blobs.c.deleted_at.is_(None)).order_by(blobs.c.id)
    rows = work.connection.execute(asked if client is None else asked.where(blobs.c.client == client))
    return [_blob(row) for row in rows if work.door.decide("content.open", row.client).is_permitted]


def _absent(blob: str) -> NotFound:
    return NotFound("record.blob_absent", f"There is no blob {blob}.", hint="Check the id.")


def mark_deleted(work: Work, blob: str) -> None:
    """Say that a blob is deleted, and ask for its bytes to be removed: by a worker soon, else by the next `sweep`."""
    found = blob_of(work, blob)
    work.connection.execute(
        update(blobs)
        .where(blobs.c.tenant == work.tenant, blobs.c.id == blob, blobs.c.deleted_at.is_(None))
        .values(deleted_at=work.now)
    )
    ask(work.connection, work.tenant, Asked(job=REMOVE_BLOB, subject=blob, key=f"{REMOVE_BLOB}:{blob}"), work.now)
    work.tell("record.delete_blob", blob, found.client)


def sweep(record: Record, actor: str) -> int:
    """Remove the bytes of deleted blobs, and of those no row ever named; gives how many went."""
    with record.work(actor) as work:
        rows = work.connection.execute(
            select(blobs.c.id, blobs.c.key, blobs.c.deleted_at).where(blobs.c.tenant == record.tenant)
        ).all()
        known = {blob_name(record.tenant, row.id, row.key): row.deleted_at for row in rows}
        gone = 0
        for name, changed_at in record.blobs.listed(f"{record.tenant}/"):
            is_unnamed = name not in known and work.now - changed_at > UNNAMED_FOR
            if is_unnamed or known.get(name) is not None:
                record.blobs.delete(name)
                gone += 1
        if gone:
            work.tell("record.sweep_blobs", record.tenant, detail={"blobs": gone})
    return gone


def blob_name(tenant: str, blob: str, key: str) -> str:
    """What a blob is called in the store: sealed anew under another key it has another name, beside the first."""
    return f"{tenant}/{blob}/{key}"


def _blob(row: Row[Any]) -> Blob:
    return Blob(
        id=row.id,
        kind=row.kind,
        client=row.client,
        encounter=row.encounter,
        label=row.label,
        key=row.key,
        size=row.bytes,
        digest=as_bytes(row.digest).hex(),
        made_at=row.made_at,
        deleted_at=row.deleted_at,
    )
