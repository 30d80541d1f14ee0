"""What was said and who somebody is stays in sealed content: in no error, log, line of the chain or open column."""

import logging
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from trellis.chart import Client, Diagnosis, Goal, Medication, Representative
from trellis.governance import carry_out
from trellis.kernel import Invalid, TrellisError
from trellis.record import (
    add_client,
    add_private,
    add_representative,
    amend,
    change_client,
    disclose,
    edit,
    give,
    merge,
    open_own,
    search,
    sign,
    strictly,
    withhold_entry,
    write,
)
from trellis.store import RECORD, as_bytes

from .desk import ANN, BEN, DANA, NOTE, answered, one_session

CANARY = "Wexford-Tamarind"


@pytest.fixture
def clinic(record):
    """A client of that name, with a note, a consent, a representative, a disclosure: that word in each."""
    draft = one_session(record, note=NOTE)
    with record.work(ANN) as work:
        person = work.open(draft.client)
        change_client(work, person, replace(person.content, legal_name=CANARY, chosen_name=CANARY))
        draft = write(work, draft, "plan", f"Call {CANARY}.", "plan")
        note = sign(work, answered(work, draft), DANA)
        goal = work.add(Goal(words=CANARY), client=draft.client, reason="goal.add")
        amend(work, note, DANA, kind="addendum", words=CANARY, reason=CANARY)
        give(work, draft.client, "sharing", signed_by=CANARY, recipient=CANARY)
        add_representative(
            work, draft.client, Representative(name=CANARY, relation="sister", basis="proxy", since=date(2020, 1, 1))
        )
        withhold_entry(work, goal.id, "endangers", CANARY)
    add_private(record, ANN, draft.client, CANARY)
    return record, draft, note, goal


def attempts(record, draft, note, goal, folder):
    """What goes wrong, each with that word in what was given or in what is there."""

    def working(act):
        with record.work(BEN) as work:
            act(work)

    yield lambda: working(lambda work: work.change(goal, Goal(words=CANARY), reason="goal.change") and None)
    yield lambda: working(lambda work: work.change(goal, Goal(words=CANARY), reason="goal.change"))
    yield lambda: working(lambda work: sign(work, draft, DANA))
    yield lambda: working(lambda work: edit(work, draft, 99, CANARY))
    yield lambda: working(lambda work: write(work, draft, "nowhere", CANARY, CANARY))
    yield lambda: working(lambda work: amend(work, note, DANA, kind="correction", words=CANARY, reason=CANARY))
    yield lambda: working(lambda work: add_client(work, Client(legal_name=" ", chosen_name=CANARY)))
    yield lambda: working(lambda work: merge(work, draft.client, draft.client, CANARY))
    yield lambda: working(lambda work: withhold_entry(work, goal.id, CANARY, CANARY))
    yield lambda: working(lambda work: withhold_entry(work, goal.id, "endangers", CANARY))
    yield lambda: working(lambda work: give(work, draft.client, "recording", signed_by=CANARY, recipient=CANARY))
    yield lambda: working(lambda work: give(work, draft.client, "treatment", signed_by=CANARY, wording=CANARY))
    yield lambda: working(lambda work: open_own(work, draft.client, f"rep_{CANARY}"))
    yield lambda: working(lambda work: search(work, draft.client, "  "))
    yield lambda: strictly({"legal_name": [CANARY]}, Client)
    yield lambda: strictly({"code": "F1", "words": CANARY, "status": CANARY}, Diagnosis)
    yield lambda: strictly({"name": CANARY, "started_on": CANARY}, Medication)
    for purpose in ("authorized", "proceedings", CANARY):
        yield lambda purpose=purpose: disclose(
            record, BEN, draft.client, [goal.id], folder / "x.json", recipient=f"not {CANARY}", purpose=purpose
        )


@contextmanager
def telling(told):
    """Adds all that an error says to a list."""
    try:
        yield
    except TrellisError as error:
        told.append(f"{error} {error.code} {error.hint} {error.__cause__}")
        raise


def test_nothing_said_leaks_into_errors_logs_the_chain_or_columns(clinic, caplog, tmp_path):
    """Whatever fails, with that word in what was given or kept: it is in no error, no log, no line, no open column."""
    record, draft, note, goal = clinic
    caplog.set_level(logging.DEBUG)
    told = []
    for attempt in attempts(record, draft, note, goal, tmp_path):
        with suppress(TrellisError), telling(told):
            attempt()
    assert len(told) >= 18 and not [error for error in told if CANARY in error]
    assert CANARY not in caplog.text
    with record.database.look(record.tenant) as connection:
        links = list(carry_out(connection, record.tenant))
        assert len(links) > 20 and not [link for link in links if CANARY in repr(link)]
        for table in RECORD.sorted_tables:
            for row in connection.execute(select(table)):
                for value in row:
                    text = as_bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    assert CANARY.encode() not in text, table.name


@pytest.mark.parametrize(
    ("kind", "given", "place"),
    [
        (Client, {"legal_name": "Zoe", "is_admin": True}, "is_admin"),
        (Client, {"legal_name": "Zoe", "contacts": [{"kind": "phone", "value": "1", "label2": "x"}]}, "label2"),
        (Goal, {"words": "x", "label": ""}, "label"),
        (Goal, {"words": "x", "id": "goa_x", "tenant": "org_other"}, "id"),
        (Medication, {"name": "x", "actor": "staff:usr_boss"}, "actor"),
    ],
)
def test_a_noun_takes_its_own_fields_and_no_others(kind, given, place):
    """Nobody sets by the way what isn't theirs to set: an owner, a label, a version, a role."""
    with pytest.raises(Invalid, match=place):
        strictly(given, kind)


def test_nobody_is_merged_by_being_added_or_changed(record):
    """The mark of a merge comes from a merge alone."""
    with record.work(ANN) as work:
        other = add_client(work, Client(legal_name="Zoe"))
        with pytest.raises(Invalid):
            add_client(work, Client(legal_name="Yan", merged_into=other.id))
        with pytest.raises(Invalid):
            change_client(work, other, replace(other.content, merged_into="cli_x"))
