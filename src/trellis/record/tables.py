"""Tables of the record: the head of each entry, its versions, blobs, holds, receipts; private notes apart."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Text

from trellis.store import RECORD, Instant, tenant_table

entries = tenant_table(
    RECORD,
    "entries",
    Column("id", String(30), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("client", String(30), nullable=False),
    Column("encounter", String(30)),
    Column("version", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("label", String(20), nullable=False, default=""),
    Column("occurred_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

versions = tenant_table(
    RECORD,
    "versions",
    Column("id", String(30), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("key", String(30), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

blobs = tenant_table(
    RECORD,
    "blobs",
    Column("id", String(30), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("client", String(30), nullable=False),
    Column("encounter", String(30)),
    Column("label", String(20), nullable=False, default=""),
    Column("key", String(30), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("deleted_at", Instant),
)

holds = tenant_table(
    RECORD,
    "holds",
    Column("id", String(30), primary_key=True),
    Column("client", String(30), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("actor", String(60), nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("lifted_at", Instant),
)

receipts = tenant_table(
    RECORD,
    "receipts",
    Column("id", String(30), primary_key=True),
    Column("client", String(30), nullable=False),
    Column("rule", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(60), nullable=False),
    Column("items", Text, nullable=False),
)

private_books = tenant_table(
    RECORD,
    "private_books",
    Column("id", String(30), primary_key=True),
    Column("client", String(30), nullable=False),
    Column("originator", String(60), nullable=False),
    Column("opened_at", Instant, nullable=False),
)

private_notes = tenant_table(
    RECORD,
    "private_notes",
    Column("id", String(30), primary_key=True),
    Column("book", String(30), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("key", String(30), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
