"""An answer that picks from numbered offers says what the offer says."""

import pytest

from trellis.safety import Message, screen
from trellis.safety.ladders import read_pick
from trellis.safety.rules import load_rulebook
from trellis.safety.words import read

STEPS = "One, no thoughts. Two, thoughts but no plan. Three, thoughts and a plan."
ITEM = "Reply 0 if you have had no thoughts of being better off dead, 1 several days, 2 more than half the days."
PASOS = "¿Ha pensado en morirse? Cero, ningún día. Uno, varios días. Dos, más de la mitad de los días."


def answered(answer, question):
    """The verdict on an answer to a question."""
    return screen(Message(text=answer, context=(Message(text=question, speaker="clinician"),)))


@pytest.mark.parametrize(
    ("question", "answer", "level"),
    [
        (STEPS, "Number three, I'm sorry.", "emergency"),
        (STEPS, "was a three in march now more like a two", "urgent"),
        (STEPS, "One.", "none"),
        (ITEM, "2", "urgent"),
        (ITEM, "0", "none"),
        (ITEM, "i put 2 but i meant 0", "none"),
        (PASOS, "Dos.", "urgent"),
        (PASOS, "Cero.", "none"),
    ],
)
def test_a_number_means_what_was_offered_under_it(question, answer, level):
    """Contract rule 1, in both languages: the clinician's words give the number its meaning; the last word counts."""
    assert answered(answer, question).level == level


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Do you have one or two drinks of an evening?", "Two."),
        ("How many pillows, one or two?", "Two, always."),
        ("One, your sleep. Two, your knee. Where shall we start?", "Two."),
    ],
)
def test_numbers_that_offer_no_danger_are_no_danger(question, answer):
    """A choice between harmless things says nothing."""
    assert answered(answer, question).level == "none"


def test_a_story_with_a_number_in_it_picks_nothing():
    """A number inside a long answer is part of a story."""
    story = read("So my sister came over with the two dogs and we walked by the river and " + "then on and on " * 5)
    assert read_pick(load_rulebook(), STEPS, story) is None
