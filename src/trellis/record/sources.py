"""The files of a whole export, read back: streamed, held line by line to their shapes and as a whole to the manifest.

Takes a folder; gives lines and bytes. Whatever a file holds, what comes of it is a line or an error that names the
file and the line: nothing is guessed, and no more is in memory than one line or one part.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TypeVar

import msgspec

from trellis.kernel import Invalid, NotFound
from trellis.record.shapes import MANIFEST, SCHEMA, SOUNDS, File, Inventory, Line

LONGEST = 64 * 1024 * 1024
"""Bytes of the longest line that is read: far more than a day's transcript."""
CHUNK = 1 << 20
Shape = TypeVar("Shape", bound=Line)


class Source:
    """The files of an export, read as streams and held to their manifest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.inventory = self._inventory()
        self.whole(SCHEMA)

    def lines(self, name: str, shape: type[Shape]) -> Iterator[tuple[int, Shape]]:
        """Every line with its number; its end is reached only where the file is the one the manifest names."""
        decoder = msgspec.json.Decoder(shape)
        stated = self._stated(name)
        digest, size, number = hashlib.sha256(), 0, 0
        with self._open(name) as file:
            while text := file.readline(LONGEST):
                number += 1
                digest.update(text)
                size += len(text)
                if not text.endswith(b"\n"):
                    raise said(name, number, "is cut, or too long")
                yield number, _parsed(decoder, text, name, number)
        if (size, digest.hexdigest(), number) != (stated.bytes, stated.sha256, stated.lines):
            raise _altered(name)

    def all(self, name: str, shape: type[Shape]) -> list[Shape]:
        """Every line of a small file."""
        return [line for _, line in self.lines(name, shape)]

    def blob(self, blob: str) -> Iterator[bytes]:
        """The bytes of a recording or document."""
        return self._parts(f"{SOUNDS}/{blob}")

    def whole(self, name: str) -> None:
        """Hold a file that isn't read otherwise to its digest."""
        for _ in self._parts(name):
            pass

    def _parts(self, name: str) -> Iterator[bytes]:
        stated = self._stated(name)
        digest, size = hashlib.sha256(), 0
        with self._open(name) as file:
            while part := file.read(CHUNK):
                digest.update(part)
                size += len(part)
                yield part
        if (size, digest.hexdigest()) != (stated.bytes, stated.sha256):
            raise _altered(name)

    def _stated(self, name: str) -> File:
        stated = self.inventory.file(name)
        if stated is None:
            raise Invalid("record.import_file_absent", f"The manifest names no {name}.", hint="Use a whole export.")
        return stated

    def _open(self, name: str) -> IO[bytes]:
        try:
            return (self._folder / name).open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise Invalid("record.import_file_absent", f"The export has no {name}.", hint="Use a whole one.") from None

    def _inventory(self) -> Inventory:
        if not (self._folder / MANIFEST).is_file():
            raise NotFound(
                "record.export_absent", "There is no whole export in this folder.", hint="Its manifest is missing."
            )
        with self._open(MANIFEST) as file:
            text = file.read(LONGEST)
        return _parsed(msgspec.json.Decoder(Inventory), text, MANIFEST, 1)


def said(name: str, number: int, what: str) -> Invalid:
    """What to raise on a line."""
    return Invalid("record.import_line", f"Line {number} of {name} {what}.", hint="Use an export nobody changed.")


def _altered(name: str) -> Invalid:
    return Invalid("record.import_altered", f"{name} isn't the file the manifest names.", hint="Use another export.")


def _parsed(decoder: "msgspec.json.Decoder[Shape]", text: bytes, name: str, number: int) -> Shape:
    try:
        line = decoder.decode(text)
        for field in line.__struct_fields__:
            if isinstance(value := getattr(line, field), datetime):
                value.astimezone(UTC)
    except msgspec.ValidationError as error:
        place = str(error).rpartition("`$")[2].strip("`. ") if "`$" in str(error) else ""
        known = place if place in decoder.type.__struct_fields__ else ""
        raise said(name, number, f"doesn't fit{f' at {known}' if known else ''}") from None
    except (msgspec.DecodeError, UnicodeError, OverflowError, RecursionError, ValueError):
        raise said(name, number, "can't be read") from None
    return line
