"""`trellis deidentify`: a copy of a text or of an entry of the record, without what tells who it is about.

Takes a file or an id; gives text. A file's copy is its own: names and dates of another don't match it. What is missed
is measured by `trellis eval deidentification`, and somebody reads a copy before it goes anywhere.
"""

import json
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from trellis.cli.clinic import OPERATOR, open_record
from trellis.cli.outputs import Target, check_targets, put
from trellis.cli.root import Rooms
from trellis.kernel import Invalid, NotFound, is_id

ENTRIES = ("tra", "not")
LARGEST = 20_000_000
"""Bytes of a file; a day of talk has some 500,000."""


@click.command()
@click.argument("source", metavar="FILE|ENTRY")
@click.option(
    "--out", "target_path", metavar="OUT", default="-", help="Where the copy goes; '-' means standard output."
)
@click.option(
    "--dates",
    type=click.Choice(["moved", "years"]),
    default="moved",
    show_default=True,
    help="Move dates, so that they stay as far apart as they were, or leave their years alone, as Safe Harbor asks.",
)
@click.pass_obj
def deidentify(rooms: Rooms, source: str, target_path: str, dates: str) -> None:
    """Write a copy of FILE, or of ENTRY of the record, without what tells who it is about.

    FILE is a text, or a transcript (.txt .vtt .srt .csv .json). ENTRY is the id of a transcript or a signed note, whose
    client agreed to improving the software. What was taken out is counted on standard error. Read the copy before you
    give it to anybody: no machine finds all.
    """
    target = Target.of("--out", target_path)
    is_entry = any(is_id(source, prefix) for prefix in ENTRIES)
    check_targets([target], Path("" if is_entry else source))
    text, removed = (_of_record if is_entry else _of_file)(rooms, source, years_only=dates == "years")
    put({target: text.encode()})
    counted = ", ".join(f"{kind} {count}" for kind, count in sorted(removed.items())) or "nothing"
    click.echo(f"Taken out: {counted}. Read the copy before you give it to anybody.", err=True)


def _of_record(rooms: Rooms, entry_id: str, *, years_only: bool) -> tuple[str, Mapping[str, int]]:
    from trellis.inference import LocalIdentifiers
    from trellis.record import deidentify as copy_of

    with open_record(rooms) as record:
        made = copy_of(record, OPERATOR, entry_id, LocalIdentifiers(), years_only=years_only)
    return made.text, made.removed


def _of_file(rooms: Rooms, source: str, *, years_only: bool) -> tuple[str, Mapping[str, int]]:
    del rooms
    from trellis.inference import LocalIdentifiers, Surrogates

    content, is_json = _read(Path(source))
    texts = list(_strings(content)) if is_json else content.splitlines(keepends=True)
    found = LocalIdentifiers().find(texts)
    surrogates = Surrogates(secrets.token_bytes(32), years_only=years_only)
    copies = [surrogates.replaced(text, ones) for text, ones in zip(texts, found, strict=True)]
    removed = Counter(str(one.kind) for ones in found for one in ones)
    if not is_json:
        return "".join(copies), removed
    return json.dumps(_with(content, iter(copies)), ensure_ascii=False, indent=1) + "\n", removed


def _read(path: Path) -> tuple[Any, bool]:
    """What a file holds, and whether that is JSON."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError):
        raise NotFound("cli.input_missing", "FILE can't be read.", hint="Check its name and rights.") from None
    if len(content) > LARGEST:
        raise Invalid("cli.input_large", "FILE is too large for a text.", hint="Divide it.")
    is_json = path.suffix.lower() == ".json"
    try:
        text = content.decode("utf-8-sig")
        return (json.loads(text), True) if is_json else (text, False)
    except (ValueError, RecursionError):
        raise Invalid("cli.input_malformed", "FILE isn't a text in UTF-8.", hint="Save it as one.") from None


def _strings(value: Any) -> Iterator[str]:
    """Every string of what JSON holds, in its order; names of fields aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def _with(value: Any, strings: Iterator[str]) -> Any:
    """The same with other strings, in the same order."""
    if isinstance(value, str):
        return next(strings)
    if isinstance(value, list):
        return [_with(one, strings) for one in value]
    return {key: _with(one, strings) for key, one in value.items()} if isinstance(value, dict) else value
