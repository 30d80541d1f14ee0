"""The first record: versions of entries and their heads, blobs, the audit chain, jobs, holds, receipts."""

import sqlalchemy as sa
from alembic import op

from trellis.store.protect import freeze, protect
from trellis.store.tables import Instant

revision = "r0001"
down_revision = None


def tenant() -> sa.Column[str]:
    return sa.Column("tenant", sa.String(30), primary_key=True)


def upgrade() -> None:
    op.create_table(
        "entries",
        tenant(),
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("client", sa.String(30), nullable=False),
        sa.Column("encounter", sa.String(30)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("label", sa.String(20), nullable=False),
        sa.Column("occurred_at", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
    )
    op.create_index("entries_of_client", "entries", ["tenant", "client", "kind", "occurred_at"])
    op.create_index("entries_of_encounter", "entries", ["tenant", "encounter", "kind"])
    op.create_index("entries_of_kind", "entries", ["tenant", "kind", "state", "occurred_at"])
    op.create_index("entries_by_time", "entries", ["tenant", "kind", "occurred_at"])
    op.create_table(
        "versions",
        tenant(),
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("key", sa.String(30), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("versions_of_key", "versions", ["tenant", "key"])
    op.create_table(
        "blobs",
        tenant(),
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("client", sa.String(30), nullable=False),
        sa.Column("encounter", sa.String(30)),
        sa.Column("label", sa.String(20), nullable=False),
        sa.Column("key", sa.String(30), nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("deleted_at", Instant),
    )
    op.create_index("blobs_of_client", "blobs", ["tenant", "client", "encounter"])
    op.create_table(
        "audit_heads",
        tenant(),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "audit_entries",
        tenant(),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("client", sa.String(30), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("decision", sa.String(10), nullable=False),
        sa.Column("rule", sa.String(80), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_index("audit_of_client", "audit_entries", ["tenant", "client", "number"])
    op.create_table(
        "effects",
        tenant(),
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_table(
        "outbox",
        tenant(),
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("job", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
    )
    op.create_table(
        "holds",
        tenant(),
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("client", sa.String(30), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("placed_at", Instant, nullable=False),
        sa.Column("lifted_at", Instant),
    )
    op.create_table(
        "receipts",
        tenant(),
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("client", sa.String(30), nullable=False),
        sa.Column("rule", sa.String(60), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("items", sa.Text, nullable=False),
    )
    op.create_table(
        "private_books",
        tenant(),
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("client", sa.String(30), nullable=False),
        sa.Column("originator", sa.String(60), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
    )
    op.create_index("private_books_of", "private_books", ["tenant", "client", "originator"], unique=True)
    op.create_table(
        "private_notes",
        tenant(),
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("book", sa.String(30), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("key", sa.String(30), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("private_notes_of_book", "private_notes", ["tenant", "book"])
    op.create_table(
        "accounts",
        tenant(),
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("called", sa.String(120), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("password", sa.LargeBinary),
        sa.Column("second", sa.LargeBinary),
        sa.Column("offered", sa.LargeBinary),
        sa.Column("counter", sa.BigInteger, nullable=False),
        sa.Column("invitation", sa.LargeBinary),
        sa.Column("invited_until", Instant),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("locked_until", Instant),
        sa.Column("standing", sa.BigInteger, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
    )
    op.create_index("accounts_of_name", "accounts", ["tenant", "name"], unique=True)
    op.create_table(
        "recovery_codes",
        tenant(),
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("account", sa.String(30), nullable=False),
        sa.Column("used_at", Instant),
    )
    op.create_index("recovery_codes_of_account", "recovery_codes", ["tenant", "account"])
    op.create_table(
        "logins",
        tenant(),
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("account", sa.String(30), nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("factors", sa.Integer, nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
    )
    op.create_index("logins_of_digest", "logins", ["tenant", "digest"], unique=True)
    op.create_index("logins_of_account", "logins", ["tenant", "account"])
    op.create_table(
        "grants",
        tenant(),
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("account", sa.String(30), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("program", sa.String(40), nullable=False),
        sa.Column("given_by", sa.String(60), nullable=False),
        sa.Column("given_at", Instant, nullable=False),
        sa.Column("ends_at", Instant),
        sa.Column("ended_at", Instant),
    )
    op.create_index("grants_of_account", "grants", ["tenant", "account"])
    op.create_table(
        "relations",
        tenant(),
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("account", sa.String(30), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(30), nullable=False),
        sa.Column("given_by", sa.String(60), nullable=False),
        sa.Column("given_at", Instant, nullable=False),
        sa.Column("ends_at", Instant),
        sa.Column("ended_at", Instant),
    )
    op.create_index("relations_of_account", "relations", ["tenant", "account"])
    op.create_index("relations_of_subject", "relations", ["tenant", "subject"])
    op.create_table(
        "placements",
        tenant(),
        sa.Column("subject", sa.String(30), primary_key=True),
        sa.Column("site", sa.String(40), primary_key=True),
        sa.Column("program", sa.String(40), primary_key=True),
    )
    op.create_table(
        "emergencies",
        tenant(),
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("account", sa.String(30), nullable=False),
        sa.Column("subject", sa.String(30), nullable=False),
        sa.Column("reason", sa.LargeBinary, nullable=False),
        sa.Column("key", sa.String(30), nullable=False),
        sa.Column("begun_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("reviewed_at", Instant),
        sa.Column("reviewed_by", sa.String(60), nullable=False),
        sa.Column("finding", sa.String(20), nullable=False),
    )
    op.create_index("emergencies_of_account", "emergencies", ["tenant", "account"])
    for table in ("entries", "versions", "blobs", "holds"):
        protect(table)
    protect("placements")
    protect("recovery_codes")
    for table in ("accounts", "logins", "grants", "relations", "emergencies"):
        protect(table, ("SELECT", "INSERT", "UPDATE"))
    protect("private_books", ("SELECT", "INSERT"))
    protect("private_notes", ("SELECT", "INSERT", "DELETE"))
    protect("outbox", ("SELECT", "INSERT", "DELETE"))
    protect("audit_heads", ("SELECT", "INSERT", "UPDATE"))
    for table in ("audit_entries", "effects", "receipts"):
        protect(table, ("SELECT", "INSERT"))
        freeze(table)
    # The sealed text may be sealed anew under another key; what it says, and who said it when, may not change.
    freeze(
        "versions",
        ("tenant", "id", "version", "kind", "state", "made_at", "actor", "reason", "digest"),
        kept="OLD.kind IN ('note', 'cosignature', 'addendum', 'alert', 'disclosure', 'withholding')",
    )
