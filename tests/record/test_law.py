"""The law at an encounter: its places, what the scribe may not do there, and packs tried before they hold."""

from datetime import date, timedelta

import pytest

from trellis.chart import Client, Configuration, Encounter, Location, Present, Site, Statement
from trellis.governance import read_pack
from trellis.kernel import Invalid, NotFound, NotPermitted
from trellis.record.clients import add_client
from trellis.record.configure import configure, read_configuration, write_configuration
from trellis.record.consents import give
from trellis.record.law import law_at, packs_of, put_in_force, take_out, try_pack, where_of
from trellis.record.sessions import add_encounter, record_session
from trellis.record.uses import refuse_unscribed

from .desk import ANN, SLEEP, with_statements

CHICAGO = Site(key="chicago", name="Lake Street", state="IL")
OHIO = Site(key="columbus", name="Main Street", state="OH")
TODAY = date(2026, 11, 25)
NO_SCRIBE = """
key = "ohio"
title = "Ohio"
states = ["OH"]
dated = 2026-11-25

[[rules]]
key = "oh.scribe"
features = ["scribe_text"]
answer = "deny"
since = 2027-01-01
source = "A bill"
verified = false
why = "It isn't law yet."
"""


def met(work, *, mode="video", state="OH", place="", how="written"):
    client = add_client(work, Client(legal_name="Ann Example", birth_date=date(1990, 5, 1))).id
    for use in ("treatment", "recording", "ai_drafting"):
        give(work, client, use, signed_by="Ann", how=how)
    encounter = Encounter(
        mode=mode, clinician=ANN, started_at=work.now - timedelta(hours=1), place=place,
        client_location=Location(state=state), present=(Present(role="client", client=client),),
    )  # fmt: skip
    return client, add_encounter(work, encounter)


@pytest.mark.parametrize(
    ("sites", "mode", "place", "state", "country", "expected"),
    [
        ((OHIO,), "video", "", "IL", "US", ("IL", "OH")),
        ((OHIO,), "in_person", "", "", "US", ("OH", "OH")),
        ((OHIO,), "video", "", "", "US", ("", "OH")),
        ((OHIO, CHICAGO), "in_person", "chicago", "", "US", ("IL", "IL")),
        ((OHIO, CHICAGO), "in_person", "Main Street", "", "US", ("OH", "OH")),
        ((OHIO, CHICAGO), "in_person", "Room 2", "", "US", ("", "")),
        ((OHIO,), "in_person", "", "BC", "CA", ("", "OH")),
        ((), "in_person", "", "OH", "US", ("OH", "")),
    ],
)
def test_whose_law_holds(sites, mode, place, state, country, expected):
    """In a room the clinic's; at a distance what the encounter says, and nothing where it says nothing."""
    encounter = Encounter(
        mode=mode, clinician=ANN, place=place, client_location=Location(state=state, country=country)
    )  # fmt: skip
    where = where_of(encounter, Configuration(sites=sites), TODAY)

    assert (where.client, where.clinic) == expected


def test_where_the_law_asks_for_writing_a_spoken_yes_is_not_enough(record):
    """In Illinois, and where nobody knows; in Ohio a note of a transcript may rest on a spoken consent."""
    with record.work(ANN) as work:
        configure(work, Configuration(sites=(OHIO,)), reason="first")
        _, ohio = met(work, how="spoken")
        refuse_unscribed(work, ohio.id, hears=False)
        with pytest.raises(NotPermitted, match="written_consent"):
            refuse_unscribed(work, ohio.id, hears=True)
        for state in ("IL", ""):
            _, there = met(work, state=state, how="spoken")
            with pytest.raises(NotPermitted, match=r"il\.wopr\.consent"):
                refuse_unscribed(work, there.id, hears=False)
            _, there = met(work, state=state)
            refuse_unscribed(work, there.id, hears=True)


def test_a_note_concludes_nothing_about_a_mind(record):
    """A stage of change, concluded from talk, is left out of a note on the record."""
    stage = Statement(text="Client is contemplating.", topic="stage", status="unconfirmed", support=0.3, inferred=True)
    with record.work(ANN) as work:
        client, there = met(work)
        draft = record_session(work, with_statements(SLEEP, stage), client=client, encounter=there.id)

    topics = {one.topic for one in draft.content.statements()}
    assert "stage" not in topics and "sleep" in topics


def test_a_pack_is_tried_on_the_past_then_holds_then_does_not(record):
    """Tried, it says which past encounters it would have answered otherwise and changes nothing; on, it does."""
    with record.work(ANN) as work:
        configure(work, Configuration(sites=(OHIO,)), reason="first")
        _, ohio = met(work)
        _, elsewhere = met(work, state="IN")
        tried = {one.encounter: one for one in try_pack(work, read_pack(NO_SCRIBE))}
        assert tried[ohio.id].denied == tried[elsewhere.id].denied == ("scribe_text",), "the clinic is in Ohio"
        assert not tried[ohio.id].allowed and not tried[ohio.id].duties
        refuse_unscribed(work, ohio.id, hears=False)
    now = NO_SCRIBE.replace("since = 2027-01-01", "since = 2026-01-01")
    with record.work(ANN) as work:
        put_in_force(work, now)
        assert not law_at(work, ohio)["scribe_text"].allowed
        with pytest.raises(NotPermitted, match=r"oh\.scribe"):
            refuse_unscribed(work, ohio.id, hears=False)
    with record.work(ANN) as work:
        take_out(work, "ohio")
        refuse_unscribed(work, ohio.id, hears=False)
        with pytest.raises(NotFound):
            take_out(work, "ohio")
        with pytest.raises(Invalid):
            put_in_force(work, now.replace('"ohio"', '"house"'))


def test_a_clinics_packs_travel_in_its_configuration():
    """Written as a file and read back they are the same; one that doesn't hold together is refused there too."""
    own = Configuration(laws={"ohio": NO_SCRIBE})

    assert read_configuration(write_configuration(own)) == own
    assert "ohio" in {one.key for one in packs_of(own)}
    for wrong in ({"iowa": NO_SCRIBE}, {"ohio": NO_SCRIBE.replace("deny", "maybe")}):
        with pytest.raises(Invalid):
            read_configuration(write_configuration(Configuration(laws=wrong)))
