"""Consents, deciders and the law from the terminal: names are asked for, answers say why."""

import io
import re
import sys

import pytest

from trellis.app import House
from trellis.cli import run
from trellis.kernel import Settings
from trellis.record import make_clinic

PACK = """
key = "ohio"
title = "Ohio"
states = ["OH"]
dated = 2026-11-25

[[rules]]
key = "oh.chat"
features = ["scribe_text"]
answer = "deny"
since = 2027-01-01
source = "A bill"
verified = false
why = "It isn't law yet."
"""


@pytest.fixture
def trellis(tmp_path, capsys, monkeypatch):
    """Runs a command on a clinic in a folder; gives exit code and what it said."""
    house = House()
    place = {"store.folder": str(tmp_path / "clinic")}
    house.__dict__["settings"] = Settings(place)
    make_clinic(house.settings, "Harbour")

    def call(*arguments, given=""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode()), encoding="utf-8"))
        code = run(house, list(arguments))
        said = capsys.readouterr()
        return code, said.out + said.err

    def allow(host):
        house.__dict__["settings"] = Settings(place | {"engines.allowed_hosts": host})

    call.allow = allow
    return call


def added(trellis, born="1990-04-23"):
    code, said = trellis("client", "add", given=f"Ann Example\n\n{born}\n\n")
    assert code == 0, said
    return re.search(r"cli_\w+", said).group()


def test_a_session_is_scribed_from_consent_to_revocation(trellis, tmp_path):
    """Refused without a consent, permitted with it, refused again; nobody's name is in what the command takes."""
    talk = tmp_path / "talk.txt"
    talk.write_text("Therapist: How do you sleep?\nClient: Badly, three hours a night.\n", encoding="utf-8")
    client = added(trellis)
    encounter = re.search(r"enc_\w+", trellis("encounter", "add", client, "--clinician", "usr_ann")[1]).group()
    asked = ("scribe", str(talk), "--client", client, "--encounter", encounter, "--text")
    assert "no consent" in trellis(*asked)[1]
    code, said = trellis("consent", "give", client, "treatment", "ai_drafting", given="Ann Example\n")
    assert code == 0 and "ai_drafting 2026-11-25" in said
    code, said = trellis(*asked)
    assert code == 0 and "Consent on record: ai drafting (written" in said
    assert trellis("consent", "revoke", client, "ai_drafting", given="Ann Example\n")[0] == 0
    code, said = trellis(*asked)
    assert code == 1 and "no consent" in said and "Ann" not in said
    code, said = trellis("consent", "list", client)
    assert said.count("revoked") == 1 and "Ann" not in said
    assert "artificial intelligence" in trellis("consent", "read", "recording")[1]


def test_somebody_else_who_was_there_is_asked(trellis, tmp_path):
    """A sister listed with the encounter keeps the note from being drafted until she agreed."""
    talk = tmp_path / "talk.txt"
    talk.write_text("Therapist: How do you sleep?\nClient: Badly, three hours a night.\n", encoding="utf-8")
    client = added(trellis)
    said = trellis("encounter", "add", client, "--clinician", "usr_ann", "--with", "sister")[1]
    encounter = re.search(r"enc_\w+", said).group()
    trellis("consent", "give", client, "treatment", "ai_drafting", given="Ann Example\n")
    asked = ("scribe", str(talk), "--client", client, "--encounter", encounter, "--text")
    assert "person 1 beside" in trellis(*asked)[1]
    hers = ("ai_drafting", "--encounter", encounter, "--person", "sister")
    assert trellis("consent", "give", client, *hers, given="Bea Example\n")[0] == 0
    assert trellis(*asked)[0] == 0
    assert trellis("consent", "revoke", client, *hers, given="Bea Example\n")[0] == 0
    assert trellis(*asked)[0] == 1


def test_who_decides_for_a_child_is_kept_and_ended(trellis):
    """A parent signs for a child, and what only they signed ends with them."""
    child = added(trellis, born="2015-03-01")
    code, said = trellis("consent", "give", child, "treatment", given="Ann Example\n")
    assert code == 1 and "isn't somebody who may" in said
    code, said = trellis(
        "consent", "deciders", "add", child, "parent", "--relation", "mother", "--since", "2015-03-01", given="Pat\n"
    )
    parent = re.search(r"rep_\w+", said).group()
    assert trellis("consent", "give", child, "treatment", "--by", parent, given="Pat\n")[0] == 0
    assert parent in trellis("consent", "deciders", "list", child)[1]
    assert trellis("consent", "deciders", "end", parent)[0] == 0
    assert parent not in trellis("consent", "deciders", "list", child)[1]


def test_the_law_is_shown_asked_tried_and_changed(trellis, tmp_path):
    """Packs with their sources; an answer with its rules; a pack tried on the past, put in force and taken out."""
    code, said = trellis("law", "show")
    assert code == 0 and "illinois" in said and "verified" in said
    assert "155/15(b)" in trellis("law", "show", "illinois")[1]
    said = trellis("law", "ask", "--client-state", "IL", "--clinic-state", "OH", "--date", "2026-11-25")[1]
    assert re.search(r"no +client_communication\n +il\.wopr\.communication", said)
    client = added(trellis)
    state = ("--mode", "video", "--client-state", "oh")
    encounter = re.search(r"enc_\w+", trellis("encounter", "add", client, "--clinician", "usr_a", *state)[1]).group()
    file = tmp_path / "ohio.toml"
    file.write_text(PACK, encoding="utf-8")
    said = trellis("law", "try", str(file), "--past")[1]
    assert f"{encounter}  denies scribe_text" in said and "1 of 1" in said
    assert "oh.chat" not in trellis("law", "ask", "--encounter", encounter)[1]
    file.write_text(PACK.replace("2027", "2026"), encoding="utf-8")
    assert trellis("law", "on", str(file))[0] == 0
    assert "oh.chat  deny" in trellis("law", "ask", "--encounter", encounter)[1]
    assert "0 of 1" in trellis("law", "try", "ohio", "--past")[1]
    assert trellis("law", "off", "ohio")[0] == 0
    assert trellis("law", "show", "ohio")[0] == 2


def test_nothing_goes_to_a_server_without_an_agreement(trellis, tmp_path):
    """A writer beyond this machine that the settings allow: refused without a BAA, and the attempt is on the chain."""
    talk = tmp_path / "talk.txt"
    talk.write_text("Therapist: How do you sleep?\nClient: Badly, three hours a night.\n", encoding="utf-8")
    trellis.allow("writer.invalid")
    client = added(trellis)
    encounter = re.search(r"enc_\w+", trellis("encounter", "add", client, "--clinician", "usr_ann")[1]).group()
    trellis("consent", "give", client, "treatment", "ai_drafting", given="Ann Example\n")
    url = "https://writer.invalid/v1"
    asked = ("scribe", str(talk), "--client", client, "--encounter", encounter, "--text", "--writer", url)
    code, said = trellis(*asked)
    assert code == 1 and "No agreement lets words go" in said
    assert "scribe.draft" in trellis("audit", "show", client)[1]
    there = ("vendor", "add", "writer", url, "--name", "Writer Inc.", "--receives", "words")
    assert trellis(*there, "--agreed", "2026-01-01")[0] == 0
    assert "writer.invalid  words  BAA from 2026-01-01  holds" in trellis("vendor", "list")[1]
    assert trellis("vendor", "end", "writer")[0] == 0
    assert "doesn't hold" in trellis("vendor", "list")[1]
    assert "No agreement lets words go" in trellis(*asked)[1]
