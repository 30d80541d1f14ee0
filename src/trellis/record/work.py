"""One piece of work on the record: a transaction in which entries are opened and written, and the audit of both.

Nothing is written without its line in the audit chain, and no line without what it tells: both are one transaction.
What is opened is on the chain before its content is given out. The lines are added at the very end, since others wait
for the chain from there on.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, insert, select, update

from trellis.chart import KINDS, Configuration, Encounter, Entry, Episode, Listed, Noun, kind_of
from trellis.governance import AuditEntry, Decision, Key, Vault, seal, unseal
from trellis.kernel import Conflict, NotFound, TrellisError, new_id
from trellis.record.codec import encode
from trellis.record.door import GATE, Door, Gate, absent_entry, action_on
from trellis.record.labels import PART2, ids_in, label_blobs, label_of, spread
from trellis.record.rows import entry_of, versions_of
from trellis.record.tables import entries, versions
from trellis.store import as_bytes

DELETED = "deleted"
"""The state of an entry whose content is gone; its id, kind and times stay."""
OWN = frozenset({"client", "encounter", "configuration"})
"""Kinds that may belong to nobody but themselves."""

AT_ONCE = 2_000
"""Entries read by one statement: databases take only so many ids in one."""

_MINE = entries.c.tenant == bindparam("of"), entries.c.id == bindparam("entry")
HEAD = select(entries).where(*_MINE)
ADD_HEAD = insert(entries)
ADD_VERSION = insert(versions)
MOVE = (
    update(entries)
    .where(*_MINE, entries.c.version == bindparam("seen"))
    .values(
        version=bindparam("version"),
        state=bindparam("state"),
        changed_at=bindparam("changed_at"),
        label=case((entries.c.label == "", bindparam("tag")), else_=entries.c.label),
    )
)
"""Statements of every save, built once: building them takes longer than running them."""


class Work:
    """Opens and writes entries of one organisation for one actor; made by `Record.work`."""

    def __init__(
        self,
        connection: Connection,
        vault: Vault,
        *,
        tenant: str,
        actor: str,
        purpose: str,
        now: datetime,
        gate: Gate = GATE,
    ) -> None:
        standing = gate(connection, tenant=tenant, actor=actor, purpose=purpose, now=now)
        self.door = Door(connection, standing, tenant=tenant, actor=actor, purpose=purpose, now=now)
        self.connection = connection
        self.tenant = tenant
        self.actor = actor
        self.purpose = purpose
        self.now = now
        self.vault = vault
        self.lines: list[AuditEntry] = []
        self._sealing: dict[str, Key] = {}

    def add(
        self,
        noun: Noun,
        *,
        client: str = "",
        encounter: str | None = None,
        state: str = "current",
        occurred_at: datetime | None = None,
        reason: str,
        entry_id: str = "",
        detail: Mapping[str, str | int] | None = None,
    ) -> Entry[Any]:
        """Write the first version of a noun; `detail` goes into its line on the chain.

        A client is its own, and an encounter of several clients too (none is named): each gets a key of its own.
        """
        kind = kind_of(noun)
        if not client and kind not in OWN:
            raise TypeError(f"whose {kind} is it?")
        new = entry_id or new_id(KINDS[kind].prefix)
        answer = self.door.allow(action_on(kind, "add"), client, subject=new)
        written = encode(noun)
        head = Listed(
            id=new,
            kind=kind,
            client=client or new,
            encounter=encounter,
            version=1,
            state=state,
            occurred_at=occurred_at or self.now,
            changed_at=self.now,
            label=self._label(noun, written[0], encounter),
        )
        if head.client == new:
            self._sealing[new] = self.vault.make(self.tenant, "client", new)
        self.connection.execute(ADD_HEAD, {"tenant": self.tenant, **asdict(head)})
        if kind == "client":
            self.door.let_in(new)
        return self._write(noun, head, reason, written, answer, detail=detail)

    def change(self, before: Entry[Any], noun: Noun, *, reason: str, state: str | None = None) -> Entry[Any]:
        """Write the next version; `Conflict` where somebody wrote one since `before` was opened."""
        after = state or before.state
        whose = "" if before.kind == "configuration" else before.client
        answer = self.door.allow(action_on(before.kind, "change"), whose, subject=before.id)
        written = encode(noun)
        label = before.label or self._label(noun, written[0], before.encounter)
        moved = self.connection.execute(
            MOVE,
            {
                "of": self.tenant,
                "entry": before.id,
                "seen": before.version,
                "version": before.version + 1,
                "state": after,
                "changed_at": self.now,
                "tag": label,
            },
        )
        if moved.rowcount != 1:
            raise Conflict(
                "record.changed", "Somebody changed this since you opened it.", hint="Open it again and compare."
            )
        head = Listed(
            id=before.id,
            kind=before.kind,
            client=before.client,
            encounter=before.encounter,
            version=before.version + 1,
            state=after,
            occurred_at=before.occurred_at,
            changed_at=self.now,
            label=label,
        )
        if label and not before.label:
            spread(self, head.id)
        return self._write(noun, head, reason, written, answer)

    def open(self, entry_id: str, version: int | None = None) -> Entry[Any]:
        """An entry with its content, in its newest version or an earlier one; on the chain as opened."""
        rows = self._rows([entry_id], version)
        answer = self.door.check(rows)
        found = self._opened(rows)
        if not found:
            is_deleted = self.listed(entry_id).state == DELETED
            raise NotFound(
                "record.entry_deleted" if is_deleted else "record.version_absent",
                f"{entry_id} was deleted." if is_deleted else f"There is no such version of {entry_id}.",
                hint="Its receipt says by what rule." if is_deleted else "See its history.",
            )
        self.tell("record.open", entry_id, found[0].client, {"version": found[0].version}, answer)
        return found[0]

    def open_all(self, listed: Sequence[Listed]) -> list[Entry[Any]]:
        """Several entries with their content, in the order given; one line on the chain for each client."""
        rows = self._rows([one.id for one in listed])
        answer = self.door.check(rows)
        found = {entry.id: entry for entry in self._opened(rows)}
        for client, count in Counter(one.client for one in listed).items():
            self.tell("record.open", client, client, {"entries": count}, answer)
        return [found[one.id] for one in listed]

    def listed(self, entry_id: str) -> Listed:
        """What can be known of an entry without opening it; `NotFound` also to who may not know of it."""
        row = self.connection.execute(HEAD, {"of": self.tenant, "entry": entry_id}).one_or_none()
        if row is None:
            raise self.door.miss(entry_id)
        self.door.check([row])
        return as_listed(row)

    def find(
        self,
        *,
        client: str | None = None,
        kinds: Iterable[str] = (),
        encounter: str | None = None,
        states: Iterable[str] = (),
        newest: int | None = None,
    ) -> list[Listed]:
        """Entries by what can be known without opening them, oldest first; the `newest` of them where limited.

        What the actor may not know of isn't among them, and doesn't count.
        """
        asked = select(entries).where(entries.c.tenant == self.tenant)
        if client is not None:
            asked = asked.where(entries.c.client == client)
        if encounter is not None:
            asked = asked.where(entries.c.encounter == encounter)
        if of_kinds := list(kinds):
            asked = asked.where(entries.c.kind.in_(of_kinds))
        if client is None and (whose := self.door.whose(of_kinds)) is not None:
            asked = asked.where(entries.c.client.in_(whose))
        if wanted := list(states):
            asked = asked.where(entries.c.state.in_(wanted))
        asked = asked.order_by(entries.c.occurred_at.desc(), entries.c.id.desc())
        return [as_listed(row) for row in reversed(self.door.listed(asked, newest))]

    def open_found(self, **asked: Any) -> list[Entry[Any]]:
        """What `find` gives, opened; without what was deleted."""
        return self.open_all([one for one in self.find(**asked) if one.state != DELETED])

    def history(self, entry_id: str) -> list[Entry[Any]]:
        """Every version of an entry, oldest first."""
        asked = versions_of(self.tenant, [entry_id], newest=False).order_by(versions.c.version)
        rows = self.connection.execute(asked).all()
        answer = self.door.check(rows)
        found = self._opened(rows)
        if not found:
            raise self.door.miss(entry_id)
        self.tell("record.open", entry_id, found[-1].client, {"versions": len(found)}, answer)
        return found

    def allow(
        self, action: str, client: str = "", *, subject: str = "", absent: TrellisError | None = None
    ) -> Decision:
        """The decision where an actor may do something with a client (or with the clinic); else the refusal.

        `NotPermitted` names the rule to who may know of the client; to others they aren't there (`absent`, if given).
        """
        return self.door.allow(action, client, subject=subject, absent=absent)

    def tell(
        self,
        action: str,
        subject: str,
        client: str = "",
        detail: Mapping[str, str | int] | None = None,
        answer: Decision | None = None,
    ) -> None:
        """Put a line on the audit chain, with the end of this work; refused where the actor may not do what it tells.

        `answer` is the decision it rests on, where that was asked for already.
        """
        permitted = answer or self.door.allow(action, client, absent=absent_entry(subject))
        self.lines.append(
            AuditEntry(
                actor=self.actor,
                action=action,
                subject=subject,
                client=client,
                purpose=self.purpose,
                rule=permitted.rule,
                detail=detail or {},
            )
        )

    def named_in(self, entry_id: str, version: int) -> set[str]:
        """The ids a version names; empty where its content is gone. For labels alone: nothing is given out."""
        return set().union(*(ids_in(encode(one.content)[0]) for one in self._read([entry_id], version)))

    def in_force(self) -> Configuration:
        """The clinic's configuration, for decisions that rest on it: whoever the actor is, and without a line."""
        asked = select(entries.c.id).where(entries.c.tenant == self.tenant, entries.c.kind == "configuration")
        newest = self.connection.execute(
            asked.order_by(entries.c.occurred_at.desc(), entries.c.id.desc()).limit(1)
        ).scalar()
        found: list[Entry[Configuration]] = self._read([newest]) if newest else []
        return found[0].content if found else Configuration()

    def _label(self, noun: Noun, plain: bytes, encounter: str | None) -> str:
        """What a noun's entry is labelled: by its own program, by its encounter, by whatever it names."""
        return self._of_program(noun) or label_of(self.connection, self.tenant, {*ids_in(plain), encounter})

    def _of_program(self, noun: Noun) -> str:
        """The label of an encounter or episode of a service that is a program under 42 CFR Part 2."""
        if not isinstance(noun, Encounter | Episode) or not noun.service:
            return ""
        service = self.in_force().service(noun.service)
        return PART2 if service is not None and service.part2 else ""

    def _write(
        self,
        noun: Noun,
        head: Listed,
        reason: str,
        written: tuple[bytes, bytes],
        answer: Decision,
        *,
        detail: Mapping[str, str | int] | None = None,
    ) -> Entry[Any]:
        key = self._key(head.client)
        plain, digest = written
        if head.label:
            label_blobs(self.connection, self.tenant, ids_in(plain))
            detail = {**(detail or {}), "label": head.label}
        self.connection.execute(
            ADD_VERSION,
            {
                "tenant": self.tenant,
                "id": head.id,
                "version": head.version,
                "kind": head.kind,
                "state": head.state,
                "made_at": self.now,
                "actor": self.actor,
                "reason": reason,
                "digest": digest,
                "key": key.id,
                "sealed": seal(key.material, plain, version_place(self.tenant, head.id, head.version)),
            },
        )
        told = {"version": head.version, "digest": digest.hex(), **(detail or {})}
        self.tell(reason, head.id, head.client, told, answer)
        return Entry(
            id=head.id,
            kind=head.kind,
            client=head.client,
            encounter=head.encounter,
            version=head.version,
            state=head.state,
            occurred_at=head.occurred_at,
            made_at=self.now,
            actor=self.actor,
            reason=reason,
            digest=digest.hex(),
            content=noun,
            label=head.label,
        )

    def _key(self, client: str) -> Key:
        """The key that seals for a client in this work; asked for once."""
        if client not in self._sealing:
            self._sealing[client] = self.vault.current(self.tenant, "client", client)
        return self._sealing[client]

    def _read(self, ids: Sequence[str], version: int | None = None) -> list[Entry[Any]]:
        return self._opened(self._rows(ids, version))

    def _rows(self, ids: Sequence[str], version: int | None = None) -> Sequence[Row[Any]]:
        rows: list[Row[Any]] = []
        for start in range(0, len(ids), AT_ONCE):
            asked = versions_of(self.tenant, ids[start : start + AT_ONCE], newest=version is None)
            if version is not None:
                asked = asked.where(versions.c.version == version)
            rows += self.connection.execute(asked).all()
        return rows

    def _opened(self, rows: Sequence[Row[Any]]) -> list[Entry[Any]]:
        keys: dict[str, Key] = {}
        named = list(dict.fromkeys(row.key for row in rows))
        for start in range(0, len(named), AT_ONCE):
            keys |= self.vault.keys(self.tenant, named[start : start + AT_ONCE])
        return [
            entry_of(
                row,
                unseal(keys[row.key].material, as_bytes(row.sealed), version_place(self.tenant, row.id, row.version)),
            )
            for row in rows
        ]


def as_listed(row: Row[Any]) -> Listed:
    """A row of heads as lists show it."""
    return Listed(
        id=row.id,
        kind=row.kind,
        client=row.client,
        encounter=row.encounter,
        version=row.version,
        state=row.state,
        occurred_at=row.occurred_at,
        changed_at=row.changed_at,
        label=row.label,
    )


def version_place(tenant: str, entry_id: str, version: int) -> str:
    """What a version is sealed for: moved to another row it doesn't open."""
    return f"versions/{tenant}/{entry_id}/{version}"
