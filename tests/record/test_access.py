"""Clients see their own record; what is kept from whom rests on a ground, on a person, and on a second look."""

from datetime import date

import pytest

from tests.gates import everyone_may
from trellis import governance as desk
from trellis.chart import Client, Goal, Representative, Signer
from trellis.governance import entries_of
from trellis.kernel import Conflict, Invalid, NotFound, NotPermitted
from trellis.record import (
    add_private,
    add_representative,
    amend,
    cosign,
    disclose,
    disclosures_of,
    grounds,
    lift_withheld,
    open_own,
    review_withheld,
    sign,
    withhold_entry,
)

from .desk import ANN, BEN, DANA, answered, one_session

TRAINEE = Signer(staff=ANN, name="Ann", credentials="Intern", supervisor=BEN)
SUPERVISOR = Signer(staff=BEN, name="Ben", credentials="PhD")


@pytest.fixture
def note(record):
    """A client with a signed note."""
    draft = one_session(record)
    with record.work(ANN) as work:
        return sign(work, answered(work, draft), DANA)


def seen(record, client, representative=""):
    with record.work("staff:usr_desk") as work:
        own = open_own(work, client, representative)
    return (
        [one.id for one in own.shown],
        {one.id: ground.key for one, ground in own.withheld},
        [one.id for one in own.waiting],
    )


def parent_of(record, client):
    with record.work(ANN) as work:
        person = work.open(client)
        work.change(person, Client(legal_name="Zoe", birth_date=date(2014, 1, 1)), reason="client.change")
        return add_representative(
            work, client, Representative(name="Pat", relation="parent", basis="parent", since=date(2020, 1, 1))
        ).id


def test_a_client_sees_notes_and_what_was_added_and_nothing_of_the_workshop(record, note):
    """Signed notes, addenda and what holds are shown; drafts, transcripts, alerts and psychotherapy notes aren't."""
    with record.work(ANN) as work:
        added = amend(work, note, DANA, kind="addendum", words="Called later.", reason="called")
        goal = work.add(Goal(words="Sleep"), client=note.client, reason="goal.add")
    add_private(record, ANN, note.client, "Mine alone")
    shown, withheld, waiting = seen(record, note.client)
    assert set(shown) == {note.id, added.id, goal.id}
    assert (withheld, waiting) == ({}, [])
    with record.database.look(record.tenant) as connection:
        lines = [one.entry.action for one in entries_of(connection, record.tenant, note.client)]
    assert lines[-1] == "record.open_own"


def test_what_waits_for_a_cosignature_is_told_and_not_shown(record):
    """A trainee's note is among what waits until the supervisor signed beside it."""
    draft = one_session(record)
    with record.work(ANN) as work:
        note = sign(work, answered(work, draft), TRAINEE)
    assert seen(record, note.client) == ([], {}, [note.id])
    with record.work(BEN) as work:
        cosign(work, note, SUPERVISOR)
    assert seen(record, note.client)[0] == [note.id]


def test_what_is_withheld_is_told_with_its_ground_and_takes_its_addenda_along(record, note):
    """The client is told that something is withheld and why, never its words; lifting it shows it again."""
    with record.work(ANN) as work:
        amend(work, note, DANA, kind="addendum", words="Called later.", reason="called")
        kept = withhold_entry(work, note.id, "endangers", "He said he would go for her if he read it.")
    assert seen(record, note.client) == ([], {note.id: "endangers"}, [])
    with record.work(BEN) as work:
        lift_withheld(work, kept.id)
    assert len(seen(record, note.client)[0]) == 2


def test_a_review_is_somebody_elses_and_ends_or_upholds(record, note):
    """Who decided doesn't review; upheld it stays, lifted it is seen; a ground that isn't reviewed refuses."""
    with record.work(ANN) as work:
        kept = withhold_entry(work, note.id, "endangers", "As told.")
    with pytest.raises(NotPermitted), record.work(ANN) as work:
        review_withheld(work, kept.id, is_upheld=True)
    with record.work(BEN) as work:
        assert review_withheld(work, kept.id, is_upheld=True).content.reviewed_by == BEN
    assert seen(record, note.client)[1] == {note.id: "endangers"}
    with record.work("staff:usr_sue") as work:
        review_withheld(work, kept.id, is_upheld=False)
        with pytest.raises(NotFound):
            lift_withheld(work, kept.id)
        firm = withhold_entry(work, note.id, "promised_source", "Her brother asked us not to say.")
    with pytest.raises(Invalid), record.work(ANN) as work:
        review_withheld(work, firm.id, is_upheld=False)


def test_nothing_is_withheld_without_a_ground_a_person_and_a_reason(record, note):
    """No such ground, nobody on the staff, no reason, a kind nobody sees, the same twice: each is refused."""
    with record.work(ANN) as work:
        for ground, reason, whom in (
            ("upsetting", "x", "client"),
            ("endangers", " ", "client"),
            ("own_care", "x", "client"),
        ):
            with pytest.raises(Invalid):
                withhold_entry(work, note.id, ground, reason, whom=whom)
        with pytest.raises(Invalid):
            withhold_entry(work, note.client, "endangers", "x")
        withhold_entry(work, note.id, "endangers", "x")
        with pytest.raises(Conflict):
            withhold_entry(work, note.id, "harms_another", "x")
    with pytest.raises(NotPermitted), record.work("operator:local") as work:
        withhold_entry(work, note.id, "endangers", "x")


def test_a_hostile_parent_sees_no_more_than_the_client_and_not_what_is_the_minors_own(record, note):
    """Who isn't listed sees nothing; who is, not what is kept from the client; of a minor's own care, no hint."""
    with pytest.raises(NotPermitted):
        seen(record, note.client, "rep_somebody")
    parent = parent_of(record, note.client)
    assert seen(record, note.client, parent)[0] == [note.id]
    with record.work(ANN) as work:
        goal = work.add(Goal(words="Tell them when ready"), client=note.client, reason="goal.add")
        withhold_entry(work, goal.id, "own_care", "Agreed to alone.", whom="representative")
        withhold_entry(work, note.id, "harms_another", "Names her aunt.")
    assert seen(record, note.client, parent) == ([], {note.id: "harms_another"}, [])
    assert seen(record, note.client) == ([goal.id], {note.id: "harms_another"}, [])


def test_a_parents_look_ends_on_the_18th_birthday(record, note):
    """What was set up for a child doesn't reach an adult's record."""
    parent = parent_of(record, note.client)
    with record.work(ANN) as work:
        person = work.open(note.client)
        work.change(person, Client(legal_name="Zoe", birth_date=date(2008, 11, 25)), reason="client.change")
    with pytest.raises(NotPermitted):
        seen(record, note.client, parent)


def test_each_ground_says_where_it_stands_and_what_is_told():
    """A ground has a source and a text for who asks, unless it is one that gives no hint."""
    for one in grounds():
        assert "CFR" in one.source and one.whom
        assert bool(one.told) != one.silent
        assert ("review" in one.told) == one.reviewable


def test_who_is_not_on_the_team_shows_withholds_and_gives_nothing(guarded, tmp_path):
    """A clinician of the clinic who doesn't treat this client does none of it; the one who does, does all of it."""
    mine, guarded.gate = guarded.gate, everyone_may
    draft = one_session(guarded)
    guarded.gate = mine
    place = {"tenant": guarded.tenant, "database": guarded.database, "vault": guarded.vault, "clock": guarded.clock}
    accounts = desk.Accounts(**place)
    treating, curious = (desk.add_account(accounts, "operator:local", name)[0] for name in ("ann", "ben"))
    for account in (treating, curious):
        desk.give_role(accounts, "operator:local", account.id, "clinician")
    desk.relate(accounts, "operator:local", treating.id, "team", draft.client)
    with guarded.work(treating.actor) as work:
        goal = work.add(Goal(words="Sleep"), client=draft.client, reason="goal.add").id

    def give_out(actor, name):
        return disclose(guarded, actor, draft.client, [goal], tmp_path / name, recipient="x", purpose="treatment")

    acts = (
        lambda work: open_own(work, draft.client),
        lambda work: withhold_entry(work, goal, "endangers", "x"),
    )
    for act in acts:
        with pytest.raises((NotFound, NotPermitted)), guarded.work(curious.actor) as work:
            act(work)
    with pytest.raises((NotFound, NotPermitted)):
        give_out(curious.actor, "a.json")
    assert not list(tmp_path.glob("a.json*"))
    give_out(treating.actor, "b.json")
    with guarded.work(curious.actor) as work:
        assert disclosures_of(work, draft.client) == []
    with guarded.work(treating.actor) as work:
        assert disclosures_of(work, draft.client)[0].recipient == "x"
        assert all(act(work) for act in acts)
