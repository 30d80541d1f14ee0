"""One pass through a recording: what was said, and who speaks when, before the two are put together.

Takes a file and engines for speech and speakers. Gives the words with times of the recording, on one track, or on one
for each channel where the two channels of a recording carry two people (telehealth), and the voices. Nothing grows with
the recording but words and voices; samples live as long as the stretch they lie in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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

ENOUGH = 8.0
"""Seconds of speech from which another language may be told: two greetings in Spanish sound like Japanese, surely."""

UNLIKELY = 0.25
"""Share of the languages expected below which another one is spoken: French and Breton may halve the rest."""

CANDIDATES = 2
"""Other languages in which words are listened for: German may sound like Yiddish first, in which none are heard."""


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


def _language(windows: Sequence[Window], speech: SpeechEngine, accepted: tuple[str, ...]) -> str:
    """The language of the first windows: the likeliest of those accepted, or another that is plainly spoken instead."""
    shares = _shares(windows, speech)
    by_words = not shares  # such an engine tells the language with the words: where it names one, there are words
    if by_words:
        shares = _shares_by_words(windows, speech)
    likeliest = max(accepted, key=lambda code: shares.get(code, 0.0))
    expected = sum(shares.get(code, 0.0) for code in accepted)
    length = sum(piece.length for window in windows for piece in window.pieces)
    if length < ENOUGH or expected >= UNLIKELY * sum(shares.values()):
        return likeliest
    others = sorted((code for code in shares if code not in accepted), key=lambda code: -shares[code])
    tried = (likeliest, *others[:CANDIDATES])
    if by_words or any(_has_words(windows, speech, code) for code in tried):
        return others[0]
    return likeliest


def _shares(windows: Iterable[Window], speech: SpeechEngine) -> Mapping[str, float]:
    """How likely each language is, times the seconds it was listened to; empty where the engine can't say."""
    sums: dict[str, float] = {}
    for window in windows:
        for code, probability in speech.identify(window.samples).items():
            sums[code] = sums.get(code, 0.0) + probability * len(window.samples) / RATE
    return sums


def _shares_by_words(windows: Iterable[Window], speech: SpeechEngine) -> Mapping[str, float]:
    """The same from an engine that names a language only with the words it hears."""
    sums: dict[str, float] = {}
    for window in windows:
        heard = speech.hear(window.samples, language=None)
        if heard.language and len(heard.words) >= FEW_WORDS:
            sums[heard.language] = sums.get(heard.language, 0.0) + len(window.samples) / RATE
    return sums


def _has_words(windows: Iterable[Window], speech: SpeechEngine, language: str) -> bool:
    """Whether anything is said, listened to as that language: music sounds like some language too, but has no words."""
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
