"""What a step did, said in the transaction in which it did it: so that doing it again changes nothing.

A step may run twice: a worker can be killed after its transaction and before the engine noted the step. Whoever
writes asks `once` first, in the same transaction; then the key and the effect are both there, or neither is.
"""

from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from trellis.jobs.tables import effects


def once(connection: Connection, tenant: str, key: str, now: datetime) -> bool:
    """Whether this is the first time; from the end of this transaction on, it no longer is.

    Of two at the same time the second waits for the first, and is told no where that one was kept.
    """
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    said = insert(effects).values(tenant=tenant, key=key, at=now).on_conflict_do_nothing()
    return connection.execute(said.returning(effects.c.key)).one_or_none() is not None


def is_done(connection: Connection, tenant: str, key: str) -> bool:
    """Whether a step said its key: for one whose effect is outside the database and costs much to do again."""
    asked = select(effects.c.key).where(effects.c.tenant == tenant, effects.c.key == key)
    return connection.execute(asked).one_or_none() is not None
