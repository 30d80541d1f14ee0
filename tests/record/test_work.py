"""What is accepted is kept, with its history and its audit; what isn't leaves nothing."""

import pytest

from trellis.chart import Client, Goal
from trellis.governance import entries_of
from trellis.kernel import Conflict, NotFound

NURSE = "staff:usr_a"


def test_what_is_written_is_read_back_with_who_when_and_why(record):
    """An entry comes back as it went in, and says who wrote it, when and why."""
    with record.work(NURSE) as work:
        client = work.add(Client(legal_name="Ann Example", pronouns="she/her"), reason="client.add")
    with record.work("staff:usr_b") as work:
        found = work.open(client.id)

    assert found.content == Client(legal_name="Ann Example", pronouns="she/her")
    assert (found.actor, found.reason, found.version, found.client) == (NURSE, "client.add", 1, client.id)
    assert found.made_at.tzinfo is not None


def test_versions_stay_and_two_writers_do_not_overwrite_each_other(record):
    """A change adds a version; a second change of the same version is refused, and loses nothing."""
    with record.work(NURSE) as work:
        client = work.add(Client(legal_name="Ann"), reason="client.add")
        goal = work.add(Goal(words="Sleep through"), client=client.id, reason="goal.add")
    with record.work(NURSE) as work:
        work.change(goal, Goal(words="Sleep six hours"), reason="goal.change")
    with pytest.raises(Conflict), record.work("staff:usr_b") as work:
        work.change(goal, Goal(words="Never mind"), reason="goal.change")
    with record.work(NURSE) as work:
        history = work.history(goal.id)

    assert [entry.content.words for entry in history] == ["Sleep through", "Sleep six hours"]
    assert [entry.version for entry in history] == [1, 2]


def test_a_failed_piece_of_work_leaves_nothing(record):
    """An error in the middle undoes all of it, its audit included."""
    with pytest.raises(RuntimeError), record.work(NURSE) as work:  # noqa: PT012 (it fails after writing)
        work.add(Client(legal_name="Ann"), reason="client.add")
        raise RuntimeError
    with record.work(NURSE) as work:
        assert work.find(kinds=["client"]) == []
    head, broken = record.verify()

    assert (head.number, broken) == (0, None)


def test_nothing_of_a_client_is_readable_in_the_database(record):
    """The tables hold ids, times and sealed bytes: no word of what was stored, and no digest that could be guessed."""
    with record.work(NURSE) as work:
        client = work.add(Client(legal_name="Zebediah Quill"), reason="client.add")
        work.add(Goal(words="Stop hiding bottles"), client=client.id, reason="goal.add")
        same = work.add(Goal(words="Stop hiding bottles"), client=client.id, reason="goal.add")
    with record.database.look(record.tenant) as connection:
        rows = connection.exec_driver_sql("SELECT * FROM versions").fetchall()
    everything = b"".join(bytes(value) for row in rows for value in row if isinstance(value, bytes | memoryview))

    assert b"Quill" not in everything and b"bottles" not in everything
    assert len({bytes(row.digest) for row in rows}) == len(rows) == 3
    assert same.digest in {bytes(row.digest).hex() for row in rows}


def test_reading_and_writing_are_on_the_chain(record):
    """Every write and every opening has its line, with the actor, and the chain holds."""
    with record.work(NURSE) as work:
        client = work.add(Client(legal_name="Ann"), reason="client.add")
    with record.work("staff:usr_b") as work:
        work.open(client.id)
    with record.database.look(record.tenant) as connection:
        lines = [(one.entry.actor, one.entry.action) for one in entries_of(connection, record.tenant, client.id)]

    assert lines == [(NURSE, "client.add"), ("staff:usr_b", "record.open")]
    assert record.verify()[1] is None


def test_a_client_whose_key_is_gone_can_not_be_read(record):
    """Destroying the key makes the content unreadable; the error says so and names the client by id alone."""
    with record.work(NURSE) as work:
        client = work.add(Client(legal_name="Ann"), reason="client.add")
    record.vault.destroy(record.tenant, client.id, "retention")

    with pytest.raises(NotFound, match="destroyed") as error, record.work(NURSE) as work:
        work.open(client.id)
    assert "Ann" not in str(error.value)


def test_any_number_of_entries_is_opened(record):
    """More than a database takes ids in one statement: all come back, in the order asked for, counted on the chain."""
    with record.work(NURSE) as work:
        client = work.add(Client(legal_name="Ann"), reason="client.add").id
        for words in ("One", "Two"):
            work.add(Goal(words=words), client=client, reason="goal.add")
    with record.work(NURSE) as work:
        goals = work.find(kinds=["goal"])
        opened = work.open_all(goals * 50_000)
    with record.database.look(record.tenant) as connection:
        last = list(entries_of(connection, record.tenant, client))[-1].entry

    assert [entry.id for entry in opened] == [goal.id for goal in goals] * 50_000
    assert last.detail == {"entries": 100_000}
