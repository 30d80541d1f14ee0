"""`trellis disclose`, `trellis disclosures`: give entries of a record to somebody outside, account for it all."""

from pathlib import Path

import click

from trellis.cli.clinic import OPERATOR, open_record
from trellis.cli.root import Rooms


@click.command()
@click.argument("client_id", metavar="CLIENT")
@click.argument("entries", metavar="ENTRY...", nargs=-1, required=True)
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE")
@click.option("--recipient", required=True, help="To whom (a place or an office).")
@click.option("--purpose", required=True, help="For what; a wrong one lists them all.")
@click.option("--order", default="", help="The number of a court's order, or of another authority's paper.")
@click.option("--why", default="", help="A word on why, where the purpose asks for it (ids, no names).")
@click.pass_obj
def disclose(
    rooms: Rooms,
    client_id: str,
    entries: tuple[str, ...],
    *,
    target: Path,
    recipient: str,
    purpose: str,
    order: str,
    why: str,
) -> None:
    """Write each ENTRY (an id) of CLIENT to a new FILE for somebody outside, with its notice, and keep that it was."""
    from trellis.record import disclose as give_out

    with open_record(rooms) as record:
        done = give_out(
            record, OPERATOR, client_id, entries, target, recipient=recipient, purpose=purpose, order=order, why=why
        )
    click.echo(done.id)
    if done.content.notice:
        click.echo("It holds records under 42 CFR Part 2; the notice that goes with them is in the file.", err=True)


@click.command()
@click.argument("client_id", metavar="CLIENT")
@click.option("--owed", "is_owed", is_flag=True, help="Only what an accounting to the client has to name.")
@click.pass_obj
def disclosures(rooms: Rooms, client_id: str, *, is_owed: bool) -> None:
    """What left the record of CLIENT: when, to whom, for what, what it was, by whom."""
    from trellis.record import disclosures_of

    with open_record(rooms) as record, record.work(OPERATOR, purpose="operations") as work:
        for one in disclosures_of(work, client_id):
            if one.owed or not is_owed:
                mark = "  owed" if one.owed else ""
                click.echo(
                    f"{one.at:%Y-%m-%d %H:%M}Z  {one.recipient}  {one.purpose}: {one.what}  ({one.by}, {one.id}){mark}"
                )
