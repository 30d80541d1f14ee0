"""The sound of several: it goes when the last lets go of it, at once when one is forgotten, never under a hold."""

import pytest

from trellis.chart import Client, Encounter, Present, Recording
from trellis.kernel import Conflict, NotFound
from trellis.record.blobs import blob_of, keep_blob, open_blob
from trellis.record.clients import add_client
from trellis.record.retain import erase, forget_client, place_hold
from trellis.record.sessions import add_encounter, record_session
from trellis.record.shared import owner_of_sound
from trellis.record.withhold import share_of

from .desk import ANN, NOON
from .test_sessions import GROUP, note_of


@pytest.fixture
def pair(record):
    """Two clients in one encounter, its sound in both charts: their ids, the encounter's, the blob's, the drafts."""
    with record.work(ANN) as work:
        mara, ivo = (add_client(work, Client(legal_name=name)).id for name in ("Mara Voss", "Ivo Petrov"))
        present = (Present(role="client", client=mara), Present(role="client", client=ivo))
        encounter = add_encounter(work, Encounter(mode="in_person", clinician=ANN, started_at=NOON, present=present)).id
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
    assert forget_client(record, ivo, "erasure", ANN).items


def test_a_hold_of_one_keeps_the_sound_of_all(record, pair):
    """Evidence somebody must keep isn't lost because another member asks to be forgotten."""
    mara, ivo, _, blob, drafts = pair
    place_hold(record, ivo, "litigation", ANN)
    with pytest.raises(Conflict):
        forget_client(record, mara, "erasure", ANN)
    with record.work(ANN) as work:
        assert work.open(drafts[0].id).content == drafts[0].content

    assert b"".join(open_blob(record, ANN, blob)) == b"sound"
