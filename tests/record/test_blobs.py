"""A client's recordings are kept sealed, streamed from any second, and gone when they are deleted."""

from datetime import timedelta

import pytest

from trellis.chart import Client
from trellis.governance import entries_of
from trellis.kernel import NotFound, SystemClock
from trellis.record import blob_of, keep_blob, mark_deleted, open_blob, sweep

NURSE = "staff:usr_a"
SOUND = bytes(range(256)) * 1000


class Tomorrow(SystemClock):
    def now(self):
        return super().now() + timedelta(days=2)


@pytest.fixture
def client(record):
    with record.work(NURSE) as work:
        return work.add(Client(legal_name="Ann"), reason="client.add").id


def test_a_blob_comes_back_from_any_place(record, client):
    """Whole and in part; keeping and opening are on the client's chain."""
    blob = keep_blob(record, NURSE, [SOUND[:999], SOUND[999:]], kind="document", client=client)

    assert b"".join(open_blob(record, NURSE, blob)) == SOUND
    assert b"".join(open_blob(record, NURSE, blob, 70_000, 70_010)) == SOUND[70_000:70_010]
    with record.database.look(record.tenant) as connection:
        actions = [one.entry.action for one in entries_of(connection, record.tenant, client)]
    assert actions == ["client.add", "record.keep_blob", "record.open_blob", "record.open_blob"]


def test_a_deleted_recording_is_gone_from_the_store(record, client):
    """Marked in one transaction with its audit; the bytes go with the sweep, and again is no error."""
    blob = keep_blob(record, NURSE, [SOUND], kind="recording", client=client)
    with record.work(NURSE) as work:
        mark_deleted(work, blob)
    with pytest.raises(NotFound, match="deleted"):
        open_blob(record, NURSE, blob)

    assert [sweep(record, "job:sweep"), sweep(record, "job:sweep")] == [1, 0]
    assert list(record.blobs.listed()) == []
    with record.work(NURSE) as work:
        assert blob_of(work, blob).deleted_at is not None


def test_what_a_crash_left_unnamed_is_swept_when_it_is_old(record, client, tmp_path):
    """A blob whose row never came may belong to a recording under way: it goes after a day, others stay."""
    kept = keep_blob(record, NURSE, [SOUND], kind="recording", client=client)
    record.blobs.write(f"{record.tenant}/blo_crashed/key_x", b"k" * 32, [SOUND])

    assert sweep(record, "job:sweep") == 0
    record.clock = Tomorrow()
    assert sweep(record, "job:sweep") == 1
    assert [name.split("/")[1] for name, _ in record.blobs.listed()] == [kept]


def test_a_recording_of_a_client_whose_key_is_gone_can_not_be_heard(record, client):
    """Destroying the client's key silences every copy of the sound."""
    blob = keep_blob(record, NURSE, [SOUND], kind="recording", client=client)
    record.vault.destroy(record.tenant, client, "retention")

    with pytest.raises(NotFound, match="destroyed"):
        open_blob(record, NURSE, blob)
