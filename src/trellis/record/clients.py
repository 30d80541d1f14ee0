"""Clients: made, changed, and merged where one person has two records; both keep their entries, and it can be undone.

A merge writes nothing into the entries of either: it is an entry of its own in the record that stays, and a mark on the
duplicate. Whoever opens the chart that stays sees both.
"""

from dataclasses import replace

from trellis.chart import Client, Entry, Listed, Merge
from trellis.governance import join, part
from trellis.kernel import Conflict, Invalid, NotFound
from trellis.record.work import Work

MERGED, UNDONE = "merged", "undone"
"""States of a merge; the duplicate's own state is `merged` as long as it is one."""


def add_client(work: Work, client: Client) -> Entry[Client]:
    """A new client, with a key of their own."""
    if not client.legal_name.strip():
        raise Invalid("record.client_unnamed", "A client has a name.", hint="Give the legal name.")
    if client.merged_into is not None:
        raise Invalid("record.merge_by_adding", "Adding doesn't merge.", hint="Add the client, then merge.")
    return work.add(client, reason="client.add")


def change_client(work: Work, before: Entry[Client], client: Client) -> Entry[Client]:
    """A new version; what was before stays in the history. Merging is `merge`'s alone."""
    if client.merged_into != before.content.merged_into:
        raise Invalid("record.merge_by_change", "A change doesn't merge.", hint="Merge the two records.")
    return work.change(before, client, reason="client.change")


def merge(work: Work, duplicate: str, into: str, why: str) -> Entry[Merge]:
    """Say that `duplicate` is the same person as `into`; both histories stay, and are seen from `into`.

    `Invalid` where they are one record or no reason is given, `Conflict` where either was merged already.
    """
    if duplicate == into or not why.strip():
        raise Invalid("record.merge_invalid", "A merge has two records and a reason.", hint="Check both ids.")
    left, kept = _client(work, duplicate), _client(work, into)
    if left.content.merged_into or kept.content.merged_into:
        raise Conflict("record.merged", "One of them was merged already.", hint="Use the record that stayed.")
    work.change(left, replace(left.content, merged_into=into), reason="client.merge", state=MERGED)
    join(work.connection, tenant=work.tenant, now=work.now, one=duplicate, other=into)
    return work.add(
        Merge(duplicate=duplicate, reason=why.strip()),
        client=into,
        state=MERGED,
        reason="merge.add",
        detail={"duplicate": duplicate},
    )


def unmerge(work: Work, duplicate: str) -> list[Listed]:
    """Undo a merge: two records again, each with its history.

    Gives what was written in the record that stayed since then, for a person to say whose it is.
    """
    left = _client(work, duplicate)
    into = left.content.merged_into
    if into is None:
        raise Conflict("record.merge_absent", f"{duplicate} isn't merged.", hint="Check the id.")
    mine = [each for each in _merges(work, into) if each.content.duplicate == duplicate]
    for each in mine:
        work.change(each, each.content, reason="merge.undo", state=UNDONE)
    work.change(left, replace(left.content, merged_into=None), reason="client.unmerge", state="current")
    part(work.connection, tenant=work.tenant, now=work.now, one=duplicate, other=into)
    since = min(each.made_at for each in mine)
    return [
        each
        for each in work.find(client=into)
        if each.changed_at >= since and each.kind not in {"client", "merge"} and each.id not in {m.id for m in mine}
    ]


def charts_of(work: Work, client: str) -> tuple[str, ...]:
    """The ids of all records of a person: this one and those merged into it, and into those."""
    found = [client]
    for each in found:
        found += [merged.content.duplicate for merged in _merges(work, each) if merged.content.duplicate not in found]
    return tuple(found)


def chart_of(work: Work, client: str) -> list[Listed]:
    """Everything in a person's records, oldest first, without opening it; those of a duplicate included."""
    found = [each for chart in charts_of(work, client) for each in work.find(client=chart)]
    return sorted(found, key=lambda each: (each.occurred_at, each.id))


def record_of(work: Work, client: str) -> str:
    """The id under which a person is written on: that of the record that stayed where this one was merged."""
    found = _client(work, client)
    while found.content.merged_into:
        found = _client(work, found.content.merged_into)
    return found.id


def _client(work: Work, client: str) -> Entry[Client]:
    found: Entry[Client] = work.open(client)
    if found.kind != "client":
        raise NotFound("record.client_absent", f"{client} is no client.", hint="Check the id.")
    return found


def _merges(work: Work, client: str) -> list[Entry[Merge]]:
    return work.open_found(client=client, kinds=["merge"], states=[MERGED])
