"""What tests of several floors share: databases of both kinds, a record on each, and a chat server."""

import pytest

from tests.databases import ROLE, Server, fresh
from tests.gates import everyone_may
from trellis.governance import HeldRoots, Standing, Vault
from trellis.kernel import Settings
from trellis.record import Record
from trellis.store import open_blobs

from .chat_server import ChatServer

TENANT = "org_test"


@pytest.fixture(scope="session")
def postgres():
    """Gives the run's PostgreSQL server, started when first asked for."""
    started = []

    def server():
        if not started:
            started.append(Server())
        return started[0]

    yield server
    for one in started:
        one.remove()


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request):
    """Every test that uses it runs on both databases."""
    return request.param


@pytest.fixture
def record(database_kind, tmp_path, postgres):
    """An empty record of one organisation, on each database; whoever works on it may do everything."""
    database = fresh(database_kind, "record", tmp_path, postgres)
    keys = fresh(database_kind, "keys", tmp_path, postgres)
    vault = Vault(keys, HeldRoots((b"r" * 32,)))
    vault.make(TENANT, "tenant", TENANT)
    vault.make(TENANT, "signing", TENANT)
    blobs = open_blobs(tmp_path / "blobs")
    yield Record(TENANT, database, vault, blobs, anchors=tmp_path / "anchors", gate=everyone_may)
    database.close()
    keys.close()


@pytest.fixture
def guarded(record):
    """The same record, behind the gate that clinics have."""
    record.gate = Standing
    return record


@pytest.fixture
def chat_server():
    """A server of language models that answers as the test says."""
    running = ChatServer()
    yield running
    running.close()


@pytest.fixture
def place_for(database_kind, tmp_path, postgres):
    """Gives the settings of a clinic's place that is empty, on each database; another for each name."""

    def settings(name="clinic"):
        chosen = {"store.folder": str(tmp_path / name)}
        if database_kind == "postgres":
            owner, app = postgres().make("record")
            keys_owner, keys_app = postgres().make("keys")
            chosen |= {"store.url": app, "store.owner_url": owner, "store.role": ROLE}
            chosen |= {"store.keys_url": keys_app, "store.keys_owner_url": keys_owner}
        return Settings(chosen)

    return settings


@pytest.fixture
def settings(place_for):
    """Settings of one clinic that isn't made yet."""
    return place_for()
