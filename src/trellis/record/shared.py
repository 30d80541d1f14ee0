"""The sound of an encounter with several clients: one recording, under a key of its own, held by all who were there.

Each member's chart names it. By rule it goes when the last of them lets go of it; where one asks to be forgotten it
goes at once, for all, with its key, since their voice is in it. A legal hold of any one of them keeps it.
"""

from collections.abc import Sequence

from sqlalchemy import select

from trellis.record.blobs import mark_deleted
from trellis.record.tables import blobs, entries
from trellis.record.work import DELETED, Work

PREFIX = "snd"


def owner_of_sound(encounter: str) -> str:
    """Whose key seals the sound of an encounter with several clients: nobody's but its own."""
    return f"{PREFIX}_{encounter[4:]}"


def others_who_keep(work: Work, client: str, blob: str) -> list[str]:
    """The other clients whose chart still has a recording of this sound's encounter; nobody where it is one's own."""
    found = work.connection.execute(
        select(blobs.c.client, blobs.c.encounter).where(blobs.c.tenant == work.tenant, blobs.c.id == blob)
    ).one()
    if not found.client.startswith(f"{PREFIX}_"):
        return []
    return _holders(work, found.encounter, client)


def sound_owners(work: Work, client: str) -> dict[str, str]:
    """The owners of sounds in which this client may be heard with others, and the encounter of each."""
    listed = work.find(client=client, kinds=["attendance"])
    return {owner_of_sound(one.encounter): one.encounter for one in listed if one.encounter}


def encounters_left(work: Work, client: str) -> list[str]:
    """Encounters with several clients of whom only this one is still in the record: nobody else needs them."""
    there = [one.encounter for one in work.find(client=client, kinds=["attendance"]) if one.encounter]
    return [each for each in there if not _clients_with(work, "attendance", each, client)]


def shared_with(work: Work, client: str) -> dict[str, list[str]]:
    """Sounds that are there and have this client's voice in them: the owner, and the other clients who keep it."""
    owners = sound_owners(work, client)
    kept = dict.fromkeys(owner for owner, _ in _kept(work, list(owners)))
    return {owner: _holders(work, owners[owner], client) for owner in kept}


def delete_shared(work: Work, owners: Sequence[str]) -> list[str]:
    """Mark the sounds of these owners as deleted; gives their ids. Destroying the owners' keys is the caller's."""
    gone = [blob for _, blob in _kept(work, owners)]
    for blob in gone:
        mark_deleted(work, blob)
    return gone


def _kept(work: Work, owners: Sequence[str]) -> list[tuple[str, str]]:
    rows = work.connection.execute(
        select(blobs.c.client, blobs.c.id).where(
            blobs.c.tenant == work.tenant, blobs.c.client.in_(list(owners)), blobs.c.deleted_at.is_(None)
        )
    )
    return [(row.client, row.id) for row in rows]


def _holders(work: Work, encounter: str, but: str) -> list[str]:
    return _clients_with(work, "recording", encounter, but)


def _clients_with(work: Work, kind: str, encounter: str, but: str) -> list[str]:
    """The other clients who have an entry of this kind of an encounter."""
    rows = work.connection.execute(
        select(entries.c.client)
        .where(
            entries.c.tenant == work.tenant,
            entries.c.encounter == encounter,
            entries.c.kind == kind,
            entries.c.state != DELETED,
            entries.c.client != but,
        )
        .distinct()
    )
    return [row.client for row in rows]
