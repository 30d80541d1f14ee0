"""`trellis scribe`: a recording or a transcript in, a draft note out, in the shapes that were asked for.

Takes options; gives files, standard output or the note for reading. Nothing is written unless everything went well.
"""

import json
import sys
from pathlib import Path
from typing import get_args

import click

from trellis.chart import DraftNote, note_as_json
from trellis.cli.outputs import Target, check_targets, put
from trellis.cli.root import Language, Length, Progress, Rooms, ScribeOrder
from trellis.cli.terminal import render


@click.command()
@click.argument("input_path", metavar="INPUT", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "note_format",
    metavar="NAME|FILE",
    default="soap",
    show_default=True,
    help="soap, dap, birp, girp, pirp, intake, crisis, group, discharge, med, or a TOML file of your own.",
)
@click.option(
    "--json", "json_path", metavar="OUT", help="Write the note in the published contract; '-' means standard output."
)
@click.option("--html", "html_path", metavar="OUT", help="Write one self-contained page with the recording inside.")
@click.option("--text", "as_text", is_flag=True, help="Print plain text by section, to paste into another record.")
@click.option("--domains", is_flag=True, help="Print plain text with the symptom view after it.")
@click.option(
    "--writer",
    metavar="extractive|local|URL",
    default="extractive",
    show_default=True,
    help="Who words the note; a URL beyond this machine has to be allowed in the settings.",
)
@click.option(
    "--length",
    type=click.Choice(get_args(Length)),
    default="standard",
    show_default=True,
    help="How much the note says.",
)
@click.option("--speakers", type=click.IntRange(1, 6), help="How many people speak, where you know it.")
@click.option("--clinician", metavar="NAME", help="Which voice (A, B, …) or name is the clinician, where you know it.")
@click.option(
    "--language",
    type=click.Choice(get_args(Language)),
    default="any",
    show_default=True,
    help="The language you expect; another one is refused.",
)
@click.option(
    "--style",
    "style_path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="How the note sounds (a TOML file): what people are called, quotes, length, terms.",
)
@click.option("--client", metavar="ID", help="Keep the draft in this client's chart, and rest it on what that knows.")
@click.option("--encounter", metavar="ID", help="The encounter of the record this session was.")
@click.pass_obj
def scribe(
    rooms: Rooms,
    input_path: Path,
    note_format: str,
    json_path: str | None,
    html_path: str | None,
    *,
    as_text: bool,
    client: str | None,
    encounter: str | None,
    domains: bool,
    writer: str,
    length: Length,
    speakers: int | None,
    clinician: str | None,
    language: Language,
    style_path: Path | None,
) -> None:
    """Turn a recording or a transcript into a draft note.

    INPUT is audio (.wav .mp3 .m4a .flac .ogg .opus .webm) or a transcript (.txt .vtt .srt .csv .json). Without --json,
    --html or --text the note is shown here, each sentence with the second it was said.
    """
    order = ScribeOrder(
        input=input_path,
        client=client,
        encounter=encounter,
        format=note_format,
        writer=writer,
        length=length,
        speakers=speakers,
        clinician=clinician,
        language=language,
        style=style_path,
        domains=domains,
    )
    deliver(rooms, order, json_path=json_path, html_path=html_path, as_text=as_text or domains)


def deliver(rooms: Rooms, order: ScribeOrder, *, json_path: str | None, html_path: str | None, as_text: bool) -> None:
    """Make the note and put it where it was asked for; shown for reading where nothing was asked for."""
    asked = {
        "--json": Target.of("--json", json_path) if json_path else None,
        "--html": Target.of("--html", html_path) if html_path else None,
        "--text": Target.of("--text", "-") if as_text else None,
    }
    targets = {option: target for option, target in asked.items() if target is not None}
    check_targets(list(targets.values()), order.input)
    with Progress() as tell:
        note = rooms.scribe(order, tell)
        contents = {target: _content(rooms, order, note, option) for option, target in targets.items()}
        if not contents:
            contents = {Target.of("the note", "-"): show(rooms, order, note).encode(errors="replace")}
    put(contents)


def show(rooms: Rooms, order: ScribeOrder, note: DraftNote) -> str:
    """The note for reading here."""
    return render(note, rooms.title(order), color=sys.stdout.isatty())


def as_json(note: DraftNote) -> bytes:
    """The note in the published contract; half a character, where a transcript holds one, is written as an escape."""
    return (json.dumps(note_as_json(note), ensure_ascii=False, indent=2) + "\n").encode(errors="backslashreplace")


def _content(rooms: Rooms, order: ScribeOrder, note: DraftNote, option: str) -> bytes:
    match option:
        case "--json":
            return as_json(note)
        case "--html":
            return rooms.page(order, note).encode()
        case _:
            return rooms.plain(order, note).encode(errors="replace")
