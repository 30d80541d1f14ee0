"""What the chart knows before a session: the last note, goals, medications, scores, each with its entry."""

from dataclasses import replace
from datetime import date, timedelta

from trellis.chart import Client, Goal, Measurement, Medication, Statement
from trellis.record.beside import amend
from trellis.record.clients import add_client, merge
from trellis.record.known import what_is_known, words_in
from trellis.record.sign import sign

from .desk import ANN, DANA, NOON, SLEEP, one_session, with_statements

WALK = Statement(
    text="Homework assigned: walk three times a week.", topic="homework", status="supported", support=1.0,
    evidence=SLEEP.evidence,
)  # fmt: skip
REFER = replace(WALK, text="Client will call the sleep clinic.", topic="referral")


def test_the_last_signed_note_tells_plan_and_homework(record):
    """Only what was signed counts, in its own words, with the note that says so; a draft tells nothing."""
    draft = one_session(record, note=with_statements(SLEEP, WALK, REFER))
    with record.work(ANN) as work:
        assert what_is_known(work, draft.client).facts == ()
        note = sign(work, draft, DANA)
        facts = what_is_known(work, draft.client).facts
        assert what_is_known(work, draft.client, encounter=draft.encounter).facts == ()

    assert [(fact.kind, fact.words, fact.record) for fact in facts] == [
        ("homework", WALK.text, note.id),
        ("plan", REFER.text, note.id),
    ]


def test_a_correction_is_known_in_place_of_what_it_corrects(record):
    """What was put right beside the note is what the next session rests on, with the correction as its ground."""
    draft = one_session(record, note=with_statements(WALK))
    with record.work(ANN) as work:
        note = sign(work, draft, DANA)
        put_right = amend(
            work, note, DANA, kind="correction", statement=1, words="Walk twice a week.", reason="Misheard."
        )
        facts = what_is_known(work, draft.client).facts
        assert [list(words_in(work.open(fact.record).content)) for fact in facts] == [["Walk twice a week."]]

    assert [(fact.words, fact.record) for fact in facts] == [("Walk twice a week.", put_right.id)]


def test_what_is_over_is_not_known(record):
    """Goals that were met and drugs that were stopped stay out of the next note; of scores the last counts."""
    with record.work(ANN) as work:
        client = add_client(work, Client(legal_name="Ann")).id
        for noun, days in (
            (Goal(words="Sleep six hours a night", set_on=date(2026, 10, 1)), 0),
            (Goal(words="Find work", status="met"), 0),
            (Medication(name="sertraline", dose="50 mg", how="every morning"), 0),
            (Medication(name="zolpidem", stopped_on=date(2026, 11, 1)), 0),
            (Measurement(instrument="PHQ-9", value=17), 30),
            (Measurement(instrument="PHQ-9", value=12), 2),
            (Measurement(instrument="GAD-7", value=9), 30),
        ):
            work.add(noun, client=client, occurred_at=NOON - timedelta(days=days), reason="chart.add")
        known = what_is_known(work, client)

    assert [fact.words for fact in known.of("goal")] == ["Sleep six hours a night"]
    assert [fact.words for fact in known.of("medication")] == ["sertraline 50 mg every morning"]
    assert {(fact.name, fact.value, fact.on) for fact in known.of("score")} == {
        ("PHQ-9", 12, date(2026, 11, 23)),
        ("GAD-7", 9, date(2026, 10, 26)),
    }


def test_a_merged_record_is_known_too(record):
    """What stands in the record of a duplicate is known from the record that stayed."""
    with record.work(ANN) as work:
        kept, duplicate = (add_client(work, Client(legal_name="Ann")).id for _ in range(2))
        work.add(Goal(words="Sleep"), client=duplicate, reason="goal.add")
        merge(work, duplicate, kept, "Same person.")
        assert [fact.words for fact in what_is_known(work, kept).facts] == ["Sleep"]
