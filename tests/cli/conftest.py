"""How these tests call the terminal: as a shell does, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent / "paper_house.py"


@pytest.fixture
def paper():
    """Runs the front door over rooms of paper; gives exit code, output and errors."""

    def call(*arguments, temper="", **more):
        return subprocess.run(
            [sys.executable, str(HOUSE), *map(str, arguments)],
            env=os.environ | {"PAPER_HOUSE": temper} | more.pop("env", {}),
            capture_output="stdout" not in more,
            text=True,
            timeout=60,
            check=False,
            **more,
        )

    return call


@pytest.fixture
def started():
    """Starts the front door over rooms that dawdle, and gives the process once it is at work."""
    running = []

    def start(*arguments, temper="slow", **more):
        process = subprocess.Popen(
            [sys.executable, str(HOUSE), *map(str, arguments)],
            env=os.environ | {"PAPER_HOUSE": temper},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **more,
        )
        running.append(process)
        assert process.stderr.readline() == "started\n"
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


@pytest.fixture
def talk(tmp_path):
    """A transcript to scribe."""
    path = tmp_path / "in" / "talk.txt"
    path.parent.mkdir()
    path.write_text("Client: Maybe four hours a night.\n")
    return path
