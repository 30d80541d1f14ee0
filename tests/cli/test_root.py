"""The front door: exit codes, one line for each failure, and nothing a person said in it."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from trellis.cli.root import COMMANDS


def names(folder):
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def one_line(result):
    """The single line a failure may say."""
    lines = result.stderr.splitlines()
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("trellis: ")
    return lines[0]


def test_help_lists_every_command():
    """`trellis --help` names each command at the beginning of a line, from a process of its own."""
    result = subprocess.run(
        [sys.executable, "-m", "trellis", "--help"], capture_output=True, text=True, timeout=60, check=True
    )

    for name in COMMANDS:
        assert re.search(rf"^  {name} ", result.stdout, re.MULTILINE), name


def test_help_loads_no_engine():
    """The list of commands imports neither a room nor a model library, however fast the machine is."""
    code = "import sys, trellis.app; trellis.app.main(['--help']); print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True).stdout

    for name in ("numpy", "spacy", "onnxruntime", "av", "jinja2", "trellis.scribe", "trellis.inference", "trellis.lab"):
        assert f"'{name}'" not in loaded, name


def test_no_command_shows_the_commands(paper):
    """Without a command the list of commands is shown; that isn't an error."""
    result = paper()

    assert result.returncode == 0
    assert "scribe" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("frobnicate",),
        ("scribe",),
        ("scribe", "a.txt", "b.txt"),
        ("scribe", "a.txt", "--nonsense"),
        ("scribe", "a.txt", "--speakers", "nine"),
        ("scribe", "a.txt", "--speakers", "0"),
        ("scribe", "a.txt", "--length", "endless"),
        ("scribe", "a.txt", "--language", "fr"),
        ("eval", "safety"),
    ],
)
def test_wrong_options_are_exit_code_2(paper, arguments):
    """A wrong command or option is told in one line, with exit code 2."""
    result = paper(*arguments)

    assert result.returncode == 2
    assert result.stdout == ""
    one_line(result)


@pytest.mark.parametrize(
    ("temper", "verdict"),
    [
        ("refuse", (2, "INPUT is empty. Choose another file.")),
        ("away", (1, "doesn't answer. Try again later.")),
        ("hungry", (1, "not enough memory")),
    ],
)
def test_each_kind_of_error_has_its_exit_code(paper, talk, tmp_path, temper, verdict):
    """What the input is to blame for is 2, anything else 1; nothing is written."""
    result = paper("scribe", talk, "--json", tmp_path / "note.json", temper=temper)

    assert result.returncode == verdict[0]
    assert verdict[1] in one_line(result)
    assert names(tmp_path) == ["in"]


def test_an_unexpected_fault_tells_its_place_and_no_words(paper, talk):
    """A fault of ours is exit code 1 and one line with its kind and place; what it said may be a client's words."""
    result = paper("scribe", talk, temper="fault")

    assert result.returncode == 1
    line = one_line(result)
    assert "ValueError" in line
    assert "TRELLIS_DEBUG=1" in line
    assert "cellar" not in result.stderr + result.stdout


def test_a_developer_gets_the_traceback(paper, talk):
    """TRELLIS_DEBUG=1 shows where it came from, for whoever may see the data."""
    result = paper("scribe", talk, temper="fault", env={"TRELLIS_DEBUG": "1"})

    assert result.returncode == 1
    assert "Traceback" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("temper", ["slow", "swallow"])
def test_an_interruption_is_exit_code_130_and_leaves_nothing(started, talk, tmp_path, number, temper):
    """Ctrl-C in the middle ends the work with 130 and leaves no file, even where a library loses the interruption."""
    process = started("scribe", talk, "--json", tmp_path / "note.json", "--html", tmp_path / "n.html", temper=temper)
    process.send_signal(number)
    output, errors = process.communicate(timeout=30)

    assert process.returncode == 130
    assert output == ""
    assert errors == "trellis: interrupted; nothing was written.\n"
    assert names(tmp_path) == ["in"]


def test_a_parent_that_ignores_interruptions_changes_nothing(started, talk):
    """A job a script put in the background can be interrupted too."""
    process = started("scribe", talk, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=30) == 130


def test_a_reader_that_goes_away_is_no_fault(talk):
    """`trellis scribe … --json - | head` ends quietly, without a traceback."""
    command = f"{sys.executable} {Path(__file__).parent}/paper_house.py scribe {talk} --json - | true"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=True)

    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr


def test_version_is_told():
    """`trellis --version` names the version."""
    result = subprocess.run(
        [sys.executable, "-m", "trellis", "--version"], capture_output=True, text=True, timeout=60, check=True
    )

    assert re.fullmatch(r"trellis \d+\.\d+\.\d+\n", result.stdout)
