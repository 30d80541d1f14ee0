"""Spoken grammar becomes written grammar, and nothing else changes."""

import pytest

from trellis.chart import Transcript, Turn
from trellis.scribe.saying.say import say
from trellis.scribe.talk.utterances import utter


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("My mom said I was lazy.", "Client reports that their mother stated that they were lazy."),
        ("The way I feel at night is scary.",
         "Client reports that the way that they feel at night is frightening."),
        ("My dad can't walk anymore.", "Client reports that their father is unable to walk any longer."),
        ("There are a lot of people who don't understand.",
         "Client reports that there are many people who do not understand."),
        ("I have a lot of stress at work.", "Client reports having much stress at work."),
        ("We used to go out at least once a week.", "Client reports that they formerly went out at least once a week."),
        ("It gets loud at home.", "Client reports that it becomes loud at home."),
        ("I smoked for about five years.", "Client reports having smoked for approximately five years."),
        ("She doesn't want any drugs like heroin in the house.",
         "Client reports that she does not want any drugs such as heroin in the house."),
        ("Me and my husband fight about money.", "Client reports that they and their husband fight about money."),
        ("My boss can cause a lot of trouble.", "Client reports that their supervisor can cause much trouble."),
    ],
)  # fmt: skip
def test_spoken_grammar_is_written_out(parser, said, written):
    """A clause gets its "that", a "can't" its subject's form of "be", a "used to" its past."""
    assert say(utter(Transcript(turns=(Turn(id=1, speaker="client", text=said),)), parser)[0]) == written


@pytest.mark.parametrize(
    "said",
    [
        "They don't really have a they don't want it.",
        "The are the problem of around the use of money.",
        "Alcohol use, but, friendships.",
    ],
)
def test_a_beginning_given_up_for_another_is_not_told(parser, said):
    """What its speaker did not finish, no note finishes."""
    assert say(utter(Transcript(turns=(Turn(id=1, speaker="client", text=said),)), parser)[0]) is None
