"""Standing, given and taken: roles at sites and in programs, places on care teams, supervision, where a client is.

Everything given is kept when it ends, with who gave it. Taking something away moves the account's own row first, which
waits for every piece of work that holds it (see `access`): once this returns, nothing rests on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from trellis.governance.access import roles
from trellis.governance.accounts import Accounts, account_for, permitted, tell
from trellis.governance.tables import accounts as accounts_table
from trellis.governance.tables import grants, placements, relations
from trellis.kernel import Conflict, Invalid, NotFound, new_id

RELATIONS = ("team", "self", "proxy", "supervises")
JOINED = "merge:"
"""How what was given because two records are one person's begins; the other record follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role that somebody has or had; without site and program it holds everywhere."""

    id: str
    account: str
    role: str
    site: str
    program: str
    given_by: str
    given_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What an account is or was to a subject: on its care team, itself, its proxy; or who supervises an account."""

    id: str
    account: str
    kind: str
    subject: str
    given_by: str
    given_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None


def give_role(
    accounts: Accounts,
    actor: str,
    which: str,
    role: str,
    *,
    site: str = "",
    program: str = "",
    until: datetime | None = None,
) -> Grant:
    """Give a role to an account (by id or name), everywhere or at a site or in a program, until a time or for good."""
    if role not in roles() or roles()[role].only:
        known = ", ".join(name for name, one in roles().items() if not one.only)
        raise Invalid("governance.role_unknown", "There is no such role to give.", hint=f"Known: {known}.")
    whose = account_for(accounts, actor, "grant.add", which)
    with permitted(accounts, actor, "grant.add", about=whose) as (connection, answer):
        mine = (grants.c.tenant == accounts.tenant, grants.c.account == whose, grants.c.role == role)
        here = (grants.c.site == site, grants.c.program == program, grants.c.ended_at.is_(None))
        if connection.execute(select(grants.c.id).where(*mine, *here)).first() is not None:
            raise Conflict("governance.role_given", "They have that role there already.", hint="See their roles.")
        row = _row(accounts, "grt", whose, actor, until) | {"role": role, "site": site, "program": program}
        _give(accounts, connection, grants, row)
        tell(
            accounts,
            connection,
            row["given_at"],
            actor=actor,
            action="grant.add",
            subject=row["id"],
            rule=answer.rule,
            detail={"account": whose, "role": role, "site": site, "program": program},
        )
        return Grant(**row)


def take_role(accounts: Accounts, actor: str, grant: str) -> None:
    """End a role; once this returns nothing rests on it. `NotFound` where it isn't in force."""
    _take(accounts, actor, grants, grant, "grant.end")


def roles_of(accounts: Accounts, actor: str, which: str) -> list[Grant]:
    """The roles of an account in force now, oldest first; everybody sees their own."""
    whose = account_for(accounts, actor, "account.open", which)
    if actor == f"staff:{whose}":
        with accounts.database.look(accounts.tenant) as connection:
            return _grants(accounts, connection, whose)
    with permitted(accounts, actor, "account.open", about=whose) as (connection, _):
        return _grants(accounts, connection, whose)


def relate(
    accounts: Accounts, actor: str, which: str, kind: str, subject: str, *, until: datetime | None = None
) -> Relation:
    """Put an account (by id or name) on a client's team, or say that it is theirs, their proxy's, or supervises.

    `subject` is a client's id, for `supervises` the id of the account that is supervised.
    """
    if kind not in RELATIONS:
        raise Invalid("governance.relation_unknown", "There is no such relation.", hint="Take team, self or proxy.")
    over, action = ("", "grant.add") if kind == "supervises" else (subject, "team.add")
    whose = account_for(accounts, actor, action, which)
    if kind == "supervises":
        account_for(accounts, actor, action, subject)
    with permitted(accounts, actor, action, over, about=whose) as (connection, answer):
        row = _row(accounts, "rel", whose, actor, until) | {"kind": kind, "subject": subject}
        mine = (relations.c.tenant == accounts.tenant, relations.c.account == whose, relations.c.subject == subject)
        this = (relations.c.kind == kind, relations.c.ended_at.is_(None))
        if connection.execute(select(relations.c.id).where(*mine, *this)).first() is not None:
            raise Conflict("governance.relation_given", "That is so already.", hint="See who is on the team.")
        _give(accounts, connection, relations, row)
        tell(
            accounts,
            connection,
            row["given_at"],
            actor=actor,
            action=action,
            subject=row["id"],
            rule=answer.rule,
            client=over,
            detail={"account": whose, "kind": kind, "to": subject},
        )
        return Relation(**row)


def unrelate(accounts: Accounts, actor: str, relation: str) -> None:
    """End a relation; once this returns nothing rests on it. `NotFound` where it isn't in force."""
    _take(accounts, actor, relations, relation, "team.end")


def team_of(accounts: Accounts, actor: str, subject: str) -> list[Relation]:
    """Who is on a client's care team, or stands for them, now; for whoever may change that."""
    with permitted(accounts, actor, "contact.open", subject) as (connection, _):
        now = accounts.clock.now()
        asked = select(relations).where(
            relations.c.tenant == accounts.tenant,
            relations.c.subject == subject,
            relations.c.ended_at.is_(None),
            (relations.c.ends_at.is_(None)) | (relations.c.ends_at > now),
        )
        return [Relation(**_plain(row)) for row in connection.execute(asked.order_by(relations.c.given_at))]


def place(accounts: Accounts, actor: str, subject: str, *, site: str = "", program: str = "") -> None:
    """Say that a client is seen at a site or in a program: what roles that hold there alone may reach."""
    _place(accounts, actor, subject, site, program, "place.add")


def displace(accounts: Accounts, actor: str, subject: str, *, site: str = "", program: str = "") -> None:
    """Say that a client is no longer seen there."""
    _place(accounts, actor, subject, site, program, "place.end")


def welcome(
    connection: Connection,
    *,
    tenant: str,
    actor: str,
    subject: str,
    now: datetime,
    places: Sequence[tuple[str, str]],
    is_treating: bool,
) -> None:
    """Where a client who was just added is, and who is on their team: where and what the one who added them is.

    Without it, somebody whose roles hold at one site would lose sight of whom they added there.
    """
    for site, program in dict.fromkeys(places):
        connection.execute(insert(placements).values(tenant=tenant, subject=subject, site=site, program=program))
    if is_treating:
        row = {"id": new_id("rel"), "account": actor.partition(":")[2], "kind": "team", "subject": subject}
        connection.execute(insert(relations).values(tenant=tenant, given_by=actor, given_at=now, **row))


def join(connection: Connection, *, tenant: str, now: datetime, one: str, other: str) -> None:
    """Two records are one person's: whoever is something to one of them is that to the other, until they `part`."""
    for here, there in ((one, other), (other, one)):
        asked = select(relations).where(relations.c.tenant == tenant, relations.c.ended_at.is_(None))
        known = {(row.account, row.kind) for row in connection.execute(asked.where(relations.c.subject == there))}
        for row in connection.execute(asked.where(relations.c.subject == here)).all():
            if (row.account, row.kind) not in known and not row.given_by.startswith(JOINED):
                values = _plain(row) | {"id": new_id("rel"), "subject": there, "given_by": JOINED + here}
                connection.execute(insert(relations).values(tenant=tenant, **(values | {"given_at": now})))
        places = select(placements.c.site, placements.c.program).where(placements.c.tenant == tenant)
        known_places = {tuple(row) for row in connection.execute(places.where(placements.c.subject == there))}
        for row in connection.execute(places.where(placements.c.subject == here)).all():
            if tuple(row) not in known_places:
                values = {"tenant": tenant, "subject": there, "site": row.site, "program": row.program}
                connection.execute(insert(placements).values(**values))


def part(connection: Connection, *, tenant: str, now: datetime, one: str, other: str) -> None:
    """Two records aren't one person's after all: what was given to each because of the other ends."""
    for here, there in ((one, other), (other, one)):
        mine = (relations.c.tenant == tenant, relations.c.subject == here, relations.c.given_by == JOINED + there)
        these = (*mine, relations.c.ended_at.is_(None))
        touched = {row.account for row in connection.execute(select(relations.c.account).where(*these))}
        _wait_for(connection, tenant, touched)
        connection.execute(update(relations).where(*these).values(ended_at=now))


def _place(accounts: Accounts, actor: str, subject: str, site: str, program: str, action: str) -> None:  # noqa: PLR0917
    if not site and not program:
        raise Invalid("governance.place_empty", "Name a site or a program.", hint="See trellis config show.")
    with permitted(accounts, actor, action, subject) as (connection, answer):
        here = (placements.c.tenant == accounts.tenant, placements.c.subject == subject)
        this = (placements.c.site == site, placements.c.program == program)
        related = (relations.c.tenant == accounts.tenant, relations.c.subject == subject)
        touched = {row.account for row in connection.execute(select(relations.c.account).where(*related))}
        wait_for(accounts, connection, touched)
        connection.execute(delete(placements).where(*here, *this))
        if action == "place.add":
            values = {"tenant": accounts.tenant, "subject": subject, "site": site, "program": program}
            connection.execute(insert(placements).values(**values))
        tell(
            accounts,
            connection,
            accounts.clock.now(),
            actor=actor,
            action=action,
            subject=subject,
            client=subject,
            rule=answer.rule,
            detail={"site": site, "program": program},
        )


def _row(accounts: Accounts, prefix: str, whose: str, actor: str, until: datetime | None) -> dict[str, Any]:
    return {
        "id": new_id(prefix),
        "account": whose,
        "given_by": actor,
        "given_at": accounts.clock.now(),
        "ends_at": until,
        "ended_at": None,
    }


def _give(accounts: Accounts, connection: Connection, table: Table, row: dict[str, Any]) -> None:
    wait_for(accounts, connection, {row["account"]})
    connection.execute(insert(table).values(tenant=accounts.tenant, **row))


def _take(accounts: Accounts, actor: str, table: Table, which: str, action: str) -> None:
    mine = (table.c.tenant == accounts.tenant, table.c.id == which, table.c.ended_at.is_(None))
    with accounts.database.look(accounts.tenant) as connection:
        row = connection.execute(select(table).where(*mine)).one_or_none()
    if row is None:
        with permitted(accounts, actor, action):
            raise NotFound("governance.grant_absent", "That isn't in force.", hint="List it again.")
    is_supervision = table is relations and row.kind == "supervises"
    over = row.subject if table is relations and not is_supervision else ""
    told = "grant.end" if is_supervision else action
    with permitted(accounts, actor, told, over, about=row.account) as (connection, answer):
        wait_for(accounts, connection, {row.account})
        now = accounts.clock.now()
        connection.execute(update(table).where(*mine).values(ended_at=now))
        tell(
            accounts,
            connection,
            now,
            actor=actor,
            action=told,
            subject=which,
            client=over,
            rule=answer.rule,
            detail={"account": row.account},
        )


def wait_for(accounts: Accounts, connection: Connection, whose: set[str]) -> None:
    """Wait for the work that rests on these accounts' standing, and keep other work waiting until this is done."""
    _wait_for(connection, accounts.tenant, whose)


def _wait_for(connection: Connection, tenant: str, whose: set[str]) -> None:
    table = accounts_table
    for one in sorted(whose):
        mine = (table.c.tenant == tenant, table.c.id == one)
        connection.execute(update(table).where(*mine).values(standing=table.c.standing + 1))


def _grants(accounts: Accounts, connection: Connection, whose: str) -> list[Grant]:
    now = accounts.clock.now()
    asked = select(grants).where(
        grants.c.tenant == accounts.tenant,
        grants.c.account == whose,
        grants.c.ended_at.is_(None),
        (grants.c.ends_at.is_(None)) | (grants.c.ends_at > now),
    )
    return [Grant(**_plain(row)) for row in connection.execute(asked.order_by(grants.c.given_at, grants.c.id))]


def _plain(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row._asdict().items() if name != "tenant"}
