"""Who works here is added, listed, disabled and invited anew from the terminal."""

import os
import re
import subprocess
import sys

import pytest


@pytest.fixture
def trellis(tmp_path):
    """Runs a command on a clinic in a folder; gives the finished process."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("TRELLIS_")}
    variables |= {"TRELLIS_STORE_FOLDER": str(tmp_path / "clinic")}

    def run(*arguments):
        command = [sys.executable, "-m", "trellis", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, env=variables, check=False)

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
