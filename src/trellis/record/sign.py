"""From a draft to a note somebody answers for.

Takes a draft as its signer opened it, and who signs; gives the signed note. A draft is signed whole or not at all: its
last version, the note and both lines of the chain are one transaction, and nothing is written before all is answered.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

from trellis.chart import (
    DraftStatement,
    Entry,
    Header,
    Late,
    NoteText,
    SignedNote,
    SignedSection,
    SignedStatement,
    Signer,
    StoredDraft,
    Task,
)
from trellis.kernel import Conflict, Invalid
from trellis.record.asks import late_after
from trellis.record.drafts import CLOSED, refuse_closed
from trellis.record.proof import beside, check_signer, salt, seal_text
from trellis.record.ready import header_of, refuse_open, what_is_open
from trellis.record.work import Work

COSIGN = "note.cosign"
"""What a supervisor's task says."""


def sign(work: Work, draft: Entry[StoredDraft], signer: Signer, *, late_reason: str = "") -> Entry[SignedNote]:
    """Sign a draft as its clinician.

    `Invalid` lists what is open by number, or asks why the note is late; `Conflict` where somebody changed or signed
    it first.
    """
    check_signer(work, signer)
    if not signer.supervisor:
        work.allow("note.finish", draft.client)
    seen = _unchanged(work, draft)
    header = header_of(work, seen)
    refuse_open(what_is_open(seen.content, header))
    if all(each.is_removed for each in seen.content.statements()):
        raise Invalid("record.note_empty", "There is nothing in it to sign.", hint="Write a sentence, or discard it.")
    note_id = beside("not", seen.id)
    text = _text(work, seen, header, signer, _late(work, header, seen, late_reason))
    digest, signature = seal_text(work, text)
    work.change(seen, replace(seen.content, signed_as=note_id), reason="draft.close", state=CLOSED)
    note = work.add(
        SignedNote(text=text, digest=digest, signature=signature),
        client=draft.client,
        encounter=draft.encounter,
        state="signed",
        occurred_at=draft.occurred_at,
        reason="note.sign",
        entry_id=note_id,
        detail={"signed": digest, "key": signature.key, "draft": draft.id, "drafted": draft.version},
    )
    if signer.supervisor:
        work.add(
            Task(words=COSIGN, owner=signer.supervisor, about=note_id),
            client=draft.client,
            encounter=draft.encounter,
            state="open",
            reason="task.add",
            entry_id=beside("tas", note_id),
        )
    return note


def _unchanged(work: Work, draft: Entry[StoredDraft]) -> Entry[StoredDraft]:
    """The draft as the record has it; `Conflict` where that isn't what the signer saw."""
    found: Entry[StoredDraft] = work.open(draft.id)
    refuse_closed(found)
    if (found.version, found.content) != (draft.version, draft.content):
        raise Conflict(
            "record.changed", "Somebody changed this since you opened it.", hint="Open it again and compare."
        )
    return found


def _text(work: Work, draft: Entry[StoredDraft], header: Header, signer: Signer, late: Late | None) -> NoteText:
    content = draft.content
    return NoteText(
        note=beside("not", draft.id),
        header=header,
        format=content.format,
        language=content.language,
        writer=content.writer,
        signer=signer,
        signed_at=work.now,
        salt=salt(),
        draft=draft.id,
        draft_version=draft.version,
        people=content.people,
        sections=tuple(
            SignedSection(
                key=section.key,
                title=section.title,
                statements=tuple(_signed(each) for each in section.statements if not each.is_removed),
            )
            for section in content.sections
        ),
        not_assessed=content.not_assessed,
        safety=content.safety,
        checks=content.checks,
        questions=content.questions,
        removed=sum(each.is_removed for each in content.statements()),
        transcript=content.transcript,
        recording=content.recording,
        late=late,
    )


def _signed(statement: DraftStatement) -> SignedStatement:
    """The one way from a drafted sentence to a signed one."""
    if statement.is_open or statement.is_removed:
        raise Invalid(
            "record.statement_open", f"Statement {statement.number} is open.", hint="Confirm, change or remove it."
        )
    machine: Literal["machine", "machine_edited"] = "machine_edited" if statement.machine else "machine"
    return SignedStatement(
        number=statement.number,
        text=statement.text,
        topic=statement.topic,
        written_by=machine if statement.is_machine else "person",
        evidence=statement.evidence,
        inferred=statement.inferred,
        machine=statement.machine,
        acts=statement.acts,
    )


def _late(work: Work, header: Header, draft: Entry[StoredDraft], reason: str) -> Late | None:
    begun = header.started_at or draft.occurred_at
    if work.now < begun:
        raise Invalid(
            "record.signed_too_early",
            "By this machine's clock the encounter hasn't begun.",
            hint="Check the encounter's times, and the clock.",
        )
    passed = work.now - (header.stopped_at or begun)
    if passed <= late_after():
        return None
    if not reason.strip():
        raise Invalid(
            "record.late_reason_missing",
            f"This note is late by more than {late_after() // timedelta(hours=1)} hours.",
            hint="Give the reason; the note is marked as a late entry.",
        )
    return Late(hours=passed // timedelta(hours=1), reason=reason.strip())
