"""Safety: would a careful person stop here? The deterministic crisis screen every room asks.

It reads what people say with what they were asked, in English and Spanish, by rules a clinician can review as data
(`data/`), and errs towards telling a human. No model is loaded and nothing is sent anywhere.
"""

from trellis.safety.messages import Message
from trellis.safety.screen import screen, screen_transcript

__all__ = ["Message", "screen", "screen_transcript"]
