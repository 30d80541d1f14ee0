"""A recording under way survives what stops it: whole up to the last second, sealed, and only with consent."""

import wave
from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from trellis.chart import Client, Encounter, Mark, Present
from trellis.governance import entries_of
from trellis.kernel import Invalid, NotPermitted, TrellisError
from trellis.record import (
    add_client,
    add_encounter,
    begin_take,
    discard_take,
    find_take,
    give,
    remove_take,
    revoke,
)

ANN, BEN = "operator:ann", "operator:ben"
SOUND = b"".join(n.to_bytes(2, "little", signed=True) for n in range(-8000, 8000))
"""A second."""


@pytest.fixture
def there(record):
    """An encounter with a client who agreed to be recorded."""
    with record.work(ANN) as work:
        client = add_client(work, Client(legal_name="Ann Example", birth_date=date(1990, 5, 1))).id
        for use in ("treatment", "recording", "ai_drafting"):
            give(work, client, use, signed_by="Ann Example")
        met = Encounter(
            mode="in_person", clinician="staff:usr_a", started_at=datetime.now(UTC),
            present=(Present(role="client", client=client),),
        )  # fmt: skip
        return add_encounter(work, met)


@pytest.fixture
def begin(record, there, tmp_path):
    """Begins the recording, or goes on with it."""
    opened = []

    def take(actor=ANN):
        opened.append(begin_take(record, actor, tmp_path / "takes", there.id, there.client))
        return opened[-1]

    yield take
    for each in opened:
        each.close()


def heard(take):
    with wave.open(BytesIO(b"".join(take.wav()))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16000, 1, 2)
        return file.readframes(file.getnframes())


def test_sound_is_there_again_after_a_crash(begin, there, tmp_path):
    """Nobody closed the file: what was acknowledged is whole, and the recording goes on where it was."""
    first = begin()
    assert first.add(0, SOUND) == 16000
    first.mark(Mark(id="a", at=0.5, what="important"))
    again = begin()
    assert (again.samples, again.marks["a"].what) == (16000, "important")
    assert again.add(16000, SOUND) == 32000
    assert heard(again) == SOUND + SOUND


def test_what_is_sent_twice_is_there_once_and_nothing_leaves_a_gap(begin):
    """After a cut the browser sends again from where it knows; overlaps are left out, what lies beyond isn't taken."""
    take = begin()
    take.add(0, SOUND)
    assert take.add(8000, SOUND) == 24000
    assert take.add(0, SOUND) == 24000
    assert take.add(30000, SOUND) == 24000
    take.mark(Mark(id="a", at=1.0, what="risk"))
    take.mark(Mark(id="a", at=1.0, what="risk"))
    assert heard(take) == SOUND + SOUND[-16000:]
    assert len(take.marks) == 1
    for start, pcm in ((-1, SOUND), (24000, SOUND[:3]), (1 << 40, SOUND)):
        with pytest.raises(Invalid):
            take.add(start, pcm)


def test_a_frame_that_was_cut_is_sent_again(begin):
    """A crash in the middle of writing leaves a torn frame: the recording ends before it."""
    for cut in (1, 3, 100, 30_000):
        take = begin()
        start = take.samples
        take.add(start, SOUND)
        before = take.place.stat().st_size
        take.add(start + 16000, SOUND)
        with take.place.open("r+b") as file:
            file.truncate(before + cut)
        again = begin()
        assert again.samples == start + 16000
        assert again.add(start + 16000, SOUND) == start + 32000
    assert heard(again) == 8 * SOUND


def test_nothing_that_was_said_lies_open(begin):
    """The file holds ids and sealed frames; a bit changed in it is noticed, and so are frames that changed places."""
    take = begin()
    take.add(0, SOUND)
    size = take.place.stat().st_size
    take.add(16000, SOUND)
    whole = take.place.read_bytes()
    assert SOUND[:64] not in whole and b"Ann Example" not in whole
    assert take.place.stat().st_mode & 0o077 == 0
    head = whole.index(b"\n") + 1
    take.place.write_bytes(whole[:head] + whole[size:] + whole[head:size])
    with pytest.raises(TrellisError):
        begin()
    take.place.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
    with pytest.raises(TrellisError):
        begin()


def test_without_consent_there_is_no_recording(record, begin, there, tmp_path):
    """None begins, none goes on; the refusal is on the chain."""
    begin()
    with record.work(ANN) as work:
        revoke(work, there.client, "recording", by="Ann Example")
    with pytest.raises(NotPermitted):
        begin()
    with record.database.look(record.tenant) as connection:
        told = [one.entry for one in entries_of(connection, record.tenant, there.client)]
    assert [(one.action, one.decision) for one in told if one.action == "record.begin_take"] == [
        ("record.begin_take", "permit"),
        ("record.begin_take", "refuse"),
    ]


def test_a_recording_is_whose_who_began_it(record, begin, there, tmp_path):
    """Somebody else neither goes on with it nor ends it."""
    begin().add(0, SOUND)
    with pytest.raises(NotPermitted):
        begin(BEN)
    with pytest.raises(NotPermitted):
        find_take(record, BEN, tmp_path / "takes", there.id)


def test_a_discarded_recording_is_gone(record, begin, there, tmp_path):
    """And that it was discarded stays."""
    take = begin()
    take.add(0, SOUND)
    discard_take(record, ANN, take)
    assert find_take(record, ANN, tmp_path / "takes", there.id) is None
    with record.database.look(record.tenant) as connection:
        told = [one.entry for one in entries_of(connection, record.tenant, there.client)]
    assert (told[-1].action, dict(told[-1].detail)) == ("record.discard_take", {"seconds": 1})


def test_a_recording_that_was_cut_as_it_began_is_begun_again(begin, there, tmp_path):
    """A file without its first line holds nothing."""
    take = begin()
    take.place.write_bytes(b'{"id": "tak')
    again = begin()
    assert again.samples == 0
    remove_take(again)
    assert not again.place.exists()


def test_a_browser_gets_the_same_key_again_and_nobody_elses(begin):
    """So that what it kept before it was killed can be read when its user signs in again."""
    first, again = begin(), begin()
    assert first.pocket_key("acc_a") == again.pocket_key("acc_a") != first.pocket_key("acc_b")
    assert len(first.pocket_key("acc_a")) == 32
