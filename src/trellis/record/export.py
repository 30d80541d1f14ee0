"""Everything an organisation owns, in open formats, in a folder anybody can read without Trellis.

Takes the record as it is at one moment; gives JSON lines of every version of every entry with who, when and why, the
files of recordings and documents, the audit chain with its signed heads, receipts, holds, and a manifest that names
each file with its digest and is written last. All of it is in clear: the folder is its owner's alone, and whoever
exports is on the audit chain before the first word leaves. Keys are in none of it.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
from sqlalchemy import Connection, Row, Table, and_, func, select

from trellis.chart import KINDS
from trellis.governance import Tombstone, carry_out, head_of, read_anchors, unseal
from trellis.kernel import Conflict, Unavailable
from trellis.record.blobs import blob_name
from trellis.record.clinic import write_whole
from trellis.record.codec import SALT
from trellis.record.disclose import notice_on
from trellis.record.labels import PART2
from trellis.record.private import count_private
from trellis.record.room import Record
from trellis.record.shapes import (
    ANCHORS,
    AUDIT,
    BLOBS,
    CONTRACT,
    DELETED,
    HOLDS,
    MANIFEST,
    NOTICE,
    OWNERS,
    RECEIPTS,
    SCHEMA,
    SIGNERS,
    SOUNDS,
    TOMBSTONES,
    AnchorLine,
    AuditLine,
    BlobLine,
    DeletedLine,
    EntryLine,
    File,
    HoldLine,
    Inventory,
    LeftOut,
    Line,
    OwnerLine,
    ReceiptLine,
    SignerLine,
    TombstoneLine,
    entries_file,
    schema,
)
from trellis.record.tables import blobs, entries, holds, receipts, versions
from trellis.record.work import DELETED as IS_DELETED
from trellis.record.work import version_place
from trellis.store import as_bytes

BATCH = 200


def export(record: Record, name: str, folder: Path, actor: str) -> Inventory:
    """Write everything into a folder that isn't there yet, or is empty; gives what its manifest says.

    `name` is the organisation's. `Conflict` where there is something in the folder; whatever else fails, what was
    written is removed.
    """
    is_there = folder.exists()
    if is_there and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict("record.export_there", "There is something in this folder.", hint="Name an empty or new one.")
    with record.work(actor, purpose="operations") as work:
        work.tell("record.export", record.tenant)
    record.anchor()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    try:
        with record.database.look(record.tenant) as connection:
            return _Export(record, connection, folder, actor).write(name)
    except BaseException as error:
        for part in folder.iterdir():
            shutil.rmtree(part) if part.is_dir() else part.unlink()
        if not is_there:
            folder.rmdir()
        if isinstance(error, OSError):
            raise Unavailable(
                "record.export_refused", "The folder can't be written to: no room, or not yours.", hint="Make room."
            ) from None
        raise


@dataclass(frozen=True, slots=True)
class _Export:
    """One export under way: a consistent state of the record on its way into a folder."""

    record: Record
    connection: Connection
    folder: Path
    actor: str

    def write(self, name: str) -> Inventory:
        tenant, vault = self.record.tenant, self.record.vault
        graves = vault.tombstones(tenant)
        destroyed = {grave.key for grave in graves}
        head = head_of(self.connection, tenant)
        (self.folder / "entries").mkdir(mode=0o700)
        (self.folder / SOUNDS).mkdir(mode=0o700)
        files = [self._file(SCHEMA, [schema()], lines=None)]
        files += [self._entries(kind, destroyed) for kind in KINDS]
        files += self._blobs(graves)
        files += self._notice()
        files += [
            self._lines(DELETED, self._deleted()),
            self._lines(OWNERS, (OwnerLine(owner=owner) for owner in vault.owners(tenant))),
            self._lines(HOLDS, self._rows(holds, HoldLine)),
            self._lines(RECEIPTS, self._rows(receipts, ReceiptLine)),
            self._lines(TOMBSTONES, (TombstoneLine(**asdict(grave)) for grave in graves)),
            self._lines(SIGNERS, (SignerLine(**asdict(one)) for one in vault.publics(tenant))),
            self._lines(ANCHORS, self._anchors(head.number)),
            self._lines(AUDIT, (AuditLine(**asdict(link)) for link in carry_out(self.connection, tenant))),
        ]
        made = Inventory(
            contract=CONTRACT,
            tenant=tenant,
            name=name,
            made_at=self.record.clock.now(),
            by=self.actor,
            audit_entries=head.number,
            audit_head=head.hash.hex(),
            counts=self._counts(),
            left_out=self._left_out(destroyed),
            files=tuple(sorted(files, key=lambda file: file.name)),
        )
        write_whole(self.folder / MANIFEST, msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n")
        (self.folder / MANIFEST).chmod(0o600)
        return made

    def _entries(self, kind: str, destroyed: Collection[str]) -> File:
        return self._lines(entries_file(kind), self._versions(kind, destroyed))

    def _versions(self, kind: str, destroyed: Collection[str]) -> Iterator[EntryLine]:
        asked = (
            select(versions, entries.c.client, entries.c.encounter, entries.c.occurred_at, entries.c.label)
            .join(entries, and_(entries.c.tenant == versions.c.tenant, entries.c.id == versions.c.id))
            .where(versions.c.tenant == self.record.tenant, entries.c.kind == kind)
            .order_by(versions.c.id, versions.c.version)
        )
        streamed = self.connection.execution_options(yield_per=BATCH).execute(asked)
        for rows in streamed.partitions():
            yield from self._opened(rows, destroyed)

    def _opened(self, rows: Iterable[Row[Any]], destroyed: Collection[str]) -> Iterator[EntryLine]:
        tenant = self.record.tenant
        there = list(rows)
        keys = self.record.vault.keys(tenant, [row.key for row in there if row.key not in destroyed])
        for row in there:
            salt, content, gone = None, b"null", row.key
            if row.key in keys:
                place = version_place(tenant, row.id, row.version)
                plain = unseal(keys[row.key].material, as_bytes(row.sealed), place)
                salt, content, gone = plain[:SALT].hex(), plain[SALT:], None
            yield EntryLine(
                id=row.id,
                kind=row.kind,
                client=row.client,
                encounter=row.encounter,
                label=row.label,
                version=row.version,
                state=row.state,
                occurred_at=row.occurred_at,
                made_at=row.made_at,
                actor=row.actor,
                reason=row.reason,
                digest=as_bytes(row.digest).hex(),
                salt=salt,
                content=msgspec.Raw(content),
                destroyed_key=gone,
            )

    def _blobs(self, graves: Iterable[Tombstone]) -> list[File]:
        """Each blob as a plain file, then the file of their lines."""
        destroyed = {grave.key: grave.destroyed_at for grave in graves}
        asked = select(blobs).where(blobs.c.tenant == self.record.tenant).order_by(blobs.c.id)
        written: list[File] = []
        lines: list[BlobLine] = []
        for row in self.connection.execute(asked).all():
            deleted_at = row.deleted_at or destroyed.get(row.key)
            if deleted_at is None:
                key = self.record.vault.key(self.record.tenant, row.key)
                plain = self.record.blobs.read(blob_name(self.record.tenant, row.id, row.key), key.material)
                written.append(self._file(f"{SOUNDS}/{row.id}", plain, lines=None))
            lines.append(
                BlobLine(
                    id=row.id,
                    kind=row.kind,
                    client=row.client,
                    encounter=row.encounter,
                    label=row.label,
                    bytes=row.bytes,
                    made_at=row.made_at,
                    deleted_at=deleted_at,
                    sha256=None if deleted_at else written[-1].sha256,
                )
            )
        return [*written, self._lines(BLOBS, lines)]

    def _notice(self) -> list[File]:
        """The notice of 42 CFR 2.32, where anything of a program is among what leaves."""
        tenant = self.record.tenant
        for table in (entries, blobs):
            asked = select(table.c.id).where(table.c.tenant == tenant, table.c.label == PART2)
            if self.connection.execute(asked.limit(1)).first() is not None:
                text = f"Lines with the label {PART2}:\n\n{notice_on(self.record.clock.now().date()).text}\n"
                return [self._file(NOTICE, [text.encode()], lines=None)]
        return []

    def _deleted(self) -> Iterator[DeletedLine]:
        asked = select(entries).where(entries.c.tenant == self.record.tenant, entries.c.state == IS_DELETED)
        for row in self._streamed(asked.order_by(entries.c.id)):
            yield DeletedLine(
                id=row.id,
                kind=row.kind,
                client=row.client,
                encounter=row.encounter,
                label=row.label,
                version=row.version,
                occurred_at=row.occurred_at,
                deleted_at=row.changed_at,
            )

    def _rows(self, table: Table, shape: type[Line]) -> Iterator[Line]:
        asked = select(table).where(table.c.tenant == self.record.tenant).order_by(table.c.id)
        for row in self._streamed(asked):
            values = {name: value for name, value in row._mapping.items() if name != "tenant"}  # noqa: SLF001, public
            if "items" in values:
                values["items"] = tuple(json.loads(values["items"]))
            yield shape(**values)

    def _anchors(self, number: int) -> Iterator[AnchorLine]:
        for anchor in read_anchors(self.record.anchors, self.record.tenant):
            if anchor.number <= number:
                yield AnchorLine(**asdict(anchor))

    def _counts(self) -> dict[str, int]:
        """Entries of each kind, those of which the content was deleted included."""
        asked = select(entries.c.kind, func.count()).where(entries.c.tenant == self.record.tenant)
        found = {row[0]: row[1] for row in self.connection.execute(asked.group_by(entries.c.kind))}
        return {kind: found.get(kind, 0) for kind in sorted(KINDS)}

    def _left_out(self, destroyed: Collection[str]) -> tuple[LeftOut, ...]:
        asked = select(versions.c.key, func.count()).where(versions.c.tenant == self.record.tenant)
        by_key = self.connection.execute(asked.group_by(versions.c.key))
        return (
            LeftOut(
                what="psychotherapy notes",
                count=count_private(self.connection, self.record.tenant),
                why="Only who wrote one may open it (45 CFR 164.508(a)(2)); a backup keeps them, sealed.",
            ),
            LeftOut(
                what="contents whose key was destroyed",
                count=sum(row[1] for row in by_key if row[0] in destroyed),
                why="Nobody can read them any more; who wrote them when is here.",
            ),
            LeftOut(what="keys", count=None, why="An import makes new ones; the old ones open copies that are kept."),
            LeftOut(what="jobs under way", count=None, why="They end where they began."),
        )

    def _streamed(self, asked: Any) -> Iterable[Row[Any]]:
        return self.connection.execution_options(yield_per=BATCH).execute(asked)

    def _lines(self, name: str, lines: Iterable[Line]) -> File:
        with _Sheet(self.folder, name) as sheet:
            for line in lines:
                sheet.write(msgspec.json.encode(line) + b"\n")
        return sheet.file(sheet.parts)

    def _file(self, name: str, parts: Iterable[bytes], lines: int | None) -> File:
        with _Sheet(self.folder, name) as sheet:
            for part in parts:
                sheet.write(part)
        return sheet.file(lines)


class _Sheet:
    """A file being written, for its owner's eyes alone, and counted."""

    def __init__(self, folder: Path, name: str) -> None:
        self._name = name
        self._stream = os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._digest = hashlib.sha256()
        self._size = 0
        self.parts = 0

    def __enter__(self) -> Self:
        return self

    def write(self, part: bytes) -> None:
        self._stream.write(part)
        self._digest.update(part)
        self._size += len(part)
        self.parts += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._stream.flush()
            os.fsync(self._stream.fileno())
        self._stream.close()

    def file(self, lines: int | None) -> File:
        return File(name=self._name, bytes=self._size, sha256=self._digest.hexdigest(), lines=lines)
