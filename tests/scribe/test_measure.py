"""Measures: scores and ratings as they were said, the last word standing."""

import pytest

from trellis.scribe.clinician.measure import measure


@pytest.fixture
def measured(talk):
    def points(text):
        utterances, _ = talk(text)
        return [point.text for point in measure(utterances)]

    return points


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("T: You scored fifteen on the PHQ nine, down from nineteen.", "PHQ-9 score 15, down from 19."),
        ("T: The PHQ nine today is twelve. In June it was six.", "PHQ-9 score 12, up from 6."),
        ("T: The PCL five came to forty eight. It was fifty six in the first week.", "PCL-5 score 48, down from 56."),
        ("T: Your GAD-7 score was 11.", "GAD-7 score 11."),
        ("T: So on the g a d seven you got a nine.", "GAD-7 score 9."),
        ("C: My score on the Edinburgh was thirteen.", "EPDS score 13."),
        ("T: On the audit c you're at seven.", "AUDIT-C score 7."),
        ("T: The Y-BOCS is twenty two today.", "Y-BOCS score 22."),
    ],
)
def test_reads_scores_as_spoken(measured, said, written):
    """Instruments are known by the many ways they are said, by either person, with the trend as said."""
    assert measured(f"{said}\nT: Okay.") == [written]


def test_the_name_may_come_a_sentence_before_the_score(measured):
    """People name the form first and the number later."""
    assert measured("T: You filled out the PHQ nine in the waiting room. You scored fifteen.") == ["PHQ-9 score 15."]


def test_a_corrected_score_replaces_the_first(measured):
    """A score added up again stands in place of the one said before."""
    text = "T: Your PHQ nine came to seventeen.\nC: Really?\nT: Let me add it again. Sorry, the total is sixteen."
    assert measured(text) == ["PHQ-9 score 16."]


def test_severity_only_as_said(measured):
    """No band is worked out from a number; one that was said is repeated."""
    assert measured("T: Your GAD seven score is twelve. That's in the moderate range.") == [
        "GAD-7 score 12; described as in the moderate range."
    ]
    assert "moderate" not in measured("T: Your GAD seven score is twelve.")[0]


@pytest.mark.parametrize(
    "said",
    [
        "T: The PHQ nine has nine questions about the past two weeks.",
        "T: Question nine on the PHQ asks about being better off dead.",
        "C: I was off work for twelve days.",
        "T: Your PHQ nine form is here. It takes five minutes.",
    ],
)
def test_other_numbers_are_no_scores(measured, said):
    """Questions, weeks, minutes and days beside an instrument's name aren't its score."""
    assert not any("score" in text for text in measured(said))


def test_ratings_on_a_scale_are_tied_to_what_was_rated(measured):
    """A bare number is written with what it rates, and what it was out of."""
    text = (
        "T: On a scale from zero to ten, how strong is the wish to be dead today?\nC: Three.\n"
        "T: And the wish to be alive?\nC: Like, a six."
    )
    assert measured(text) == ["Client rated wish to be dead 3/10.", "Client rated wish to be alive 6/10."]


def test_ratings_asked_again_show_their_course(measured):
    """Repeated ratings of one thing are one sentence in the order they were given."""
    text = "T: What's the number right now, zero to a hundred?\nC: Eighty.\nT: Stay with it. And now?\nC: Sixty."
    assert measured(text) == ["Client rated distress (SUDS) 80/100, then 60/100."]


def test_an_unanswered_scale_is_no_rating(measured):
    """A number later in the talk isn't the answer to a question that got none."""
    assert (
        measured("T: How anxious are you, zero to ten?\nC: I don't know.\nT: Okay.\nC: My sister has two kids.") == []
    )


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (
            (
                "C: My thought was, nobody likes me. I believed it eighty percent.\nT: Now?\n"
                "C: The old one is down to thirty."
            ),
            ["Client's belief in the thought fell from 80% to 30%."],
        ),
        ("C: I believed it eighty percent.\nT: And now?\nC: Less.", ["Client rated belief in the thought 80%."]),
        (
            (
                "T: How much do you believe that thought, zero to a hundred?\nC: Ninety.\nT: And the new thought, how "
                "much do you believe it?\nC: Seventy.\nT: And the old thought, where is that now?\nC: Forty."
            ),
            [
                "Client's belief in the thought fell from 90/100 to 40/100.",
                "Client rated belief in the new thought 70/100.",
            ],
        ),
    ],
)
def test_belief_in_the_old_thought_and_in_the_new_are_kept_apart(measured, said, written):
    """A fall in belief needs two numbers about one thought; the number of another thought is no part of it."""
    assert measured(said) == written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (
            "T: How likely are you to walk, zero to ten?\nC: Ten. Nine and a half.",
            "likelihood of following the plan 9.5/10",
        ),
        ("T: How confident are you, zero to ten?\nC: Four. Maybe a five.", "confidence in change 4, possibly 5/10"),
        ("T: How important is it, one to ten?\nC: Maybe a five or six.", "importance of change 5 to 6"),
        ("T: How was your mood?\nC: My mood was about a three before and a five after.", "mood 3, then 5"),
        ("T: How true does that feel, one to seven?\nC: A two.", "validity of the positive belief (VOC) 2/7"),
    ],
)
def test_an_answer_in_two_breaths_is_read_to_its_end(measured, said, written):
    """The second number of one breath stands; two ratings in one sentence are both kept."""
    assert measured(said) == [f"Client rated {written}."]


def test_a_number_of_something_else_is_no_score(measured):
    """ "Be here at three" after an instrument was named is a time."""
    assert measured("T: And the GAD-7 is eleven.\nC: Okay.\nT: What was it?\nC: She wrote, come at three.") == [
        "GAD-7 score 11."
    ]


def test_each_member_of_a_group_rates_for_themself(measured):
    """Two clients' ratings of one thing are two measures."""
    assert measured("T: Mood, zero to ten?\nC: A six.\nT: And you?\nD: A three.") == [
        "Client rated mood 6/10.",
        "Client 2 rated mood 3/10.",
    ]


@pytest.mark.parametrize(
    "said",
    [
        "T: I'd like you to fill out the PHQ nine before next week.\nC: Okay.",
        "T: Have you ever done a PHQ nine?\nC: No.",
    ],
)
def test_a_form_to_come_or_asked_about_was_not_used(measured, said):
    """Only what was used in the session is named."""
    assert measured(said) == []


def test_two_thoughts_rated_in_one_breath_are_kept_apart(measured):
    """What is said of the old thought is no correction of what was said of the new one."""
    told = " ".join(
        measured(
            "T: So how would you say the new thought?\nC: I'm a tired mother.\nT: How much do you believe that one?\n"
            "C: 70, and the old one is down to maybe 40."
        )
    )

    assert "new thought 70" in told
    assert "new thought 40" not in told


def test_how_much_there_is_of_a_thing_is_no_rating(measured):
    """Hours of sleep in a day are hours, not a figure on a scale."""
    assert (
        measured("T: How much sleep are you getting in twenty four hours?\nC: Three, four hours. Even with help.") == []
    )


def test_certainty_of_a_belief_is_no_confidence_in_change(measured):
    """How sure somebody is of an idea is not a ruler of motivational interviewing."""
    assert not any(
        "confidence in change" in text
        for text in measured("T: How sure are you of it, zero to a hundred percent?\nC: Now like thirty.")
    )


def test_the_scale_of_elders_is_known(measured):
    """The geriatric scale is written by its short name."""
    said = "T: Your score on the geriatric depression scale was nine out of fifteen."
    assert any(text.startswith("GDS score 9") for text in measured(said))
