"""Words are found by reading, in one person's record alone, and the chain never holds them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trellis.chart import Client, Goal, Medication
from trellis.governance import entries_of
from trellis.kernel import Invalid
from trellis.record import erase, merge, search
from trellis.record.search import _plain

NURSE = "staff:usr_a"


@pytest.fixture
def ann(record):
    """A client with two goals and a medication, and another client with the same words."""
    with record.work(NURSE) as work:
        ann, ben = (work.add(Client(legal_name=name), reason="client.add").id for name in ("Ann", "Ben"))
        for year, client, noun in (
            (
                2020,
                ann,
                Goal(words="Drive again after the Accidents of last year, first with her sister beside her. " * 3),
            ),
            (2022, ann, Goal(words="Return to the café where the accident was")),
            (2023, ann, Medication(name="sertraline", dose="50 mg")),
            (2021, ben, Goal(words="Speak of the accident")),
        ):
            work.add(noun, client=client, occurred_at=datetime(year, 1, 1, tzinfo=UTC), reason="x.add")
    return ann, ben


def found(record, client, words):
    with record.work(NURSE) as work:
        return [(each.kind, each.occurred_at.year, each.text) for each in search(work, client, words)]


def test_words_are_found_in_one_record_newest_first(record, ann):
    """Whatever their case, accents and endings; all of them in one text; with what stands around, verbatim."""
    newer, older = found(record, ann[0], "ACCIDENT")

    assert newer == ("goal", 2022, "Return to the café where the accident was")
    assert older[1] == 2020 and older[2].startswith("Drive again after the Accidents") and older[2].endswith("…")
    assert found(record, ann[0], "cafe accident") == [newer]
    assert found(record, ann[0], "sertraline accident") == []
    assert found(record, ann[0], "ccident") == []
    assert [kind for kind, _, _ in found(record, ann[0], "50")] == ["medication"]


def test_merged_records_are_read_and_deleted_entries_are_not(record, ann):
    """What was merged into the record is found there; what was erased is found nowhere."""
    with record.work(NURSE) as work:
        merge(work, ann[1], ann[0], "Same birth date.")
        older = work.find(client=ann[0], kinds=["goal"])[0]
    erase(record, older.id, "client.asked", NURSE)

    assert [year for _, year, _ in found(record, ann[0], "accident")] == [2022, 2021]


def test_the_chain_says_how_much_was_read_and_not_what_for(record, ann):
    """Entries opened and found are counted; the words are in no line."""
    found(record, ann[0], "accident")
    with record.database.look(record.tenant) as connection:
        lines = [placed.entry for placed in entries_of(connection, record.tenant, ann[0])]

    assert [(line.action, dict(line.detail)) for line in lines[-2:]] == [
        ("record.open", {"entries": 4}),
        ("record.search", {"entries": 4, "found": 2}),
    ]
    assert not any("accident" in repr(line).lower() for line in lines)


def test_no_word_is_refused(record, ann):
    """An empty search would open a record for nothing."""
    with pytest.raises(Invalid, match="no word"):
        found(record, ann[0], "  ")


@given(st.text())
def test_each_letter_stays_in_its_place(text):
    """What is shown is cut from the text as it was written, so its plain form has the same length."""
    assert len(_plain(text)) == len(text)
