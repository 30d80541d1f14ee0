"""Signatures of an organisation over what its people signed: Ed25519, under the signing key of its vault.

Takes a key and bytes; gives the public half and the signature. A `purpose` is part of what is signed, so that a
signature over one thing is none over another.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from trellis.governance.vault import Key


def sign_bytes(key: Key, said: bytes, purpose: str) -> tuple[str, str]:
    """The key's public half and its signature, both in hexadecimal."""
    signer = Ed25519PrivateKey.from_private_bytes(key.material)
    return public_of(key), signer.sign(_said(said, purpose)).hex()


def public_of(key: Key) -> str:
    """The public half of a signing key, in hexadecimal."""
    return Ed25519PrivateKey.from_private_bytes(key.material).public_key().public_bytes_raw().hex()


def is_signed(said: bytes, purpose: str, *, public: str, signature: str) -> bool:
    """Whether the holder of the key with this public half signed these bytes for this purpose."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), _said(said, purpose))
    except (InvalidSignature, ValueError):
        return False
    return True


def _said(said: bytes, purpose: str) -> bytes:
    return f"trellis {purpose} ".encode() + said
