"""What a clinic has done without being asked is done once, however often a step of it runs."""

import contextlib
from datetime import datetime, timedelta

import pytest

from trellis.chart import Client, Encounter, Recording
from trellis.governance import Head, Standing, entries_of, read_anchors, read_roots, sign_head, write_anchor
from trellis.jobs import Task, asked_for
from trellis.kernel import Invalid, Settings, SystemClock
from trellis.record import (
    add_client,
    blobs_of,
    keep_blob,
    make_clinic,
    manifests,
    mark_deleted,
    open_clinic,
    open_worker,
    place_of,
    receipts_of,
)
from trellis.record.blobs import REMOVE_BLOB
from trellis.record.duties import BACK_UP, RETAIN, VERIFY, duties

OPERATOR = "operator:local"


class Later(SystemClock):
    """A clock that is some days ahead."""

    days = 0

    def now(self) -> datetime:
        return super().now() + timedelta(days=self.days)


@pytest.fixture
def settings(settings, tmp_path):
    """Settings of a clinic that has itself copied."""
    return Settings(settings._values | {"store.backups": str(tmp_path / "copies")})


@pytest.fixture
def record(settings):
    """A made clinic, open, behind the gate that clinics have; its clock can be put ahead."""
    make_clinic(settings, "Harbour Street")
    with open_clinic(settings, Later()) as opened:
        opened.gate = Standing
        yield opened


@pytest.fixture
def client(record):
    """The id of its client."""
    with record.work(OPERATOR) as work:
        return add_client(work, Client(legal_name="Zebediah Quill")).id


@pytest.fixture
def do(record, settings):
    """Runs the steps of a job, each twice: as of a worker that was killed before it could note the first."""

    def run(name, subject="", times=2):
        (job,) = [one for one in duties(record, settings) if one.name == name]
        for step in job.steps:
            for _ in range(times):
                step.do(Task(subject=subject or record.tenant, key=f"{name}:1:{step.name}"))

    return run


def told(record, action, client=""):
    """The lines of an action on the chain."""
    with record.database.look(record.tenant) as connection:
        return [one.entry for one in entries_of(connection, record.tenant, client) if one.entry.action == action]


def test_the_chain_is_proved_and_its_head_is_kept_outside(record, client, do):
    """The proof is one line on the chain, and the signed head outside covers it."""
    before, _ = record.verify()
    do(VERIFY)

    (line,) = told(record, VERIFY)
    assert (line.actor, line.subject, line.detail) == (f"job:{VERIFY}", record.tenant, {"number": before.number})
    assert read_anchors(record.anchors, record.tenant)[-1].number == before.number + 1


def test_a_chain_that_was_cut_makes_the_job_fail(record, do):
    """The error isn't one that passes, so nobody tries again and again; nothing is said to have been proved."""
    key = record.vault.current(record.tenant, "signing", record.tenant)
    write_anchor(record.anchors, sign_head(key, record.tenant, Head(number=99, hash=b"h" * 32), record.clock.now()))

    with pytest.raises(Invalid, match="does not hold"):
        do(VERIFY)
    assert told(record, VERIFY) == []


def test_what_was_kept_long_enough_goes_by_itself(record, client, do):
    """One receipt, one line for the run; the run that repeats it finds nothing due, and the bytes are gone."""
    with record.work(OPERATOR) as work:
        met = work.add(Encounter(mode="video", clinician="usr_a"), client=client, reason="encounter.add").id
    blob = keep_blob(record, OPERATOR, [b"sound"], kind="recording", client=client, encounter=met)
    with record.work(OPERATOR) as work:
        sound = Recording(media_type="audio/ogg", blob=blob, seconds=9.0)
        kept = work.add(sound, client=client, encounter=met, reason="recording.add").id
    record.clock.days = 31
    do(RETAIN)

    with record.work(OPERATOR) as work:
        assert [(one.items, one.actor) for one in receipts_of(work, client)] == [((kept,), f"job:{RETAIN}")]
    assert [one.detail for one in told(record, RETAIN)] == [{"receipts": 1}]
    assert list(record.blobs.listed()) == []


def test_the_clinic_is_copied_once_a_day(record, do, settings, tmp_path):
    """A copy that was proved isn't made again under the same key."""
    do(BACK_UP)

    (made,) = manifests(tmp_path / "copies", read_roots(place_of(settings).root))
    assert [one.detail["copy"] for one in told(record, "record.back_up")] == [made.id]


def test_the_bytes_of_deleted_sound_are_removed_soon(record, client, do):
    """The job is asked for with the deletion, under the sound's id; a deletion that was undone asks for none."""
    lost, kept = (keep_blob(record, OPERATOR, [b"sound"], kind="recording", client=client) for _ in range(2))
    with contextlib.suppress(KeyError), record.work(OPERATOR) as work:
        mark_deleted(work, kept)
        raise KeyError
    with record.work(OPERATOR) as work:
        mark_deleted(work, lost)
    with record.database.look(record.tenant) as connection:
        (asked,) = asked_for(connection, record.tenant)
    do(asked.job, asked.subject)

    assert (asked.job, asked.subject) == (REMOVE_BLOB, lost)
    assert [name.split("/")[1] for name, _ in record.blobs.listed()] == [kept]
    assert [one.subject for one in told(record, REMOVE_BLOB, client)] == [lost]
    with pytest.raises(Invalid):
        do(REMOVE_BLOB, kept, times=1)
    with record.work(OPERATOR) as work:
        assert [one.id for one in blobs_of(work)] == [kept]


def test_copies_are_due_only_where_there_is_a_folder_for_them(record, settings):
    """Without the setting nothing is copied; all else is due on every day."""

    def due(chosen):
        return {one.job for one in open_worker(record, chosen, lambda *_: None)._every}

    assert due(settings) == {VERIFY, RETAIN, BACK_UP}
    assert due(Settings(settings._values | {"store.backups": ""})) == {VERIFY, RETAIN}
