"""What a note is written on: one client, one encounter, what the chart knows of both, and the sound it was heard in.

Takes ids as somebody gave them; gives a `Sitting` to draft from, and keeps what came of it. The sound is kept once for
an encounter, under the client's key, or under one of its own where several clients were there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from trellis.chart import DraftNote, Encounter, Entry, Known, Person, Recording
from trellis.kernel import Invalid
from trellis.record.blobs import Blob, blobs_of, keep_blob, mark_deleted, open_blob
from trellis.record.clients import charts_of, record_of
from trellis.record.drafts import DraftEntry
from trellis.record.known import what_is_known
from trellis.record.retain import Rule
from trellis.record.room import Record
from trellis.record.sessions import check_there, is_shared, names_of_others, record_session, voice_of
from trellis.record.shared import owner_of_sound
from trellis.record.uses import refuse_unscribed
from trellis.record.work import Work

CHUNK = 1 << 20
MEDIA = {
    ".wav": "audio/wav", ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".flac": "audio/flac", ".ogg": "audio/ogg",
    ".opus": "audio/ogg", ".webm": "audio/webm",
}  # fmt: skip
"""Endings of recordings and their media types."""


def is_recording(file: Path) -> bool:
    """Whether a file is sound, by its ending."""
    return file.suffix.lower() in MEDIA


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """An encounter as one client's note is written on it.

    `owner` is whose key the sound is sealed under. `others` is what the other members are called, empty where the
    client was alone.
    """

    client: str
    encounter: str
    owner: str
    is_shared: bool
    known: Known
    others: tuple[str, ...] = ()


def find_sitting(work: Work, client: str | None, encounter: str | None) -> Sitting:
    """What a note is written on, by the ids that were given; `Invalid` where they don't tell which it is."""
    if encounter is None:
        raise Invalid(
            "record.encounter_missing", "It isn't said which encounter this was.", hint="Name it with --encounter."
        )
    there: Entry[Encounter] = work.open(encounter)
    if there.kind != "encounter":
        raise Invalid("record.encounter_other", f"{encounter} is no encounter.", hint="Check the id.")
    if client is None:
        if is_shared(there):
            raise Invalid(
                "record.client_missing", f"Several clients were in {encounter}.", hint="Name one with --client."
            )
        client = there.client
    person = record_of(work, client)
    mine = next((chart for chart in charts_of(work, person) if chart in {there.client, *there.content.clients}), client)
    check_there(there, mine)
    return Sitting(
        client=mine,
        encounter=encounter,
        owner=owner_of_sound(encounter) if is_shared(there) else there.client,
        is_shared=is_shared(there),
        known=what_is_known(work, person, encounter),
        others=names_of_others(work, there, mine) if is_shared(there) else (),
    )


def voice_in(work: Work, sitting: Sitting, people: tuple[Person, ...]) -> str:
    """Who the client of a sitting is among the people of its transcript."""
    return voice_of(work, sitting.client, sitting.encounter, people)


def may_keep_sound(rules: Iterable[Rule]) -> bool:
    """Whether a clinic's retention rules let sound be kept at all: not where it goes the moment it is made."""
    return not any("recording" in rule.kinds and rule.after == "made" and rule.days == 0 for rule in rules)


def keep_sitting(record: Record, actor: str, note: DraftNote, sitting: Sitting, sound: Path | None) -> DraftEntry:
    """Keep what came of a sitting: the sound (where there is some to keep), its transcript and the draft.

    Transcript and draft are kept together or not at all; the sound of a session that couldn't be kept is deleted.
    `NotPermitted` without the consents it needs, asked before the sound is kept and once more with the draft.
    """
    with record.work(actor) as work:
        refuse_unscribed(work, sitting.encounter, hears=sound is not None and is_recording(sound))
    fresh: list[str] = []
    recording = None
    if sound is not None and is_recording(sound):
        blob = _kept_before(record, actor, sitting, sound)
        if blob is None:
            blob = keep_blob(
                record, actor, _read(sound), kind="recording", client=sitting.owner, encounter=sitting.encounter
            )
            fresh.append(blob)
        recording = Recording(
            media_type=MEDIA[sound.suffix.lower()], blob=blob, seconds=note.transcript.duration or 0.0
        )
    try:
        with record.work(actor) as work:
            return record_session(work, note, client=sitting.client, encounter=sitting.encounter, sound=recording)
    except BaseException:
        with record.work(actor) as work:
            for blob in fresh:
                mark_deleted(work, blob)
        raise


def _kept_before(record: Record, actor: str, sitting: Sitting, sound: Path) -> str | None:
    """The blob of this very sound, where the encounter has it already."""
    with record.work(actor) as work:
        known = [blob for blob in blobs_of(work, sitting.owner) if blob.encounter == sitting.encounter]
    return next((blob.id for blob in known if _is_same(record, actor, blob, sound)), None)


def _is_same(record: Record, actor: str, blob: Blob, sound: Path) -> bool:
    if blob.size != sound.stat().st_size:
        return False
    with sound.open("rb") as file:
        return all(file.read(len(part)) == part for part in open_blob(record, actor, blob.id))


def _read(sound: Path) -> Iterator[bytes]:
    with sound.open("rb") as file:
        while part := file.read(CHUNK):
            yield part
