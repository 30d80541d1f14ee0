"""Seal all that a client has under a new key, while everybody goes on working, and destroy the old one at the end.

New content is sealed under the new key from the first moment; what there was follows in small transactions. Killed
anywhere, the next run goes on from there: every row says which key opens it, and the old key goes last.
"""

from sqlalchemy import select, update

from trellis.governance import seal, unseal
from trellis.record.blobs import blob_name, blobs_of
from trellis.record.room import Record
from trellis.record.tables import blobs, entries, versions
from trellis.record.vendors import refuse_blobs_elsewhere
from trellis.record.work import version_place
from trellis.store import as_bytes

BATCH = 100
"""Versions sealed anew in one transaction: others wait no longer than for that."""


def reseal(record: Record, owner: str, actor: str, *, fresh: bool = True) -> int:
    """Give an owner (a client, or an encounter of several) a new key; gives how many versions and blobs moved to it.

    `fresh` false goes on with a run that was cut, without another key.
    """
    with record.work(actor, purpose="operations") as work:
        work.allow("governance.reseal")
    refuse_blobs_elsewhere(record, actor)
    if fresh:
        record.vault.make(record.tenant, "client", owner)
    moved = 0
    while batch := _versions(record, owner, actor):
        moved += batch
    moved += _blobs(record, owner, actor)
    retired = record.vault.retire(record.tenant, owner, "rotation")
    with record.work(actor, purpose="operations") as work:
        work.tell("governance.reseal", owner, owner, {"moved": moved, "keys": len(retired)})
    return moved


def _versions(record: Record, owner: str, actor: str) -> int:
    current = record.vault.current(record.tenant, "client", owner)
    with record.work(actor, purpose="operations") as work:
        asked = (
            select(versions.c.id, versions.c.version, versions.c.key, versions.c.sealed)
            .join(entries, (entries.c.tenant == versions.c.tenant) & (entries.c.id == versions.c.id))
            .where(versions.c.tenant == record.tenant, entries.c.client == owner, versions.c.key != current.id)
            .limit(BATCH)
        )
        rows = work.connection.execute(asked).all()
        keys = record.vault.keys(record.tenant, [row.key for row in rows]) if rows else {}
        for row in rows:
            place = version_place(record.tenant, row.id, row.version)
            plain = unseal(keys[row.key].material, as_bytes(row.sealed), place)
            work.connection.execute(
                update(versions)
                .where(
                    versions.c.tenant == record.tenant,
                    versions.c.id == row.id,
                    versions.c.version == row.version,
                )
                .values(key=current.id, sealed=seal(current.material, plain, place))
            )
    return len(rows)


def _blobs(record: Record, owner: str, actor: str) -> int:
    current = record.vault.current(record.tenant, "client", owner)
    with record.work(actor, purpose="operations") as work:
        old = [blob for blob in blobs_of(work, owner) if blob.key != current.id]
    for blob in old:
        key = record.vault.key(record.tenant, blob.key)
        before = blob_name(record.tenant, blob.id, blob.key)
        after = blob_name(record.tenant, blob.id, current.id)
        written = record.blobs.write(after, current.material, record.blobs.read(before, key.material))
        with record.work(actor, purpose="operations") as work:
            work.connection.execute(
                update(blobs)
                .where(blobs.c.tenant == record.tenant, blobs.c.id == blob.id)
                .values(key=current.id, digest=written.digest)
            )
        record.blobs.delete(before)
    return len(old)
