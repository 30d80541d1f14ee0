"""What a clinic has done without being asked: retention, proofs of the audit chain, copies, deleted sound removed.

Takes the record and the settings; gives the jobs, when they are due, and the worker that does them. Every step may run
twice and changes things once: what it deletes is deleted, and what it says on the chain it says under its key.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from trellis.governance import read_roots
from trellis.jobs import Every, Job, Line, Step, Task, Worker, Worklist, is_done, once
from trellis.kernel import Invalid, Settings
from trellis.record.backup import back_up
from trellis.record.blobs import REMOVE_BLOB, blob_name, blob_of, sweep
from trellis.record.clinic import place_of, place_of_jobs, read_organisation
from trellis.record.retain import load_rules, retain
from trellis.record.room import Record

VERIFY, RETAIN, BACK_UP = "record.verify", "record.retain", "record.back_up"
DAY = 24 * 3600
DUE: Mapping[str, int] = {VERIFY: 1 * 3600, RETAIN: 2 * 3600, BACK_UP: 3 * 3600}
"""Jobs of every day, and how many seconds after midnight UTC they are due."""
HEAVY = Line(name="heavy", at_once=1)
"""Work that takes the disk for minutes: one at a time, and nothing small waits for it."""
Tell = Callable[[str, str], None]


def duties(record: Record, settings: Settings) -> tuple[Job, ...]:
    """The jobs of a record. What they need of files (rules, root key) is read when they run."""
    return (
        Job(
            name=VERIFY,
            steps=(
                Step(name="chain", do=partial(_verify, record)),
                Step(name="anchor", do=partial(_anchor, record)),
            ),
            line=HEAVY,
        ),
        Job(
            name=RETAIN,
            steps=(
                Step(name="delete", do=partial(_retain, record, settings)),
                Step(name="sweep", do=partial(_sweep, record)),
            ),
            line=HEAVY,
        ),
        Job(name=BACK_UP, steps=(Step(name="copy", do=partial(_back_up, record, settings)),), line=HEAVY),
        Job(name=REMOVE_BLOB, steps=(Step(name="bytes", do=partial(_remove_blob, record)),)),
    )


def open_worker(record: Record, settings: Settings, tell: Tell) -> Worker:
    """Who does the jobs of this clinic; `tell` hears of each step by its key, from several threads."""
    return Worker(
        place_of_jobs(settings),
        record.database,
        duties(record, settings),
        every=tuple(_every(record, settings)),
        clock=record.clock,
        tell=tell,
    )


def open_worklist(settings: Settings) -> Worklist:
    """The jobs of this clinic, to look at and to do again; close it after use."""
    return Worklist(place_of_jobs(settings), ())


def _every(record: Record, settings: Settings) -> Iterator[Every]:
    for job, after in DUE.items():
        if job != BACK_UP or settings.text("store.backups"):
            yield Every(job=job, subject=record.tenant, seconds=DAY, after=after)


def _verify(record: Record, task: Task) -> None:
    head, broken = record.verify()
    if broken is not None:
        raise Invalid(
            "record.chain_broken",
            f"The audit chain does not hold: entry {broken.number} is {broken.how}.",
            hint="Run trellis audit verify, keep everything as it is, and compare with a backup.",
        )
    _say_once(record, task, VERIFY, {"number": head.number})


def _anchor(record: Record, _: Task) -> None:
    record.anchor()


def _retain(record: Record, settings: Settings, task: Task) -> None:
    """Each client's deletions are one transaction with their receipt, so a run that was cut goes on."""
    file = settings.text("record.retention")
    given = retain(record, load_rules(Path(file) if file else None), _actor(RETAIN))
    _say_once(record, task, RETAIN, {"receipts": len(given)})


def _sweep(record: Record, _: Task) -> None:
    sweep(record, _actor(RETAIN))


def _back_up(record: Record, settings: Settings, task: Task) -> None:
    """Cut between the copy and its line, there is one copy more than lines; each is whole or has no manifest."""
    with record.database.look(record.tenant) as connection:
        if is_done(connection, record.tenant, task.key):
            return
    place = place_of(settings)
    folder = Path(settings.text("store.backups"))
    made = back_up(record, read_roots(place.root), read_organisation(place).name, folder, _actor(BACK_UP))
    with record.database.change(record.tenant) as connection:
        once(connection, record.tenant, task.key, made.made_at)


def _remove_blob(record: Record, task: Task) -> None:
    with record.work(_actor(REMOVE_BLOB), purpose="operations") as work:
        found = blob_of(work, task.subject)
    if found.deleted_at is None:
        raise Invalid("record.blob_kept", f"The blob {found.id} isn't deleted.", hint="Delete it first.")
    record.blobs.delete(blob_name(record.tenant, found.id, found.key))
    _say_once(record, task, REMOVE_BLOB, {"key": found.key}, subject=found.id, client=found.client)


def _say_once(
    record: Record, task: Task, action: str, detail: Mapping[str, str | int], *, subject: str = "", client: str = ""
) -> None:
    """A line on the chain in the transaction that says the step's key: once, however often the step runs."""
    with record.work(_actor(action), purpose="operations") as work:
        if once(work.connection, work.tenant, task.key, work.now):
            work.tell(action, subject or record.tenant, client, detail)


def _actor(job: str) -> str:
    """Who did it, for the chain."""
    return f"job:{job}"
