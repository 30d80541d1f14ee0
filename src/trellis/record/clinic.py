"""A clinic on this machine: its folder, its databases, its keys; made once, opened by every command.

A folder is one organisation's. Without any setting it holds everything: two encrypted SQLite files, blobs, the root
key and the anchors of the audit chain. With `store.url` the record is in PostgreSQL, with `store.blobs` the blobs are
in an object store; the folder then keeps the rest.
"""

import os
import secrets
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import msgspec

from trellis import jobs
from trellis.governance import RootKeys, Vault, make_root, read_roots, seal, unseal
from trellis.kernel import Clock, Conflict, Invalid, NotFound, Settings, new_id
from trellis.record.room import Record
from trellis.store import Database, Line, migrate, open_blobs, open_postgres, open_sqlite, revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Who a folder belongs to, and the sealed key of its SQLite files with the root that sealed it."""

    tenant: str
    name: str
    root: str
    sealed: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where things of a clinic are."""

    folder: Path

    @property
    def organisation(self) -> Path:
        """Whose the folder is."""
        return self.folder / "clinic.json"

    @property
    def root(self) -> Path:
        """The root key: the one file that must be kept elsewhere too."""
        return self.folder / "root.key"

    @property
    def anchors(self) -> Path:
        """Signed heads of the audit chain."""
        return self.folder / "anchors"

    @property
    def blobs(self) -> Path:
        """Sealed audio and documents, where no object store is set."""
        return self.folder / "blobs"

    def database(self, line: Line) -> Path:
        """An SQLite file."""
        return self.folder / f"{line}.db"


def place_of(settings: Settings) -> Place:
    """The folder of the clinic: `store.folder`, or the user's data folder."""
    if chosen := settings.text("store.folder"):
        return Place(Path(chosen))
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Place(Path(data) / "trellis")


def make_clinic(settings: Settings, name: str, clock: Clock | None = None) -> None:
    """Make an empty clinic; `Conflict` where the folder has one. Killed in the middle, it can be made again.

    The name of the organisation is written last: until then there is no clinic, and what there is is used.
    """
    place = place_of(settings)
    if place.organisation.exists():
        raise Conflict("record.clinic_exists", "There is a clinic in this folder.", hint="Set store.folder to another.")
    roots = prepare(place)
    made = seal_organisation(new_id("org"), name, roots)
    with open_record(settings, place, made, roots, clock=clock) as record:
        record.vault.make(made.tenant, "tenant", made.tenant)
        record.vault.make(made.tenant, "signing", made.tenant)
        with record.work("operator:init", purpose="operations") as work:
            work.tell("record.make_clinic", made.tenant)
        record.anchor()
    write_organisation(place, made)


def prepare(place: Place) -> RootKeys:
    """A folder of its owner's in which a clinic can be made: with a root key, without anything of a making cut."""
    place.folder.mkdir(parents=True, exist_ok=True)
    place.folder.chmod(0o700)
    if not place.root.exists() and not os.environ.get("TRELLIS_ROOT_KEY"):
        make_root(place.root)
    remove_databases(place)
    return read_roots(place.root)


def remove_databases(place: Place) -> None:
    """Remove the SQLite files of a making that was cut, with their logs: the key to them is lost."""
    for name in ("record", "keys", "jobs"):
        for ending in ("", "-wal", "-shm", "-journal"):
            (place.folder / f"{name}.db{ending}").unlink(missing_ok=True)


def open_clinic(settings: Settings, clock: Clock | None = None) -> Record:
    """The clinic of this machine, brought up to date; `NotFound` where none was made."""
    place = place_of(settings)
    return open_record(settings, place, read_organisation(place), read_roots(place.root), clock=clock)


def place_of_jobs(settings: Settings) -> jobs.Place:
    """Where the state of this clinic's jobs is: beside the record, under the key of its files."""
    place = place_of(settings)
    whose = read_organisation(place)
    return jobs.Place(
        tenant=whose.tenant,
        folder=place.folder,
        key=_database_key(whose, read_roots(place.root)),
        url=settings.text("store.url"),
        owner_url=settings.text("store.owner_url"),
        role=settings.text("store.role"),
    )


def read_organisation(place: Place) -> Organisation:
    """Whose the folder is."""
    if not place.organisation.exists():
        raise NotFound("record.clinic_absent", "There is no clinic here yet.", hint="Make one with trellis init.")
    try:
        return msgspec.json.decode(place.organisation.read_bytes(), type=Organisation)
    except msgspec.MsgspecError:
        raise Invalid(
            "record.clinic_invalid", "clinic.json can't be read.", hint="Put the file back from a backup."
        ) from None


def seal_organisation(tenant: str, name: str, roots: RootKeys, material: bytes = b"") -> Organisation:
    """Whose a folder is, with a key for its SQLite files (a fresh one, or the one given) sealed under the root."""
    sealed = seal(roots.key(roots.current), material or secrets.token_bytes(32), tenant)
    return Organisation(tenant=tenant, name=name, root=roots.current, sealed=sealed.hex())


def write_organisation(place: Place, whose: Organisation) -> None:
    """Say whose the folder is: from here on there is a clinic."""
    write_whole(place.organisation, msgspec.json.encode(whose))


def rewrap_database_key(settings: Settings) -> None:
    """Seal the key of the SQLite files under the current root; the files themselves stay as they are."""
    place = place_of(settings)
    known = read_organisation(place)
    roots = read_roots(place.root)
    if known.root != roots.current:
        write_organisation(place, seal_organisation(known.tenant, known.name, roots, _database_key(known, roots)))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, whatever happens."""
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def open_record(
    settings: Settings,
    place: Place,
    whose: Organisation,
    roots: RootKeys,
    *,
    clock: Clock | None = None,
    at: Mapping[Line, str] | None = None,
) -> Record:
    """The record of an organisation in a folder, its databases at their newest steps, or `at` earlier ones."""
    key = _database_key(whose, roots)
    steps = at or {}
    with ExitStack() as opened:
        keys = opened.enter_context(closing(_database(settings, place, "keys", key, steps.get("keys", "head"))))
        record = opened.enter_context(closing(_database(settings, place, "record", key, steps.get("record", "head"))))
        blobs = open_blobs(settings.text("store.blobs") or place.blobs)
        opened.pop_all()
    return Record(whose.tenant, record, Vault(keys, roots, clock), blobs, anchors=place.anchors, clock=clock)


def _database_key(whose: Organisation, roots: RootKeys) -> bytes:
    return unseal(roots.key(whose.root), bytes.fromhex(whose.sealed), whose.tenant)


def _database(settings: Settings, place: Place, line: Line, key: bytes, step: str) -> Database:
    """An open database, migrated to a step; PostgreSQL as the tables' owner, where one is set."""
    names = {"record": "store.url", "keys": "store.keys_url"}
    url = settings.text(names[line])
    if url and (owner := settings.text(names[line].replace("url", "owner_url"))):
        with closing(open_postgres(owner)) as owned:
            migrate(owned, line, to=step, role=settings.text("store.role"))
    with ExitStack() as opened:
        database = open_postgres(url) if url else open_sqlite(place.database(line), key)
        opened.enter_context(closing(database))
        if not url:
            migrate(database, line, to=step)
        elif revision(database) is None:
            raise Invalid(
                "record.database_empty",
                "The database has no tables yet.",
                hint="Set store.owner_url (and store.keys_owner_url) to the tables' owner for the first start.",
            )
        opened.pop_all()
    return database
