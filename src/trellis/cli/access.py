"""`trellis access`: what a client, or who decides for them, may see of their own record, and what is kept from them.

What is decided about that is decided by a person who signs in; what was weighed is asked for, never taken from the
command's own words.
"""

from typing import Any

import click

from trellis.cli.clinic import OPERATOR, open_record
from trellis.cli.private import signed_in
from trellis.cli.root import Rooms


@click.group()
def access() -> None:
    """A client's own record: show it, withhold of it with a ground, look at that again."""


@access.command(name="show")
@click.argument("client_id", metavar="CLIENT")
@click.option("--by", "representative", default="", metavar="ID", help="Who asks for the client (rep_…).")
@click.pass_obj
def show(rooms: Rooms, client_id: str, representative: str) -> None:
    """What CLIENT may see, oldest first, and what is withheld with the text to tell them."""
    from trellis.record import open_own, read_out

    with open_record(rooms) as record, record.work(OPERATOR, purpose="request") as work:
        own = open_own(work, client_id, representative)
    for entry in own.shown:
        click.echo(f"{entry.occurred_at:%Y-%m-%d}  {entry.kind}  {entry.id}")
        for words in read_out(entry.content):
            click.echo(f"  {words}")
    for listed, ground in own.withheld:
        click.echo(f"{listed.occurred_at:%Y-%m-%d}  {listed.kind}  withheld: {ground.title}\n  {ground.told}")
    for listed in own.waiting:
        click.echo(f"{listed.occurred_at:%Y-%m-%d}  {listed.kind}  waits for a signature")


@access.command(name="grounds")
def grounds_() -> None:
    """On what something may be withheld, from whom, and where that stands."""
    from trellis.record import grounds

    for one in grounds():
        click.echo(f"{one.key:<24} {one.title} ({', '.join(one.whom)}; {one.source})")


@access.command(name="withhold")
@click.argument("entry")
@click.option("--ground", required=True, help="On what (see trellis access grounds).")
@click.option("--from", "whom", type=click.Choice(["client", "representative"]), default="client", show_default=True)
@click.option("--as", "name", required=True, help="The name you sign in with.")
@click.pass_obj
def withhold_(rooms: Rooms, entry: str, ground: str, whom: Any, name: str) -> None:
    """Keep ENTRY (an id) from the client, or from who decides for them; asks for what was weighed."""
    from trellis.record import withhold_entry

    with signed_in(rooms, name) as (record, actor):
        reason = click.prompt("What was weighed, in this instance", err=True)
        with record.work(actor) as work:
            click.echo(withhold_entry(work, entry, ground, reason, whom=whom).id)


@access.command(name="review")
@click.argument("withholding")
@click.option("--uphold/--lift", "is_upheld", required=True, help="Whether it stays withheld.")
@click.option("--as", "name", required=True, help="The name you sign in with.")
@click.pass_obj
def review_(rooms: Rooms, withholding: str, name: str, *, is_upheld: bool) -> None:
    """Look again at WITHHOLDING (an id) as somebody who had no part in it."""
    from trellis.record import review_withheld

    with signed_in(rooms, name) as (record, actor), record.work(actor) as work:
        click.echo(review_withheld(work, withholding, is_upheld=is_upheld).state)


@access.command(name="lift")
@click.argument("withholding")
@click.option("--as", "name", required=True, help="The name you sign in with.")
@click.pass_obj
def lift_(rooms: Rooms, withholding: str, name: str) -> None:
    """Let what WITHHOLDING (an id) keeps back be seen again."""
    from trellis.record import lift_withheld

    with signed_in(rooms, name) as (record, actor), record.work(actor) as work:
        click.echo(lift_withheld(work, withholding).state)
