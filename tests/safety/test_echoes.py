"""A danger the clinician repeats stands, unless the answer takes it back."""

import pytest

from trellis.safety import Message, screen


def answered(answer, question):
    """The verdict on an answer to a question."""
    return screen(Message(text=answer, context=(Message(text=question, speaker="clinician"),)))


REPEATED = "You told me you want to kill yourself. What has been stopping you?"


def test_an_answer_that_lets_a_repeated_danger_stand_affirms_it():
    """Contract rule 1: the words repeated give the answer its meaning; the quote is the answer's."""
    verdict = answered("Nothing now. I've made it right with everybody.", REPEATED)
    assert verdict.level in ("urgent", "emergency")
    echoed = next(found for found in verdict.findings if found.reason.startswith("echo."))
    assert echoed.quote == "Nothing now. I've made it right with everybody."


def test_no_to_what_one_can_do_is_no_denial():
    """ "No" to "could you give them away?" leaves what was repeated before it."""
    question = "You've got the tablets at home and you want to kill yourself with them. Could you give them to her?"
    assert answered("No, I don't think I can.", question).level in ("urgent", "emergency")


@pytest.mark.parametrize(
    "answer",
    ["No, I never said that.", "I meant the job, not me.", "No.", "That was before, it's not like that anymore."],
)
def test_what_is_taken_back_is_gone(answer):
    """A denial, or another meaning, ends the echo."""
    assert answered(answer, "You told me you want to kill yourself. Is that still so?").level in ("none", "monitor")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("You said the walk helped. Did you go again?", "Twice, with the dog."),
        ("You told me your sister wants to move. How is she?", "Packing."),
        ("You've kept the diary. What did you notice?", "I sleep worse on Sundays."),
    ],
)
def test_repeating_harmless_things_makes_nothing(question, answer):
    """Only what would be danger in the client's own mouth is echoed."""
    assert answered(answer, question).level == "none"


def test_where_the_client_was_heard_their_own_words_count():
    """In a session nothing is echoed: what the client said was screened when they said it."""
    context = (
        Message(text="I fell on the steps.", speaker="client"),
        Message(text="You told me you hurt yourself on purpose. What happened?", speaker="clinician"),
    )
    assert screen(Message(text="The steps were steep, that's all.", context=context)).level == "none"


def test_the_clinicians_words_alone_make_nothing():
    """Without an answer there is no echo."""
    assert screen(Message(text=REPEATED, speaker="clinician")).findings == ()
