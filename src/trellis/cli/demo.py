"""`trellis demo`: the shipped recording becomes a note, here in the terminal and as a page to click through."""

import sys
from pathlib import Path

import click

from trellis.cli.outputs import Target, check_targets, put
from trellis.cli.root import Progress, Rooms
from trellis.cli.scribe import show


@click.command()
@click.option(
    "--html",
    "html_path",
    metavar="OUT",
    default="out/trellis-demo.html",
    show_default=True,
    help="Where to write the page.",
)
@click.pass_obj
def demo(rooms: Rooms, html_path: str) -> None:
    """Transcribe the shipped recording (synthetic voices, a written script) and show its note."""
    order = rooms.demo()
    if (folder := Path(html_path).parent) == Path("out"):
        folder.mkdir(exist_ok=True)
    target = Target.of("--html", html_path)
    check_targets([target], order.input)
    click.echo("Transcribing the shipped recording on this machine; it takes a minute or so.", err=True)
    with Progress() as tell:
        note = rooms.scribe(order, tell)
        page = rooms.page(order, note).encode()
    text = show(rooms, order, note)
    if target.path is not None:
        text += f"\nThe page: {target.path.as_uri()}\nOpen it, click a sentence, and hear the second it was said.\n"
    put({target: page, Target.of("the note", "-"): text.encode()} if target.path else {target: page})
    if target.path is not None and sys.stdout.isatty() and sys.stdin.isatty():
        _offer(target.path)


def _offer(path: Path) -> None:
    """Open the page in the browser, if the person at the terminal wants that."""
    import webbrowser

    if click.confirm("Open it now?", default=True, err=True):
        webbrowser.open(path.as_uri())
