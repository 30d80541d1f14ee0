"""Consents: who may give them, when they stand, and that a revocation ends them at once and for good."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from trellis.chart import Client, Consent, Encounter, Present, Representative
from trellis.kernel import Invalid, NotFound, NotPermitted
from trellis.record.authority import add_representative, deciders, end_representative, of_age_on
from trellis.record.clients import add_client, merge
from trellis.record.consents import consents_of, give, give_present, revoke, revoke_present, standing, standing_present
from trellis.record.sessions import add_encounter
from trellis.record.wordings import wording_of, wordings

from .desk import ANN, NOON, FixedClock, agree


@pytest.fixture
def clock(record):
    record.clock = FixedClock(NOON)
    return record.clock


def person(record, born):
    with record.work(ANN) as work:
        return add_client(work, Client(legal_name="Ann Example", birth_date=born)).id


def decides(record, client, basis="parent", **more):
    with record.work(ANN) as work:
        one = Representative(name="Pat", relation="parent", basis=basis, **{"since": date(2020, 1, 1), **more})
        return add_representative(work, client, one).id


def stands(record, client, use="recording", **more):
    with record.work(ANN) as work:
        return bool(standing(work, client, use, **more))


def given(record, client, use="recording", **more):
    with record.work(ANN) as work:
        return give(work, client, use, signed_by="Somebody", **more)


def test_a_consent_holds_from_its_signature_to_its_last_day(record, clock):
    """It says who signed, in which wording, until when; no other use and nobody else has it."""
    client, other = person(record, date(1990, 5, 1)), person(record, date(1990, 5, 1))
    made = given(record, client, until=date(2026, 12, 1)).content

    assert made.wording == "recording 2026-11-25" and made.signed_by == "Somebody"
    assert stands(record, client) and not stands(record, client, "ai_drafting") and not stands(record, other)
    clock.at = datetime(2026, 12, 1, 23, tzinfo=UTC)
    assert stands(record, client)
    clock.at = datetime(2026, 12, 2, tzinfo=UTC)
    assert not stands(record, client)


def test_a_revocation_ends_all_that_was_given_before(record, clock):
    """Whichever was revoked, none of earlier stands, even brought in later on paper; a new yes does."""
    client = person(record, date(1990, 5, 1))
    given(record, client)
    given(record, client)
    clock.at = NOON + timedelta(hours=1)
    with record.work(ANN) as work:
        ended = revoke(work, client, "recording", by="Ann Example")
    clock.at = NOON + timedelta(hours=2)
    given(record, client, given_at=NOON + timedelta(minutes=5))

    assert [one.state for one in ended] == ["revoked", "revoked"]
    assert not stands(record, client)
    given(record, client)
    assert stands(record, client)
    with record.work(ANN) as work:
        revoke(work, client, "recording", by="Ann Example")
        assert [one.content.revoked_by for one in consents_of(work, client)] == ["Ann Example"] * 4
        with pytest.raises(NotFound):
            revoke(work, client, "recording", by="Ann Example")


def test_what_was_revoked_in_one_record_is_revoked_in_the_person(record, clock):
    """Two records of one person are merged: the no in one is worth more than an earlier yes in the other."""
    kept, twin = person(record, date(1990, 5, 1)), person(record, date(1990, 5, 1))
    given(record, kept)
    given(record, twin)
    clock.at = NOON + timedelta(hours=1)
    with record.work(ANN) as work:
        revoke(work, twin, "recording", by="Ann Example")
    assert stands(record, kept)
    with record.work(ANN) as work:
        merge(work, twin, kept, "One person.")

    assert not stands(record, kept) and not stands(record, twin)


def test_sharing_is_with_somebody(record, clock):
    """A yes to one recipient is no yes to another; a no without a name is to all."""
    client = person(record, date(1990, 5, 1))
    with pytest.raises(Invalid):
        given(record, client, "sharing")
    with pytest.raises(Invalid):
        given(record, client, "recording", recipient="Dr. Lee")
    given(record, client, "sharing", recipient="Dr. Lee")
    given(record, client, "sharing", recipient="School")

    assert stands(record, client, "sharing", recipient="School")
    assert not stands(record, client, "sharing") and not stands(record, client, "sharing", recipient="Court")
    clock.at = NOON + timedelta(hours=1)
    with record.work(ANN) as work:
        revoke(work, client, "sharing", by="Ann", recipient="School")
    assert stands(record, client, "sharing", recipient="Dr. Lee")
    assert not stands(record, client, "sharing", recipient="School")
    with record.work(ANN) as work:
        revoke(work, client, "sharing", by="Ann")
    assert not stands(record, client, "sharing", recipient="Dr. Lee")


def test_a_child_does_not_sign_a_parent_does(record, clock):
    """Nobody signs for a child but who decides for it, in their time and for their uses."""
    child = person(record, date(2014, 2, 28))
    with pytest.raises(NotPermitted):
        given(record, child)
    mother = decides(record, child, purposes=("treatment", "recording"))
    former = decides(record, child, until=date(2026, 11, 24))
    with pytest.raises(NotPermitted):
        given(record, child, representative=former)
    with pytest.raises(NotPermitted):
        given(record, child, "ai_drafting", representative=mother)
    made = given(record, child, representative=mother)

    assert made.content.capacity == "representative" and stands(record, child)
    with record.work(ANN) as work:
        end_representative(work, mother)
    assert not stands(record, child)


def test_where_an_order_says_so_both_parents_sign(record, clock):
    """One of two isn't enough, in whatever order; one taking it back ends it."""
    child = person(record, date(2014, 2, 28))
    one, other = decides(record, child, together=True), decides(record, child, together=True)
    aunt = decides(record, child, "proxy")
    given(record, child, representative=one)
    with pytest.raises(NotPermitted):
        given(record, child, representative=aunt)

    assert not stands(record, child)
    given(record, child, representative=other)
    assert stands(record, child)
    clock.at = NOON + timedelta(hours=1)
    with record.work(ANN) as work:
        revoke(work, child, "recording", by="Pat")
    assert not stands(record, child)


def test_on_the_eighteenth_birthday_others_stop_deciding(record, clock):
    """What a parent, a guardian or a proxy of a child agreed to ends that day; then the client decides."""
    born = date(2008, 11, 26)
    for basis in ("parent", "guardian", "proxy"):
        clock.at = NOON
        child = person(record, born)
        given(record, child, representative=decides(record, child, basis))
        assert stands(record, child)
        clock.at = NOON + timedelta(days=1)
        assert not stands(record, child)
        given(record, child)
        assert stands(record, child)

    assert of_age_on(date(2008, 2, 29)) == date(2026, 3, 1)


def test_for_an_adult_a_guardian_decides_and_a_proxy_may(record, clock):
    """A guardian of an adult signs in their place, a proxy beside them."""
    client = person(record, date(1990, 5, 1))
    proxy = decides(record, client, "proxy")
    given(record, client)
    given(record, client, "texts", representative=proxy)
    assert stands(record, client) and stands(record, client, "texts")
    guardian = decides(record, client, "guardian")

    assert not stands(record, client) and not stands(record, client, "texts")
    with pytest.raises(NotPermitted):
        given(record, client)
    given(record, client, representative=guardian)
    assert stands(record, client)


def test_without_a_birth_date_nobody_may(record, clock):
    """Who may be a child isn't taken for an adult."""
    client = person(record, None)
    with pytest.raises(NotPermitted):
        given(record, client)
    with record.work(ANN) as work:
        found = deciders(work, client, "recording", NOON.date())
    assert not found.client and not found.any_of | found.all_of


def test_others_who_were_there_agree_to_that_session_alone(record, clock):
    """A sister's yes is to this encounter and to her voice; only who was there is asked."""
    client = person(record, date(1990, 5, 1))
    present = (Present(role="client", client=client), Present(role="other", relation="sister"))
    with record.work(ANN) as work:
        first, second = (
            add_encounter(work, Encounter(mode="video", clinician=ANN, started_at=NOON, present=present))
            for _ in range(2)
        )
        give_present(work, first.id, "recording", person="sister", signed_by="Bea")
        for use, who in (("recording", "uncle"), ("treatment", "sister")):
            with pytest.raises(Invalid):
                give_present(work, first.id, use, person=who, signed_by="Bea")

        assert standing_present(work, first, "sister", "recording")
        assert not standing_present(work, first, "sister", "ai_drafting")
        assert not standing_present(work, second, "sister", "recording")
        assert not standing(work, client, "recording"), "hers isn't the client's"
        agree(work, client, uses=("recording",))
    clock.at = NOON + timedelta(hours=1)
    with record.work(ANN) as work:
        revoke_present(work, first.id, "recording", person="sister", by="Bea")
        assert not standing_present(work, first, "sister", "recording")
        assert standing(work, client, "recording")


def test_days_that_can_not_be_are_refused(record, clock):
    """A signature of tomorrow, one by nobody, one that was over before it began, one in words there aren't."""
    client = person(record, date(1990, 5, 1))
    for wrong in (
        {"given_at": NOON + timedelta(days=1)},
        {"until": date(2026, 11, 24)},
        {"wording": "recording 1999-01-01"},
    ):
        with pytest.raises(Invalid):
            given(record, client, **wrong)
    with pytest.raises(Invalid), record.work(ANN) as work:
        give(work, client, "recording", signed_by=" ")


def test_every_use_has_words_to_agree_to():
    """Each use has a dated text that says what for and that it can be taken back; those of software say so."""
    uses = Consent.__annotations__["purpose"].__args__

    assert {one.purpose for one in wordings()} == set(uses)
    for one in wordings():
        assert {"purpose", "revocable"} <= set(one.tells) and len(one.text) > 80
        assert wording_of(one.purpose, one.version) == one
    assert all("ai" in wording_of(use).tells for use in ("recording", "ai_drafting"))
    assert replace(wordings()[0], dated=date(2027, 1, 1)).version.endswith("2027-01-01")
