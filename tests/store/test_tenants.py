"""Raw SQL without any filter sees one organisation, whichever table it asks and whatever it tries."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

import trellis.jobs  # noqa: F401 (its tables are in the record too)
from tests.databases import fresh
from trellis.governance import AuditEntry, HeldRoots, Vault, append
from trellis.kernel import TrellisError
from trellis.store import KEYS, RECORD, Instant

OURS, THEIRS = "org_ours", "org_theirs"
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


@pytest.fixture(scope="module")
def databases(postgres, tmp_path_factory):
    """Both databases on PostgreSQL as the application's role, with a row of each organisation in every table."""
    folder = tmp_path_factory.mktemp("tenants")
    made = {line: fresh("postgres", line, folder, postgres) for line in ("record", "keys")}
    for tenant in (OURS, THEIRS):
        for line, metadata in (("record", RECORD), ("keys", KEYS)):
            for table in metadata.sorted_tables:
                values = {column.name: example(column) for column in table.columns} | {"tenant": tenant}
                with made[line].change(tenant) as connection:
                    connection.execute(table.insert().values(**values))
    yield made
    for database in made.values():
        database.close()


def example(column):
    """A value of a column's type."""
    if isinstance(column.type, Instant):
        return datetime(2026, 1, 1, tzinfo=UTC)
    return {str: "x", int: 1, bytes: b"x"}[column.type.python_type]


@pytest.mark.parametrize("line", ["record", "keys"])
def test_every_table_of_the_catalogue_shows_one_organisation(databases, line):
    """Every table but the migrations' own is asked without a filter; nothing of another organisation is seen."""
    database = databases[line]
    with database.look(OURS) as connection:
        tables = {row[0] for row in connection.execute(text(TABLES))} - {"alembic_version"}
        metadata = RECORD if line == "record" else KEYS
        assert tables == {table.name for table in metadata.sorted_tables}
        for table in tables:
            seen = [row[0] for row in connection.execute(text(f"SELECT tenant FROM {table}"))]
            assert seen and set(seen) == {OURS}, table


@pytest.mark.parametrize("line", ["record", "keys"])
def test_nobody_writes_into_another_organisation(databases, line):
    """An insert under another's name is refused; an update or a deletion of another's rows touches none."""
    database = databases[line]
    for table in (RECORD if line == "record" else KEYS).sorted_tables:
        values = {column.name: example(column) for column in table.columns} | {"tenant": THEIRS}
        with pytest.raises(TrellisError), database.change(OURS) as connection:
            connection.execute(table.insert().values(**values))
    with database.change(OURS) as connection:
        changed = connection.execute(text(f"UPDATE {'entries' if line == 'record' else 'keys'} SET tenant = tenant"))
        assert changed.rowcount == 1


def test_without_an_organisation_nothing_is_seen(databases):
    """A connection that names none sees no row at all."""
    with databases["record"].engine.connect() as connection:
        for table in RECORD.sorted_tables:
            assert connection.execute(text(f"SELECT count(*) FROM {table.name}")).scalar() == 0, table.name


def test_the_application_owns_no_table_and_can_not_lift_the_rule(databases):
    """The role can't switch row-level security off, nor drop a table, nor become somebody who can."""
    for statement in (
        "ALTER TABLE entries DISABLE ROW LEVEL SECURITY",
        "DROP TABLE entries",
        "SET ROLE owner",
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
        "TRUNCATE audit_entries",
    ):
        with pytest.raises(TrellisError), databases["record"].change(OURS) as connection:
            connection.execute(text(statement))


def test_on_sqlite_each_organisation_has_its_own_file(tmp_path):
    """One file, one key, one organisation: another's key doesn't open it."""
    vaults = {}
    for tenant in (OURS, THEIRS):
        (tmp_path / tenant).mkdir()
        vaults[tenant] = Vault(fresh("sqlite", "keys", tmp_path / tenant, None), HeldRoots((b"r" * 32,)))
        vaults[tenant].make(tenant, "tenant", tenant)
    with pytest.raises(TrellisError):
        vaults[OURS].current(THEIRS, "tenant", THEIRS)
    for vault in vaults.values():
        vault.close()


def test_audited_rows_can_not_be_changed_by_anybody(record):
    """On both databases an entry of the chain refuses to be changed or removed."""
    with record.database.change(record.tenant) as connection:
        append(connection, record.tenant, [AuditEntry(actor="a", action="b.c", subject="d")], record.clock.now())
    for statement in ("UPDATE audit_entries SET actor = 'x'", "DELETE FROM audit_entries"):
        with pytest.raises(TrellisError), record.database.change(record.tenant) as connection:
            connection.execute(text(statement))
