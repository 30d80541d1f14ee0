"""`trellis eval` and `trellis bench`: figures about quality, and about speed and memory, that anyone can make again."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from trellis.cli.outputs import Target, check_targets, put
from trellis.cli.root import Progress, Rooms


@click.command()
@click.argument("suite")
@click.option(
    "--data",
    "data_path",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder that holds the graded sets.",
)
@click.option("--json", "json_path", metavar="OUT", help="Write the figures as JSON; '-' means standard output.")
@click.pass_obj
def eval_(rooms: Rooms, suite: str, data_path: Path, json_path: str | None) -> None:
    """Measure quality on SUITE ('all' for every one)."""
    targets = [Target.of("--json", json_path)] if json_path else []
    check_targets(targets, data_path)
    with Progress() as tell:
        figures = rooms.evaluate(suite, data_path, tell)
    _report(figures, targets)


@click.command()
@click.argument("suite")
@click.option("--json", "json_path", metavar="OUT", help="Write the figures as JSON; '-' means standard output.")
@click.pass_obj
def bench(rooms: Rooms, suite: str, json_path: str | None) -> None:
    """Measure speed and memory on SUITE ('all' for every one)."""
    targets = [Target.of("--json", json_path)] if json_path else []
    check_targets(targets, Path())
    with Progress() as tell:
        figures = rooms.bench(suite, tell)
    _report(figures, targets)


def _report(figures: Mapping[str, Any], targets: list[Target]) -> None:
    """The figures as a table here, and as JSON where that was asked for."""
    contents = {target: (json.dumps(figures, indent=2, ensure_ascii=False) + "\n").encode() for target in targets}
    if not any(target.path is None for target in targets):
        contents[Target.of("the figures", "-")] = ("\n".join(_rows(figures)) + "\n").encode()
    put(contents)


def _rows(figures: Mapping[str, Any], indent: str = "") -> list[str]:
    rows: list[str] = []
    for name, value in figures.items():
        if isinstance(value, Mapping):
            rows += [f"{indent}{name}", *_rows(value, indent + "  ")]
        else:
            rows.append(f"{indent}{name:<{max(44 - len(indent), 1)}} {value}")
    return rows
