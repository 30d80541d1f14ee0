"""Tables of keys, tombstones, public halves of signing keys, the audit chain, accounts, and who may do what."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Text

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

accounts = tenant_table(
    RECORD,
    "accounts",
    Column("id", String(30), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("called", String(120), nullable=False),
    Column("state", String(10), nullable=False),
    Column("password", LargeBinary),
    Column("second", LargeBinary),
    Column("offered", LargeBinary),
    Column("counter", BigInteger, nullable=False),
    Column("invitation", LargeBinary),
    Column("invited_until", Instant),
    Column("failed", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("standing", BigInteger, nullable=False),
    Column("made_at", Instant, nullable=False),
)

recovery_codes = tenant_table(
    RECORD,
    "recovery_codes",
    Column("digest", LargeBinary, primary_key=True),
    Column("account", String(30), nullable=False),
    Column("used_at", Instant),
)

logins = tenant_table(
    RECORD,
    "logins",
    Column("id", String(30), primary_key=True),
    Column("account", String(30), nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("factors", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

grants = tenant_table(
    RECORD,
    "grants",
    Column("id", String(30), primary_key=True),
    Column("account", String(30), nullable=False),
    Column("role", String(40), nullable=False),
    Column("site", String(40), nullable=False),
    Column("program", String(40), nullable=False),
    Column("given_by", String(60), nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("ended_at", Instant),
)

relations = tenant_table(
    RECORD,
    "relations",
    Column("id", String(30), primary_key=True),
    Column("account", String(30), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subject", String(30), nullable=False),
    Column("given_by", String(60), nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("ended_at", Instant),
)

placements = tenant_table(
    RECORD,
    "placements",
    Column("subject", String(30), primary_key=True),
    Column("site", String(40), primary_key=True),
    Column("program", String(40), primary_key=True),
)

emergencies = tenant_table(
    RECORD,
    "emergencies",
    Column("id", String(30), primary_key=True),
    Column("account", String(30), nullable=False),
    Column("subject", String(30), nullable=False),
    Column("reason", LargeBinary, nullable=False),
    Column("key", String(30), nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("reviewed_at", Instant),
    Column("reviewed_by", String(60), nullable=False),
    Column("finding", String(20), nullable=False),
)
