"""The room's shell: a file in, a draft note out; it holds the engines and calls the acts in their order.

Takes a recording or a transcript and what the note should be like; gives a `DraftNote`, or an error of the kernel's
tree. Nothing is kept: audio is read as a stream, voice embeddings live as long as the recognition of one file.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from trellis.chart import DraftNote, Known, Person, Section, Statement, Transcript, Verdict
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
from trellis.scribe.recall import recall
from trellis.scribe.risk import document_risk
from trellis.scribe.styles import Style, default_style
from trellis.scribe.talk.people import People, list_people
from trellis.scribe.talk.utterances import utter
from trellis.scribe.words.numbers import read_numbers
from trellis.scribe.words.smooth import smooth
from trellis.scribe.writers import NoteWriter, Tell

NOTHING = Verdict()
NOTE_LANGUAGE = "en"
"""The language notes are written in; other transcripts are screened and listed, their note comes later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a note should be like.

    `clinician` names a voice (A, B, …) or label; `language` is `en`, `es` or `any`. `known` is what the client's chart
    tells; empty without one.
    """

    format: NoteFormat
    length: Length = "standard"
    speakers: int | None = None
    clinician: str | None = None
    language: str = "any"
    style: Style = field(default_factory=default_style)
    audio_measures: bool = False
    known: Known = field(default_factory=Known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """The acts between a transcript and its draft, in their order; the lab leaves one out to see what it brings.

    `split` makes utterances, `know` the people, `listen` reads client and others, `watch` each read the clinician's
    side, `warn` documents danger, `recall` holds what was said beside the chart, `compose` chooses and joins, `hold`
    holds a point to its evidence.
    """

    split: Callable[[Transcript, Parser], tuple[Utterance, ...]] = utter
    know: Callable[[Sequence[Utterance], Transcript, Sequence[Person]], People] = list_people
    listen: Callable[[Sequence[Utterance], People], Sequence[Point]] = understand
    watch: tuple[Callable[[Sequence[Utterance]], Sequence[Point]], ...] = (
        intervene,
        respond,
        measure,
        conclude,
        arrange,
    )
    warn: Callable[[Verdict, Transcript, Sequence[Point], People], Sequence[Point]] = document_risk
    recall: Callable[[Known, Sequence[Point], Callable[[Point], bool]], Sequence[Point]] = recall
    compose: Callable[..., tuple[Section, ...]] = draft
    hold: Callable[[Point, Transcript], Statement] = check


ALL_ACTS = Acts()


class Scribe:
    """Turns what was said in an encounter into a draft note."""

    def __init__(
        self,
        *,
        speech: SpeechEngine,
        speakers: SpeakerEngine,
        parser: Parser,
        writer: NoteWriter,
        acts: Acts = ALL_ACTS,
    ) -> None:
        self._speech = speech
        self._speakers = speakers
        self._parser = parser
        self._writer = writer
        self._acts = acts

    def note(self, path: Path, wish: Wish, tell: Tell) -> DraftNote:
        """The draft of the encounter in this file; raises errors of the kernel's tree."""
        started = time.monotonic()
        transcript, speaking = self.hear(path, wish, tell)
        heard = time.monotonic()
        tell("drafting", None)
        note = self.draft(transcript, speaking, wish, tell)
        return replace(note, seconds={"transcribe": heard - started, "draft": time.monotonic() - heard})

    def written_by(self, writer: NoteWriter) -> "Scribe":
        """The same engines with another writer."""
        return Scribe(speech=self._speech, speakers=self._speakers, parser=self._parser, writer=writer, acts=self._acts)

    def draft(
        self,
        transcript: Transcript,
        speaking: Sequence[Person],
        wish: Wish,
        tell: Tell = lambda _step, _share: None,
        *,
        found: Verdict = NOTHING,
    ) -> DraftNote:
        """The draft of a transcript whose speakers have roles; `speaking` is what is known of them.

        `found` is what the safety screen found in a session of which this is one client's share.
        """
        try:
            return self._drafted(transcript, speaking, wish, tell, found)
        finally:
            smooth.cache_clear()
            read_numbers.cache_clear()

    def _drafted(
        self, transcript: Transcript, speaking: Sequence[Person], wish: Wish, tell: Tell, found: Verdict
    ) -> DraftNote:
        verdict = screen_transcript(transcript).and_also(found)
        utterances: tuple[Utterance, ...] = ()
        if transcript.language == NOTE_LANGUAGE:
            utterances = self._acts.split(transcript, self._parser)
        people = self._acts.know(utterances, transcript, speaking)
        writer = self._writer.begin(lambda point: self._carries(point, transcript), tell)
        sections = self._sections(utterances, people, transcript, verdict, wish, writer=writer)
        note = DraftNote(
            format=wish.format.key,
            language=transcript.language,
            people=people.persons,
            transcript=transcript,
            sections=sections,
            not_assessed=wish.format.not_assessed,
            safety=verdict,
            checks=(),
            writer=writer.signature,
            seconds={},
        )
        return replace(note, checks=checks(note, wish.format))

    def _carries(self, point: Point, transcript: Transcript) -> bool:
        """Whether what was said carries a point."""
        return self._acts.hold(point, transcript).status == "supported"

    def hear(self, path: Path, wish: Wish, tell: Tell) -> tuple[Transcript, tuple[Person, ...]]:
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
        self,
        utterances: Sequence[Utterance],
        people: People,
        transcript: Transcript,
        verdict: Verdict,
        wish: Wish,
        *,
        writer: NoteWriter,
    ) -> tuple[Section, ...]:
        points: list[Point] = []
        if transcript.language == NOTE_LANGUAGE:
            points += self._acts.listen(utterances, people)
            for watch in self._acts.watch:
                points += watch(utterances)
            points += self._acts.warn(verdict, transcript, points, people)
            points = list(self._acts.recall(wish.known, points, lambda point: self._carries(point, transcript)))
        if wish.audio_measures:
            points += pace(transcript)
        return self._acts.compose(
            [point for point in points if may_be_written(point.text)],
            wish.format,
            length=wish.length,
            writer=writer,
            support=lambda point: self._acts.hold(point, transcript),
            style=wish.style,
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
