"""`trellis audit`: whether the chain of what happened still holds, and what is on it."""

from typing import TYPE_CHECKING

import click

from trellis.cli.clinic import OPERATOR, open_record
from trellis.cli.root import Rooms
from trellis.kernel import Unavailable

if TYPE_CHECKING:
    from trellis.governance import Placed


@click.group()
def audit() -> None:
    """The audit chain: prove it, sign its head, read it."""


@audit.command(name="verify")
@click.pass_obj
def verify_(rooms: Rooms) -> None:
    """Compute the chain anew and say whether it holds; exit code 1 where it doesn't."""
    with open_record(rooms) as record:
        head, broken = record.verify()
    if broken is not None:
        raise Unavailable(
            "cli.audit_broken",
            f"The audit chain does not hold: entry {broken.number} is {broken.how}.",
            hint="Keep everything as it is, and compare with a backup.",
        )
    click.echo(f"The audit chain holds: {head.number} entries, head {head.hash.hex()[:16]}.")


@audit.command(name="anchor")
@click.pass_obj
def anchor_(rooms: Rooms) -> None:
    """Sign the head of the chain into the anchor file; copy that file to where nobody here can change it."""
    with open_record(rooms) as record:
        head = record.anchor()
    click.echo(f"Signed at entry {head.number}.")


@audit.command(name="notes")
@click.argument("client", required=False)
@click.pass_obj
def notes_(rooms: Rooms, client: str | None) -> None:
    """Prove what was signed of CLIENT, or of all, by its text, its key and the chain; exit code 1 if it fails."""
    from trellis.record import attest

    proved, broken = 0, []
    with open_record(rooms) as record:
        with record.work(OPERATOR, purpose="operations") as work:
            clients = [client] if client else [one.id for one in work.find(kinds=["client"]) if one.state != "deleted"]
        for each in clients:
            with record.work(OPERATOR, purpose="operations") as work:
                for entry, doubt in attest(work, each):
                    proved += not doubt
                    broken += [f"{entry} ({doubt})"] if doubt else []
    if broken:
        raise Unavailable(
            "cli.signature_broken",
            f"What was signed does not hold: {', '.join(broken)}.",
            hint="Keep everything as it is, and compare with a backup.",
        )
    click.echo(f"Every signature holds: {proved}.")


@audit.command(name="show")
@click.argument("client")
@click.pass_obj
def show_(rooms: Rooms, client: str) -> None:
    """Who did and saw what of CLIENT (an id), oldest first."""
    from trellis.governance import entries_of

    with open_record(rooms) as record, record.database.look(record.tenant) as connection:
        for placed in entries_of(connection, record.tenant, client):
            click.echo(_line(placed))


def _line(placed: "Placed") -> str:
    entry = placed.entry
    return f"{placed.number:>7}  {placed.at:%Y-%m-%d %H:%M:%S}Z  {entry.actor}  {entry.action}  {entry.subject}"
