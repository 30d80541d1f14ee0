"""`trellis doctor`: what is wrong with this machine's clinic, and what to do about each thing."""

import shutil
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click

from trellis.cli.root import Rooms
from trellis.kernel import TrellisError, Unavailable

LEAST_FREE = 2 * 1024**3
"""Bytes of disk under which a clinic is told to make room: a day of recordings, and a backup."""
SLACK = timedelta(minutes=5)
PATIENCE = timedelta(days=1)
"""How long a job may wait for a worker."""

Look = Callable[[Rooms], str]


@click.command()
@click.pass_obj
def doctor(rooms: Rooms) -> None:
    """Check keys, database, migrations, disk, jobs, weights, clock and permissions; exit code 1 if one is wrong."""
    wrong = 0
    for what, look in LOOKS:
        try:
            click.echo(f"ok     {what}: {look(rooms)}")
        except TrellisError as error:
            wrong += 1
            click.echo(f"WRONG  {what}: {error}")
    if wrong:
        raise Unavailable("cli.doctor_found", f"{wrong} of {len(LOOKS)} need you.", hint="See each line above.")


def _folder(rooms: Rooms) -> str:
    from trellis.record import place_of, read_organisation

    place = place_of(rooms.settings)
    read_organisation(place)
    if stat.S_IMODE(place.folder.stat().st_mode) & 0o007:
        raise Unavailable(
            "cli.folder_open", "Everybody on this machine may read the clinic's folder.", hint="Close it: chmod o-rwx."
        )
    return "there, and closed to others"


def _root(rooms: Rooms) -> str:
    from trellis.governance import read_roots
    from trellis.record import place_of

    return f"{read_roots(place_of(rooms.settings).root).current} wraps"


def _databases(rooms: Rooms) -> str:
    from trellis.record import open_clinic
    from trellis.store import newest, revision

    with open_clinic(rooms.settings) as record:
        at = revision(record.database), revision(record.vault.database)
        if at != (newest("record"), newest("keys")):
            raise Unavailable(
                "cli.migrations_open", "The databases aren't at their newest steps.", hint="Set store.owner_url once."
            )
        kind = "encrypted SQLite" if record.database.is_sqlite else "PostgreSQL"
    return f"{kind}, at {' and '.join(str(step) for step in at)}"


def _chain(rooms: Rooms) -> str:
    from trellis.record import open_clinic

    with open_clinic(rooms.settings) as record:
        head, broken = record.verify()
    if broken is not None:
        raise Unavailable(
            "cli.audit_broken",
            f"The audit chain does not hold: entry {broken.number} is {broken.how}.",
            hint="Keep everything as it is, and compare with a backup.",
        )
    return f"holds over {head.number} entries"


def _clock(rooms: Rooms) -> str:
    from trellis.governance import last_at
    from trellis.record import open_clinic

    with open_clinic(rooms.settings) as record:
        now = record.clock.now()
        with record.database.look(record.tenant) as connection:
            last = last_at(connection, record.tenant)
    if last is not None and last - now > SLACK:
        raise Unavailable(
            "cli.clock_behind", "The clock stands before the last audit entry.", hint="Set the clock (NTP)."
        )
    return f"{now:%Y-%m-%d %H:%M} UTC"


def _disk(rooms: Rooms) -> str:
    from trellis.record import place_of

    folder = place_of(rooms.settings).folder
    free = shutil.disk_usage(folder if folder.exists() else folder.anchor).free
    if free < LEAST_FREE:
        raise Unavailable("cli.disk_low", f"{free // 1024**2} MiB are free.", hint="Make room: recordings need it.")
    return f"{free // 1024**3} GiB free"


def _jobs(rooms: Rooms) -> str:
    from trellis.jobs import oldest_asked
    from trellis.record import open_clinic, open_worklist

    with open_clinic(rooms.settings) as record:
        now = record.clock.now()
        with record.database.look(record.tenant) as connection:
            asked = oldest_asked(connection, record.tenant)
    with open_worklist(rooms.settings) as worklist:
        failed = worklist.listed("failed")
    if failed:
        raise Unavailable(
            "cli.jobs_failed",
            f"{len(failed)} jobs failed, the last with {failed[0].code}.",
            hint="See trellis jobs list --failed, and put right what they name; then trellis jobs retry.",
        )
    if asked is not None and now - asked > PATIENCE:
        raise Unavailable(
            "cli.worker_absent", f"Since {asked:%Y-%m-%d} nobody does the jobs.", hint="Start trellis worker."
        )
    return "none failed, none waits for a worker"


def _weights(rooms: Rooms) -> str:
    from trellis.inference import check_weights

    cache = rooms.settings.text("inference.cache")
    return f"{check_weights(Path(cache) if cache else None)} sets are the ones their digests name"


LOOKS: tuple[tuple[str, Look], ...] = (
    ("folder", _folder),
    ("root key", _root),
    ("databases", _databases),
    ("audit chain", _chain),
    ("clock", _clock),
    ("disk", _disk),
    ("jobs", _jobs),
    ("weights", _weights),
)
