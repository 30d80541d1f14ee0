"""What is to be done, what is being done and what failed; jobs are started here, and by hand started again.

Takes ids; shows ids, codes and times. Every error of the engine is told as one of ours.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, Self

from sqlalchemy.exc import SQLAlchemyError

from trellis.jobs.failures import JobFailed
from trellis.jobs.places import Place
from trellis.jobs.steps import AGAIN, Asked, Job, check_id
from trellis.kernel import Conflict, Invalid, NotFound, Unavailable

if TYPE_CHECKING:
    from dbos import DBOSClient, WorkflowStatus
    from sqlalchemy import Engine

State = Literal["waiting", "running", "done", "failed"]
STATES: dict[str, State] = {
    "DELAYED": "waiting",
    "ENQUEUED": "waiting",
    "PENDING": "running",
    "SUCCESS": "done",
    "ERROR": "failed",
    "CANCELLED": "failed",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "failed",
}
DONE, AGAIN_LATER = "done", "again"
"""What an attempt leaves behind: the job is done, or another attempt follows it."""
CRASHED = "jobs.crashed"
"""The code of a job that took its worker down again and again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """How far a job is, without a word of what it is about. `where` is a place in our code; `due` of a next attempt."""

    key: str
    job: str
    subject: str
    state: State
    attempt: int
    asked_at: datetime
    changed_at: datetime
    due: datetime | None = None
    code: str = ""
    where: str = ""


class Worklist:
    """The jobs of one organisation."""

    def __init__(self, place: Place, jobs: Sequence[Job]) -> None:
        self._place = place
        self._jobs = {job.name: job for job in jobs}
        self._opened: tuple[DBOSClient, Engine] | None = None

    def start(self, asked: Asked) -> None:
        """Have a job done; where its key was used before, nothing happens. `Invalid` where nobody declared it."""
        from trellis.jobs.engine import add

        check_id(asked.key)
        check_id(asked.subject)
        if asked.job not in self._jobs:
            raise Invalid("jobs.unknown", f"There is no job {asked.job}.", hint="Declare it where the house is built.")
        with self.client() as client:
            add(client, self._jobs[asked.job], asked)

    def listed(self, state: State | None = None, limit: int = 1000) -> list[Listed]:
        """Jobs, the latest asked first; of each its newest attempt."""
        statuses = [name for name, told in STATES.items() if state in (None, told)]
        with self.client() as client:
            rows = client.list_workflows(status=statuses, sort_desc=True, limit=limit)
        return [_listed(row) for row in rows if row.output != AGAIN_LATER]

    def retry(self, key: str) -> None:
        """Do a failed job again from the step that failed; `NotFound` or `Conflict` where there is no such job."""
        with self.client() as client:
            rows = client.list_workflows(workflow_id_prefix=key, load_output=True)
            mine = [row for row in rows if row.output != AGAIN_LATER and row.workflow_id.split(AGAIN)[0] == key]
            if not mine:
                raise NotFound("jobs.absent", f"There is no job {key}.", hint="See trellis jobs list.")
            (row,) = mine
            if STATES[row.status] != "failed":
                raise Conflict("jobs.not_failed", f"The job {key} didn't fail.", hint="See trellis jobs list.")
            steps = client.list_workflow_steps(row.workflow_id)
            failed = [step["function_id"] for step in steps if step["error"] is not None]
            client.rewind_workflow(row.workflow_id, start_step=max(failed, default=1), queue_name=row.queue_name)

    def close(self) -> None:
        """Let go of the engine's state."""
        if self._opened is not None:
            client, engine = self._opened
            self._opened = None
            client.destroy()
            engine.dispose()

    def __enter__(self) -> Self:
        """The list, closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the engine's state."""
        self.close()

    @contextmanager
    def client(self) -> Iterator["DBOSClient"]:
        """The engine's state, for a worker."""
        from trellis.jobs.engine import open_client

        try:
            if self._opened is None:
                self._opened = open_client(self._place)
            yield self._opened[0]
        except SQLAlchemyError:
            raise Unavailable(
                "jobs.unavailable", "The list of jobs doesn't answer.", hint="Run trellis doctor, then try again."
            ) from None


def _listed(row: "WorkflowStatus") -> Listed:
    job, subject, key, attempt, _ = _arguments(row)
    failed = row.error if isinstance(row.error, JobFailed) else None
    state = STATES[row.status]
    return Listed(
        key=key,
        job=job,
        subject=subject,
        state=state,
        attempt=attempt,
        asked_at=_moment(row.created_at),
        changed_at=_moment(row.updated_at),
        due=_moment(row.delay_until_epoch_ms) if row.status == "DELAYED" else None,
        code=failed.code if failed else CRASHED if state == "failed" else "",
        where=failed.where if failed else "",
    )


def _arguments(row: "WorkflowStatus") -> Sequence[Any]:
    assert row.input is not None
    return row.input["args"]


def _moment(milliseconds: int | None) -> datetime:
    return datetime.fromtimestamp((milliseconds or 0) / 1000, UTC)
