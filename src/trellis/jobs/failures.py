"""What is kept of an error: its code, where in our code it arose, whether trying again may help. Never its words."""

import traceback
from pathlib import Path

from trellis.kernel import Invalid, NotFound, NotPermitted, TrellisError

UNEXPECTED = "jobs.unexpected"


class JobFailed(TrellisError):
    """A step failed: `code` is the error's, `where` a file and line of ours with the error's type."""

    def __init__(self, code: str, where: str = "", *, may_pass: bool = True) -> None:
        super().__init__(code, f"A job failed: {code}.", hint="See trellis jobs list --failed.")
        self.where = where
        self.may_pass = may_pass


def failure_of(error: BaseException) -> JobFailed:
    """An error without its words. What is wrong in itself will not pass by trying again."""
    if isinstance(error, JobFailed):
        return error
    code = error.code if isinstance(error, TrellisError) else UNEXPECTED
    return JobFailed(code, _where(error), may_pass=not isinstance(error, (Invalid, NotFound, NotPermitted)))


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno} " if frames else ""
    return f"{place}{type(error).__name__}"
