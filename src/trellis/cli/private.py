"""`trellis private`: psychotherapy notes of the one who signs in, and of nobody else.

Asks for password and code at each call, and reads the note from standard input, so that its words lie in no file and no
history of commands. What is shown goes to standard output, what it is and what it isn't beside it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from trellis.cli.clinic import open_record
from trellis.cli.root import Rooms

if TYPE_CHECKING:
    from trellis.record import PrivateKind, Record


@contextmanager
def signed_in(rooms: Rooms, name: str) -> Iterator[tuple["Record", str]]:
    """The record and who works on it: a person who showed a password and a code, for this command alone."""
    from trellis.governance import Accounts, end_login, limits_of, sign_in

    password = click.prompt("Password", hide_input=True, err=True)
    code = click.prompt("Code (enter for none)", default="", show_default=False, err=True)
    with open_record(rooms) as record:
        accounts = Accounts(
            tenant=record.tenant,
            database=record.database,
            vault=record.vault,
            limits=limits_of(rooms.settings),
            clock=record.clock,
        )
        login, _ = sign_in(accounts, name, password, code)
        try:
            yield record, login.actor
        finally:
            end_login(accounts, login)


@click.group()
def private() -> None:
    """Your own psychotherapy notes, kept apart from the record; nobody else opens them."""


@private.command(name="add")
@click.argument("client_id", metavar="CLIENT")
@click.option("--as", "name", required=True, help="The name you sign in with.")
@click.option(
    "--kind",
    type=click.Choice(["psychotherapy", "sud_counseling"]),
    default="psychotherapy",
    show_default=True,
    help="What it is in law.",
)
@click.pass_obj
def add(rooms: Rooms, client_id: str, name: str, kind: Any) -> None:
    """Keep a note of your own on CLIENT, read from standard input to its end; prints its id."""
    from trellis.record import add_private

    with signed_in(rooms, name) as (record, actor):
        _say(kind)
        click.echo(add_private(record, actor, client_id, sys.stdin.read(), kind=kind).id)


@private.command(name="list")
@click.argument("client_id", metavar="CLIENT")
@click.option("--as", "name", required=True, help="The name you sign in with.")
@click.pass_obj
def list_(rooms: Rooms, client_id: str, name: str) -> None:
    """Your own notes on CLIENT: when, what kind, which id."""
    from trellis.record import list_private

    with signed_in(rooms, name) as (record, actor):
        for one in list_private(record, actor, client_id):
            click.echo(f"{one.made_at:%Y-%m-%d %H:%M}Z  {one.kind:<14} {one.id}")


@private.command(name="show")
@click.argument("note")
@click.option("--as", "name", required=True, help="The name you sign in with.")
@click.pass_obj
def show(rooms: Rooms, note: str, name: str) -> None:
    """A note of your own."""
    from trellis.record import open_private

    with signed_in(rooms, name) as (record, actor):
        found = open_private(record, actor, note)
        _say(found.kind)
        click.echo(found.words)


def _say(kind: "PrivateKind") -> None:
    """What it is, where the reader looks first."""
    from trellis.record import banner_of

    banner = banner_of(kind)
    click.echo(f"{banner.title} ({banner.source})\n{banner.text}\n", err=True)
