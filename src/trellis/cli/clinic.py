"""Commands for whoever runs the clinic's machine: make it, copy it, restore it, keep what must be kept, change keys.

Each says what it did in a few lines; ids only, never a client's name.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trellis.cli.root import Rooms
from trellis.kernel import Invalid

if TYPE_CHECKING:
    from trellis.record import Record

OPERATOR = "operator:local"


def open_record(rooms: Rooms) -> "Record":
    """The record of this machine's clinic."""
    from trellis.record import open_clinic

    return open_clinic(rooms.settings)


@click.command()
@click.option("--name", prompt="The clinic's name", help="What the clinic is called.")
@click.pass_obj
def init(rooms: Rooms, name: str) -> None:
    """Make a new, empty clinic on this machine: its keys, its encrypted record, its audit chain."""
    from trellis.record import make_clinic, place_of

    make_clinic(rooms.settings, name)
    click.echo("The clinic is there. Its root key is the file root.key in the clinic's folder:")
    click.echo(f"  {place_of(rooms.settings).root}")
    click.echo("Keep a copy of it somewhere else, away from the backups. Nothing can replace it.")


@click.command()
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR")
@click.pass_obj
def backup(rooms: Rooms, folder: Path) -> None:
    """Copy the clinic into DIR while it works, and prove the copy by restoring it elsewhere."""
    from trellis.governance import read_roots
    from trellis.record import back_up, place_of, read_organisation

    place = place_of(rooms.settings)
    with open_record(rooms) as record:
        made = back_up(record, read_roots(place.root), read_organisation(place).name, folder, OPERATOR)
    click.echo(f"Copy {made.id} was made and restored on trial: {made.number} audit entries, chain whole.")
    click.echo("It can't be opened without the root key, which is not in it.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True), metavar="DIR")
@click.option("--copy", default="", help="Which copy (bak_…); the newest where none is named.")
@click.pass_obj
def restore(rooms: Rooms, folder: Path, copy: str) -> None:
    """Rebuild the clinic from the copies in DIR, where there is none. Put the root key in place first."""
    from trellis.governance import read_roots
    from trellis.record import place_of
    from trellis.record import restore as rebuild

    made = rebuild(rooms.settings, folder, read_roots(place_of(rooms.settings).root), copy=copy)
    click.echo(
        f"Restored copy {made.id} of {made.made_at:%Y-%m-%d %H:%M} UTC: {made.number} audit entries, chain whole."
    )
    click.echo("What was written after it is not here. What was destroyed stays destroyed.")


@click.group()
def retention() -> None:
    """Delete what was kept long enough; place and lift legal holds."""


@retention.command(name="run")
@click.pass_obj
def run_(rooms: Rooms) -> None:
    """Delete what the rules say is due, with a receipt for each client and rule."""
    from trellis.record import load_rules, retain, sweep

    file = rooms.settings.text("record.retention")
    with open_record(rooms) as record:
        given = retain(record, load_rules(Path(file) if file else None), OPERATOR)
        swept = sweep(record, OPERATOR)
    for receipt in given:
        click.echo(f"{receipt.id}  {receipt.client}  {receipt.rule}: {len(receipt.items)} entries")
    click.echo(f"{len(given)} deletions, {swept} sounds or documents removed.")


@retention.command(name="hold")
@click.argument("client")
@click.option("--reason", required=True, help="A short word, such as litigation.")
@click.pass_obj
def hold_(rooms: Rooms, client: str, reason: str) -> None:
    """Forbid every deletion for CLIENT (an id) until the hold is lifted."""
    from trellis.record import place_hold

    with open_record(rooms) as record:
        click.echo(place_hold(record, client, reason, OPERATOR))


@retention.command(name="lift")
@click.argument("hold")
@click.pass_obj
def lift_(rooms: Rooms, hold: str) -> None:
    """End the hold HOLD."""
    from trellis.record import lift_hold

    with open_record(rooms) as record:
        lift_hold(record, hold, OPERATOR)
    click.echo("Lifted.")


@click.group()
def keys() -> None:
    """Change the keys of the clinic while it works."""


@keys.command(name="reseal")
@click.argument("client")
@click.option("--go-on", is_flag=True, help="Finish a run that was cut, without another key.")
@click.pass_obj
def reseal_(rooms: Rooms, client: str, go_on: bool) -> None:
    """Give CLIENT (an id) a new key, seal everything under it, and destroy the old one."""
    from trellis.record import reseal

    with open_record(rooms) as record:
        moved = reseal(record, client, OPERATOR, fresh=not go_on)
    click.echo(f"{moved} versions and files were sealed anew; the old key is destroyed.")


@keys.command(name="rotate")
@click.option("--root", "is_root", is_flag=True, help="A new root key too, before the others in its file.")
@click.pass_obj
def rotate_(rooms: Rooms, is_root: bool) -> None:
    """Make a new key of the organisation and wrap every client's key with it; nothing is sealed anew."""
    from trellis.governance import add_root
    from trellis.record import place_of, rewrap_database_key

    place = place_of(rooms.settings)
    if is_root:
        if not place.root.exists():
            raise Invalid(
                "cli.root_elsewhere",
                "The root key comes from the environment.",
                hint="Put the new key before the old one there, then run this without --root.",
            )
        add_root(place.root)
    with open_record(rooms) as record:
        record.vault.make(record.tenant, "tenant", record.tenant)
        changed = record.vault.rewrap(record.tenant)
        rewrap_database_key(rooms.settings)
        with record.work(OPERATOR, purpose="operations") as work:
            work.tell("governance.rotate", record.tenant, detail={"keys": changed})
    click.echo(f"{changed} keys were wrapped anew.")
    if is_root:
        click.echo("The old root key stays in the file until you have made a new backup; then take its line out.")
