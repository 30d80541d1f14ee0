"""What a migration adds to a new table: row-level security on PostgreSQL, and no way back for what must not change.

For migrations only.
"""

from collections.abc import Sequence

from alembic import context, op


def protect(table: str, rights: Sequence[str] = ("SELECT", "INSERT", "UPDATE", "DELETE")) -> None:
    """Rows of a table are seen and written by their own tenant alone, with these rights; on PostgreSQL by force."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    mine = "tenant = current_setting('app.tenant', true)"
    op.execute(f"CREATE POLICY tenant ON {table} USING ({mine}) WITH CHECK ({mine})")
    role = context.config.attributes["role"]
    if role:
        op.execute(f'GRANT {", ".join(rights)} ON {table} TO "{role}"')


def freeze(table: str, columns: Sequence[str] = (), kept: str = "") -> None:
    """Rows of a table never change (in these columns, where some are named) and never go, whoever asks.

    `kept` is a condition on the columns of `OLD` under which a row may not be deleted; empty means always.
    """
    of = f" OF {', '.join(columns)}" if columns else ""
    when = f" WHEN ({kept})" if kept else ""
    triggers = (("update", f"BEFORE UPDATE{of}", ""), ("delete", "BEFORE DELETE", when))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$"
        )
        for name, moment, condition in triggers:
            op.execute(
                f"CREATE TRIGGER {table}_{name} {moment} ON {table} FOR EACH ROW{condition} "
                "EXECUTE FUNCTION refuse_change()"
            )
        return
    for name, moment, condition in triggers:
        op.execute(
            f"CREATE TRIGGER {table}_{name} {moment} ON {table}{condition} "
            "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
