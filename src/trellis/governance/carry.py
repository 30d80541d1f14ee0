"""The audit chain out of one database and into another, byte for byte: what an export shows and an import believes.

Takes and gives links: the values a digest is made of, as the database keeps them, with the digest. Anybody can compute
the chain from them without Trellis: each digest is the SHA-256 of the one before it and of the link's values as JSON.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice

from sqlalchemy import Connection, insert, select

from trellis.governance.audit import Head, chained, genesis
from trellis.governance.tables import audit_entries, audit_heads
from trellis.kernel import Invalid
from trellis.store import as_bytes

BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One entry of the chain as it is kept: `at` in microseconds since 1970, `detail` as text, `hash` in hexadecimal.

    The digest covers the fields in this order, without the last.
    """

    number: int
    at: int
    actor: str
    action: str
    subject: str
    client: str
    purpose: str
    decision: str
    rule: str
    detail: str
    hash: str


def carry_out(connection: Connection, tenant: str) -> Iterator[Link]:
    """Every link in order, streamed."""
    columns = [column for column in audit_entries.c if column.name != "tenant"]
    asked = select(*columns).where(audit_entries.c.tenant == tenant).order_by(audit_entries.c.number)
    for row in connection.execution_options(yield_per=BATCH).execute(asked):
        yield Link(**{**row._mapping, "hash": as_bytes(row.hash).hex()})  # noqa: SLF001 (its public name)


def carry_in(connection: Connection, tenant: str, links: Iterable[Link], anchored: Sequence[Head] = ()) -> Head:
    """Put a whole chain where there is none; gives its end. `Invalid` names the first link that doesn't hold.

    `anchored` are heads whose signatures were checked: the chain has to pass through each.
    """
    head = Head(number=0, hash=genesis(tenant))
    kept = {one.number: one.hash for one in anchored}
    coming = iter(links)
    while batch := list(islice(coming, BATCH)):
        for link in batch:
            head = _followed(head, link)
            if kept.pop(head.number, head.hash) != head.hash:
                raise _broken(head.number)
        rows = [{"tenant": tenant, **asdict(link), "hash": bytes.fromhex(link.hash)} for link in batch]
        connection.execute(insert(audit_entries), rows)
    if missing := [number for number in kept if number > 0]:
        raise _broken(min(missing))
    connection.execute(insert(audit_heads).values(tenant=tenant, number=head.number, hash=head.hash))
    return head


def _followed(head: Head, link: Link) -> Head:
    *values, given = asdict(link).values()
    digest = chained(head.hash, values)
    if link.number != head.number + 1 or digest.hex() != given:
        raise _broken(head.number + 1)
    return Head(number=link.number, hash=digest)


def _broken(number: int) -> Invalid:
    return Invalid(
        "governance.chain_broken",
        f"The audit chain doesn't hold at entry {number}.",
        hint="Use an export that nobody changed.",
    )
