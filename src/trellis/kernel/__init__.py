"""What every floor stands on: errors, settings, ids, the clock. Imports nothing of ours."""

from trellis.kernel.clock import Clock, SystemClock
from trellis.kernel.errors import Conflict, Invalid, NotFound, NotPermitted, TrellisError, Unavailable
from trellis.kernel.hosts import check_host, is_loopback, may_call, read_host
from trellis.kernel.ids import is_id, new_id
from trellis.kernel.settings import SETTINGS, Setting, Settings

__all__ = [
    "SETTINGS",
    "Clock",
    "Conflict",
    "Invalid",
    "NotFound",
    "NotPermitted",
    "Setting",
    "Settings",
    "SystemClock",
    "TrellisError",
    "Unavailable",
    "check_host",
    "is_id",
    "is_loopback",
    "may_call",
    "new_id",
    "read_host",
]
