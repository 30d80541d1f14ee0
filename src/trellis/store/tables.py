"""What every table of the record has in common: its tenant first, and times that are aware.

Two databases are kept apart: `RECORD` holds what a clinic knows, sealed; `KEYS` holds the keys to it. A backup of the
first without the second can be read by nobody. Each floor declares its own tables, in its `tables.py`.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, MetaData, String, Table
from sqlalchemy.sql.schema import SchemaItem
from sqlalchemy.types import TypeDecorator

RECORD = MetaData()
KEYS = MetaData()


class Instant(TypeDecorator[datetime]):
    """An aware time in UTC on both databases; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC on the way in; a naive time is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("times are aware")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, its base's
        """Aware on the way out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def tenant_table(metadata: MetaData, name: str, *items: SchemaItem) -> Table:
    """A table whose first key is the organisation its rows belong to; PostgreSQL enforces that (see the migrations)."""
    return Table(name, metadata, Column("tenant", String(30), primary_key=True), *items)


def as_bytes(value: Any) -> bytes:
    """A binary column's value, whichever buffer the driver gives."""
    return bytes(value)
