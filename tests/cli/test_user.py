"""Who works here is added, listed, disabled and invited anew from the terminal."""

import os
import re
import subprocess
import sys

import pytest

from trellis.governance import Accounts, begin_emergency
from trellis.kernel import Settings
from trellis.record import open_clinic


@pytest.fixture
def trellis(tmp_path):
    """Runs a command on a clinic in a folder; gives the finished process."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("TRELLIS_")}
    variables |= {"TRELLIS_STORE_FOLDER": str(tmp_path / "clinic")}

    def run(*arguments, given=""):
        command = [sys.executable, "-m", "trellis", *arguments]
        return subprocess.run(
            command, input=given, capture_output=True, text=True, timeout=120, env=variables, check=False
        )

    assert run("init", "--name", "Harbour Street").returncode == 0
    return run


def test_an_account_is_made_shown_stopped_and_invited_anew(trellis):
    """The id goes to standard output, the invitation beside it; a name is taken once."""
    added = trellis("user", "add", "ann@example", "--called", "Ann Reyes, LCSW")
    assert added.returncode == 0, added.stderr
    assert re.fullmatch(r"usr_\w{26}\n", added.stdout)
    assert len(added.stderr.split()[-1]) == 43
    assert trellis("user", "add", "ANN@example").returncode == 1
    assert "ann@example  active  invited" in trellis("user", "list").stdout
    assert trellis("user", "disable", "ann@example").returncode == 0
    assert "disabled" in trellis("user", "list").stdout
    assert trellis("user", "unlock", added.stdout.strip()).returncode == 0
    anew = trellis("user", "reset", "ann@example")
    assert anew.stderr.split()[-1] != added.stderr.split()[-1]
    assert trellis("user", "disable", "ben").returncode == 2


def test_roles_are_given_shown_and_taken(trellis):
    """A role has a place where it holds; the list shows what is in force."""
    trellis("user", "add", "ann")
    assert "clinician  north" in trellis("user", "roles", "ann", "--give", "clinician", "--site", "north").stdout
    listed = trellis("user", "roles", "ann", "--give", "auditor").stdout
    assert "auditor  everywhere" in listed
    left = trellis("user", "roles", "ann", "--take", listed.split()[0]).stdout
    assert "clinician" not in left and "auditor" in left
    assert trellis("user", "roles", "ann", "--give", "operator").returncode == 2
    (client,) = re.findall(r"cli_\w+", trellis("client", "add", given="Ann\n\n\n\n").stdout)
    assert re.fullmatch(r"rel_\w{26}\n", trellis("user", "team", "ann", client).stdout)
    assert trellis("user", "team", "ann", client, "--end").stdout.endswith("ended.\n")


def test_an_emergency_waits_for_a_review(trellis, tmp_path):
    """What was opened in an emergency is listed with its reason until somebody said what it was."""
    account = trellis("user", "add", "ann").stdout.strip()
    trellis("user", "roles", "ann", "--give", "clinician")
    client = re.search(r"cli_\w+", trellis("client", "add", given="Ann\n\n\n\n").stdout).group()
    with open_clinic(Settings({"store.folder": str(tmp_path / "clinic")})) as record:
        accounts = Accounts(tenant=record.tenant, database=record.database, vault=record.vault)
        begun = begin_emergency(accounts, f"staff:{account}", client, "Found on the bridge, alone.")
    listed = trellis("user", "emergencies").stdout
    assert begun.id in listed and client in listed and "on the bridge" in listed
    assert trellis("user", "emergencies", "--review", begun.id).returncode == 2
    assert trellis("user", "emergencies", "--review", begun.id, "--finding", "justified").stdout == ""
