"""Psychotherapy notes: no path to one but its writer's."""

import ast
import logging
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import event, select

import trellis
from trellis.chart import Client
from trellis.governance import HeldRoots, entries_of
from trellis.kernel import Invalid, NotFound, NotPermitted, TrellisError, new_id
from trellis.record import (
    add_private,
    back_up,
    banner_of,
    chart_of,
    disclose,
    disclosures_of,
    export,
    forget_client,
    list_private,
    merge,
    open_chart,
    open_own,
    open_private,
    place_hold,
    search,
    what_is_known,
)
from trellis.record.tables import private_books, private_notes
from trellis.store import RECORD, as_bytes

WRITERS = ("staff:usr_ann", "staff:usr_ben")
OTHERS = ("staff:usr_admin", "staff:usr_sup", "operator:local", "job:analytics", "client:usr_zoe", "ann", "")
CANARY = "Marmalade-Dirigible"
PURPOSES = ("treatment", "payment", "operations", "ai_drafting", "research", "break_glass")


@pytest.fixture
def clinic(record):
    """Two clients; Ann and Ben each wrote on both."""
    with record.work("staff:usr_ann") as work:
        clients = [work.add(Client(legal_name=name), reason="client.add").id for name in ("Zoe", "Yan")]
    notes = {
        add_private(record, writer, client, f"{CANARY} {writer} {client}").id: (writer, client)
        for writer in WRITERS
        for client in clients
    }
    return record, clients, notes


def doors(record, actor, purpose, ids, clients, folder):
    """Every way to something of the record, with these ids; each gives what it would show."""

    def working(act):
        with record.work(actor, purpose=purpose) as work:
            return act(work)

    for one in ids:
        yield lambda one=one: working(lambda work: work.open(one))
        yield lambda one=one: working(lambda work: work.history(one))
        yield lambda one=one: working(lambda work: work.listed(one))
        yield lambda one=one: working(lambda work: work.find(client=one))
        yield lambda one=one: working(lambda work: work.open_found(client=one))
        yield lambda one=one: working(lambda work: chart_of(work, one))
        yield lambda one=one: working(lambda work: open_chart(work, one))
        yield lambda one=one: working(lambda work: what_is_known(work, one))
        yield lambda one=one: working(lambda work: search(work, one, "Marmalade"))
        yield lambda one=one: working(lambda work: open_own(work, one))
        yield lambda one=one: working(lambda work: disclosures_of(work, one))
        yield lambda one=one: disclose(
            record, actor, clients[0], [one], folder.with_name("d.json"), recipient="x", purpose="treatment"
        )
        yield lambda one=one: working(lambda work: list(entries_of(work.connection, work.tenant, one)))
        yield lambda one=one: open_private(record, actor, one).words
    yield lambda: working(lambda work: work.open_found())
    yield lambda: [file.read_bytes() for file in _exported(record, actor, folder).rglob("*") if file.is_file()]


def _exported(record, actor, folder):
    export(record, "x", folder, actor)
    return folder


@given(data=strategies.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_path_leads_to_a_note_but_its_writers(clinic, tmp_path_factory, caplog, data):
    """Whoever asks, for whatever purpose, at whichever door, with whichever id: only the writer sees their words."""
    record, clients, notes = clinic
    caplog.set_level(logging.DEBUG)
    actor = data.draw(strategies.sampled_from(WRITERS + OTHERS))
    purpose = data.draw(strategies.sampled_from(PURPOSES))
    with record.database.look(record.tenant) as connection:
        books = [row.id for row in connection.execute(select(private_books.c.id))]
    ids = [*clients, *notes, *books, new_id("pri"), record.tenant, "%", "' OR 1=1 --"]
    for door in doors(record, actor, purpose, ids, clients, tmp_path_factory.mktemp("out") / "x"):
        try:
            shown = repr(door())
        except TrellisError as error:
            shown = f"{error} {error.hint} {error.code}"
        for writer, client in set(notes.values()):
            if writer != actor:
                assert f"{CANARY} {writer} {client}" not in shown
        assert CANARY not in shown or actor in WRITERS
    assert CANARY not in caplog.text


@pytest.mark.parametrize("actor", [*OTHERS, *WRITERS])
def test_a_note_opens_to_its_writer_alone(clinic, actor):
    """Every pair of somebody and a note: its writer reads the words, everybody else gets the words for none."""
    record, _, notes = clinic
    for note, (writer, client) in notes.items():
        if writer == actor:
            assert open_private(record, actor, note).words == f"{CANARY} {writer} {client}"
        else:
            with pytest.raises((NotFound, NotPermitted)) as refused:
                open_private(record, actor, note)
            with pytest.raises((NotFound, NotPermitted)) as absent:
                open_private(record, actor, new_id("pri"))
            assert str(refused.value) == str(absent.value)
            assert refused.value.code == absent.value.code


def test_lists_hold_ones_own_alone(clinic):
    """A list names what its reader wrote on this client, and where two records were merged, on both."""
    record, (zoe, yan), notes = clinic
    for writer in WRITERS:
        assert [one.id for one in list_private(record, writer, zoe)] == [
            note for note, of in notes.items() if of == (writer, zoe)
        ]
    assert list_private(record, "staff:usr_admin", zoe) == []
    with record.work("staff:usr_ann") as work:
        merge(work, yan, zoe, "one person")
    assert len(list_private(record, "staff:usr_ann", zoe)) == 2


def test_openings_and_refusals_are_on_the_chain_with_ids_alone(clinic):
    """Adding, opening and being refused each leave a line; a refusal doesn't say whose note it was."""
    record, (zoe, _), notes = clinic
    mine = next(note for note, of in notes.items() if of == ("staff:usr_ann", zoe))
    open_private(record, "staff:usr_ann", mine)
    with pytest.raises(NotFound):
        open_private(record, "staff:usr_admin", mine)
    with pytest.raises(NotFound):
        open_private(record, "staff:usr_admin", "Zoe's secret")
    with record.database.look(record.tenant) as connection:
        of_zoe = [line.entry for line in entries_of(connection, record.tenant, zoe)]
        of_nobody = [line.entry for line in entries_of(connection, record.tenant, "")]
    assert [(one.action, one.decision) for one in of_zoe if one.subject == mine] == [
        ("private.add", "permit"),
        ("private.open", "permit"),
    ]
    refused = [one for one in of_nobody if one.decision == "refuse"]
    assert [(one.actor, one.subject, one.rule) for one in refused] == [
        ("staff:usr_admin", mine, "private.originator"),
        ("staff:usr_admin", record.tenant, "private.originator"),
    ]
    assert record.verify()[1] is None


def test_nothing_is_stored_or_copied_in_clear(clinic, tmp_path):
    """No table, no file and no backup holds the words in clear; a note is sealed under a key of its writer and client.

    Its key opens nothing else, and the key of the client's record doesn't open it.
    """
    record, (zoe, _), notes = clinic
    with record.database.look(record.tenant) as connection:
        rows = connection.execute(select(private_notes)).all()
        for table in RECORD.sorted_tables:
            for row in connection.execute(select(table)):
                assert CANARY not in "".join(str(value) for value in row)
                assert all(CANARY.encode() not in as_bytes(value) for value in row if isinstance(value, bytes))
    keys = record.vault.keys(record.tenant, [row.key for row in rows])
    assert {key.purpose for key in keys.values()} == {"private"}
    assert len(keys) == len(set(notes.values())) == 4
    assert record.vault.current(record.tenant, "client", zoe).id not in keys
    record.anchor()
    back_up(record, HeldRoots((b"r" * 32,)), "x", tmp_path / "copy", "operator:local")
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes(), file


def test_whoever_is_forgotten_is_forgotten_here_too(clinic):
    """With a client's keys go those of every private note on them; a hold keeps all of it; others' stay."""
    record, (zoe, yan), notes = clinic
    hold = place_hold(record, yan, "litigation", "staff:usr_admin")
    with pytest.raises(TrellisError):
        forget_client(record, yan, "asked", "staff:usr_admin")
    assert hold
    forget_client(record, zoe, "asked", "staff:usr_admin")
    forget_client(record, zoe, "asked", "staff:usr_admin")
    for note, (writer, client) in notes.items():
        if client == zoe:
            with pytest.raises(NotFound):
                open_private(record, writer, note)
        else:
            assert CANARY in open_private(record, writer, note).words
    assert {grave.purpose for grave in record.vault.tombstones(record.tenant)} == {"client", "private"}


def test_only_a_person_writes_one_and_only_on_a_client(clinic):
    """No job and no operator has private notes; an empty one, or one on nobody, is refused."""
    record, (zoe, _), _ = clinic
    for actor in ("operator:local", "job:scribe", "client:usr_zoe"):
        with pytest.raises(NotPermitted):
            add_private(record, actor, zoe, "words")
    with pytest.raises(Invalid):
        add_private(record, "staff:usr_ann", zoe, "  \n")
    with pytest.raises(NotFound):
        add_private(record, "staff:usr_ann", new_id("cli"), "words")


def test_each_kind_says_what_it_is_and_on_which_law():
    """The banner names what doesn't belong there, and where that stands."""
    assert "164.501" in banner_of("psychotherapy").source
    assert "2.11" in banner_of("sud_counseling").source
    for kind in ("psychotherapy", "sud_counseling"):
        assert "medication" in banner_of(kind).text and "Yours alone" in banner_of(kind).text


def test_nothing_else_reads_these_tables():
    """Only the door itself names the tables or a key of that purpose: search, drafts, figures and exports can't."""
    root = Path(trellis.__file__).parent
    naming = set()
    for file in root.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.id] if isinstance(node, ast.Name) else []
            names += [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            if {"private_notes", "private_books"} & set(names):
                naming.add(file.relative_to(root).as_posix())
    assert naming == {
        "record/private.py",
        "record/tables.py",
        "store/migrations/record/versions/0001_record.py",
    }


def test_a_refusal_takes_the_same_steps_whether_the_note_is_there_or_not(clinic):
    """Somebody else's note and none at all cost the same statements on both databases and open no key: time tells
    nothing."""
    record, _, notes = clinic
    theirs = next(note for note, (writer, _) in notes.items() if writer == "staff:usr_ben")

    def steps(note):
        seen = []
        watched = (record.database.engine, record.vault.database.engine)

        def watch(connection, cursor, statement, *_):
            seen.append(statement)

        for engine in watched:
            event.listen(engine, "before_cursor_execute", watch)
        try:
            with pytest.raises(NotFound):
                open_private(record, "staff:usr_ann", note)
        finally:
            for engine in watched:
                event.remove(engine, "before_cursor_execute", watch)
        return seen

    steps(theirs)
    there, absent = steps(theirs), steps(new_id("pri"))
    assert there == absent
    assert not any("FROM keys" in statement for statement in there)
