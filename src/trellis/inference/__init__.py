"""Engines behind ports: they hear, tell voices apart, parse, read and write. Rooms see words, never a library."""

from trellis.inference.audio import Recording, probe
from trellis.inference.generation import NullGenerator, Prompt, TextGenerator
from trellis.inference.hearing import Hearing, hear
from trellis.inference.identifiers import Identifier, IdentifierKind, Identifiers, NullIdentifiers
from trellis.inference.live_speech import Caption, LiveSpeech
from trellis.inference.local_identifiers import LocalIdentifiers
from trellis.inference.local_speakers import LocalSpeakers
from trellis.inference.open_generation import open_generator
from trellis.inference.open_speech import open_captions, open_speech
from trellis.inference.ordinary_words import ordinary_words
from trellis.inference.reader import LocalReader, NullReader, Reader, Said
from trellis.inference.speakers import Listener, NullSpeakers, SpeakerEngine, Voice
from trellis.inference.speech import Heard, NullSpeech, SpeechEngine, Word
from trellis.inference.surrogates import Surrogates
from trellis.inference.text import LocalParser, NullParser, Parser, Sentence, Token
from trellis.inference.weights import check_weights

__all__ = [
    "Caption",
    "Heard",
    "Hearing",
    "Identifier",
    "IdentifierKind",
    "Identifiers",
    "Listener",
    "LiveSpeech",
    "LocalIdentifiers",
    "LocalParser",
    "LocalReader",
    "LocalSpeakers",
    "NullGenerator",
    "NullIdentifiers",
    "NullParser",
    "NullReader",
    "NullSpeakers",
    "NullSpeech",
    "Parser",
    "Prompt",
    "Reader",
    "Recording",
    "Said",
    "Sentence",
    "SpeakerEngine",
    "SpeechEngine",
    "Surrogates",
    "TextGenerator",
    "Token",
    "Voice",
    "Word",
    "check_weights",
    "hear",
    "open_captions",
    "open_generator",
    "open_speech",
    "ordinary_words",
    "probe",
]
