"""What may stand beside a signed note: a supervisor's signature, addenda, corrections. The note itself never changes.

Each names the note and the digest of what it stands beside, is signed in its turn, and is an entry of its own.
"""

from dataclasses import replace
from typing import Literal

from trellis.chart import (
    Addendum,
    AddendumText,
    Cosignature,
    CosignatureText,
    CosignedNote,
    Entry,
    FinalNote,
    SignedNote,
    Signer,
    Task,
)
from trellis.kernel import Conflict, Invalid, NotFound, NotPermitted
from trellis.record.proof import beside, broken, check_signer, refuse_broken, salt, seal_text
from trellis.record.work import Work


def cosign(work: Work, note: Entry[SignedNote], signer: Signer, attests: str = "") -> Entry[Cosignature]:
    """Sign beside a note whose signer needs supervision; once, by somebody else who needs none."""
    check_signer(work, signer)
    refuse_broken(work, note)
    signed_by = note.content.text.signer
    if not signed_by.supervisor:
        raise Conflict("record.cosign_needless", "This note needs no cosignature.", hint="Add an addendum instead.")
    if signer.supervisor or signer.staff == signed_by.staff:
        raise NotPermitted(
            "record.cosign_refused",
            "A note is cosigned by somebody else, who needs no supervision.",
            hint="Ask the supervisor the note names.",
        )
    text = CosignatureText(
        note=note.id,
        digest=note.content.digest,
        signer=signer,
        signed_at=work.now,
        salt=salt(),
        attests=attests,
    )
    task: Entry[Task] = work.open(beside("tas", note.id))
    digest, signature = seal_text(work, text)
    done = work.add(
        Cosignature(text=text, digest=digest, signature=signature),
        client=note.client,
        encounter=note.encounter,
        state="cosigned",
        reason="note.cosign",
        entry_id=beside("cos", note.id),
        detail={"signed": digest, "note": note.id},
    )
    work.change(task, replace(task.content, outcome=done.id), reason="task.close", state="done")
    return done


def amend(
    work: Work,
    note: Entry[SignedNote],
    signer: Signer,
    *,
    kind: Literal["addendum", "correction"],
    words: str,
    reason: str,
    statement: int | None = None,
) -> Entry[Addendum]:
    """Add to a signed note, or put a sentence of it right, beside it; a correction names its sentence."""
    check_signer(work, signer)
    refuse_broken(work, note)
    if not words.strip() or not reason.strip():
        raise Invalid("record.addendum_empty", "An addendum has words and a reason.", hint="Say what and why.")
    numbers = {each.number for each in note.content.text.statements()}
    if (kind == "correction") != (statement is not None) or (statement is not None and statement not in numbers):
        raise Invalid(
            "record.addendum_place",
            "A correction names the statement it puts right, an addendum none.",
            hint="Open the note and count.",
        )
    text = AddendumText(
        note=note.id,
        digest=note.content.digest,
        kind=kind,
        words=words.strip(),
        reason=reason.strip(),
        signer=signer,
        signed_at=work.now,
        salt=salt(),
        statement=statement,
    )
    digest, signature = seal_text(work, text)
    return work.add(
        Addendum(text=text, digest=digest, signature=signature),
        client=note.client,
        encounter=note.encounter,
        state="addendum",
        reason=f"note.{kind}",
        detail={"signed": digest, "note": note.id},
    )


def open_final(work: Work, note_id: str) -> FinalNote:
    """A note others may build on, verified; `Conflict` while it waits for the cosignature its signer needs."""
    note: Entry[SignedNote] = work.open(note_id)
    refuse_broken(work, note)
    if not note.content.text.signer.supervisor:
        return note.content
    try:
        cosignature: Entry[Cosignature] = work.open(beside("cos", note_id))
    except NotFound:
        raise Conflict(
            "record.cosign_missing", f"{note_id} waits for its cosignature.", hint="Ask its supervisor."
        ) from None
    refuse_broken(work, cosignature)
    if cosignature.content.text.digest != note.content.digest:
        raise broken(note_id, "altered")
    return CosignedNote(note=note.content, cosignature=cosignature.content)


def addenda_of(work: Work, note: Entry[SignedNote]) -> list[Entry[Addendum]]:
    """What was added to a note or put right in it, oldest first, each verified."""
    beside = work.open_found(client=note.client, kinds=["addendum"], encounter=note.encounter)
    mine = [each for each in beside if each.content.text.note == note.id]
    for each in mine:
        refuse_broken(work, each)
    return mine
