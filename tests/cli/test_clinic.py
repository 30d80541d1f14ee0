"""A clinic is run from the terminal: made, filled, copied, restored, audited, kept; and told what is wrong with it."""

import json
import os
import re
import subprocess
import sys

import pytest


@pytest.fixture
def trellis(tmp_path):
    """Runs a command on a clinic in a folder; gives the finished process."""

    def run(*arguments, clinic="clinic", given="", **environment):
        variables = {name: value for name, value in os.environ.items() if not name.startswith("TRELLIS_")}
        variables |= {"TRELLIS_STORE_FOLDER": str(tmp_path / clinic), **environment}
        command = [sys.executable, "-m", "trellis", *arguments]
        return subprocess.run(
            command, input=given, capture_output=True, text=True, timeout=120, env=variables, check=False
        )

    return run


@pytest.fixture
def clinic(trellis):
    """A made clinic with one client, whose id it gives."""
    assert trellis("init", "--name", "Harbour Street").returncode == 0
    added = trellis("client", "add", given="Zebediah Quill\nZeb\n1990-04-23\nhe/him\n")
    assert added.returncode == 0, added.stderr
    return re.search(r"cli_\w+", added.stdout).group()


def test_a_client_and_an_encounter_are_added_and_listed(trellis, clinic):
    """Names are asked for, ids are printed, lists show what there is."""
    added = trellis(
        "encounter", "add", clinic, "--mode", "video", "--clinician", "usr_a", "--start", "2026-03-01 10:00:00"
    )
    listed = trellis("client", "list").stdout

    assert re.fullmatch(r"enc_\w{26}\n", added.stdout)
    assert clinic in listed and "Zeb" in listed and "1990-04-23" in listed
    assert added.stdout.strip() in trellis("encounter", "list", clinic).stdout
    assert "encounter" in trellis("client", "show", clinic).stdout


def test_a_client_may_come_from_a_file_and_a_wrong_one_changes_nothing(trellis, clinic):
    """JSON is held to the noun's shape; the error names the field, never what stood in it."""
    good = trellis("client", "add", "--json", "-", given=json.dumps({"legal_name": "Ann", "birth_date": "1980-01-02"}))
    bad = trellis("client", "add", "--json", "-", given=json.dumps({"legal_name": "Ann", "birth_date": "Thursday"}))

    assert good.returncode == 0
    assert (bad.returncode, "birth_date" in bad.stderr, "Thursday" in bad.stderr) == (2, True, False)
    assert len(trellis("client", "list").stdout.splitlines()) == 2


def test_the_audit_chain_is_verified_and_shows_who_did_what(trellis, clinic):
    """Verify says that it holds; show lists the client's lines without a word of content."""
    shown = trellis("audit", "show", clinic)

    assert trellis("audit", "verify").returncode == 0
    assert "client.add" in shown.stdout and "Quill" not in shown.stdout
    assert trellis("audit", "anchor").returncode == 0


def test_a_copy_is_made_and_restored_elsewhere(trellis, clinic, tmp_path):
    """With the root key the copy becomes the same clinic; without it, it says what is missing."""
    assert trellis("backup", "--to", str(tmp_path / "copies")).returncode == 0
    without = trellis("restore", str(tmp_path / "copies"), clinic="elsewhere")
    (tmp_path / "elsewhere").mkdir(exist_ok=True)
    (tmp_path / "elsewhere" / "root.key").write_bytes((tmp_path / "clinic" / "root.key").read_bytes())
    (tmp_path / "elsewhere" / "root.key").chmod(0o600)
    restored = trellis("restore", str(tmp_path / "copies"), clinic="elsewhere")

    assert (without.returncode, "root key" in without.stderr) == (1, True)
    assert restored.returncode == 0, restored.stderr
    assert "Zeb" in trellis("client", "list", clinic="elsewhere").stdout
    assert trellis("audit", "verify", clinic="elsewhere").returncode == 0


def test_keys_change_while_the_clinic_works(trellis, clinic, tmp_path):
    """After a new root key everything opens, with the old one taken out too."""
    assert trellis("keys", "rotate", "--root").returncode == 0
    root = tmp_path / "clinic" / "root.key"
    root.write_text(root.read_text().splitlines()[0] + "\n")

    assert "Zeb" in trellis("client", "list").stdout


def test_doctor_finds_what_is_wrong(trellis, clinic, tmp_path):
    """A well clinic passes; a root key others may read and an open folder are each found and named."""
    well = trellis("doctor")
    (tmp_path / "clinic" / "root.key").chmod(0o644)
    open_key = trellis("doctor")
    (tmp_path / "clinic" / "root.key").chmod(0o600)
    (tmp_path / "clinic").chmod(0o755)
    open_folder = trellis("doctor")

    assert well.returncode == 0, well.stdout
    assert (open_key.returncode, "WRONG  root key" in open_key.stdout) == (1, True)
    assert (open_folder.returncode, "WRONG  folder" in open_folder.stdout) == (1, True)


def test_retention_runs_and_holds_are_placed_and_lifted(trellis, clinic):
    """Nothing is due in a new clinic; a hold is placed and lifted by its id."""
    assert trellis("retention", "run").stdout.startswith("0 deletions")
    hold = trellis("retention", "hold", clinic, "--reason", "litigation").stdout.strip()

    assert trellis("retention", "lift", hold).returncode == 0
    assert trellis("retention", "lift", hold).returncode == 1


@pytest.mark.parametrize("command", [("client", "list"), ("audit", "verify"), ("backup", "--to", "x")])
def test_without_a_clinic_each_command_says_how_to_begin(trellis, command, tmp_path):
    """One line, exit code 2."""
    done = trellis(*command)

    assert (done.returncode, len(done.stderr.splitlines()), "trellis init" in done.stderr) == (2, 1, True)
