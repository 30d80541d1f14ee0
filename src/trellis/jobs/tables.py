"""Tables of work: effects that happened, and jobs asked for in a transaction that the worker hasn't picked up yet."""

from sqlalchemy import Column, String

from trellis.store import RECORD, Instant, tenant_table

effects = tenant_table(
    RECORD,
    "effects",
    Column("key", String(120), primary_key=True),
    Column("at", Instant, nullable=False),
)

outbox = tenant_table(
    RECORD,
    "outbox",
    Column("key", String(80), primary_key=True),
    Column("job", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("asked_at", Instant, nullable=False),
)
