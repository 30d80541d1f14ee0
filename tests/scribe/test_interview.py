"""Standing questions of an interview, answered by a word or two."""

import pytest

from trellis.scribe.facts.interview import standing
from trellis.scribe.facts.understand import understand
from trellis.scribe.talk.people import list_people
from trellis.scribe.topics import TOPICS


@pytest.fixture
def told(talk):
    def read(text):
        utterances, transcript = talk(text)
        return [point.text for point in understand(utterances, list_people(utterances, transcript))]

    return read


def test_every_standing_question_has_a_topic_of_a_note():
    """The data names topics that formats know."""
    assert standing()
    assert {each.concept.topic for each in standing()} <= set(TOPICS)


@pytest.mark.parametrize(
    ("question", "answer", "text"),
    [
        ("How's your mood been?", "Low.", "Client describes their mood as low."),
        ("How about your appetite?", "Down.", "Client describes their appetite as down."),
        ("Are you allergic to anything?", "Sulfa.", "Client reports being allergic to sulfa."),
        ("Do you have any other medical conditions?", "Asthma.", "Client reports asthma."),
    ],
)
def test_a_word_stands_in_the_place_its_question_leaves(told, question, answer, text):
    """Question and answer are one sentence."""
    assert text in told(f"T: {question}\nC: {answer}")


@pytest.mark.parametrize("answer", ["I guess so.", "Not great.", "Why do you ask?"])
def test_doubt_and_negation_are_not_told_as_a_quality(told, answer):
    """Only a plain word is put in the question's place."""
    assert not any("mood as" in text for text in told(f"T: How's your mood?\nC: {answer}"))
