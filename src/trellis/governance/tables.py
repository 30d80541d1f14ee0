"""Tables of keys, tombstones, public halves of signing keys, and the audit chain."""

from sqlalchemy import BigInteger, Column, LargeBinary, String, Text

from trellis.store import KEYS, RECORD, Instant, tenant_table

keys = tenant_table(
    KEYS,
    "keys",
    Column("id", String(30), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("owner", String(30), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("wrapped_by", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("retired_at", Instant),
)

tombstones = tenant_table(
    KEYS,
    "tombstones",
    Column("key", String(30), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("owner", String(30), nullable=False),
    Column("destroyed_at", Instant, nullable=False),
    Column("reason", String(40), nullable=False),
)

signers = tenant_table(
    KEYS,
    "signers",
    Column("key", String(30), primary_key=True),
    Column("public", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
)

audit_heads = tenant_table(
    RECORD,
    "audit_heads",
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

audit_entries = tenant_table(
    RECORD,
    "audit_entries",
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("client", String(30), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("decision", String(10), nullable=False),
    Column("rule", String(80), nullable=False),
    Column("detail", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
