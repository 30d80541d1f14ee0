"""`trellis config`: a clinic's own sites, services, workflows, retention and wording, as a file with a history."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trellis.cli.clinic import OPERATOR, open_record
from trellis.cli.root import Rooms
from trellis.kernel import NotFound

if TYPE_CHECKING:
    from trellis.chart import Configuration


@click.group()
def config() -> None:
    """The clinic's configuration: see it, compare it, try it, put it in force, take it back."""


@config.command(name="show")
@click.option("--version", type=int, help="An earlier version; the one in force where none is named.")
@click.pass_obj
def show_(rooms: Rooms, version: int | None) -> None:
    """Print the configuration in force as TOML."""
    from trellis.record import configuration_of, write_configuration

    with open_record(rooms) as record, record.work(OPERATOR, purpose="operations") as work:
        now = configuration_of(work)
        if now is None:
            raise NotFound("cli.configuration_absent", "The clinic has no configuration.", hint="trellis config set.")
        entry = now if version is None else work.open(now.id, version)
        click.echo(write_configuration(entry.content), nl=False)


@config.command(name="history")
@click.pass_obj
def history_(rooms: Rooms) -> None:
    """Every version: who made it, when, why, and how much it changed."""
    from trellis.chart import Configuration
    from trellis.record import configuration_of, differences

    with open_record(rooms) as record, record.work(OPERATOR, purpose="operations") as work:
        now = configuration_of(work)
        before = Configuration()
        for entry in work.history(now.id) if now else []:
            changed = len(differences(before, entry.content))
            when = f"{entry.made_at:%Y-%m-%d %H:%M}Z"
            click.echo(f"{entry.version:>4}  {when}  {entry.actor}  {entry.reason}  {changed} changes")
            before = entry.content


@config.command(name="diff")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def diff_(rooms: Rooms, file: Path) -> None:
    """What FILE would change."""
    with open_record(rooms) as record, record.work(OPERATOR, purpose="operations") as work:
        from trellis.chart import Configuration
        from trellis.record import configuration_of, differences

        now = configuration_of(work)
        changes = differences(now.content if now else Configuration(), _read(rooms, file))
    for change in changes:
        click.echo(f"{change.place}: {_short(change.before)} -> {_short(change.after)}")
    click.echo(f"{len(changes)} changes.", err=True)


@config.command(name="try")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def try_(rooms: Rooms, file: Path) -> None:
    """What FILE's workflows would have flagged on the charts there are; nothing is changed."""
    from trellis.record import due_by

    wanted = _read(rooms, file)
    with open_record(rooms) as record, record.work(OPERATOR, purpose="operations") as work:
        due = due_by(work, wanted.workflows)
        now = work.now
    for flow in wanted.workflows:
        mine = [one for one in due if one.workflow == flow.key]
        late = [one for one in mine if one.is_overdue(now)]
        never = sum(one.done_at is None for one in late)
        click.echo(f"{flow.key}: {len(late)} of {len(mine)} would have been overdue, {never} of them to this day.")


@config.command(name="set")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--reason", default="set", show_default=True, help="Why, in a word or two.")
@click.pass_obj
def set_(rooms: Rooms, file: Path, reason: str) -> None:
    """Put FILE in force."""
    from trellis.record import configure

    wanted = _read(rooms, file)
    with open_record(rooms) as record, record.work(OPERATOR, purpose="operations") as work:
        click.echo(f"Version {configure(work, wanted, reason=reason).version} is in force.")


@config.command(name="revert")
@click.argument("version", type=int)
@click.pass_obj
def revert_(rooms: Rooms, version: int) -> None:
    """Put an earlier VERSION in force again, as a new one."""
    from trellis.record import revert

    with open_record(rooms) as record, record.work(OPERATOR, purpose="operations") as work:
        click.echo(f"Version {revert(work, version).version} is in force, the same as {version}.")


@config.command(name="due")
@click.pass_obj
def due_(rooms: Rooms) -> None:
    """What the workflows in force ask for: overdue first, then what is to be reminded of."""
    from trellis.record import configuration_of, due_by

    with open_record(rooms) as record, record.work(OPERATOR, purpose="operations") as work:
        now = configuration_of(work)
        due = [one for one in due_by(work, now.content.workflows if now else ()) if one.done_at is None]
        for one in due:
            if one.is_overdue(work.now):
                click.echo(f"overdue   {one.due_at:%Y-%m-%d}  {one.client}  {one.title}")
            elif one.remind_at <= work.now:
                click.echo(f"remind    {one.due_at:%Y-%m-%d}  {one.client}  {one.title}")


def _read(rooms: Rooms, file: Path) -> "Configuration":
    from trellis.record import read_configuration

    return read_configuration(file.read_text(encoding="utf-8"), rooms.formats())


def _short(value: object) -> str:
    text = "nothing" if value in (None, [], {}, "") else str(value)
    return text if len(text) <= 80 else text[:77] + "…"
