"""What may be trusted, and why: keys, the audit chain. Knows actors and ids, no noun of a clinic."""

from trellis.governance.anchors import Anchor, heads_signed_by, read_anchors, sign_head, write_anchor, write_anchors
from trellis.governance.audit import (
    AuditEntry,
    Broken,
    Head,
    Placed,
    append,
    entries_of,
    genesis,
    head_of,
    last_at,
    verify,
)
from trellis.governance.carry import Link, carry_in, carry_out
from trellis.governance.registry import ATTRIBUTES, Card, card, cards
from trellis.governance.roots import HeldRoots, RootKeys, add_root, make_root, name_of, read_roots
from trellis.governance.sealing import seal, unseal
from trellis.governance.signatures import is_signed, public_of, sign_bytes
from trellis.governance.vault import Key, PublicKey, Purpose, Tombstone, Vault

__all__ = [
    "ATTRIBUTES",
    "Anchor",
    "AuditEntry",
    "Broken",
    "Card",
    "Head",
    "HeldRoots",
    "Key",
    "Link",
    "Placed",
    "PublicKey",
    "Purpose",
    "RootKeys",
    "Tombstone",
    "Vault",
    "add_root",
    "append",
    "card",
    "cards",
    "carry_in",
    "carry_out",
    "entries_of",
    "genesis",
    "head_of",
    "heads_signed_by",
    "is_signed",
    "last_at",
    "make_root",
    "name_of",
    "public_of",
    "read_anchors",
    "read_roots",
    "seal",
    "sign_bytes",
    "sign_head",
    "unseal",
    "verify",
    "write_anchor",
    "write_anchors",
]
