"""What gets into a note, in which order, and what is never lost."""

from dataclasses import replace

import pytest

from trellis.chart import Evidence, Statement
from trellis.scribe.draft import KEPT_FROM, NEVER_LOST, WORDS, choose, draft, merge, once
from trellis.scribe.formats import load_format
from trellis.scribe.points import Point
from trellis.scribe.styles import default_style
from trellis.scribe.writers import ExtractiveWriter


def point(text, topic="symptom", turn=1, weight=0.6, **more):
    evidence = (Evidence(turn=turn, start=float(turn), end=turn + 1.0, quote=text),)
    return Point(topic=topic, text=text, evidence=evidence, weight=weight, **more)


def supported(one):
    return Statement(text=one.text, topic=one.topic, status="supported", support=1.0, evidence=one.evidence)


def test_points_land_in_the_section_of_their_topic():
    """A format decides which section a topic belongs in; what it leaves out stays out."""
    points = [
        point("Client reports sleeping four hours a night.", "sleep", 3),
        point("Clinician reviewed the thought record.", "intervention", 5),
        point("Next appointment on Tuesday at ten.", "appointment", 9),
        point("Client parked in the garage.", "logistics", 1),
    ]
    sections = {s.key: [one.text for one in s.statements] for s in draft(
        points, load_format("soap"), length="standard", writer=ExtractiveWriter(), support=supported
    )}  # fmt: skip

    assert sections["subjective"] == ["Client reports sleeping four hours a night."]
    assert sections["objective"] == ["Clinician reviewed the thought record."]
    assert sections["plan"] == ["Next appointment on Tuesday at ten."]
    assert "garage" not in str(sections)


def test_what_is_said_twice_is_said_once_with_all_its_evidence():
    """Two points that say the same thing become one sentence that rests on both turns."""
    merged = merge(
        [
            point("Client reports arguments with his brother over money.", "relationship", 4),
            point("Client reports arguments with his brother.", "relationship", 20),
        ]
    )

    assert [one.text for one in merged] == ["Client reports arguments with his brother over money."]
    assert [evidence.turn for evidence in merged[0].evidence] == [4, 20]


def test_the_latest_value_of_one_thing_stands():
    """Where a value is corrected later in the session, the earlier one is not written."""
    merged = merge(
        [
            point("Client walked twice.", "homework_review", 4, key="homework.walk"),
            point("Client walked three times.", "homework_review", 6, key="homework.walk"),
        ]
    )

    assert [one.text for one in merged] == ["Client walked three times."]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Client reports drinking 2 beers a night.", "Client reports drinking 6 beers a night."),
        ("Client reports hearing voices at night.", "Client denies hearing voices at night."),
    ],
)
def test_different_numbers_and_denials_are_not_the_same_thing(one, other):
    """Sentences alike but for a number or a negation stay apart."""
    assert len(merge([point(one, turn=1), point(other, turn=2)])) == 2


def test_two_people_are_not_merged():
    """What is said of a sister never becomes the client's."""
    points = [
        point("Client reports panic attacks at work.", turn=1),
        point("Client's sister reports panic attacks at work.", turn=2, subject="p1"),
    ]

    assert len(merge(points)) == 2


@pytest.mark.parametrize("length", ["brief", "standard", "detailed"])
def test_a_note_has_its_length_and_loses_nothing_grave(length):
    """Length limits what is chosen; danger, medication, measures and the plan are kept whatever the length."""
    many = [point(f"Client reports concern number {n} about the family business.", "work", n) for n in range(1, 200)]
    grave = [point(f"Something grave about {topic}.", topic, 300 + n, KEPT_FROM) for n, topic in enumerate(NEVER_LOST)]
    chosen = choose(many + grave, length)

    assert set(grave) <= set(chosen)
    assert sum(len(one.text.split()) for one in chosen) <= WORDS[length] + 10
    assert len(choose(many, "brief")) < len(choose(many, "standard")) < len(choose(many, "detailed"))


def test_the_weightiest_are_chosen_and_told_in_the_order_of_the_session():
    """Choosing goes by weight, telling by time."""
    light = [point(f"Client mentions thing {n} about the weather in town.", "work", n, 0.35) for n in range(1, 60)]
    heavy = [
        point("Client reports panic on the bus.", turn=90, weight=0.9),
        point("Client lost a job.", "work", 80, 0.9),
    ]
    chosen = choose(light + heavy, "brief")

    assert set(heavy) <= set(chosen)
    assert [one.evidence[0].turn for one in chosen] == sorted(one.evidence[0].turn for one in chosen)


def test_the_client_is_called_what_the_clinic_calls_them():
    """A clinic's word for the client replaces `Client` in every sentence."""
    sections = draft(
        [point("Client reports low mood.")],
        load_format("soap"),
        length="brief",
        writer=ExtractiveWriter(),
        support=supported,
        style=replace(default_style(), client="Patient"),
    )

    assert next(one.text for section in sections for one in section.statements) == "Patient reports low mood."


def test_a_wish_that_became_the_plan_is_said_once():
    """The plan says it; repeating the wish under the client's report costs a signer's time."""
    wish = point("Client wishes to go back to choir on Thursday.", "goal", 5)
    plan = point("Client agreed to go back to choir on Thursday.", "homework", 5)

    assert once([wish, plan]) == [plan]


def test_what_alone_is_more_than_the_note_competes_by_weight():
    """A session full of drink and pills still gives a note that is read; danger stays in it."""
    drinks = [
        point(f"Client reports drinking {n} beers with friend number {n}.", "substance", n, 0.6) for n in range(90)
    ]
    danger = point("Client denies any thoughts of suicide.", "risk", 95, 1.0)
    chosen = choose([*drinks, danger], "standard")

    assert danger in chosen
    assert sum(len(one.text.split()) for one in chosen) <= WORDS["standard"]
