"""Signed heads of the audit chain, kept outside the database: what shows a chain that was cut or written anew.

A head is signed with Ed25519 under a key of the organisation's vault, and appended to a file that an operator copies
to a place the database's administrator can't write (another machine, a mailbox, paper).
"""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from trellis.governance.audit import Head
from trellis.governance.vault import Key
from trellis.kernel import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A head with its signature; `hash`, `public` and `signature` in hexadecimal."""

    tenant: str
    number: int
    hash: str
    at: datetime
    public: str
    signature: str


def sign_head(key: Key, tenant: str, head: Head, at: datetime) -> Anchor:
    """The head, signed with the organisation's signing key."""
    signer = Ed25519PrivateKey.from_private_bytes(key.material)
    signature = signer.sign(_said(tenant, head.number, head.hash.hex(), at))
    return Anchor(
        tenant=tenant,
        number=head.number,
        hash=head.hash.hex(),
        at=at,
        public=signer.public_key().public_bytes_raw().hex(),
        signature=signature.hex(),
    )


def write_anchor(folder: Path, anchor: Anchor) -> None:
    """Add an anchor to the organisation's file; it is on the disk when this returns."""
    write_anchors(folder, [anchor])


def write_anchors(folder: Path, anchors: Sequence[Anchor]) -> None:
    """Add anchors of one organisation to its file; all are on the disk when this returns."""
    if not anchors:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with _file(folder, anchors[0].tenant).open("ab") as file:
        file.write(b"".join(msgspec.json.encode(anchor) + b"\n" for anchor in anchors))
        file.flush()
        os.fsync(file.fileno())


def read_anchors(folder: Path, tenant: str) -> tuple[Anchor, ...]:
    """Every anchor of an organisation, oldest first. A last line cut by a crash is left out."""
    file = _file(folder, tenant)
    lines = file.read_bytes().split(b"\n") if file.exists() else []
    found: list[Anchor] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(msgspec.json.decode(line, type=Anchor))
        except msgspec.MsgspecError:
            if number < len(lines):
                raise Invalid(
                    "governance.anchor_invalid",
                    f"Line {number} of the anchor file is no anchor.",
                    hint="Somebody changed it: compare it with the copy kept elsewhere.",
                ) from None
    return tuple(found)


def heads_signed_by(anchors: Sequence[Anchor], publics: Collection[str]) -> list[Head]:
    """The heads of anchors that one of these keys signed (their public halves, in hexadecimal).

    `Invalid` names the first anchor that none of them did.
    """
    for anchor in anchors:
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(anchor.public))
            public.verify(bytes.fromhex(anchor.signature), _said(anchor.tenant, anchor.number, anchor.hash, anchor.at))
            is_ours = anchor.public in publics
        except (InvalidSignature, ValueError):
            is_ours = False
        if not is_ours:
            raise Invalid(
                "governance.anchor_forged",
                f"The anchor of entry {anchor.number} wasn't signed by this clinic.",
                hint="Compare the anchor file with the copy kept elsewhere.",
            )
    return [Head(number=anchor.number, hash=bytes.fromhex(anchor.hash)) for anchor in anchors]


def _said(tenant: str, number: int, digest: str, at: datetime) -> bytes:
    return f"trellis anchor {tenant} {number} {digest} {at.isoformat()}".encode()


def _file(folder: Path, tenant: str) -> Path:
    return folder / f"{tenant}.jsonl"
