"""Engines behind ports: they hear, tell voices apart, parse and embed. Rooms see words, parses and scores, no library."""

from trellis.inference.text import LocalParser, NullParser, Parser, Sentence, Token

__all__ = ["LocalParser", "NullParser", "Parser", "Sentence", "Token"]
