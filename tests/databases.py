"""The databases that tests run on: SQLite in a file, and a PostgreSQL server of the run's own.

The server's data is in a temporary folder; it listens on a socket there and nowhere else. Migrations run as the owner
of the tables, everything else as a role that owns nothing, as in a clinic.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from trellis.store import migrate, open_postgres, open_sqlite

ROLE = "trellis_app"


class Server:
    """A PostgreSQL server that lives as long as the test run."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        debian = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
        found = shutil.which("initdb")
        assert debian or found, "these tests need PostgreSQL: run scripts/need-postgres"
        self.programs = debian or Path(found).parent
        self.as_owner = []
        self.migrated = set()
        if os.getuid() == 0:  # the server refuses to run as root
            shutil.chown(self.folder, "postgres")
            self.as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self._do("initdb", "-D", self.data, "-U", "owner", "--auth=trust", "-E", "UTF8", "--no-sync")
        self.start()
        self.sql("postgres", f"CREATE ROLE {ROLE} LOGIN")

    @property
    def data(self):
        return str(self.folder / "data")

    def start(self):
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off -c max_connections=200"
        self._do("pg_ctl", "-D", self.data, "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, mode="fast"):
        self._do("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def remove(self):
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, database, statement):
        self._do("psql", "-h", str(self.folder), "-U", "owner", "-d", database, "-qc", statement)

    def make(self, line=None):
        """A fresh database, migrated along a line where one is named: its URL as the tables' owner, as the application.

        Migrating takes most of the time, so it is done once and copied.
        """
        if line is not None and line not in self.migrated:
            self.sql("postgres", f"CREATE DATABASE {line}_template")
            owned = open_postgres(self.url("owner", f"{line}_template"))
            migrate(owned, line, role=ROLE)
            owned.close()
            self.migrated.add(line)
        name = f"t{secrets.token_hex(6)}"
        self.sql("postgres", f"CREATE DATABASE {name}" + (f" TEMPLATE {line}_template" if line else ""))
        return self.url("owner", name), self.url(ROLE, name)

    def url(self, who, name):
        return f"postgresql://{who}@/{name}?host={self.folder}"

    def _do(self, program, *arguments):
        command = [*self.as_owner, str(self.programs / program), *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr or done.stdout


def fresh(kind, line, folder, server):
    """A database of this kind ('sqlite', 'postgres'), migrated along a line ('record', 'keys'), for the application."""
    if kind == "sqlite":
        database = open_sqlite(folder / f"{line}.db", secrets.token_bytes(32))
        migrate(database, line)
        return database
    return open_postgres(server().make(line)[1])
