"""An answer means what its question makes of it, and a question nobody answered is told."""

import pytest

from trellis.chart import Transcript, Turn
from trellis.safety import Message, screen, screen_transcript


def asked(answer, *before):
    """The verdict on an answer after turns that alternate from the clinician's question on."""
    turns = tuple(Message(text=text, speaker=("clinician", "client")[number % 2]) for number, text in enumerate(before))
    return screen(Message(text=answer, context=turns))


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Have the suicidal thoughts gone away?", "Not completely.", "urgent"),
        ("Have the suicidal thoughts gone away?", "Yes, they have.", "none"),
        ("Do you want to be alive?", "Not particularly.", "urgent"),
        ("Do you want to be alive?", "Yes.", "none"),
        ("Are you thinking of killing yourself? Can you keep yourself safe tonight?", "No.", "emergency"),
    ],
)
def test_a_question_asked_the_other_way_round_turns_its_answer(question, answer, expected):
    """Yes to "are they gone?" is no danger, and no is danger."""
    assert asked(answer, question).level == expected


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Any wish to be dead?", "I wouldn't say no.", "urgent"),
        ("You don't have thoughts of suicide, do you?", "I don't say I don't.", "urgent"),
        ("¿No ha pensado en quitarse la vida?", "No es que no.", "urgent"),
        ("On how many days did you think you'd be better off dead?", "Four out of seven.", "urgent"),
        ("On how many days did you think you'd be better off dead?", "Zero.", "none"),
        ("How strong is the wish to die, nought to ten?", "Six.", "urgent"),
        ("When did you last cut yourself?", "Yesterday.", "urgent"),
        ("When was the last time you tried to take your own life?", "Nineteen years ago.", "monitor"),
    ],
)
def test_double_negatives_counts_and_dates_are_answers(question, answer, expected):
    """Rule 5 reads double negatives; a number or a date answers how often and when."""
    assert asked(answer, question).level == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("No plan, no. The first bit, yeah.", "urgent"),
        ("No to the last two.", "urgent"),
        ("No to all of them.", "none"),
    ],
)
def test_a_denial_reaches_only_what_it_names(answer, expected):
    """Rule 5: what of several questions was denied, and what not."""
    question = "Have you wished you were dead? Do you have a plan? Have you done anything to get ready?"
    assert asked(answer, question).level == expected


@pytest.mark.parametrize(
    "answer",
    ["You ask everybody that?", "Define lately.", "If I say yes do you ring my wife?", "Did you see the boiler?"],
)
def test_a_question_thrown_back_is_no_answer(answer):
    """Rule 1: evading is `asked`."""
    findings = asked(answer, "Have you been having thoughts of ending your life lately?").findings

    assert [(finding.assertion, finding.level) for finding in findings] == [("asked", "monitor")]


def test_another_question_over_the_first_leaves_it_unanswered():
    """A yes to the next question isn't a yes to the one on dying, which a human still has to hear about."""
    turns = (
        Turn(id=1, speaker="clinician", text="Are you thinking of killing yourself?"),
        Turn(id=2, speaker="clinician", text="And how is the new job going?"),
        Turn(id=3, speaker="client", text="Yes, it's going fine."),
    )
    verdict = screen_transcript(Transcript(turns=turns))

    assert [(finding.assertion, finding.level) for finding in verdict.findings] == [("asked", "monitor")]


def test_a_remark_about_a_plan_makes_no_plan_of_what_follows():
    """Only a question is answered: homework after "that's a solid plan" is homework."""
    before = ("Any thoughts of not wanting to be alive?", "No.", "That's a solid plan. You were going to walk.")

    assert asked("So, I walked twice. And I wrote in the thought record four nights.", *before).level == "none"


def test_an_answer_quotes_the_sentence_that_gives_it():
    """The shortest words that carry it, not the whole message."""
    (finding,) = asked("Sometimes. My sister says hello.", "Any thoughts of dying?").findings

    assert finding.quote == "Sometimes"
