"""Migrations lead from nothing to what the code knows, on both databases, and say when they can't."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

import trellis.jobs  # noqa: F401 (its tables are in the record too)
from tests.databases import ROLE, fresh
from trellis.kernel import Conflict
from trellis.store import KEYS, RECORD, migrate, newest, open_postgres, revision


@pytest.mark.parametrize("line", ["record", "keys"])
def test_migrations_make_what_the_code_declares(line, database_kind, tmp_path, postgres):
    """No column, key or index differs between the migrated database and the tables of the rooms."""
    database = fresh(database_kind, line, tmp_path, postgres)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [
            one
            for one in compare_metadata(context, RECORD if line == "record" else KEYS)
            if one[0] != "remove_index"  # the migrations alone name indexes
        ]
    database.close()

    assert differences == []


@pytest.mark.parametrize("line", ["record", "keys"])
def test_a_second_run_changes_nothing(line, database_kind, tmp_path, postgres):
    """At its newest step a database stays as it is."""
    database = fresh(database_kind, line, tmp_path, postgres)
    before = revision(database)

    assert before == newest(line)
    database.close()


def test_a_database_of_a_newer_trellis_is_left_alone(database_kind, tmp_path, postgres):
    """An unknown step is refused by name, and nothing is changed."""
    if database_kind == "postgres":
        owner, _ = postgres().make()
        database = open_postgres(owner)
        migrate(database, "record", role=ROLE)
    else:
        database = fresh("sqlite", "record", tmp_path, postgres)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))

    with pytest.raises(Conflict, match="newer"):
        migrate(database, "record")
    database.close()
