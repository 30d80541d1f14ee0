"""What the chart knew, beside what was said: both are cited, and what concludes waits for a clinician."""

from datetime import date

import pytest

from trellis.chart import Fact, Known, note_as_json
from trellis.inference import NullSpeakers, NullSpeech
from trellis.scribe import ExtractiveWriter, Scribe, Wish, load_format
from trellis.scribe.points import Point
from trellis.scribe.recall import recall
from trellis.scribe.words.numbers import read_numbers
from trellis.scribe.words.smooth import smooth

from .conftest import dialogue

DAY = date(2026, 11, 18)
WALK = Fact(kind="homework", record="not_1", words="Homework assigned: walk three times a week.", on=DAY)
SLEEP = Fact(kind="goal", record="goa_1", words="Sleep six hours a night", on=DAY)
DRUG = Fact(kind="medication", record="med_1", words="sertraline 50 mg every morning", on=DAY, name="sertraline")
SCORE = Fact(kind="score", record="mea_1", words="PHQ-9 17", on=DAY, name="PHQ-9", value=17.0)
CALL = Fact(kind="plan", record="not_1", words="Client will call the sleep clinic.", on=DAY)
ALL = Known(facts=(WALK, SLEEP, DRUG, SCORE, CALL))

SESSION = """
T: How did the walking go?
C: I walked twice this week, around the lake.
T: Good. How are you sleeping?
C: I sleep about five hours a night now.
T: Are you still taking the sertraline?
C: Yes, I take fifty milligrams of sertraline every morning.
T: Your PHQ-9 score today is 9.
C: Okay.
T: Let's keep the walks going. See you next Tuesday at three.
C: See you.
"""


@pytest.fixture(scope="module")
def scribe(parser):
    return Scribe(speech=NullSpeech(), speakers=NullSpeakers(), parser=parser, writer=ExtractiveWriter())


def drafted(scribe, text, known):
    return scribe.draft(dialogue(text), (), Wish(format=load_format("soap"), length="detailed", known=known))


def charted(note, topic=None):
    return [
        each
        for each in note.statements()
        if any(one.source == "chart" for one in each.evidence) and topic in (None, each.topic)
    ]


def test_without_a_chart_nothing_is_recalled(scribe):
    """A session without a record is drafted as before: the same note, word for word."""
    points = [Point(topic="sleep", text="Client reports sleeping badly.", evidence=(), weight=0.5)]

    assert recall(Known(), points, lambda _: True) == points
    assert charted(drafted(scribe, SESSION, Known())) == []


def test_every_statement_on_the_chart_cites_the_entry_and_this_session(scribe):
    """Both kinds of evidence, the chart's with its record and words, the session's with its turn."""
    note = drafted(scribe, SESSION, ALL)
    found = charted(note)

    assert {"homework_review", "progress", "medication"} <= {each.topic for each in found}
    for each in found:
        sources = {one.source for one in each.evidence}
        assert sources == {"chart", "transcript"}, each.text
        for one in each.evidence:
            if one.source == "chart":
                assert any(one.record == fact.record and one.quote in fact.words for fact in ALL.facts)
    shape = note_as_json(note)
    chart = [
        one
        for section in shape["sections"]
        for each in section["statements"]
        for one in each["evidence"]
        if one["source"] == "chart"
    ]
    assert all(one["record"] and one["quote"] for one in chart)


def test_what_became_of_homework_stands_beside_what_it_was(scribe):
    """The homework of the last note and the client's own words about it, in one sentence."""
    review = charted(drafted(scribe, SESSION, Known(facts=(WALK,))), "homework_review")

    assert len(review) == 1
    assert "“walk three times a week.”" in review[0].text and "twice" in review[0].text
    assert (review[0].status, review[0].inferred) == ("supported", False)


def test_what_was_said_is_held_to_its_words_beside_the_chart_too():
    """A point that the session alone doesn't carry is in doubt with the chart's words beside it as well."""
    shaky = Point(topic="homework_review", text="Client reports walking.", evidence=(), weight=0.5)
    told = recall(Known(facts=(WALK,)), [shaky], lambda _: False)[0]

    assert told.doubts and told.evidence[-1].record == "not_1"


def test_seeing_the_two_together_is_a_conclusion_where_the_session_did_not_review(scribe):
    """Words that merely share their matter with the homework are paired for a clinician to judge."""
    talk = """
    T: What did you do at the weekend?
    C: On Saturday I went walking with my sister.
    """
    review = charted(drafted(scribe, talk, Known(facts=(WALK,))), "homework_review")

    assert all(each.inferred and each.status == "unconfirmed" for each in review)


def test_progress_is_for_a_clinician_to_judge(scribe):
    """What compares the chart with the session concludes: inferred, and unconfirmed until somebody says yes."""
    progress = charted(drafted(scribe, SESSION, ALL), "progress")

    assert any("Sleep six hours a night" in each.text and "five hours" in each.text for each in progress)
    assert any(each.text == "PHQ-9 score 9, down from 17 in the chart." for each in progress)
    assert all(each.inferred and each.status == "unconfirmed" for each in progress)


def test_a_dose_other_than_the_charts_is_in_doubt(scribe):
    """The chart says one dose and the client another: the sentence names neither as right."""
    same = charted(drafted(scribe, SESSION, Known(facts=(DRUG,))), "medication")
    other = Fact(kind="medication", record="med_1", words="sertraline 100 mg", on=DAY, name="sertraline")
    differs = charted(drafted(scribe, SESSION, Known(facts=(other,))), "medication")

    assert same and not any("The chart has" in reason for each in same for reason in each.reasons)
    assert differs and all(each.status == "unconfirmed" for each in differs)
    assert any("The chart has “sertraline 100 mg”." in each.reasons for each in differs)


def test_what_nobody_spoke_of_is_not_made_up(scribe):
    """The chart alone makes no sentence: no review, progress or adherence without words of this session."""
    quiet = """
    T: What would you like to talk about?
    C: My brother came to visit and we argued about money.
    T: That sounds hard.
    C: It was. He left angry.
    """

    assert charted(drafted(scribe, quiet, ALL)) == []


def test_danger_is_never_progress(scribe):
    """A sentence about danger stays what it is, whatever goal shares its words."""
    goal = Fact(kind="goal", record="goa_2", words="Fewer thoughts of ending my life", on=DAY)
    talk = """
    T: Any thoughts of ending your life?
    C: No, no thoughts of ending my life this week.
    """

    assert charted(drafted(scribe, talk, Known(facts=(goal,)))) == []


def test_the_words_of_another_are_not_the_clients_progress(scribe):
    """What is told of somebody else has nothing to do with the client's goal."""
    talk = """
    T: How are things at home?
    C: My husband sleeps six hours a night and snores.
    """

    assert charted(drafted(scribe, talk, Known(facts=(SLEEP,)))) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Exercise regularly", "Client reports that it very often feels bloated."),
        ("Client plans to ask Daniel to do the first week with them.", "Client reports that the first week was rough."),
        ("Improve mood within three months", "Client reports three months of better work."),
    ],
)
def test_words_of_measure_alone_pair_nothing(words, told):
    """How often, how long and how much is said of everything: it takes a word of the matter itself."""
    point = Point(topic="symptom", text=told, evidence=(), weight=0.9)
    for kind in ("goal", "plan", "homework"):
        fact = Fact(kind=kind, record="goa_1", words=words, on=DAY)
        assert recall(Known(facts=(fact,)), [point], lambda _: True) == [point]


def test_of_two_the_one_that_says_how_much_is_told():
    """A goal with a figure is held beside the sentence that has one."""
    points = [
        Point(topic="sleep", text="Client reports that sleep is still the worst part.", evidence=(), weight=0.9),
        Point(topic="sleep", text="Client reports sleeping five hours a night.", evidence=(), weight=0.5),
    ]
    told = recall(Known(facts=(SLEEP,)), points, lambda _: True)

    assert "five hours" in told[-1].text


def test_of_a_plan_that_quotes_the_stretch_that_was_spoken_of_is_cited():
    """The words of the chart beside a sentence are those it is about, word for word, without quotes in quotes."""
    plan = Fact(
        kind="plan", record="not_1", words="Plan agreed: three walks, choir on Thursday, “the new sleep rules”.", on=DAY
    )
    point = Point(topic="function", text="Client reports three walks and choir.", evidence=(), weight=0.5)
    told = recall(Known(facts=(plan,)), [point], lambda _: True)[-1]

    assert told.text.startswith("Plan of the last note (“three walks, choir on Thursday”): ")
    assert told.evidence[-1].quote in plan.words


def test_what_was_said_is_held_no_longer_than_its_note_needs(scribe):
    """Sentences remembered for speed are forgotten as soon as the note stands."""
    drafted(scribe, SESSION, Known())

    assert smooth.cache_info().currsize == 0
    assert read_numbers.cache_info().currsize == 0
