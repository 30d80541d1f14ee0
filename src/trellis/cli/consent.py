"""`trellis consent`: what people agreed to, who decides for a client, and what is read to them before they agree.

Names are asked for, never taken from the command's own words.
"""

from datetime import datetime
from typing import Any

import click

from trellis.cli.clinic import OPERATOR, open_record
from trellis.cli.root import Rooms

USES = (
    "treatment", "recording", "ai_drafting", "keeping_audio", "improvement", "sharing", "portal", "texts",
    "part2_care", "part2_proceedings",
)  # fmt: skip
WITH_SOMEBODY = ("sharing", "part2_proceedings")
HOW = ("written", "electronic", "spoken")


@click.group()
def consent() -> None:
    """What a client, and others who were there, agreed to."""


@consent.command(name="read")
@click.argument("use", type=click.Choice(USES))
def read_(use: str) -> None:
    """Print what is read to somebody before they agree to USE."""
    from trellis.record import wording_of

    wording = wording_of(use)
    click.echo(f"{wording.title} ({wording.version})\n{wording.text}")


@consent.command(name="give")
@click.argument("client_id", metavar="CLIENT")
@click.argument("uses", metavar="USE...", nargs=-1, required=True, type=click.Choice(USES))
@click.option("--by", "representative", default="", metavar="ID", help="Who decides for the client (rep_…).")
@click.option("--how", type=click.Choice(HOW), default="written", show_default=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day it holds; open where not given.")
@click.option("--recipient", default="", help="With whom is shared (a place or an office), for the use sharing.")
@click.option("--encounter", metavar="ID", help="With --person: the encounter another person was at.")
@click.option("--person", default="", help="What the encounter calls another person who was there (sister).")
@click.pass_obj
def give_(
    rooms: Rooms,
    client_id: str,
    uses: tuple[Any, ...],
    *,
    representative: str,
    how: Any,
    until: datetime | None,
    recipient: str,
    encounter: str | None,
    person: str,
) -> None:
    """Keep that CLIENT agreed to each USE, or that another person at an encounter did; asks for who signed."""
    from trellis.record import give, give_present

    name = click.prompt("Signed by (name)")
    with open_record(rooms) as record, record.work(OPERATOR) as work:
        for use in uses:
            if encounter:
                made = give_present(work, encounter, use, person=person, signed_by=name, how=how)
            else:
                made = give(
                    work,
                    client_id,
                    use,
                    signed_by=name,
                    representative=representative,
                    how=how,
                    until=until.date() if until else None,
                    recipient=recipient if use in WITH_SOMEBODY else "",
                )
            click.echo(f"{made.id}  {made.content.wording}")


@consent.command(name="revoke")
@click.argument("client_id", metavar="CLIENT")
@click.argument("use", type=click.Choice(USES))
@click.option("--recipient", default="", help="Only the sharing with this one.")
@click.option("--encounter", metavar="ID", help="With --person: the encounter another person was at.")
@click.option("--person", default="", help="What the encounter calls another person who was there.")
@click.pass_obj
def revoke_(rooms: Rooms, client_id: str, use: Any, *, recipient: str, encounter: str | None, person: str) -> None:
    """End every consent of CLIENT to USE, at once; asks for who said so."""
    from trellis.record import revoke, revoke_present

    name = click.prompt("Revoked by (name)")
    with open_record(rooms) as record, record.work(OPERATOR) as work:
        if encounter:
            ended = revoke_present(work, encounter, use, person=person, by=name)
        else:
            ended = revoke(work, client_id, use, by=name, recipient=recipient)
    click.echo(f"{len(ended)} ended. What needs it stops with its next step.")


@consent.command(name="list")
@click.argument("client_id", metavar="CLIENT")
@click.pass_obj
def list_(rooms: Rooms, client_id: str) -> None:
    """Every consent of CLIENT and what became of it, oldest first."""
    from trellis.record import consents_of

    with open_record(rooms) as record, record.work(OPERATOR) as work:
        for one in consents_of(work, client_id):
            said = one.content
            ended = f"revoked {said.revoked_at:%Y-%m-%d %H:%M}Z" if said.revoked_at else ""
            until = f"until {said.until}" if said.until else ""
            who = said.representative or said.person or said.capacity
            parts = (one.id, f"{said.given_at:%Y-%m-%d}", f"{said.purpose:<13}", said.how, who, until, ended)
            click.echo("  ".join(part for part in parts if part))


@consent.group()
def deciders() -> None:
    """Who decides for a client: parents, guardians, proxies."""


@deciders.command(name="add")
@click.argument("client_id", metavar="CLIENT")
@click.argument("basis", type=click.Choice(("parent", "guardian", "proxy")))
@click.option("--relation", required=True, help="What they are to the client (mother).")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day they decide.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day, where there is one.")
@click.option("--together", is_flag=True, help="An order lets nobody decide without all others marked so.")
@click.pass_obj
def add_(
    rooms: Rooms, client_id: str, basis: Any, *, relation: str, since: datetime, until: datetime | None, together: bool
) -> None:
    """Say that somebody decides for CLIENT; asks for the name, prints the id for --by."""
    from trellis.chart import Representative
    from trellis.record import add_representative

    made = Representative(
        name=click.prompt("Name"),
        relation=relation,
        basis=basis,
        since=since.date(),
        until=until.date() if until else None,
        together=together,
    )
    with open_record(rooms) as record, record.work(OPERATOR) as work:
        click.echo(add_representative(work, client_id, made).id)


@deciders.command(name="list")
@click.argument("client_id", metavar="CLIENT")
@click.pass_obj
def deciders_list_(rooms: Rooms, client_id: str) -> None:
    """Who decides for CLIENT."""
    from trellis.record import representatives_of

    with open_record(rooms) as record, record.work(OPERATOR) as work:
        for one in representatives_of(work, client_id):
            said = one.content
            together = "  only together" if said.together else ""
            until = f"  until {said.until}" if said.until else ""
            click.echo(f"{one.id}  {said.basis:<8}  {said.relation}  since {said.since}{until}{together}")


@deciders.command(name="end")
@click.argument("representative", metavar="ID")
@click.pass_obj
def end_(rooms: Rooms, representative: str) -> None:
    """Say that somebody doesn't decide any more; what only they agreed to ends with it."""
    from trellis.record import end_representative

    with open_record(rooms) as record, record.work(OPERATOR) as work:
        end_representative(work, representative)
    click.echo("Ended.")
