"""Consents: given, revoked, and whether one stands; for a client, or for another person who was at an encounter.

Whoever uses something holds the client's row first (`hold`) and asks then, in the transaction of the use; whoever
revokes holds it alone. So a use that begins after a revocation is refused, whatever the two do at once. What was
revoked stays revoked: an agreement of earlier than the last revocation of the same use doesn't stand, in whichever of
a person's merged records it lies.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from trellis.chart import Consent, Encounter, Entry, How, Use
from trellis.kernel import Invalid, NotFound, NotPermitted
from trellis.record.authority import Deciders, authority_of, deciders, hold
from trellis.record.clients import charts_of, record_of
from trellis.record.wordings import wording_of
from trellis.record.work import Work

GIVEN, REVOKED = "given", "revoked"
IN_A_SESSION: tuple[Use, ...] = ("recording", "ai_drafting", "keeping_audio")
"""Uses that everybody who was there is asked about, not the client alone."""
WITH_SOMEBODY: tuple[Use, ...] = ("sharing", "part2_proceedings")
"""Uses that name whom something is given to."""

ConsentEntry = Entry[Consent]


def give(
    work: Work,
    client: str,
    purpose: Use,
    *,
    signed_by: str,
    representative: str = "",
    how: How = "written",
    until: date | None = None,
    given_at: datetime | None = None,
    recipient: str = "",
    wording: str = "",
) -> ConsentEntry:
    """Keep that a client, or `representative` (an id) for them, agreed; `NotPermitted` where they may not.

    `given_at` is when they signed, now where not given; `recipient` with whom is shared.
    """
    at = _checked(work, signed_by, until, given_at)
    if (purpose in WITH_SOMEBODY) != bool(recipient.strip()):
        raise Invalid("record.consent_recipient", "Sharing is with somebody, and nothing else is.", hint="Say whom.")
    may = deciders(work, client, purpose, work.now.date())
    if representative not in may.any_of | may.all_of and (representative or not may.client):
        raise NotPermitted(
            "record.consent_signer",
            f"Who signs for {client} isn't somebody who may.",
            hint="Check the birth date, and who decides for the client (trellis consent deciders).",
        )
    return work.add(
        Consent(
            purpose=purpose,
            signed_by=signed_by.strip(),
            wording=wording_of(purpose, wording).version,
            given_at=at,
            capacity="representative" if representative else "client",
            representative=representative,
            how=how,
            recipient=recipient.strip(),
            until=until,
        ),
        client=record_of(work, client),
        state=GIVEN,
        occurred_at=at,
        reason="consent.give",
        detail={"purpose": purpose},
    )


def give_present(
    work: Work,
    encounter: str,
    purpose: Use,
    *,
    person: str,
    signed_by: str,
    how: How = "written",
    given_at: datetime | None = None,
) -> ConsentEntry:
    """Keep that another person who was at an encounter agreed; `person` is what the encounter calls them."""
    at = _checked(work, signed_by, None, given_at)
    there: Entry[Encounter] = work.open(encounter)
    if purpose not in IN_A_SESSION or person not in others_at(there):
        raise Invalid(
            "record.consent_person",
            "Only who was there is asked, about the session alone.",
            hint="List them with the encounter; uses: " + ", ".join(IN_A_SESSION) + ".",
        )
    return work.add(
        Consent(
            purpose=purpose,
            signed_by=signed_by.strip(),
            wording=wording_of(purpose).version,
            given_at=at,
            capacity="participant",
            person=person,
            how=how,
        ),
        client=there.client,
        encounter=encounter,
        state=GIVEN,
        occurred_at=at,
        reason="consent.give",
        detail={"purpose": purpose},
    )


def revoke(work: Work, client: str, purpose: Use, *, by: str, recipient: str = "") -> list[ConsentEntry]:
    """End every consent of a client to a use, at once; `NotFound` where none stands. `by` is who said so.

    Without a `recipient` sharing ends with everybody.
    """
    charts = _charts(work, client)
    hold(work, charts, alone=True)
    mine = [one for one in _opened(work, charts) if one.content.capacity != "participant"]
    return _revoked(work, [one for one in mine if recipient in ("", one.content.recipient)], purpose, by)


def revoke_present(work: Work, encounter: str, purpose: Use, *, person: str, by: str) -> list[ConsentEntry]:
    """End what another person who was at an encounter agreed to."""
    owner = work.listed(encounter).client
    hold(work, [owner], alone=True)
    return _revoked(work, _of_person(work, owner, encounter, person), purpose, by)


def consents_of(work: Work, client: str) -> list[ConsentEntry]:
    """Every consent in a client's records, oldest first, those that ended too."""
    return _opened(work, _charts(work, client))


def standing(work: Work, client: str, purpose: Use, *, recipient: str = "") -> list[ConsentEntry]:
    """The consents that let a client's something be used now; empty where that isn't so.

    The client's row has to be held.
    """
    return standing_of(work, client, (purpose,), recipient=recipient)[purpose]


def standing_of(
    work: Work, client: str, uses: Iterable[Use], *, recipient: str = ""
) -> Mapping[Use, list[ConsentEntry]]:
    """The same for several uses, read once."""
    today = work.now.date()
    authority = authority_of(work, client)
    mine = [
        one
        for one in consents_of(work, client)
        if one.content.capacity != "participant" and one.content.recipient == recipient
    ]
    return {use: _signed(_alive(mine, use, today), authority.deciders(use, today)) for use in uses}


def _signed(alive: Sequence[ConsentEntry], may: Deciders) -> list[ConsentEntry]:
    """Those of them that were signed by who may decide now: by all who have to, or by any who may."""
    if may.all_of:
        joint = [one for one in alive if one.content.representative in may.all_of]
        return joint if {one.content.representative for one in joint} == may.all_of else []
    return [
        one for one in alive if (one.content.representative in may.any_of if one.content.representative else may.client)
    ]


def standing_present(work: Work, there: Entry[Encounter], person: str, purpose: Use) -> list[ConsentEntry]:
    """The consents of another person who was at an encounter that stand now."""
    return _alive(_of_person(work, there.client, there.id, person), purpose, work.now.date())


def others_at(there: Entry[Encounter]) -> list[str]:
    """What those are called who were at an encounter and are neither a client nor who held it."""
    return [
        one.called
        for one in there.content.present
        if one.client is None and (one.role == "other" or (one.role == "clinician" and one.called))
    ]


def _charts(work: Work, client: str) -> tuple[str, ...]:
    return charts_of(work, record_of(work, client))


def _opened(work: Work, charts: Iterable[str]) -> list[ConsentEntry]:
    return [one for chart in charts for one in work.open_found(client=chart, kinds=["consent"])]


def _of_person(work: Work, owner: str, encounter: str, person: str) -> list[ConsentEntry]:
    found: list[ConsentEntry] = work.open_found(client=owner, kinds=["consent"], encounter=encounter)
    return [one for one in found if one.content.capacity == "participant" and one.content.person == person]


def _alive(found: Sequence[ConsentEntry], purpose: Use, on: date) -> list[ConsentEntry]:
    mine = [one for one in found if one.content.purpose == purpose]
    ends = [one.content.revoked_at for one in mine if one.content.revoked_at is not None]
    return [
        one
        for one in mine
        if one.state == GIVEN
        and (not ends or one.content.given_at > max(ends))
        and (one.content.until is None or on <= one.content.until)
    ]


def _revoked(work: Work, found: Sequence[ConsentEntry], purpose: Use, by: str) -> list[ConsentEntry]:
    mine = [one for one in found if one.content.purpose == purpose and one.state == GIVEN]
    if not mine:
        raise NotFound("record.consent_absent", "There is no such consent to end.", hint="List them first.")
    return [
        work.change(
            one,
            replace(one.content, revoked_at=work.now, revoked_by=by.strip()),
            state=REVOKED,
            reason="consent.revoke",
        )
        for one in mine
    ]


def _checked(work: Work, signed_by: str, until: date | None, given_at: datetime | None) -> datetime:
    at = given_at or work.now
    if not signed_by.strip():
        raise Invalid("record.consent_unsigned", "A consent is signed by somebody.", hint="Give the name.")
    if at > work.now or (until is not None and until < work.now.date()):
        raise Invalid("record.consent_dates", "It is signed in the future, or over already.", hint="Check the days.")
    return at
