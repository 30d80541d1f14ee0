"""Ids that carry their kind and sort by time: `enc_01jb…` is an encounter, wherever it is met.

An id says nothing else: no name, no number a clinic gave, nothing that could be guessed from another.
"""

import re
import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's, without letters that are read as digits
_SHAPE = re.compile(r"[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}")


def new_id(kind: str) -> str:
    """A fresh id of a kind of three letters: 48 bits of time in milliseconds, then 80 random bits."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return f"{kind}_" + "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def is_id(text: str, kind: str) -> bool:
    """Whether a text has the shape of an id of this kind."""
    return bool(_SHAPE.fullmatch(text)) and text.startswith(f"{kind}_")
