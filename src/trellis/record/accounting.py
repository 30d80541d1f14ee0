"""The accounting of disclosures: what left a client's record, when, to whom, for what (45 CFR 164.528, 42 CFR 2.25).

Takes a client; gives every disclosure there was, and every export of the whole clinic since the client is here, each
with whether an accounting has to name it.
"""

from dataclasses import dataclass
from datetime import datetime

from trellis.chart import Disclosure, Entry
from trellis.governance import Placed, entries_of
from trellis.record.clients import charts_of, record_of
from trellis.record.disclose import purpose_of
from trellis.record.labels import PART2
from trellis.record.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line of an accounting: when, to whom, for what, what it was (kinds and how many), and by whom.

    `owed` says that an accounting under 45 CFR 164.528 or 42 CFR 2.25 has to name it.
    """

    at: datetime
    recipient: str
    purpose: str
    what: str
    by: str
    owed: bool
    id: str


def disclosures_of(work: Work, client: str) -> list[Told]:
    """What left a client's record, oldest first; those of records merged into it included."""
    charts = charts_of(work, record_of(work, client))
    told = [_told(work, one) for chart in charts for one in work.open_found(client=chart, kinds=["disclosure"])]
    since = min(work.listed(chart).occurred_at for chart in charts)
    exports = [placed for placed in entries_of(work.connection, work.tenant, "") if _is_export(placed, since)]
    return sorted([*told, *map(_exported, exports)], key=lambda one: (one.at, one.id))


def _told(work: Work, disclosure: Entry[Disclosure]) -> Told:
    content = disclosure.content
    rule = purpose_of(content.purpose)
    kinds = [work.listed(entry).kind for entry in content.entries]
    return Told(
        at=disclosure.made_at,
        recipient=content.recipient,
        purpose=rule.title,
        what=", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)),
        by=disclosure.actor,
        owed=rule.accounted or (rule.part2_accounted and disclosure.label == PART2),
        id=disclosure.id,
    )


def _is_export(placed: Placed, since: datetime) -> bool:
    return placed.entry.action == "record.export" and placed.entry.decision == "permit" and placed.at >= since


def _exported(placed: Placed) -> Told:
    return Told(
        at=placed.at,
        recipient="the clinic itself",
        purpose="Export of the whole clinic",
        what="everything but psychotherapy notes",
        by=placed.entry.actor,
        owed=False,
        id=f"audit {placed.number}",
    )
