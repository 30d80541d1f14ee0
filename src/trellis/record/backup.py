"""Copies of a clinic that can be restored: encrypted, taken while it works, tried before they are called good.

A backup is a folder of the record's rows in one consistent state, sealed, with a sealed manifest of what is in it;
sealed blobs lie beside all backups, each copied once. Keys are in none of them: they have copies of their own, of which
old ones are thrown away, and a restore replays every destruction that any copy knows of. So what was destroyed stays
destroyed.
"""

import hashlib
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import Connection, select

from trellis.governance import Head, RootKeys, Tombstone, head_of, read_anchors, seal, unseal, write_anchor
from trellis.kernel import Conflict, Invalid, NotFound, Settings, new_id
from trellis.record.blobs import blob_name
from trellis.record.clinic import (
    open_record,
    place_of,
    remove_databases,
    seal_organisation,
    write_organisation,
    write_whole,
)
from trellis.record.private import private_keys
from trellis.record.room import Record
from trellis.record.tables import blobs, versions
from trellis.record.vendors import refuse_blobs_elsewhere
from trellis.record.work import AT_ONCE
from trellis.store import KEYS, RECORD, Blobs, Count, Dump, Line, as_bytes, load, open_blobs, revision

KEYS_KEPT_FOR = timedelta(days=7)
"""How long copies of the keys are kept beside newer ones: until then a destroyed key can be found in one."""
ROWS = "rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a copy holds: `hash` and `number` are the end of the audit chain, `tombstones` all known destructions."""

    id: str
    line: Line
    tenant: str
    name: str
    revision: str
    made_at: datetime
    counts: tuple[Count, ...]
    number: int = 0
    hash: str = ""
    tombstones: tuple[Tombstone, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cover:
    """The clear part of a manifest: which root sealed the copy's key. It says nothing of a client."""

    tenant: str
    root: str
    key: str
    manifest: str


def back_up(record: Record, roots: RootKeys, name: str, folder: Path, actor: str) -> Manifest:
    """Copy the record and its keys into a folder, then restore the copy elsewhere and hold it against the original.

    Gives the manifest of a copy that was proved; `Invalid` names what doesn't hold. `name` is the organisation's.
    """
    with record.work(actor, purpose="operations") as work:
        work.allow("record.back_up")
    with record.database.look(record.tenant) as connection:
        made = _copy(folder, record, connection, roots=roots, name=name, line="record")
        asked = select(blobs).where(blobs.c.tenant == record.tenant, blobs.c.deleted_at.is_(None))
        kept = [(blob_name(record.tenant, row.id, row.key), as_bytes(row.digest)) for row in connection.execute(asked)]
    with record.vault.database.look(record.tenant) as connection:
        _copy(folder, record, connection, roots=roots, name=name, line="keys")
    _copy_blobs(record.blobs, open_blobs(folder / "blobs"), kept)
    shutil.copytree(record.anchors, folder / "anchors", dirs_exist_ok=True)
    _forget_keys(folder, roots, record.clock.now())
    with tempfile.TemporaryDirectory() as trial:
        restore(Settings({"store.folder": trial}), folder, roots, copy=made.id, is_trial=True)
    with record.work(actor, purpose="operations") as work:
        work.tell("record.back_up", record.tenant, detail={"copy": made.id, "entries": made.number})
    return made


def restore(settings: Settings, folder: Path, roots: RootKeys, *, copy: str = "", is_trial: bool = False) -> Manifest:
    """Rebuild a clinic from a copy (the newest, or the one named) where there is none; gives what was restored.

    The audit chain, the number of rows and every blob's digest are held against the manifest before the clinic opens;
    until then there is none. `is_trial` only proves that it would be so, and leaves the blobs where they are.
    """
    place = place_of(settings)
    if place.organisation.exists():
        raise Conflict("record.clinic_exists", "There is a clinic in this folder.", hint="Restore into another one.")
    made, rows = _find(folder, roots, "record", copy)
    keys, key_rows = _find(folder, roots, "keys", "")
    if keys.tenant != made.tenant:
        raise Invalid("record.backup_mixed", "Record and keys are of two clinics.", hint="Use one clinic's copies.")
    place.folder.mkdir(parents=True, exist_ok=True)
    remove_databases(place)
    whose = seal_organisation(made.tenant, made.name, roots)
    steps: Mapping[Line, str] = {"record": made.revision, "keys": keys.revision}
    with open_record(settings, place, whose, roots, at=steps) as record:
        with record.vault.database.change(made.tenant) as connection:
            if record.vault.is_empty(made.tenant):
                _held(keys, load(connection, made.tenant, key_rows))
        with record.database.change(made.tenant) as connection:
            if not _is_loaded(connection, made):
                _held(made, load(connection, made.tenant, rows))
    with open_record(settings, place, whose, roots) as record:
        record.vault.bury(made.tenant, _graves(folder, roots))
        for anchor in read_anchors(folder / "anchors", made.tenant):
            if anchor.number <= made.number:
                write_anchor(place.anchors, anchor)
        _prove(record, made)
        _prove_keys(record)
        if not is_trial:
            refuse_blobs_elsewhere(record, "operator:restore")
        _restore_blobs(record, open_blobs(folder / "blobs"), is_trial=is_trial)
        if not is_trial:
            with record.work("operator:restore", purpose="operations") as work:
                work.tell("record.restore", made.tenant, detail={"copy": made.id, "entries": made.number})
            record.anchor()
            write_organisation(place, whose)
    return made


def manifests(folder: Path, roots: RootKeys) -> list[Manifest]:
    """The copies of the record in a folder, oldest first; `Invalid` names one that was altered."""
    return sorted(_manifests(folder, roots, "record"), key=lambda made: made.made_at)


def _copy(folder: Path, record: Record, connection: Connection, *, roots: RootKeys, name: str, line: Line) -> Manifest:
    """One line of tables as a sealed copy; its manifest is written last: without it there is no copy."""
    made_at = record.clock.now()
    copy = new_id("bak")
    key = secrets.token_bytes(32)
    rows = Dump(connection, record.tenant, RECORD if line == "record" else KEYS)
    open_blobs(folder / line / copy).write(ROWS, key, rows)
    head = head_of(connection, record.tenant) if line == "record" else Head(number=0, hash=b"")
    made = Manifest(
        id=copy,
        line=line,
        tenant=record.tenant,
        name=name,
        revision=revision(record.database if line == "record" else record.vault.database) or "",
        made_at=made_at,
        counts=tuple(rows.counts),
        number=head.number,
        hash=head.hash.hex(),
        tombstones=record.vault.tombstones(record.tenant),
    )
    cover = _Cover(
        tenant=record.tenant,
        root=roots.current,
        key=seal(roots.key(roots.current), key, copy).hex(),
        manifest=seal(key, msgspec.json.encode(made), copy).hex(),
    )
    write_whole(folder / line / copy / "manifest.json", msgspec.json.encode(cover))
    return made


def _opened(folder: Path, roots: RootKeys, line: Line, copy: str) -> tuple[Manifest, bytes]:
    """A copy's manifest and key."""
    try:
        cover = msgspec.json.decode((folder / line / copy / "manifest.json").read_bytes(), type=_Cover)
        key = unseal(roots.key(cover.root), bytes.fromhex(cover.key), copy)
        return msgspec.json.decode(unseal(key, bytes.fromhex(cover.manifest), copy), type=Manifest), key
    except FileNotFoundError:
        raise NotFound("record.backup_absent", f"There is no copy {copy}.", hint="See the folder.") from None
    except (msgspec.MsgspecError, ValueError):
        raise Invalid("record.backup_altered", f"The copy {copy} was altered.", hint="Use another copy.") from None


def _find(folder: Path, roots: RootKeys, line: Line, copy: str) -> tuple[Manifest, Iterator[bytes]]:
    """The copy of this name, or the newest, and its rows."""
    if not copy:
        found = max(_manifests(folder, roots, line), key=lambda made: made.made_at, default=None)
        if found is None:
            raise NotFound("record.backup_absent", f"There is no copy of the {line} here.", hint="Check the folder.")
        copy = found.id
    made, key = _opened(folder, roots, line, copy)
    return made, open_blobs(folder / line / copy).read(ROWS, key)


def _manifests(folder: Path, roots: RootKeys, line: Line) -> list[Manifest]:
    places = sorted((folder / line).glob("bak_*/manifest.json"))
    return [_opened(folder, roots, line, place.parent.name)[0] for place in places]


def _graves(folder: Path, roots: RootKeys) -> list[Tombstone]:
    """Every destruction any copy in the folder knows of, newer ones than the restored included."""
    known = {
        grave.key: grave
        for line in ("record", "keys")
        for made in _manifests(folder, roots, line)
        for grave in made.tombstones
    }
    return list(known.values())


def _forget_keys(folder: Path, roots: RootKeys, now: datetime) -> None:
    """Throw away copies of the keys that are old; the newest stays, whatever its age."""
    copies = sorted(_manifests(folder, roots, "keys"), key=lambda made: made.made_at)
    for made in copies[:-1]:
        if now - made.made_at > KEYS_KEPT_FOR:
            shutil.rmtree(folder / "keys" / made.id)


def _held(made: Manifest, counts: Iterable[Count]) -> None:
    if {one.table: one.rows for one in counts} != {one.table: one.rows for one in made.counts}:
        raise Invalid(
            "record.backup_incomplete", f"The copy {made.id} doesn't hold what it says.", hint="Use another copy."
        )


def _is_loaded(connection: Connection, made: Manifest) -> bool:
    """Whether a restore of this copy was cut after its rows were there; `Conflict` where there are others.

    On a server's database rows stay when the folder is begun anew.
    """
    head = head_of(connection, made.tenant)
    if head.number not in (0, made.number, made.number + 1):
        raise Conflict(
            "record.database_taken", "The database holds a clinic's rows already.", hint="Give an empty database."
        )
    return head.number > 0


def _prove(record: Record, made: Manifest) -> None:
    """The audit chain holds, and ends where the copy was taken."""
    head, broken = record.verify(until=made.number)
    if broken is not None or head.hash.hex() != made.hash:
        at = broken.number if broken else head.number
        raise Invalid(
            "record.backup_broken", f"The audit chain of the copy doesn't hold at entry {at}.", hint="Use another copy."
        )


def _prove_keys(record: Record) -> None:
    """Each key that sealed something here is here, or was destroyed: the keys may be of an older copy."""
    destroyed = {grave.key for grave in record.vault.tombstones(record.tenant)}
    with record.database.look(record.tenant) as connection:
        named = private_keys(connection, record.tenant)
        for table in (versions, blobs):
            named |= set(
                connection.execute(select(table.c.key).distinct().where(table.c.tenant == record.tenant)).scalars()
            )
    wanted = sorted(named - destroyed)
    try:
        for start in range(0, len(wanted), AT_ONCE):
            record.vault.keys(record.tenant, wanted[start : start + AT_ONCE])
    except NotFound:
        raise Invalid(
            "record.backup_keyless",
            "The copy of the keys is older than the copy of the record: part of it could never be read.",
            hint="Use a copy of the keys as new as the record's.",
        ) from None


def _restore_blobs(record: Record, source: Blobs, *, is_trial: bool) -> None:
    """Put back each blob the record names, and prove it on the way."""
    with record.database.look(record.tenant) as connection:
        asked = select(blobs).where(blobs.c.tenant == record.tenant, blobs.c.deleted_at.is_(None))
        rows = connection.execute(asked).all()
    for row in rows:
        name = blob_name(record.tenant, row.id, row.key)
        parts = _checked(source.raw(name), name, as_bytes(row.digest))
        if is_trial:
            for _ in parts:
                pass
        else:
            record.blobs.put_raw(name, parts)


def _copy_blobs(source: Blobs, target: Blobs, names: Iterable[tuple[str, bytes]]) -> None:
    """Copy each sealed blob that isn't there yet."""
    there = {name for name, _ in target.listed()}
    for name, digest in names:
        if name not in there:
            target.put_raw(name, _checked(source.raw(name), name, digest))


def _checked(parts: Iterable[bytes], name: str, digest: bytes) -> Iterator[bytes]:
    """The same bytes; `Invalid` at their end where they aren't what was written."""
    seen = hashlib.sha256()
    for part in parts:
        seen.update(part)
        yield part
    if seen.digest() != digest:
        raise Invalid("record.blob_altered", f"The blob {name} was altered.", hint="Use a copy of it from before.")
