"""Killed anywhere, out of disk, out of server, meddled with: what was accepted is there, and what isn't says so."""

import contextlib
import os
import random
import shutil
import subprocess
import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from tests.databases import ROLE, Server
from tests.governance.test_audit import meddling
from tests.record.desk import agree
from tests.record.test_export import GROWS, files_of
from tests.record.victims import SOUND, Victims
from trellis.chart import Client, Goal
from trellis.governance import read_roots
from trellis.kernel import NotFound, Settings, SystemClock, TrellisError, Unavailable
from trellis.record import (
    back_up,
    blobs_of,
    bring_in,
    export,
    keep_blob,
    make_clinic,
    open_blob,
    open_clinic,
    place_of,
    restore,
)

NURSE = "staff:usr_a"
FEW = range(1)
MANY = [pytest.param(number, marks=pytest.mark.soak) for number in range(1, 60)]
POINTS = [*FEW, *MANY]


@pytest.fixture(scope="module")
def victims():
    """Gives processes to be killed."""
    given = Victims()
    yield given
    given.close()


@pytest.fixture
def plain(place_for):
    """Gives the settings of a place as another process takes them."""

    def chosen(name="clinic"):
        settings = place_for(name)
        names = ("folder", "url", "owner_url", "keys_url", "keys_owner_url", "role")
        return {f"store.{each}": settings.text(f"store.{each}") for each in names}

    return chosen


@pytest.fixture
def clinic(plain):
    """A clinic with two clients; gives its settings and the first client's id."""
    chosen = plain()
    make_clinic(Settings(chosen), "Harbour Street")
    with open_clinic(Settings(chosen)) as record:
        with record.work(NURSE) as work:
            ann, ben = (work.add(Client(legal_name=name), reason="client.add").id for name in ("Ann", "Ben"))
            for client in (ann, ben):
                for number in range(20):
                    work.add(Goal(words=f"Goal {number}"), client=client, reason="goal.add")
            agree(work, ann)
        keep_blob(record, NURSE, [SOUND], kind="document", client=ann)
    return chosen, ann


def moment(point, seconds):
    """When to kill: some moment of what takes so long, another for each point."""
    return random.Random(point).random() * seconds


def everything(settings):
    """All a clinic holds, opened; its chain must hold."""
    with open_clinic(settings) as record:
        assert record.verify()[1] is None
        with record.work(NURSE) as work:
            opened = {entry.id: entry.content for entry in work.open_all(work.find())}
            sounds = [blob.id for blob in blobs_of(work)]
        for blob in sounds:
            assert b"".join(open_blob(record, NURSE, blob)) == SOUND
        return opened, sounds


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_saving_what_was_accepted_is_there(victims, clinic, tmp_path, point):
    """Every change that was told as accepted is a version; at most the one under way is there beside."""
    chosen, ann = clinic
    acks = tmp_path / "acks"
    victims.kill("save", chosen, moment(point, 0.6), client=ann, acks=str(acks), times=100_000)
    told = [line.split() for line in acks.read_text().splitlines()] if acks.exists() else []
    opened, _ = everything(Settings(chosen))
    if told:
        goal, last = told[-1]
        assert int(opened[goal].words) - int(last) in (0, 1)
        with open_clinic(Settings(chosen)) as record, record.work(NURSE) as work:
            assert [int(one.content.words) for one in work.history(goal)] == list(range(int(opened[goal].words) + 1))


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_keeping_sound_there_is_none_or_all_of_it(victims, clinic, tmp_path, point):
    """A recording that was told as kept is there whole; none is there in part."""
    chosen, ann = clinic
    acks = tmp_path / "acks"
    victims.kill("keep", chosen, moment(point, 0.4), client=ann, acks=str(acks))
    told = acks.read_text().split() if acks.exists() else []

    assert set(told) <= set(everything(Settings(chosen))[1])


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_a_clinic_is_made_and_migrated_it_can_be_made(victims, plain, point):
    """Half-made, there is none; made again, it works."""
    chosen = plain()
    victims.kill("make", chosen, moment(point, 0.5))
    if not place_of(Settings(chosen)).organisation.exists():
        with pytest.raises(NotFound):
            open_clinic(Settings(chosen))
        make_clinic(Settings(chosen), "Harbour Street")

    assert everything(Settings(chosen)) == ({}, [])


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_copying_the_clinic_and_its_copies_are_whole(victims, clinic, plain, tmp_path, point):
    """The clinic goes on; the copy before is restored, and so is the next; a restore that was killed is redone."""
    chosen, _ = clinic
    folder = str(tmp_path / "copies")
    seconds = victims.do("copy", chosen, folder=folder)
    victims.kill("copy", chosen, moment(point, seconds), folder=folder)
    before = everything(Settings(chosen))
    elsewhere = plain("elsewhere")
    place_of(Settings(elsewhere)).folder.mkdir()
    shutil.copy(place_of(Settings(chosen)).root, place_of(Settings(elsewhere)).root)
    victims.kill("rebuild", elsewhere, moment(point + 1000, seconds / 2), folder=folder)
    if not place_of(Settings(elsewhere)).organisation.exists():
        victims.do("rebuild", elsewhere, folder=folder)

    assert everything(Settings(elsewhere)) == before
    victims.do("copy", chosen, folder=folder)


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_keys_change_everything_opens(victims, clinic, point):
    """All opens after a change of the root, the organisation's key or a client's that was cut; it can be done again."""
    chosen, ann = clinic
    before = everything(Settings(chosen))
    victims.kill("rotate", chosen, moment(point, 0.15))
    assert everything(Settings(chosen)) == before
    victims.kill("renew", chosen, moment(point + 1000, 0.15), client=ann)
    assert everything(Settings(chosen)) == before
    victims.do("rotate", chosen)
    victims.do("renew", chosen, client=ann)

    assert everything(Settings(chosen)) == before


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_leaving_or_arriving_nothing_is_half_there(victims, clinic, plain, tmp_path, point):
    """An export without its manifest is none; an import that was cut is done again, and brings the same."""
    chosen, _ = clinic
    half = tmp_path / "half"
    victims.kill("leave", chosen, moment(point, 0.4), folder=str(half))
    elsewhere = plain("elsewhere")
    if half.exists() and not (half / "manifest.json").exists():
        with pytest.raises(NotFound):
            bring_in(Settings(elsewhere), half, NURSE)
    victims.do("leave", chosen, folder=str(tmp_path / "out"))
    victims.kill("arrive", elsewhere, moment(point + 1000, 0.8), folder=str(tmp_path / "out"))
    if not place_of(Settings(elsewhere)).organisation.exists():
        victims.do("arrive", elsewhere, folder=str(tmp_path / "out"))
    assert everything(Settings(elsewhere)) == everything(Settings(chosen))

    victims.do("leave", elsewhere, folder=str(tmp_path / "again"))
    first, second = files_of(tmp_path / "out"), files_of(tmp_path / "again")
    assert {name for name in first if first[name] != second[name]} <= {*GROWS, "manifest.json"}


def test_two_processes_write_one_file(victims, clinic, tmp_path):
    """Two processes save at once: nothing is refused, nothing lost, and the chain holds."""
    chosen, ann = clinic
    others = Victims()
    times = 40
    for number, each in enumerate((victims, others)):
        each.begin("save", chosen, client=ann, acks=str(tmp_path / str(number)), times=times)
    ends = [each.ended() for each in (victims, others)]
    others.close()
    opened, _ = everything(Settings(chosen))

    assert ends == [0, 0]
    for number in range(2):
        goal, last = (tmp_path / str(number)).read_text().splitlines()[-1].split()
        assert (opened[goal].words, int(last)) == (last, times - 1)


def test_a_hundred_people_save_at_once(record):
    """None is refused, none loses anything, and each has its line."""
    with record.work(NURSE) as work:
        client = work.add(Client(legal_name="Ann"), reason="client.add").id
        goals = [work.add(Goal(words="0"), client=client, reason="goal.add") for _ in range(100)]
    failed = []
    gate = threading.Barrier(len(goals))

    def save(number):
        try:
            gate.wait()
            with record.work(f"staff:usr_{number}") as work:
                work.change(goals[number], Goal(words=str(number)), reason="goal.change")
        except BaseException as error:  # noqa: BLE001 (counted)
            failed.append(error)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(len(goals))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with record.work(NURSE) as work:
        found = [work.open(goal.id) for goal in goals]

    assert failed == []
    assert [(one.content.words, one.actor) for one in found] == [(str(n), f"staff:usr_{n}") for n in range(len(goals))]
    assert record.verify()[1] is None


@pytest.fixture
def small_disk(tmp_path):
    """A disk of a few MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if (
        os.getuid() != 0
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("only who may mount a small disk can fill it")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_refuses_and_spoils_nothing(small_disk, tmp_path):
    """Sound, entries, copies and exports are refused by name; what there was is whole, and with room all goes on."""
    settings = Settings({"store.folder": str(small_disk / "clinic")})
    make_clinic(settings, "Harbour Street")
    with open_clinic(settings) as record:
        with record.work(NURSE) as work:
            ann = work.add(Client(legal_name="Ann"), reason="client.add").id
        keep_blob(record, NURSE, [SOUND], kind="document", client=ann)
    before = everything(settings)
    roots = read_roots(place_of(settings).root, {})
    ballast = small_disk / "ballast"
    with open_clinic(settings) as record:
        _fill_up(ballast)
        with pytest.raises(Unavailable, match="full"):
            keep_blob(record, NURSE, [SOUND] * 20, kind="recording", client=ann)
        with pytest.raises(Unavailable, match="full"):
            write_much(record, ann)
        with pytest.raises(Unavailable, match="room"):
            export(record, "Harbour Street", small_disk / "out", NURSE)
        with pytest.raises(Unavailable):
            back_up(record, roots, "Harbour Street", small_disk / "copies", NURSE)
    _fill_up(small_disk / "more")
    with pytest.raises(Unavailable, match="full"):
        open_clinic(settings)
    (small_disk / "more").unlink()
    ballast.unlink()

    assert everything(settings) == before
    assert not (small_disk / "out").exists()
    with open_clinic(settings) as record:
        keep_blob(record, NURSE, [SOUND], kind="document", client=ann)
        back_up(record, roots, "Harbour Street", tmp_path / "copies", NURSE)
        export(record, "Harbour Street", tmp_path / "out", NURSE)
    _fill_up(ballast, leave=600_000)
    elsewhere = Settings({"store.folder": str(small_disk / "elsewhere")})
    with pytest.raises(Unavailable):
        bring_in(elsewhere, tmp_path / "out", NURSE)
    assert not (small_disk / "elsewhere").exists()


def write_much(record, client):
    """More than the disk has room for, in one piece of work."""
    with record.work(NURSE) as work:
        for _ in range(200):
            work.add(Goal(words="x" * 20_000), client=client, reason="goal.add")


def _fill_up(ballast, leave=0):
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    if leave:
        os.truncate(ballast, ballast.stat().st_size - leave)


def write_while_it_stops(record, client, server):
    """A piece of work whose server is gone before its end."""
    with record.work(NURSE) as work:
        work.add(Goal(words="Never kept"), client=client, reason="goal.add")
        server.stop("immediate")


def test_a_server_that_goes_and_comes_back(tmp_path):
    """While it is away work is refused by name; back, what was accepted is there and work goes on, unopened anew."""
    server = Server()
    try:
        chosen = {"store.folder": str(tmp_path / "clinic"), "store.role": ROLE}
        for name in ("", "keys_"):
            chosen[f"store.{name}owner_url"], chosen[f"store.{name}url"] = server.make()
        make_clinic(Settings(chosen), "Harbour Street")
        with open_clinic(Settings(chosen)) as record:
            with record.work(NURSE) as work:
                ann = work.add(Client(legal_name="Ann"), reason="client.add").id
            with pytest.raises(Unavailable):
                write_while_it_stops(record, ann, server)
            with pytest.raises(Unavailable, match="database"), record.work(NURSE) as work:
                work.open(ann)
            server.start()
            with record.work(NURSE) as work:
                assert work.open(ann).content.legal_name == "Ann"
                assert work.find(kinds=["goal"]) == []
                work.add(Goal(words="Kept"), client=ann, reason="goal.add")
            assert record.verify()[1] is None
    finally:
        server.remove()


NOISE = "UPDATE versions SET sealed = :noise WHERE id = :first"
OTHERS = "UPDATE versions SET sealed = (SELECT sealed FROM versions WHERE id = :second) WHERE id = :first"
OLDER = """
    UPDATE versions SET sealed = (SELECT sealed FROM versions WHERE id = :first AND version = 1)
    WHERE id = :first AND version = 2
"""


@pytest.mark.parametrize("statement", [NOISE, OTHERS, OLDER])
def test_sealed_text_that_was_changed_or_moved_is_found_and_named(record, statement):
    """Another's text, an older one, or noise in its place: it doesn't open, and the error names the entry."""
    with record.work(NURSE) as work:
        client = work.add(Client(legal_name="Ann"), reason="client.add").id
        first = work.add(Goal(words="One"), client=client, reason="goal.add")
        second = work.add(Goal(words="Two"), client=client, reason="goal.add").id
        work.change(first, Goal(words="Three"), reason="goal.change")
    with meddling(record) as connection:
        given = {"first": first.id, "second": second, "noise": b"\x01" + bytes(80)}
        connection.execute(text(statement), {name: given[name] for name in given if f":{name}" in statement})

    with pytest.raises(Unavailable, match=first.id), record.work(NURSE) as work:
        work.open(first.id)
    with record.work(NURSE) as work:
        assert work.open(second).content.words == "Two"


def test_a_clock_that_goes_back_loses_nothing(record):
    """Versions are in the order they were written, whatever the clock says; the chain holds."""
    clock = SystemClock()
    record.clock = clock
    with record.work(NURSE) as work:
        client = work.add(Client(legal_name="Ann"), reason="client.add").id
        goal = work.add(Goal(words="One"), client=client, reason="goal.add")
    clock.now = lambda: datetime(2001, 1, 1, tzinfo=UTC)
    with record.work(NURSE) as work:
        work.change(goal, Goal(words="Two"), reason="goal.change")
    with record.work(NURSE) as work:
        assert [one.content.words for one in work.history(goal.id)] == ["One", "Two"]
        assert work.open(goal.id).content.words == "Two"
    assert record.verify()[1] is None


def test_lost_keys_are_told_and_destroy_nothing(clinic):
    """Without the root key, or with another, the clinic says so; put back, all is there."""
    settings = Settings(clinic[0])
    before = everything(settings)
    root = place_of(settings).root
    kept = root.read_bytes()
    for lost in (b"0" * 64 + b"\n", b"not a key", None):
        if lost is None:
            root.unlink()
        else:
            root.write_bytes(lost)
        with pytest.raises(TrellisError, match=r"root key|root_|64 hexadecimal"):
            everything(settings)
    root.write_bytes(kept)
    root.chmod(0o600)

    assert everything(settings) == before


def test_a_copy_of_the_record_without_its_keys_is_noise(clinic, plain, tmp_path):
    """The keys' copies gone, a restore says what is missing and leaves no clinic."""
    chosen, _ = clinic
    settings = Settings(chosen)
    roots = read_roots(place_of(settings).root, {})
    with open_clinic(settings) as record:
        back_up(record, roots, "Harbour Street", tmp_path / "copies", NURSE)
    shutil.rmtree(tmp_path / "copies" / "keys")
    elsewhere = Settings(plain("elsewhere"))

    with pytest.raises(NotFound, match="keys"):
        restore(elsewhere, tmp_path / "copies", roots)
    assert not place_of(elsewhere).organisation.exists()
