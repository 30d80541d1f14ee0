"""A client's key is changed while others work: everything opens before, during and after, and the old key is gone."""

import sys

import pytest

from trellis.chart import Client, Goal
from trellis.kernel import NotFound
from trellis.record import keep_blob, open_blob, reseal

NURSE = "staff:usr_a"
SOUND = bytes(range(256)) * 400


@pytest.fixture
def client(record):
    """A client with three versions of a goal and a recording."""
    with record.work(NURSE) as work:
        made = work.add(Client(legal_name="Ann"), reason="client.add").id
        goal = work.add(Goal(words="one"), client=made, reason="goal.add")
        for words in ("two", "three"):
            goal = work.change(goal, Goal(words=words), reason="goal.change")
    blob = keep_blob(record, NURSE, [SOUND], kind="document", client=made)
    return made, goal.id, blob


def everything(record, client):
    made, goal, blob = client
    with record.work(NURSE) as work:
        history = work.history(goal)
        name = work.open(made).content.legal_name
    return name, [(entry.content.words, entry.digest) for entry in history], b"".join(open_blob(record, NURSE, blob))


def test_all_of_a_client_moves_to_the_new_key(record, client):
    """Contents and digests are the same, the sound too; the old key opens nothing any more."""
    made, _, blob = client
    old = record.vault.current(record.tenant, "client", made)
    before = everything(record, client)
    moved = reseal(record, made, NURSE)

    assert moved == 5
    assert everything(record, client) == before
    assert b"".join(open_blob(record, NURSE, blob)) == SOUND
    assert record.vault.current(record.tenant, "client", made) != old
    with pytest.raises(NotFound, match="destroyed"):
        record.vault.key(record.tenant, old.id)
    assert len(list(record.blobs.listed())) == 1
    assert record.verify()[1] is None


def test_a_change_of_keys_that_was_cut_goes_on(record, client, monkeypatch):
    """Cut before the sound was moved, everything still opens; the next run finishes."""
    made, _, blob = client
    with monkeypatch.context() as patched:
        patched.setattr(sys.modules["trellis.record.reseal"], "_blobs", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            reseal(record, made, NURSE)
    assert b"".join(open_blob(record, NURSE, blob)) == SOUND
    with record.work(NURSE) as work:
        late = work.add(Goal(words="late"), client=made, reason="goal.add").id

    assert reseal(record, made, NURSE, fresh=False) == 1
    assert b"".join(open_blob(record, NURSE, blob)) == SOUND
    with record.work(NURSE) as work:
        assert work.open(late).content.words == "late"
