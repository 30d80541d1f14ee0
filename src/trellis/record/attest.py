"""Whether what was signed in a client's record is still what was signed: text, digest, signature, and the audit chain.

Takes a client; gives each signed entry with what is wrong with it. A note that somebody with every key wrote anew, with
a signature that fits, still has another digest than the line of the chain that tells of its signing.
"""

from collections.abc import Iterator
from typing import Literal

from trellis.governance import entries_of
from trellis.record.proof import Fault, fault_of
from trellis.record.work import Work

SIGNED = ("note", "cosignature", "addendum")
"""Kinds that are signed."""

Doubt = Fault | Literal["other on the chain", "not on the chain"]


def attest(work: Work, client: str) -> Iterator[tuple[str, Doubt]]:
    """Each signed entry of a client's record with what is wrong with it; empty where nothing is."""
    told = {
        placed.entry.subject: str(placed.entry.detail["signed"])
        for placed in entries_of(work.connection, work.tenant, client)
        if "signed" in placed.entry.detail
    }
    for entry in work.open_found(client=client, kinds=SIGNED):
        found: Doubt = fault_of(entry.content, work.vault, work.tenant)
        if not found and entry.id not in told:
            found = "not on the chain"
        elif not found and told[entry.id] != entry.content.digest:
            found = "other on the chain"
        yield entry.id, found
