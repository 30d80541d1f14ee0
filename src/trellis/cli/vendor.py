"""`trellis vendor`: who outside this machine gets what, and under which agreement."""

from datetime import datetime
from typing import Any

import click

from trellis.cli.clinic import OPERATOR, open_record
from trellis.cli.root import Rooms
from trellis.kernel import Invalid

RECEIVES = ("sound", "words", "files")


@click.group()
def vendor() -> None:
    """Remote engines and stores, and their agreements (BAA)."""


@vendor.command(name="add")
@click.argument("key")
@click.argument("url")
@click.option("--name", required=True, help="Who it is.")
@click.option("--receives", multiple=True, required=True, type=click.Choice(RECEIVES), help="What; may be repeated.")
@click.option("--agreed", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day of the BAA.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Its last day, where it has one.")
@click.pass_obj
def add_(
    rooms: Rooms, key: str, url: str, *, name: str, receives: tuple[Any, ...], agreed: datetime, until: datetime | None
) -> None:
    """Let the engine or store at URL be sent what is named, as long as its agreement holds."""
    from trellis.chart import Vendor
    from trellis.record import add_vendor, address_of

    address = address_of(url)
    if not address:
        raise Invalid("cli.vendor_address", "That is no address.", hint="For example https://host/v1 or s3://bucket.")
    made = Vendor(
        key=key,
        name=name,
        address=address,
        receives=receives,
        agreed_on=agreed.date(),
        until=until.date() if until else None,
    )
    with open_record(rooms) as record, record.work(OPERATOR, purpose="operations") as work:
        add_vendor(work, made)
    click.echo(f"{key} ({address}) may be sent {', '.join(receives)} from {made.agreed_on} on.")


@vendor.command(name="list")
@click.pass_obj
def list_(rooms: Rooms) -> None:
    """Every vendor, what it receives, and whether its agreement holds today."""
    with open_record(rooms) as record, record.work(OPERATOR, purpose="operations") as work:
        today = work.now.date()
        for one in work.in_force().vendors:
            holds = one.agreed_on <= today and (one.until is None or today <= one.until)
            until = f" to {one.until}" if one.until else ""
            state = "holds" if holds else "doesn't hold"
            click.echo(f"{one.key}  {one.address}  {', '.join(one.receives)}  BAA from {one.agreed_on}{until}  {state}")


@vendor.command(name="end")
@click.argument("key")
@click.pass_obj
def end_(rooms: Rooms, key: str) -> None:
    """End the agreement with vendor KEY: nothing is sent there any more."""
    from trellis.record import end_vendor

    with open_record(rooms) as record, record.work(OPERATOR, purpose="operations") as work:
        end_vendor(work, key)
    click.echo(f"Nothing goes to {key} any more.")
