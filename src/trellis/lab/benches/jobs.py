"""`trellis bench jobs`: how many jobs a worker does in a second, and how soon one that was asked for is done.

Takes nothing; each job has one step that says its key in a transaction of the record. On both databases, in a
temporary folder, with a disk that is waited for as in a clinic.
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from trellis.jobs import Asked, Job, Step, Task, Worker, ask, once
from trellis.kernel import Settings, Unavailable
from trellis.lab.benches.record import embedded, served
from trellis.lab.benches.runs import environment
from trellis.lab.servers import Server
from trellis.record import Record, make_clinic, open_clinic
from trellis.record.clinic import place_of_jobs

Tell = Callable[[str, float | None], None]
MANY, ALONE = 300, 10
LONGEST = 300.0
"""Seconds after which a bench that waits gives up."""


def measure(tell: Tell) -> Mapping[str, Any]:
    """Figures for SQLite and for PostgreSQL."""
    figures: dict[str, Any] = {"environment": environment()}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(Server(is_safe=True))
        for name, settings in (("SQLite", embedded(folder)), ("PostgreSQL", served(folder, server))):
            make_clinic(settings, "Bench")
            with open_clinic(settings) as record:
                tell(f"{name}: {MANY} jobs", 0.2)
                figures[f"{name}: {MANY} jobs asked for at once, one worker"] = _worked(record, settings)
    return figures


def _worked(record: Record, settings: Settings) -> Mapping[str, str]:
    """Asked for together, then one by one; every one is waited for."""
    done: dict[str, float] = {}

    def step(task: Task) -> None:
        with record.database.change(record.tenant) as connection:
            once(connection, record.tenant, task.key, record.clock.now())

    def told(key: str, code: str) -> None:
        assert not code, code
        done[key.removesuffix(":only")] = time.perf_counter()

    worker = Worker(
        place_of_jobs(settings),
        record.database,
        (Job(name="lab.bench", steps=(Step(name="only", do=step),)),),
        tell=told,
    )
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    _ask(record, ["warm"])
    _wait(done, 1)
    started = time.perf_counter()
    _ask(record, [f"many{number}" for number in range(MANY)])
    _wait(done, MANY + 1)
    seconds = max(done.values()) - started
    waits = []
    for number in range(ALONE):
        asked = time.perf_counter()
        _ask(record, [f"alone{number}"])
        _wait(done, MANY + 2 + number)
        waits.append(done[f"alone{number}"] - asked)
    worker.stop()
    thread.join(LONGEST)
    return {
        "jobs a second": f"{MANY / seconds:.0f}",
        "from asked to done, alone": f"{statistics.median(waits):.2f} s (median of {ALONE})",
    }


def _ask(record: Record, keys: Sequence[str]) -> None:
    """In one transaction, as what follows from something that happened."""
    with record.database.change(record.tenant) as connection:
        for key in keys:
            asked = Asked(job="lab.bench", subject=record.tenant, key=key)
            ask(connection, record.tenant, asked, record.clock.now())


def _wait(done: Mapping[str, float], count: int) -> None:
    end = time.monotonic() + LONGEST
    while len(done) < count:
        if time.monotonic() > end:
            raise Unavailable("lab.jobs_slow", "The jobs weren't done in time.", hint="Try on a quiet machine.")
        time.sleep(0.01)
