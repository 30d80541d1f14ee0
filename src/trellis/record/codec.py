"""Nouns as bytes, and back: JSON, salted, so that a digest of it tells nobody what it says.

Takes and gives the frozen types of `chart`. What is read is held to its type: a field that is missing or of another
kind is an error, never a guess. A noun that gains a field comes with a migration, so that an older Trellis refuses the
whole database rather than drop what it doesn't know.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from trellis.kernel import Invalid, Unavailable

Noun = TypeVar("Noun")
SALT = 16
_encoder = msgspec.json.Encoder()


def encode(noun: object) -> tuple[bytes, bytes]:
    """Salted bytes of a noun, and their SHA-256, which commits to them without giving them away."""
    plain = secrets.token_bytes(SALT) + _encoder.encode(noun)
    return plain, hashlib.sha256(plain).digest()


def mended(noun: Noun) -> Noun:
    """The noun without half characters, which some transcripts hold and no database keeps; each becomes U+FFFD."""
    try:
        _encoder.encode(noun)
    except UnicodeEncodeError:
        joined = json.loads(json.dumps(msgspec.to_builtins(noun)))  # two halves beside each other become one
        whole = re.sub("[\ud800-\udfff]", "\ufffd", json.dumps(joined, ensure_ascii=False))
        return msgspec.json.decode(whole, type=type(noun))
    return noun


def decode(plain: bytes, kind: type[Any]) -> Any:
    """The noun; `Unavailable` where the bytes are no noun of this type."""
    try:
        return _decoder(kind).decode(memoryview(plain)[SALT:])
    except msgspec.MsgspecError:
        raise Unavailable(
            "record.content_unreadable",
            f"A stored {kind.__name__} doesn't have the shape this version knows.",
            hint="Use the version of Trellis that wrote it, or restore a backup.",
        ) from None


def strictly(given: Any, kind: type[Any]) -> Any:
    """A noun from plain values a person wrote; `Invalid` names the place that doesn't fit, or isn't known."""
    try:
        made = msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$")
        raise Invalid(
            "record.noun_invalid",
            f"{place.strip('`. ') or 'The whole'}: {_without_values(what)}.",
            hint="Compare it with its shape in docs/rooms/record.md.",
        ) from None
    for place in _unknown("", given, msgspec.to_builtins(made)):
        raise Invalid("record.field_unknown", f"{place}: there is no such field.", hint="Check its spelling.")
    return made


def _unknown(place: str, given: Any, kept: Any) -> Iterator[str]:
    """Places of what was given and not kept."""
    if isinstance(given, dict) and isinstance(kept, dict):
        for name, value in given.items():
            here = f"{place}.{name}" if place else str(name)
            if name not in kept:
                yield here
            else:
                yield from _unknown(here, value, kept[name])
    elif isinstance(given, list | tuple) and isinstance(kept, list | tuple):
        for number, (one, other) in enumerate(zip(given, kept, strict=True)):
            yield from _unknown(f"{place}[{number}]", one, other)


def _without_values(what: str) -> str:
    """What is wrong, without repeating what stood there."""
    return re.sub(r"Invalid enum value '.*'", "not one of the values it may have", what)


_decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}


def _decoder(kind: type[Any]) -> msgspec.json.Decoder[Any]:
    if kind not in _decoders:
        _decoders[kind] = msgspec.json.Decoder(kind)
    return _decoders[kind]
