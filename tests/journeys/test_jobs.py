"""Journeys of what is done in the background: started, stopped, killed, seen to fail, put right and done again."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from trellis.app import House
from trellis.cli import run
from trellis.kernel import Settings
from trellis.record import make_clinic

PATIENCE = 100


@pytest.fixture
def clinic(tmp_path):
    """A made clinic, as the environment of its commands; its retention rules are a file."""
    make_clinic(Settings({"store.folder": str(tmp_path / "clinic")}), "Harbour Street")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRELLIS_")}
    return kept | {
        "TRELLIS_STORE_FOLDER": str(tmp_path / "clinic"),
        "TRELLIS_STORE_BACKUPS": str(tmp_path / "copies"),
        "TRELLIS_RECORD_RETENTION": str(tmp_path / "rules.toml"),
    }


@pytest.fixture
def trellis(clinic, capsys):
    """Runs a command on this clinic: its exit code, what it said, and what it refused."""
    house = House()
    house.__dict__["settings"] = Settings.load(clinic)

    def said(*arguments):
        code = run(house, arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return said


@pytest.fixture
def worker(clinic):
    """Starts `trellis worker` as a process of its own; whatever is left of them is killed."""
    begun = []

    def start():
        begun.append(
            subprocess.Popen(
                [sys.executable, "-m", "trellis", "worker"],
                env=clinic,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return begun[-1]

    yield start
    for one in begun:
        if one.poll() is None:
            one.kill()
            one.communicate()


def states(trellis, *options):
    """The state of each job by its name."""
    code, said, _ = trellis("jobs", "list", *options)
    assert code == 0
    return {line.split(":")[0]: line.split("  ")[1] for line in said.splitlines()}


def until(trellis, wanted):
    """Wait until the jobs are as wanted."""
    end = time.monotonic() + PATIENCE
    while (found := states(trellis)) != wanted and time.monotonic() < end:
        time.sleep(0.3)
    assert found == wanted


def test_what_is_due_is_done_and_what_failed_is_put_right(trellis, worker, tmp_path):
    """A worker does what is due and ends when it is told to; what failed is seen, mended, and done by the next one.

    Nothing but keys, ids, codes and times is said, and the doctor says what is wrong until it is mended.
    """
    rules = tmp_path / "rules.toml"
    rules.write_text("Zebediah keeps nothing")
    first = worker()
    until(trellis, {"record.verify": "done", "record.back_up": "done", "record.retain": "failed"})
    first.send_signal(signal.SIGINT)
    said, errors = first.communicate(timeout=PATIENCE)
    key = re.search(r"record\.retain:\d+T\d+Z", said).group()
    failed = trellis("jobs", "list", "--failed")
    ill = trellis("doctor")

    assert (first.returncode, errors) == (0, "")
    assert said.splitlines()[-1].endswith("ended") and f"{key}:delete  record.retention_invalid" in said
    assert failed[1].startswith(f"{key}  failed  attempt 1") and "record.retention_invalid" in failed[1]
    assert ill[0] == 1 and "WRONG  jobs: 1 jobs failed, the last with record.retention_invalid" in ill[1]
    assert trellis("audit", "verify")[0] == 0 and (tmp_path / "copies" / "record").is_dir()

    rules.write_text("rules = []")
    assert trellis("jobs", "retry", key) == (0, f"{key}  waits for a worker.\n", "")
    second = worker()
    until(trellis, {"record.verify": "done", "record.back_up": "done", "record.retain": "done"})
    second.send_signal(signal.SIGTERM)
    again, errors = second.communicate(timeout=PATIENCE)

    assert (second.returncode, errors) == (0, "")
    assert f"{key}:delete  done" in again and "record.verify" not in again
    assert "ok     jobs" in trellis("doctor")[1]
    assert "Zebediah" not in said + again + failed[1]
    assert trellis("jobs", "retry", key)[0] == 1
    assert trellis("jobs", "retry", "record.retain:20200101T020000Z")[0] == 2
