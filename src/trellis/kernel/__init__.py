"""What every floor stands on: errors, settings, text. Imports nothing of ours."""

from trellis.kernel.errors import Conflict, Invalid, NotFound, NotPermitted, TrellisError, Unavailable
from trellis.kernel.hosts import check_host, may_call, read_host
from trellis.kernel.settings import SETTINGS, Setting, Settings

__all__ = [
    "SETTINGS",
    "Conflict",
    "Invalid",
    "NotFound",
    "NotPermitted",
    "Setting",
    "Settings",
    "TrellisError",
    "Unavailable",
    "check_host",
    "may_call",
    "read_host",
]
