"""`trellis serve`: the workspace in a browser, on this machine, until it is interrupted."""

import ipaddress
from pathlib import Path

import click

from trellis.cli.root import Progress, Rooms
from trellis.kernel import Invalid


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8450, show_default=True, help="The port to listen on.")
@click.option(
    "--certificate", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="A TLS certificate (PEM)."
)
@click.option("--demo", "is_demo", is_flag=True, help="Serve a synthetic clinic, made for this run and gone after it.")
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Its key (PEM).")
@click.pass_obj
def serve(rooms: Rooms, host: str, port: int, certificate: Path | None, key: Path | None, *, is_demo: bool) -> None:
    """Serve the workspace to browsers.

    Other machines are served over TLS alone: sessions and passwords don't cross a network in the open.
    """
    if not _is_here(host) and certificate is None:
        raise Invalid(
            "cli.serve_open",
            "Other machines are served over TLS alone.",
            hint="Give --certificate and --key, or leave --host as it is and put a proxy with TLS before it.",
        )
    with Progress() as tell, rooms.workspace(is_demo=is_demo, tell=tell) as workspace:
        scheme = "https" if certificate else "http"
        for line in workspace.said:
            click.echo(line)
        click.echo(f"The workspace is at {scheme}://{host}:{port}. Interrupt it with Ctrl-C.")
        workspace.serve(host, port, str(certificate or ""), str(key or ""))


def _is_here(host: str) -> bool:
    """Whether an address is of this machine alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
