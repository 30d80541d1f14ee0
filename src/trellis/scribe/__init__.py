"""From sound to a draft note: capture, transcribe, understand, draft, check."""

from trellis.scribe.topics import TOPICS, Topic

__all__ = ["TOPICS", "Topic"]
