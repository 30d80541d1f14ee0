"""The day, the clients and a chart."""

import re

from trellis.record import discard


def test_the_day_shows_each_meeting_with_its_note(signed_in, draft):
    """A meeting leads to its draft, and its draft waits among what is unfinished."""
    page = signed_in.get("/").text
    meetings, waiting = page.split("Unfinished notes")
    assert f'href="/drafts/{draft.id}"' in meetings and f'href="/drafts/{draft.id}"' in waiting
    assert f'href="/clients/{draft.client}"' in meetings
    assert "Ann Example" in page and "Ann Example" not in page.split("<title>")[1].split("</title>")[0]


def test_ones_own_day_holds_nobody_elses(desk, signed_in, draft):
    """A clinician sees their own meetings; everybody's when they ask for it."""
    with desk.record.work("operator:test") as work:
        there = work.open(draft.encounter)
        others = work.change(there, type(there.content)(**_fields(there.content, clinician="usr_other")), reason="x.y")
    assert f"/drafts/{draft.id}" not in signed_in.get("/").text
    assert f"/drafts/{draft.id}" in signed_in.get("/", params={"whose": "all"}).text
    assert others.content.clinician == "usr_other"


def _fields(noun, **changed):
    return {name: getattr(noun, name) for name in noun.__slots__} | changed


def test_a_discarded_draft_waits_for_nobody(desk, signed_in, draft):
    """What nobody wants is no unfinished note; its meeting has none again."""
    with desk.record.work("operator:test") as work:
        discard(work, work.open(draft.id))
    page = signed_in.get("/").text
    assert f"/drafts/{draft.id}" not in page
    assert f'href="/encounters/{draft.encounter}"' in page


def test_an_empty_day_says_so(signed_in):
    """A day without meetings isn't an empty page, and what is no day says what to do."""
    assert "Nobody is expected" in signed_in.get("/", params={"day": "2030-01-01"}).text
    assert signed_in.get("/", params={"day": "yesterday"}).status_code == 422


def test_an_appointment_is_added(signed_in, draft):
    """It stands on its day, held by who added it."""
    form = {"csrf": signed_in.token, "client": draft.client, "on": "2027-03-09", "at": "14:30", "state": "or"}
    done = signed_in.post("/appointments", data=form)
    assert done.headers["Location"] == "/?day=2027-03-09"
    page = signed_in.get(done.headers["Location"]).text
    assert "14:30" in page and "Ann Example" in page and "No note yet" in page


def test_an_appointment_with_nobody_is_refused(signed_in):
    """The form says what is missing."""
    form = {"csrf": signed_in.token, "client": "cli_00000000000000000000000000", "on": "2027-03-09", "at": "14:30"}
    assert signed_in.post("/appointments", data=form).status_code == 404
    assert signed_in.post("/appointments", data=form | {"client": ""}).status_code == 422


def test_clients_are_found_by_name_or_number_in_no_address(signed_in, draft):
    """Finding is a form: an address with a name would stay in the browser's history."""
    page = signed_in.get("/clients").text
    assert f"/clients/{draft.client}" in page
    found = signed_in.post("/clients", data={"csrf": signed_in.token, "sought": "EXAMPLE"}).text
    assert f"/clients/{draft.client}" in found
    none = signed_in.post("/clients", data={"csrf": signed_in.token, "sought": "nobody at all"}).text
    assert f"/clients/{draft.client}" not in none
    assert not re.search(r'<form method="get"', page)


def test_a_chart_says_what_holds_now(signed_in, draft):
    """Open safety findings stand first; what isn't recorded says so; what happened leads to where it is."""
    page = signed_in.get(f"/clients/{draft.client}").text
    assert "None recorded." in page
    assert f'href="/drafts/{draft.id}"' in page and f'href="/encounters/{draft.encounter}"' in page
    assert signed_in.get("/clients/cli_00000000000000000000000000").status_code == 404
