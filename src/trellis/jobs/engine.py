"""DBOS Transact, which keeps how far each job is: everything that knows it is here and in `codec`.

Loaded when a worker starts or a list is asked for, and not before: it takes a second. Three of its ways are set
aside. Its version of an application is pinned: otherwise every change of our code would strand what is under way. Its
words are silenced, since they repeat errors. And where it would wait for a worker of the same name to come back, we
hand the jobs of a dead worker to a living one (see `places`).
"""

import time
from collections.abc import Callable, Mapping

from dbos import DBOS, DBOSClient, DBOSConfig, error
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from trellis.jobs.codec import Plain
from trellis.jobs.places import Place
from trellis.jobs.steps import AGAIN, Asked, Job, Line, Step, Task
from trellis.kernel import Invalid
from trellis.store import open_postgres

VERSION = "1"
BODY = "job"
CRASHES = 20
"""How many workers a job may take down with it before it counts as failed."""
TURN = 0.05
"""Seconds between two looks whether another process has made the tables."""
Do = Callable[[Step, Task], None]


def open_client(place: Place) -> tuple[DBOSClient, Engine]:
    """The engine's state for reading and for adding jobs, brought to the shape it knows."""
    DBOS.logger.setLevel("CRITICAL")
    engine = place.engine()
    client = DBOSClient(
        system_database_engine=engine,
        dbos_system_schema=place.schema,
        serializer=Plain(),
        application_name=place.tenant,
        retry_connection_errors=False,
        lazy=True,
    )
    if not place.url:
        client._sys_db.run_migrations()  # noqa: SLF001 (its public way takes a URL, and would leave the file readable)
    elif not _is_ready(client):
        _make_ready(place)
    return client, engine


def _is_ready(client: DBOSClient) -> bool:
    """Whether the tables are there, in the shape this version of the engine knows."""
    try:
        client._sys_db.verify_migrations()  # noqa: SLF001 (what its own start asks)
    except (error.DBOSException, SQLAlchemyError):
        return False
    return True


def _make_ready(place: Place) -> None:
    """Make the tables as their owner, one at a time: two that grant rights at once are refused by PostgreSQL."""
    if not place.owner_url:
        raise Invalid(
            "jobs.state_absent", "The database has no tables for jobs yet.", hint="Set store.owner_url for one start."
        )
    owner = open_postgres(place.owner_url).engine
    told = {"schema": place.schema}
    try:
        with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as held:
            # Asked again and again, and not waited for: an index that is made beside work waits for every statement
            # that is under way, and so would wait for whoever waits for its own lock.
            while not held.execute(text("SELECT pg_try_advisory_lock(hashtext(:schema))"), told).scalar():
                time.sleep(TURN)
            DBOS.migrate(place.owner_url, schema=place.schema, application_role=place.role or None)
    finally:
        owner.dispose()


def add(client: DBOSClient, job: Job, asked: Asked) -> None:
    """Put a job into its line; where its key is known nothing happens."""
    client.enqueue(
        {"workflow_name": BODY, "queue_name": job.line.name, "workflow_id": asked.key, "app_version": VERSION},
        asked.job,
        asked.subject,
        asked.key,
        1,
        0,
    )


def launch(place: Place, engine: Engine, worker: str, body: Callable[..., str]) -> None:
    """Begin to do jobs in threads of this process, as this worker."""
    config: DBOSConfig = {
        "name": place.tenant,
        "system_database_engine": engine,
        "dbos_system_schema": place.schema,
        "serializer": Plain(),
        "application_version": VERSION,
        "executor_id": worker,
        "run_migrations": False,
        "log_level": "CRITICAL",
        "enable_otlp": False,
    }
    DBOS(config=config)
    DBOS.workflow(name=BODY, max_recovery_attempts=CRASHES)(body)
    DBOS.launch()


def set_lines(client: DBOSClient, lines: Mapping[str, Line], poll: float) -> None:
    """Say how many jobs of each line run at once in a worker, and how often it looks for new ones (seconds)."""
    for line in lines.values():
        client.register_queue(line.name, worker_concurrency=line.at_once, polling_interval_sec=poll)


def do_step(name: str, do: Do, step: Step, task: Task) -> None:
    """Within a job: do a step, unless it is on record as done or failed; then it is that again."""
    DBOS.run_step({"name": name}, do, step, task)


def go_on(job: Job, subject: str, key: str, attempt: int, first: int) -> None:
    """Within a job: its next attempt, from the step with this number on, after the wait that is due."""
    DBOS.enqueue_workflow_with_options(
        {
            "workflow_name": BODY,
            "queue_name": job.line.name,
            "workflow_id": f"{key}{AGAIN}{attempt}",
            "app_version": VERSION,
            "delay_seconds": job.backoff.delay(attempt - 1),
        },
        job.name,
        subject,
        key,
        attempt,
        first,
    )


def workers_of(client: DBOSClient) -> set[str]:
    """Workers that are noted as doing something."""
    doing = client.list_workflows(status="PENDING", load_input=False, load_output=False)
    return {one.executor_id for one in doing if one.executor_id}


def hand_over(worker: str) -> None:
    """Put what a dead worker was doing back into its lines."""
    DBOS._recover_pending_workflows([worker])  # noqa: SLF001 (there is no public way without its paid service)


def stop(seconds: int) -> None:
    """Take no more jobs, and wait so long for those that are being done."""
    DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=seconds)
