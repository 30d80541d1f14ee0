"""What was kept long enough goes, with a receipt; a hold wins; what was signed stays until its own time."""

from datetime import UTC, datetime, timedelta

import pytest

from trellis.chart import Alert, Client, Encounter, Recording, Transcript, Turn
from trellis.kernel import Conflict, Invalid, NotFound, SystemClock
from trellis.record import (
    erase,
    forget_client,
    keep_blob,
    lift_hold,
    load_rules,
    open_blob,
    place_hold,
    receipts_of,
    retain,
    sweep,
)

NURSE, JOB = "staff:usr_a", "job:retention"
TODAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Calendar(SystemClock):
    """A clock that stands on a day."""

    def __init__(self):
        self.today = TODAY

    def now(self):
        return self.today


@pytest.fixture
def clock(record):
    record.clock = Calendar()
    return record.clock


@pytest.fixture
def kept(record, clock):
    """A client with an encounter, its recording, its transcript and a finding."""
    with record.work(NURSE) as work:
        client = work.add(Client(legal_name="Ann"), reason="client.add").id
        encounter = work.add(Encounter(mode="video", clinician="usr_a"), client=client, reason="encounter.add").id
    blob = keep_blob(record, NURSE, [b"sound" * 100], kind="recording", client=client, encounter=encounter)
    with record.work(NURSE) as work:
        add = {"client": client, "encounter": encounter}
        sound = work.add(Recording(media_type="audio/ogg", blob=blob, seconds=9.0), **add, reason="recording.add").id
        said = work.add(Transcript(turns=(Turn(id=1, speaker="client", text="Hm."),)), **add, reason="x.add").id
        alert = work.add(
            Alert(level="urgent", concern="suicide", assertion="present", quote="…", source=said, found_by="rules"),
            **add,
            reason="alert.add",
        ).id
    return {"client": client, "blob": blob, "recording": sound, "transcript": said, "alert": alert}


def is_there(record, entry):
    try:
        with record.work(NURSE) as work:
            work.open(entry)
    except NotFound:
        return False
    return True


def test_sound_goes_after_its_days_and_leaves_a_receipt(record, clock, kept):
    """On the last day it is there, a day later its entry and its bytes are gone; the receipt names it."""
    clock.today = TODAY + timedelta(days=29)
    assert retain(record, load_rules(), JOB) == []
    clock.today = TODAY + timedelta(days=31)
    given = retain(record, load_rules(), JOB)
    sweep(record, JOB)

    assert [(one.rule, one.items) for one in given] == [("audio_unsigned", (kept["recording"],))]
    assert not is_there(record, kept["recording"]) and is_there(record, kept["transcript"])
    assert list(record.blobs.listed()) == []
    with record.work(NURSE) as work:
        assert receipts_of(work, kept["client"]) == given
    assert retain(record, load_rules(), JOB) == []


def test_a_legal_hold_wins(record, clock, kept):
    """Under a hold nothing goes, by rule or by hand; lifted, it does."""
    hold = place_hold(record, kept["client"], "litigation", NURSE)
    clock.today = TODAY + timedelta(days=400)

    assert retain(record, load_rules(), JOB) == []
    with pytest.raises(Conflict, match="hold"):
        forget_client(record, kept["client"], "retention", JOB)
    with pytest.raises(Conflict, match="hold"):
        erase(record, kept["recording"], "consent_revoked", NURSE)
    lift_hold(record, hold, NURSE)
    assert len(retain(record, load_rules(), JOB)) == 1


def test_erasing_a_recording_takes_what_was_made_from_it_and_no_finding(record, clock, kept):
    """A revoked consent takes sound and transcript; the safety finding stays, and can't be erased."""
    receipt = erase(record, kept["recording"], "consent_revoked", NURSE)

    assert set(receipt.items) == {kept["recording"], kept["transcript"]}
    assert is_there(record, kept["alert"]) and not is_there(record, kept["transcript"])
    with pytest.raises(NotFound):
        open_blob(record, NURSE, kept["blob"])
    with pytest.raises(Conflict):
        erase(record, kept["alert"], "consent_revoked", NURSE)
    assert record.verify()[1] is None


def test_a_forgotten_client_is_unreadable_and_the_chain_still_holds(record, clock, kept):
    """Destroying the keys ends everything of the client, findings included; doing it twice is one destruction."""
    receipt = forget_client(record, kept["client"], "retention", JOB)
    forget_client(record, kept["client"], "retention", JOB)

    assert set(receipt.items) >= {kept["client"], kept["alert"], kept["transcript"]}
    assert not is_there(record, kept["alert"]) and not is_there(record, kept["client"])
    assert {grave.owner for grave in record.vault.tombstones(record.tenant)} == {kept["client"]}
    assert record.verify()[1] is None


@pytest.mark.parametrize(
    "rule",
    [
        'name = "a"\nkinds = ["note"]\nafter = "made"\ndays = 1',
        'name = "a"\nkinds = ["client"]\nafter = "made"\ndays = 1',
        'name = "a"\nkinds = ["tapes"]\nafter = "made"\ndays = 1',
        'name = "a"\nkinds = ["recording"]\nafter = "whenever"\ndays = 1',
        'name = "a"\nkinds = ["recording"]\nafter = "made"',
    ],
)
def test_rules_that_can_not_be_are_refused(tmp_path, rule):
    """A rule that would delete signed notes one by one, or names nothing known, is an error, not a guess."""
    (tmp_path / "rules.toml").write_text(f"[[rules]]\n{rule}\n")

    with pytest.raises(Invalid):
        load_rules(tmp_path / "rules.toml")


def test_a_clinic_may_let_whole_records_go_by_its_own_rule(record, clock, kept, tmp_path):
    """A rule for clients counts from the last encounter and destroys the keys."""
    (tmp_path / "rules.toml").write_text(
        '[[rules]]\nname = "seven_years"\nkinds = ["client"]\nafter = "last_encounter"\ndays = 2557\n'
    )
    rules = load_rules(tmp_path / "rules.toml")
    clock.today = TODAY + timedelta(days=2556)
    assert retain(record, rules, JOB) == []
    clock.today = TODAY + timedelta(days=2558)

    assert [one.client for one in retain(record, rules, JOB)] == [kept["client"]]
    assert not is_there(record, kept["alert"])
    assert retain(record, rules, JOB) == []
