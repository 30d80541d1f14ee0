"""Jobs survive the death of their worker at every statement, one by one and together, on both databases."""

import contextlib
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.jobs.nursery import SPOKEN, TENANT, jobs_of, place_of
from trellis.jobs import Asked, Worklist, ask, asked_for
from trellis.kernel import SystemClock

WHOLE = {"steady1": 1, "shaky2": 1, "steady3": 1}
KILLED = -signal.SIGKILL


def test_a_job_killed_again_and_again_is_done_once(workers, worklist, receipts_of):
    """Killed before, within and after its steps and between two attempts: each effect is there once."""
    worklist.start(Asked(job="tests.whole", subject="cli_a", key="job_a"))
    ends = [workers.run(["job_a"], kill_at=number)[0] for number in (2, 9, 16, 5)]

    assert ends == [KILLED] * 4
    assert workers.run(["job_a"])[0] == 0
    assert receipts_of("job_a") == WHOLE, worklist.listed()
    assert [(one.key, one.state) for one in worklist.listed()] == [("job_a", "done")]


def test_a_living_worker_takes_over_from_a_dead_one(workers, worklist, receipts_of, tried):
    """Nobody starts the dead one again: the other does what it was doing, from the step that wasn't finished."""
    keys = [f"job_{number}" for number in range(6)]
    worklist.start(Asked(job="tests.slow", subject="cli_a", key="job_slow"))
    first = workers.start(["job_slow"])
    for _ in range(600):
        if receipts_of("job_slow"):
            break
        time.sleep(0.05)
    second = workers.start([*keys, "job_slow"], dawdle=0)
    for key in keys:
        worklist.start(Asked(job="tests.steady", subject="cli_a", key=key))
    workers.kill(first)

    assert (workers.wait(first)[0], workers.wait(second)[0]) == (KILLED, 0)
    assert receipts_of("job_slow") == {"dawdle1": 1, "steady2": 1}
    assert len(tried("job_slow")["dawdle1"]) == 2
    assert [receipts_of(key) for key in keys] == [{"steady1": 1, "steady2": 1}] * 6
    assert all(len(times) == 1 for key in keys for times in tried(key).values())


def test_two_workers_never_do_one_job_twice(workers, worklist, tried):
    """Each step of each job runs in one of them, once."""
    keys = [f"job_{number}" for number in range(12)]
    for key in keys:
        worklist.start(Asked(job="tests.steady", subject="cli_a", key=key))
    both = [workers.start(keys), workers.start(keys)]

    assert [workers.wait(one)[0] for one in both] == [0, 0]
    assert [{step: len(times) for step, times in tried(key).items()} for key in keys] == [
        {"steady1": 1, "steady2": 1}
    ] * 12


def test_failed_work_is_seen_without_a_word_and_done_again_by_hand(order, workers, worklist, receipts_of, tried):
    """Tried as often as it says, each time later; then listed with code and place, and done from where it failed.

    While it waits for its next attempt, jobs behind it in the same line are done. What its error said is nowhere.
    """
    spoiled = Path(order["folder"]) / "spoiled"
    spoiled.touch()
    worklist.start(Asked(job="tests.spoiled", subject="cli_a", key="job_bad"))
    worklist.start(Asked(job="tests.behind", subject="cli_a", key="job_behind"))
    assert workers.run(["job_bad", "job_behind"])[0] == 0
    failed = worklist.listed("failed")
    times = tried("job_bad")["spoil2"]

    assert [(one.key, one.code, one.attempt) for one in failed] == [("job_bad", "jobs.unexpected", 3)]
    assert failed[0].where.startswith("nursery.py:") and failed[0].where.endswith(" RuntimeError")
    assert (times[1] - times[0] >= 0.3, times[2] - times[1] >= 0.9, len(times)) == (True, True, 3)
    assert tried("job_behind")["steady1"][0] < times[2]
    assert not _is_kept(order, SPOKEN)

    spoiled.unlink()
    worklist.retry("job_bad")
    assert workers.run(["job_bad"])[0] == 0
    assert receipts_of("job_bad") == {"steady1": 1, "spoil2": 1}
    assert (len(tried("job_bad")["steady1"]), worklist.listed("failed")) == (1, [])


def test_a_job_asked_for_in_a_transaction_lives_and_dies_with_it(database, workers, worklist, receipts_of):
    """Rolled back, there is no job; kept, it is started once, however often it was asked for; and so is what is due."""
    now = SystemClock().now()
    kept = Asked(job="tests.steady", subject="cli_a", key="job_kept")
    with contextlib.suppress(KeyError), database.change(TENANT) as connection:
        ask(connection, TENANT, Asked(job="tests.steady", subject="cli_a", key="job_lost"), now)
        raise KeyError
    for _ in range(2):
        with database.change(TENANT) as connection:
            ask(connection, TENANT, kept, now)
            ask(connection, TENANT, Asked(job="tests.nobody", subject="cli_a", key="job_odd"), now)
    every = {"job": "tests.steady", "subject": TENANT, "seconds": 10**9}
    due = "tests.steady:20010909T014640Z"
    assert workers.run(["job_kept", "job_odd", due], every=[every])[0] == 0

    assert {(one.key, one.state, one.code) for one in worklist.listed()} == {
        ("job_kept", "done", ""),
        ("job_odd", "failed", "jobs.unknown"),
        (due, "done", ""),
    }
    assert receipts_of("job_kept") == {"steady1": 1, "steady2": 1}
    with database.look(TENANT) as connection:
        assert asked_for(connection, TENANT) == []


def test_many_open_the_list_at_once_where_there_is_none_yet(order):
    """Its tables are made by one of them, while the others wait their turn."""
    opened = []

    def look():
        with Worklist(place_of(order), jobs_of(order)) as worklist:
            opened.append(worklist.listed())

    threads = [threading.Thread(target=look, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert opened == [[]] * 4


@pytest.mark.soak
def test_killed_at_every_statement_each_effect_happens_once(workers, worklist, receipts_of):
    """Each statement and commit of a job's threads is a point to die at, on both databases; none is harmful."""
    worklist.start(Asked(job="tests.whole", subject="cli_a", key="job_0"))
    ended, statements = workers.run(["job_0"])
    assert ended == 0 and statements > 20
    for number in range(1, statements + 1):
        key = f"job_{number}"
        worklist.start(Asked(job="tests.whole", subject="cli_a", key=key))
        assert workers.run([key], kill_at=number)[0] == KILLED, number
        assert workers.run([key])[0] == 0, number
        assert receipts_of(key) == WHOLE, number
    assert worklist.listed("failed") == []


@pytest.mark.soak
def test_killed_at_any_moment_each_effect_happens_once(workers, worklist, receipts_of):
    """A worker with many jobs under way is killed at any time, again and again, whatever its threads do."""
    keys = [f"job_{number}" for number in range(60)]
    for key in keys:
        worklist.start(Asked(job="tests.whole", subject="cli_a", key=key))
    kills = 0
    while workers.run(keys, kill_after=0.3 + (kills * 7 % 100) / 100)[0] != 0:
        kills += 1
        assert kills < 400
    assert [receipts_of(key) for key in keys] == [WHOLE] * len(keys)
    assert worklist.listed("failed") == []


def _is_kept(order, words):
    """Whether words lie anywhere in the engine's state: its tables in PostgreSQL, every file of the folder."""
    if "url" in order:
        from sqlalchemy import MetaData, select

        engine = place_of(order).engine()
        tables = MetaData(schema=f"jobs_{TENANT}")
        tables.reflect(engine)
        with engine.connect() as connection:
            rows = [str(row) for table in tables.sorted_tables for row in connection.execute(select(table))]
        engine.dispose()
        assert len(rows) > 5
        return any(words in row for row in rows)
    files = [path for path in Path(order["folder"]).rglob("*") if path.is_file()]
    return any(words.encode() in path.read_bytes() for path in files)
