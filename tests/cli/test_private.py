"""A clinician keeps and reads psychotherapy notes from the terminal, signed in; the operator of the machine can't."""

import os
import re
import subprocess
import sys

import pyotp
import pytest

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
from trellis.record import open_clinic

PASSWORD = "copper kettle on a slow tram"
WORDS = "She reminds me of my sister; watch it."


@pytest.fixture
def trellis(tmp_path):
    """Runs a command on a clinic in a folder, without a terminal; gives the finished process."""

    def run(*arguments, given=""):
        variables = {name: value for name, value in os.environ.items() if not name.startswith("TRELLIS_")}
        variables |= {"TRELLIS_STORE_FOLDER": str(tmp_path / "clinic")}
        return subprocess.run(
            [sys.executable, "-m", "trellis", *arguments], input=given, capture_output=True, text=True, timeout=120,
            env=variables, check=False, start_new_session=True,
        )  # fmt: skip

    return run


@pytest.fixture
def ann(trellis, tmp_path):
    """A clinic with a client and Ann, who has both factors; gives the client, and password and a recovery code."""
    assert trellis("init", "--name", "Harbour").returncode == 0
    client = trellis("client", "add", given="Zoe Quill\n\n\n\n")
    with open_clinic(Settings({"store.folder": str(tmp_path / "clinic")})) as record:
        accounts = Accounts(tenant=record.tenant, database=record.database, vault=record.vault)
        account, invitation = add_account(accounts, "operator:local", "ann@example")
        give_role(accounts, "operator:local", account.id, "clinician")
        relate(accounts, "operator:local", account.id, "team", re.search(r"cli_\w+", client.stdout).group())
        accept_invitation(accounts, "ann@example", invitation, PASSWORD)
        login, _ = sign_in(accounts, "ann@example", PASSWORD)
        offer = offer_second(accounts, login)
        codes = confirm_second(accounts, login, pyotp.TOTP(offer.secret).now())
    return re.search(r"cli_\w+", client.stdout).group(), iter(codes)


def test_a_note_is_kept_listed_and_shown_to_who_wrote_it(trellis, ann, tmp_path):
    """Signed in with both factors, with the banner beside it; the words are in no file of the clinic."""
    client, codes = ann
    added = trellis("private", "add", client, "--as", "ann@example", given=f"{PASSWORD}\n{next(codes)}\n{WORDS}\n")
    assert added.returncode == 0, added.stderr
    note = re.search(r"pri_\w{26}", added.stdout).group()
    assert "Yours alone" in added.stderr and "164.501" in added.stderr
    listed = trellis("private", "list", client, "--as", "ann@example", given=f"{PASSWORD}\n{next(codes)}\n")
    assert note in listed.stdout and WORDS not in listed.stdout
    shown = trellis("private", "show", note, "--as", "ann@example", given=f"{PASSWORD}\n{next(codes)}\n")
    assert shown.stdout.strip().endswith(WORDS)
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or WORDS.encode() not in file.read_bytes()


def test_nobody_gets_in_without_both_factors(trellis, ann):
    """A wrong password, a missing code and a code used before are refused in one line that says nothing of the note."""
    client, codes = ann
    code = next(codes)
    added = trellis("private", "add", client, "--as", "ann@example", given=f"{PASSWORD}\n{code}\n{WORDS}\n")
    note = re.search(r"pri_\w{26}", added.stdout).group()
    assert added.returncode == 0, added.stderr
    for given, said in (
        (f"wrong\n{next(codes)}\n", "That didn't work"),
        (f"{PASSWORD}\n\n", "the code of your app"),
        (f"{PASSWORD}\n{code}\n", "That didn't work"),
    ):
        refused = trellis("private", "show", note, "--as", "ann@example", given=given)
        assert refused.returncode == 1 and said in refused.stderr
        assert WORDS not in refused.stdout + refused.stderr
    assert trellis("private", "show", note, given="\n").returncode == 2
