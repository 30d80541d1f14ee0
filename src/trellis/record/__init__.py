"""The record that loses nothing: the one door to clinical content, with its audit and history."""

from trellis.record.room import Record
from trellis.record.work import Work

__all__ = ["Record", "Work"]
