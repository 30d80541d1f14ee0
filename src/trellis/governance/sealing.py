"""Seal bytes so that only their key opens them, and only as what they were sealed for (AES-256-GCM).

`about` names the place something belongs to (table, row, version): moved elsewhere, it doesn't open.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trellis.kernel import Unavailable

FORMAT = b"\x01"
NONCE = 12


def seal(key: bytes, plain: bytes, about: str) -> bytes:
    """Ciphertext: a format byte, a random nonce of 12 bytes, then text and tag. `key` is 32 bytes."""
    nonce = secrets.token_bytes(NONCE)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, plain, about.encode() + FORMAT)


def unseal(key: bytes, sealed: bytes, about: str) -> bytes:
    """What was sealed; `Unavailable` where the key is another, or a single bit or the place has changed."""
    try:
        return AESGCM(key).decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], about.encode() + sealed[:1])
    except (InvalidTag, ValueError):
        raise Unavailable(
            "governance.seal_broken",
            f"The content of {about} was altered, or its key is another.",
            hint="Run trellis audit verify, and restore this entry from a backup.",
        ) from None
