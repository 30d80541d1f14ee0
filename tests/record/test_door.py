"""The one door asks before it opens: by role, by care team, by site; its refusals tell nothing to who may not know."""

import threading
from dataclasses import replace

import pytest

from tests.gates import everyone_may
from tests.record.desk import answered, one_session
from trellis import governance as desk
from trellis.chart import Client, Encounter, Goal, Present, Signer
from trellis.governance import HeldRoots
from trellis.governance.tables import audit_entries
from trellis.kernel import NotFound, NotPermitted, new_id
from trellis.record import (
    add_client,
    add_encounter,
    add_private,
    back_up,
    cosign,
    export,
    keep_blob,
    merge,
    open_blob,
    open_chart,
    place_hold,
    reseal,
    sign,
    unmerge,
)

ROOT = "operator:local"


@pytest.fixture
def accounts(guarded):
    class Clock:
        def now(self):
            return guarded.clock.now()  # the record's own, whichever a test gives it

    return desk.Accounts(tenant=guarded.tenant, database=guarded.database, vault=guarded.vault, clock=Clock())


@pytest.fixture
def hire(accounts):
    """Gives the actor of a new account with roles."""

    def hired(*roles, **where):
        account, _ = desk.add_account(accounts, ROOT, new_id("usr"))
        for role in roles:
            desk.give_role(accounts, ROOT, account.id, role, **where)
        return account.actor

    return hired


@pytest.fixture
def session(guarded):
    """A client with an encounter, a transcript and a draft, kept by the operator; gives the draft."""
    mine, guarded.gate = guarded.gate, everyone_may
    draft = one_session(guarded)
    guarded.gate = mine
    return draft


def on_team(accounts, actor, client, kind="team"):
    return desk.relate(accounts, ROOT, actor.removeprefix("staff:"), kind, client)


def last(record):
    with record.database.look(record.tenant) as connection:
        return connection.execute(audit_entries.select().order_by(audit_entries.c.number.desc())).first()


def test_the_care_team_opens_writes_and_nobody_else(guarded, accounts, hire, session):
    """A clinician opens and edits what is of their team's client; another is told the rule, and is on the chain."""
    ann, ben = hire("clinician"), hire("clinician")
    on_team(accounts, ann, session.client)
    with guarded.work(ann) as work:
        draft = work.open(session.id)
        work.change(draft, draft.content, reason="draft.edit")
        assert open_chart(work, session.client).client.id == session.client
        assert {one.kind for one in work.find(client=session.client)} > {"draft", "transcript", "encounter"}
        assert [one.id for one in work.find(kinds=["draft"])] == [session.id]
    with pytest.raises(NotPermitted, match=r"care team.*relation\.missing"), guarded.work(ben) as work:
        work.open(session.id)
    line = last(guarded)
    assert (line.actor, line.decision, line.rule, line.subject) == (ben, "refuse", "relation.missing", session.id)
    with guarded.work(ben) as work:
        assert {one.kind for one in work.find(client=session.client)} == {"client", "encounter"}
        assert work.open(session.client).content.legal_name == "Ann Example"
        assert work.find(kinds=["draft"]) == [] and work.find(kinds=["draft", "client"], newest=1)
    for forbidden in ("history", "open", "listed"):
        with pytest.raises(NotPermitted), guarded.work(ben) as work:
            getattr(work, forbidden)(session.id)
    with pytest.raises(NotPermitted), guarded.work(ben) as work:
        work.change(draft, draft.content, reason="draft.edit")
    with pytest.raises(NotPermitted), guarded.work(ben) as work:
        work.add(Goal(words="Sleep"), client=session.client, reason="goal.add")


def test_the_front_desk_sees_a_calendar_and_no_note(guarded, hire, session):
    """Who has no role for it isn't told that there is a note; its id is as good as one that never was."""
    eve = hire("front desk")
    with guarded.work(eve) as work:
        assert {one.kind for one in work.find(client=session.client)} == {"client", "encounter"}
        assert work.open(session.encounter).content.place == "Room 2"
    said = set()
    for entry in (session.id, new_id("dra"), session.content.transcript):
        with pytest.raises(NotFound) as error, guarded.work(eve) as work:
            work.open(entry)
        said.add((error.value.code, str(error.value).replace(entry, "it")))
        assert (last(guarded).actor, last(guarded).decision, last(guarded).subject) == (eve, "refuse", entry)
    assert len(said) == 1
    with pytest.raises(NotPermitted, match=r"grant\.missing"), guarded.work(eve) as work:
        open_chart(work, session.client)


def test_to_who_may_not_know_of_a_client_there_is_none(guarded, hire, session):
    """Another site's front desk, an auditor, somebody without a role: the same words as for an id nobody has."""
    for actor in (hire("front desk", site="south"), hire("auditor"), hire()):
        said = set()
        for entry in (session.client, new_id("cli"), session.id, session.encounter):
            for how in ("open", "listed", "history"):
                with pytest.raises(NotFound) as error, guarded.work(actor) as work:
                    getattr(work, how)(entry)
                said.add((error.value.code, str(error.value).replace(entry, "it"), error.value.hint))
        assert len(said) == 1
        with guarded.work(actor) as work:
            assert work.find(kinds=["client"]) == [] and work.find(newest=5) == []
        with pytest.raises(NotFound, match=session.client), guarded.work(actor) as work:
            open_chart(work, session.client)


def test_a_list_is_full_of_what_one_may_know_of(guarded, accounts, hire):
    """The newest are the newest of one's own, however many of others lie between them."""
    with guarded.work(ROOT) as work:
        ids = [add_client(work, Client(legal_name=f"Client {number}")).id for number in range(450)]
    for client in (ids[0], ids[7], ids[440]):
        desk.place(accounts, ROOT, client, site="north")
    with guarded.work(hire("front desk", site="north")) as work:
        assert {one.id for one in work.find(kinds=["client"])} == {ids[0], ids[7], ids[440]}
        assert len(work.find(kinds=["client"], newest=2)) == 2


def test_who_adds_a_client_doesnt_lose_them(guarded, hire):
    """A client is where those roles hold who added them; a clinician who adds one treats them, a front desk doesn't."""
    ann, eve = hire("clinician", site="north"), hire("front desk", site="north")
    with guarded.work(ann) as work:
        client = add_client(work, Client(legal_name="Ann Example")).id
        work.add(Goal(words="Sleep"), client=client, reason="goal.add")
    with guarded.work(eve) as work:
        assert work.open(client)
        other = add_client(work, Client(legal_name="Ben Example")).id
        assert work.open(other)
    with pytest.raises(NotPermitted), guarded.work(ann) as work:
        work.add(Goal(words="Sleep"), client=other, reason="goal.add")
    with pytest.raises(NotFound), guarded.work(hire("clinician", site="south")) as work:
        work.open(client)


def test_what_several_share_is_open_to_the_team_of_one_of_them(guarded, accounts, hire):
    """An encounter of a couple belongs to neither: who is on the team of one opens it, with its sound."""
    with guarded.work(ROOT) as work:
        pair = [add_client(work, Client(legal_name=name)).id for name in ("Ann", "Ben")]
        there = Encounter(
            mode="in_person", clinician="usr_a", started_at=work.now,
            present=tuple(Present(role="client", client=each) for each in pair),
        )  # fmt: skip
        met = add_encounter(work, there).id
    sound = keep_blob(guarded, ROOT, [b"sound"], kind="document", client=met, encounter=met)
    ann, other = hire("clinician"), hire("clinician")
    on_team(accounts, ann, pair[1])
    with guarded.work(ann) as work:
        assert work.open(met)
    assert b"".join(open_blob(guarded, ann, sound)) == b"sound"
    with pytest.raises(NotPermitted):
        open_blob(guarded, other, sound)
    for whose in (pair[0], met, new_id("cli")):
        with pytest.raises(NotPermitted, match=r"relation\.missing"):
            keep_blob(guarded, other, iter(()), kind="document", client=whose)
    for unknown in (sound, new_id("blo")):
        with pytest.raises(NotFound, match=f"There is no blob {unknown}"):
            open_blob(guarded, hire("front desk"), unknown)


def test_two_records_of_one_person_have_one_team(guarded, accounts, hire):
    """Merged, both are open to who was on the team of either; taken apart again, they aren't."""
    with guarded.work(ROOT) as work:
        double, kept = (add_client(work, Client(legal_name="Ann")).id for _ in range(2))
        goals = {one: work.add(Goal(words="Sleep"), client=one, reason="goal.add").id for one in (double, kept)}
    ann = hire("clinician")
    on_team(accounts, ann, kept)
    with guarded.work(ROOT) as work:
        merge(work, double, kept, "Same birth date and card")
    with guarded.work(ann) as work:
        assert work.open(goals[double])
    with guarded.work(ROOT) as work:
        unmerge(work, double)
    with pytest.raises(NotPermitted), guarded.work(ann) as work:
        work.open(goals[double])
    with guarded.work(ann) as work:
        assert work.open(goals[kept])


@pytest.mark.parametrize("purpose", ["operations", "payment", "curiosity"])
def test_what_is_clinical_is_opened_for_a_purpose_that_needs_it(guarded, accounts, hire, session, purpose):
    """Being on the team isn't enough: running the clinic, billing and curiosity open no note."""
    ann = hire("clinician")
    on_team(accounts, ann, session.client)
    with pytest.raises((NotPermitted, NotFound)), guarded.work(ann, purpose=purpose) as work:
        work.open(session.id)


def test_what_is_run_is_run_by_who_may(guarded, hire, session, tmp_path):
    """Holds, exports and private notes ask as everything else does; nothing is left of what was refused."""
    ann, officer = hire("clinician"), hire("compliance officer")
    with pytest.raises(NotPermitted):
        place_hold(guarded, session.client, "letter", ann)
    assert place_hold(guarded, session.client, "letter", officer)
    with pytest.raises(NotPermitted, match=r"relation\.missing"):
        add_private(guarded, ann, session.client, "Mine alone.")
    with pytest.raises(NotPermitted), guarded.work(ann) as work:
        work.tell("record.export", guarded.tenant)
    with pytest.raises(NotPermitted):
        back_up(guarded, HeldRoots((b"r" * 32,)), "Harbour", tmp_path / "copy", ann)
    with pytest.raises(NotPermitted):
        export(guarded, "Harbour", tmp_path / "out", ann)
    assert not (tmp_path / "copy").exists() and not (tmp_path / "out").exists()
    keys = guarded.vault.owners(guarded.tenant)
    with pytest.raises(NotPermitted):
        reseal(guarded, session.client, ann)
    assert guarded.vault.owners(guarded.tenant) == keys
    with pytest.raises(NotPermitted), guarded.work("ghost:usr_a") as work:
        work.tell("record.export", guarded.tenant)
    assert last(guarded).rule == "actor.unknown"


def test_an_emergency_opens_a_chart_and_writes_nothing_in_it(guarded, accounts, hire, session):
    """Broken glass opens what the team opens; a draft can't be changed through it."""
    ben = hire("clinician")
    begun = desk.begin_emergency(accounts, ben, session.client, "Brought in by the police, alone.")
    with guarded.work(ben, purpose="emergency") as work:
        draft = work.open(session.id)
    with pytest.raises(NotPermitted, match=r"emergency\.opens"), guarded.work(ben, purpose="emergency") as work:
        work.change(draft, draft.content, reason="draft.edit")
    desk.review_emergency(accounts, ROOT, begun.id, "unjustified")
    with pytest.raises(NotPermitted), guarded.work(ben, purpose="emergency") as work:
        work.open(session.id)


def test_revocation_wins_every_race(guarded, accounts, hire, session):
    """Many readers at once with one who takes their place away: after that returned, nobody opened anything."""
    ann = hire("clinician")
    place = on_team(accounts, ann, session.client)
    ended = threading.Event()
    opened_after = []

    def read():
        for _ in range(40):
            began_after = ended.is_set()
            try:
                with guarded.work(ann) as work:
                    work.open(session.id)
                    if ended.is_set():
                        opened_after.append("while it was taken")
            except NotPermitted:
                return
            if began_after:
                opened_after.append("after it was taken")

    readers = [threading.Thread(target=read) for _ in range(3)]
    for one in readers:
        one.start()
    desk.unrelate(accounts, ROOT, place.id)
    ended.set()
    for one in readers:
        one.join(60)
    assert opened_after == []
    with pytest.raises(NotPermitted), guarded.work(ann) as work:
        work.open(session.id)


def test_a_refusal_that_is_caught_is_kept_with_the_rest(guarded, hire, session):
    """What else happened in the work stays, and so does the refusal."""
    eve = hire("front desk")
    with guarded.work(eve) as work:
        with pytest.raises(NotFound):
            work.open(session.id)
        kept = add_client(work, Client(legal_name="Zoe")).id
    assert last(guarded).decision == "refuse"
    with guarded.work(eve) as work:
        assert work.open(kept)


def test_what_a_trainee_signs_waits_for_a_cosignature(guarded, accounts, hire, session):
    """A trainee can't finish a note alone; a supervisor of theirs cosigns it, and nobody else."""
    tom, sue, other = hire("trainee"), hire("supervisor"), hire("supervisor")
    on_team(accounts, tom, session.client)
    desk.relate(accounts, ROOT, sue.removeprefix("staff:"), "supervises", tom.removeprefix("staff:"))
    alone = Signer(staff=tom, name="Tom Reyes", credentials="MSW intern")
    with guarded.work(tom) as work:
        draft = answered(work, work.open(session.id))
    with pytest.raises(NotPermitted, match=r"grant\.missing"), guarded.work(tom) as work:
        sign(work, draft, alone)
    with guarded.work(tom) as work:
        note = sign(work, draft, replace(alone, supervisor=sue))
    cosigner = Signer(staff=sue, name="Sue Hall", credentials="LCSW")
    with pytest.raises((NotPermitted, NotFound)), guarded.work(other) as work:
        cosign(work, note, replace(cosigner, staff=other))
    with guarded.work(sue) as work:
        assert cosign(work, note, cosigner)
