"""Fill an empty record from an export: keys first, then sealed blobs, then all rows in one transaction.

What has to hold between lines is held here: versions without gaps, owners with keys, contents with digests, a chain
without a break, counts that are the manifest's. Killed before the rows are there, nothing is; killed after, `finish`
does the rest, as often as it is called.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NoReturn, TypeVar

import msgspec
from sqlalchemy import Connection, insert, select

from trellis.chart import KINDS
from trellis.governance import (
    Anchor,
    AuditEntry,
    Head,
    Key,
    Link,
    PublicKey,
    Purpose,
    Tombstone,
    append,
    carry_in,
    head_of,
    heads_signed_by,
    read_anchors,
    seal,
    verify,
    write_anchors,
)
from trellis.kernel import Conflict, Invalid, NotFound, Unavailable
from trellis.record.blobs import blob_name
from trellis.record.codec import decode
from trellis.record.labels import unlabelled
from trellis.record.room import Record
from trellis.record.shapes import (
    ANCHORS,
    AUDIT,
    BLOBS,
    DELETED,
    HOLDS,
    OWNERS,
    RECEIPTS,
    SIGNERS,
    TOMBSTONES,
    AnchorLine,
    AuditLine,
    BlobLine,
    DeletedLine,
    EntryLine,
    HoldLine,
    Inventory,
    Line,
    OwnerLine,
    ReceiptLine,
    SignerLine,
    TombstoneLine,
    entries_file,
)
from trellis.record.sources import Source, said
from trellis.record.tables import blobs, entries, holds, receipts, versions
from trellis.record.vendors import agreed_vendor, is_here
from trellis.record.work import DELETED as IS_DELETED
from trellis.record.work import Work, version_place

BATCH = 200
Item = TypeVar("Item")


class Filling:
    """What an import has made so far, so that it can be taken away again."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.keys: dict[tuple[Purpose, str], Key] = {}
        self.blobs: list[str] = []
        self.counts: Counter[str] = Counter()
        self.is_committed = False

    @property
    def stays(self) -> bool:
        """Whether the rows are in a server's database: what is left to do is done by the next run."""
        return self.is_committed and not self.record.database.is_sqlite

    def undo(self) -> None:
        """Take away keys and blobs; rows that weren't committed are gone already."""
        if self.stays:
            return
        for name in self.blobs:
            self.record.blobs.delete(name)
        self.record.vault.discard(self.record.tenant, self.keys.values())


def fill(filling: Filling, source: Source, line: AuditEntry) -> None:
    """Everything of an export into an empty record, and `line` on the end of its audit chain; or nothing."""
    record, made = filling.record, source.inventory
    _make_keys(filling, source)
    graves = frozenset(one.key for one in source.all(TOMBSTONES, TombstoneLine))
    with record.database.change(record.tenant) as connection:
        if head_of(connection, record.tenant).number:
            _refuse_taken()
        _fill_deleted(filling, connection, source)
        for kind in KINDS:
            _fill_entries(filling, connection, source, kind, graves)
        _refuse_blobs_elsewhere(record, connection, line)
        _fill_blobs(filling, connection, source)
        _fill_rows(record, connection, source)
        if {kind: filling.counts[kind] for kind in KINDS} != {kind: made.counts.get(kind, 0) for kind in KINDS}:
            raise Invalid("record.import_counts", "There aren't as many entries as the manifest says.", hint="Export.")
        publics = {one.public for one in source.all(SIGNERS, SignerLine)}
        anchored = heads_signed_by(_anchors(source, record.tenant), publics)
        marked: set[str] = set()
        head = carry_in(connection, record.tenant, _links(source, marked), anchored)
        if bare := unlabelled(connection, record.tenant, marked):
            raise Invalid("record.import_label", f"{bare[0]} lost its label of 42 CFR Part 2.", hint="Export.")
        if (head.number, head.hash.hex()) != (made.audit_entries, made.audit_head):
            raise Invalid(
                "record.import_chain", "The audit chain ends elsewhere than the manifest says.", hint="Export."
            )
        append(connection, record.tenant, [line], record.clock.now())
    filling.is_committed = True


def is_filled(record: Record, made: Inventory) -> bool:
    """Whether an import of this very export was cut after its rows were there; `Conflict` where others are."""
    with record.database.look(record.tenant) as connection:
        head = head_of(connection, record.tenant)
        if head.number == 0:
            return False
        exported = Head(number=made.audit_entries, hash=bytes.fromhex(made.audit_head))
        _, broken = verify(connection, record.tenant, [exported])
        if head.number != made.audit_entries + 1 or broken is not None:
            _refuse_taken()
    return True


def finish(record: Record, source: Source) -> None:
    """What stands beside the rows: destroyed keys, whose signatures hold, a signing key, signed heads."""
    tenant, vault = record.tenant, record.vault
    vault.bury(tenant, [Tombstone(**_values(one)) for one in source.all(TOMBSTONES, TombstoneLine)])
    vault.trust(tenant, [PublicKey(**_values(one)) for one in source.all(SIGNERS, SignerLine)])
    known = set(read_anchors(record.anchors, tenant))
    write_anchors(record.anchors, [one for one in _anchors(source, tenant) if one not in known])
    try:
        vault.current(tenant, "signing", tenant)
    except NotFound:
        vault.make(tenant, "signing", tenant)
    record.anchor()


def _make_keys(filling: Filling, source: Source) -> None:
    tenant, vault = filling.record.tenant, filling.record.vault
    filling.keys["tenant", tenant] = vault.make(tenant, "tenant", tenant)
    last = ""
    for batch in _batches(source.lines(OWNERS, OwnerLine)):
        for number, line in batch:
            if line.owner <= last or line.owner == tenant:
                raise said(OWNERS, number, "is out of order")
            last = line.owner
        made = vault.make_all(tenant, "client", [line.owner for _, line in batch])
        filling.keys |= {("client", owner): key for owner, key in made.items()}


def _fill_deleted(filling: Filling, connection: Connection, source: Source) -> None:
    last = ""
    for batch in _batches(source.lines(DELETED, DeletedLine)):
        for number, line in batch:
            if line.id <= last or line.kind not in KINDS:
                raise said(DELETED, number, "is out of order, or of no known kind")
            last = line.id
        connection.execute(
            insert(entries),
            [
                {
                    "tenant": filling.record.tenant,
                    "id": line.id,
                    "kind": line.kind,
                    "client": line.client,
                    "encounter": line.encounter,
                    "label": line.label,
                    "version": line.version,
                    "state": IS_DELETED,
                    "occurred_at": line.occurred_at,
                    "changed_at": line.deleted_at,
                }
                for _, line in batch
            ],
        )
        filling.counts.update(line.kind for _, line in batch)


def _fill_entries(filling: Filling, connection: Connection, source: Source, kind: str, graves: frozenset[str]) -> None:
    """Every version of a kind; the head of each entry is its last version's, unless the entry was deleted."""
    name = entries_file(kind)
    before: EntryLine | None = None
    number = 0
    for batch in _batches(source.lines(name, EntryLine)):
        heads: list[tuple[int, EntryLine]] = []
        rows: list[dict[str, Any]] = []
        for number, line in batch:
            if line.kind != kind or not _follows(before, line):
                raise said(name, number, "is out of order, or of another entry")
            if before is not None and before.id != line.id:
                heads.append((number - 1, before))
            rows.append(_row(filling, line, graves, name, number))
            before = line
        connection.execute(insert(versions), rows)
        _add_heads(filling, connection, name, heads)
    if before is not None:
        _add_heads(filling, connection, name, [(number, before)])


def _follows(before: EntryLine | None, line: EntryLine) -> bool:
    if before is None or line.id > before.id:
        return line.version == 1
    same = ("id", "client", "encounter", "label", "occurred_at")
    return line.version == before.version + 1 and all(getattr(line, one) == getattr(before, one) for one in same)


def _row(filling: Filling, line: EntryLine, graves: frozenset[str], name: str, number: int) -> dict[str, Any]:
    """A version sealed anew, after its content was held to its digest and its type."""
    row = {
        "tenant": filling.record.tenant,
        "id": line.id,
        "version": line.version,
        "kind": line.kind,
        "state": line.state,
        "made_at": line.made_at,
        "actor": line.actor,
        "reason": line.reason,
        "digest": bytes.fromhex(line.digest),
    }
    content = bytes(line.content)
    if line.salt is None:
        if content != b"null" or line.destroyed_key not in graves:
            raise said(name, number, "has neither content nor a destroyed key")
        return row | {"key": line.destroyed_key, "sealed": b""}
    key = filling.keys.get(("client", line.client))
    if key is None or line.destroyed_key is not None:
        raise said(name, number, "belongs to nobody with a key")
    plain = bytes.fromhex(line.salt) + content
    if hashlib.sha256(plain).hexdigest() != line.digest:
        raise said(name, number, "isn't what its digest says")
    try:
        noun = decode(plain, KINDS[line.kind].type)
        is_known = _is_within(msgspec.json.decode(content), msgspec.to_builtins(noun))
    except (Unavailable, msgspec.MsgspecError, RecursionError, UnicodeError, ValueError):
        is_known = False
    if not is_known:
        raise said(name, number, f"holds no {line.kind} this version knows")
    place = version_place(filling.record.tenant, line.id, line.version)
    return row | {"key": key.id, "sealed": seal(key.material, plain, place)}


def _is_within(told: Any, known: Any) -> bool:
    """Whether each field that is told is one the noun has."""
    if isinstance(told, dict) and isinstance(known, dict):
        return all(name in known and _is_within(value, known[name]) for name, value in told.items())
    if isinstance(told, list) and isinstance(known, list | tuple):
        return len(told) == len(known) and all(_is_within(*pair) for pair in zip(told, known, strict=True))
    return True


def _add_heads(filling: Filling, connection: Connection, name: str, heads: Sequence[tuple[int, EntryLine]]) -> None:
    tenant = filling.record.tenant
    asked = select(entries).where(entries.c.tenant == tenant, entries.c.id.in_([line.id for _, line in heads]))
    deleted = {row.id: row for row in connection.execute(asked)} if heads else {}
    rows = []
    for number, line in heads:
        head = deleted.get(line.id)
        if head is None:
            if line.state == IS_DELETED:
                raise said(name, number, "is deleted and isn't among the deleted")
            rows.append(
                {
                    "tenant": tenant,
                    "id": line.id,
                    "kind": line.kind,
                    "client": line.client,
                    "encounter": line.encounter,
                    "label": line.label,
                    "version": line.version,
                    "state": line.state,
                    "occurred_at": line.occurred_at,
                    "changed_at": line.made_at,
                }
            )
            filling.counts[line.kind] += 1
        elif (head.kind, head.client, head.version) != (line.kind, line.client, line.version):
            raise said(name, number, "isn't the entry that was deleted")
    if rows:
        connection.execute(insert(entries), rows)


def _refuse_blobs_elsewhere(record: Record, connection: Connection, line: AuditEntry) -> None:
    """Nothing goes to a store whose owner has no BAA in the configuration that was just brought in."""
    if not is_here(record.blobs.address):
        now = record.clock.now()
        work = Work(connection, record.vault, tenant=record.tenant, actor=line.actor, purpose=line.purpose, now=now)
        agreed_vendor(work.in_force(), record.blobs.address, "files", now.date())


def _fill_blobs(filling: Filling, connection: Connection, source: Source) -> None:
    tenant, last = filling.record.tenant, ""
    for number, line in source.lines(BLOBS, BlobLine):
        if line.id <= last or (line.sha256 is None) != (line.deleted_at is not None):
            raise said(BLOBS, number, "is out of order, or neither there nor deleted")
        last = line.id
        key_id, digest = "", b""
        if line.sha256 is not None:
            key = filling.keys.get(("client", line.client))
            if key is None:
                raise said(BLOBS, number, "belongs to nobody with a key")
            stated = source.inventory.file(f"blobs/{line.id}")
            if stated is None or (stated.sha256, stated.bytes) != (line.sha256, line.bytes):
                raise said(BLOBS, number, "isn't the file of the manifest")
            stored = blob_name(tenant, line.id, key.id)
            filling.blobs.append(stored)
            key_id, digest = key.id, filling.record.blobs.write(stored, key.material, source.blob(line.id)).digest
        connection.execute(
            insert(blobs).values(
                tenant=tenant,
                id=line.id,
                kind=line.kind,
                client=line.client,
                encounter=line.encounter,
                label=line.label,
                key=key_id,
                bytes=line.bytes,
                digest=digest,
                made_at=line.made_at,
                deleted_at=line.deleted_at,
            )
        )


def _fill_rows(record: Record, connection: Connection, source: Source) -> None:
    """Holds and receipts."""
    for name, shape, table in ((HOLDS, HoldLine, holds), (RECEIPTS, ReceiptLine, receipts)):
        last = ""
        lines: Iterator[tuple[int, Any]] = source.lines(name, shape)
        for number, line in lines:
            if line.id <= last:
                raise said(name, number, "is out of order")
            last = line.id
            row = {"tenant": record.tenant, **_values(line)}
            if "items" in row:
                row["items"] = json.dumps(list(row["items"]))
            connection.execute(insert(table).values(row))


def _links(source: Source, marked: set[str]) -> Iterator[Link]:
    """The links of the chain; fills `marked` with what they say was written with a label."""
    details = msgspec.json.Decoder(dict[str, str | int])
    for number, line in source.lines(AUDIT, AuditLine):
        try:
            if "label" in details.decode(line.detail or "{}"):
                marked.add(line.subject)
        except (msgspec.MsgspecError, RecursionError):
            raise said(AUDIT, number, "has no readable detail") from None
        yield Link(**_values(line))


def _anchors(source: Source, tenant: str) -> list[Anchor]:
    found = []
    for number, line in source.lines(ANCHORS, AnchorLine):
        if line.tenant != tenant:
            raise said(ANCHORS, number, "is another clinic's")
        found.append(Anchor(**_values(line)))
    return found


def _values(line: Line) -> dict[str, Any]:
    return {name: getattr(line, name) for name in line.__struct_fields__}


def _batches(lines: Iterator[Item]) -> Iterator[list[Item]]:
    while batch := list(islice(lines, BATCH)):
        yield batch


def _refuse_taken() -> NoReturn:
    raise Conflict(
        "record.database_taken", "The database holds a clinic's rows already.", hint="Give an empty database."
    )
