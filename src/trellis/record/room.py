"""The record of one organisation: the one door to clinical content, for reading and for writing.

Takes the database, the keys and an actor; gives transactions (`Work`) in which everything that is opened or written
leaves a line in the audit chain. Heads of the chain are signed and kept outside the database as it grows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from trellis.governance import (
    Broken,
    Head,
    Vault,
    append,
    head_of,
    heads_signed_by,
    read_anchors,
    sign_head,
    verify,
    write_anchor,
)
from trellis.kernel import Clock, SystemClock
from trellis.record.door import GATE, Gate
from trellis.record.work import Work
from trellis.store import Blobs, Database

ANCHORED_EVERY = 100
"""Entries of the audit chain after which its head is signed and kept outside anew."""


class Record:
    """One organisation's record, open."""

    def __init__(
        self,
        tenant: str,
        database: Database,
        vault: Vault,
        blobs: Blobs,
        *,
        anchors: Path,
        clock: Clock | None = None,
        gate: Gate | None = None,
    ) -> None:
        self.tenant = tenant
        self.database = database
        self.vault = vault
        self.blobs = blobs
        self.anchors = anchors
        self.clock = clock or SystemClock()
        self.gate = gate or GATE

    def close(self) -> None:
        """Let go of the databases."""
        self.database.close()
        self.vault.close()

    def __enter__(self) -> Self:
        """The record, closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the databases."""
        self.close()

    @contextmanager
    def work(self, actor: str, *, purpose: str = "treatment") -> Iterator[Work]:
        """One transaction for an actor: all that happens in the block is kept, with its audit, or none of it.

        What the actor may do is decided in it, by the gate; refusals are kept whatever becomes of the rest.
        """
        now = self.clock.now()
        work: Work | None = None
        try:
            with self.database.change(self.tenant) as connection:
                work = Work(
                    connection,
                    self.vault,
                    tenant=self.tenant,
                    actor=actor,
                    purpose=purpose,
                    now=now,
                    gate=self.gate,
                )
                yield work
                lines = [*work.lines, *work.door.refusals]
                head = append(connection, self.tenant, lines, now)
        except BaseException:
            if work is not None and work.door.refusals:
                with self.database.change(self.tenant) as connection:
                    append(connection, self.tenant, work.door.refusals, now)
            raise
        if lines and (head.number // ANCHORED_EVERY) > (head.number - len(lines)) // ANCHORED_EVERY:
            self.anchor()

    def anchor(self) -> Head:
        """Sign the head of the audit chain and keep it outside the database."""
        with self.database.look(self.tenant) as connection:
            head = head_of(connection, self.tenant)
        key = self.vault.current(self.tenant, "signing", self.tenant)
        write_anchor(self.anchors, sign_head(key, self.tenant, head, self.clock.now()))
        return head

    def verify(self, until: int | None = None) -> tuple[Head, Broken | None]:
        """Compute the audit chain anew and hold it against the heads kept outside; `Invalid` on a forged one.

        `until` leaves out heads of more entries than that: a copy ends where it was taken.
        """
        publics = {one.public for one in self.vault.publics(self.tenant)}
        signed = heads_signed_by(read_anchors(self.anchors, self.tenant), publics)
        with self.database.look(self.tenant) as connection:
            return verify(connection, self.tenant, [head for head in signed if until is None or head.number <= until])
