"""What exactly is signed, and whether it still is: canonical bytes of a text, their digest, the signature over it.

Canonical bytes are JSON in UTF-8 without spaces, names in alphabetical order; times in UTC with their offset; whole
numbers without a fraction; fields at their default left out, so that a field that a later version adds changes no
digest. Anybody with the text and the public key can check it without Trellis.
"""

import hashlib
import json
import secrets
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from trellis.chart import (
    Addendum,
    AddendumText,
    Cosignature,
    CosignatureText,
    Entry,
    NoteText,
    Signature,
    SignedNote,
    Signer,
)
from trellis.governance import Vault, is_signed, sign_bytes
from trellis.kernel import Conflict, Invalid, NotPermitted
from trellis.record.work import Work

PURPOSE = "note"
SignedText = NoteText | CosignatureText | AddendumText
Signed = SignedNote | Cosignature | Addendum
Fault = Literal["", "altered", "forged", "other key", "key unknown"]
"""What is wrong with something signed: its text isn't what was signed, the signature isn't its key's, the key isn't the
one of that name, or this clinic never had such a key (then text and signature fit each other, and who signed can't be
told)."""


def canonical(text: SignedText) -> bytes:
    """The bytes that are signed."""
    return json.dumps(_plain(text), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(text: SignedText) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(text)).hexdigest()


def salt() -> str:
    """Random digits that keep a digest from being guessed."""
    return secrets.token_hex(16)


def seal_text(work: Work, text: SignedText) -> tuple[str, Signature]:
    """The digest of a text and the organisation's signature over it."""
    key = work.vault.current(work.tenant, "signing", work.tenant)
    digest = digest_of(text)
    public, signature = sign_bytes(key, digest.encode(), PURPOSE)
    return digest, Signature(key=key.id, public=public, signature=signature)


def fault_of(signed: Signed, vault: Vault, tenant: str) -> Fault:
    """What is wrong with something signed, computed anew from its text; empty where nothing is."""
    seal = signed.signature
    if digest_of(signed.text) != signed.digest:
        return "altered"
    if not is_signed(signed.digest.encode(), PURPOSE, public=seal.public, signature=seal.signature):
        return "forged"
    known = {one.key: one.public for one in vault.publics(tenant)}
    if seal.key not in known:
        return "key unknown"
    return "" if known[seal.key] == seal.public else "other key"


def check_signer(work: Work, signer: Signer) -> None:
    """Raise where this isn't who works here, or where name or credentials are missing."""
    if signer.staff != work.actor:
        raise NotPermitted("record.signer_other", "Nobody signs for somebody else.", hint="Sign in as the signer.")
    if not signer.name.strip() or not signer.credentials.strip():
        raise Invalid(
            "record.signer_unnamed", "A signature has a name and credentials.", hint="Add them to your profile."
        )


def refuse_broken(work: Work, entry: Entry[Any]) -> None:
    """Raise `Conflict` where something signed is no longer what was signed."""
    signed: Signed = entry.content
    if fault := fault_of(signed, work.vault, work.tenant):
        raise broken(entry.id, fault)


def broken(entry_id: str, fault: str) -> Conflict:
    """What to raise on a signature that doesn't hold."""
    return Conflict(
        "record.signature_broken",
        f"The signature of {entry_id} doesn't hold: {fault}.",
        hint="Run trellis audit verify, and restore it from a backup.",
    )


def beside(kind: str, entry_id: str) -> str:
    """The id of the one entry of this kind that may stand beside another: made twice, the second is refused."""
    return f"{kind}_{entry_id[4:]}"


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case bool() | None | str() | int():
            return value
        case float():
            return int(value) if value.is_integer() else value
        case tuple() | list():
            return [_plain(each) for each in value]
    assert is_dataclass(value)
    return {
        field.name: _plain(held)
        for field in fields(value)
        if (held := getattr(value, field.name)) != _default(field) or field.name == "form"
    }


def _default(field: Any) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()
