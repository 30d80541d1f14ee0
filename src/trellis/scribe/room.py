"""The room's shell: a file in, a draft note out; it holds the engines and calls the acts in their order.

Takes a recording or a transcript and what the note should be like; gives a `DraftNote`, or an error of the kernel's
tree. Nothing is kept: audio is read as a stream, voice embeddings live as long as the recognition of one file.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from trellis.chart import DraftNote, Person, Section, Transcript, Verdict
from trellis.inference import Parser, SpeakerEngine, SpeechEngine
from trellis.kernel import Invalid
from trellis.safety import screen_transcript
from trellis.scribe.checking.check import check, may_be_written
from trellis.scribe.checks import checks
from trellis.scribe.clinician.arrange import arrange
from trellis.scribe.clinician.conclude import conclude
from trellis.scribe.clinician.intervene import intervene
from trellis.scribe.clinician.measure import measure
from trellis.scribe.clinician.respond import respond
from trellis.scribe.draft import Length, draft
from trellis.scribe.facts.understand import understand
from trellis.scribe.formats import NoteFormat
from trellis.scribe.hearing.correct import correct
from trellis.scribe.hearing.roles import assign_roles
from trellis.scribe.hearing.transcribe import LANGUAGES, SOUNDS, transcribe
from trellis.scribe.pace import pace
from trellis.scribe.points import Point, Utterance
from trellis.scribe.read import FORMATS, read
from trellis.scribe.risk import document_risk
from trellis.scribe.talk.people import People, list_people
from trellis.scribe.talk.utterances import utter
from trellis.scribe.writers import NoteWriter

Tell = Callable[[str, float | None], None]
"""How work says how far it is: the step in plain words, and the share done (0..1) where it is known."""

NOTE_LANGUAGE = "en"
"""The language notes are written in; other transcripts are screened and listed, their note comes later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a note should be like. `clinician` names a voice (A, B, …) or label; `language` is `en`, `es` or `any`."""

    format: NoteFormat
    length: Length = "standard"
    speakers: int | None = None
    clinician: str | None = None
    language: str = "any"
    client_name: str = "Client"
    audio_measures: bool = False


class Scribe:
    """Turns what was said in an encounter into a draft note."""

    def __init__(self, *, speech: SpeechEngine, speakers: SpeakerEngine, parser: Parser, writer: NoteWriter) -> None:
        self._speech = speech
        self._speakers = speakers
        self._parser = parser
        self._writer = writer

    def note(self, path: Path, wish: Wish, tell: Tell) -> DraftNote:
        """The draft of the encounter in this file; raises errors of the kernel's tree."""
        started = time.monotonic()
        transcript, speaking = self._transcript(path, wish, tell)
        heard = time.monotonic()
        tell("drafting", None)
        note = self.draft(transcript, speaking, wish)
        return replace(note, seconds={"transcribe": heard - started, "draft": time.monotonic() - heard})

    def draft(self, transcript: Transcript, speaking: Sequence[Person], wish: Wish) -> DraftNote:
        """The draft of a transcript whose speakers have roles; `speaking` is what is known of them."""
        verdict = screen_transcript(transcript)
        utterances: tuple[Utterance, ...] = ()
        if transcript.language == NOTE_LANGUAGE:
            utterances = utter(transcript, self._parser)
        people = list_people(utterances, transcript, speaking)
        note = DraftNote(
            format=wish.format.key,
            language=transcript.language,
            people=people.persons,
            transcript=transcript,
            sections=self._sections(utterances, people, transcript, verdict, wish),
            not_assessed=wish.format.not_assessed,
            safety=verdict,
            checks=(),
            writer=self._writer.signature,
            seconds={},
        )
        return replace(note, checks=checks(note, wish.format))

    def _transcript(self, path: Path, wish: Wish, tell: Tell) -> tuple[Transcript, tuple[Person, ...]]:
        """What was said, with roles: heard where the file is a recording, read where it is written."""
        if path.suffix.lower() in FORMATS:
            tell("reading", None)
            raw = read(path)
            _refuse_other(raw.language, wish.language)
        elif path.suffix.lower() in SOUNDS:
            asked = None if wish.language == "any" else wish.language
            raw = transcribe(
                path,
                speech=self._speech,
                voices=self._speakers,
                speakers=wish.speakers,
                language=asked,
                tell=tell,
            )
            raw = replace(raw, turns=correct(raw.turns, language=raw.language))
        else:
            raise Invalid(
                "scribe.input_unknown",
                "INPUT is neither a recording nor a transcript by its ending.",
                hint=f"Known endings: {', '.join((*SOUNDS, *FORMATS))}.",
            )
        turns, confidence, speaking = assign_roles(raw.turns, clinician=wish.clinician)
        return replace(raw, turns=turns, role_confidence=confidence), speaking

    def _sections(
        self, utterances: Sequence[Utterance], people: People, transcript: Transcript, verdict: Verdict, wish: Wish
    ) -> tuple[Section, ...]:
        points: list[Point] = []
        if transcript.language == NOTE_LANGUAGE:
            points += understand(utterances, people)
            for act in (intervene, respond, measure, conclude, arrange):
                points += act(utterances)
            points += document_risk(verdict, transcript, points, people)
        if wish.audio_measures:
            points += pace(transcript)
        return draft(
            [point for point in points if may_be_written(point.text)],
            wish.format,
            length=wish.length,
            writer=self._writer,
            support=lambda point: check(point, transcript),
            client=wish.client_name,
        )


def _refuse_other(found: str, wanted: str) -> None:
    """Refuse a transcript in a language other than asked for, or one that Trellis doesn't read."""
    if found in LANGUAGES and wanted in ("any", found):
        return
    asked = LANGUAGES[wanted] if wanted in LANGUAGES else " or ".join(LANGUAGES.values())
    raise Invalid(
        "scribe.language_other",
        f"The transcript is in another language than {asked}.",
        hint=f"Use --language {found}." if found in LANGUAGES else "Only English and Spanish are read.",
    )
