"""A review of systems: what was asked and denied, affirmed or half denied."""

import pytest

from trellis.scribe.facts.understand import understand
from trellis.scribe.talk.people import list_people


@pytest.fixture
def told(talk):
    def read(text):
        utterances, transcript = talk(text)
        return [point.text for point in understand(utterances, list_people(utterances, transcript))]

    return read


@pytest.mark.parametrize(
    ("question", "answer", "text"),
    [
        ("Any chest pain?", "No.", "Client denies chest pain."),
        ("Fevers, chills?", "No, neither.", "Client denies fevers or chills."),
        ("Any chest pain, nausea, shortness of breath?", "No, no, and no.",
         "Client denies chest pain, nausea, or shortness of breath."),
        ("Have you noticed any rash or swelling?", "Nope.", "Client denies rash or swelling."),
        ("Any blood in your stool, vomiting?", "No blood.", "Client denies blood in their stool."),
        ("Any dizziness, fainting?", "Never fainted.", "Client denies fainting."),
        ("Numbness or tingling?", "In my fingers.", "Client reports numbness or tingling in their fingers."),
        ("Any dizziness?", "A little when I stand up fast.",
         "Client reports a little dizziness when they stand up fast."),
        ("Nausea?", "Yeah.", "Client reports nausea."),
    ],
)  # fmt: skip
def test_what_a_question_names_is_denied_or_affirmed_with_its_answer(told, question, answer, text):
    """A bare list of things asked about and a word of answer make one statement."""
    assert text in told(f"T: {question}\nC: {answer}")


def test_a_no_to_one_thing_leaves_the_others(told):
    """What was named along with it and not answered is not denied."""
    assert not any("vomiting" in text for text in told("T: Any blood in your stool, vomiting?\nC: No blood."))


def test_a_no_that_turns_is_no_denial(told):
    """Right after "no, well, sometimes" nothing is denied."""
    assert not any("denies headaches" in text for text in told("T: Headaches?\nC: No. Well, sometimes at night."))


def test_a_no_with_a_time_keeps_the_time(told):
    """Thoughts denied since last year are not denied for ever."""
    (text,) = told("T: Any thoughts of suicide?\nC: No, not since last year.")

    assert text == "Client denies having had suicidal thoughts since last year."


def test_a_lack_of_something_good_is_no_denial(told):
    """Nobody denies energy."""
    assert not any("denies energy" in text for text in told("T: Energy?\nC: None."))


def test_a_question_about_the_talk_is_no_review(told):
    """Plans for the day and questions about them are not symptoms."""
    assert told("T: Any questions?\nC: No.") == []
