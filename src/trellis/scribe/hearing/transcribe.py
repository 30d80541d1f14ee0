"""From a recording to a transcript: what was said, cut into turns by who said it.

Takes a file and the engines that hear. Gives a `Transcript` whose speakers are letters in the order they first speak
(`A`, `B`, …); who of them is the clinician, `assign_roles` decides from what they say. A recording in which nobody
speaks gives a transcript without turns. Raises `Invalid` where the file is no whole recording or the language is
another, `Unavailable` where an engine can't answer.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from trellis.chart import Transcript
from trellis.inference import Hearing, SpeakerEngine, SpeechEngine, hear
from trellis.kernel import Invalid
from trellis.scribe.hearing.turns import Said, assign_speakers, cut_turns

SOUNDS = (".wav", ".mp3", ".m4a", ".flac", ".ogg", ".opus", ".webm")
"""The endings of recordings."""

LANGUAGES = {"en": "English", "es": "Spanish"}
"""The languages that are transcribed."""

Tell = Callable[[str, float | None], None]


def transcribe(
    path: Path,
    *,
    speech: SpeechEngine,
    voices: SpeakerEngine,
    speakers: int | None = None,
    language: str | None = None,
    tell: Tell = lambda _step, _share: None,
) -> Transcript:
    """The turns of a recording. `speakers` is how many people speak, where known; `language` `en`, `es`, or None.

    `tell` hears the step in plain words and the share done (0..1, None where it isn't known).
    """
    heard = hear(
        path,
        speech=speech,
        speakers=voices,
        people=speakers,
        language=language,
        spoken=tuple(LANGUAGES),
        tell=tell,
    )
    if heard.refused:
        raise _other_language(heard.language, language)
    return Transcript(
        turns=cut_turns(_said(heard), heard.voices),
        duration=heard.duration,
        language=heard.language or language or "en",
    )


def _said(heard: Hearing) -> Sequence[Said]:
    """Each word with its speaker: the channel it is on, or the voice that was heard then."""
    if len(heard.tracks) == 1:
        return assign_speakers(heard.tracks[0], heard.voices)
    both: Iterable[Said] = (
        Said(word=word, speaker=channel) for channel, track in enumerate(heard.tracks) for word in track
    )
    return sorted(both, key=lambda said: (said.word.start, said.speaker))


def _other_language(found: str, wanted: str | None) -> Invalid:
    if wanted and found in LANGUAGES:
        return Invalid(
            "scribe.language_other",
            f"The recording is in {LANGUAGES[found]}, not in {LANGUAGES[wanted]}.",
            hint=f"Use --language {found}.",
        )
    expected = LANGUAGES[wanted] if wanted else " or ".join(LANGUAGES.values())
    return Invalid(
        "scribe.language_other",
        f"The recording is in another language than {expected}.",
        hint="Only English and Spanish are transcribed.",
    )
