"""The workspace as tests use it: a clinic of its own, somebody who works there, a browser or a plain client."""

import threading
import time
from contextlib import contextmanager

import pyotp
import pytest
import uvicorn
from fastapi.testclient import TestClient

from trellis.governance import Accounts, accept_invitation, add_account, confirm_second, offer_second, sign_in
from trellis.kernel import Settings
from trellis.record import make_clinic, open_clinic
from trellis.web import Desk, guarded, make_app

PASSWORD = "copper lantern over quiet fields"
SAME = {"Sec-Fetch-Site": "same-origin"}


class Worker:
    """Somebody with an account and a second factor."""

    def __init__(self, desk, name, called):
        account, invitation = add_account(desk.accounts, "operator:test", name, called=called)
        accept_invitation(desk.accounts, name, invitation, PASSWORD)
        login, _ = sign_in(desk.accounts, name, PASSWORD)
        self.key = offer_second(desk.accounts, login).secret
        self.name, self.actor, self.id = name, account.actor, account.id
        self.before = pyotp.TOTP(self.key)
        confirm_second(desk.accounts, login, self.before.at(time.time() - 30))

    def code(self):
        """A code that wasn't used before (each is good once)."""
        return self.before.now()


@pytest.fixture
def desk(tmp_path):
    """An empty clinic."""
    settings = Settings({"store.folder": str(tmp_path / "clinic")})
    make_clinic(settings, "Fernwood Clinic")
    with open_clinic(settings) as record:
        accounts = Accounts(tenant=record.tenant, database=record.database, vault=record.vault)
        yield Desk(record=record, accounts=accounts, clinic="Fernwood Clinic")


@pytest.fixture
def dana(desk):
    """A clinician of the clinic."""
    return Worker(desk, "dana", "Dana Reyes, LCSW")


@pytest.fixture
def browser_of(desk):
    """Gives a client that keeps cookies and says where its requests come from, as a browser does."""

    def client(**headers):
        made = TestClient(guarded(make_app(desk)), headers=SAME | headers, follow_redirects=False)
        made.base_url = "http://testserver"
        return made

    return client


@pytest.fixture
def signed_in(browser_of, dana):
    """Dana's browser, signed in with both factors; `token` is that of its forms."""
    client = browser_of()
    client.post("/sign-in", data={"name": dana.name, "password": PASSWORD, "code": dana.code()})
    page = client.get("/components").text
    client.token = page.split('data-token="')[1].split('"')[0]
    return client


@contextmanager
def serving(app):
    """An application on a port of this machine, by its address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
