"""Processes that do something to a clinic and may be killed while they do: children of one that has loaded all.

Started as a program it reads orders, a line each: an act, the settings of a clinic and what the act takes. For each it
answers with the number of a fresh process that does it, then with how that process ended.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
import traceback
from pathlib import Path

from tests.gates import open_gates
from trellis.chart import Goal
from trellis.governance import add_root, read_roots
from trellis.kernel import Settings
from trellis.record import (
    back_up,
    bring_in,
    export,
    keep_blob,
    make_clinic,
    open_clinic,
    place_of,
    reseal,
    restore,
    rewrap_database_key,
)

NURSE = "staff:usr_a"
SOUND = bytes(range(256)) * 1200


def make(settings):
    make_clinic(settings, "Harbour Street")


def save(settings, client, acks, times):
    """Change a goal again and again; each change that was accepted is told in a file at once."""
    with open_clinic(settings) as record, Path(acks).open("ab", buffering=0) as told:
        with record.work(NURSE) as work:
            goal = work.add(Goal(words="0"), client=client, reason="goal.add")
        told.write(f"{goal.id} 0\n".encode())
        for number in range(1, times):
            with record.work(NURSE) as work:
                goal = work.change(goal, Goal(words=str(number)), reason="goal.change")
            told.write(f"{goal.id} {number}\n".encode())


def keep(settings, client, acks):
    """Keep recordings."""
    with open_clinic(settings) as record, Path(acks).open("ab", buffering=0) as told:
        for _ in range(5):
            blob = keep_blob(record, NURSE, [SOUND], kind="recording", client=client)
            told.write(f"{blob}\n".encode())


def copy(settings, folder):
    with open_clinic(settings) as record:
        back_up(record, read_roots(place_of(settings).root, {}), "Harbour Street", Path(folder), NURSE)


def rebuild(settings, folder):
    restore(settings, Path(folder), read_roots(place_of(settings).root, {}))


def rotate(settings):
    """As `trellis keys rotate --root` does."""
    add_root(place_of(settings).root)
    with open_clinic(settings) as record:
        record.vault.make(record.tenant, "tenant", record.tenant)
        record.vault.rewrap(record.tenant)
        rewrap_database_key(settings)


def renew(settings, client):
    with open_clinic(settings) as record:
        reseal(record, client, NURSE)


def leave(settings, folder):
    with open_clinic(settings) as record:
        export(record, "Harbour Street", Path(folder), NURSE)


def arrive(settings, folder):
    bring_in(settings, Path(folder), NURSE)


ACTS = {act.__name__: act for act in (make, save, keep, copy, rebuild, rotate, renew, leave, arrive)}


class Victims:
    """Gives processes to be killed."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.record.victims"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def begin(self, act, chosen, **taken):
        """Begin an act on a clinic; gives the number of its process."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([act, chosen, taken]) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def ended(self):
        """How the process that was begun ended: 0, or minus the signal."""
        return int(self.process.stdout.readline())

    def do(self, act, chosen, **taken):
        """Do an act to its end; gives the seconds it took."""
        started = time.perf_counter()
        self.begin(act, chosen, **taken)
        assert self.ended() == 0
        return time.perf_counter() - started

    def kill(self, act, chosen, after, **taken):
        """Begin an act and kill its process after some seconds."""
        number = self.begin(act, chosen, **taken)
        time.sleep(after)
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, 9)
        return self.ended()

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def serve():
    for line in sys.stdin:
        act, chosen, taken = json.loads(line)
        number = os.fork()
        if number == 0:
            try:
                ACTS[act](Settings(chosen), **taken)
            except BaseException:  # noqa: BLE001 (told, and no test of the parent runs on)
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        print(number, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]), flush=True)


if __name__ == "__main__":
    with open_gates():
        serve()
