"""`trellis scribe`: results on standard output or whole in their files, never half, never over the input."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from trellis.app import House
from trellis.cli import ScribeOrder
from trellis.kernel import Invalid, Settings

BEFORE = "what was there before"


def names(folder):
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_without_outputs_the_note_is_shown_with_its_evidence(paper, talk):
    """Each sentence stands with the second it was said and its words; doubt is told in words."""
    result = paper("scribe", talk)

    assert result.returncode == 0
    assert "Client reports sleeping four hours." in result.stdout
    assert "0:04 “four hours" in result.stdout
    assert "unconfirmed: it concludes" in result.stdout
    assert "affect" in result.stdout
    assert result.stderr == ""


def test_a_transcript_cant_play_tricks_on_the_terminal(paper, talk):
    """Control characters in what was said are taken out, and without a terminal there are no colours."""
    assert "\x1b" not in paper("scribe", talk).stdout


def test_json_goes_to_standard_output(paper, talk):
    """`--json -` gives the note in the contract's shape and nothing else."""
    result = paper("scribe", talk, "--json", "-")

    note = json.loads(result.stdout)
    assert note["contract"] == 1
    assert note["sections"][0]["statements"][0]["evidence"][0]["turn"] == 1


def test_outputs_can_be_combined(paper, talk, tmp_path):
    """One run can give the note as JSON, as a page and as text; nothing else appears beside them."""
    result = paper("scribe", talk, "--json", tmp_path / "n.json", "--html", tmp_path / "n.html", "--text")

    assert result.returncode == 0
    assert result.stdout == "Subjective:\nClient reports sleeping four hours.\n"
    assert json.loads((tmp_path / "n.json").read_text())["format"] == "soap"
    assert (tmp_path / "n.html").read_text() == "<!DOCTYPE html>"
    assert names(tmp_path) == ["in", "n.html", "n.json"]


def test_a_new_note_is_its_owners_alone(paper, talk, tmp_path):
    """A note is private until its owner decides otherwise; a file that was there keeps its permissions."""
    old = tmp_path / "old.json"
    old.write_text(BEFORE)
    old.chmod(0o644)
    paper("scribe", talk, "--json", tmp_path / "new.json")
    paper("scribe", talk, "--json", old)

    assert (tmp_path / "new.json").stat().st_mode & 0o777 == 0o600
    assert old.stat().st_mode & 0o777 == 0o644
    assert json.loads(old.read_text())["contract"] == 1


def test_a_link_is_followed(paper, talk, tmp_path):
    """Writing to a link changes the file it points to, not the link."""
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text(BEFORE)
    link.symlink_to(real)
    paper("scribe", talk, "--json", link)

    assert link.is_symlink()
    assert json.loads(real.read_text())["contract"] == 1


@pytest.mark.parametrize("name", ["talk.txt", "./talk.txt", "link.txt", "hard.txt"])
def test_the_input_is_never_overwritten(paper, talk, name):
    """The same file as input and output is refused, under whatever name."""
    (talk.parent / "link.txt").symlink_to(talk)
    os.link(talk, talk.parent / "hard.txt")
    before = talk.read_text()
    result = paper("scribe", "talk.txt", "--json", name, cwd=talk.parent)

    assert result.returncode == 2
    assert "names the input itself" in result.stderr
    assert talk.read_text() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--json", "note", "--html", "note"), "--html goes to the same place as --json"),
        (("--json", "-", "--text"), "--text goes to the same place as --json"),
        (("--json", "."), "--json names a folder"),
        (("--html", "nowhere/note.html"), "The folder of --html doesn't exist"),
    ],
)
def test_impossible_outputs_are_refused_before_any_work(paper, talk, tmp_path, arguments, words):
    """Wrong targets are exit code 2 with one line; the work that would be lost isn't begun."""
    result = paper("scribe", talk, *arguments, temper="slow", cwd=tmp_path)

    assert result.returncode == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert names(tmp_path) == ["in"]


def test_standard_output_that_takes_no_more_is_exit_code_1(paper, talk, tmp_path):
    """A full disk behind standard output is one line, and no other output is put in place."""
    with Path("/dev/full").open("w") as full:
        result = paper(
            "scribe", talk, "--json", "-", "--html", tmp_path / "n.html", stdout=full, stderr=subprocess.PIPE
        )

    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "No space left" in result.stderr
    assert names(tmp_path) == ["in"]


def test_a_device_is_written_to_and_not_replaced(paper, talk):
    """`--json /dev/stdout` and a shell's `>(…)` work; a device stays a device."""
    result = paper("scribe", talk, "--json", "/dev/stdout")
    piped = f"{sys.executable} {Path(__file__).parent}/paper_house.py scribe {talk} --json >(cat >&2)"
    shell = subprocess.run(
        ["bash", "-c", f"{piped}; sleep 0.2"], capture_output=True, text=True, timeout=60, check=True
    )

    assert json.loads(result.stdout)["contract"] == 1
    assert json.loads(shell.stderr)["contract"] == 1
    assert paper("scribe", talk, "--json", "/dev/null").returncode == 0
    assert Path("/dev/null").is_char_device()


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte, where this machine lets us make one."""
    place = tmp_path / "disk"
    place.mkdir()
    made = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if not made or made.returncode:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_leaves_what_was_there(paper, talk, small_disk):
    """When the page doesn't fit, the JSON isn't put in place either, the old files stay, and no rest is left."""
    (small_disk / "n.json").write_text(BEFORE)
    (small_disk / "n.html").write_text(BEFORE)
    targets = ("--json", small_disk / "n.json", "--html", small_disk / "n.html")
    result = paper("scribe", talk, *targets, temper="large")

    assert result.returncode == 1
    assert "--html can't be written: No space left on device." in result.stderr
    assert names(small_disk) == ["n.html", "n.json"]
    assert (small_disk / "n.json").read_text() == BEFORE
    assert (small_disk / "n.html").read_text() == BEFORE


def test_a_folder_that_cant_be_written_is_told_before_any_work(paper, talk, small_disk):
    """A read-only folder is exit code 1 with one line, at once."""
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    result = paper("scribe", talk, "--json", small_disk / "n.json", temper="slow")

    assert result.returncode == 1
    assert "can't be written to" in result.stderr
    assert names(small_disk) == []


def test_halves_of_characters_dont_stop_the_json(paper, talk):
    """A note with a broken character is still valid JSON, and still shown."""
    assert "a\ud800b" in json.loads(paper("scribe", talk, "--json", "-", temper="broken").stdout)["not_assessed"]
    assert paper("scribe", talk, temper="broken").returncode == 0


# Who may be asked to write ------------------------------------------------------------------------------------------


def house(hosts=""):
    made = House()
    made.settings = Settings({"engines.allowed_hosts": hosts})
    return made


@pytest.mark.parametrize(
    "writer",
    [
        "http://example.org/v1",
        "https://10.0.0.5:8080",
        "http://localhost@example.org/",
        "http://127.0.0.1.example.org",
        "http://[::2]/",
        "http://0.0.0.0:80/",
    ],
)
def test_a_host_beyond_this_machine_is_refused(writer, talk):
    """Nothing leaves this machine unless the settings name the host."""
    with pytest.raises(Invalid) as caught:
        house("other.example").scribe(ScribeOrder(input=talk, writer=writer), lambda *_: None)

    assert caught.value.code == "kernel.host_not_allowed"


@pytest.mark.parametrize("writer", ["gpt", "ftp://localhost/x", "http://", "file:///etc/passwd"])
def test_an_unknown_writer_is_refused(writer, talk):
    """A word that is neither a writer nor the URL of a server is told as such."""
    with pytest.raises(Invalid) as caught:
        house().scribe(ScribeOrder(input=talk, writer=writer), lambda *_: None)

    assert caught.value.code == "scribe.writer_unknown"


@pytest.mark.parametrize(
    "writer", ["http://localhost:8080/v1", "http://127.0.0.1/", "http://[::1]:1/", "https://allowed.example/v1"]
)
def test_this_machine_and_allowed_hosts_may_write(writer):
    """The loopback needs no leave, another host has to be named; a model is opened once for all notes."""
    made = house("allowed.example")

    assert made._writer(writer) is made._writer(writer)
    assert made._writer(writer).signature.name == "remote"
