"""What left a client's record, to whom; and what is kept from somebody who may see the rest, each with its ground."""

from dataclasses import dataclass
from typing import Literal

Audience = Literal["client", "representative"]
"""Who looks at a client's own record: the client, or somebody who decides for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What was given to somebody outside. `purpose` and `notice` name rules that are data (`record/data`).

    `entries` are ids of what left, `consents` of those it rests on, `digest` the SHA-256 of the file. `order` names a
    court's order or another authority's paper; `why` says more where the rule asks for it.
    """

    recipient: str
    purpose: str
    entries: tuple[str, ...]
    digest: str
    consents: tuple[str, ...] = ()
    notice: str = ""
    order: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """That an entry is kept from the client, or from those who decide for them.

    `ground` names a rule that is data; `reason` is what was weighed in this instance, in words. `decided_by` is who
    decided, `reviewed_by` who looked at it again.
    """

    entry: str
    ground: str
    reason: str
    decided_by: str
    whom: Audience
    reviewed_by: str = ""
