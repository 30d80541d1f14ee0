"""Bring a database to the shape this version knows, forward only, on SQLite and PostgreSQL.

Each step is one transaction: killed in the middle, it has not happened. The steps are in `migrations/record` and
`migrations/keys`; they repeat no code of the rooms, since rooms change and steps don't.
"""

from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from trellis.kernel import Conflict
from trellis.store.databases import Database

Line = Literal["record", "keys"]


def migrate(database: Database, line: Line, *, to: str = "head", role: str = "") -> str:
    """Run the steps this database has not had, up to `to`; gives the revision it is at then.

    On PostgreSQL this runs as the tables' owner; `role` is who may use them afterwards, under row-level security.
    Raises `Conflict` where a newer Trellis made the database.
    """
    config = _config(line)
    now = revision(database)
    script = ScriptDirectory.from_config(config)
    known = {step.revision for step in script.walk_revisions()}
    if (now is not None and now not in known) or (to != "head" and to not in known):
        raise Conflict(
            "store.newer", "A newer Trellis made this.", hint="Use that version, or restore an older backup."
        )
    config.attributes["database"] = database
    config.attributes["role"] = role
    command.upgrade(config, to)
    if role:
        with database.engine.begin() as connection:
            connection.execute(text(f'GRANT SELECT ON alembic_version TO "{role}"'))
    return revision(database) or ""


def revision(database: Database) -> str | None:
    """The step a database is at; None where it is empty."""
    with database.engine.begin() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest(line: Line) -> str:
    """The step this version brings a database to."""
    return ScriptDirectory.from_config(_config(line)).get_current_head() or ""


def _config(line: Line) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations" / line).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
