"""Where the engine keeps the state of jobs: an encrypted file beside the record, or a schema beside it in PostgreSQL.

There too a worker shows that it lives: it holds a lock that the system lets go of when the worker dies, however it
dies. So nobody compares clocks, and nobody waits for a heartbeat to run out.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from trellis.kernel import Unavailable
from trellis.store import encrypted_engine, open_postgres


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Of one organisation: a folder and the key of its files; with `url`, PostgreSQL as a role that owns nothing.

    `owner_url` is the owner of the tables there, for the engine's migrations; `role` who may use them.
    """

    tenant: str
    folder: Path
    key: bytes = field(repr=False)
    url: str = field(default="", repr=False)
    owner_url: str = field(default="", repr=False)
    role: str = ""

    @property
    def schema(self) -> str:
        """The schema of the engine's tables in PostgreSQL: one for each organisation."""
        return f"jobs_{self.tenant}"

    def engine(self) -> Engine:
        """Connections to the engine's state; `Unavailable` where nobody answers."""
        if self.url:
            return open_postgres(self.url).engine
        self.folder.mkdir(parents=True, exist_ok=True)
        return encrypted_engine(self.folder / "jobs.db", self.key)

    @contextmanager
    def alive(self, worker: str) -> Iterator["Sign"]:
        """Show that this worker lives until the end of the block, or of the process."""
        with self._server_sign(worker) if self.url else self._file_sign(worker) as sign:
            yield sign

    def is_dead(self, worker: str) -> bool:
        """Whether a worker is gone: nobody holds its lock."""
        try:
            with self.alive(worker):
                return True
        except Unavailable:
            return False

    @contextmanager
    def _file_sign(self, worker: str) -> Iterator["Sign"]:
        """A transaction held open in a file of its own: SQLite's lock on it is the system's, on every system."""
        folder = self.folder / "workers"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{worker}.lock"
        with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as held:
            try:
                held.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                raise _taken() from None
            yield Sign(None)
            held.execute("ROLLBACK")
        file.unlink(missing_ok=True)

    @contextmanager
    def _server_sign(self, worker: str) -> Iterator["Sign"]:
        """A lock of a session: the server lets go of it when the connection ends."""
        number = int.from_bytes(hashlib.sha256(f"{self.schema} {worker}".encode()).digest()[:8], "big", signed=True)
        engine = open_postgres(self.url).engine
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as held:
                if not held.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}).scalar():
                    raise _taken()
                yield Sign(held)
                with suppress(SQLAlchemyError):  # a lost connection has let go of it already
                    held.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": number})
        finally:
            engine.dispose()


class Sign:
    """A worker's sign of life, while it is given."""

    def __init__(self, held: Connection | None) -> None:
        self._held = held

    def check(self) -> None:
        """Raise `Unavailable` where the sign was lost: then others do this worker's jobs, and it must stop."""
        if self._held is None:
            return
        try:
            self._held.execute(text("SELECT 1"))
        except SQLAlchemyError:
            raise Unavailable(
                "jobs.sign_lost", "The worker lost its connection, and others may do its jobs.", hint="Start it again."
            ) from None


def _taken() -> Unavailable:
    return Unavailable("jobs.worker_alive", "This worker is at work.", hint="Stop it first.")
