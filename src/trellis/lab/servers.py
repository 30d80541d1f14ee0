"""A PostgreSQL server of one's own for a test run or a benchmark: in a temporary folder, on a socket there alone.

Migrations run as the owner of the tables, everything else as a role that owns nothing, as in a clinic. Needs the
programs of PostgreSQL (`scripts/need-postgres`).
"""

import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from trellis.kernel import Unavailable
from trellis.store import Line, migrate, open_postgres

ROLE = "trellis_app"


class Server:
    """A server that runs until it is removed. `is_safe` false doesn't wait for the disk: for tests, not for figures."""

    def __init__(self, *, is_safe: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        debian = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
        found = shutil.which("initdb")
        if debian is None and found is None:
            raise Unavailable("lab.postgres_absent", "PostgreSQL isn't here.", hint="Run scripts/need-postgres.")
        self.programs = debian or Path(str(found)).parent
        self.is_safe = is_safe
        self.as_owner: list[str] = []
        self.migrated: set[str] = set()
        if os.getuid() == 0:  # the server refuses to run as root
            shutil.chown(self.folder, "postgres")
            self.as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self._do("initdb", "-D", self.data, "-U", "owner", "--auth=trust", "-E", "UTF8", "--no-sync")
        self.start()
        self.sql("postgres", f"CREATE ROLE {ROLE} LOGIN")

    def __enter__(self) -> Self:
        """The server, removed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it and take its folder away."""
        self.remove()

    @property
    def data(self) -> str:
        """Where its data is."""
        return str(self.folder / "data")

    def start(self) -> None:
        """Start it; it answers when this returns."""
        fsync = "on" if self.is_safe else "off"
        options = (
            f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync={fsync} -c max_connections=200"
        )
        self._do("pg_ctl", "-D", self.data, "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; its data stays."""
        self._do("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def remove(self) -> None:
        """Stop it and take its folder away."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, database: str, statement: str) -> None:
        """Run a statement as the owner of everything."""
        self._do("psql", "-h", str(self.folder), "-U", "owner", "-d", database, "-qc", statement)

    def make(self, line: Line | None = None) -> tuple[str, str]:
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

    def url(self, who: str, name: str) -> str:
        """The address of a database for a role."""
        return f"postgresql://{who}@/{name}?host={self.folder}"

    def _do(self, program: str, *arguments: str) -> None:
        command = [*self.as_owner, str(self.programs / program), *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=600, check=False)  # noqa: S603
        if done.returncode:
            raise Unavailable(
                "lab.postgres_refused", f"{program} ended with {done.returncode}.", hint=done.stderr[-300:]
            )
