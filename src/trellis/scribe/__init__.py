"""From sound to a draft note: capture, transcribe, understand, draft, check."""

from trellis.scribe.draft import Length
from trellis.scribe.formats import NoteFormat, list_formats, load_format
from trellis.scribe.page import load_sound, page
from trellis.scribe.plain import plain
from trellis.scribe.rewording.reword import GenerativeWriter
from trellis.scribe.room import Scribe, Wish
from trellis.scribe.styles import Style, default_style, load_style
from trellis.scribe.topics import TOPICS, Topic
from trellis.scribe.writers import ExtractiveWriter, NoteWriter

__all__ = [
    "TOPICS",
    "ExtractiveWriter",
    "GenerativeWriter",
    "Length",
    "NoteFormat",
    "NoteWriter",
    "Scribe",
    "Style",
    "Topic",
    "Wish",
    "default_style",
    "list_formats",
    "load_format",
    "load_sound",
    "load_style",
    "page",
    "plain",
]
