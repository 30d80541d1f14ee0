"""What a consent is asked for where it is used: by the code that records, drafts, plays, shares, in its transaction.

Takes ids; gives the consents a use rests on, or `NotPermitted` with the use and who hasn't agreed. Asked again at each
step, so that one revoked in the middle of a session stops the next step. A refusal goes on the audit chain by
`on_chain`, in a transaction of its own: the use's own is rolled back.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from trellis.chart import DraftNote, Encounter, Entry, Evidence, Statement, Transcript, Use
from trellis.governance import AuditEntry
from trellis.kernel import Invalid, NotPermitted
from trellis.record.authority import hold
from trellis.record.clients import charts_of, record_of
from trellis.record.consents import IN_A_SESSION, ConsentEntry, others_at, standing, standing_of, standing_present
from trellis.record.law import refuse_unlawful, without_forbidden
from trellis.record.room import Record
from trellis.record.work import Work

FROM_TEXT: tuple[Use, ...] = ("treatment", "ai_drafting")
FROM_SOUND: tuple[Use, ...] = ("treatment", "recording", "ai_drafting")
"""What a note of a transcript, and one of a recording, need of everybody who was there."""
READING = ("scribe_text", "danger_quotes")
LISTENING = ("scribe_record", *READING)
"""What the law is asked about before a note is drafted."""
TOPIC = "consent"
"""The topic of the one sentence of a note that says what was agreed to."""


def refuse_unagreed(work: Work, client: str, use: Use, *, recipient: str = "") -> list[ConsentEntry]:
    """The consents that let something of a client be used now; `NotPermitted` where there are none.

    For what concerns one client: sharing with a `recipient`, improvement, the portal, text messages.
    """
    hold(work, charts_of(work, record_of(work, client)))
    found = standing(work, client, use, recipient=recipient)
    if not found:
        raise _missing(client, use)
    return found


def refuse_unagreed_session(work: Work, there: Entry[Encounter], uses: Sequence[Use]) -> list[ConsentEntry]:
    """The consents of everybody who was at an encounter to these uses; `NotPermitted` names the first that is missing.

    Clients are asked for all of them, others for those that concern their voice.
    """
    clients = there.content.clients or (there.client,)
    others = others_at(there)
    if len(set(others)) != len(others) or "" in others:
        raise Invalid(
            "record.present_unnamed",
            f"Who else was at {there.id} can't be told apart.",
            hint="List each of them with a name or what they are to the client.",
        )
    charts = {chart for client in clients for chart in charts_of(work, record_of(work, client))}
    hold(work, {*charts, there.client})
    found: list[ConsentEntry] = []
    theirs_by = {client: standing_of(work, client, uses) for client in clients}
    for use in uses:
        for client in clients:
            if not theirs_by[client][use]:
                raise _missing(client, use)
            found += theirs_by[client][use]
        for number, person in enumerate(others if use in IN_A_SESSION else (), 1):
            theirs = standing_present(work, there, person, use)
            if not theirs:
                raise _missing(f"person {number} beside the clients of {there.id}", use)
            found += theirs
    return found


def refuse_unscribed(work: Work, encounter: str, *, hears: bool) -> list[ConsentEntry]:
    """The consents a drafted note of an encounter rests on; `NotPermitted` where one is missing, or the law forbids it.

    `hears` says that it is made of a recording, not of a transcript.
    """
    there: Entry[Encounter] = work.open(encounter)
    agreed = refuse_unagreed_session(work, there, FROM_SOUND if hears else FROM_TEXT)
    refuse_unlawful(work, there, LISTENING if hears else READING, agreed)
    return agreed


def refuse_unlisted(work: Work, encounter: str, transcript: Transcript) -> None:
    """`NotPermitted` where more people speak than the encounter lists: somebody was there who wasn't asked."""
    there: Entry[Encounter] = work.open(encounter)
    listed = 1 + max(1, len(there.content.clients)) + len(others_at(there))
    if len({turn.speaker for turn in transcript.turns} - {"unknown"}) > listed:
        raise NotPermitted(
            "record.present_unlisted",
            f"More people speak than {encounter} lists.",
            hint="List everybody who was there and ask them, or say with --speakers how many speak.",
        )


def refuse_unheard(work: Work, client: str, encounter: str | None) -> None:
    """`NotPermitted` where a recording may not be listened to: its consent ended, or it isn't to be kept.

    A recording is kept past the signing of its note only by consent of everybody who is heard.
    """
    if encounter is None:
        refuse_unagreed(work, client, "recording")
        return
    is_signed = bool(work.find(encounter=encounter, kinds=["note"], states=["signed"]))
    uses: tuple[Use, ...] = ("recording", "keeping_audio") if is_signed else ("recording",)
    refuse_unagreed_session(work, work.open(encounter), uses)


def may_keep_on(work: Work, there: Entry[Encounter]) -> bool:
    """Whether everybody who was at an encounter lets its recording be kept after the note is signed."""
    try:
        return bool(refuse_unagreed_session(work, there, ("keeping_audio",)))
    except (NotPermitted, Invalid):
        return False


def stated(work: Work, note: DraftNote, client: str, encounter: str) -> DraftNote:
    """The note with what this client agreed to, as the record has it; whatever else says so is left out.

    It stands at the end of the last section, with each consent as its ground. What the law doesn't let software
    conclude there is left out too.
    """
    note = without_forbidden(work, note, work.open(encounter))
    mine = [one for given in standing_of(work, client, IN_A_SESSION).values() for one in given[-1:]]
    kept = [
        replace(section, statements=tuple(one for one in section.statements if one.topic != TOPIC))
        for section in note.sections
    ]
    if mine and kept:
        said = Statement(
            text=f"Consent on record: {'; '.join(one.content.words for one in mine)}.",
            topic=TOPIC,
            status="supported",
            support=1.0,
            evidence=tuple(Evidence(source="chart", record=one.id, quote=one.content.words) for one in mine),
        )
        kept[-1] = replace(kept[-1], statements=(*kept[-1].statements, said))
    return replace(note, sections=tuple(kept))


@contextmanager
def on_chain(record: Record, actor: str, action: str, subject: str, client: str = "") -> Iterator[None]:
    """Put a refusal inside the block on the audit chain, with its rule, and let it go on."""
    try:
        yield
    except NotPermitted as refusal:
        with record.work(actor) as work:
            work.lines.append(
                AuditEntry(
                    actor=actor,
                    action=action,
                    subject=subject,
                    client=client,
                    purpose=work.purpose,
                    decision="refuse",
                    rule=refusal.code,
                )
            )
        raise


def _missing(whom: str, use: Use) -> NotPermitted:
    return NotPermitted(
        "record.consent_missing",
        f"There is no consent of {whom} to {use}.",
        hint="Ask, and keep the answer with trellis consent give.",
    )
