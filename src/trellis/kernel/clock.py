"""What time it is, behind a port, so that a test can say so. Times are always aware and in UTC."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The time now, in UTC. It may go backwards: nothing may order events by it alone."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The time now, in UTC."""
        return datetime.now(UTC)
