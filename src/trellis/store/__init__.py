"""Where things are kept: databases (encrypted SQLite, PostgreSQL), blobs, and the steps between versions.

Knows tenants, rows and bytes; nothing of clinics. What it keeps of a client comes sealed from `governance.vault`.
"""

from trellis.store.blobs import Blobs, Written, open_blobs
from trellis.store.databases import Database, encrypted_engine, open_postgres, open_sqlite
from trellis.store.dumps import Count, Dump, load
from trellis.store.migrate import Line, migrate, newest, revision
from trellis.store.tables import KEYS, RECORD, Instant, as_bytes, tenant_table

__all__ = [
    "KEYS",
    "RECORD",
    "Blobs",
    "Count",
    "Database",
    "Dump",
    "Instant",
    "Line",
    "Written",
    "as_bytes",
    "encrypted_engine",
    "load",
    "migrate",
    "newest",
    "open_blobs",
    "open_postgres",
    "open_sqlite",
    "revision",
    "tenant_table",
]
