"""`trellis user`: who works here and what they may do, from the machine's terminal.

For whoever holds the root key. Prints ids and invitations; an invitation is shown this once, for its owner alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from trellis.cli.clinic import OPERATOR, open_record
from trellis.cli.root import Rooms

if TYPE_CHECKING:
    from trellis.governance import Accounts


@contextmanager
def _accounts(rooms: Rooms) -> Iterator["Accounts"]:
    """The accounts of this machine's clinic."""
    from trellis.governance import Accounts, limits_of

    with open_record(rooms) as record:
        yield Accounts(
            tenant=record.tenant,
            database=record.database,
            vault=record.vault,
            limits=limits_of(rooms.settings),
            clock=record.clock,
        )


@click.group()
def user() -> None:
    """The people who work here: accounts, roles, invitations."""


@user.command(name="add")
@click.argument("name")
@click.option("--called", default="", help="The name others see, with credentials.")
@click.pass_obj
def add(rooms: Rooms, name: str, called: str) -> None:
    """Make an account to sign in with NAME; prints its id and an invitation to choose a password."""
    from trellis.governance import add_account

    with _accounts(rooms) as accounts:
        account, invitation = add_account(accounts, OPERATOR, name, called=called)
    click.echo(account.id)
    _show(invitation)


@user.command(name="list")
@click.pass_obj
def list_(rooms: Rooms) -> None:
    """Every account: id, name, state, what it signs in with."""
    from trellis.governance import list_accounts

    with _accounts(rooms) as accounts:
        for one in list_accounts(accounts, OPERATOR):
            factors = "second factor" if one.has_second else "password" if one.has_password else "invited"
            waits = one.locked_until is not None and one.locked_until > accounts.clock.now()
            click.echo(f"{one.id}  {one.name}  {one.state}  {factors}{'  waits' if waits else ''}")


@user.command(name="roles")
@click.argument("name")
@click.option("--give", metavar="ROLE", help="Give this role.")
@click.option("--take", metavar="ID", help="End this one (grt_…).")
@click.option("--site", default="", help="Let it hold at this site alone.")
@click.option("--program", default="", help="Let it hold in this program alone.")
@click.pass_obj
def roles(rooms: Rooms, name: str, *, give: str | None, take: str | None, site: str, program: str) -> None:
    """The roles of NAME (or an id); with --give and --take, give one and end one first."""
    from trellis.governance import give_role, roles_of, take_role

    with _accounts(rooms) as accounts:
        if take:
            take_role(accounts, OPERATOR, take)
        if give:
            give_role(accounts, OPERATOR, name, give, site=site, program=program)
        for one in roles_of(accounts, OPERATOR, name):
            where = ", ".join(part for part in (one.site, one.program) if part) or "everywhere"
            click.echo(f"{one.id}  {one.role}  {where}")


@user.command(name="team")
@click.argument("name")
@click.argument("subject", metavar="CLIENT")
@click.option("--as", "kind", type=click.Choice(["team", "self", "proxy", "supervises"]), default="team")
@click.option("--end", is_flag=True, help="End it instead.")
@click.pass_obj
def team(rooms: Rooms, name: str, subject: str, *, kind: str, end: bool) -> None:
    """Put NAME on the care team of CLIENT (an id); or say that it is theirs, their proxy's, or supervises."""
    from trellis.governance import find_account, relate, team_of, unrelate

    with _accounts(rooms) as accounts:
        if not end:
            click.echo(relate(accounts, OPERATOR, name, kind, subject).id)
            return
        whose = find_account(accounts, name).id
        for one in team_of(accounts, OPERATOR, subject):
            if (one.account, one.kind) == (whose, kind):
                unrelate(accounts, OPERATOR, one.id)
                click.echo(f"{one.id} ended.")


@user.command(name="disable")
@click.argument("name")
@click.pass_obj
def disable(rooms: Rooms, name: str) -> None:
    """End every login of NAME (or an id), and let nobody sign in with it."""
    from trellis.governance import disable_account

    with _accounts(rooms) as accounts:
        click.echo(f"{disable_account(accounts, OPERATOR, name).id} is disabled; its logins ended.")


@user.command(name="unlock")
@click.argument("name")
@click.pass_obj
def unlock(rooms: Rooms, name: str) -> None:
    """Let NAME (or an id) sign in again, after too many tries or after it was disabled."""
    from trellis.governance import unlock_account

    with _accounts(rooms) as accounts:
        click.echo(f"{unlock_account(accounts, OPERATOR, name).id} may sign in.")


@user.command(name="reset")
@click.argument("name")
@click.pass_obj
def reset(rooms: Rooms, name: str) -> None:
    """Forget the password and second factor of NAME (or an id), end its logins and print a new invitation."""
    from trellis.governance import reset_account

    with _accounts(rooms) as accounts:
        account, invitation = reset_account(accounts, OPERATOR, name)
    click.echo(account.id)
    _show(invitation)


@user.command(name="emergencies")
@click.option("--review", "which", metavar="ID", help="Say what this one was (emg_…).")
@click.option("--finding", type=click.Choice(["justified", "unclear", "unjustified"]), help="What it was.")
@click.pass_obj
def emergencies(rooms: Rooms, *, which: str | None, finding: Any) -> None:
    """Charts that were opened in an emergency and that nobody has reviewed yet, with the reasons given."""
    from trellis.governance import emergencies_to_review, review_emergency

    if bool(which) != bool(finding):
        raise click.UsageError("--review and --finding belong together.")
    with _accounts(rooms) as accounts:
        if which:
            review_emergency(accounts, OPERATOR, which, finding)
        for one in emergencies_to_review(accounts, OPERATOR):
            click.echo(f"{one.id}  {one.begun_at:%Y-%m-%d %H:%M}Z  {one.account}  {one.subject}  {one.reason}")


def _show(invitation: str) -> None:
    click.echo(f"Invitation, good once, for its owner alone: {invitation}", err=True)
