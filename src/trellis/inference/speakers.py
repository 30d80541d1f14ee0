"""The port for telling speakers apart: stretches of speech in, who speaks when out.

Every engine is told how many people speak, where that is known, and listens to one recording stretch by stretch in the
order of time. Samples are mono, float32, 16 kHz. In the end it gives voices: numbered people with the seconds they
speak, numbered in the order they are first heard. Where two speak at once, both have a voice there and both are marked.

Voice prints stay inside the listener, in memory, and are gone when it has answered: they identify a person, and Trellis
never recognises a client by voice.

`NullSpeakers` hears one voice in everything. `LocalSpeakers` hears changes of voice with a segmentation network, makes
a voice print of each phrase (CAM++) and groups them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from trellis.inference.voiceprints import Samples

RATE = 16_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Seconds of the recording during which one person speaks without another taking over.

    `speaker` counts from 0 in the order people are first heard; `overlap` says that another speaks at the same time.
    """

    start: float
    end: float
    speaker: int
    overlap: bool = False


class Listener(Protocol):
    """Listens to one recording."""

    def listen(self, start: float, samples: Samples) -> None:
        """Hear a stretch of speech that begins at `start` seconds; stretches come in order and don't overlap."""
        ...

    def voices(self) -> tuple[Voice, ...]:
        """Who spoke when, in the order of time; forgets every voice print. Empty where nobody was heard."""
        ...


class SpeakerEngine(Protocol):
    """Tells voices apart."""

    def open(self, *, speakers: int | None = None) -> Listener:
        """A listener for one recording; `speakers` (1 to 6) where their number is known."""
        ...


class NullSpeakers:
    """Hears one voice in everything; for tests and for recordings of one person."""

    def open(self, *, speakers: int | None = None) -> Listener:
        """A listener to whom everybody is the same."""
        del speakers
        return _OneVoice()


class _OneVoice:
    def __init__(self) -> None:
        self._voices: list[Voice] = []

    def listen(self, start: float, samples: Samples) -> None:
        if len(samples):
            self._voices.append(Voice(start=start, end=start + len(samples) / RATE, speaker=0))

    def voices(self) -> tuple[Voice, ...]:
        return tuple(self._voices)
