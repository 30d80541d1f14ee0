"""Clients and encounters from a terminal: several in one encounter, and two records of one person."""

import io

import pytest

from trellis.app import House
from trellis.cli import run
from trellis.kernel import Settings
from trellis.record import make_clinic


@pytest.fixture
def trellis(tmp_path, capsys, monkeypatch):
    """Runs a command on a made clinic in this process; gives what it printed, or its exit code where it failed."""
    house = House()
    house.__dict__["settings"] = Settings({"store.folder": str(tmp_path / "clinic")})
    make_clinic(house.settings, "Harbour Street")

    def call(*arguments, typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = run(house, list(arguments))
        printed = capsys.readouterr().out.strip()
        return printed if code == 0 else code

    return call


@pytest.fixture
def added(trellis, tmp_path):
    """Adds a client of this name; gives the id."""

    def add(name):
        path = tmp_path / "client.json"
        path.write_text(f'{{"legal_name": "{name}"}}', encoding="utf-8")
        return trellis("client", "add", "--json", str(path))

    return add


def test_several_clients_meet_in_one_encounter(trellis, added):
    """One encounter stands in each chart, and no chart names the others."""
    one, other = added("Ann Example"), added("Ben Sample")
    met = trellis("encounter", "add", one, other, "--clinician", "usr_a", "--place", "Room 2")

    assert met.startswith("enc_")
    for mine, another in ((one, other), (other, one)):
        assert met in trellis("encounter", "list", mine)
        assert another not in trellis("client", "show", mine)
    assert trellis("encounter", "voice", met, other, "client:2") == "Kept."
    assert trellis("encounter", "add", "cli_none", "--clinician", "usr_a") == 2


def test_two_records_of_one_person_are_merged_and_parted(trellis, added):
    """Both histories show in the record that stays; undone, what came since is listed by id."""
    kept, twin = added("Ann Example"), added("Anne Exampel")
    visit = trellis("encounter", "add", twin, "--clinician", "usr_a")
    assert twin in trellis("client", "merge", twin, kept, "--why", "Same birth date.")
    assert visit in trellis("client", "show", kept)
    later = trellis("encounter", "add", kept, "--clinician", "usr_a")
    parted = trellis("client", "unmerge", twin)

    assert later in parted and visit not in parted
    assert visit not in trellis("client", "show", kept)
    assert trellis("client", "merge", twin, twin, "--why", "x") == 2


def test_words_are_asked_for_and_found_in_one_chart(trellis, added):
    """What is looked for is typed, never an argument; another's chart isn't read."""
    one, other = added("Ann Example"), added("Ben Sample")
    met = trellis("encounter", "add", one, "--clinician", "usr_a", "--place", "The Example room")
    lines = trellis("client", "search", one, typed="example\n").splitlines()

    assert [line.split()[1:3] for line in lines] == [["encounter", met], ["client", one]]
    assert trellis("client", "search", other, typed="example\n") == ""
    assert trellis("client", "search", "cli_none", typed="example\n") == 2
