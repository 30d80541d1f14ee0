"""A chart opens with what holds now, without opening what was; one line on the chain says that it was opened."""

from datetime import UTC, date, datetime, timedelta

import pytest

from trellis.chart import Alert, Allergy, Client, Diagnosis, Encounter, Goal, Measurement, Medication, Present
from trellis.governance import entries_of
from trellis.kernel import NotFound, SystemClock
from trellis.record import add_encounter, erase, forget_client, merge, open_chart

NURSE = "staff:usr_a"
TODAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Calendar(SystemClock):
    def now(self):
        return TODAY


@pytest.fixture
def ann(record):
    """A client with what holds and what doesn't any more of each kind."""
    record.clock = Calendar()
    with record.work(NURSE) as work:
        ann = work.add(Client(legal_name="Ann", birth_date=date(1990, 3, 2), pronouns="she/her"), reason="x.add").id
        for noun in (
            Diagnosis(code="F33.1", words="Depression"),
            Diagnosis(code="F41.1", words="Anxiety", status="resolved"),
            Medication(name="sertraline", dose="50 mg"),
            Medication(name="trazodone", stopped_on=date(2025, 1, 1)),
            Allergy(substance="penicillin"),
            Goal(words="Sleep six hours"),
            Goal(words="Walk", status="met"),
            Alert(level="urgent", concern="suicide", assertion="present", quote="…", source="tra_1", found_by="rules"),
            Alert(level="monitor", concern="substance", assertion="past", quote="…", source="tra_1", found_by="rules",
                done="Seen."),
        ):  # fmt: skip
            work.add(noun, client=ann, reason="x.add")
        for days, (instrument, value) in enumerate((("PHQ-9", 15.0), ("GAD-7", 9.0), ("PHQ-9", 11.0))):
            work.add(
                Measurement(instrument=instrument, value=value),
                client=ann,
                occurred_at=TODAY - timedelta(days=30 - days),
                reason="x.add",
            )
        for days in (-14, -7, 7, 14):
            add_encounter(
                work,
                Encounter(
                    mode="video", clinician="usr_a", started_at=TODAY + timedelta(days=days),
                    present=(Present(role="client", client=ann),),
                ),
            )  # fmt: skip
    return ann


def test_a_chart_holds_what_holds_now(record, ann):
    """Active conditions, latest scores, open alerts, the encounters around today, counts, and the newest heads."""
    with record.work(NURSE) as work:
        chart = open_chart(work, ann, newest=3)

    assert (chart.client.content.name, chart.age) == ("Ann", 35)
    assert [one.content.words for one in chart.diagnoses] == ["Depression"]
    assert [one.content.name for one in chart.medications] == ["sertraline"]
    assert [one.content.substance for one in chart.allergies] == ["penicillin"]
    assert [one.content.words for one in chart.goals] == ["Sleep six hours"]
    assert [one.content.level for one in chart.alerts] == ["urgent"]
    assert {one.content.instrument: one.content.value for one in chart.scores} == {"PHQ-9": 11.0, "GAD-7": 9.0}
    assert chart.last.occurred_at == TODAY - timedelta(days=7)
    assert chart.next.occurred_at == TODAY + timedelta(days=7)
    assert chart.counts == {
        "client": 1, "diagnosis": 2, "medication": 2, "allergy": 1, "goal": 2, "alert": 2, "measurement": 3,
        "encounter": 4,
    }  # fmt: skip
    assert [one.kind for one in chart.newest][-2:] == ["encounter", "encounter"]


def test_opening_a_chart_is_one_line_on_the_chain(record, ann):
    """Whoever opened it stands there once, with how many entries were opened."""
    with record.work("staff:usr_b") as work:
        open_chart(work, ann)
    with record.database.look(record.tenant) as connection:
        told = [one.entry for one in entries_of(connection, record.tenant, ann) if one.entry.actor == "staff:usr_b"]

    assert [(one.action, dict(one.detail)) for one in told] == [("record.open", {"entries": 13})]


def test_a_merged_record_is_in_the_chart_and_a_deleted_entry_is_not(record, ann):
    """What a duplicate holds is seen from the record that stayed; what was erased isn't counted."""
    with record.work(NURSE) as work:
        other = work.add(Client(legal_name="Anne"), reason="x.add").id
        goal = work.add(Goal(words="Call her sister"), client=other, reason="x.add").id
        slip = work.add(Goal(words="A slip"), client=other, reason="x.add").id
        merge(work, other, ann, "one person")
    erase(record, slip, "consent_revoked", NURSE)
    with record.work(NURSE) as work:
        chart = open_chart(work, ann)

    assert goal in {one.id for one in chart.goals}
    assert chart.counts["goal"] == 3


def test_a_chart_that_is_not_there_says_so(record, ann):
    """An unknown id, another kind's id and a forgotten client are not found."""
    with record.work(NURSE) as work:
        goal = work.find(kinds=["goal"])[0].id
    forget_client(record, ann, "asked", NURSE)
    for absent in ("cli_0", goal, ann):
        with pytest.raises(NotFound), record.work(NURSE) as work:
            open_chart(work, absent)
