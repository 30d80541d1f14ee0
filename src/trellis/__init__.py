"""Trellis: from a session to a note in which every sentence can be traced to the second it was said."""

__version__ = "0.1.0"
