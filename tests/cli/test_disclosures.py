"""From the terminal a client's own record is shown, entries of it are given out, and both are accounted for."""

import json
import os
import re
import subprocess
import sys

import pytest

from trellis.chart import Client, Diagnosis, Goal
from trellis.kernel import Settings
from trellis.record import open_clinic


@pytest.fixture
def trellis(tmp_path):
    """Runs a command on a clinic in a folder; gives the finished process."""

    def run(*arguments, given=""):
        variables = {name: value for name, value in os.environ.items() if not name.startswith("TRELLIS_")}
        variables |= {"TRELLIS_STORE_FOLDER": str(tmp_path / "clinic")}
        return subprocess.run(
            [sys.executable, "-m", "trellis", *arguments], input=given, capture_output=True, text=True, timeout=120,
            env=variables, check=False, start_new_session=True,
        )  # fmt: skip

    return run


def test_what_a_client_may_see_and_what_left_their_record(trellis, tmp_path):
    """Their entries in words; one given to somebody, in a file; a line for it; a wrong purpose lists the right ones."""
    assert trellis("init", "--name", "Harbour").returncode == 0
    clinic = Settings({"store.folder": str(tmp_path / "clinic")})
    with open_clinic(clinic) as record, record.work("operator:local") as work:
        client = work.add(Client(legal_name="Zoe Quill"), reason="client.add").id
        goal = work.add(Goal(words="Sleep six hours"), client=client, reason="goal.add").id
        work.add(Diagnosis(code="F51.01", words="Insomnia"), client=client, reason="diagnosis.add")
    shown = trellis("access", "show", client)
    assert "Sleep six hours" in shown.stdout and "Insomnia (F51.01)" in shown.stdout
    target = str(tmp_path / "out.json")
    wrong = trellis("disclose", client, goal, "--to", target, "--recipient", "Hospital", "--purpose", "gossip")
    assert wrong.returncode == 2 and "treatment" in wrong.stderr
    given = trellis("disclose", client, goal, "--to", target, "--recipient", "Hospital", "--purpose", "treatment")
    assert re.fullmatch(r"dis_\w{26}\n", given.stdout), given.stderr
    assert json.loads((tmp_path / "out.json").read_bytes())["records"][0]["id"] == goal
    told = trellis("disclosures", client)
    assert "Hospital" in told.stdout and "1 goal" in told.stdout and "operator:local" in told.stdout
    assert trellis("disclosures", client, "--owed").stdout == ""


def test_grounds_are_listed_and_withholding_asks_who_decides(trellis):
    """Each ground with its source; nobody withholds anything without signing in."""
    assert trellis("init", "--name", "Harbour").returncode == 0
    assert "164.524" in trellis("access", "grounds").stdout
    refused = trellis(
        "access", "withhold", "not_x", "--ground", "endangers", "--as", "nobody", given="a password\n\n\n"
    )
    assert refused.returncode == 1 and "That didn't work" in refused.stderr


def test_a_program_is_configured_met_and_labelled_to_the_end(trellis, tmp_path):
    """A service marked in the configuration labels its encounter; what is of it needs the program's own consent."""
    assert trellis("init", "--name", "Harbour").returncode == 0
    file = tmp_path / "clinic.toml"
    file.write_text('[[services]]\nkey = "iop"\ntitle = "Program"\npart2 = true\n')
    applied = trellis("config", "set", str(file), "--reason", "program")
    assert applied.returncode == 0, applied.stderr
    client = re.search(r"cli_\w+", trellis("client", "add", given="Zoe Quill\n\n1990-01-01\n\n").stdout).group()
    missing = trellis("encounter", "add", client, "--clinician", "usr_a")
    assert missing.returncode == 2 and "iop" in missing.stderr
    encounter = trellis("encounter", "add", client, "--clinician", "usr_a", "--service", "iop").stdout.strip()
    clinic = Settings({"store.folder": str(tmp_path / "clinic")})
    with open_clinic(clinic) as record, record.work("operator:local") as work:
        goal = work.add(Goal(words="Stay dry"), client=client, encounter=encounter, reason="goal.add").id
    order = (
        "disclose",
        client,
        goal,
        "--to",
        str(tmp_path / "out.json"),
        "--recipient",
        "GP",
        "--purpose",
        "treatment",
    )
    refused = trellis(*order)
    assert refused.returncode == 1 and "part2_care" in refused.stderr
    agreed = trellis("consent", "give", client, "part2_care", given="Zoe Quill\n")
    assert agreed.returncode == 0, agreed.stderr
    given = trellis(*order)
    assert given.returncode == 0 and "42 CFR Part 2" in given.stderr
    assert "legislative proceedings" in (tmp_path / "out.json").read_text()
    assert "owed" in trellis("disclosures", client, "--owed").stdout
