"""Showing that it is you: an invitation taken up, a password, a second factor; and what many wrong tries bring.

A try is counted before it is judged, so that a thousand at once are a thousand tries. From the fifth wrong one in a
row on there is a wait, which doubles; after a hundred (SP 800-63B-4, 3.2.2) an administrator must unlock. Whether the
name, the password or the code was wrong, or the account waits or is disabled, isn't said, and takes as long.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from trellis.governance.accounts.factors import (
    Offer,
    digest_of_code,
    looks_like_code,
    make_codes,
    make_offer,
    step_of,
)
from trellis.governance.accounts.logins import Login, begin_login, end_logins
from trellis.governance.accounts.passwords import check_password, hash_password, is_password, nobodys_hash
from trellis.governance.accounts.people import Account, as_account, digest_of, name_of
from trellis.governance.accounts.places import Accounts, tell
from trellis.governance.audit import Decision
from trellis.governance.tables import accounts as table
from trellis.governance.tables import logins, recovery_codes
from trellis.kernel import NotPermitted
from trellis.store import as_bytes

FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_TRIES = 100
ISSUER = "Trellis"


def accept_invitation(
    accounts: Accounts, name: str, invitation: str, password: str, *, about: Sequence[str] = ()
) -> Account:
    """Choose the password of an account one was invited to; the invitation is good once.

    `about` are words nobody may take, such as the clinic's name. Raises `NotPermitted` on a wrong or late invitation.
    """
    plain = check_password(password, has_second=accounts.limits.is_second_required, about=[name, *about])
    hashed = hash_password(plain).encode()
    now = accounts.clock.now()
    with accounts.database.change(accounts.tenant) as connection:
        row = _row(connection, accounts, name)
        if row is not None and row.state == "active" and row.invited_until is not None and now < row.invited_until:
            taken = connection.execute(
                update(table)
                .where(*_mine(accounts, row.id), table.c.invitation == digest_of(invitation))
                .values(
                    password=accounts.hide(row.id, hashed, "password"),
                    invitation=None,
                    invited_until=None,
                    failed=0,
                    locked_until=None,
                )
            )
            if taken.rowcount == 1:
                actor = f"staff:{row.id}"
                tell(accounts, connection, now, actor=actor, action="account.accept", subject=row.id, rule="invited")
                done = _row(connection, accounts, name)
                assert done is not None
                return as_account(done)
        _tell_refused(accounts, connection, row, "account.accept", "invitation.wrong")
    raise NotPermitted(
        "governance.invitation_wrong",
        "That invitation doesn't fit, or its time is over.",
        hint="Ask for a new one.",
    )


def sign_in(accounts: Accounts, name: str, password: str, code: str = "") -> tuple[Login, str]:
    """A login, and the secret that its bearer shows from now on (it is kept nowhere here).

    `code` is six figures of the app, or a recovery code. Raises `NotPermitted`: `governance.second_missing` where the
    password was right and a code is needed, `governance.sign_in_refused` in every other case.
    """
    now = accounts.clock.now()
    row = _count_try(accounts, name, now)
    may_try = row is not None and row.state == "active" and not _waits(row, now)
    factors = _judge(accounts, row if may_try else None, password, code, now)
    with accounts.database.change(accounts.tenant) as connection:
        held = None if row is None else _row(connection, accounts, name, hold=True)
        if held is None or not factors or held.state != "active" or held.password != (row and row.password):
            rule = "account.absent" if row is None else f"account.{row.state}" if row.state != "active" else ""
            _tell_refused(accounts, connection, row, "login.begin", rule or ("login.wrong" if may_try else "wait"))
            refused = "governance.sign_in_refused"
        elif held.second is not None and not code.strip():
            undone = {"failed": max(held.failed - 1, 0), "locked_until": None}
            connection.execute(update(table).where(*_mine(accounts, held.id)).values(**undone))
            refused = "governance.second_missing"
        elif held.second is not None and not _spend(accounts, connection, held, code, now):
            _tell_refused(accounts, connection, row, "login.begin", "code.used")
            refused = "governance.sign_in_refused"
        else:
            connection.execute(update(table).where(*_mine(accounts, held.id)).values(failed=0, locked_until=None))
            login, secret = begin_login(accounts, connection, held, factors=factors)
            tell(
                accounts,
                connection,
                now,
                actor=f"staff:{held.id}",
                action="login.begin",
                subject=login.id,
                rule="password" if factors == 1 else "password.second",
            )
            return login, secret
    if refused == "governance.second_missing":
        raise NotPermitted(
            "governance.second_missing", "Now the code of your app.", hint="Or one of your recovery codes."
        )
    raise NotPermitted(
        "governance.sign_in_refused",
        "That didn't work.",
        hint="Check name, password and code; after several tries, wait a little or ask an administrator.",
    )


def offer_second(accounts: Accounts, login: Login) -> Offer:
    """A second factor to set up; it counts once a code of it was shown. An older one stays until then."""
    now = accounts.clock.now()
    with accounts.database.change(accounts.tenant) as connection:
        row = _own(connection, accounts, login)
        offer = make_offer(row.name, ISSUER)
        hidden = accounts.hide(row.id, offer.secret.encode(), "second")
        connection.execute(update(table).where(*_mine(accounts, row.id)).values(offered=hidden))
        actor = f"staff:{row.id}"
        tell(accounts, connection, now, actor=actor, action="account.offer_second", subject=row.id, rule="login.own")
    return offer


def confirm_second(accounts: Accounts, login: Login, code: str) -> list[str]:
    """Take up the offered second factor with a code of it; gives the recovery codes, which are shown this once.

    This login has both factors from here on; the account's others end. `NotPermitted` on a wrong code.
    """
    now = accounts.clock.now()
    with accounts.database.change(accounts.tenant) as connection:
        row = _own(connection, accounts, login)
        step = None
        if row.offered is not None and not _waits(row, now):
            secret = accounts.reveal(row.id, as_bytes(row.offered), "second").decode()
            step = step_of(secret, code, now, -1)
        if step is None:
            connection.execute(update(table).where(*_mine(accounts, row.id)).values(**_after_try(row, now)))
            _tell_refused(accounts, connection, row, "account.confirm_second", "code.wrong")
        else:
            connection.execute(
                update(table)
                .where(*_mine(accounts, row.id))
                .values(second=row.offered, offered=None, counter=step, failed=0, locked_until=None)
            )
            codes = make_codes()
            _keep_codes(accounts, connection, row.id, codes)
            mine = (logins.c.tenant == accounts.tenant, logins.c.id == login.id)
            connection.execute(update(logins).where(*mine).values(factors=2))
            end_logins(connection, accounts.tenant, row.id, now, but=login.id)
            tell(
                accounts,
                connection,
                now,
                actor=f"staff:{row.id}",
                action="account.confirm_second",
                subject=row.id,
                rule="login.own",
            )
            return codes
    raise NotPermitted("governance.code_wrong", "That code doesn't fit.", hint="Type the one shown now.")


def change_password(accounts: Accounts, login: Login, before: str, after: str, *, about: Sequence[str] = ()) -> None:
    """Another password, for who knows the one so far; the account's other logins end."""
    now = accounts.clock.now()
    with accounts.database.look(accounts.tenant) as connection:
        row = _own(connection, accounts, login, hold=False)
    counted = _count_try(accounts, row.name, now)
    is_known = (
        counted is not None and not _waits(counted, now) and _judge(accounts, counted, before, "", now, alone=True)
    )
    has_second = row.second is not None or accounts.limits.is_second_required
    if is_known:
        hashed = hash_password(check_password(after, has_second=has_second, about=[row.name, *about])).encode()
    with accounts.database.change(accounts.tenant) as connection:
        held = _own(connection, accounts, login)
        if is_known and held.password == row.password:
            connection.execute(
                update(table)
                .where(*_mine(accounts, row.id))
                .values(password=accounts.hide(row.id, hashed, "password"), failed=0, locked_until=None)
            )
            ended = end_logins(connection, accounts.tenant, row.id, now, but=login.id)
            tell(
                accounts,
                connection,
                now,
                actor=f"staff:{row.id}",
                action="account.change_password",
                subject=row.id,
                rule="login.own",
                detail={"logins": ended},
            )
            return
        _tell_refused(accounts, connection, row, "account.change_password", "password.wrong")
    raise NotPermitted("governance.password_wrong", "That isn't the password so far.", hint="Type it again.")


def _count_try(accounts: Accounts, name: str, now: datetime) -> Row[Any] | None:
    """Count a try before it is judged; gives the account as it was before, None where there is none."""
    with accounts.database.change(accounts.tenant) as connection:
        row = _row(connection, accounts, name, hold=True)
        values = _after_try(row, now) if row is not None else {"failed": 0}
        connection.execute(update(table).where(*_mine(accounts, row.id if row is not None else "")).values(**values))
        return row


def _after_try(row: Row[Any], now: datetime) -> dict[str, Any]:
    """One more try, and until when there is a wait after it; a try while waiting doesn't count."""
    if _waits(row, now):
        return {"failed": row.failed}
    failed = row.failed + 1
    if failed < FREE_TRIES:
        return {"failed": failed, "locked_until": None}
    wait = min(FIRST_WAIT * 2 ** min(failed - FREE_TRIES, 20), LONGEST_WAIT)
    return {"failed": failed, "locked_until": now + wait}


def _waits(row: Row[Any], now: datetime) -> bool:
    return row.failed >= MOST_TRIES or (row.locked_until is not None and now < row.locked_until)


def _judge(
    accounts: Accounts, row: Row[Any] | None, password: str, code: str, now: datetime, *, alone: bool = False
) -> int:
    """How many factors were shown, 0 where any was wrong; takes as long where there is no account."""
    if row is None or row.password is None:
        accounts.vault.current(accounts.tenant, "signing", accounts.tenant)
        is_password(password, nobodys_hash())
        return 0
    hashed = accounts.reveal(row.id, as_bytes(row.password), "password").decode()
    if not is_password(password, hashed):
        return 0
    if row.second is None or alone or not code.strip():
        return 1
    if looks_like_code(code):
        return 2  # spent, and so judged, in the transaction of the login
    secret = accounts.reveal(row.id, as_bytes(row.second), "second").decode()
    return 2 if step_of(secret, code, now, row.counter) is not None else 0


def _spend(accounts: Accounts, connection: Connection, row: Row[Any], code: str, now: datetime) -> bool:
    """Use a code up in this transaction; whether it was there to be used."""
    if looks_like_code(code):
        key = accounts.vault.current(accounts.tenant, "account", row.id)
        mine = (recovery_codes.c.tenant == accounts.tenant, recovery_codes.c.account == row.id)
        this = (recovery_codes.c.digest == digest_of_code(key, code), recovery_codes.c.used_at.is_(None))
        return connection.execute(update(recovery_codes).where(*mine, *this).values(used_at=now)).rowcount == 1
    secret = accounts.reveal(row.id, as_bytes(row.second), "second").decode()
    step = step_of(secret, code, now, row.counter)
    if step is None:
        return False
    used = update(table).where(*_mine(accounts, row.id), table.c.counter < step).values(counter=step)
    return connection.execute(used).rowcount == 1


def _keep_codes(accounts: Accounts, connection: Connection, account: str, codes: Sequence[str]) -> None:
    """Keep these recovery codes in place of all before."""
    key = accounts.vault.current(accounts.tenant, "account", account)
    mine = (recovery_codes.c.tenant == accounts.tenant, recovery_codes.c.account == account)
    connection.execute(recovery_codes.delete().where(*mine))
    rows = [{"tenant": accounts.tenant, "account": account, "digest": digest_of_code(key, code)} for code in codes]
    connection.execute(insert(recovery_codes), rows)


def _tell_refused(accounts: Accounts, connection: Connection, row: Row[Any] | None, action: str, rule: str) -> None:
    now = accounts.clock.now()
    subject = accounts.tenant if row is None else row.id
    actor = "nobody" if row is None else f"staff:{row.id}"
    decision: Decision = "refuse"
    tell(accounts, connection, now, actor=actor, action=action, subject=subject, rule=rule, decision=decision)


def _own(connection: Connection, accounts: Accounts, login: Login, *, hold: bool = True) -> Row[Any]:
    """The account of a login that is still one."""
    asked = select(table).where(*_mine(accounts, login.account))
    row = connection.execute(asked.with_for_update() if hold else asked).one()
    still = select(logins.c.id).where(
        logins.c.tenant == accounts.tenant, logins.c.id == login.id, logins.c.ended_at.is_(None)
    )
    if row.state != "active" or connection.execute(still).first() is None:
        raise NotPermitted("governance.login_ended", "You are signed out.", hint="Sign in again.")
    return row


def _row(connection: Connection, accounts: Accounts, name: str, *, hold: bool = False) -> Row[Any] | None:
    asked = select(table).where(table.c.tenant == accounts.tenant, table.c.name == name_of(name))
    return connection.execute(asked.with_for_update() if hold else asked).one_or_none()


def _mine(accounts: Accounts, account: str) -> tuple[Any, Any]:
    return table.c.tenant == accounts.tenant, table.c.id == account
