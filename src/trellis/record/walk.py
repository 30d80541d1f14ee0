"""From a sentence of a note back to the second it was said: evidence, turn, recording, and what is gone of them.

Takes a note or a draft as it was opened, and the number of a sentence; gives each piece of its evidence with the turn
it quotes and the stretch of the recording, or says that the transcript or the sound was deleted, or never kept. From
the chart of one member of a group nothing of another's is given: their turns aren't in it, and no stretch in which
somebody else speaks is handed out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from trellis.chart import Entry, Evidence, Recording, SignedNote, StoredDraft, Transcript, Turn
from trellis.kernel import NotFound, NotPermitted
from trellis.record.blobs import Blob, blob_of
from trellis.record.known import words_in
from trellis.record.withhold import audible
from trellis.record.work import Work

Kept = Literal["kept", "deleted", "never kept"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One piece of evidence, walked as far as it goes.

    `source` says whether what it quotes is there: the transcript, the entry of the chart. `turn` is what was said.
    `sound` says whether the recording is there; `start` and `end` are seconds of `recording`, whose bytes are the blob
    `blob`, None where there is nothing to hear, or nothing that may be heard. `quoted` says whether the quote is still
    word for word what its source says; None where that is gone.
    """

    evidence: Evidence
    source: Kept
    sound: Kept
    turn: Turn | None = None
    recording: str = ""
    blob: str = ""
    start: float | None = None
    end: float | None = None
    quoted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """A sentence with the ground under it."""

    number: int
    text: str
    steps: tuple[Step, ...]


def walk(work: Work, note: Entry[SignedNote] | Entry[StoredDraft], number: int) -> Walked:
    """One sentence of a note, walked back to the second of audio."""
    content = note.content.text if isinstance(note.content, SignedNote) else note.content
    for statement in content.statements():
        if statement.number == number:
            ground = _ground(work, content.transcript, content.recording)
            return Walked(number=number, text=statement.text, steps=tuple(_steps(work, statement.evidence, ground)))
    raise NotFound("record.statement_absent", f"The note has no statement {number}.", hint="Open it again.")


def check_audible(work: Work, recording: Entry[Recording], start: float, end: float) -> None:
    """Raise `NotPermitted` where a stretch of a recording (seconds) isn't this client's to be heard.

    Where the transcript that says whose it is was deleted, nothing of a recording of several is given.
    """
    transcripts: Sequence[Entry[Transcript]] = work.open_found(
        client=recording.client, kinds=["transcript"], encounter=recording.encounter
    )
    blob = blob_of(work, recording.content.blob)
    is_own = blob.client == recording.client
    heard = all(audible(each.content, start, end) for each in transcripts) if transcripts else is_own
    withholds = any(each.content.withheld for each in transcripts)
    if not heard or not (is_own or withholds):
        raise NotPermitted(
            "record.sound_of_others",
            "Somebody else speaks there, whose chart this isn't.",
            hint="Play the seconds of this client's own evidence.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    transcript: Transcript | None
    transcript_is: Kept
    recording: Entry[Recording] | None
    sound_is: Kept
    is_own: bool
    """Whether nobody but this client was recorded: the sound is theirs alone."""


def _ground(work: Work, transcript: str, recording: str) -> _Ground:
    said = _opened(work, transcript)
    sound: Entry[Recording] | None = _opened(work, recording)
    sound_is: Kept = "kept" if sound is not None else "deleted" if recording else "never kept"
    blob = _blob(work, sound.content.blob) if sound is not None else None
    if sound is not None and (blob is None or blob.deleted_at is not None):
        sound, sound_is = None, "deleted"
    return _Ground(
        transcript=said.content if said is not None else None,
        transcript_is="kept" if said is not None else "deleted" if transcript else "never kept",
        recording=sound,
        sound_is=sound_is,
        is_own=sound is not None and blob is not None and blob.client == sound.client,
    )


def _opened(work: Work, entry_id: str) -> Entry[Any] | None:
    if not entry_id:
        return None
    try:
        return work.open(entry_id)
    except NotFound:
        return None


def _blob(work: Work, blob: str) -> Blob | None:
    try:
        return blob_of(work, blob)
    except NotFound:
        return None


def _steps(work: Work, evidence: Sequence[Evidence], ground: _Ground) -> Iterator[Step]:
    for each in evidence:
        match each.source:
            case "transcript" | "audio":
                yield _heard(each, ground)
            case "chart":
                yield _charted(work, each)
            case "clinician":
                yield Step(evidence=each, source="kept", sound="never kept", quoted=True)


def _charted(work: Work, evidence: Evidence) -> Step:
    entry = _opened(work, evidence.record or "")
    if entry is None:
        return Step(evidence=evidence, source="deleted", sound="never kept")
    return Step(
        evidence=evidence,
        source="kept",
        sound="never kept",
        quoted=any((evidence.quote or "") in words for words in words_in(entry.content)),
    )


def _heard(evidence: Evidence, ground: _Ground) -> Step:
    said, sound = ground.transcript, ground.recording
    turn = next((each for each in said.turns if each.id == evidence.turn), None) if said is not None else None
    start, end = (turn.start, turn.end) if turn is not None else (evidence.start, evidence.end)
    hears = False
    if sound is not None and start is not None and end is not None:
        hears = ground.is_own if said is None else audible(said, start, end)
    return Step(
        evidence=evidence,
        source=ground.transcript_is,
        sound=ground.sound_is,
        turn=turn,
        recording=sound.id if sound is not None else "",
        blob=sound.content.blob if sound is not None and hears else "",
        start=start if hears else None,
        end=end if hears else None,
        quoted=(evidence.quote or "") in turn.text if turn is not None else None,
    )
