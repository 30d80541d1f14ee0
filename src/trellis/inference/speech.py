"""The port for speech recognition: samples in, words with times out; rooms see no library.

Every engine takes mono samples (float32, between -1 and 1, 16 kHz), at most `LONGEST` seconds of them, in which a voice
was found beforehand. It gives words whose times are seconds from the first of these samples. A window without words
is no error. What an engine can't do now is `Unavailable`; it never invents.

`NullSpeech` hears nothing. `local_speech` runs Whisper on this machine, `remote_speech` asks a server; `open_speech`
chooses by the settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from trellis.inference.audio import Samples

LONGEST = 30.0
"""Seconds of samples that an engine takes at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word as it was recognised, punctuation attached, no spaces around it.

    `start` and `end` are seconds from the beginning of the samples. `probability` is between 0 and 1.
    """

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What an engine made of one window.

    `language` is an ISO 639-1 code: the one asked for, or the likeliest; empty where nothing was heard.
    `language_probability` is 1 where the language was asked for. `no_speech` is the engine's own probability (0..1)
    that nobody speaks, `log_probability` its mean log probability a token (0 is certain); both are of what was kept.
    """

    words: tuple[Word, ...] = ()
    language: str = ""
    language_probability: float = 0.0
    no_speech: float = 0.0
    log_probability: float = 0.0

    @property
    def text(self) -> str:
        """The words with one space between them."""
        return " ".join(word.text for word in self.words)


class SpeechEngine(Protocol):
    """Turns samples into words."""

    def hear(self, samples: Samples, *, language: str | None) -> Heard:
        """The words in a window; `language` is `en`, `es` or another code, None to have it found out.

        Samples are [n], float32, 16 kHz; no samples give no words. Raises `Unavailable` where the engine can't answer.
        """
        ...

    def identify(self, samples: Samples) -> Mapping[str, float]:
        """The probability of each language it may be, ISO 639-1; empty where the engine can't tell without hearing."""
        ...


class NullSpeech:
    """Hears nothing; for tests and for machines without a model."""

    def hear(self, samples: Samples, *, language: str | None) -> Heard:
        """No words, in the language asked for."""
        del samples
        return Heard(language=language or "", language_probability=1.0 if language else 0.0)

    def identify(self, samples: Samples) -> Mapping[str, float]:
        """No language is likelier than another."""
        del samples
        return {}
