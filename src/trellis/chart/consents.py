"""What somebody agreed to, one use each, in a dated wording, until it is revoked; and who may agree for others."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Use = Literal[
    "treatment", "recording", "ai_drafting", "keeping_audio", "improvement", "sharing", "portal", "texts",
    "part2_care", "part2_proceedings",
]  # fmt: skip
"""What is asked for: care itself, a recording, a note drafted by software, keeping sound after the note is signed,
bettering the software with what names nobody, giving to somebody else, a look from home, text messages; and of records
of a substance use program (42 CFR 2.31) giving them for treatment, payment and operations, and for legal proceedings.
"""
Capacity = Literal["client", "representative", "participant"]
"""As who somebody signed: the client, somebody who decides for the client, or another person who was there."""
How = Literal["written", "electronic", "spoken"]
Basis = Literal["parent", "guardian", "proxy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What somebody agreed to. It is for the client it belongs to, or for `person`, who was at its encounter.

    `signed_by` is the name; `representative` the id of the entry that lets them decide for the client. `wording` is
    what they read (`recording 2026-11-25`). `recipient` is with whom is shared. `until` is the last day it holds;
    `revoked_at` ends it at once.
    """

    purpose: Use
    signed_by: str
    wording: str
    given_at: datetime
    capacity: Capacity = "client"
    representative: str = ""
    person: str = ""
    how: How = "written"
    recipient: str = ""
    until: date | None = None
    revoked_at: datetime | None = None
    revoked_by: str = ""

    @property
    def words(self) -> str:
        """How it is told in a note and quoted from the chart: to what, how, when, by whom where it isn't the client."""
        who = {"client": "", "representative": ", by who decides for the client", "participant": ", by another person"}
        return f"{self.purpose.replace('_', ' ')} ({self.how}, {self.given_at:%Y-%m-%d}{who[self.capacity]})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Representative:
    """Somebody who decides for a client: from when, on what basis, to the last day.

    What was set up for a child ends on the 18th birthday. `together` says that an order lets no one decide without all
    others who are marked so (split custody). `purposes` limits what they decide; none is everything. `document` is the
    id of the order, where it is in the chart.
    """

    name: str
    relation: str
    basis: Basis
    since: date
    until: date | None = None
    together: bool = False
    purposes: tuple[Use, ...] = ()
    document: str = ""
