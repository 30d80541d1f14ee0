"""`trellis safety`: one message per line in, one verdict per line out, in the published contract and the same order.

Takes JSON lines from a file or standard input; gives JSON lines. A malformed line is named by its
number, and then nothing is written.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from trellis.chart import Verdict, verdict_as_json
from trellis.cli.outputs import Target, check_targets, put
from trellis.cli.root import Rooms
from trellis.kernel import Invalid, NotFound
from trellis.safety import Message

_SHAPE = 'Each line is {"id": "…", "text": "…", "speaker": "client", "context": [{"speaker": "…", "text": "…"}]}.'


@click.group()
def safety() -> None:
    """Screen messages for danger: suicide, violence, abuse, overdose and other harm."""


@safety.command(name="screen")
@click.argument("input_path", metavar="FILE.jsonl")
@click.option(
    "--json", "json_path", metavar="OUT", default="-", help="Write the verdicts to a file; '-' means standard output."
)
@click.pass_obj
def screen_(rooms: Rooms, input_path: str, json_path: str) -> None:
    """One message per line in, one verdict per line out.

    FILE.jsonl holds a message per line (id, text, speaker, context); '-' means standard input.
    """
    target = Target.of("--json", json_path)
    if input_path != "-":
        check_targets([target], Path(input_path))
    with _lines(input_path) as lines:
        told = [parse_message(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    verdicts = rooms.screen([message for _, message in told])
    put({target: b"".join(_line(name, verdict) for (name, _), verdict in zip(told, verdicts, strict=True))})


def _line(name: Any, verdict: Verdict) -> bytes:
    shape = verdict_as_json(name, verdict)
    return (json.dumps(shape, ensure_ascii=False) + "\n").encode(errors="backslashreplace")


def parse_message(number: int, line: bytes) -> tuple[Any, Message]:
    """The id and the message of a line; raises `Invalid` with the line's number, never its words."""
    try:
        data = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except (ValueError, RecursionError):
        raise _malformed(number, "isn't JSON in UTF-8") from None
    if not isinstance(data, dict):
        raise _malformed(number, "isn't an object")
    if not isinstance(data.get("id"), str | int):
        raise _malformed(number, "has no id")
    context = data.get("context") or []
    if not isinstance(context, list):
        raise _malformed(number, "has a context that isn't a list")
    return data["id"], _message(number, data, tuple(_message(number, one, ()) for one in context))


def _message(number: int, data: Any, context: tuple[Message, ...]) -> Message:
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise _malformed(number, "has no text")
    speaker = data.get("speaker", "client")
    if not isinstance(speaker, str):
        raise _malformed(number, "has a speaker that isn't text")
    return Message(text=data["text"], speaker=speaker, context=context)


def _malformed(number: int, what: str) -> Invalid:
    return Invalid("cli.malformed_line", f"Line {number} {what}.", hint=_SHAPE)


@contextmanager
def _lines(input_path: str) -> Iterator[IO[bytes]]:
    if input_path == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(input_path).open("rb")  # noqa: SIM115, closed below
    except (FileNotFoundError, IsADirectoryError, PermissionError, NotADirectoryError, OSError, ValueError):
        raise NotFound("cli.input_missing", "FILE.jsonl can't be read.", hint="Check its name and rights.") from None
    with file:
        yield file
