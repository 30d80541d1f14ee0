"""Every error Trellis raises on purpose, as one small tree.

    TrellisError
    |- NotFound       what was named does not exist (or may not be known to exist)
    |- NotPermitted   the actor may not do this
    |- Invalid        the input or an option is wrong; sending it again cannot help
    |- Conflict       someone else changed it first
    `- Unavailable    an engine, a disk or a server is not there now; trying again may help

An error carries a stable `code` (`room.thing`), a message that says what is wrong and a hint that says what to do
next. It carries ids, line numbers and option names, never what a person said. Surfaces translate the kinds: the
terminal into exit codes, the web into statuses.
"""


class TrellisError(Exception):
    """The root of the tree; raise one of its kinds."""

    def __init__(self, code: str, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """One line: what is wrong, and what to do."""
        return f"{self.message} {self.hint}".strip()


class NotFound(TrellisError):
    """What was named does not exist."""


class NotPermitted(TrellisError):
    """The actor may not do this."""


class Invalid(TrellisError):
    """The input or an option is wrong."""


class Conflict(TrellisError):
    """Someone else changed it first."""


class Unavailable(TrellisError):
    """Something needed is not there now."""
