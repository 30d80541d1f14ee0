"""The workspace in a terminal: one module per room, loaded when its command is called."""

from trellis.cli.root import Rooms, ScribeOrder, Tell, Workspace, run

__all__ = ["Rooms", "ScribeOrder", "Tell", "Workspace", "run"]
