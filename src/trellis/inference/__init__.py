"""Engines behind ports: they hear, tell voices apart, parse and embed. Rooms see words and scores, never a library."""

from trellis.inference.hearing import Hearing, hear
from trellis.inference.local_speakers import LocalSpeakers
from trellis.inference.ordinary_words import ordinary_words
from trellis.inference.speakers import Listener, NullSpeakers, SpeakerEngine, Voice
from trellis.inference.speech import Heard, NullSpeech, SpeechEngine, Word
from trellis.inference.text import LocalParser, NullParser, Parser, Sentence, Token

__all__ = [
    "Heard",
    "Hearing",
    "Listener",
    "LocalParser",
    "LocalSpeakers",
    "NullParser",
    "NullSpeakers",
    "NullSpeech",
    "Parser",
    "Sentence",
    "SpeakerEngine",
    "SpeechEngine",
    "Token",
    "Voice",
    "Word",
    "hear",
    "ordinary_words",
]
