"""Where accounts are kept and what they are held to: the databases of one organisation, and its limits.

Takes the settings; gives limits as times. Also the few ways in which every module here reads and tells.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from trellis.governance.access import Decision as Answer
from trellis.governance.access import Standing
from trellis.governance.audit import AuditEntry, Decision, append
from trellis.governance.sealing import seal, unseal
from trellis.governance.vault import Vault
from trellis.kernel import Clock, NotPermitted, Settings, SystemClock
from trellis.store import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a login lasts without being used and at most, and whether everybody has a second factor.

    The defaults are stricter than SP 800-63B-4 asks at its second level (an hour idle, a day in all).
    """

    idle: timedelta = timedelta(minutes=15)
    whole: timedelta = timedelta(hours=12)
    invitation: timedelta = timedelta(hours=24)
    is_second_required: bool = True


def limits_of(settings: Settings) -> Limits:
    """The limits in force."""
    return Limits(
        idle=timedelta(minutes=settings.number("accounts.idle_minutes")),
        whole=timedelta(hours=settings.number("accounts.login_hours")),
        invitation=timedelta(hours=settings.number("accounts.invitation_hours")),
        is_second_required=settings.flag("accounts.second_factor"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The accounts of one organisation: its two databases, its limits and the clock."""

    tenant: str
    database: Database
    vault: Vault
    limits: Limits = field(default_factory=Limits)
    clock: Clock = field(default_factory=SystemClock)

    def hide(self, account: str, plain: bytes, what: str) -> bytes:
        """Seal what somebody signs in with under a key of theirs, which is not in this database."""
        key = self.vault.current(self.tenant, "account", account)
        return key.id.encode() + b"\0" + seal(key.material, plain, _about(self.tenant, account, what))

    def reveal(self, account: str, hidden: bytes, what: str) -> bytes:
        """What was sealed; `Unavailable` where it was altered or moved from another account."""
        name, _, sealed = hidden.partition(b"\0")
        return unseal(self.vault.key(self.tenant, name.decode()).material, sealed, _about(self.tenant, account, what))


@contextmanager
def permitted(
    accounts: Accounts, actor: str, action: str, subject: str = "", *, about: str = ""
) -> Iterator[tuple[Connection, Answer]]:
    """A transaction in which an actor may do something, with the rule that permits it; `NotPermitted` names another.

    `subject` is whom it concerns, `about` the account whose standing it changes. A refusal is on the audit chain.
    """
    now = accounts.clock.now()
    with accounts.database.change(accounts.tenant) as connection:
        standing = Standing(connection, tenant=accounts.tenant, actor=actor, purpose="operations", now=now)
        answer = standing.decide(action, subject, about=about)
        if answer.is_permitted:
            yield connection, answer
            return
        tell(
            accounts,
            connection,
            now,
            actor=actor,
            action=action,
            subject=subject or about or accounts.tenant,
            rule=answer.rule,
            decision="refuse",
        )
    raise refusal(answer)


def refusal(answer: Answer) -> NotPermitted:
    """The error of a refusal, for who may know its rule."""
    return NotPermitted(
        "governance.refused", f"{answer.sentence} ({answer.rule})", hint="Ask an administrator, if you should."
    )


def new_secret() -> str:
    """256 random bits, as text for a link or a cookie."""
    return secrets.token_urlsafe(32)


def tell(
    accounts: Accounts,
    connection: Connection,
    at: datetime,
    *,
    actor: str,
    action: str,
    subject: str,
    rule: str,
    decision: Decision = "permit",
    client: str = "",
    detail: Mapping[str, str | int] | None = None,
) -> None:
    """A line on the audit chain, in this transaction; never a name that was typed, a password or a code."""
    line = AuditEntry(
        actor=actor,
        action=action,
        subject=subject,
        client=client,
        purpose="operations",
        decision=decision,
        rule=rule,
        detail=detail or {},
    )
    append(connection, accounts.tenant, [line], at)


def _about(tenant: str, account: str, what: str) -> str:
    return f"accounts/{tenant}/{account}/{what}"
