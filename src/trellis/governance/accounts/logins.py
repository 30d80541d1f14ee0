"""Logins: kept on the server, so that one can be ended from here at any moment.

What the person's browser holds is 256 random bits; the database holds their digest. A login ends when it wasn't used
for a while, after a number of hours however much it is used, when its owner or an administrator ends it, and when the
account is disabled or reset.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from trellis.governance.accounts.places import Accounts, new_secret, tell
from trellis.governance.tables import accounts as accounts_table
from trellis.governance.tables import logins as table
from trellis.kernel import NotFound, NotPermitted, new_id

TOUCHED_EVERY = timedelta(seconds=30)
"""How much a login's last use may lag behind, so that reading doesn't always write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Somebody who is signed in: on which account, since when, until when at most, with how many factors."""

    id: str
    account: str
    called: str
    factors: int
    needs_second: bool
    made_at: datetime
    ends_at: datetime

    @property
    def actor(self) -> str:
        """Who works on the record through it; `NotPermitted` until a second factor is there, where one is required."""
        if self.needs_second:
            raise NotPermitted(
                "governance.second_required",
                "This clinic requires a second factor, and yours isn't set up yet.",
                hint="Set it up with an authenticator app.",
            )
        return f"staff:{self.account}"


def begin_login(accounts: Accounts, connection: Connection, account: Row[Any], *, factors: int) -> tuple[Login, str]:
    """A new login in this transaction, and the secret that its bearer shows."""
    secret, now = new_secret(), accounts.clock.now()
    values = {
        "id": new_id("log"),
        "account": account.id,
        "factors": factors,
        "made_at": now,
        "seen_at": now,
        "ends_at": now + accounts.limits.whole,
    }
    connection.execute(insert(table).values(tenant=accounts.tenant, digest=_digest(secret), **values))
    return _login(accounts, {**values, "called": account.called}), secret


def find_login(accounts: Accounts, secret: str) -> Login:
    """Whose secret this is, now; `NotPermitted` where the login ended, in whichever way, or never was."""
    now = accounts.clock.now()
    asked = (
        select(table, accounts_table.c.state, accounts_table.c.called)
        .join(
            accounts_table,
            (accounts_table.c.tenant == table.c.tenant) & (accounts_table.c.id == table.c.account),
        )
        .where(table.c.tenant == accounts.tenant, table.c.digest == _digest(secret))
    )
    with accounts.database.look(accounts.tenant) as connection:
        row = connection.execute(asked).one_or_none()
    if (
        row is None
        or row.ended_at is not None
        or row.state != "active"
        or now >= row.ends_at
        or now - row.seen_at > accounts.limits.idle
    ):
        raise NotPermitted("governance.login_ended", "You are signed out.", hint="Sign in again.")
    if now - row.seen_at > min(TOUCHED_EVERY, accounts.limits.idle / 4):
        with accounts.database.change(accounts.tenant) as connection:
            mine = (table.c.tenant == accounts.tenant, table.c.id == row.id, table.c.ended_at.is_(None))
            connection.execute(update(table).where(*mine).values(seen_at=now))
    return _login(accounts, row._asdict())


def logins_of(accounts: Accounts, account: str) -> list[Login]:
    """Where an account is signed in now, newest first."""
    now = accounts.clock.now()
    asked = (
        select(table, accounts_table.c.called)
        .join(
            accounts_table,
            (accounts_table.c.tenant == table.c.tenant) & (accounts_table.c.id == table.c.account),
        )
        .where(table.c.tenant == accounts.tenant, table.c.account == account, table.c.ended_at.is_(None))
        .where(table.c.ends_at > now, table.c.seen_at >= now - accounts.limits.idle)
        .order_by(table.c.made_at.desc())
    )
    with accounts.database.look(accounts.tenant) as connection:
        return [_login(accounts, row._asdict()) for row in connection.execute(asked)]


def end_login(accounts: Accounts, login: Login, which: str = "") -> None:
    """Sign out: this login, or another of the same account by its id; `NotFound` where it has none."""
    now, ended = accounts.clock.now(), which or login.id
    with accounts.database.change(accounts.tenant) as connection:
        mine = (table.c.tenant == accounts.tenant, table.c.id == ended, table.c.account == login.account)
        done = connection.execute(update(table).where(*mine, table.c.ended_at.is_(None)).values(ended_at=now))
        if done.rowcount != 1:
            raise NotFound("governance.login_absent", "There is no such login of yours.", hint="List them again.")
        actor = f"staff:{login.account}"
        tell(accounts, connection, now, actor=actor, action="login.end", subject=ended, rule="login.own")


def end_all_logins(accounts: Accounts, login: Login) -> int:
    """Sign out everywhere, here too; gives how many logins ended."""
    now = accounts.clock.now()
    with accounts.database.change(accounts.tenant) as connection:
        ended = end_logins(connection, accounts.tenant, login.account, now)
        actor = f"staff:{login.account}"
        tell(
            accounts,
            connection,
            now,
            actor=actor,
            action="login.end_all",
            subject=login.account,
            rule="login.own",
            detail={"logins": ended},
        )
        return ended


def end_logins(connection: Connection, tenant: str, account: str, now: datetime, *, but: str = "") -> int:
    """End every login of an account (but one) in this transaction; gives how many."""
    mine = (table.c.tenant == tenant, table.c.account == account, table.c.id != but, table.c.ended_at.is_(None))
    return int(connection.execute(update(table).where(*mine).values(ended_at=now)).rowcount)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(b"login " + secret.encode()).digest()


def _login(accounts: Accounts, row: Mapping[str, Any]) -> Login:
    return Login(
        id=row["id"],
        account=row["account"],
        called=row["called"],
        factors=row["factors"],
        needs_second=accounts.limits.is_second_required and row["factors"] < 2,
        made_at=row["made_at"],
        ends_at=row["ends_at"],
    )
