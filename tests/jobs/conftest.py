"""A place for jobs on each database, and workers that are processes of their own."""

import json
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import ROLE
from tests.jobs.nursery import TENANT, database_of, jobs_of, place_of
from trellis.jobs import Worklist
from trellis.store import migrate, open_postgres, open_sqlite


@pytest.fixture
def order(database_kind, tmp_path, postgres):
    """What every worker of a test is told: where the record and the state of jobs are."""
    key = secrets.token_bytes(32)
    told = {"folder": str(tmp_path), "key": key.hex()}
    if database_kind == "sqlite":
        database = open_sqlite(tmp_path / "record.db", key)
        migrate(database, "record")
        database.close()
        return told
    owner, app = postgres().make()
    owned = open_postgres(owner)
    migrate(owned, "record", role=ROLE)
    owned.close()
    return told | {"url": app, "owner_url": owner, "role": ROLE}


@pytest.fixture
def database(order):
    """The record's database."""
    opened = database_of(order)
    yield opened
    opened.close()


@pytest.fixture
def worklist(order):
    """The list of jobs."""
    with Worklist(place_of(order), jobs_of(order)) as opened:
        yield opened


class Workers:
    """Worker processes by number: started, waited for, killed."""

    def __init__(self, nursery, order):
        self._nursery = nursery
        self._order = order
        self._count = 0

    def start(self, until, **more):
        """Begin to work until these jobs are done or failed; gives the worker's number."""
        self._count += 1
        self._tell(self._order | {"worker": self._count, "until": list(until)} | more)
        return self._count

    def wait(self, worker):
        """Wait for a worker's end: its exit code (negative for a signal), and how many statements its jobs made."""
        self._tell({"wait": worker})
        statements = 0
        while "ended" not in (line := json.loads(self._nursery.stdout.readline())):
            statements = line["statements"]
        return line["ended"], statements

    def run(self, until, **more):
        """Work, and wait for the end of it."""
        return self.wait(self.start(until, **more))

    def kill(self, worker):
        """Kill a worker from outside."""
        self._tell({"kill": worker})

    def _tell(self, order):
        self._nursery.stdin.write(json.dumps(order) + "\n")
        self._nursery.stdin.flush()


@pytest.fixture(scope="session")
def nursery(tmp_path_factory):
    """Where workers are born, with the file of what they say on standard error; it loads all once."""
    errors = tmp_path_factory.mktemp("nursery") / "errors"
    with errors.open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.nursery"],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    yield process, errors
    process.communicate(timeout=20)


@pytest.fixture
def workers(nursery, order):
    """Worker processes on this test's place; they say nothing on standard error."""
    process, errors = nursery
    before = errors.read_text()
    yield Workers(process, order)
    assert errors.read_text() == before


@pytest.fixture
def receipts_of(database):
    """Gives how often each step of a job left its receipt."""
    from sqlalchemy import func, select

    from trellis.record.tables import receipts

    def counted(key):
        asked = (
            select(receipts.c.rule, func.count()).where(receipts.c.rule.startswith(f"{key}:")).group_by(receipts.c.rule)
        )
        with database.look(TENANT) as connection:
            return {rule.split(":")[-1]: count for rule, count in connection.execute(asked)}

    return counted


@pytest.fixture
def tried(order):
    """Gives when each step of a job was tried, in seconds since 1970."""

    def times(key):
        lines = (Path(order["folder"]) / "tried").read_text().splitlines()
        found = {}
        for step, moment in (line.split() for line in lines):
            if step.startswith(f"{key}:"):
                found.setdefault(step.split(":")[-1], []).append(float(moment))
        return found

    return times
