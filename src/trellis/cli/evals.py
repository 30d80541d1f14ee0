"""`trellis eval` and `trellis bench`: figures about quality, and about speed and memory, that anyone can make again."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from trellis.cli.outputs import Target, check_targets, put
from trellis.cli.root import Progress, Rooms
from trellis.kernel import Invalid, NotFound


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
@click.option("--html", "html_path", metavar="OUT", help="Write the figures as one self-contained page.")
@click.option(
    "--notes",
    "notes_path",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="With scribe: put a page of each authored session's note into this folder, to read every sentence.",
)
@click.pass_obj
def eval_(
    rooms: Rooms,
    suite: str,
    data_path: Path,
    *,
    json_path: str | None,
    html_path: str | None,
    notes_path: Path | None,
) -> None:
    """Measure quality on SUITE.

    SUITE is scribe, safety, support, roles, speech, deidentification, ablations (what a note loses without each of the
    parts that make it), or all.
    """
    asked = {"--json": json_path, "--html": html_path}
    targets = {option: Target.of(option, path) for option, path in asked.items() if path}
    check_targets(list(targets.values()), data_path)
    _check_notes(suite, notes_path)
    with Progress() as tell:
        figures = rooms.evaluate(suite, data_path, tell)
        notes = rooms.reading_pages(tell) if notes_path else {}
    contents = {target: _content(rooms, figures, option) for option, target in targets.items()}
    contents |= {
        Target.of("--notes", str(notes_path / name)): page.encode() for name, page in notes.items() if notes_path
    }
    _report(figures, contents)


def _check_notes(suite: str, folder: Path | None) -> None:
    if folder is None:
        return
    if suite not in {"scribe", "all"}:
        raise Invalid("cli.notes_elsewhere", f"The suite '{suite}' has no notes.", hint="Leave --notes out.")
    if not folder.is_dir():
        raise NotFound("cli.notes_folder_missing", "The folder of --notes doesn't exist.", hint="Create it.")


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
    _report(figures, {target: _as_json(figures) for target in targets})


def _content(rooms: Rooms, figures: Mapping[str, Any], option: str) -> bytes:
    return rooms.figures_page(figures).encode() if option == "--html" else _as_json(figures)


def _as_json(figures: Mapping[str, Any]) -> bytes:
    """The figures by name; what the lab measured knows its own shape."""
    text = json.dumps(figures, indent=2, ensure_ascii=False, default=lambda leaf: leaf.as_json())
    return (text + "\n").encode()


def _report(figures: Mapping[str, Any], contents: dict[Target, bytes]) -> None:
    """The figures as text here, unless standard output was asked for, and all that was asked for where it belongs."""
    if not any(target.path is None for target in contents):
        contents[Target.of("the figures", "-")] = ("\n".join(_rows(figures)) + "\n").encode()
    put(contents)


def _rows(figures: Mapping[str, Any], indent: str = "") -> list[str]:
    rows: list[str] = []
    for name, value in figures.items():
        if isinstance(value, Mapping):
            rows += [f"{indent}{name}", *_rows(value, indent + "  ")]
            continue
        first, *more = str(value).splitlines() or [""]
        if more or first.startswith("  "):
            rows += [f"{indent}{name}", *(f"{indent}  {line}" for line in (first, *more))]
        else:
            rows.append(f"{indent}{name:<{max(44 - len(indent), 1)}} {first}")
    return rows
