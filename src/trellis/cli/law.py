"""`trellis law`: the packs that hold, what may run where and why, and what another pack would have changed."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trellis.cli.clinic import OPERATOR, open_record
from trellis.cli.root import Rooms
from trellis.kernel import NotFound

if TYPE_CHECKING:
    from trellis.governance import Answer, LawRule, Pack


@click.group()
def law() -> None:
    """What may run for a client, at a place, on a day, and why."""


@law.command(name="show")
@click.argument("pack", required=False)
@click.pass_obj
def show_(rooms: Rooms, pack: str | None) -> None:
    """The packs that hold, or the rules of PACK with their sources."""
    packs = _packs(rooms)
    if pack is None:
        for one in packs.values():
            read = sum(rule.verified for rule in one.rules)
            click.echo(f"{one.key:<14} {one.dated}  {len(one.rules):>2} rules, {read} verified  {one.title}")
        return
    for rule in _named(packs, pack).rules:
        click.echo(_line(rule))
        click.echo(f"    {rule.why}\n    {rule.source}")


@law.command(name="ask")
@click.option("--encounter", metavar="ID", help="An encounter of the record, today.")
@click.option("--client-state", default="", metavar="XX", help="Where the client is; the strictest of all if not told.")
@click.option("--clinic-state", default="", metavar="XX", help="Where the clinic is; the strictest of all if not told.")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="On which day; today where not given.")
@click.pass_obj
def ask_(rooms: Rooms, encounter: str | None, client_state: str, clinic_state: str, on: datetime | None) -> None:
    """What may run for an encounter, or at a place, and by which rules."""
    from trellis.governance import Where, what_may_run
    from trellis.record import law_at

    if encounter:
        with open_record(rooms) as record, record.work(OPERATOR) as work:
            answers = law_at(work, work.open(encounter))
    else:
        day = (on or datetime.now()).date()  # noqa: DTZ005, the day where the clinic is
        where = Where(client=client_state.upper(), clinic=clinic_state.upper(), on=day)
        answers = what_may_run(where, list(_packs(rooms).values()))
    _tell(answers)


@law.command(name="try")
@click.argument("pack", metavar="PACK|FILE")
@click.option("--past", is_flag=True, help="At every past encounter, as if it had held then.")
@click.pass_obj
def try_(rooms: Rooms, pack: str, *, past: bool) -> None:
    """Read a pack, shipped or a file, and say what it would have changed; nothing is written."""
    from trellis.governance import read_pack
    from trellis.record import try_pack

    file = Path(pack)
    found = read_pack(file.read_text(encoding="utf-8")) if file.is_file() else _named(_packs(rooms), pack)
    click.echo(f"{found.key}: {len(found.rules)} rules, {sum(rule.verified for rule in found.rules)} verified.")
    if not past:
        return
    with open_record(rooms) as record, record.work(OPERATOR, purpose="operations") as work:
        tried = try_pack(work, found)
    changed = [one for one in tried if one.denied or one.allowed or one.duties]
    for one in changed:
        parts = [f"denies {', '.join(one.denied)}"] if one.denied else []
        parts += [f"allows {', '.join(one.allowed)}"] if one.allowed else []
        parts += [f"asks for {', '.join(one.duties)}"] if one.duties else []
        click.echo(f"{one.on}  {one.encounter}  {'; '.join(parts)}")
    click.echo(f"{len(changed)} of {len(tried)} past encounters would have been answered otherwise.")


@law.command(name="on")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def on_(rooms: Rooms, file: Path) -> None:
    """Let the pack in FILE hold, in place of one of the same key; it becomes part of the clinic's configuration."""
    from trellis.record import put_in_force

    with open_record(rooms) as record, record.work(OPERATOR, purpose="operations") as work:
        pack = put_in_force(work, file.read_text(encoding="utf-8"))
    click.echo(f"{pack.key} holds from now on: {len(pack.rules)} rules.")


@law.command(name="off")
@click.argument("key", metavar="PACK")
@click.pass_obj
def off_(rooms: Rooms, key: str) -> None:
    """Let the clinic's own PACK hold no more."""
    from trellis.record import take_out

    with open_record(rooms) as record, record.work(OPERATOR, purpose="operations") as work:
        take_out(work, key)
    click.echo(f"The clinic's own {key} holds no more.")


def _packs(rooms: Rooms) -> "Mapping[str, Pack]":
    """The packs that hold by key: of this machine's clinic, or those shipped where there is none."""
    from trellis.governance import shipped_packs
    from trellis.record import packs_of

    try:
        with open_record(rooms) as record, record.work(OPERATOR, purpose="operations") as work:
            return {one.key: one for one in packs_of(work.in_force())}
    except NotFound as error:
        if error.code != "record.clinic_absent":
            raise
        return {one.key: one for one in shipped_packs()}


def _named(packs: "Mapping[str, Pack]", key: str) -> "Pack":
    if key not in packs:
        raise NotFound("cli.law_absent", f"There is no pack '{key}'.", hint=f"Known: {', '.join(packs)}.")
    return packs[key]


def _tell(answers: "Mapping[str, Answer]") -> None:
    for one in answers.values():
        duties = f"  asks for {', '.join(one.duties)}" if one.duties else ""
        click.echo(f"{'yes' if one.allowed else 'no ':<4}{one.feature}{duties if one.allowed else ''}")
        for rule in one.rules:
            click.echo(f"      {_line(rule)}  [{rule.source}]")


def _line(rule: "LawRule") -> str:
    until = f" to {rule.until}" if rule.until else ""
    return f"{rule.key}  {rule.answer}  from {rule.since}{until}{'' if rule.verified else '  not verified'}"
