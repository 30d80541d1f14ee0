"""One pass through a recording: what was said, and who speaks when, before the two are put together.

Takes a file and engines for speech and speakers. Gives the words with times of the recording, on one track, or on one
for each channel where the two channels of a recording carry two people (telehealth), and the voices. Nothing grows with
the recording but words and voices; samples live as long as the stretch they lie in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from trellis.inference.audio import RATE, probe, stream
from trellis.inference.sides import Sides, hear_sides
from trellis.inference.speakers import Listener, SpeakerEngine, Voice
from trellis.inference.speech import SpeechEngine, Word
from trellis.inference.voice_activity import Stretch, find_speech
from trellis.inference.windows import Window, pack

if TYPE_CHECKING:
    from trellis.inference.audio import Samples

Tell = Callable[[str, float | None], None]

LISTENED_TO = 3
"""Windows of up to half a minute of speech by which the language is told."""

FEW_WORDS = 4
"""Words in half a minute below which nobody speaks another language."""

TOO_SHORT = 1.0
"""Seconds of speech from which a language can be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What was heard in a recording.

    `tracks` hold words in order of time: one track, or one a channel. `voices` say who speaks when where there is one
    track. `duration` is in seconds. `language` is an ISO 639-1 code, empty where nobody spoke; where it is `refused`,
    only its beginning was listened to and `tracks` are empty.
    """

    tracks: tuple[tuple[Word, ...], ...]
    voices: tuple[Voice, ...]
    duration: float
    language: str
    refused: bool = False


def hear(
    path: Path,
    *,
    speech: SpeechEngine,
    speakers: SpeakerEngine,
    people: int | None = None,
    language: str | None = None,
    spoken: tuple[str, ...] = ("en", "es"),
    tell: Tell,
) -> Hearing:
    """Hear a recording; `people` is how many speak, where known, `language` the one expected, of those in `spoken`.

    Raises `Invalid` where the file is no whole recording, `Unavailable` where an engine can't answer.
    """
    recording = probe(path)
    accepted = (language,) if language else spoken
    sides = hear_sides(path) if recording.channels == 2 and people != 1 else None
    tracks: list[tuple[Word, ...]] = []
    voices: tuple[Voice, ...] = ()
    told = ""
    for channel in (0, 1) if sides else (None,):
        listener = speakers.open(speakers=people) if sides is None else None
        stretches = _stretches(path, channel, sides, listener)
        windows = pack(stretches)
        first = list(islice(windows, LISTENED_TO))
        if first and not told:
            told = _language(first, speech, accepted)
            if told not in accepted and not _is_spoken(first, speech, told):
                told = accepted[0]
            if told not in accepted:
                return Hearing(tracks=(), voices=(), duration=recording.duration, language=told, refused=True)
        share = _share(recording.duration, channel, tell)
        tracks.append(tuple(_words(chain(first, windows), speech, told or accepted[0], share)))
        if listener is not None:
            tell("telling speakers apart", None)
            voices = listener.voices()
    if sides is not None:
        tracks = [tuple(sides.own(track, channel)) for channel, track in enumerate(tracks)]
    return Hearing(tracks=tuple(tracks), voices=voices, duration=recording.duration, language=told)


def _stretches(path: Path, channel: int | None, sides: Sides | None, listener: Listener | None) -> Iterator[Stretch]:
    """Stretches of speech of one channel, or of all mixed; on their way, whoever tells speakers apart hears them."""
    for stretch in find_speech(_channel(path, channel)):
        if sides is not None and channel is not None and not sides.is_own(channel, stretch.start, stretch.end):
            continue
        if listener is not None:
            listener.listen(stretch.start, stretch.samples)
        yield stretch


def _channel(path: Path, channel: int | None) -> Iterator[Samples]:
    for block in stream(path):
        yield block.samples.mean(axis=0) if channel is None else block.samples[channel]


def _language(windows: Iterable[Window], speech: SpeechEngine, accepted: tuple[str, ...]) -> str:
    """The likeliest language of the first windows; one of those accepted where the engine can't say or isn't sure."""
    sums: dict[str, float] = {}
    for window in windows:
        seconds = len(window.samples) / RATE
        if seconds >= TOO_SHORT:
            for code, probability in speech.identify(window.samples).items():
                sums[code] = sums.get(code, 0.0) + probability * seconds
    if not sums:
        return accepted[0]
    likeliest = max(sums, key=lambda code: sums[code])
    if likeliest in accepted or sums[likeliest] > sum(sums.values()) / 2:
        return likeliest
    return max(accepted, key=lambda code: sums.get(code, 0.0))


def _is_spoken(windows: Iterable[Window], speech: SpeechEngine, language: str) -> bool:
    """Whether that language is spoken at all: music sounds like some language too, but has no words."""
    return any(len(speech.hear(window.samples, language=language).words) >= FEW_WORDS for window in windows)


def _words(
    windows: Iterable[Window], speech: SpeechEngine, language: str, share: Callable[[float], None]
) -> Iterator[Word]:
    for window in windows:
        share(window.start)
        yield from window.place(speech.hear(window.samples, language=language).words)


def _share(duration: float, channel: int | None, tell: Tell) -> Callable[[float], None]:
    """Say how far listening is; two channels are heard one after the other."""

    def share(at: float) -> None:
        done = min(at / duration, 1.0) if duration else 1.0
        tell("listening", done if channel is None else (channel + done) / 2)

    return share
