"""Safety: would a careful person stop here? The crisis screen every room asks.

It reads what people say with what they were asked, in English and Spanish, by rules a clinician can review as data
(`data/`), and errs towards telling a human. A learned reader may take a second look and raise a level, never lower one.
Nothing is sent anywhere.
"""

from trellis.safety.messages import Message
from trellis.safety.screen import screen, screen_all, screen_transcript

__all__ = ["Message", "screen", "screen_all", "screen_transcript"]
