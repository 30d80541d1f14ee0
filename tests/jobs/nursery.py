"""Workers that can be killed at any statement: each a process of its own, born of one that has loaded all.

Reads an order a line on standard input, gives a line when that worker's process has ended. The jobs here write one
receipt for each step, under `once`, and note each run of a step in a file, so that a test sees both what happened and
how often it was tried.
"""

import json
import os
import signal
import sys
import threading
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, event, insert

from trellis.jobs import Backoff, Every, Job, Line, Place, Step, Worker, Worklist, once
from trellis.kernel import Unavailable, new_id
from trellis.record.tables import receipts
from trellis.store import open_postgres, open_sqlite

TENANT = "org_test"
SPOKEN = "Zebediah is drinking again"
LONGEST = 120
"""Seconds after which a worker that hangs is ended, so that its test fails."""


def place_of(order):
    more = {name: order[name] for name in ("url", "owner_url", "role") if name in order}
    return Place(tenant=TENANT, folder=Path(order["folder"]), key=bytes.fromhex(order["key"]), **more)


def database_of(order):
    if "url" in order:
        return open_postgres(order["url"])
    return open_sqlite(Path(order["folder"]) / "record.db", bytes.fromhex(order["key"]))


def jobs_of(order, database=None):
    """The jobs of these tests; without a database only for their names."""
    tried = Path(order["folder"]) / "tried"
    spoiled = Path(order["folder"]) / "spoiled"

    def note(task):
        with tried.open("a") as file:
            file.write(f"{task.key} {time.time()}\n")
        return sum(line.split()[0] == task.key for line in tried.read_text().splitlines())

    def write(task):
        now = datetime.now(UTC)
        with database.change(TENANT) as connection:
            if once(connection, TENANT, task.key, now):
                row = {"id": new_id("rcp"), "client": task.subject, "rule": task.key, "at": now, "actor": "job:test"}
                connection.execute(insert(receipts).values(tenant=TENANT, items="[]", **row))

    def steady(task):
        note(task)
        write(task)

    def shaky(task):
        if note(task) == 1:
            raise Unavailable("tests.shaky", SPOKEN, hint=SPOKEN)
        write(task)

    def spoil(task):
        note(task)
        if spoiled.exists():
            raise RuntimeError(SPOKEN)
        write(task)

    def dawdle(task):
        note(task)
        write(task)
        time.sleep(order.get("dawdle", 30))

    def steps(*acts):
        return tuple(Step(name=f"{act.__name__}{number}", do=act) for number, act in enumerate(acts, 1))

    quick = Backoff(attempts=3, first=0.3, factor=3)
    return (
        Job(name="tests.whole", steps=steps(steady, shaky, steady), backoff=quick),
        Job(name="tests.steady", steps=steps(steady, steady), backoff=quick),
        Job(name="tests.spoiled", steps=steps(steady, spoil), backoff=quick, line=Line(name="bad", at_once=1)),
        Job(name="tests.patient", steps=steps(spoil), backoff=quick, line=Line(name="bad", at_once=1)),
        Job(name="tests.behind", steps=steps(steady), line=Line(name="bad", at_once=1)),
        Job(name="tests.slow", steps=steps(dawdle, steady), backoff=quick),
    )


def work(order):
    """Do jobs until those named are done or failed; killed at the statement with the number `kill_at`."""
    signal.alarm(LONGEST)
    counted = 0

    def count(*_):
        nonlocal counted
        if threading.current_thread().name.startswith("dbos-executor"):
            counted += 1
            if counted == order.get("kill_at"):
                os.kill(os.getpid(), signal.SIGKILL)

    for moment in ("before_cursor_execute", "commit"):
        event.listen(Engine, moment, count)
    place, database = place_of(order), database_of(order)
    jobs = jobs_of(order, database)

    def watch():
        with Worklist(place, jobs) as worklist:
            while not {one.key for one in worklist.listed() if one.state in ("done", "failed")} >= set(order["until"]):
                time.sleep(0.05)
        print(json.dumps({"statements": counted}), flush=True)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
    if seconds := order.get("kill_after"):
        threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
    every = [Every(**one) for one in order.get("every", [])]
    Worker(place, database, jobs, every=every, poll=0.05).run()


def main():
    born = {}
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _, status = os.waitpid(born.pop(order["wait"]), 0)
            print(json.dumps({"ended": os.waitstatus_to_exitcode(status)}), flush=True)
            continue
        if "kill" in order:
            os.kill(born[order["kill"]], signal.SIGKILL)
            continue
        child = os.fork()
        if child == 0:
            try:
                work(order)
            except BaseException:  # noqa: BLE001 (told before the process ends)
                traceback.print_exc()
            finally:
                os._exit(3)
        born[order["worker"]] = child


if __name__ == "__main__":
    import trellis.jobs.engine  # noqa: F401 (loaded before the first fork)

    main()
