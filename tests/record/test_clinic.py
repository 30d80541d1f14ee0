"""A clinic is made once, opened ever after, and opens to nobody without its root key."""

import pytest

from trellis.chart import Client
from trellis.governance import add_root
from trellis.kernel import Conflict, NotFound, Unavailable
from trellis.record import make_clinic, open_clinic, place_of, rewrap_database_key

NURSE = "staff:usr_a"


def add_client(settings):
    with open_clinic(settings) as record, record.work(NURSE) as work:
        return work.add(Client(legal_name="Ann"), reason="client.add").id


def name_of(settings, client):
    with open_clinic(settings) as record, record.work(NURSE) as work:
        return work.open(client).content.legal_name


def test_a_clinic_is_made_once_and_opened_again(settings):
    """What was written is there after opening anew; a second making is refused and changes nothing."""
    make_clinic(settings, "Harbour Street")
    client = add_client(settings)
    with pytest.raises(Conflict):
        make_clinic(settings, "Harbour Street")

    assert name_of(settings, client) == "Ann"
    with open_clinic(settings) as record:
        assert record.verify()[1] is None


def test_without_a_clinic_the_way_is_shown(settings):
    """An empty folder says how to begin."""
    with pytest.raises(NotFound, match="trellis init"):
        open_clinic(settings)


def test_a_making_that_was_cut_can_be_done_again(settings, monkeypatch):
    """Until its name is written there is no clinic; making it again succeeds."""

    def cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("trellis.record.clinic.write_whole", cut)
        with pytest.raises(KeyboardInterrupt):
            make_clinic(settings, "Harbour Street")
    make_clinic(settings, "Harbour Street")

    assert name_of(settings, add_client(settings)) == "Ann"


def test_a_lost_root_key_is_told_and_destroys_nothing(settings):
    """Without its root key, or with another's, the clinic doesn't open and says so; put back, all is there."""
    make_clinic(settings, "Harbour Street")
    client = add_client(settings)
    root = place_of(settings).root
    kept = root.read_text()
    root.unlink()
    with pytest.raises(Unavailable, match="no root key"):
        open_clinic(settings)
    root.write_text("00" * 32 + "\n")
    root.chmod(0o600)
    with pytest.raises(Unavailable, match="isn't here"):
        open_clinic(settings)
    root.write_text(kept)

    assert name_of(settings, client) == "Ann"


def test_a_root_key_others_may_read_is_refused(settings):
    """The file must be its owner's alone."""
    make_clinic(settings, "Harbour Street")
    place_of(settings).root.chmod(0o644)

    with pytest.raises(Unavailable, match="chmod 600"):
        open_clinic(settings)


def test_the_root_key_changes_without_stopping(settings):
    """A new root wraps everything anew while a clinic that was opened before goes on; the old one may then go."""
    make_clinic(settings, "Harbour Street")
    client = add_client(settings)
    root = place_of(settings).root
    with open_clinic(settings) as before:
        add_root(root)
        with open_clinic(settings) as after:
            after.vault.rewrap(after.tenant)
        rewrap_database_key(settings)
        with before.work(NURSE) as work:
            assert work.open(client).content.legal_name == "Ann"
    root.write_text(root.read_text().splitlines()[0] + "\n")

    assert name_of(settings, client) == "Ann"
