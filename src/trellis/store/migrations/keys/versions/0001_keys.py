"""The first key database: wrapped keys, tombstones of those destroyed, public halves of those that sign."""

import sqlalchemy as sa
from alembic import op

from trellis.store.protect import freeze, protect
from trellis.store.tables import Instant

revision = "k0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "keys",
        sa.Column("tenant", sa.String(30), primary_key=True),
        sa.Column("id", sa.String(30), primary_key=True),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("owner", sa.String(30), nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("wrapped_by", sa.String(64), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("retired_at", Instant),
    )
    op.create_index("keys_of_owner", "keys", ["tenant", "purpose", "owner"])
    op.create_table(
        "tombstones",
        sa.Column("tenant", sa.String(30), primary_key=True),
        sa.Column("key", sa.String(30), primary_key=True),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("owner", sa.String(30), nullable=False),
        sa.Column("destroyed_at", Instant, nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
    )
    op.create_table(
        "signers",
        sa.Column("tenant", sa.String(30), primary_key=True),
        sa.Column("key", sa.String(30), primary_key=True),
        sa.Column("public", sa.String(64), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
    )
    protect("keys")
    protect("signers", ("SELECT", "INSERT"))
    freeze("signers")
    protect("tombstones", ("SELECT", "INSERT"))
    freeze("tombstones")
