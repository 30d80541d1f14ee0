"""Clients: who may be told what, their history, and two records of one person."""

from dataclasses import replace

import pytest

from trellis.chart import Client, Contact, Goal
from trellis.kernel import Conflict, Invalid
from trellis.record.clients import add_client, change_client, chart_of, charts_of, merge, record_of, unmerge

from .desk import ANN, BEN


@pytest.fixture
def two(record):
    """Two records of one person, each with a goal."""
    with record.work(ANN) as work:
        ids = []
        for name in ("Ann Example", "Anne Exampel"):
            client = add_client(work, Client(legal_name=name))
            work.add(Goal(words=f"Goal of {name}"), client=client.id, reason="goal.add")
            ids.append(client.id)
    return ids


def test_contacts_say_what_may_be_left_there():
    """A number where nothing may be said is no way to say anything; one for appointments takes those alone."""
    home = Contact(kind="phone", value="1")
    work = Contact(kind="phone", value="2", may_say="appointments")
    mail = Contact(kind="email", value="3", may_say="anything")
    client = Client(legal_name="Ann", contacts=(home, work, mail))

    assert client.may_be_told("appointments") == (work, mail)
    assert client.may_be_told("anything") == (mail,)


def test_a_change_keeps_what_was_before(record, two):
    """A chosen name and pronouns are changes; the history has each version with who made it."""
    with record.work(BEN) as work:
        before = work.open(two[0])
        change_client(work, before, replace(before.content, chosen_name="Sam", pronouns="they/them"))
        with pytest.raises(Invalid):
            change_client(work, before, replace(before.content, merged_into=two[1]))
        with pytest.raises(Invalid):
            add_client(work, Client(legal_name=" "))
    with record.work(ANN) as work:
        history = work.history(two[0])

    assert [(each.content.name, each.actor) for each in history] == [("Ann Example", ANN), ("Sam", BEN)]


def test_a_merge_keeps_both_histories(record, two):
    """From the record that stays both are seen; every entry is where it was, under its own key."""
    kept, duplicate = two
    with record.work(ANN) as work:
        merge(work, duplicate, kept, "Same birth date and number.")
    with record.work(ANN) as work:
        goals = work.open_all([each for each in chart_of(work, kept) if each.kind == "goal"])
        assert charts_of(work, kept) == (kept, duplicate)
        assert record_of(work, duplicate) == kept
        assert [each.content.merged_into for each in work.history(duplicate)] == [None, kept]

    assert [(each.client, each.content.words) for each in goals] == [
        (kept, "Goal of Ann Example"),
        (duplicate, "Goal of Anne Exampel"),
    ]
    assert record.verify()[1] is None


def test_a_merge_can_be_undone(record, two):
    """Two records again; what came in between is listed, for a person to say whose it is."""
    kept, duplicate = two
    with record.work(ANN) as work:
        merge(work, duplicate, kept, "Looked the same.")
    with record.work(ANN) as work:
        later = work.add(Goal(words="Whose is this?"), client=kept, reason="goal.add")
    with record.work(ANN) as work:
        unsorted = unmerge(work, duplicate)
    with record.work(ANN) as work:
        assert charts_of(work, kept) == (kept,)
        assert record_of(work, duplicate) == duplicate
        assert [each.id for each in chart_of(work, duplicate) if each.kind == "goal"] != []
        merge(work, duplicate, kept, "They are the same after all.")
        assert charts_of(work, kept) == (kept, duplicate)
        with pytest.raises(Conflict):
            unmerge(work, kept)

    assert [each.id for each in unsorted] == [later.id]


def test_a_record_is_merged_once_and_into_one_that_stands(record, two):
    """No circles, no chains by mistake, no merge with itself or without a reason."""
    kept, duplicate = two
    with record.work(ANN) as work:
        third = add_client(work, Client(legal_name="A. Example")).id
        merge(work, duplicate, kept, "Same person.")
        for left, right in ((duplicate, third), (third, duplicate), (kept, duplicate)):
            with pytest.raises(Conflict):
                merge(work, left, right, "Same person.")
        for left, right, why in ((third, third, "x"), (third, kept, " ")):
            with pytest.raises(Invalid):
                merge(work, left, right, why)
        merge(work, kept, third, "All three.")
        assert charts_of(work, third) == (third, kept, duplicate)
        assert record_of(work, duplicate) == third
