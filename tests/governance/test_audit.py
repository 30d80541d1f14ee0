"""Whatever is done to the chain shows: altered, removed, moved, cut, or written anew by who holds the database."""

from contextlib import contextmanager

import pytest
from sqlalchemy import text

from trellis.governance import AuditEntry, append, genesis, head_of, read_anchors
from trellis.governance.audit import chained
from trellis.kernel import Invalid

ENTRIES = 12


@pytest.fixture
def chain(record):
    """A chain of a few entries whose head was anchored in the middle."""
    for number in range(ENTRIES):
        with record.work(f"staff:usr_{number}") as work:
            work.tell("record.open", f"cli_{number}", f"cli_{number}", {"version": number})
        if number == ENTRIES // 2:
            record.anchor()
    return record


@contextmanager
def meddling(record):
    """What somebody does who owns the database: the triggers are off."""
    if record.database.is_sqlite:
        with record.database.change(record.tenant) as connection:
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER audit_entries_{verb}"))
            yield connection
        return
    owner = record.database.engine.url.set(username="owner")
    from sqlalchemy import create_engine

    engine = create_engine(owner)
    with engine.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        yield connection
    engine.dispose()


def test_an_untouched_chain_holds(chain):
    """Every entry is counted, and its end is the head."""
    head, broken = chain.verify()

    assert (head.number, broken) == (ENTRIES, None)


@pytest.mark.parametrize(
    ("statements", "number", "how"),
    [
        (["UPDATE audit_entries SET actor = 'staff:usr_x' WHERE number = 5"], 5, "altered"),
        (["UPDATE audit_entries SET decision = 'refuse' WHERE number = 1"], 1, "altered"),
        (["UPDATE audit_entries SET detail = '{}' WHERE number = 12"], 12, "altered"),
        (["DELETE FROM audit_entries WHERE number = 5"], 5, "missing"),
        (["DELETE FROM audit_entries WHERE number = 1"], 1, "missing"),
        (["DELETE FROM audit_entries WHERE number > 9"], 10, "cut short"),
        (["DELETE FROM audit_entries"], 1, "cut short"),
        (
            [
                "UPDATE audit_entries SET number = 99 WHERE number = 5",
                "UPDATE audit_entries SET number = 5 WHERE number = 6",
                "UPDATE audit_entries SET number = 6 WHERE number = 99",
            ],
            5,
            "altered",
        ),
    ],
)
def test_meddling_is_found_and_named(chain, statements, number, how):
    """The first entry that doesn't hold is named, with what was done to it."""
    with meddling(chain) as connection:
        for statement in statements:
            connection.execute(text(statement))
    broken = chain.verify()[1]

    assert (broken.number, broken.how) == (number, how)


def test_a_chain_cut_with_its_head_shows_against_the_anchor(chain):
    """Somebody takes the last entries away and sets the head back: the signed head outside still counts them."""
    with meddling(chain) as connection:
        connection.execute(text("DELETE FROM audit_entries WHERE number > 4"))
        row = connection.execute(text("SELECT hash FROM audit_entries WHERE number = 4")).one()
        connection.execute(text("UPDATE audit_heads SET number = 4, hash = :hash"), {"hash": bytes(row.hash)})
    broken = chain.verify()[1]

    assert (broken.number, broken.how) == (5, "cut short")


def test_a_chain_written_anew_shows_against_the_anchor(chain):
    """Somebody recomputes every digest after a change: the signed head has another one."""
    with meddling(chain) as connection:
        connection.execute(text("UPDATE audit_entries SET actor = 'staff:usr_x' WHERE number = 2"))
        digest = genesis(chain.tenant)
        names = "number, at, actor, action, subject, client, purpose, decision, rule, detail"
        for row in connection.execute(text(f"SELECT {names} FROM audit_entries ORDER BY number")).all():
            digest = chained(digest, list(row))
            connection.execute(
                text("UPDATE audit_entries SET hash = :hash WHERE number = :number"),
                {"hash": digest, "number": row.number},
            )
        connection.execute(text("UPDATE audit_heads SET hash = :hash"), {"hash": digest})
    broken = chain.verify()[1]

    assert (broken.number, broken.how) == (ENTRIES // 2 + 1, "rewritten")


def test_a_forged_anchor_is_refused(chain):
    """An anchor whose numbers were changed, or that another key signed, is named."""
    file = chain.anchors / f"{chain.tenant}.jsonl"
    kept = file.read_text()
    file.write_text(kept.replace(f'"number":{ENTRIES // 2 + 1}', '"number":3'))

    with pytest.raises(Invalid, match="entry 3"):
        chain.verify()
    file.write_text(kept + kept[: len(kept) // 2])
    assert len(read_anchors(chain.anchors, chain.tenant)) == 1
    assert chain.verify()[1] is None


def test_an_entry_is_there_only_with_what_it_tells(record):
    """Rolled back with its transaction, it leaves no gap."""
    with pytest.raises(ZeroDivisionError), record.database.change(record.tenant) as connection:  # noqa: PT012
        append(connection, record.tenant, [AuditEntry(actor="a", action="b.c", subject="d")], record.clock.now())
        raise ZeroDivisionError
    with record.database.look(record.tenant) as connection:
        assert head_of(connection, record.tenant).number == 0


def test_a_clock_that_goes_back_breaks_nothing(record):
    """Order is by number; the time is told as the clock said it."""
    from datetime import UTC, datetime

    with record.database.change(record.tenant) as connection:
        for year in (2026, 2020):
            entry = AuditEntry(actor="a", action="b.c", subject=str(year))
            append(connection, record.tenant, [entry], datetime(year, 1, 1, tzinfo=UTC))

    assert record.verify()[1] is None
