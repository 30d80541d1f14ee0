"""A client's own record, as the client or somebody who decides for them may see it, and what is kept from them and why.

The right to see one's record (45 CFR 164.524) reaches all of it but psychotherapy notes, which aren't in the record.
What is withheld is withheld entry by entry, by a person, on a ground that is data, with what was weighed in this
instance; who asks is told the ground and what can be done about it, never what it says. A second person looks at it
again.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from trellis.chart import Allergy, Audience, Diagnosis, Entry, Listed, Withholding
from trellis.kernel import Conflict, Invalid, NotFound, NotPermitted
from trellis.record.authority import deciders
from trellis.record.beside import open_final
from trellis.record.clients import charts_of, record_of
from trellis.record.known import words_in
from trellis.record.work import DELETED, Work

SEEN = ("note", "addendum", "diagnosis", "medication", "allergy", "goal", "measurement")
"""Kinds a client sees of their own record."""
IN_FORCE, UPHELD, LIFTED = "in_force", "upheld", "lifted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why something may be kept from whom, and what they are told; see `record/data/access.toml`."""

    key: str
    title: str
    whom: tuple[Audience, ...]
    reviewable: bool
    silent: bool
    told: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What somebody may see: entries that are shown, heads of what is withheld with the ground, heads of what waits.

    What waits is a note whose cosignature is missing. A ground that is silent leaves nothing here at all.
    """

    shown: tuple[Entry[Any], ...]
    withheld: tuple[tuple[Listed, Ground], ...]
    waiting: tuple[Listed, ...]


@cache
def grounds() -> tuple[Ground, ...]:
    """Every ground there is."""
    text = (files("trellis.record") / "data" / "access.toml").read_text(encoding="utf-8")
    return tuple(Ground(**{**one, "whom": tuple(one["whom"])}) for one in tomllib.loads(text)["grounds"])


def ground_of(key: str) -> Ground:
    """A ground by its key; `Invalid` where there is none."""
    found = next((one for one in grounds() if one.key == key), None)
    if found is None:
        known = ", ".join(one.key for one in grounds())
        raise Invalid("record.ground_absent", "There is no such ground to withhold.", hint=f"There are: {known}.")
    return found


def open_own(work: Work, client: str, representative: str = "") -> Own:
    """What a client may see of their own record, oldest first; or what a representative (an id) may.

    `NotPermitted` where that representative doesn't decide for this client today.
    """
    person = record_of(work, client)
    audience = _audience(work, person, representative)
    kept = _kept(work, person, audience)
    there = [
        one for chart in charts_of(work, person) for one in work.find(client=chart, kinds=SEEN) if one.state != DELETED
    ]
    there.sort(key=lambda one: (one.occurred_at, one.id))
    waiting = [one for one in there if one.id not in kept and one.kind == "note" and not _is_final(work, one.id)]
    hidden = {*kept, *(one.id for one in waiting)}
    shown = [one for one in work.open_all([one for one in there if one.id not in hidden]) if not _rests_on(one, hidden)]
    withheld = [(one, kept[one.id]) for one in there if one.id in kept and not kept[one.id].silent]
    work.tell("record.open_own", person, person, {"shown": len(shown), "withheld": len(kept), "to": audience})
    return Own(shown=tuple(shown), withheld=tuple(withheld), waiting=tuple(waiting))


def read_out(content: Any) -> list[str]:
    """What an entry says, as it is read to a client."""
    match content:
        case Diagnosis():
            return [f"{content.words} ({content.code})"]
        case Allergy():
            return [f"{content.substance}: {content.reaction or 'reaction not known'}"]
    return list(words_in(content))


def withhold_entry(
    work: Work, entry_id: str, ground: str, reason: str, *, whom: Audience = "client"
) -> Entry[Withholding]:
    """Keep an entry from somebody, as the clinician who judged it; `Invalid` where the ground doesn't reach them.

    What is kept from the client is kept from those who decide for them too.
    """
    rule, listed = ground_of(ground), work.listed(entry_id)
    if listed.kind not in SEEN:
        raise Invalid("record.withhold_kind", f"A client doesn't see a {listed.kind} here.", hint="Name a note.")
    if whom not in rule.whom:
        raise Invalid("record.withhold_whom", "That ground doesn't reach them.", hint=f"It is for: {rule.whom[0]}.")
    if not reason.strip():
        raise Invalid("record.withhold_reason", "What was weighed isn't said.", hint="Say it for this instance.")
    if not work.actor.startswith("staff:"):
        raise NotPermitted("record.withhold_person", "A clinician judges this.", hint="Sign in as who decides.")
    if any(one.content.entry == entry_id and one.content.whom == whom for one in _standing(work, [listed.client])):
        raise Conflict("record.withheld", "That is withheld already.", hint="Lift or review what stands.")
    return work.add(
        Withholding(entry=entry_id, ground=ground, reason=reason.strip(), decided_by=work.actor, whom=whom),
        client=listed.client,
        encounter=listed.encounter,
        state=IN_FORCE,
        reason="withholding.add",
    )


def review_withheld(work: Work, withholding: str, *, is_upheld: bool) -> Entry[Withholding]:
    """Look again at what is withheld, as somebody who had no part in deciding it: uphold it, or lift it."""
    found = _withholding(work, withholding)
    if not ground_of(found.content.ground).reviewable:
        raise Invalid("record.review_none", "That ground isn't reviewed.", hint="Lift it where it doesn't hold.")
    if work.actor == found.content.decided_by or not work.actor.startswith("staff:"):
        raise NotPermitted(
            "record.review_own", "Somebody else who had no part in it reviews this.", hint="Ask another clinician."
        )
    after = replace(found.content, reviewed_by=work.actor)
    return work.change(found, after, state=UPHELD if is_upheld else LIFTED, reason="withholding.review")


def lift_withheld(work: Work, withholding: str) -> Entry[Withholding]:
    """Let an entry be seen again."""
    found = _withholding(work, withholding)
    return work.change(found, found.content, state=LIFTED, reason="withholding.lift")


def kept_from(work: Work, client: str) -> dict[str, Ground]:
    """What is kept from the client: ids of entries, and the ground of each."""
    return _kept(work, record_of(work, client), "client")


def _withholding(work: Work, withholding: str) -> Entry[Withholding]:
    found: Entry[Withholding] = work.open(withholding)
    if found.kind != "withholding" or found.state == LIFTED:
        raise NotFound("record.withholding_absent", "Nothing is withheld by that id.", hint="List them first.")
    return found


def _standing(work: Work, charts: Sequence[str]) -> list[Entry[Withholding]]:
    return [
        one
        for chart in charts
        for one in work.open_found(client=chart, kinds=["withholding"], states=[IN_FORCE, UPHELD])
    ]


def _kept(work: Work, person: str, audience: Audience) -> dict[str, Ground]:
    """What is kept from somebody: entry and ground. What a client may not see, who decides for them doesn't either."""
    reaching = {"client": ("client",), "representative": ("client", "representative")}[audience]
    mine = [one for one in _standing(work, charts_of(work, person)) if one.content.whom in reaching]
    mine.sort(key=lambda one: ground_of(one.content.ground).silent)  # the silent ground stands where there are two
    return {one.content.entry: ground_of(one.content.ground) for one in mine}


def _audience(work: Work, person: str, representative: str) -> Audience:
    if not representative:
        return "client"
    may = deciders(work, person, "treatment", work.now.date())
    if representative in may.any_of | may.all_of:
        return "representative"
    raise NotPermitted("record.representative_other", "They don't decide for this client today.", hint="List who does.")


def _is_final(work: Work, note: str) -> bool:
    try:
        open_final(work, note)
    except Conflict:
        return False
    return True


def _rests_on(entry: Entry[Any], hidden: set[str]) -> bool:
    """Whether an addendum stands beside a note that isn't shown."""
    return entry.kind == "addendum" and entry.content.text.note in hidden
