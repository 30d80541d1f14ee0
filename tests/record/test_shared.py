"""The sound of several: it goes when the last lets go of it, at once when one is forgotten, never under a hold."""

from datetime import timedelta

import pytest

from trellis.chart import Client, Encounter, Present, Recording
from trellis.kernel import Conflict, NotFound
from trellis.record.blobs import blob_of, keep_blob, open_blob
from trellis.record.clients import add_client, merge
from trellis.record.retain import Rule, erase, forget_client, lift_hold, place_hold, retain
from trellis.record.sessions import add_encounter, record_session
from trellis.record.shared import owner_of_sound
from trellis.record.withhold import share_of

from .desk import ANN, NOON, FixedClock, agree
from .test_sessions import GROUP, note_of


@pytest.fixture
def pair(record):
    """Two clients in one encounter, its sound in both charts: their ids, the encounter's, the blob's, the drafts."""
    with record.work(ANN) as work:
        mara, ivo = (add_client(work, Client(legal_name=name)).id for name in ("Mara Voss", "Ivo Petrov"))
        present = (Present(role="client", client=mara), Present(role="client", client=ivo))
        encounter = add_encounter(work, Encounter(mode="in_person", clinician=ANN, started_at=NOON, present=present)).id
        agree(work, mara, ivo)
    owner = owner_of_sound(encounter)
    blob = keep_blob(record, ANN, [b"sound"], kind="recording", client=owner, encounter=encounter)
    sound = Recording(media_type="audio/wav", blob=blob, seconds=33.0)
    with record.work(ANN) as work:
        drafts = [
            record_session(work, note_of(share_of(GROUP, voice), turn), client=client, encounter=encounter, sound=sound)
            for client, voice, turn in ((mara, "client", 2), (ivo, "client:2", 7))
        ]
    return mara, ivo, encounter, blob, drafts


def test_the_sound_stays_while_one_of_them_needs_it(record, pair):
    """One member's recording is erased: the other's is there; the second lets go, and the sound is gone."""
    _, _, _, blob, drafts = pair
    erase(record, drafts[0].content.recording, "audio_after_signing", ANN)
    assert b"".join(open_blob(record, ANN, blob)) == b"sound"
    erase(record, drafts[1].content.recording, "audio_after_signing", ANN)
    with record.work(ANN) as work:
        assert blob_of(work, blob).deleted_at is not None


def test_who_is_forgotten_is_heard_no_more(record, pair):
    """Their chart, and the sound their voice is in, can be read by nobody; the other's words and the encounter stay."""
    mara, ivo, encounter, blob, drafts = pair
    receipt = forget_client(record, mara, "erasure", ANN)
    with record.work(ANN) as work:
        assert work.open(drafts[1].id).content == drafts[1].content
        assert work.open(encounter).content.clients == (mara, ivo)
        assert blob_of(work, blob).deleted_at is not None
    with pytest.raises(NotFound, match="destroyed"):
        record.vault.current(record.tenant, "client", owner_of_sound(encounter))

    assert blob in receipt.items and drafts[0].id in receipt.items


def test_when_the_last_of_them_is_forgotten_so_is_who_met(record, pair):
    """The encounter, which names them all, is nobody's any more: it can't be read."""
    mara, ivo, encounter, _, _ = pair
    forget_client(record, mara, "erasure", ANN)
    forget_client(record, ivo, "erasure", ANN)
    with pytest.raises(NotFound), record.work(ANN) as work:
        work.open(encounter)
    with pytest.raises(NotFound, match="destroyed"):
        record.vault.current(record.tenant, "client", encounter)


def test_a_hold_of_one_keeps_the_sound_of_all(record, pair):
    """Evidence somebody must keep isn't lost because another member asks to be forgotten."""
    mara, ivo, _, blob, drafts = pair
    place_hold(record, ivo, "litigation", ANN)
    with pytest.raises(Conflict):
        forget_client(record, mara, "erasure", ANN)
    with record.work(ANN) as work:
        assert work.open(drafts[0].id).content == drafts[0].content

    assert b"".join(open_blob(record, ANN, blob)) == b"sound"


def test_a_rule_lets_go_of_those_who_only_met_with_others(record, pair):
    """Years after their last group both are due, the encounter itself is no person, and a hold lets the other wait."""
    mara, ivo, _, _, _ = pair
    rule = [Rule(name="seven_years", kinds=("client",), after="last_encounter", days=2557)]
    record.clock = FixedClock(NOON + timedelta(days=2500))
    assert retain(record, rule, "job:retention") == []
    record.clock = FixedClock(NOON + timedelta(days=2600))
    hold = place_hold(record, ivo, "litigation", ANN)
    assert retain(record, rule, "job:retention") == []
    lift_hold(record, hold, ANN)

    assert {one.client for one in retain(record, rule, "job:retention")} == {mara, ivo}
    assert retain(record, rule, "job:retention") == []


def test_who_has_two_records_is_forgotten_in_both_and_by_the_later_date(record):
    """A duplicate's old visits don't let its person go; under either id both records go, and a hold keeps both."""
    with record.work(ANN) as work:
        kept, twin = (add_client(work, Client(legal_name="Ann")).id for _ in range(2))
        for client, days in ((kept, 0), (twin, 3000)):
            add_encounter(
                work,
                Encounter(
                    mode="video", clinician=ANN, started_at=NOON - timedelta(days=days),
                    present=(Present(role="client", client=client),),
                ),
            )  # fmt: skip
        merge(work, twin, kept, "Same person.")
    rule = [Rule(name="seven_years", kinds=("client",), after="last_encounter", days=2557)]
    record.clock = FixedClock(NOON + timedelta(days=1))
    assert retain(record, rule, "job:retention") == []
    hold = place_hold(record, twin, "litigation", ANN)
    with pytest.raises(Conflict):
        forget_client(record, kept, "erasure", ANN)
    lift_hold(record, hold, ANN)

    assert forget_client(record, twin, "erasure", ANN).client == kept
    for client in (kept, twin):
        with pytest.raises(NotFound, match="destroyed"):
            record.vault.current(record.tenant, "client", client)
