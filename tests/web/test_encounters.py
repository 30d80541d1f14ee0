"""From a recording or a transcript to a draft, with consent and without."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from trellis.chart import Client, Encounter, Present
from trellis.governance import relate
from trellis.kernel import Invalid
from trellis.record import add_client, add_encounter
from trellis.web.uploads import sniff

from .conftest import PASSWORD, SOUND, Worker

TALK = b"""Therapist: How have you been sleeping since we last met?
Client: Not well. I get maybe four hours a night, and I lie awake from three on.
Therapist: Any thoughts of hurting yourself or not wanting to be alive?
Client: No, nothing like that.
Therapist: Then let us keep a sleep diary this week and look at it on Thursday.
Client: Okay, I will write it down every morning.
"""


@pytest.fixture
def encounter(desk, dana):
    """An encounter with a client who has agreed to nothing yet."""
    with desk.record.work("operator:test") as work:
        client = add_client(work, Client(legal_name="Ben Sample", birth_date=date(1985, 2, 2))).id
        now = datetime.now(UTC)
        met = Encounter(
            mode="in_person", clinician=dana.id, place="Room 2", started_at=now - timedelta(hours=1), stopped_at=now,
            present=(Present(role="client", client=client),),
        )  # fmt: skip
        there = add_encounter(work, met)
    relate(desk.accounts, "operator:test", dana.name, "team", client)
    return there


@pytest.fixture
def send(signed_in, encounter):
    """Gives a file in for a draft."""

    def upload(name, content, *, client=encounter.client):
        form = {"csrf": signed_in.token, "client": client}
        return signed_in.post(f"/encounters/{encounter.id}/upload", data=form, files={"file": (name, content)})

    return upload


@pytest.fixture
def agreed(signed_in, encounter):
    """The client agrees to a note drafted by software."""
    form = {"csrf": signed_in.token, "client": encounter.client, "signed_by": "Ben Sample"}
    form["use"] = ["treatment", "ai_drafting"]
    assert signed_in.post(f"/encounters/{encounter.id}/consents", data=form).status_code == 303


def test_without_consent_nothing_is_read(desk, signed_in, encounter, send):
    """The file isn't even kept: the answer says whose consent is missing and what to do."""
    refused = send("talk.txt", TALK)
    assert refused.status_code == 403
    assert "consent" in refused.text
    assert list(desk.workroom.iterdir()) == []
    assert "not yet: AI drafting" in signed_in.get(f"/encounters/{encounter.id}").text


def test_a_transcript_becomes_a_draft(desk, signed_in, encounter, agreed, send):
    """It is read in the background, says how far it is, leads to the draft, and the file is gone."""
    begun = send("talk.txt", TALK)
    address = begun.headers["Location"]
    for _ in range(600):
        part = signed_in.get(address, headers={"HX-Request": "true"}).text
        if "hx-get" not in part:
            break
        time.sleep(0.1)
    assert "The draft is ready." in part
    page = signed_in.get(part.split('id="ready" href="')[1].split('"')[0]).text
    assert "four hours" in page
    assert list(desk.workroom.iterdir()) == []


def test_what_cannot_be_read_says_so(desk, signed_in, encounter, agreed, send):
    """A problem found while reading comes to who gave the file, in words of ours, and the file is gone."""
    begun = send("talk.json", b'{"turns": 3}')
    for _ in range(100):
        part = signed_in.get(begun.headers["Location"], headers={"HX-Request": "true"}).text
        if "hx-get" not in part:
            break
        time.sleep(0.05)
    assert 'class="notice bad"' in part
    assert list(desk.workroom.iterdir()) == []


def test_nobody_sees_what_others_are_reading(desk, signed_in, browser_of, agreed, send):
    """How far a file is concerns who gave it."""
    address = send("talk.txt", TALK).headers["Location"]
    omar = Worker(desk, f"omar-{time.time_ns()}", "Omar Bell, LPC")
    other = browser_of(app=signed_in.whole)
    other.post("/sign-in", data={"name": omar.name, "password": PASSWORD, "code": omar.code()})
    assert signed_in.get(address).status_code == 200
    assert other.get(address).status_code == 404


def test_the_front_desk_drafts_nothing_and_reads_no_note(desk, browser_of, encounter, agreed, draft):
    """Who keeps the calendar sees it, and nothing that was said: no draft, no sound, no status of a note."""
    priya = Worker(desk, f"priya-{time.time_ns()}", "Priya Nair", role="front desk")
    client = browser_of()
    client.post("/sign-in", data={"name": priya.name, "password": PASSWORD, "code": priya.code()})
    day = client.get("/", params={"whose": "all"})
    token = day.text.split('data-token="')[1].split('"')[0]
    assert "Ben Sample" in day.text
    assert "/drafts/" not in day.text and "No note yet" not in day.text
    for address in (f"/drafts/{draft.id}", f"/drafts/{draft.id}/sign", f"/recordings/{draft.content.recording}"):
        assert client.get(address).status_code in (403, 404)
        assert "four hours" not in client.get(address).text
    form = {"csrf": token, "client": encounter.client}
    sent = client.post(f"/encounters/{encounter.id}/upload", data=form, files={"file": ("talk.txt", TALK)})
    assert sent.status_code == 403
    acted = client.post(f"/drafts/{draft.id}/confirm", data={"csrf": token, "version": 1, "number": 2})
    assert acted.status_code in (403, 404)


def test_another_clients_note_cannot_be_asked_for(send, agreed, draft):
    """Whose note it is, is somebody who was there."""
    assert send("talk.txt", TALK, client=draft.client).status_code == 404


@pytest.mark.parametrize(
    ("name", "first", "ending"),
    [
        ("a.wav", SOUND[:64], ".wav"),
        ("a.txt", SOUND[:64], ".wav"),
        ("a.opus", b"OggS\0\2", ".opus"),
        ("a.exe", b"OggS\0\2", ".ogg"),
        ("a.m4a", b"\0\0\0\x20ftypM4A ", ".m4a"),
        ("a.webm", b"\x1a\x45\xdf\xa3more", ".webm"),
        ("a.txt", b"Therapist: Hello.", ".txt"),
        ("a.vtt", "﻿WEBVTT\n".encode(), ".vtt"),
        ("a.txt", "Therapist: Hello.".encode("utf-16"), ".txt"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(name, first, ending):
    """Whatever it is called."""
    assert sniff(name, first) == ending


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("a.wav", b"MZ\x90\0\3\0\0\0"),
        ("a.html", b"<html><script>alert(1)</script>"),
        ("a.svg", b"<svg onload='alert(1)'>"),
        ("a.txt", b"\x7fELF\2\1\1\0\0"),
        ("a.txt", b""),
        ("", b"Therapist: Hello."),
    ],
)
def test_anything_else_is_refused(name, first):
    """A program, a page, nothing: none of them is taken in."""
    with pytest.raises(Invalid):
        sniff(name, first)
