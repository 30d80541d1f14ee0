"""How the engine writes down arguments, results and errors: ids, numbers and codes as JSON, and nothing else.

Its own way is to pickle whatever it is given: then a name in an argument, or a sentence in an error, would lie in its
tables for good, and reading a tampered row would run code.
"""

import json
from typing import Any

from dbos import Serializer

from trellis.jobs.failures import JobFailed, failure_of
from trellis.jobs.steps import AGAIN, check_id

FAILED = "failed"


class Plain(Serializer):
    """Ids in, ids out. Anything else is refused before it is written."""

    def serialize(self, data: Any) -> str:
        """JSON; an error as its code, `Invalid` on what is neither an id nor a number."""
        return json.dumps(_plain(data), separators=(",", ":"))

    def deserialize(cls, serialized_data: str) -> Any:  # noqa: N805 (as the engine declares it)
        """What was written; an error as `JobFailed`."""
        read = json.loads(serialized_data)
        if isinstance(read, dict) and FAILED in read:
            return JobFailed(read[FAILED], read["where"], may_pass=read["may_pass"])
        return read

    def name(self) -> str:
        """What the engine notes beside each value."""
        return "trellis_plain"


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            check_id(value.replace(AGAIN, "", 1))
            return value
        case list() | tuple():
            return [_plain(each) for each in value]
        case dict():
            return {str(name): _plain(each) for name, each in value.items()}
        case BaseException():
            failed = failure_of(value)
            return {FAILED: failed.code, "where": failed.where, "may_pass": failed.may_pass}
    raise TypeError(f"a job can't carry a {type(value).__name__}")
