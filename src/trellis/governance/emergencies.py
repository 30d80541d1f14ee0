"""Breaking the glass: a chart opened without being on its team, with a reason, for a while, and looked at afterwards.

45 CFR 164.312(a)(2)(ii): access in an emergency. It opens what the actor's role opens of a client of their team, and
nothing else: it writes nothing, signs nothing, and reaches nobody's psychotherapy notes. The reason is sealed under
the client's key, since it says something about them. Each waits in a queue until somebody else has reviewed it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import insert, select, update

from trellis.governance.accounts import Accounts, permitted, tell
from trellis.governance.grants import wait_for
from trellis.governance.sealing import seal, unseal
from trellis.governance.tables import emergencies as table
from trellis.kernel import Conflict, Invalid, NotFound, new_id
from trellis.store import as_bytes

LASTS = timedelta(hours=4)
SHORTEST = 10
"""Letters a reason has at least: a word is none."""

Finding = Literal["justified", "unclear", "unjustified"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """A chart opened in an emergency. `reason` is for the reviewer's eyes, and in no representation."""

    id: str
    account: str
    subject: str
    begun_at: datetime
    ends_at: datetime
    reviewed_at: datetime | None
    reviewed_by: str
    finding: str
    reason: str

    def __repr__(self) -> str:
        """Without the reason."""
        return f"Emergency({self.id})"


def begin_emergency(accounts: Accounts, actor: str, subject: str, reason: str) -> Emergency:
    """Let the actor open a client's chart for four hours; `NotPermitted` to a role that breaks no glass.

    `Invalid` without a reason. A client who isn't there is refused with the same words as one who may not be known of.
    """
    if len(reason.strip()) < SHORTEST:
        raise Invalid("governance.reason_missing", "An emergency has a reason.", hint="Say what happened.")
    now = accounts.clock.now()
    with permitted(accounts, actor, "emergency.begin", subject) as (connection, answer):
        try:
            key = accounts.vault.current(accounts.tenant, "client", subject)
        except NotFound:
            raise NotFound("record.entry_absent", f"There is no {subject}.", hint="Check the id.") from None
        new = new_id("emg")
        row: dict[str, Any] = {
            "id": new,
            "account": actor.partition(":")[2],
            "subject": subject,
            "begun_at": now,
            "ends_at": now + LASTS,
            "reviewed_at": None,
            "reviewed_by": "",
            "finding": "",
        }
        sealed = seal(key.material, reason.strip().encode(), _about(accounts.tenant, new))
        connection.execute(insert(table).values(tenant=accounts.tenant, reason=sealed, key=key.id, **row))
        tell(
            accounts,
            connection,
            now,
            actor=actor,
            action="emergency.begin",
            subject=new,
            client=subject,
            rule=answer.rule,
        )
        return Emergency(reason=reason.strip(), **row)


def emergencies_to_review(accounts: Accounts, actor: str) -> list[Emergency]:
    """Those nobody has reviewed yet, oldest first, with their reasons; for whoever reviews them."""
    with permitted(accounts, actor, "access.review") as (connection, _):
        asked = select(table).where(table.c.tenant == accounts.tenant, table.c.reviewed_at.is_(None))
        rows = connection.execute(asked.order_by(table.c.begun_at, table.c.id)).all()
    return [_opened(accounts, row) for row in rows]


def review_emergency(accounts: Accounts, actor: str, which: str, finding: Finding) -> None:
    """Say what an emergency was; where it wasn't justified it ends at once. Nobody reviews their own."""
    if finding not in get_args(Finding):
        raise Invalid("governance.finding_unknown", "There is no such finding.", hint="Take justified or another.")
    mine = (table.c.tenant == accounts.tenant, table.c.id == which)
    with accounts.database.look(accounts.tenant) as connection:
        row = connection.execute(select(table).where(*mine)).one_or_none()
    whose = "" if row is None else row.account
    with permitted(accounts, actor, "emergency.review", about=whose) as (connection, answer):
        if row is None:
            raise NotFound("governance.emergency_absent", "There is no such emergency.", hint="List them again.")
        now = accounts.clock.now()
        wait_for(accounts, connection, {whose})
        values = {"reviewed_at": now, "reviewed_by": actor, "finding": finding}
        if finding == "unjustified":
            values["ends_at"] = min(row.ends_at, now)
        done = connection.execute(update(table).where(*mine, table.c.reviewed_at.is_(None)).values(**values))
        if done.rowcount != 1:
            raise Conflict("governance.reviewed", "Somebody reviewed this first.", hint="List them again.")
        tell(
            accounts,
            connection,
            now,
            actor=actor,
            action="emergency.review",
            subject=which,
            rule=answer.rule,
            detail={"finding": finding},
        )


def _opened(accounts: Accounts, row: Any) -> Emergency:
    try:
        key = accounts.vault.key(accounts.tenant, row.key)
        reason = unseal(key.material, as_bytes(row.reason), _about(accounts.tenant, row.id)).decode()
    except NotFound:
        reason = ""  # the client was forgotten, and the reason with them
    return Emergency(
        id=row.id,
        account=row.account,
        subject=row.subject,
        begun_at=row.begun_at,
        ends_at=row.ends_at,
        reviewed_at=row.reviewed_at,
        reviewed_by=row.reviewed_by,
        finding=row.finding,
        reason=reason,
    )


def _about(tenant: str, which: str) -> str:
    return f"emergencies/{tenant}/{which}"
