"""Jobs asked for in the transaction of what they follow from: no job without its cause, no cause without its job.

The engine's own state is in another database, so a job can't be started in a transaction of the record. It is asked
for there; the worker starts it afterwards under the same key, and then takes it out of the box.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from trellis.jobs.steps import Asked, check_id
from trellis.jobs.tables import outbox


def ask(connection: Connection, tenant: str, asked: Asked, now: datetime) -> None:
    """Have a job started once this transaction is kept; asked for twice under one key, it is started once."""
    check_id(asked.key)
    check_id(asked.subject)
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = {"tenant": tenant, "key": asked.key, "job": asked.job, "subject": asked.subject, "asked_at": now}
    connection.execute(insert(outbox).values(row).on_conflict_do_nothing())


def asked_for(connection: Connection, tenant: str) -> list[Asked]:
    """What waits to be started, oldest first."""
    rows = connection.execute(select(outbox).where(outbox.c.tenant == tenant).order_by(outbox.c.asked_at, outbox.c.key))
    return [Asked(job=row.job, subject=row.subject, key=row.key) for row in rows]


def oldest_asked(connection: Connection, tenant: str) -> datetime | None:
    """Since when a job waits to be started; None where none does. A worker takes jobs out within seconds."""
    return connection.execute(select(func.min(outbox.c.asked_at)).where(outbox.c.tenant == tenant)).scalar()


def take_out(connection: Connection, tenant: str, key: str) -> None:
    """Say that a job was started."""
    connection.execute(delete(outbox).where(outbox.c.tenant == tenant, outbox.c.key == key))
