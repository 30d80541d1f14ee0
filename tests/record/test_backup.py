"""A copy taken while the clinic works is restored whole, says what is wrong, and brings nothing destroyed back."""

import shutil
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from trellis.chart import Client, Goal
from trellis.governance import read_roots
from trellis.kernel import Conflict, Invalid, NotFound, TrellisError
from trellis.record import (
    back_up,
    keep_blob,
    make_clinic,
    manifests,
    open_blob,
    open_clinic,
    place_of,
    restore,
)
from trellis.store import newest, revision

NURSE = "staff:usr_a"
STEP = """
import sqlalchemy as sa
from alembic import op

revision = "{line}9999"
down_revision = "{before}"


def upgrade() -> None:
    op.add_column("{table}", sa.Column("extra", sa.String(20), nullable=False, server_default="added"))
"""
SOUND = bytes(range(256)) * 600


@pytest.fixture
def roots(settings):
    """The root keys of a clinic with two clients, one with a recording."""
    make_clinic(settings, "Harbour Street")
    return read_roots(place_of(settings).root, {})


def fill(settings):
    with open_clinic(settings) as record:
        with record.work(NURSE) as work:
            ann, ben = (work.add(Client(legal_name=name), reason="client.add").id for name in ("Ann", "Ben"))
            work.add(Goal(words="Sleep six hours"), client=ann, reason="goal.add")
        blob = keep_blob(record, NURSE, [SOUND], kind="document", client=ann)
    return ann, ben, blob


def copy(settings, roots, folder):
    with open_clinic(settings) as record:
        return back_up(record, roots, "Harbour Street", folder, NURSE)


def place_with_root(place_for, settings, name):
    elsewhere = place_for(name)
    place_of(elsewhere).folder.mkdir()
    shutil.copy(place_of(settings).root, place_of(elsewhere).root)
    return elsewhere


def answers(settings, ann, blob):
    """What a clinic says when it is asked for everything."""
    with open_clinic(settings) as record:
        with record.work(NURSE) as work:
            listed = work.find()
            opened = [entry.content for entry in work.open_all(listed)]
        sound = b"".join(open_blob(record, NURSE, blob)) if blob else b""
        return listed, opened, sound, record.verify()[1], record.vault.tombstones(record.tenant)


def test_a_restored_clinic_answers_the_same(settings, place_for, roots, tmp_path):
    """Entries, their contents, recordings and the audit chain are all there."""
    ann, _, blob = fill(settings)
    made = copy(settings, roots, tmp_path / "copies")
    elsewhere = place_with_root(place_for, settings, "elsewhere")
    restored = restore(elsewhere, tmp_path / "copies", roots)

    assert restored == made
    assert answers(elsewhere, ann, blob) == answers(settings, ann, blob)
    assert [one.id for one in manifests(tmp_path / "copies", roots)] == [made.id]


def test_a_copy_holds_no_readable_word_and_no_key(settings, roots, tmp_path):
    """Neither names nor the root key are in any file of it."""
    fill(settings)
    copy(settings, roots, tmp_path / "copies")
    everything = b"".join(file.read_bytes() for file in (tmp_path / "copies").rglob("*") if file.is_file())

    assert b"Ann" not in everything and b"Sleep" not in everything and b"client.add" not in everything
    assert place_of(settings).root.read_bytes().strip() not in everything


def test_what_was_destroyed_stays_destroyed(settings, place_for, roots, tmp_path):
    """A copy from before the destruction is restored without the destroyed client's content."""
    ann, ben, _ = fill(settings)
    first = copy(settings, roots, tmp_path / "copies")
    with open_clinic(settings) as record:
        record.vault.destroy(record.tenant, ann, "retention")
    copy(settings, roots, tmp_path / "copies")
    elsewhere = place_with_root(place_for, settings, "elsewhere")
    restore(elsewhere, tmp_path / "copies", roots, copy=first.id)

    with open_clinic(elsewhere) as record:
        with record.work(NURSE) as work:
            assert work.open(ben).content.legal_name == "Ben"
        with pytest.raises(NotFound, match="destroyed"), record.work(NURSE) as work:
            work.open(ann)


@pytest.mark.parametrize("part", ["rows", "manifest", "blob", "keys"])
def test_an_altered_copy_is_found_and_leaves_no_clinic(settings, place_for, roots, tmp_path, part):
    """One bit turned anywhere: the restore names what is wrong, and there is no clinic afterwards."""
    fill(settings)
    made = copy(settings, roots, tmp_path / "copies")
    folder = tmp_path / "copies"
    file = {
        "rows": folder / "record" / made.id / "rows",
        "manifest": folder / "record" / made.id / "manifest.json",
        "blob": next((folder / "blobs").rglob("key_*")),
        "keys": next((folder / "keys").rglob("rows")),
    }[part]
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))
    elsewhere = place_with_root(place_for, settings, "elsewhere")

    with pytest.raises(TrellisError, match=r"altered|isn't here"):
        restore(elsewhere, folder, roots)
    with pytest.raises(NotFound, match="trellis init"):
        open_clinic(elsewhere)


def test_a_restore_never_overwrites_a_clinic(settings, roots, tmp_path):
    """Where there is a clinic, the restore refuses."""
    fill(settings)
    copy(settings, roots, tmp_path / "copies")

    with pytest.raises(Conflict):
        restore(settings, tmp_path / "copies", roots)


def test_a_copy_cut_short_is_no_copy(settings, place_for, roots, tmp_path):
    """Without its manifest, which is written last, a copy isn't there; the one before it is used."""
    ann, _, blob = fill(settings)
    first = copy(settings, roots, tmp_path / "copies")
    second = copy(settings, roots, tmp_path / "copies")
    (tmp_path / "copies" / "record" / second.id / "manifest.json").unlink()
    elsewhere = place_with_root(place_for, settings, "elsewhere")

    assert restore(elsewhere, tmp_path / "copies", roots) == first
    assert answers(elsewhere, ann, blob)[2] == SOUND


def test_keys_older_than_the_record_are_refused(settings, place_for, roots, tmp_path):
    """A client who came after the copy of the keys could never be read: no clinic is made, and it says why."""
    fill(settings)
    folder = tmp_path / "copies"
    copy(settings, roots, folder)
    with open_clinic(settings) as record, record.work(NURSE) as work:
        work.add(Client(legal_name="Cleo"), reason="client.add")
    older = set((folder / "keys").iterdir())
    copy(settings, roots, folder)
    for fresh in set((folder / "keys").iterdir()) - older:
        shutil.rmtree(fresh)
    elsewhere = place_with_root(place_for, settings, "elsewhere")

    with pytest.raises(Invalid, match="older than the copy of the record"):
        restore(elsewhere, folder, roots)
    assert not place_of(elsewhere).organisation.exists()


@pytest.fixture
def newer(monkeypatch, tmp_path):
    """Gives a switch: from then on the code is of a Trellis that is one step ahead on both lines, or of this one."""
    store = sys.modules["trellis.store.migrate"]
    ours = Path(store.__file__)
    shutil.copytree(ours.parent / "migrations", tmp_path / "newer" / "migrations")
    for line, table in (("record", "entries"), ("keys", "keys")):
        step = STEP.format(line=line[0], before=newest(line), table=table)
        (tmp_path / "newer" / "migrations" / line / "versions" / "9999_extra.py").write_text(step)

    def switch(*, is_newer):
        monkeypatch.setattr(store, "__file__", str(tmp_path / "newer" / "migrate.py") if is_newer else str(ours))

    return switch


def test_a_copy_is_restored_onto_a_newer_trellis(settings, place_for, roots, tmp_path, newer):
    """Rows go into the tables they were copied from, which then take the steps the copy has not had."""
    ann, _, blob = fill(settings)
    copy(settings, roots, tmp_path / "copies")
    before = answers(settings, ann, blob)
    elsewhere = place_with_root(place_for, settings, "elsewhere")
    newer(is_newer=True)
    restore(elsewhere, tmp_path / "copies", roots)

    with open_clinic(elsewhere) as record:
        assert (revision(record.database), revision(record.vault.database)) == ("r9999", "k9999")
        with record.database.look(record.tenant) as connection:
            assert set(connection.execute(text("SELECT extra FROM entries")).scalars()) == {"added"}
    assert answers(elsewhere, ann, blob) == before


def test_a_copy_of_a_newer_trellis_is_refused_by_an_older(settings, place_for, roots, tmp_path, newer):
    """It says so, and leaves no clinic; with the newer one the same place takes the copy."""
    newer(is_newer=True)
    ann, _, blob = fill(settings)
    copy(settings, roots, tmp_path / "copies")
    before = answers(settings, ann, blob)
    elsewhere = place_with_root(place_for, settings, "elsewhere")
    newer(is_newer=False)
    with pytest.raises(Conflict, match="newer"):
        restore(elsewhere, tmp_path / "copies", roots)
    assert not place_of(elsewhere).organisation.exists()
    newer(is_newer=True)
    restore(elsewhere, tmp_path / "copies", roots)

    assert answers(elsewhere, ann, blob) == before


def test_a_wrong_root_key_opens_no_copy(settings, place_for, roots, tmp_path):
    """Another clinic's root key is refused by name, and nothing is made."""
    fill(settings)
    copy(settings, roots, tmp_path / "copies")
    elsewhere = place_for("elsewhere")
    make_clinic(place_for("other"), "Other")

    with pytest.raises(TrellisError, match="isn't here"):
        restore(elsewhere, tmp_path / "copies", read_roots(tmp_path / "other" / "root.key", {}))
    with pytest.raises(NotFound):
        open_clinic(elsewhere)
