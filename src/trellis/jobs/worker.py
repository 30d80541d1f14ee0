"""Does jobs: takes them from their lines, step by step, and goes on where a dead worker left off.

Takes the jobs rooms declare, and the record's database for what was asked there. Killed at any moment, it loses
nothing: what was under way is done by the next worker, and the steps on record aren't done again.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from trellis.jobs.failures import JobFailed, failure_of
from trellis.jobs.outbox import asked_for, take_out
from trellis.jobs.places import Place
from trellis.jobs.steps import Every, Job, Step, Task
from trellis.jobs.worklist import AGAIN_LATER, DONE, Worklist
from trellis.kernel import Clock, SystemClock, Unavailable, new_id
from trellis.store import Database

FOREVER = 10 * 365 * 24 * 3600
"""Seconds a worker that stops waits for the steps under way."""
Tell = Callable[[str, str], None]
"""How a worker says what it does: the key of a step that it tried, and the code of its error, empty where it is done.
Called from several threads."""
NOBODY = Job(name="", steps=())
"""Stands for a job that was asked for and nobody declares: it fails, where it can be seen."""


def _silent(key: str, code: str) -> None:
    """Says nothing."""


class _Stopped(BaseException):
    """A worker that was told to stop leaves a job between two steps: it stays on record as under way."""


class Worker:
    """Does the jobs of one organisation until it is told to stop. One in a process; as many processes as you like."""

    def __init__(
        self,
        place: Place,
        database: Database,
        jobs: Sequence[Job],
        *,
        every: Sequence[Every] = (),
        poll: float = 0.5,
        clock: Clock | None = None,
        tell: Tell = _silent,
    ) -> None:
        self._place = place
        self._database = database
        self._jobs = {job.name: job for job in jobs}
        self._every = every
        self._poll = poll
        self._clock = clock or SystemClock()
        self._tell = tell
        self._is_stopping = False
        self._begun: set[str] = set()
        self.name = new_id("wrk")

    def run(self) -> None:
        """Work until `stop` is called; then steps under way are finished, and the rest is left to the next worker.

        `Unavailable` where the state of jobs can't be reached at the start, or the worker's sign of life is lost.
        """
        from trellis.jobs.engine import launch, set_lines, stop

        with self._place.alive(self.name) as sign, Worklist(self._place, list(self._jobs.values())) as worklist:
            with worklist.client() as client:
                set_lines(client, {job.line.name: job.line for job in (*self._jobs.values(), NOBODY)}, self._poll)
            engine = self._place.engine()
            try:
                launch(self._place, engine, self.name, self._body())
                while not self._is_stopping:
                    sign.check()
                    with suppress(Unavailable):  # a database that comes back is found the next time
                        self._look(worklist)
                    time.sleep(self._poll)
            finally:
                self._is_stopping = True
                stop(FOREVER)
                engine.dispose()

    def stop(self) -> None:
        """Have `run` end after the steps under way; may be called from another thread, or when a signal comes."""
        self._is_stopping = True

    def _look(self, worklist: Worklist) -> None:
        """Start what was asked for and what is due, and take over from workers that died."""
        from trellis.jobs.engine import add, hand_over, workers_of

        tenant = self._place.tenant
        with self._database.look(tenant) as connection:
            waiting = asked_for(connection, tenant)
        with worklist.client() as client:
            for asked in waiting:
                add(client, self._jobs.get(asked.job, NOBODY), asked)
                with self._database.change(tenant) as connection:
                    take_out(connection, tenant, asked.key)
            for due in (every.due(self._clock.now()) for every in self._every):
                if due.key not in self._begun:
                    add(client, self._jobs[due.job], due)
                    self._begun.add(due.key)
            for worker in workers_of(client) - {self.name}:
                if self._place.is_dead(worker):
                    hand_over(worker)

    def _body(self) -> Callable[[str, str, str, int, int], str]:
        """What the engine runs for each attempt at a job: its steps from `first` on."""
        from trellis.jobs.engine import do_step, go_on

        def body(name: str, subject: str, key: str, attempt: int, first: int) -> str:
            job = self._jobs.get(name)
            if job is None:
                raise JobFailed("jobs.unknown", may_pass=False)
            for number, step in list(enumerate(job.steps))[first:]:
                if self._is_stopping:
                    raise _Stopped
                try:
                    do_step(step.name, self._do, step, Task(subject=subject, key=f"{key}:{step.name}"))
                except JobFailed as failed:
                    if not failed.may_pass or attempt >= job.backoff.attempts:
                        raise
                    go_on(job, subject, key, attempt + 1, number)
                    return AGAIN_LATER
            return DONE

        return body

    def _do(self, step: Step, task: Task) -> None:
        """A step, whose error leaves its words here."""
        try:
            step.do(task)
        except Exception as error:  # noqa: BLE001 (whatever it is, the job failed and is told so)
            failed = failure_of(error)
            self._tell(task.key, failed.code)
            raise failed from None
        self._tell(task.key, "")
