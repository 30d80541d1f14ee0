"""Accounts of the staff: made with an invitation, disabled at once, never deleted, since what they did stays theirs.

Nobody sets a password for somebody else: whoever makes or resets an account gets an invitation, good once and for a
day, with which its owner chooses one.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, select, update
from sqlalchemy import insert as insert_into

from trellis.governance.accounts.logins import end_logins
from trellis.governance.accounts.places import Accounts, new_secret, permitted, tell
from trellis.governance.tables import accounts as table
from trellis.governance.tables import recovery_codes
from trellis.kernel import Conflict, Invalid, NotFound, new_id

State = Literal["active", "disabled"]
NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,79}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may sign in: `name` is typed, `called` is shown; nothing here is a secret."""

    id: str
    name: str
    called: str
    state: State
    has_password: bool
    has_second: bool
    locked_until: datetime | None
    made_at: datetime

    @property
    def actor(self) -> str:
        """Who they are on the audit chain."""
        return f"staff:{self.id}"


def add_account(accounts: Accounts, actor: str, name: str, *, called: str = "") -> tuple[Account, str]:
    """A new account without a password or a role, and the invitation with which its owner chooses one.

    `Invalid` where the name is none; `Conflict` where somebody has it.
    """
    typed = name_of(name)
    if not NAME.fullmatch(typed):
        raise Invalid(
            "governance.account_name",
            "A name to sign in with has 2 to 80 letters, figures or . _ @ + -",
            hint="An address of mail does.",
        )
    now = accounts.clock.now()
    new, secret = new_id("usr"), new_secret()
    with permitted(accounts, actor, "account.add") as (connection, answer):
        if _found(connection, accounts.tenant, table.c.name == typed) is not None:
            raise Conflict("governance.account_exists", "Somebody has that name already.", hint="Take another.")
        accounts.vault.make(accounts.tenant, "account", new)
        connection.execute(
            insert_into(table).values(
                tenant=accounts.tenant,
                id=new,
                name=typed,
                called=called.strip() or typed,
                state="active",
                counter=-1,
                invitation=digest_of(secret),
                invited_until=now + accounts.limits.invitation,
                failed=0,
                standing=1,
                made_at=now,
            )
        )
        tell(accounts, connection, now, actor=actor, action="account.add", subject=new, rule=answer.rule)
        made = _found(connection, accounts.tenant, table.c.id == new)
        assert made is not None
        return made, secret


def list_accounts(accounts: Accounts, actor: str) -> list[Account]:
    """Every account, by name, for whoever may see them."""
    with permitted(accounts, actor, "account.open") as (connection, _):
        asked = select(table).where(table.c.tenant == accounts.tenant).order_by(table.c.name)
        return [as_account(row) for row in connection.execute(asked)]


def find_account(accounts: Accounts, which: str) -> Account:
    """The account of this id or name; `NotFound` where there is none."""
    with accounts.database.look(accounts.tenant) as connection:
        return _known(connection, accounts.tenant, which)


def account_for(accounts: Accounts, actor: str, action: str, which: str) -> str:
    """The id of the account that somebody wants to do something with; who may not do it isn't told who is there."""
    try:
        return find_account(accounts, which).id
    except NotFound:
        with permitted(accounts, actor, action):
            raise


def disable_account(accounts: Accounts, actor: str, which: str) -> Account:
    """Nobody signs in with it and nothing it is signed in with works, from the moment this returns."""
    return _set(accounts, actor, which, "account.disable", state="disabled")


def unlock_account(accounts: Accounts, actor: str, which: str) -> Account:
    """Let it sign in again: after too many tries, or after it was disabled."""
    return _set(accounts, actor, which, "account.unlock", state="active", failed=0, locked_until=None)


def reset_account(accounts: Accounts, actor: str, which: str) -> tuple[Account, str]:
    """Forget its password, second factor and codes, end its logins, and invite its owner anew."""
    secret = new_secret()
    account = _set(
        accounts,
        actor,
        which,
        "account.reset",
        password=None,
        second=None,
        offered=None,
        failed=0,
        locked_until=None,
        invitation=digest_of(secret),
        invited_until=accounts.clock.now() + accounts.limits.invitation,
    )
    return account, secret


def digest_of(secret: str) -> bytes:
    """What is kept of a random secret of 256 bits."""
    return hashlib.sha256(secret.encode()).digest()


def name_of(typed: str) -> str:
    """A name to sign in with, as it is kept."""
    return typed.strip().casefold()


def as_account(row: Row[Any]) -> Account:
    """A row as others see it."""
    return Account(
        id=row.id,
        name=row.name,
        called=row.called,
        state=row.state,
        has_password=row.password is not None,
        has_second=row.second is not None,
        locked_until=row.locked_until,
        made_at=row.made_at,
    )


def _set(accounts: Accounts, actor: str, which: str, action: str, **values: Any) -> Account:
    """Change an account and end its logins; what is signed in with it stops where this is committed."""
    now = accounts.clock.now()
    whose = account_for(accounts, actor, action, which)
    with permitted(accounts, actor, action, about=whose) as (connection, answer):
        before = _known(connection, accounts.tenant, whose)
        mine = (table.c.tenant == accounts.tenant, table.c.id == before.id)
        connection.execute(update(table).where(*mine).values(standing=table.c.standing + 1, **values))
        ended = 0
        if action != "account.unlock":
            ended = end_logins(connection, accounts.tenant, before.id, now)
        if action == "account.reset":
            owned = (recovery_codes.c.tenant == accounts.tenant, recovery_codes.c.account == before.id)
            connection.execute(recovery_codes.delete().where(*owned))
        tell(
            accounts,
            connection,
            now,
            actor=actor,
            action=action,
            subject=before.id,
            rule=answer.rule,
            detail={"logins": ended},
        )
        return _known(connection, accounts.tenant, before.id)


def _known(connection: Connection, tenant: str, which: str) -> Account:
    found = _found(connection, tenant, (table.c.id == which) | (table.c.name == name_of(which)))
    if found is None:
        raise NotFound("governance.account_absent", "There is no such account.", hint="See trellis user list.")
    return found


def _found(connection: Connection, tenant: str, *where: Any) -> Account | None:
    row = connection.execute(select(table).where(table.c.tenant == tenant, *where)).one_or_none()
    return None if row is None else as_account(row)
