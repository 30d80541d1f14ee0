"""Fragments: a few words of an answer become one statement with their question, or none at all."""

import pytest

from trellis.scribe.facts.fragments import tell_fragment
from trellis.scribe.saying.person import voice_of


@pytest.fixture
def told(talk):
    def read(text):
        utterances, _ = talk(text)
        answer = next(each for each in utterances if each.turn.role == "client")
        questions = [each for each in utterances if each.asks]
        before = questions[-2] if len(questions) > 1 else None
        return tell_fragment(answer, questions[-1], before, voice_of("Client", "they"))

    return read


@pytest.mark.parametrize(
    ("asked", "answered", "statement"),
    [
        ("And the dreams?", "Three or four times a week.", "Client reports the dreams, three or four times a week"),
        ("How is your mood?", "Irritable.", "Client describes their mood as irritable"),
        ("What's your mood been like?", "Just, like, flat.", "Client describes their mood as flat"),
        (
            "How long does it take you to get back to sleep?",
            "An hour, sometimes two.",
            "Client reports that it takes them an hour, sometimes two to get back to sleep",
        ),
        ("Do you ever feel guilty?", "Every day.", "Client reports feeling guilty every day"),
        ("What time do you get up?", "Six thirty.", "Client reports getting up at six thirty"),
        (
            "How many hours do you sleep?",
            "On school nights like five.",
            "Client reports sleeping five hours on school nights",
        ),
        (
            "Are you still taking the escitalopram?",
            "Yeah, ten milligrams at night.",
            "Client reports still taking the escitalopram, ten milligrams at night",
        ),
        (
            "Any side effects?",
            "A little headache at first, but that's gone.",
            "Client reports side effects: a little headache at first, now gone",
        ),
    ],
)
def test_question_and_answer_make_one_statement(told, asked, answered, statement):
    """What was asked and answered in a few words is told, not quoted beside its question."""
    assert told(f"T: {asked}\nC: {answered}") == statement


def test_a_figure_on_a_scale_is_of_what_was_asked_before(told):
    """A rating without the thing rated would say nothing; one with another thing would be false."""
    text = "T: How's your mood? On a scale from zero to ten?\nC: Like a three."

    assert told(text) == "Client rates their mood at about three on a scale of zero to ten"


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("Do you drink or smoke?", "Yeah, at parties."),
        ("On a scale from zero to ten, how ready are you?", "A seven."),
        ("How is your mood?", "Not great."),
        ("And the job?", "I like it."),
        ("Do you still see your sister?", "No."),
    ],
)
def test_what_does_not_plainly_fit_is_left_to_others(told, asked, answered):
    """An answer that leaves open which part it answers, or denies, is never filled in."""
    assert told(f"T: {asked}\nC: {answered}") is None


def test_a_rating_is_of_what_its_own_question_names(told):
    """The cravings are rated, not the side effects asked about before."""
    statement = told(
        "T: Any side effects?\nT: How are the cravings, say in the last week, zero to ten?\nC: Three most days."
    )
    assert statement == "Client rates the cravings at three on a scale of zero to ten most days"
