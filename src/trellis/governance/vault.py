"""The keys: a root key wraps each organisation's key, which wraps a key for each client (and each other purpose).

Takes ids, gives keys; knows nothing of what they open. Keys live in a database of their own: a copy of the record
without it can't be read, and destroying a client's keys makes every copy of their content unreadable, wherever it is.
Nothing is cached: a key that was destroyed opens nothing from the next moment on, in every process.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, NoReturn

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, insert, or_, select, update

from trellis.governance.roots import RootKeys
from trellis.governance.sealing import seal, unseal
from trellis.governance.tables import keys, signers, tombstones
from trellis.kernel import Clock, NotFound, SystemClock, new_id
from trellis.store import Database, as_bytes

_MINE = keys.c.tenant == bindparam("of")
CURRENT = select(keys).where(
    _MINE, keys.c.purpose == bindparam("use"), keys.c.owner == bindparam("whose"), keys.c.retired_at.is_(None)
)
WRAPPING = select(keys).where(_MINE, keys.c.id == bindparam("name"), keys.c.purpose == "tenant")
"""Statements of every opening and saving, built once: building them takes longer than running them."""

Purpose = Literal["tenant", "client", "private", "signing", "account"]
"""What a key is for: to wrap the others, a client's record, a client's psychotherapy notes, signing audit heads, what
somebody signs in with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An open key: 32 bytes and what they are for. Its representation never shows them."""

    id: str
    purpose: Purpose
    owner: str
    material: bytes

    def __repr__(self) -> str:
        """Without the material."""
        return f"Key({self.id}, {self.purpose} of {self.owner})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A key that was destroyed: which, whose, when and by what rule."""

    key: str
    purpose: Purpose
    owner: str
    destroyed_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """The public half (in hexadecimal) of a key that signs or signed for an organisation, here or before it moved."""

    key: str
    public: str
    made_at: datetime


class Vault:
    """The keys of every organisation on this installation."""

    def __init__(self, database: Database, roots: RootKeys, clock: Clock | None = None) -> None:
        self.database = database
        self._roots = roots
        self._clock = clock or SystemClock()

    def close(self) -> None:
        """Close the database of keys."""
        self.database.close()

    def make(self, tenant: str, purpose: Purpose, owner: str) -> Key:
        """A fresh key that is the owner's current one from now on; earlier ones still open what they sealed."""
        return self.make_all(tenant, purpose, [owner])[owner]

    def make_all(self, tenant: str, purpose: Purpose, owners: Iterable[str]) -> dict[str, Key]:
        """A fresh key for each owner, all of them or none."""
        with self.database.change(tenant) as connection:
            return {owner: self._make(connection, tenant, purpose, owner) for owner in owners}

    def current(self, tenant: str, purpose: Purpose, owner: str) -> Key:
        """The key that seals now; `NotFound` where the owner has none, or had one that was destroyed."""
        with self.database.look(tenant) as connection:
            row = self._current(connection, tenant, purpose, owner)
            if row is None:
                self._refuse(connection, tenant, owner)
            return self._open(connection, tenant, row)

    def key(self, tenant: str, key_id: str) -> Key:
        """A key by its id, current or not; `NotFound` where it was destroyed."""
        return self.keys(tenant, [key_id])[key_id]

    def keys(self, tenant: str, key_ids: Sequence[str]) -> dict[str, Key]:
        """Several keys by their ids; `NotFound` names the first that was destroyed."""
        wanted = list(dict.fromkeys(key_ids))
        with self.database.look(tenant) as connection:
            rows = connection.execute(select(keys).where(keys.c.tenant == tenant, keys.c.id.in_(wanted))).all()
            wrapping = {name: self._wrapping(connection, tenant, name) for name in {row.wrapped_by for row in rows}}
            found = {row.id: _opened(tenant, row, wrapping[row.wrapped_by]) for row in rows}
            for key_id in wanted:
                if key_id not in found:
                    self._refuse(connection, tenant, key_id)
        return found

    def publics(self, tenant: str) -> tuple[PublicKey, ...]:
        """Who signs and signed for an organisation, oldest first: what its signatures are held against."""
        with self.database.look(tenant) as connection:
            asked = select(signers).where(signers.c.tenant == tenant).order_by(signers.c.made_at, signers.c.key)
            rows = connection.execute(asked).all()
        return tuple(PublicKey(key=row.key, public=row.public, made_at=row.made_at) for row in rows)

    def trust(self, tenant: str, publics: Iterable[PublicKey]) -> None:
        """Hold signatures made before the organisation moved here for its own too."""
        known = {one.key for one in self.publics(tenant)}
        with self.database.change(tenant) as connection:
            for one in publics:
                if one.key not in known:
                    connection.execute(insert(signers).values(tenant=tenant, **asdict(one)))

    def owners(self, tenant: str) -> tuple[str, ...]:
        """Whose record has a key of its own now, in order; keys of psychotherapy notes are told to nobody."""
        with self.database.look(tenant) as connection:
            asked = (
                select(keys.c.owner)
                .where(keys.c.tenant == tenant, keys.c.retired_at.is_(None), keys.c.purpose == "client")
                .order_by(keys.c.owner)
            )
            return tuple(row.owner for row in connection.execute(asked))

    def discard(self, tenant: str, made: Iterable[Key]) -> None:
        """Throw away keys that were made for what never came to be: nothing is sealed under them."""
        with self.database.change(tenant) as connection:
            for key in made:
                connection.execute(delete(keys).where(keys.c.tenant == tenant, keys.c.id == key.id))

    def is_empty(self, tenant: str) -> bool:
        """Whether there is nothing of this organisation here."""
        with self.database.look(tenant) as connection:
            return connection.execute(select(keys.c.id).where(keys.c.tenant == tenant).limit(1)).first() is None

    def destroy(self, tenant: str, owner: str, reason: str) -> tuple[Tombstone, ...]:
        """Destroy every key of an owner for good, and leave a tombstone for each; again, it gives the same ones."""
        with self.database.change(tenant) as connection:
            self._destroy(connection, tenant, keys.c.owner == owner, reason=reason)
            return self._tombstones(connection, tenant, owner)

    def retire(self, tenant: str, owner: str, reason: str) -> tuple[Tombstone, ...]:
        """Destroy an owner's keys that a newer one took the place of; what is still sealed under them is lost."""
        with self.database.change(tenant) as connection:
            is_old = keys.c.retired_at.is_not(None)
            return self._destroy(connection, tenant, keys.c.owner == owner, is_old, reason=reason)

    def tombstones(self, tenant: str) -> tuple[Tombstone, ...]:
        """Every key that was destroyed; a restore replays them."""
        with self.database.look(tenant) as connection:
            return self._tombstones(connection, tenant)

    def bury(self, tenant: str, graves: Sequence[Tombstone]) -> None:
        """Destroy again what was destroyed after a backup of the keys was taken."""
        with self.database.change(tenant) as connection:
            known = {grave.key for grave in self._tombstones(connection, tenant)}
            for grave in graves:
                connection.execute(delete(keys).where(keys.c.tenant == tenant, keys.c.id == grave.key))
                if grave.key not in known:
                    connection.execute(insert(tombstones).values(tenant=tenant, **asdict(grave)))

    def rewrap(self, tenant: str) -> int:
        """Wrap the organisation's keys anew: its own under the current root, the others under its newest.

        Gives how many were wrapped anew. One transaction: until it is done the old wrapping stands.
        """
        with self.database.change(tenant) as connection:
            newest = self._current(connection, tenant, "tenant", tenant)
            if newest is None:
                self._refuse(connection, tenant, tenant)
            rows = connection.execute(select(keys).where(keys.c.tenant == tenant)).all()
            changed = 0
            for row in rows:
                by = self._roots.current if row.purpose == "tenant" else newest.id
                if row.wrapped_by == by:
                    continue
                material = self._open(connection, tenant, row).material
                wrapped = seal(self._wrapping(connection, tenant, by), material, _about(tenant, row.id, row.owner))
                connection.execute(
                    update(keys)
                    .where(keys.c.tenant == tenant, keys.c.id == row.id)
                    .values(wrapped=wrapped, wrapped_by=by)
                )
                changed += 1
            return changed

    def _destroy(
        self, connection: Connection, tenant: str, *which: ColumnElement[bool], reason: str
    ) -> tuple[Tombstone, ...]:
        """Delete keys and leave a tombstone for each; gives those of now."""
        now = self._clock.now()
        gone = connection.execute(
            delete(keys).where(keys.c.tenant == tenant, *which).returning(keys.c.id, keys.c.purpose, keys.c.owner)
        ).all()
        graves = tuple(
            Tombstone(key=row.id, purpose=row.purpose, owner=row.owner, destroyed_at=now, reason=reason) for row in gone
        )
        for grave in graves:
            connection.execute(insert(tombstones).values(tenant=tenant, **asdict(grave)))
        return graves

    def _make(self, connection: Connection, tenant: str, purpose: Purpose, owner: str) -> Key:
        now = self._clock.now()
        if purpose == "tenant":
            by = self._roots.current
        else:
            newest = self._current(connection, tenant, "tenant", tenant)
            if newest is None:
                self._refuse(connection, tenant, tenant)
            by = newest.id
        key = Key(id=new_id("key"), purpose=purpose, owner=owner, material=secrets.token_bytes(32))
        connection.execute(
            update(keys)
            .where(
                keys.c.tenant == tenant,
                keys.c.purpose == purpose,
                keys.c.owner == owner,
                keys.c.retired_at.is_(None),
            )
            .values(retired_at=now)
        )
        if purpose == "signing":
            public = Ed25519PrivateKey.from_private_bytes(key.material).public_key().public_bytes_raw().hex()
            connection.execute(insert(signers).values(tenant=tenant, key=key.id, public=public, made_at=now))
        connection.execute(
            insert(keys).values(
                tenant=tenant,
                id=key.id,
                purpose=purpose,
                owner=owner,
                wrapped=seal(self._wrapping(connection, tenant, by), key.material, _about(tenant, key.id, owner)),
                wrapped_by=by,
                made_at=now,
            )
        )
        return key

    def _current(self, connection: Connection, tenant: str, purpose: Purpose, owner: str) -> Row[Any] | None:
        return connection.execute(CURRENT, {"of": tenant, "use": purpose, "whose": owner}).one_or_none()

    def _open(self, connection: Connection, tenant: str, row: Row[Any]) -> Key:
        return _opened(tenant, row, self._wrapping(connection, tenant, row.wrapped_by))

    def _wrapping(self, connection: Connection, tenant: str, name: str) -> bytes:
        """The key of this name that wraps others: a root, or the organisation's."""
        if name.startswith("root_"):
            return self._roots.key(name)
        row = connection.execute(WRAPPING, {"of": tenant, "name": name}).one_or_none()
        if row is None:
            self._refuse(connection, tenant, name)
        return self._open(connection, tenant, row).material

    def _tombstones(self, connection: Connection, tenant: str, owner: str | None = None) -> tuple[Tombstone, ...]:
        mine = select(tombstones).where(tombstones.c.tenant == tenant).order_by(tombstones.c.key)
        rows = connection.execute(mine if owner is None else mine.where(tombstones.c.owner == owner))
        return tuple(
            Tombstone(
                key=row.key,
                purpose=row.purpose,
                owner=row.owner,
                destroyed_at=row.destroyed_at,
                reason=row.reason,
            )
            for row in rows
        )

    def _refuse(self, connection: Connection, tenant: str, name: str) -> NoReturn:
        """Say whether a key (by its id or its owner's) was destroyed or was never here."""
        graves = connection.execute(
            select(tombstones.c.key).where(
                tombstones.c.tenant == tenant, or_(tombstones.c.key == name, tombstones.c.owner == name)
            )
        ).all()
        if graves:
            raise NotFound(
                "governance.key_destroyed",
                f"The key of {name} was destroyed: its content can't be read by anybody any more.",
                hint="The receipt says when and by what rule.",
            )
        raise NotFound(
            "governance.key_absent", f"There is no key of {name} here.", hint="Restore the backup of the keys."
        )


def _opened(tenant: str, row: Row[Any], wrapping: bytes) -> Key:
    material = unseal(wrapping, as_bytes(row.wrapped), _about(tenant, row.id, row.owner))
    return Key(id=row.id, purpose=row.purpose, owner=row.owner, material=material)


def _about(tenant: str, key_id: str, owner: str) -> str:
    return f"keys/{tenant}/{key_id}/{owner}"
