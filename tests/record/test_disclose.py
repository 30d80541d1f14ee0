"""What leaves a client's record leaves with its consent, its notice, and a line in the accounting."""

import json
import stat
from datetime import date
from typing import get_args

import pytest

from trellis.chart import Client, Configuration, Goal, Medication, Service, Use
from trellis.governance import entries_of
from trellis.kernel import Conflict, Invalid, NotFound, NotPermitted
from trellis.record import (
    add_private,
    configure,
    disclose,
    disclosures_of,
    export,
    give,
    list_private,
    purposes,
    record_draft,
    revoke,
    sign,
    withhold_entry,
)
from trellis.record.disclose import notice_on

from .desk import ANN, DANA, NOTE, answered, one_session
from .test_labels import meet

PART2_PURPOSES = [one.key for one in purposes()]


@pytest.fixture
def clinic(record):
    """A client with a goal of psychotherapy and a medication of a substance use program."""
    with record.work(ANN) as work:
        services = (Service(key="iop", title="Program", part2=True), Service(key="talk", title="Talk"))
        configure(work, Configuration(services=services), reason="program")
        client = work.add(Client(legal_name="Zoe Quill", birth_date=date(1990, 1, 1)), reason="client.add").id
        inside = meet(work, client, "iop").id
        drug = work.add(Medication(name="naltrexone"), client=client, encounter=inside, reason="medication.add").id
        goal = work.add(Goal(words="Sleep"), client=client, reason="goal.add").id
    return record, client, goal, drug


def agree(record, client, use, recipient=""):
    with record.work(ANN) as work:
        return give(work, client, use, signed_by="Zoe Quill", recipient=recipient).id


def let_go(clinic, entry, target, purpose, recipient="County hospital", **more):
    record, client, *_ = clinic
    return disclose(record, ANN, client, [entry], target, recipient=recipient, purpose=purpose, **more)


def test_what_leaves_is_one_file_of_its_owners_and_accounted_for(clinic, tmp_path):
    """The file holds what was named and who it is about; the record keeps to whom, what, when, by whom, the digest."""
    record, client, goal, _ = clinic
    done = let_go(clinic, goal, tmp_path / "out.json", "treatment")
    whole = json.loads((tmp_path / "out.json").read_bytes())
    assert [one["content"]["words"] for one in whole["records"]] == ["Sleep"]
    assert (whole["notice"], whole["consents"], whole["client"]["name"]) == (None, [], "Zoe Quill")
    assert stat.S_IMODE((tmp_path / "out.json").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir() if "out" in file.name] == ["out.json"]
    with record.work(ANN) as work:
        told = disclosures_of(work, client)
    assert [(one.recipient, one.what, one.by, one.owed, one.id) for one in told] == [
        ("County hospital", "1 goal", ANN, False, done.id)
    ]
    with pytest.raises(Conflict):
        let_go(clinic, goal, tmp_path / "out.json", "treatment")


@pytest.mark.parametrize("purpose", PART2_PURPOSES)
def test_records_of_a_program_leave_with_their_own_consent_or_not_at_all(clinic, tmp_path, purpose):
    """Without any consent, and with one to sharing or to care of another kind, each purpose does what its rule says.

    No purpose lets a program's records into legal proceedings without the consent asked apart, or a court's order.
    """
    record, client, _, drug = clinic
    rule = next(one for one in purposes() if one.key == purpose)
    why = "As asked." if rule.why else ""
    free = rule.part2 in {"none", "why"}
    if not free:
        with pytest.raises(NotPermitted):
            let_go(clinic, drug, tmp_path / "a.json", purpose, why=why)
    agree(record, client, "part2_care")
    passes = free or rule.part2 == "part2_care"
    if not passes:
        with pytest.raises(NotPermitted):
            let_go(clinic, drug, tmp_path / "a.json", purpose, why=why)
        assert not (tmp_path / "a.json").exists()
        return
    done = let_go(clinic, drug, tmp_path / "a.json", purpose, why=why)
    assert done.label == "part2"
    whole = json.loads((tmp_path / "a.json").read_bytes())
    assert (whole["notice"] is not None) == rule.notice
    if rule.part2 == "part2_care":
        assert [one["content"]["purpose"] for one in whole["consents"]] == ["part2_care"]


def test_the_notice_of_2024_goes_first(clinic, tmp_path):
    """The notice names what the rule of 2024 added, stands before the records, and the disclosure says which it was."""
    record, client, _, drug = clinic
    agree(record, client, "part2_care")
    done = let_go(clinic, drug, tmp_path / "a.json", "treatment")
    text = (tmp_path / "a.json").read_text()
    assert "legislative proceedings" in text and "2.64 or 2.65" in text
    assert text.index("legislative proceedings") < text.index("naltrexone")
    assert done.content.notice == notice_on(date(2026, 11, 25)).key == "part2-2024"


def test_proceedings_are_asked_apart(clinic, tmp_path):
    """Consent to care and to sharing don't reach a court; one asked for it, naming the court, or an order does."""
    record, client, goal, drug = clinic
    agree(record, client, "part2_care")
    agree(record, client, "sharing", "Superior Court")
    for entry in (goal, drug):
        with pytest.raises(NotPermitted):
            let_go(clinic, entry, tmp_path / "a.json", "proceedings", "Superior Court")
    agree(record, client, "part2_proceedings", "Superior Court")
    let_go(clinic, drug, tmp_path / "a.json", "proceedings", "Superior Court")
    with pytest.raises(NotPermitted):
        disclose(
            record, ANN, client, [goal, drug], tmp_path / "b.json", recipient="Superior Court", purpose="proceedings"
        )
    let_go(clinic, drug, tmp_path / "c.json", "proceedings", "District Attorney", order="26-cv-0117")
    with record.work(ANN) as work:
        assert [one.owed for one in disclosures_of(work, client)] == [True, True]


def test_a_revoked_consent_stops_the_next_one(clinic, tmp_path):
    """What was agreed to for one isn't for another; revoked, the next is refused, and the refusal is on the chain."""
    record, client, goal, _ = clinic
    agree(record, client, "sharing", "Her school")
    with pytest.raises(NotPermitted):
        let_go(clinic, goal, tmp_path / "a.json", "authorized", "His school")
    let_go(clinic, goal, tmp_path / "a.json", "authorized", "Her school")
    with record.work(ANN) as work:
        revoke(work, client, "sharing", by="Zoe Quill")
    with pytest.raises(NotPermitted):
        let_go(clinic, goal, tmp_path / "b.json", "authorized", "Her school")
    with record.database.look(record.tenant) as connection:
        lines = [one.entry for one in entries_of(connection, record.tenant, client)]
    assert [one.rule for one in lines if one.decision == "refuse"] == ["record.consent_missing"] * 2
    assert sorted(file.name for file in tmp_path.glob("*.json*")) == ["a.json"]


def test_only_what_leaves_leaves_and_only_its_own_clients(clinic, tmp_path):
    """Another client's entry, a draft, a client's head, a psychotherapy note, something withheld: refused."""
    record, client, goal, _ = clinic
    with record.work(ANN) as work:
        other = work.add(Client(legal_name="Yan"), reason="client.add").id
        theirs = work.add(Goal(words="x"), client=other, reason="goal.add").id
        draft = record_draft(work, NOTE, client=client, encounter=meet(work, client, "talk").id).id
        withhold_entry(work, goal, "endangers", "As told.")
    mine = add_private(record, ANN, client, "Mine alone").id
    for entry in (theirs, draft, client):
        with pytest.raises(Invalid):
            let_go(clinic, entry, tmp_path / "a.json", "treatment")
    with pytest.raises(NotFound):
        let_go(clinic, mine, tmp_path / "a.json", "treatment")
    with pytest.raises(NotPermitted):
        let_go(clinic, goal, tmp_path / "a.json", "individual", "Zoe Quill")
    for wrong in ({"purpose": "gossip"}, {"purpose": "treatment", "recipient": " "}):
        with pytest.raises(Invalid):
            let_go(clinic, goal, tmp_path / "a.json", **wrong)
    with pytest.raises(NotPermitted):
        let_go(clinic, goal, tmp_path / "a.json", "threat")
    assert not (tmp_path / "a.json").exists()
    assert len(list_private(record, ANN, client)) == 1


def test_a_signed_note_leaves_whole(record, tmp_path):
    """What was signed is in the file with its digest and signature, so that who gets it can prove it."""
    draft = one_session(record)
    with record.work(ANN) as work:
        note = sign(work, answered(work, draft), DANA)
    disclose(record, ANN, note.client, [note.id], tmp_path / "a.json", recipient="Clinic", purpose="treatment")
    whole = json.loads((tmp_path / "a.json").read_bytes())
    assert whole["records"][0]["content"]["digest"] == note.content.digest


def test_an_export_of_the_clinic_is_in_each_clients_accounting(clinic, tmp_path):
    """Whoever takes everything out is in the accounting of each client who was there, and of none who came after."""
    record, client, *_ = clinic
    export(record, "x", tmp_path / "out", "staff:usr_boss")
    with record.work(ANN) as work:
        after = work.add(Client(legal_name="Yan"), reason="client.add").id
        assert [(one.by, one.purpose) for one in disclosures_of(work, client)] == [
            ("staff:usr_boss", "Export of the whole clinic")
        ]
        assert disclosures_of(work, after) == []


def test_each_purpose_says_where_it_stands():
    """A rule has a source; what isn't verified says so; what needs a consent names a use there is."""
    for one in purposes():
        assert "CFR" in one.source and not one.verified
        for needs in (one.needs, *one.part2.split(" or ")):
            assert needs in {"", "none", "why", "never", "order", *get_args(Use)}
