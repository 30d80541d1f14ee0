"""A copy of a transcript or a signed note without what tells who it is about, for improving the software.

Takes an entry's id and what finds identifiers; gives text. Everybody whose record it is must have agreed to that use,
asked in the transaction that opens the entry, so that a revocation stops the next copy. Names, numbers and contacts
that the record knows are taken out wherever they stand, beside what is found. What is of a program under 42 CFR Part 2
isn't copied, nor what was added to a note later.

No machine finds all (`trellis eval deidentification` says how much): somebody reads a copy before it goes anywhere.
"""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trellis.chart import Client, Encounter, Entry, SignedNote, Transcript
from trellis.inference import Identifiers, Surrogates
from trellis.kernel import Invalid, NotPermitted
from trellis.record.beside import open_final
from trellis.record.clients import record_of
from trellis.record.labels import PART2
from trellis.record.room import Record
from trellis.record.uses import on_chain, refuse_unagreed, refuse_unagreed_session
from trellis.record.work import Work

COPIED = ("transcript", "note")
"""Kinds of which a copy can be made; a note only where it is final."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A text without identifiers, how many of each kind were taken out, and whether of dates only years are left."""

    text: str
    removed: Mapping[str, int]
    years_only: bool


def deidentify(record: Record, actor: str, entry_id: str, finder: Identifiers, *, years_only: bool = False) -> Copy:
    """A copy of a transcript or a final note without what tells who it is about; that it was made is on the chain.

    Copies of one client's entries call the same person the same and move dates alike, while the client's key stays.
    `NotPermitted` where somebody hasn't agreed to it or the entry is of a program under 42 CFR Part 2; `Invalid` for
    another kind of entry.
    """
    with on_chain(record, actor, "record.deidentify", entry_id), record.work(actor, purpose="operations") as work:
        listed = work.listed(entry_id)
        if listed.kind not in COPIED:
            raise Invalid(
                "record.deidentify_kind", f"A {listed.kind} isn't copied.", hint="Name one of: transcript, note."
            )
        if listed.label == PART2:
            raise NotPermitted(
                "record.deidentify_part2",
                "This is of a program under 42 CFR Part 2, of which no copy is made.",
                hint="Leave it out.",
            )
        there: Entry[Encounter] | None = work.open(listed.encounter) if listed.encounter else None
        if there:
            refuse_unagreed_session(work, there, ("improvement",))
        else:
            refuse_unagreed(work, listed.client, "improvement")
        if listed.kind == "note":
            open_final(work, entry_id)
        entry: Entry[Any] = work.open(entry_id)
        texts = list(_texts(entry.content))
        found = finder.find([text for _, text in texts], known=_known(work, entry, there))
        secret = work.vault.current(work.tenant, "client", entry.client).material
        surrogates = Surrogates(hmac.digest(secret, b"deidentification", hashlib.sha256), years_only=years_only)
        lines = [f"{label}{surrogates.replaced(text, ones)}" for (label, text), ones in zip(texts, found, strict=True)]
        removed = Counter(str(one.kind) for ones in found for one in ones)
        work.tell("record.deidentify", entry_id, entry.client, {"identifiers": removed.total()})
    return Copy(text="\n".join(lines) + "\n", removed=dict(removed), years_only=years_only)


def _texts(content: Transcript | SignedNote) -> Iterator[tuple[str, str]]:
    """What an entry says line by line, and what stands before each line that says nothing of anybody."""
    if isinstance(content, Transcript):
        for turn in content.turns:
            yield f"{turn.speaker.capitalize()}: ", turn.text
        return
    for section in content.text.sections:
        yield f"{section.title}:", ""
        for statement in section.statements:
            yield "", statement.text


def _known(work: Work, entry: Entry[Any], there: Entry[Encounter] | None) -> list[str]:
    """Names and numbers that the record knows of who was there, of their people, and of who signed."""
    clients = (there.content.clients if there else ()) or (entry.client,)
    known: list[str] = []
    for client in clients:
        person: Client = work.open(record_of(work, client)).content
        known += [person.legal_name, person.chosen_name, person.number]
        known += [person.location.address, *(contact.value for contact in person.contacts)]
        known += [part for one in person.emergency for part in (one.name, one.phone)]
    known += [one.name for one in there.content.present] if there else []
    if isinstance(entry.content, SignedNote):
        known.append(entry.content.text.signer.name)
    return [one for one in known if re.search(r"\w\w", one)]
