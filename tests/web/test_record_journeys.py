"""Recording in a real browser whose microphone plays the shipped demo recording, in real time.

The network is cut, the server and the browser are killed while it records: what was said is there, once.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import wave
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from trellis.chart import Client, Encounter, Present
from trellis.governance import relate
from trellis.inference.audio import RATE, stream
from trellis.record import add_client, add_encounter, find_take, give, revoke

from .conftest import PASSWORD

PLAYED = 40
"""Seconds of the recording that the microphone plays, over and over."""
BROWSER = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


class Network:
    """What lies between the browser and the server: it can be cut without a word, and the server killed."""

    def __init__(self, folder):
        self.folder = folder
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.behind = free.getsockname()[1]
        self.is_cut, self.server = False, None
        threading.Thread(target=self._accept, daemon=True).start()

    def start(self):
        served = [sys.executable, "-m", "trellis", "serve", "--port", str(self.behind)]
        environment = os.environ | {"TRELLIS_STORE_FOLDER": str(self.folder)}
        self.server = subprocess.Popen(served, env=environment, stdout=subprocess.DEVNULL)
        while self.server.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.behind), 1):
                return
            time.sleep(0.05)
        pytest.fail("The server didn't start.")

    def kill(self):
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()

    def close(self):
        self.kill()
        self.listening.close()

    def _accept(self):
        with suppress(OSError):
            while True:
                near, _ = self.listening.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self.behind), 2)
                except OSError:
                    near.close()
                    continue
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one, other):
        with suppress(OSError):
            while part := one.recv(65536):
                while self.is_cut:
                    time.sleep(0.05)
                other.sendall(part)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        one.close()


@pytest.fixture(scope="module")
def spoken():
    """The beginning of the demo recording."""
    parts, seconds = [], 0.0
    with resources.as_file(resources.files("trellis.lab").joinpath("demo/session.opus")) as path:
        for block in stream(path, seconds=1.0):
            parts.append(block.samples.mean(axis=0))
            seconds += len(parts[-1]) / RATE
            if seconds >= PLAYED:
                break
    return np.concatenate(parts)


@pytest.fixture(scope="module")
def microphone(spoken, tmp_path_factory):
    """The same as a file that the browser takes for a microphone."""
    path = tmp_path_factory.mktemp("microphone") / "spoken.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((spoken * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def network(desk):
    """The workspace in a process of its own, over the module's clinic."""
    made = Network(desk.workroom.parent)
    made.start()
    yield made
    made.close()


@pytest.fixture(scope="module")
def playing():
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture
def open_browser(playing, network, microphone, dana, tmp_path):
    """Opens the browser of a clinician who is signed in; again, it is the same browser on the same machine."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    opened = []

    def launch(viewport=DESK):
        context = playing.launch_persistent_context(
            tmp_path / "browser", executable_path=path, viewport=viewport, base_url=network.address,
            args=[*BROWSER, f"--use-file-for-fake-audio-capture={microphone}"],
        )  # fmt: skip
        opened.append(context)
        view = context.pages[0]
        view.on("dialog", lambda asked: asked.accept())
        view.goto("/sign-in")
        view.get_by_label("Name").fill(dana.name)
        view.get_by_label("Password").fill(PASSWORD)
        view.get_by_label("Code").fill(dana.code())
        view.get_by_role("button", name="Sign in").click()
        expect(view.get_by_role("heading", level=1)).to_contain_text("Today")
        return view

    yield launch
    for each in opened:
        with suppress(Exception):
            each.close()


@pytest.fixture
def there(desk, dana):
    """An encounter with a client who agreed to be recorded."""
    now = datetime.now(UTC)
    with desk.record.work("operator:test") as work:
        client = add_client(work, Client(legal_name="Cara Model", birth_date=date(1979, 3, 3))).id
        for use in ("treatment", "recording", "ai_drafting"):
            give(work, client, use, signed_by="Cara Model")
        met = Encounter(
            mode="in_person", clinician=dana.id, place="Room 2", started_at=now, stopped_at=now + timedelta(minutes=50),
            present=(Present(role="client", client=client),),
        )  # fmt: skip
        added = add_encounter(work, met)
    relate(desk.accounts, "operator:test", dana.name, "team", client)
    return added


@contextmanager
def copied(desk, dana, there, folder):
    """The recording as it lies on the disk now; a copy, since the server holds it open."""
    folder.mkdir(exist_ok=True)
    shutil.copy(desk.workroom.with_name("takes") / f"{there.id}.take", folder)
    take = find_take(desk.record, dana.actor, folder, there.id)
    yield take
    take.close()


def sound_of(take):
    with wave.open(BytesIO(b"".join(take.wav()))) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768


def jumps(recorded, played):
    """Seconds by which the recording leaps against what was played, wherever it does; the microphone repeats it."""
    places = []
    for start in range(0, len(recorded) - 2 * RATE, RATE):
        piece = recorded[start : start + 2 * RATE]
        size = len(played)
        likeness = np.fft.irfft(np.fft.rfft(played) * np.conj(np.fft.rfft(piece, size)), size)
        if likeness.max() > 0.6 * np.linalg.norm(piece) * np.linalg.norm(piece) and np.linalg.norm(piece) > 1:
            places.append((int(likeness.argmax()) - start) % size)
    leaps = np.diff(places)
    leaps = (leaps + len(played) // 2) % len(played) - len(played) // 2
    return len(places), [round(leap / RATE, 2) for leap in leaps if abs(leap) > 0.05 * RATE]


def look(view, name):
    """axe finds nothing; pictures are kept where somebody asked for them."""
    found = Axe().run(view)
    assert found.violations_count == 0, found.generate_report()
    if folder := os.environ.get("TRELLIS_PICTURES"):
        view.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.xdist_group("browser")
def test_a_session_is_recorded_through_a_cut_and_a_killed_server(
    desk, dana, network, open_browser, there, spoken, now_of, tmp_path
):
    """Words appear; without network, and while the server is dead, sound waits in the browser and follows whole."""
    view = open_browser()
    complaints = []
    view.on("pageerror", lambda error: complaints.append(str(error)))
    view.goto(f"/encounters/{there.id}")
    view.get_by_role("link", name="Record this session").click()
    look(view, "recorder-ready")
    view.get_by_role("button", name="Record", exact=True).click()
    expect(view.locator("#banner-words")).to_have_text("This session is being recorded")
    view.get_by_text("Live words").click()
    expect(view.locator("#said")).to_contain_text("you", timeout=30_000)
    view.get_by_role("button", name="Important").click()
    look(view, "recorder-recording")

    network.is_cut = True
    expect(view.locator("#kept")).to_contain_text("kept in this browser", timeout=10_000)
    time.sleep(1)
    network.is_cut = False
    expect(view.locator("#kept")).to_be_empty(timeout=15_000)
    network.kill()
    expect(view.locator("#kept")).to_contain_text("kept in this browser", timeout=10_000)
    network.start()
    expect(view.locator("#kept")).to_be_empty(timeout=20_000)
    with copied(desk, dana, there, tmp_path / "copy") as take:
        found, leaps = jumps(sound_of(take), spoken)
        assert found > 5 and leaps == []

    view.get_by_role("button", name="Off the record").click()
    expect(view.locator("#banner-words")).to_have_text("Off the record")
    stood = view.locator("#elapsed").inner_text()
    time.sleep(1.5)
    assert view.locator("#elapsed").inner_text() == stood
    view.get_by_role("button", name="Back on the record").click()
    view.get_by_role("button", name="End and draft the note").click()
    view.get_by_role("link", name="Review it").click(timeout=60_000)
    expect(view.locator("#turns .said").first).not_to_be_empty()
    assert [mark.what for mark in now_of(there).content.marks] == ["important", "off_record"]
    view.goto(f"/encounters/{there.id}")
    expect(view.get_by_text("Off the record for 0:0")).to_be_visible()
    look(view, "recorder-marks")
    assert list(desk.workroom.with_name("takes").iterdir()) == []
    assert complaints == []


@pytest.mark.xdist_group("browser")
def test_what_must_be_asked_comes_first(desk, open_browser, there):
    """Without consent, or where the client is, there is no recorder but the way to what is missing."""
    with desk.record.work("operator:test") as work:
        revoke(work, there.client, "recording", by="Cara Model")
        with_mother = (*there.content.present, Present(role="other", relation="mother"))
        work.change(there, replace(there.content, mode="video", present=with_mother), reason="encounter.change")
    view = open_browser(PHONE)
    view.goto(f"/encounters/{there.id}/recorder")
    expect(view.get_by_text("There is no recorder yet.")).to_be_visible()
    expect(view.get_by_role("button", name="Record", exact=True)).to_have_count(0)
    view.get_by_text("What is asked").first.click()
    look(view, "recorder-asks")
    view.get_by_label("Address").fill("4 Elm St, Dayton")
    view.get_by_label("State").fill("OH")
    view.get_by_role("button", name="Keep this").click()
    view.get_by_label("Signed by").fill("Joan Model")
    view.get_by_role("button", name="Keep it").click()
    view.get_by_role("link", name="keep it at the encounter").click()
    expect(view.get_by_role("heading", name="Consent")).to_be_visible()


@pytest.mark.xdist_group("browser")
def test_a_killed_browser_loses_nothing_it_had_kept(desk, dana, network, open_browser, there, tmp_path):
    """Killed while the network was away, opened and signed in to again: what waited in it follows, under its key."""
    view = open_browser(PHONE)
    view.goto(f"/encounters/{there.id}/recorder")
    view.get_by_role("button", name="Record", exact=True).click()
    expect(view.locator("#elapsed")).to_have_text("0:02", timeout=10_000)
    look(view, "recorder-phone")
    network.is_cut = True
    expect(view.locator("#elapsed")).to_have_text("0:06", timeout=10_000)
    kill_browser(tmp_path / "browser")
    with copied(desk, dana, there, tmp_path / "before") as take:
        assert take.seconds < 4
    network.is_cut = False
    again = open_browser(PHONE)
    again.goto(f"/encounters/{there.id}/recorder")
    expect(again.get_by_role("button", name="Go on recording")).to_be_visible()
    for _ in range(50):
        with copied(desk, dana, there, tmp_path / "after") as take:
            kept = take.seconds
        if kept > 5:
            break
        time.sleep(0.1)
    assert kept >= 6 - 2
    assert kept > 5


def kill_browser(folder):
    """Kill the processes of the browser that lives in a folder of this test, as a crash would."""
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"--user-data-dir={folder}".encode() in (each / "cmdline").read_bytes():
                os.kill(int(each.name), signal.SIGKILL)
