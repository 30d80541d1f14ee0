"""The workspace as tests use it: a clinic of its own, somebody who works there, a browser or a plain client."""

import io
import threading
import time
import wave
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta

import pyotp
import pytest
import uvicorn
from fastapi.testclient import TestClient

from tests.record.desk import NOTE
from trellis.app import House, _printed
from trellis.chart import Client, Encounter, Location, Present, Recording
from trellis.governance import (
    Accounts,
    accept_invitation,
    add_account,
    confirm_second,
    give_role,
    offer_second,
    relate,
    sign_in,
)
from trellis.kernel import Settings
from trellis.record import (
    add_client,
    add_encounter,
    give,
    keep_blob,
    make_clinic,
    open_clinic,
    record_session,
)
from trellis.web import Desk, guarded, make_app

PASSWORD = "copper lantern over quiet fields"


def silence(seconds):
    """A recording in which nothing is heard, as the bytes of a wav."""
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16000 * seconds))
    return written.getvalue()


HOUSE = House()
"""The real house, whose engines load when they are first used."""
SOUND = silence(26)
SAME = {"Sec-Fetch-Site": "same-origin"}


class Worker:
    """Somebody with an account and a second factor."""

    def __init__(self, desk, name, called, role="clinician"):
        account, invitation = add_account(desk.accounts, "operator:test", name, called=called)
        accept_invitation(desk.accounts, name, invitation, PASSWORD)
        give_role(desk.accounts, "operator:test", name, role)
        login, _ = sign_in(desk.accounts, name, PASSWORD)
        key = offer_second(desk.accounts, login).secret
        self.name, self.actor, self.id = name, account.actor, account.id
        self.totp = pyotp.TOTP(key)
        self.codes = confirm_second(desk.accounts, login, self.totp.at(time.time() - 30))

    def code(self):
        """A recovery code that wasn't used before (each is good once)."""
        return self.codes.pop()


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A clinic of the module's own."""
    folder = tmp_path_factory.mktemp("web") / "clinic"
    settings = Settings({"store.folder": str(folder)})
    make_clinic(settings, "Fernwood Clinic")
    with open_clinic(settings) as record:
        accounts = Accounts(tenant=record.tenant, database=record.database, vault=record.vault)
        yield Desk(
            record=record,
            accounts=accounts,
            clinic="Fernwood Clinic",
            draft=lambda order, tell: HOUSE._draft_at_desk(record, order, tell),
            listen=HOUSE._listen,
            formats=("dap", "soap"),
            printed=_printed,
            workroom=folder / "workroom",
        )


@pytest.fixture(scope="module")
def dana(desk):
    """A clinician of the clinic."""
    return Worker(desk, "dana", "Dana Reyes, LCSW")


@pytest.fixture(scope="module")
def browser_of(desk):
    """Gives a client that keeps cookies and says where its requests come from, as a browser does."""

    with ExitStack() as opened:

        def client(app=None):
            whole = app or guarded(make_app(desk))
            made = TestClient(whole, headers=SAME, follow_redirects=False)
            made.whole = whole
            return made if app else opened.enter_context(made)

        yield client


@pytest.fixture(scope="module")
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


@pytest.fixture
def draft(desk, dana):
    """A draft of an encounter of today that dana held, open; its recording is kept."""
    now = datetime.now(UTC)
    with desk.record.work("operator:test") as work:
        client = add_client(work, Client(legal_name="Ann Example", birth_date=date(1990, 5, 1))).id
        for use in ("treatment", "recording", "ai_drafting", "keeping_audio"):
            give(work, client, use, signed_by="Ann Example")
        met = Encounter(
            mode="in_person", clinician=dana.id, place="Room 2",
            started_at=now - timedelta(hours=2), stopped_at=now - timedelta(hours=1),
            present=(Present(role="client", client=client),), client_location=Location(state="OR"),
        )  # fmt: skip
        encounter = add_encounter(work, met).id
    relate(desk.accounts, "operator:test", dana.name, "team", client)
    blob = keep_blob(desk.record, "operator:test", [SOUND], kind="recording", client=client, encounter=encounter)
    sound = Recording(media_type="audio/wav", blob=blob, seconds=26.0)
    with desk.record.work("operator:test") as work:
        return record_session(work, NOTE, client=client, encounter=encounter, sound=sound)


@pytest.fixture
def now_of(desk):
    """Gives a draft as the record has it now."""

    def opened(entry):
        with desk.record.work("operator:test") as work:
            return work.open(entry.id)

    return opened
