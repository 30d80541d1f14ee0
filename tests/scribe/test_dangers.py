"""Dangers: every question about danger that was answered is in the note, and says what was answered."""

import pytest

from trellis.scribe.facts.understand import understand
from trellis.scribe.talk.people import list_people


@pytest.fixture
def risk(talk):
    def read(text):
        utterances, transcript = talk(text)
        points = understand(utterances, list_people(utterances, transcript))
        return [point.text for point in points if point.topic == "risk"]

    return read


def test_a_denial_names_what_was_asked_and_keeps_what_was_not_denied(risk):
    """A no to thoughts now never swallows the wish that was there in spring."""
    denied, wished = list(
        dict.fromkeys(
            risk(
                "T: Any thoughts of not wanting to be alive, or of hurting yourself?\n"
                "C: No. No, nothing like that. In the spring I used to wish I just wouldn't wake up, but I haven't "
                "had that in months."
            )
        )
    )

    assert denied == "Client denies thoughts of not wanting to be alive or of hurting themselves."
    assert "in the spring" in wished
    assert "used to wish that they would not wake up" in wished
    assert "not had that in months" in wished


def test_follow_up_questions_belong_to_the_danger_spoken_of(risk):
    """Plan and intent are asked without naming what for; their answers are risk all the same."""
    found = risk(
        "T: Have you had thoughts of killing yourself?\nC: Last month I thought about dying.\n"
        "T: Did you have a plan?\nC: No.\nT: Did you have any intention of acting on it?\nC: No."
    )

    assert any("denies" in text and "plan" in text for text in found)
    assert any("denies" in text and "intention" in text for text in found)


def test_the_same_words_far_from_danger_ask_about_something_else(risk):
    """A plan for the weekend is no plan to die."""
    assert risk("T: How was work?\nC: Fine.\nT: Do you have any plans?\nC: No.") == []


def test_an_answer_that_is_neither_yes_nor_no_is_quoted_whole(risk):
    """Half of "not suicide, but …" would turn it around."""
    (text,) = risk(
        "T: Have you had thoughts of suicide?\nC: Not suicide. But some mornings I wish it had been me instead."
    )

    assert text == (
        "Asked about suicidal thoughts, Client states, “Not suicide. But some mornings I wish it had been me instead.”"
    )


def test_access_to_means_is_told_with_where_they_are(risk):
    """That a gun is in the house, and that it is locked away, belong together."""
    (text,) = risk("T: Any guns at home?\nC: Yes, one pistol. It's locked in a safe, and my wife has the code.")

    assert "one pistol" in text
    assert "my wife has the code" in text


def test_a_bare_no_is_never_quoted(risk):
    """ "No" says nothing to a reader who can't see the question."""
    found = risk("T: When you thought about dying, did you think about how you would do it?\nC: No.")

    assert found == ["Client denies having thought about how to do it."]


def test_somebody_elses_weapon_is_told_with_its_whole_answer(risk):
    """ "My uncle has one" is neither a yes nor a no to a gun at home; all of the answer is needed."""
    (text,) = risk("T: Are there any guns at home?\nC: My uncle has one, but he lives in Macon. Not at our place.")

    assert (
        text == "Asked about guns at home, Client states, “My uncle has one, but he lives in Macon. Not at our place.”"
    )
