"""`trellis client` and `trellis encounter`: the people and the meetings of the record, from a terminal.

What a person is called is asked for or read from a file, never taken from the command's own words: those stay in a
shell's history and show to everybody on the machine.
"""

from datetime import date, datetime
from typing import IO, Any

import click
import msgspec

from trellis.chart import Client, Encounter, Location, Present
from trellis.cli.clinic import OPERATOR, open_record
from trellis.cli.root import Rooms
from trellis.kernel import Invalid

MODES = ("in_person", "video", "audio")


@click.group()
def client() -> None:
    """The people the record is about."""


@client.command(name="add")
@click.option("--json", "source", type=click.File("rb"), help="Read the client from a JSON file ('-': standard input).")
@click.pass_obj
def add_client(rooms: Rooms, source: IO[bytes] | None) -> None:
    """Add a client, asking for the name, birth date and pronouns; prints the new id."""
    from trellis.record import add_client as add

    person = _parsed(source.read(), Client) if source else _asked()
    with open_record(rooms) as record, record.work(OPERATOR) as work:
        click.echo(add(work, person).id)


@client.command(name="list")
@click.pass_obj
def list_clients(rooms: Rooms) -> None:
    """Every client: id, name, birth date."""
    with open_record(rooms) as record, record.work(OPERATOR, purpose="operations") as work:
        for entry in work.open_all([one for one in work.find(kinds=["client"]) if one.state != "deleted"]):
            click.echo(
                f"{entry.id}  {entry.content.name}  {entry.content.birth_date or ''}  {_state(entry.state)}".rstrip()
            )


@client.command(name="show")
@click.argument("client_id", metavar="CLIENT")
@click.pass_obj
def show_client(rooms: Rooms, client_id: str) -> None:
    """What the chart of CLIENT holds, oldest first, without opening it."""
    from trellis.record import chart_of

    with open_record(rooms) as record, record.work(OPERATOR) as work:
        person = work.open(client_id).content
        click.echo(f"{person.name}  {person.pronouns}".rstrip())
        for one in chart_of(work, client_id):
            click.echo(f"{one.occurred_at:%Y-%m-%d}  {one.kind:<12} {one.state:<9} v{one.version}  {one.id}")


@client.command(name="search")
@click.argument("client_id", metavar="CLIENT")
@click.pass_obj
def search_client(rooms: Rooms, client_id: str) -> None:
    """Ask for words, and find them in all that the chart of CLIENT holds now, newest first."""
    from trellis.record import search

    words = click.prompt("Words", err=True)
    with open_record(rooms) as record, record.work(OPERATOR) as work:
        for one in search(work, client_id, words):
            click.echo(f"{one.occurred_at:%Y-%m-%d}  {one.kind:<12} {one.entry}  {' '.join(one.text.split())}")


@client.command(name="merge")
@click.argument("duplicate", metavar="DUPLICATE")
@click.argument("into", metavar="CLIENT")
@click.option("--why", required=True, help="What shows that they are one person.")
@click.pass_obj
def merge_clients(rooms: Rooms, duplicate: str, into: str, why: str) -> None:
    """Say that DUPLICATE is the same person as CLIENT; both histories stay, and it can be undone."""
    from trellis.record import merge

    with open_record(rooms) as record, record.work(OPERATOR) as work:
        merge(work, duplicate, into, why)
    click.echo(f"{duplicate} is seen from {into} now.")


@client.command(name="unmerge")
@click.argument("duplicate", metavar="DUPLICATE")
@click.pass_obj
def unmerge_clients(rooms: Rooms, duplicate: str) -> None:
    """Undo a merge; lists what was written since, for you to say whose it is."""
    from trellis.record import unmerge

    with open_record(rooms) as record, record.work(OPERATOR) as work:
        since = unmerge(work, duplicate)
    for one in since:
        click.echo(f"{one.changed_at:%Y-%m-%d}  {one.kind:<12} {one.id}")
    click.echo(f"{duplicate} is a record of its own again; {len(since)} entries were written since.")


@click.group()
def encounter() -> None:
    """The meetings of a client."""


@encounter.command(name="add")
@click.argument("client_ids", metavar="CLIENT...", nargs=-1, required=True)
@click.option("--mode", type=click.Choice(MODES), default="in_person", show_default=True)
@click.option("--clinician", required=True, help="Who holds it (usr_…).")
@click.option("--start", type=click.DateTime(), help="When it began (local time); now where not given.")
@click.option("--stop", type=click.DateTime(), help="When it ended (local time), where it has.")
@click.option("--place", default="", help="Where it was held.")
@click.option("--service", default="", help="Of which service of the clinic's configuration.")
@click.option("--client-state", default="", metavar="XX", help="Where the client is, for what isn't in a room.")
@click.option(
    "--with", "others", multiple=True, metavar="RELATION", help="Who else was there (sister); may be repeated."
)
@click.pass_obj
def add_encounter(
    rooms: Rooms,
    client_ids: tuple[str, ...],
    *,
    mode: Any,
    clinician: str,
    start: datetime | None,
    stop: datetime | None,
    place: str,
    service: str,
    others: tuple[str, ...],
    client_state: str,
) -> None:
    """Add an encounter of CLIENT, or of several; prints its id, for `trellis scribe --encounter`."""
    from trellis.record import add_encounter as add

    with open_record(rooms) as record, record.work(OPERATOR) as work:
        meeting = Encounter(
            mode=mode,
            clinician=clinician,
            started_at=start.astimezone() if start else work.now,
            stopped_at=stop.astimezone() if stop else None,
            place=place,
            service=service,
            client_location=Location(state=client_state.upper()),
            present=(
                *(Present(role="client", client=each) for each in client_ids),
                *(Present(role="other", relation=each) for each in others),
            ),
        )
        click.echo(add(work, meeting).id)


@encounter.command(name="voice")
@click.argument("encounter_id", metavar="ENCOUNTER")
@click.argument("client_id", metavar="CLIENT")
@click.argument("speaker")
@click.pass_obj
def name_voice(rooms: Rooms, encounter_id: str, client_id: str, speaker: str) -> None:
    """Say that CLIENT is SPEAKER (client, client:2, …) in the transcript of ENCOUNTER, where several took part."""
    from trellis.record import name_voice as name

    with open_record(rooms) as record, record.work(OPERATOR) as work:
        name(work, client_id, encounter_id, speaker)
    click.echo("Kept.")


@encounter.command(name="list")
@click.argument("client_id", metavar="CLIENT")
@click.pass_obj
def list_encounters(rooms: Rooms, client_id: str) -> None:
    """The encounters of CLIENT, oldest first, with what there is of each in this chart."""
    with open_record(rooms) as record, record.work(OPERATOR) as work:
        for one in work.find(client=client_id, kinds=["encounter", "attendance"]):
            met = one.encounter or one.id
            kinds = sorted({other.kind for other in work.find(client=client_id, encounter=met)})
            click.echo(f"{one.occurred_at:%Y-%m-%d %H:%M}Z  {met}  {', '.join(kinds)}".rstrip())


def _asked() -> Client:
    name = click.prompt("Legal name")
    chosen = click.prompt("Chosen name (enter for none)", default="", show_default=False)
    born = click.prompt("Birth date (YYYY-MM-DD, enter for none)", default="", show_default=False)
    pronouns = click.prompt("Pronouns (enter for none)", default="", show_default=False)
    try:
        birth_date = date.fromisoformat(born) if born else None
    except ValueError:
        raise Invalid("cli.date_invalid", "A birth date is YYYY-MM-DD.", hint="For example 1990-04-23.") from None
    return Client(legal_name=name, chosen_name=chosen, birth_date=birth_date, pronouns=pronouns)


def _parsed(text: bytes, kind: type[Any]) -> Any:
    """A noun from JSON with no field that isn't its own; `Invalid` names the field, never its value."""
    from trellis.record import strictly

    try:
        given = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Invalid("cli.json_invalid", "That isn't JSON in UTF-8.", hint="Check the file.") from None
    return strictly(given, kind)


def _state(state: str) -> str:
    return "" if state == "current" else state
