"""Psychotherapy notes (45 CFR 164.501) and SUD counselling notes (42 CFR 2.11): behind a door of their own.

They are no entries of the record. They lie in tables of their own, sealed under a key for each writer and client, and
open to who wrote them and to nobody else: not to an administrator, not with a reason, not for another purpose. Nothing
else reads these tables, so no search, export, draft or figure can hold them; copies of a clinic hold them sealed.
Somebody else's note and one that never was are refused with the same words, and each refusal is on the audit chain.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select

from trellis.governance import AuditEntry, Key, seal, unseal
from trellis.kernel import Invalid, NotFound, NotPermitted, is_id, new_id
from trellis.record.clients import charts_of
from trellis.record.codec import decode, encode
from trellis.record.room import Record
from trellis.record.tables import private_books, private_notes
from trellis.record.work import DELETED, Work
from trellis.store import as_bytes

PrivateKind = Literal["psychotherapy", "sud_counseling"]
RULE = "private.originator"
"""What permits and refuses: who wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """What a kind of private note is, in words for its writer, with the law it rests on."""

    kind: PrivateKind
    title: str
    text: str
    source: str
    dated: date
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateListed:
    """A private note as its writer's list shows it: without a word of it."""

    id: str
    kind: PrivateKind
    client: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateNote(PrivateListed):
    """A private note, open; its representation never shows the words."""

    words: str

    def __repr__(self) -> str:
        """Without the words: it may be written to a log."""
        return f"PrivateNote({self.id})"


@cache
def banners() -> tuple[Banner, ...]:
    """What each kind of private note is."""
    text = (files("trellis.record") / "data" / "private.toml").read_text(encoding="utf-8")
    return tuple(Banner(**{**one, "text": one["text"].strip()}) for one in tomllib.loads(text)["banners"])


def banner_of(kind: PrivateKind) -> Banner:
    """What this kind is."""
    return next(one for one in banners() if one.kind == kind)


def add_private(
    record: Record, actor: str, client: str, words: str, *, kind: PrivateKind = "psychotherapy"
) -> PrivateListed:
    """Keep a private note of the one who writes it; `NotPermitted` to whoever is no person on the staff."""
    _check_person(actor)
    if not words.strip():
        raise Invalid("record.private_empty", "There is nothing in it to keep.", hint="Write something.")
    with record.work(actor) as work:
        person = work.listed(client)
        if person.kind != "client" or person.state == DELETED:
            raise NotFound("record.client_absent", f"There is no client {client}.", hint="Check the id.")
        work.allow("private.keep", client)
        key = _book(work, client)
        note = new_id("pri")
        plain, digest = encode(words.strip())
        work.connection.execute(
            insert(private_notes).values(
                tenant=work.tenant,
                id=note,
                book=key.owner,
                kind=kind,
                made_at=work.now,
                digest=digest,
                key=key.id,
                sealed=seal(key.material, plain, _place(work.tenant, note)),
            )
        )
        _tell(work, "private.add", note, client, digest=digest.hex())
        return PrivateListed(id=note, kind=kind, client=client, made_at=work.now)


def open_private(record: Record, actor: str, note: str) -> PrivateNote:
    """A private note, to who wrote it; on the chain as opened. To everybody else there is no such note."""
    _check_person(actor)
    with record.work(actor) as work:
        row = _row(work, note)
        mine = row if row is not None and row.originator == actor else None
        subject = note if is_id(note, "pri") else work.tenant
        _tell(work, "private.open", subject, mine.client if mine else "", permitted=mine is not None)
    if mine is None:
        raise NotFound("record.private_absent", "There is no such note of yours.", hint="List your own.")
    key = record.vault.key(record.tenant, mine.key)
    plain = unseal(key.material, as_bytes(mine.sealed), _place(record.tenant, mine.id))
    return PrivateNote(id=mine.id, kind=mine.kind, client=mine.client, made_at=mine.made_at, words=decode(plain, str))


def list_private(record: Record, actor: str, client: str) -> list[PrivateListed]:
    """The private notes that the one who asks wrote on a client, oldest first; never anybody else's."""
    _check_person(actor)
    with record.work(actor) as work:
        asked = (
            select(private_notes, private_books.c.client)
            .join_from(private_notes, private_books, _joined())
            .where(
                private_notes.c.tenant == work.tenant,
                private_books.c.originator == actor,
                private_books.c.client.in_(charts_of(work, client)),
            )
            .order_by(private_notes.c.made_at, private_notes.c.id)
        )
        found = [
            PrivateListed(id=row.id, kind=row.kind, client=row.client, made_at=row.made_at)
            for row in work.connection.execute(asked)
        ]
        _tell(work, "private.list", client, client)
    return found


def count_private(connection: Connection, tenant: str) -> int:
    """How many private notes the organisation has: what an export says it left out."""
    asked = select(func.count()).select_from(private_notes).where(private_notes.c.tenant == tenant)
    return int(connection.execute(asked).scalar_one())


def private_keys(connection: Connection, tenant: str) -> set[str]:
    """The ids of the keys that sealed private notes: what a restore has to find again."""
    asked = select(private_notes.c.key).distinct().where(private_notes.c.tenant == tenant)
    return set(connection.execute(asked).scalars())


def drop_private(work: Work, client: str) -> list[str]:
    """Delete every private note on a client; gives the owners of their keys, which are the caller's to destroy.

    Done again it gives the same owners: what was cut between the two can be completed.
    """
    asked = select(private_books.c.id).where(private_books.c.tenant == work.tenant, private_books.c.client == client)
    books = [row.id for row in work.connection.execute(asked)]
    work.connection.execute(
        delete(private_notes).where(private_notes.c.tenant == work.tenant, private_notes.c.book.in_(books))
    )
    return books


def _book(work: Work, client: str) -> Key:
    """The key of the actor's notes on a client, made with the first of them."""
    asked = select(private_books.c.id).where(
        private_books.c.tenant == work.tenant,
        private_books.c.client == client,
        private_books.c.originator == work.actor,
    )
    known = work.connection.execute(asked).scalar()
    if known is not None:
        return work.vault.current(work.tenant, "private", known)
    book = new_id("prb")
    work.connection.execute(
        insert(private_books).values(
            tenant=work.tenant, id=book, client=client, originator=work.actor, opened_at=work.now
        )
    )
    return work.vault.make(work.tenant, "private", book)


def _row(work: Work, note: str) -> Row[Any] | None:
    asked = (
        select(private_notes, private_books.c.client, private_books.c.originator)
        .join_from(private_notes, private_books, _joined())
        .where(private_notes.c.tenant == work.tenant, private_notes.c.id == note)
    )
    return work.connection.execute(asked).one_or_none()


def _joined() -> ColumnElement[bool]:
    return (private_books.c.tenant == private_notes.c.tenant) & (private_books.c.id == private_notes.c.book)


def _tell(work: Work, action: str, subject: str, client: str, *, permitted: bool = True, digest: str = "") -> None:
    """A line on the chain: permitted to who wrote it, refused to everybody else."""
    work.lines.append(
        AuditEntry(
            actor=work.actor,
            action=action,
            subject=subject,
            client=client,
            purpose=work.purpose,
            decision="permit" if permitted else "refuse",
            rule=RULE,
            detail={"digest": digest} if digest else {},
        )
    )


def _check_person(actor: str) -> None:
    if not actor.startswith("staff:"):
        raise NotPermitted(
            "record.private_person",
            "A psychotherapy note is a person's own; no job and no operator has any.",
            hint="Sign in as who writes it.",
        )


def _place(tenant: str, note: str) -> str:
    """What a note is sealed for."""
    return f"private/{tenant}/{note}"
