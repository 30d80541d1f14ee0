"""`trellis worker` and `trellis jobs`: what a clinic has done in the background, and what became of it.

Prints keys, ids, codes and times, never a word of what a job is about.
"""

import contextlib
import signal
import types
from typing import TYPE_CHECKING

import click

from trellis.cli.clinic import open_record
from trellis.cli.root import Rooms

if TYPE_CHECKING:
    from trellis.jobs import Listed


@click.command()
@click.pass_obj
def worker(rooms: Rooms) -> None:
    """Do what is due and what was asked for, until Ctrl-C; then finish what is under way.

    Start as many as you like, on every machine of the clinic. One that is killed loses nothing: the others, or the
    next that is started, go on where it was.
    """
    from trellis.record import open_worker

    with open_record(rooms) as record:
        working = open_worker(record, rooms.settings, lambda key, code: _say(f"{key}  {code or 'done'}"))
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

        def end(_: int, __: types.FrameType | None) -> None:
            working.stop()
            _say("finishing what is under way; once more to leave it to the next worker")
            for number, handler in before.items():
                signal.signal(number, handler)

        for number in before:
            signal.signal(number, end)
        _say(f"{working.name}  at work")
        working.run()
        _say(f"{working.name}  ended")


@click.group()
def jobs() -> None:
    """What is done in the background: see it, and do again what failed."""


@jobs.command(name="list")
@click.option("--failed", is_flag=True, help="Only what failed.")
@click.pass_obj
def list_(rooms: Rooms, failed: bool) -> None:
    """The jobs of the clinic, the latest first: key, state, attempts, when, and why it failed."""
    from trellis.record import open_worklist

    with open_worklist(rooms.settings) as worklist:
        for one in worklist.listed("failed" if failed else None):
            click.echo(_line(one))


@jobs.command()
@click.argument("key")
@click.pass_obj
def retry(rooms: Rooms, key: str) -> None:
    """Do the failed job KEY again, from the step that failed on; a worker takes it."""
    from trellis.record import open_worklist

    with open_worklist(rooms.settings) as worklist:
        worklist.retry(key)
    click.echo(f"{key}  waits for a worker.")


def _line(one: "Listed") -> str:
    parts = [one.key, one.state, f"attempt {one.attempt}", f"{one.changed_at:%Y-%m-%d %H:%M:%S}Z"]
    parts += [f"next {one.due:%H:%M:%S}Z"] if one.due else []
    return "  ".join([*parts, *filter(None, (one.code, one.where))])


def _say(line: str) -> None:
    """A line at once; that nobody reads it any more is no failure of the work."""
    with contextlib.suppress(OSError, ValueError):
        print(line, flush=True)
