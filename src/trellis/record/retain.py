"""Delete what has been kept long enough, by rules that are data; a legal hold wins; each deletion leaves a receipt.

Signed notes, cosignatures, addenda and safety findings are never deleted one by one: they go with the whole record of
a client, when its own time has come, by destroying the client's keys.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import delete, exists, func, insert, select, update

from trellis.chart import KINDS, Listed
from trellis.kernel import Conflict, Invalid, new_id
from trellis.record.blobs import mark_deleted
from trellis.record.clients import MERGED, charts_of, record_of
from trellis.record.private import drop_private
from trellis.record.room import Record
from trellis.record.shared import delete_shared, encounters_left, others_who_keep, shared_with, sound_owners
from trellis.record.tables import blobs, entries, holds, receipts, versions
from trellis.record.uses import may_keep_on
from trellis.record.work import DELETED, Work

KEPT = frozenset({"note", "cosignature", "addendum", "alert", "disclosure", "withholding", "consent", "representative"})
"""Kinds that go with a client's whole record alone."""
DERIVED: Mapping[str, tuple[str, ...]] = {"recording": ("transcript", "draft"), "transcript": ("draft",)}
"""What was made from what: erasing the first erases the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How long kinds of content are kept: `days` after an event; `along` names kinds that go with them."""

    name: str
    kinds: tuple[str, ...]
    after: Literal["made", "signed", "last_encounter"]
    days: int
    along: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was deleted, of whom, when and by what rule; `items` are ids."""

    id: str
    client: str
    rule: str
    at: datetime
    actor: str
    items: tuple[str, ...]


UNAGREED = Rule(name="audio_without_consent", kinds=("recording",), after="signed", days=0)
"""Sound isn't kept past the signature without a consent to it, by whatever rules."""


def load_rules(file: Path | None = None) -> tuple[Rule, ...]:
    """The rules shipped, or a clinic's own; `Invalid` says what is wrong with them."""
    try:
        text = file.read_text(encoding="utf-8") if file else _shipped()
        return tuple(_rule(entry) for entry in tomllib.loads(text)["rules"])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise Invalid(
            "record.retention_invalid",
            "The file of retention rules can't be used.",
            hint="Compare it with the shipped one in docs/rooms/record.md.",
        ) from error


def retain(record: Record, rules: Sequence[Rule], actor: str) -> list[Receipt]:
    """Delete what the rules say is due; gives a receipt for each client and rule. Run again, it goes on.

    Each client's deletions by one rule are one transaction with their receipt. The bytes of sound go with the next
    `sweep` of blobs. Whatever the rules, the sound of a signed note goes unless everybody heard lets it be kept.
    """
    given: list[Receipt] = []
    for rule in (*rules, UNAGREED):
        with record.work(actor, purpose="operations") as work:
            clients = _due_clients(work, rule)
        for client in clients:
            if rule.kinds == ("client",):
                given.append(forget_client(record, client, rule.name, actor))
                continue
            with record.work(actor, purpose="operations") as work:
                if not is_held(work, client):
                    given += _erase(work, _due(work, rule, client), client, rule)
    return given


def erase(record: Record, entry_id: str, reason: str, actor: str) -> Receipt:
    """Delete one entry and all that was made from it, because somebody asked (a consent revoked, a wrong chart).

    `Conflict` where a hold forbids it, or where it is a kind that is kept.
    """
    with record.work(actor, purpose="operations") as work:
        first = work.listed(entry_id)
        if first.kind in KEPT:
            raise Conflict("record.kept", "A signed note or a finding isn't deleted.", hint="Add beside it.")
        _check_hold(work, first.client)
        derived = work.find(encounter=first.encounter, kinds=DERIVED.get(first.kind, ())) if first.encounter else []
        mine = [one for one in derived if one.client == first.client and one.state != DELETED]
        rule = Rule(name=reason, kinds=(first.kind,), after="made", days=0)
        return _erase(work, [first, *mine], first.client, rule)[0]


def forget_client(record: Record, client: str, reason: str, actor: str) -> Receipt:
    """Destroy a client's keys: no copy of anything of theirs can be read any more. `Conflict` under a legal hold.

    Who has several records, merged, is forgotten in all of them. Sound in which they are heard with others goes too,
    with its key. For each record the receipt is written first, then the keys go, the record that stayed last; killed
    between, doing it again completes it.
    """
    with record.work(actor, purpose="operations") as work:
        charts = _records_of(work, client)
        if _is_bound(work, charts):
            raise Conflict(
                "record.held", "A legal hold forbids deleting anything of this client.", hint="Lift the hold first."
            )
    return [_forget(record, chart, reason, actor) for chart in reversed(charts)][-1]


def _forget(record: Record, client: str, reason: str, actor: str) -> Receipt:
    with record.work(actor, purpose="operations") as work:
        owners = [*sound_owners(work, client), *encounters_left(work, client)]
        sounds = delete_shared(work, owners)
        rows = work.connection.execute(
            select(blobs.c.id).where(
                blobs.c.tenant == work.tenant, blobs.c.client == client, blobs.c.deleted_at.is_(None)
            )
        )
        for row in rows.all():
            mark_deleted(work, row.id)
        items = [*(one.id for one in work.find(client=client) if one.state != DELETED), *sounds]
        work.connection.execute(
            update(entries)
            .where(entries.c.tenant == work.tenant, entries.c.client.in_([client, *owners]))
            .values(state=DELETED, changed_at=work.now)
        )
        books = drop_private(work, client)
        receipt = _receipt(work, client, reason, items)
    for owner in (*owners, *books, client):
        record.vault.destroy(record.tenant, owner, reason)
    return receipt


def _records_of(work: Work, client: str) -> tuple[str, ...]:
    """Every record of a person, the one that stayed first."""
    return charts_of(work, record_of(work, client) if work.listed(client).state == MERGED else client)


def _is_bound(work: Work, charts: Sequence[str]) -> bool:
    """Whether a hold keeps any of these records, or sound that these share with somebody else."""
    sharing = {other for chart in charts for others in shared_with(work, chart).values() for other in others}
    return any(is_held(work, each) for each in {*charts, *sharing})


def place_hold(record: Record, client: str, reason: str, actor: str) -> str:
    """Forbid every deletion of a client's content until the hold is lifted; gives its id."""
    with record.work(actor, purpose="operations") as work:
        hold = new_id("hol")
        work.connection.execute(
            insert(holds).values(
                tenant=work.tenant, id=hold, client=client, reason=reason, actor=actor, placed_at=work.now
            )
        )
        work.tell("record.place_hold", hold, client)
    return hold


def lift_hold(record: Record, hold: str, actor: str) -> None:
    """End a hold."""
    with record.work(actor, purpose="operations") as work:
        lifted = work.connection.execute(
            update(holds)
            .where(holds.c.tenant == work.tenant, holds.c.id == hold, holds.c.lifted_at.is_(None))
            .values(lifted_at=work.now)
            .returning(holds.c.client)
        ).one_or_none()
        if lifted is None:
            raise Conflict("record.hold_absent", f"There is no hold {hold} in force.", hint="Check its id.")
        work.tell("record.lift_hold", hold, lifted.client)


def is_held(work: Work, client: str) -> bool:
    """Whether a hold forbids deleting anything of a client."""
    return bool(
        work.connection.execute(
            select(exists().where(holds.c.tenant == work.tenant, holds.c.client == client, holds.c.lifted_at.is_(None)))
        ).scalar()
    )


def receipts_of(work: Work, client: str | None = None) -> list[Receipt]:
    """What was deleted, oldest first."""
    asked = select(receipts).where(receipts.c.tenant == work.tenant).order_by(receipts.c.id)
    rows = work.connection.execute(asked if client is None else asked.where(receipts.c.client == client))
    return [
        Receipt(
            id=row.id,
            client=row.client,
            rule=row.rule,
            at=row.at,
            actor=row.actor,
            items=tuple(json.loads(row.items)),
        )
        for row in rows
    ]


def _due_clients(work: Work, rule: Rule) -> list[str]:
    """Clients of whom something may be due."""
    before = work.now - timedelta(days=rule.days)
    if rule.after == "last_encounter":
        return _long_gone(work, before)
    asked = (
        select(entries.c.client)
        .where(
            entries.c.tenant == work.tenant,
            entries.c.kind.in_(rule.kinds),
            entries.c.state != DELETED,
            entries.c.occurred_at <= before,
        )
        .distinct()
    )
    return [row.client for row in work.connection.execute(asked)]


def _long_gone(work: Work, before: datetime) -> list[str]:
    """People whose last encounter, alone or with others, in whichever of their records, was before a time."""
    last = func.max(entries.c.occurred_at).label("last")
    rows = work.connection.execute(
        select(entries.c.client, last)
        .where(
            entries.c.tenant == work.tenant,
            entries.c.kind.in_(["encounter", "attendance"]),
            entries.c.client != entries.c.id,
            entries.c.state != DELETED,
        )
        .group_by(entries.c.client)
    )
    met = {row.client: row.last for row in rows}
    found: dict[str, None] = {}
    for client in (client for client, when in met.items() if when <= before):
        charts = _records_of(work, client)
        recent = any(met[chart] > before for chart in charts if chart in met)
        if not recent and not _is_bound(work, charts):
            found[charts[0]] = None
    return list(found)


def _due(work: Work, rule: Rule, client: str) -> list[Listed]:
    """What of a client is due by a rule, with what goes along."""
    before = work.now - timedelta(days=rule.days)
    all_of = [one for one in work.find(client=client) if one.state != DELETED]
    signed = {one.encounter for one in all_of if one.kind == "note" and one.changed_at <= before}
    unsigned = {one.encounter for one in all_of if one.kind == "draft" and one.state == "open"}
    due = [
        one
        for one in all_of
        if one.kind in rule.kinds
        and one.occurred_at <= before
        and (rule.after == "made" or (one.encounter in signed and one.encounter not in unsigned))
    ]
    if rule is UNAGREED:
        due = [one for one in due if not (one.encounter and may_keep_on(work, work.open(one.encounter)))]
    around = {one.encounter for one in due if one.encounter}
    return due + [one for one in all_of if one.kind in rule.along and one.encounter in around and one not in due]


def _erase(work: Work, listed: Iterable[Listed], client: str, rule: Rule) -> list[Receipt]:
    """Delete the versions of entries, and the sound of recordings; their ids stay, as deleted."""
    gone = [one for one in listed if one.kind not in KEPT]
    if not gone:
        return []
    sounds = [one for one in gone if one.kind in ("recording", "document")]
    for opened in work.open_all(sounds):
        if not others_who_keep(work, client, opened.content.blob):
            mark_deleted(work, opened.content.blob)
    ids = [one.id for one in gone]
    work.connection.execute(delete(versions).where(versions.c.tenant == work.tenant, versions.c.id.in_(ids)))
    work.connection.execute(
        update(entries)
        .where(entries.c.tenant == work.tenant, entries.c.id.in_(ids))
        .values(state=DELETED, changed_at=work.now)
    )
    return [_receipt(work, client, rule.name, ids)]


def _receipt(work: Work, client: str, rule: str, items: Sequence[str]) -> Receipt:
    receipt = Receipt(id=new_id("rcp"), client=client, rule=rule, at=work.now, actor=work.actor, items=tuple(items))
    work.connection.execute(
        insert(receipts).values(
            tenant=work.tenant,
            id=receipt.id,
            client=client,
            rule=rule,
            at=work.now,
            actor=work.actor,
            items=json.dumps(list(items)),
        )
    )
    work.tell("record.delete", receipt.id, client, {"rule": rule, "items": len(items)})
    return receipt


def _check_hold(work: Work, client: str) -> None:
    if is_held(work, client):
        raise Conflict(
            "record.held", "A legal hold forbids deleting anything of this client.", hint="Lift the hold first."
        )


def _rule(entry: Mapping[str, Any]) -> Rule:
    rule = Rule(
        name=str(entry["name"]),
        kinds=tuple(entry["kinds"]),
        after=entry["after"],
        days=int(entry["days"]),
        along=tuple(entry.get("with", ())),
    )
    named = {*rule.kinds, *rule.along}
    if rule.after not in ("made", "signed", "last_encounter") or not named <= KINDS.keys() or named & KEPT:
        raise ValueError(rule.name)
    if ("client" in named) != (rule.after == "last_encounter") or ("client" in named and len(named) > 1):
        raise ValueError(rule.name)
    return rule


def _shipped() -> str:
    return (files("trellis.record") / "data" / "retention.toml").read_text(encoding="utf-8")
