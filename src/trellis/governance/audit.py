"""What happened, to whom, by whom, and why it was allowed: a chain of entries that shows any later change.

Every entry is written in the transaction of what it describes, so neither is there without the other. It holds ids,
never what a person said. Each carries the digest of all before it: one altered, removed or moved breaks the chain
from there on. A chain cut short at its end, or written anew by somebody who holds the whole database, shows against
its signed heads, which are kept outside (`anchors`).
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, CursorResult, bindparam, insert, select, update

from trellis.governance.tables import audit_entries, audit_heads
from trellis.store import as_bytes

Decision = Literal["permit", "refuse"]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_encode = msgspec.json.Encoder(order="sorted").encode
_MINE = audit_heads.c.tenant == bindparam("of")
HOLD = select(audit_heads).where(_MINE).with_for_update()
MOVE = update(audit_heads).where(_MINE).values(number=bindparam("number"), hash=bindparam("hash"))
ADD = insert(audit_entries)
"""Statements of every piece of work, built once: building them takes longer than running them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line of the chain, before it has a place in it.

    `actor` is `staff:usr_…`, `job:…` or `operator:…`; `action` is `room.thing`; `subject` an id; `client` the id of
    the client it concerns, if any; `rule` what permitted or refused it; `detail` more ids, counts and digests.
    """

    actor: str
    action: str
    subject: str
    client: str = ""
    purpose: str = "treatment"
    decision: Decision = "permit"
    rule: str = ""
    detail: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An entry in its place: `number` counts from 1; `hash` is the digest of it and all before it."""

    number: int
    at: datetime
    entry: AuditEntry
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of a chain: how many entries it has, and the digest of them all."""

    number: int
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Where a chain doesn't hold, and how."""

    number: int
    how: Literal["altered", "missing", "cut short", "rewritten"]


def append(connection: Connection, tenant: str, entries: Sequence[AuditEntry], at: datetime) -> Head:
    """Add entries to the end of the chain, in this transaction; others wait for the end of it.

    On both databases the head's row is held until the transaction ends, so that no two entries have one number.
    """
    head = _begin(connection, tenant)
    number, digest = head.number, head.hash
    moment = (at - EPOCH) // timedelta(microseconds=1)
    rows: list[dict[str, Any]] = []
    for entry in entries:
        number += 1
        row = {
            "number": number,
            "at": moment,
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "client": entry.client,
            "purpose": entry.purpose,
            "decision": entry.decision,
            "rule": entry.rule,
            "detail": _encode(dict(entry.detail)).decode() if entry.detail else "",
        }
        digest = chained(digest, list(row.values()))
        rows.append({"tenant": tenant, **row, "hash": digest})
    if rows:
        connection.execute(ADD, rows)
        connection.execute(MOVE, {"of": tenant, "number": number, "hash": digest})
    return Head(number=number, hash=digest)


def head_of(connection: Connection, tenant: str) -> Head:
    """The end of the chain as it stands."""
    row = connection.execute(select(audit_heads).where(audit_heads.c.tenant == tenant)).one_or_none()
    return Head(number=row.number, hash=as_bytes(row.hash)) if row else Head(number=0, hash=genesis(tenant))


def last_at(connection: Connection, tenant: str) -> datetime | None:
    """When the newest entry was written; None where there is none."""
    asked = select(audit_entries.c.at).where(audit_entries.c.tenant == tenant)
    moment = connection.execute(asked.order_by(audit_entries.c.number.desc()).limit(1)).scalar()
    return None if moment is None else EPOCH + timedelta(microseconds=moment)


def verify(connection: Connection, tenant: str, anchored: Sequence[Head] = ()) -> tuple[Head, Broken | None]:
    """Compute the whole chain anew; gives its end, and the first place where it doesn't hold.

    `anchored` are heads whose signatures were checked: entries they had must still be there, the same.
    """
    kept = {head.number: head.hash for head in anchored}
    digest, number = genesis(tenant), 0
    with _rows(connection, tenant) as rows:
        for row in rows:
            number += 1
            if row[0] != number:
                return Head(number=number - 1, hash=digest), Broken(number=number, how="missing")
            digest = chained(digest, list(row[:-1]))
            if digest != as_bytes(row[-1]):
                return Head(number=number, hash=digest), Broken(number=number, how="altered")
            if kept.get(number, digest) != digest:
                return Head(number=number, hash=digest), Broken(number=number, how="rewritten")
    end = Head(number=number, hash=digest)
    longest = max([head_of(connection, tenant).number, *kept])
    if longest > number:
        return end, Broken(number=number + 1, how="cut short")
    if head_of(connection, tenant) != end:
        return end, Broken(number=number, how="rewritten")
    return end, None


def entries_of(connection: Connection, tenant: str, client: str) -> Iterator[Placed]:
    """What happened around one client, oldest first."""
    where = (audit_entries.c.tenant == tenant, audit_entries.c.client == client)
    for row in connection.execute(select(audit_entries).where(*where).order_by(audit_entries.c.number)):
        yield Placed(
            number=row.number,
            at=EPOCH + timedelta(microseconds=row.at),
            hash=as_bytes(row.hash),
            entry=AuditEntry(
                actor=row.actor,
                action=row.action,
                subject=row.subject,
                client=row.client,
                purpose=row.purpose,
                decision=row.decision,
                rule=row.rule,
                detail=msgspec.json.decode(row.detail) if row.detail else {},
            ),
        )


def genesis(tenant: str) -> bytes:
    """The digest a chain begins with."""
    return hashlib.sha256(f"trellis audit {tenant}".encode()).digest()


def chained(before: bytes, row: list[Any]) -> bytes:
    """The digest of an entry and all before it; the row's values in the order of the table, without its tenant."""
    return hashlib.sha256(before + _encode(row)).digest()


def _begin(connection: Connection, tenant: str) -> Head:
    """The head, held for this transaction; made where the chain is new."""
    row = connection.execute(HOLD, {"of": tenant}).one_or_none()
    if row is not None:
        return Head(number=row.number, hash=as_bytes(row.hash))
    connection.execute(insert(audit_heads).values(tenant=tenant, number=0, hash=genesis(tenant)))
    return Head(number=0, hash=genesis(tenant))


def _rows(connection: Connection, tenant: str) -> CursorResult[Any]:
    """Every entry in order, streamed; close it where it isn't read to its end."""
    columns = [column for column in audit_entries.c if column.name != "tenant"]
    asked = select(*columns).where(audit_entries.c.tenant == tenant).order_by(audit_entries.c.number)
    return connection.execution_options(yield_per=5000).execute(asked)
