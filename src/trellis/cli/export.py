"""`trellis export` and `trellis import`: everything out in open formats, and back in where there is no clinic yet."""

from pathlib import Path

import click

from trellis.cli.clinic import OPERATOR, open_record
from trellis.cli.root import Rooms


@click.command()
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR")
@click.pass_obj
def export(rooms: Rooms, folder: Path) -> None:
    """Write everything the clinic owns into DIR (new or empty), in clear: JSON lines, recordings, audit with proof."""
    from trellis.record import export as take_out
    from trellis.record import place_of, read_organisation

    click.echo("The export is in clear: whoever opens the folder reads every chart.", err=True)
    with open_record(rooms) as record:
        made = take_out(record, read_organisation(place_of(rooms.settings)).name, folder, OPERATOR)
    click.echo(f"{sum(made.counts.values())} entries, {made.audit_entries} audit entries, {len(made.files)} files.")
    for left in made.left_out:
        if left.count:
            click.echo(f"Left out: {left.count} {left.what}. {left.why}")


@click.command(name="import")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True), metavar="DIR")
@click.pass_obj
def import_(rooms: Rooms, folder: Path) -> None:
    """Rebuild a clinic from the export in DIR, where there is none, under new keys."""
    from trellis.record import bring_in, place_of

    made = bring_in(rooms.settings, folder, OPERATOR)
    click.echo(f"{sum(made.counts.values())} entries, {made.audit_entries} audit entries: the chain holds.")
    click.echo("The clinic's new root key is the file root.key in its folder; keep a copy of it somewhere else:")
    click.echo(f"  {place_of(rooms.settings).root}")
    click.echo("The export in DIR is still in clear: delete it when you are done.")
