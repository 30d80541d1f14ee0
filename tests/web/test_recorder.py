"""The recorder on the server: what is asked first, the line that takes sound, and what stops it."""

import json
import struct
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from starlette.websockets import WebSocketDisconnect

from trellis.chart import Client, Encounter, Present
from trellis.governance import relate
from trellis.record import add_client, add_encounter, give, revoke

from .conftest import PASSWORD, Worker

SOUND = bytes(range(256)) * 125
"""A second."""


@pytest.fixture
def meet(desk, dana):
    """Gives an encounter with a client who agreed to these uses."""

    def there(uses=("treatment", "recording", "ai_drafting"), **about):
        with desk.record.work("operator:test") as work:
            client = add_client(work, Client(legal_name="Cara Model", birth_date=date(1979, 3, 3))).id
            for use in uses:
                give(work, client, use, signed_by="Cara Model")
            about = {"mode": "in_person", "present": (Present(role="client", client=client),)} | about
            now = datetime.now(UTC)
            met = add_encounter(work, Encounter(clinician=dana.id, started_at=now - timedelta(minutes=5), **about))
        relate(desk.accounts, "operator:test", dana.name, "team", client)
        return met

    return there


@pytest.fixture
def post(signed_in):
    """Sends a form of the recorder."""

    def send(there, what, **form):
        address = f"/encounters/{there.id}/recorder/{what}"
        return signed_in.post(address, data={"csrf": signed_in.token} | form)

    return send


@pytest.fixture
def begun(meet, post):
    """An encounter whose recording has begun."""
    there = meet()
    assert post(there, "begin", client=there.client).json()["have"] == 0
    return there


def line(client, there):
    return client.websocket_connect(f"/encounters/{there.id}/recorder/socket")


def piece(start, pcm):
    return struct.pack("<Q", start) + pcm


def until(socket, name):
    """What the server says next of this name."""
    while name not in (told := json.loads(socket.receive_text())):
        pass
    return told[name]


def recorder(signed_in, there):
    return signed_in.get(f"/encounters/{there.id}/recorder").text


def test_without_consent_there_is_no_recorder(signed_in, meet, post):
    """The page says whose and which is missing and where to give it; nothing can be begun by hand either."""
    there = meet(uses=("treatment",))
    page = recorder(signed_in, there)
    assert 'id="recorder"' not in page and "There is no recorder yet." in page
    assert "consent to being recorded" in page and f"/encounters/{there.id}#agreed-title" in page
    assert post(there, "begin", client=there.client).status_code == 403
    with line(signed_in, there) as socket:
        assert "Nothing is being recorded" in until(socket, "stopped")


def test_everybody_there_is_asked(signed_in, meet, post):
    """Who is added to those there has to agree too, and may do so here."""
    there = meet()
    assert 'id="recorder"' in recorder(signed_in, there)
    assert post(there, "about", name=["Joan", ""], relation=["mother", ""]).status_code == 303
    page = recorder(signed_in, there)
    assert 'id="recorder"' not in page and "Joan: consent to being recorded" in page
    assert post(there, "begin", client=there.client).status_code == 403
    assert post(there, "agreed", person="Joan", signed_by="Joan Model").status_code == 303
    assert 'id="recorder"' in recorder(signed_in, there)


def test_at_a_distance_the_place_is_asked(desk, signed_in, meet, post):
    """Where help would be sent, whose law holds, whom to call: kept with the encounter and the chart."""
    there = meet(mode="video")
    assert "where the client is now" in recorder(signed_in, there)
    assert post(there, "begin", client=there.client).status_code == 403
    form = {"address": "4 Elm St, Dayton", "state": "oh", "contact": "Joan", "contact_relation": "mother"}
    post(there, "about", **form, phone="937 555 0100")
    page = recorder(signed_in, there)
    assert 'id="recorder"' in page and "4 Elm St, Dayton" in page
    with desk.record.work("operator:test") as work:
        assert work.open(there.id).content.client_location.state == "OH"
        assert work.open(there.client).content.emergency[0].phone == "937 555 0100"


def test_what_is_acknowledged_is_safe_and_nothing_is_doubled(signed_in, begun, post):
    """A line that was cut begins where the disk ends; what was sent before is left out, a gap isn't taken."""
    with line(signed_in, begun) as socket:
        assert until(socket, "have") == 0
        socket.send_bytes(piece(0, SOUND))
        assert until(socket, "have") == 16000
    with line(signed_in, begun) as socket:
        assert until(socket, "have") == 16000
        socket.send_bytes(piece(8000, SOUND))
        assert until(socket, "have") == 24000
        socket.send_bytes(piece(90000, SOUND))
        assert until(socket, "have") == 24000
        socket.send_text(json.dumps({"mark": {"id": "a", "at": 24000, "what": "homework"}}))
        assert until(socket, "marked") == ["a"]
    assert post(begun, "begin", client=begun.client).json()["have"] == 24000


def test_another_process_goes_on_with_it(desk, signed_in, browser_of, begun, post, dana):
    """A server that was killed comes back: the recording is where it was."""
    with line(signed_in, begun) as socket:
        socket.send_bytes(piece(0, SOUND))
        until(socket, "have"), until(socket, "have")
    again = browser_of()
    again.cookies.update(signed_in.cookies)
    with line(again, begun) as socket:
        assert until(socket, "have") == 16000


def test_it_stops_when_a_consent_ends(desk, signed_in, begun):
    """At once, in the middle of a session, and says so."""
    with line(signed_in, begun) as socket:
        socket.send_bytes(piece(0, SOUND))
        with desk.record.work("operator:test") as work:
            revoke(work, begun.client, "recording", by="Cara Model")
        started = time.monotonic()
        assert "no consent" in until(socket, "stopped")
        assert time.monotonic() - started < 5


def test_it_stops_when_the_sign_in_ends(desk, browser_of, signed_in, dana, begun):
    """Signing out elsewhere closes the line; the page leads to the way in."""
    other = browser_of(app=signed_in.whole)
    other.post("/sign-in", data={"name": dana.name, "password": PASSWORD, "code": dana.code()})
    token = other.get("/components").text.split('data-token="')[1].split('"')[0]
    with line(other, begun) as socket:
        assert until(socket, "have") == 0
        assert other.post("/sign-out", data={"csrf": token}).status_code == 303
        while "stopped" not in (told := json.loads(socket.receive_text())):
            pass
        assert told["elsewhere"] == "/sign-in"


def test_a_second_window_takes_over(signed_in, begun):
    """So that two never record at once."""
    with line(signed_in, begun) as first:
        assert until(first, "have") == 0
        with line(signed_in, begun) as second:
            assert "another window" in until(first, "stopped")
            second.send_bytes(piece(0, SOUND))
            assert until(second, "have") == 0 and until(second, "have") == 16000


def test_a_line_from_elsewhere_is_refused(signed_in, begun):
    """Another site's page can't open one, even in a browser that is signed in; nor can somebody who isn't."""
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    address = f"/encounters/{begun.id}/recorder/socket"
    with pytest.raises(WebSocketDisconnect), signed_in.websocket_connect(address, headers=elsewhere):
        pass
    foreign = {"Sec-Fetch-Site": "", "Origin": "http://evil.example"}
    with pytest.raises(WebSocketDisconnect), signed_in.websocket_connect(address, headers=foreign):
        pass


def test_somebody_else_records_nothing_here(desk, signed_in, browser_of, begun):
    """Neither by the line nor by a form, and what was recorded isn't told."""
    omar = Worker(desk, f"omar-{time.time_ns()}", "Omar Bell, LPC")
    other = browser_of(app=signed_in.whole)
    other.post("/sign-in", data={"name": omar.name, "password": PASSWORD, "code": omar.code()})
    token = other.get("/components").text.split('data-token="')[1].split('"')[0]
    with line(other, begun) as socket:
        assert until(socket, "stopped")
    for what in ("begin", "end", "discard"):
        form = {"csrf": token, "client": begun.client}
        assert other.post(f"/encounters/{begun.id}/recorder/{what}", data=form).status_code in (403, 404)


@pytest.mark.parametrize(
    "told",
    [b"", b"12345678", piece(0, b"odd"), "{", '{"mark": 3}', '{"words": true, "more": 1}', '{"mark": {"id": ""}}'],
)
def test_what_no_recorder_sends_ends_the_line(signed_in, begun, told):
    """With a reason, and without harm to what was recorded."""
    with line(signed_in, begun) as socket:
        socket.send_bytes(piece(0, SOUND))
        (socket.send_bytes if isinstance(told, bytes) else socket.send_text)(told)
        assert until(socket, "stopped")
    with line(signed_in, begun) as socket:
        assert until(socket, "have") == 16000


def test_a_recording_is_discarded(signed_in, begun, post):
    """It is gone; another may be begun."""
    with line(signed_in, begun) as socket:
        socket.send_bytes(piece(0, SOUND))
        until(socket, "have"), until(socket, "have")
    assert post(begun, "end", note_format="sonnet").status_code == 422
    assert post(begun, "discard").status_code == 303
    assert post(begun, "end").status_code == 404
    assert post(begun, "begin", client=begun.client).json()["have"] == 0
    assert post(begun, "end").status_code == 422


def test_a_recording_that_gives_no_draft_waits(desk, signed_in, begun, post):
    """Where its consent ended before it was read, it is neither drafted nor lost; it can be discarded then."""
    with line(signed_in, begun) as socket:
        socket.send_bytes(piece(0, SOUND))
        until(socket, "have"), until(socket, "have")
    with desk.record.work("operator:test") as work:
        revoke(work, begun.client, "ai_drafting", by="Cara Model")
    address = post(begun, "end").headers["Location"]
    while "hx-get" in (part := signed_in.get(address, headers={"HX-Request": "true"}).text):
        time.sleep(0.05)
    assert "no consent" in part
    assert "under way, or waits" in signed_in.get(f"/encounters/{begun.id}").text
    assert "Discard the recording" in recorder(signed_in, begun)
    assert post(begun, "discard").status_code == 303
    assert "under way, or waits" not in signed_in.get(f"/encounters/{begun.id}").text
