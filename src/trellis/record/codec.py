"""Nouns as bytes, and back: JSON, salted, so that a digest of it tells nobody what it says.

Takes and gives the frozen types of `chart`. What is read is held to its type: a field that is missing or of another
kind is an error, never a guess. A noun that gains a field comes with a migration, so that an older Trellis refuses the
whole database rather than drop what it doesn't know.
"""

import hashlib
import json
import re
import secrets
from typing import Any, TypeVar

import msgspec

from trellis.kernel import Unavailable

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


_decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}


def _decoder(kind: type[Any]) -> msgspec.json.Decoder[Any]:
    if kind not in _decoders:
        _decoders[kind] = msgspec.json.Decoder(kind)
    return _decoders[kind]
