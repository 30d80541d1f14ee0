"""Arrangements: who does what by when as agreed, and what a session comes to."""

import pytest

from trellis.scribe.arrange import arrange
from trellis.scribe.conclude import conclude


@pytest.fixture
def arranged(talk):
    """Texts by topic."""

    def points(text):
        utterances, _ = talk(text)
        by_topic = {}
        for point in arrange(utterances):
            by_topic.setdefault(point.topic, []).append(point.text)
        return by_topic

    return points


OPENING = (
    "T: Come in.\nC: Thanks.\nT: How was the week?\nC: Long. My boss was away and I did two jobs.\nT: Two jobs.\n"
    "C: Yes.\n"
)


def test_homework_is_who_does_what(arranged):
    """A task given and taken is written as agreed."""
    said = arranged(
        OPENING + "T: For homework, I'd like you to write down three worries every evening.\nC: Okay, I can do that."
    )
    assert said["homework"] == ["Client agreed to write down three worries every evening."]


def test_agreement_is_as_firm_as_the_answer(arranged):
    """A reserve in the answer stays in the note."""
    said = arranged(OPENING + "T: I'd like you to walk for ten minutes every day.\nC: I guess I could.")
    assert said["homework"] == ["Client tentatively agreed to walk for ten minutes every day."]


def test_what_was_refused_is_no_plan(arranged):
    """A refusal is written as one."""
    said = arranged(OPENING + "T: I'd like you to call your brother this week.\nC: No, I'm not ready for that.")
    assert said["homework"] == ["Client declined to call their brother this week."]


@pytest.mark.parametrize(
    "text",
    [
        "T: I want you to close your eyes and notice your breath.\nC: Okay.",
        "T: I want you to know that you did well.\nC: Thanks.",
        "T: Last week you said you were going to walk every day.\nC: I did.",
        "C: I used to run every day before the baby came.\nT: I see.",
    ],
)
def test_talk_in_the_room_is_no_homework(arranged, text):
    """Invitations for now, praise and the past aren't tasks for the week."""
    assert "homework" not in arranged(OPENING + text) and "plan" not in arranged(OPENING + text)


def test_the_clients_own_plan_in_answer_to_the_question(arranged):
    """What the client sets themself, asked for it, is plan in their words turned round."""
    said = arranged(OPENING + "T: What feels doable for the next two weeks?\nC: I'll call my sister on Sunday.")
    assert [text for texts in said.values() for text in texts] == ["Client plans to call their sister on Sunday."]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (
            "T: I'll see you in two weeks, Tuesday the fourteenth, at ten o'clock.",
            "Tuesday the fourteenth at ten o'clock, in two weeks",
        ),
        ("T: So we'll meet again next Thursday at three thirty.", "next Thursday at three thirty"),
        ("T: Let's get you in on March 3rd at 2:15.", "March 3rd at 2:15"),
    ],
)
def test_next_appointment_as_said(arranged, said, written):
    """Day, hour and interval are repeated as they were said."""
    assert arranged(f"{OPENING}{said}\nC: Okay.")["appointment"] == [f"Next appointment: {written}."]


def test_a_changed_appointment_stands_as_last_agreed(arranged):
    """Where the time moves in the talk, the last one stands."""
    said = arranged(
        OPENING + "T: I've got you down for the twelfth, at six o'clock.\nC: The twelfth doesn't work, sorry.\n"
        "T: The thirteenth at seven thirty?\nC: That works."
    )
    assert said["appointment"] == ["Next appointment: the thirteenth at seven thirty."]


def test_what_is_taken_back_is_no_plan(arranged):
    """A plan the client drops in the same breath isn't theirs."""
    said = arranged(OPENING + "T: So what's the plan?\nC: Start the count over. No, I'm not going to start it over.")
    assert "plan" not in said and "homework" not in said


def test_a_talk_of_another_appointment_leaves_the_next_one(arranged):
    """The day of a visit to somebody else never becomes the day of the next session."""
    said = arranged(
        OPENING
        + "T: We're meeting next Tuesday at four fifteen. And your appointment with Dr. Amari is on the ninth?\n"
        "C: The tenth, I think."
    )
    assert "Next appointment: next Tuesday at four fifteen." in said["appointment"]
    assert "Appointment with Dr. Amari: the tenth." in said["appointment"]


def test_others_appointments_are_kept_apart(arranged):
    """A visit to somebody else isn't the next session, and a day given two ways has to be confirmed."""
    said = arranged(
        OPENING + "T: And your appointment with Dr. Amari is on the twenty second?\nC: The twenty third, I think."
    )
    assert said["appointment"] == ["Appointment with Dr. Amari: the twenty third."]


def test_referral_and_call(arranged):
    """Whom the client is sent to, and whom the clinician will deal with."""
    said = arranged(
        OPENING + "T: I'd like you to see Dr. Osei about the headaches.\nC: Okay.\n"
        "T: And I'll call the pharmacy today.\nC: Thanks."
    )
    assert said["referral"] == ["Clinician recommended seeing Dr. Osei about the headaches."]
    assert said["coordination"] == ["Clinician will call the pharmacy today."]


def test_an_offer_not_taken_up_is_no_plan(arranged):
    """An offer needs a yes."""
    said = arranged(OPENING + "T: I can call the school for you.\nC: No, please don't.")
    assert "coordination" not in said


def test_medication_changes_only_as_decided(arranged):
    """Drug, dose and direction come from the words; warnings and conditions are no changes."""
    said = arranged(OPENING + "T: I'd like to raise the sertraline from fifty to one hundred milligrams.\nC: Okay.")
    assert said["medication_change"] == [
        "Clinician plan for medication: raise the sertraline from fifty to one hundred milligrams."
    ]
    assert "medication_change" not in arranged(
        OPENING + "T: If you stop the sertraline suddenly you can feel dizzy.\nC: Okay."
    )
    assert "medication_change" not in arranged(
        OPENING + "T: I can't start you on lithium with those kidneys.\nC: Okay."
    )


def test_advice_for_home_and_when_to_return(arranged):
    """Medical advice and when to come back are plan, without becoming the client's promise."""
    said = arranged(
        OPENING + "T: I think keeping a headache diary would be important.\nC: Okay.\n"
        "T: If it gets worse, I want you to come back and see me straight away.\nC: Okay."
    )
    assert said["plan"] == [
        "Clinician advised keeping a headache diary.",
        "Clinician asked Client to come back and see Clinician straight away.",
    ]


def test_steps_for_a_crisis_are_gathered(arranged):
    """What the client would do, in their order, where danger was talked of."""
    said = arranged(
        "T: Any thoughts of killing yourself?\nC: Not now.\nT: And if that thought came back, what would you do?\n"
        "C: I'd tell my wife. I'd call the crisis line."
    )
    assert said["safety_plan"] == [
        "Safety plan, if thoughts return or worsen: Client would tell their wife and call the crisis line."
    ]


@pytest.fixture
def concluded(talk):
    def points(text):
        utterances, _ = talk(text)
        return list(conclude(utterances))

    return points


def test_diagnosis_only_as_the_clinician_said_it(concluded):
    """A diagnosis is the clinician's; what fits and what doesn't are kept apart; questions and clients name none."""
    assert [point.text for point in concluded("T: What you describe fits OCD.\nC: Okay.")] == [
        "Clinician's diagnosis or impression as stated: OCD."
    ]
    assert "possible" in concluded("T: It could be depression.\nC: Okay.")[0].text
    assert concluded("C: I think I have ADHD.\nT: What makes you say that?") == []
    assert concluded("T: Does anyone in your family have depression?\nC: No.") == []


def test_progress_said_is_no_inference_and_progress_worked_out_is(concluded):
    """The clinician's words are repeated; a conclusion from two scores waits for a human."""
    said = concluded("T: That's real progress, three walks in one week.\nC: Thanks.")
    assert [(point.topic, point.inferred) for point in said] == [("progress", False)]
    worked = [p for p in concluded("T: Your PHQ nine score is nine, down from fourteen.\nC: Good.") if p.inferred]
    assert [point.text for point in worked] == ["Change in PHQ-9 from 14 to 9 suggests improvement."]
    assert worked[0].doubts


def test_goals_are_the_clients(concluded):
    """A goal is what the client says they want from treatment."""
    said = concluded("T: What would you like to get out of therapy?\nC: I want to sleep through the night again.")
    assert [point.text for point in said] == ["Client's goal is to sleep through the night again."]


def test_stage_is_always_an_inference(concluded):
    """A stage of change names the talk it rests on and is never certain."""
    said = concluded(
        "C: I stopped drinking. I quit in May.\nT: In May.\nC: I haven't had a beer since then. I go to "
        "the meeting instead of the bar."
    )
    stages = [point for point in said if point.topic == "stage"]
    assert len(stages) == 1
    assert stages[0].inferred and stages[0].doubts and stages[0].evidence
