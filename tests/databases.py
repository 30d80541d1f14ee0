"""The databases that tests run on: SQLite in a file, and a PostgreSQL server of the run's own.

Migrations run as the owner of the tables, everything else as a role that owns nothing, as in a clinic.
"""

import secrets

from trellis.lab.servers import ROLE, Server
from trellis.store import migrate, open_postgres, open_sqlite

__all__ = ["ROLE", "Server", "fresh"]


def fresh(kind, line, folder, server):
    """A database of this kind ('sqlite', 'postgres'), migrated along a line ('record', 'keys'), for the application."""
    if kind == "sqlite":
        database = open_sqlite(folder / f"{line}.db", secrets.token_bytes(32))
        migrate(database, line)
        return database
    return open_postgres(server().make(line)[1])
