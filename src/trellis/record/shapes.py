"""What a whole export consists of: the shape of each file's lines, and of the manifest that names the files.

Lines are JSON objects; a field that isn't known, is missing or is of another kind is refused. Times have a zone. The
JSON Schema that lies beside an export is made from these shapes and from the nouns, so it can't say anything else.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from trellis.chart import KINDS

CONTRACT = 1
MANIFEST, SCHEMA, NOTICE = "manifest.json", "schema.json", "part2-notice.txt"
AUDIT, ANCHORS, SIGNERS, TOMBSTONES = "audit.jsonl", "anchors.jsonl", "signers.jsonl", "tombstones.jsonl"
DELETED, BLOBS, HOLDS, RECEIPTS, OWNERS = (
    "deleted.jsonl",
    "blobs.jsonl",
    "holds.jsonl",
    "receipts.jsonl",
    "owners.jsonl",
)

Id = Annotated[str, Meta(pattern=r"^[a-z]{3}_[0-9a-z]{1,26}$(?![\s\S])")]
Owner = Annotated[str, Meta(pattern=r"^([a-z]{3}_[0-9a-z]{1,26})?$(?![\s\S])")]
Short = Annotated[str, Meta(pattern=r"^[^\x00]*$(?![\s\S])", max_length=20)]
Word = Annotated[str, Meta(pattern=r"^[^\x00]*$(?![\s\S])", max_length=40)]
Name = Annotated[str, Meta(pattern=r"^[^\x00]*$(?![\s\S])", max_length=60)]
Subject = Annotated[str, Meta(pattern=r"^[^\x00]*$(?![\s\S])", max_length=64)]
Rule = Annotated[str, Meta(pattern=r"^[^\x00]*$(?![\s\S])", max_length=80)]
Text = Annotated[str, Meta(pattern=r"^[^\x00]*$(?![\s\S])")]
Label = Annotated[str, Meta(pattern=r"^(part2)?$(?![\s\S])")]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?![\s\S])")]
Salt = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$(?![\s\S])")]
Signed = Annotated[str, Meta(pattern=r"^[0-9a-f]{128}$(?![\s\S])")]
Count = Annotated[int, Meta(ge=0, le=2**53)]
Ordinal = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Moment = Annotated[datetime, Meta(tz=True)]


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a file."""


class EntryLine(Line, frozen=True):
    """One version of one entry: who, when, why, and what.

    `digest` is the SHA-256 of the salt's bytes followed by the content's, exactly as they stand here. Where the key
    was destroyed and nobody can read it any more, `salt` and `content` are null and `destroyed_key` says which it was.
    """

    id: Id
    kind: Short
    client: Id
    encounter: Id | None
    label: Label
    version: Ordinal
    state: Short
    occurred_at: Moment
    made_at: Moment
    actor: Name
    reason: Word
    digest: Digest
    salt: Salt | None
    content: msgspec.Raw
    destroyed_key: Id | None = None


class DeletedLine(Line, frozen=True):
    """An entry whose content was deleted: what stays of it. `version` is the last it had."""

    id: Id
    kind: Short
    client: Id
    encounter: Id | None
    label: Label
    version: Ordinal
    occurred_at: Moment
    deleted_at: Moment


class BlobLine(Line, frozen=True):
    """A recording or document; its bytes are the file `blobs/` and its id, whose SHA-256 is `sha256`.

    `sha256` is null where it was deleted, or nobody can read it any more.
    """

    id: Id
    kind: Short
    client: Id
    encounter: Id | None
    label: Label
    bytes: Count
    made_at: Moment
    deleted_at: Moment | None
    sha256: Digest | None


class OwnerLine(Line, frozen=True):
    """Somebody or something with a key of its own; an import makes another one. Keys never leave."""

    owner: Id


class HoldLine(Line, frozen=True):
    """A legal hold."""

    id: Id
    client: Id
    reason: Word
    actor: Name
    placed_at: Moment
    lifted_at: Moment | None


class ReceiptLine(Line, frozen=True):
    """What was deleted, and by what rule; `items` are ids."""

    id: Id
    client: Id
    rule: Name
    at: Moment
    actor: Name
    items: tuple[Id, ...]


class TombstoneLine(Line, frozen=True):
    """A key that was destroyed."""

    key: Id
    purpose: Short
    owner: Id
    destroyed_at: Moment
    reason: Word


class SignerLine(Line, frozen=True):
    """The public half (Ed25519) of a key that signed notes or heads of the audit chain."""

    key: Id
    public: Digest
    made_at: Moment


class AnchorLine(Line, frozen=True):
    """A signed head of the audit chain."""

    tenant: Id
    number: Count
    hash: Digest
    at: Moment
    public: Digest
    signature: Signed


class AuditLine(Line, frozen=True):
    """One entry of the audit chain. `hash` is the SHA-256 of the bytes of the hash before it (the first: the SHA-256
    of `trellis audit` and the tenant) followed by the other values, in this order, as a JSON array without spaces.
    """

    number: Count
    at: Annotated[int, Meta(ge=-(2**62), le=2**62)]
    actor: Name
    action: Name
    subject: Subject
    client: Owner
    purpose: Word
    decision: Annotated[str, Meta(pattern=r"^(permit|refuse)$(?![\s\S])")]
    rule: Rule
    detail: Text
    hash: Digest


class File(Line, frozen=True):
    """A file of the export; `lines` is null where it isn't one of lines."""

    name: str
    bytes: Count
    sha256: Digest
    lines: Count | None


class LeftOut(Line, frozen=True):
    """What isn't in the export, how much of it (null where that isn't counted), and why."""

    what: str
    count: Count | None
    why: str


class Inventory(Line, frozen=True):
    """The manifest: whose export this is, every file of it, how many entries of each kind, where the chain ends."""

    contract: Annotated[int, Meta(ge=CONTRACT, le=CONTRACT)]
    tenant: Id
    name: Text
    made_at: Moment
    by: Name
    audit_entries: Count
    audit_head: Digest
    counts: dict[str, Count]
    left_out: tuple[LeftOut, ...]
    files: tuple[File, ...]

    def file(self, name: str) -> File | None:
        """The file of this name; None where the export has none."""
        return next((file for file in self.files if file.name == name), None)


SHAPES: Mapping[str, type[Line]] = {
    DELETED: DeletedLine,
    BLOBS: BlobLine,
    OWNERS: OwnerLine,
    HOLDS: HoldLine,
    RECEIPTS: ReceiptLine,
    TOMBSTONES: TombstoneLine,
    SIGNERS: SignerLine,
    ANCHORS: AnchorLine,
    AUDIT: AuditLine,
}
"""Files beside those of entries, and the shape of their lines."""


SOUNDS = "blobs"
"""The folder of blobs."""


def entries_file(kind: str) -> str:
    """The file of all versions of all entries of a kind."""
    return f"entries/{kind}.jsonl"


def schema() -> bytes:
    """JSON Schema (2020-12) of every line of every file, and of the manifest, in one document."""
    nouns = [kind.type for kind in KINDS.values()]
    shapes = [EntryLine, *SHAPES.values(), Inventory]
    refs, components = msgspec.json.schema_components([*shapes, *nouns], ref_template="#/$defs/{name}")
    by_type = dict(zip([*shapes, *nouns], refs, strict=True))
    files: dict[str, Any] = {MANIFEST: by_type[Inventory]}
    files |= {name: by_type[shape] for name, shape in SHAPES.items()}
    for name, kind in KINDS.items():
        content = {"anyOf": [by_type[kind.type], {"type": "null"}]}
        files[entries_file(name)] = {"allOf": [by_type[EntryLine], {"properties": {"content": content}}]}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A whole export of a clinic",
        "description": "`files` says which shape each file's lines have (the manifest is one object).",
        "files": dict(sorted(files.items())),
        "$defs": dict(sorted(components.items())),
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"
