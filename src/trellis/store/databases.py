"""The two databases Trellis runs on, opened: encrypted SQLite (one file for each organisation) and PostgreSQL.

Takes a file with its key, or a URL; gives a `Database`, on which work is one transaction of one tenant: it happens
whole or not at all. Errors never carry what was being stored.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2 as sqlcipher

from trellis.kernel import Conflict, TrellisError, Unavailable

BUSY_SECONDS = 30.0
"""How long a writer waits for its turn."""
CONNECTIONS = 16


class Database:
    """An open database. `change` and `look` each give one transaction in which a tenant's rows are the only ones."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._turn = threading.Lock()  # SQLite has one writer: waiting here is fair, polling for its lock isn't

    @contextmanager
    def change(self, tenant: str) -> Iterator[Connection]:
        """A transaction that may write; committed at the end of the block, rolled back by any error."""
        with _translated():
            if not self.is_sqlite:
                with self._begin(tenant, writing=True) as connection:
                    yield connection
                return
            if not self._turn.acquire(timeout=BUSY_SECONDS):
                raise Unavailable("store.busy", "The record is busy.", hint="Try again.")
            try:
                with self._begin(tenant, writing=True) as connection:
                    yield connection
            finally:
                self._turn.release()

    @contextmanager
    def look(self, tenant: str) -> Iterator[Connection]:
        """A transaction that sees one consistent state and writes nothing."""
        with _translated(), self._begin(tenant, writing=False) as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _begin(self, tenant: str, *, writing: bool) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            chosen = connection.execution_options(writing=writing)
            with chosen.begin():
                if not self.is_sqlite:
                    if not writing:
                        chosen.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
                    chosen.execute(text("SELECT set_config('app.tenant', :tenant, true)"), {"tenant": tenant})
                yield chosen


def open_sqlite(path: Path, key: bytes) -> Database:
    """The encrypted file at `path`, made where there is none; `key` is 32 bytes. `Unavailable` on a wrong one."""
    engine = _sqlite(path, key, isolation=None)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    database = Database(engine)
    with _translated(), engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM sqlite_master"))
    return database


def encrypted_engine(path: Path, key: bytes) -> Engine:
    """An engine on an encrypted file, for a library that keeps its own state in it.

    Transactions begin as the driver begins them, at the first write; `open_sqlite` is for everything of ours.
    """
    return _sqlite(path, key, isolation="IMMEDIATE")


def _sqlite(path: Path, key: bytes, *, isolation: str | None) -> Engine:
    pragmas = (
        "PRAGMA cipher_log_level = NONE",  # a wrong key is told once, by our own error
        f"PRAGMA key = \"x'{key.hex()}'\"",
        f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",  # what was accepted survives a power cut
        "PRAGMA foreign_keys = ON",
        "PRAGMA secure_delete = ON",
    )

    def connect() -> Any:
        connection = sqlcipher.connect(
            str(path), check_same_thread=False, isolation_level=isolation, timeout=BUSY_SECONDS
        )
        for pragma in pragmas:
            connection.execute(pragma)
        return connection

    return sqlalchemy.create_engine(
        "sqlite://",
        creator=connect,
        module=sqlcipher,
        poolclass=QueuePool,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,
    )


def open_postgres(url: str) -> Database:
    """The database at a `postgresql://` URL; `Unavailable` where nobody answers."""
    engine = sqlalchemy.create_engine(
        sqlalchemy.make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=CONNECTIONS,
        max_overflow=CONNECTIONS,
        pool_timeout=BUSY_SECONDS,
        pool_pre_ping=True,
        connect_args={"prepare_threshold": None},  # a prepared plan is made blind, and joins a chart in 50 ms
        hide_parameters=True,
    )
    with _translated(), engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return Database(engine)


@contextmanager
def _translated() -> Iterator[None]:
    """Errors of drivers as errors of ours, without a word of what was being stored."""
    try:
        yield
    except TrellisError:
        raise
    except IntegrityError as error:
        if "append-only" in str(error).lower():
            raise _said("append-only") from None
        raise Conflict("store.exists", "This was stored by somebody else first.", hint="Open it again.") from None
    except PoolTimeout:
        raise Unavailable("store.busy", "The record is busy.", hint="Try again.") from None
    except (DBAPIError, sqlcipher.Error) as error:
        raise _said(str(error).lower()) from None


def _said(words: str) -> TrellisError:
    if "not a database" in words or "file is encrypted" in words or "hmac" in words:
        return Unavailable(
            "store.key_wrong",
            "The record can't be opened with this key. Nothing was changed.",
            hint="Give the root key this clinic was made with.",
        )
    if "disk is full" in words or "no space left" in words or "disk full" in words:
        return Unavailable(
            "store.disk_full", "The disk is full. Nothing was half-written.", hint="Make room, then try again."
        )
    if "disk i/o error" in words:  # also what SQLite says where its log finds no room
        return Unavailable(
            "store.disk_failed", "The disk is full or fails. Nothing was half-written.", hint="Run trellis doctor."
        )
    if "locked" in words or "deadlock" in words or "serialize" in words:
        return Unavailable("store.busy", "The record is busy.", hint="Try again.")
    if "malformed" in words or "corrupt" in words:
        return Unavailable("store.damaged", "The record's file is damaged.", hint="Restore the last backup.")
    if "append-only" in words:
        return Conflict("store.immutable", "What was signed or audited never changes.", hint="Add beside it.")
    return Unavailable(
        "store.unavailable", "The database doesn't answer or refuses.", hint="Run trellis doctor, then try again."
    )
