"""Arrangements: who does what by when as agreed, and what a session comes to."""

import pytest

from trellis.scribe.clinician.arrange import arrange
from trellis.scribe.clinician.conclude import conclude


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


@pytest.mark.parametrize(
    ("text", "topic", "written"),
    [
        (
            "T: Would you be willing to try the meditation app too?\nC: No, I tried it and I hated it.",
            "plan",
            "Client declined the meditation app.",
        ),
        (
            "T: I'd like your mom to come for part of the session. Would that be okay?\nC: No. Not yet.",
            "plan",
            "Client declined to have their mom come for part of the session.",
        ),
        (
            "T: There's a Tuesday relapse group here. Would you be willing to try that?\nC: I guess I could.",
            "plan",
            "Client tentatively agreed to try a Tuesday relapse group here.",
        ),
        (
            "T: I'd like Zoe to also see the school counselor.\nC: No way.",
            "referral",
            "Client declined the school counselor, which Clinician recommended.",
        ),
        (
            "T: One option would be to add bupropion. What do you think?\nC: I'd rather not take another pill.",
            "medication_change",
            "Client declined the medication change Clinician proposed: add bupropion.",
        ),
    ],
)
def test_an_offer_is_written_as_it_was_taken(arranged, text, topic, written):
    """What was refused stands as refused, what was taken with reserve keeps the reserve."""
    assert arranged(OPENING + text)[topic] == [written]


def test_a_condition_is_no_change_of_medication(arranged):
    """Of a sentence with a condition only the part that decides is written; a dose after it is the same drug."""
    said = arranged(
        OPENING + "T: If your pressure were higher I'd start clonidine, but let's start prazosin one milligram.\n"
        "C: Okay.\nT: After three nights go up to two milligrams.\nC: Got it."
    )
    assert said["medication_change"] == [
        "Clinician plan for medication: start prazosin one milligram.",
        "Clinician plan for medication: after three nights go up to two milligrams.",
    ]
    for hypothetical in (
        "T: In that case I would then recommend that you start on the highest dose.\nC: Sounds good.",
        "T: Your brother was started on quetiapine and they raised the dose, right?\nC: Yes.",
    ):
        assert "medication_change" not in arranged(OPENING + hypothetical)


def test_means_are_kept_out_of_reach_as_agreed(arranged):
    """Who takes what away, and when, in the client's words."""
    said = arranged(
        "T: Any thoughts of killing yourself?\nC: Yes, with the pills.\nT: Could Ana take the pills and keep them?\n"
        "C: Yes. I'll hand them to her.\nT: When?\nC: Tonight."
    )
    assert said["safety_plan"] == ["Means safety: Client will hand the pills to Ana, tonight."]


def test_the_parts_of_a_safety_plan_are_gathered(arranged):
    """Signs, steps, people and emergency care stand in one sentence, named things as well as verbs."""
    said = arranged(
        "T: Any thoughts of killing yourself?\nC: Some.\nT: What are the signs that it's getting worse?\n"
        "C: I stop answering texts.\nT: What can you do by yourself to get through an hour?\nC: Walk the dog.\n"
        "T: And who would you call?\nC: My friend Joy.\nT: And if you can't stay safe, go to the emergency room.\n"
        "C: Okay."
    )
    assert said["safety_plan"] == [
        (
            "Safety plan, if thoughts return or worsen: warning signs “I stop answering texts”; walk the dog; "
            "their friend Joy; in an emergency, emergency room."
        )
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (
            "T: I'll see you in four weeks. Actually, let's make it five weeks, Monday at nine.",
            "Monday at nine, in five weeks",
        ),
        ("T: I can't do next week, so let's meet on the nineteenth at six.", "the nineteenth at six"),
        (
            (
                "T: Does Thursday the ninth at four work?\nC: I have the dentist. Could we do Friday at ten?\n"
                "T: Friday the tenth at ten works."
            ),
            "Friday the tenth at ten",
        ),
        ("T: Next group is Monday at six.", "Monday at six"),
    ],
)
def test_of_times_offered_the_last_that_suits_stands(arranged, text, written):
    """Times that don't suit, or were taken back, are no appointment."""
    assert arranged(f"{OPENING}{text}\nC: Okay.")["appointment"] == [f"Next appointment: {written}."]


def test_the_days_of_a_habit_are_no_appointment(arranged):
    """ "Saturdays" of a drinking week is no date."""
    said = arranged("T: How often do you drink?\nC: Thursdays, seven or eight. Saturdays are bigger. See, that's it.")
    assert "appointment" not in said


def test_a_summing_up_is_said_once(arranged):
    """A recap that adds nothing to the tasks is left out; one that adds stands, and the tasks it holds go."""
    tasks = OPENING + "T: I'd like you to write two thought records this week and keep the three walks.\nC: Okay.\n"
    said = arranged(tasks + "T: So, to recap: two thought records and three walks.\nC: Yes.")
    assert said == {"homework": ["Client agreed to write two thought records this week and keep the three walks."]}
    said = arranged(
        tasks + "T: So, to recap: two thought records, three walks, the choir, and the mall in the rain.\nC: Yes."
    )
    assert said["plan"] == ["Plan agreed: two thought records, three walks, the choir, and the mall in the rain."]


def test_a_plan_asked_for_is_no_goal(talk):
    """What the client will do from here is plan, not a goal of the therapy as well."""
    utterances, _ = talk(OPENING + "T: What do you want to do from here?\nC: I want to go down to two beers.")
    assert not [point for point in conclude(utterances) if point.topic == "goal"]


def test_advice_is_the_clinicians_and_said_once(arranged):
    """A recommendation is no promise of the client's; said again in other words, the fuller one stands."""
    said = arranged(
        OPENING + "T: I'd recommend that you stop using the sauna at night.\nC: Hm.\nT: I recommend that you stop the "
        "sauna, but it's up to you.\nC: Hm."
    )
    assert said == {"plan": ["Clinician recommended that Client stop using the sauna at night."]}
    said = arranged(OPENING + "T: I'd recommend that you cut down to seven drinks a week.\nC: No, I'm not ready.")
    assert said["plan"] == ["Clinician recommended that Client cut down to seven drinks a week; Client did not agree."]


def test_when_to_call_is_plan(arranged):
    """What to do if things get worse is said with its condition."""
    said = arranged(OPENING + "T: If you feel faint or anything gets worse, call the office.\nC: Will do.")
    assert said["plan"] == ["Clinician advised Client to call the office if Client feels faint or anything gets worse."]


def test_office_hours_are_no_appointment(arranged):
    """Days the clinician is there aren't the day of the next session."""
    said = arranged(
        OPENING + "T: If you want to talk before our next appointment, I'm here Monday through Thursday.\nC: Ok."
    )
    assert "appointment" not in said


def test_what_is_said_back_and_agreed_is_homework(arranged):
    """ "So you'll …?" with a yes is what the client agreed to; with a no, or nothing heard, it is not."""
    said = arranged(OPENING + "T: So you'll keep the log every evening?\nC: Yeah.")
    assert said["homework"] == ["Client agreed to keep the log every evening."]
    assert "homework" not in arranged(OPENING + "T: So you'll keep the log every evening?\nC: No, I don't want to.")


def test_how_often_a_dose_is_taken_is_no_appointment(arranged):
    """A habit beside a doctor's name is no day to meet; a doctor who sees the client on a day is one."""
    assert "appointment" not in arranged(OPENING + "T: Did your doctor say twice a day?\nC: Yes, twice a day.")
    said = arranged(OPENING + "T: Doctor Abara sees you about that on the tenth, right?\nC: The tenth, yes.")
    assert said["appointment"] == ["Appointment with Doctor Abara: the tenth."]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("T: I've got you for Tuesday, the second of December, at five.\nC: Good.", "Tuesday, the second of December"),
        ("T: Two weeks from today, three o'clock?\nC: Works.", "two weeks from today, three o'clock"),
        ("T: Same time next week?\nC: Yes.", "same time next week"),
    ],
)
def test_the_last_words_at_the_door_are_the_next_appointment(arranged, text, written):
    """A day with its hour, in few words at the end, is the next meeting without being called one."""
    assert written in arranged(OPENING + text)["appointment"][0]


def test_a_referral_offered_by_question_is_written_as_it_was_taken(arranged):
    """What was offered just before names the place; a no is written as declined."""
    said = arranged(OPENING + "T: There's the evening IOP. Would you want me to refer you?\nC: Not right now.")
    assert said["referral"] == ["Client declined referral to the evening IOP, which Clinician offered."]


def test_another_hour_takes_the_place_of_the_first(arranged):
    """An hour the client asked for and was given is the appointment, not the one first proposed."""
    said = arranged(
        OPENING + "T: Same time next Thursday, two o'clock?\nC: Thursday I have physical therapy at one. Can we do "
        "three?\nT: Three works.\nC: Great. Thanks."
    )
    assert said["appointment"] == ["Next appointment: next Thursday at three."]


def test_a_task_without_anything_to_do_is_none(arranged):
    """ "What would you do?" gives nobody homework."""
    said = arranged(
        OPENING + "T: Ask tonight. And if the thought gets stronger, or you think of a way, what would you do?\n"
        "C: I'd tell my husband. I'd wake him up."
    )
    assert "homework" not in said


def test_an_idea_that_is_asked_about_is_no_offer(arranged):
    """ "How about the idea that …?" asks for a belief, and nobody agrees to try it."""
    said = arranged(
        OPENING + "T: How about the idea that the neighbors were listening?\nC: I know it sounds crazy, but maybe."
    )
    assert "plan" not in said


def test_the_first_step_of_a_goal_is_no_safety_plan(arranged):
    """Steps belong to a safety plan only after what to do in a crisis was asked."""
    said = arranged(
        OPENING + "T: Have you had any thoughts of killing yourself?\nC: No.\nT: What do you do in the day?\n"
        "C: TV. They said I could come back to the diner.\nT: What would be a first step?\n"
        "C: Go in and say hi to Marta. Maybe just eat there."
    )
    assert "safety_plan" not in said


def test_whom_one_sees_anyway_is_not_recommended(arranged):
    """ "Before you see Dr. Adeyemi" tells when, and refers nobody."""
    said = arranged(OPENING + "T: I'd like you to get that done before you see Dr. Adeyemi on the twentieth.\nC: Okay.")
    assert "referral" not in said


def test_what_a_feared_thought_says_is_no_plan(arranged):
    """ "I'll bring it home" is what the client fears, not what they will do."""
    said = arranged(
        OPENING + "T: What's the thought?\nC: That it's on me and I'll bring it home and my husband gets sick."
    )
    assert "plan" not in said
    assert "homework" not in said


def test_an_hour_after_a_date_is_kept(arranged):
    """ "The twenty-ninth, four fifteen" holds both day and hour."""
    said = arranged(
        OPENING + OPENING + "T: Two weeks? The twenty-second, at four fifteen?\nC: I'm in Denver that week. The week "
        "after?\nT: The twenty-ninth, four fifteen.\nC: Done. I'm putting it in right now."
    )
    assert said["appointment"] == ["Next appointment: the twenty-ninth four fifteen."]


def test_what_the_clinician_is_asked_to_do_is_no_plan_of_the_client(arranged):
    """ "Call after two" answers whether the clinician shall call."""
    said = arranged(OPENING + "T: Shall I call you in two weeks to see how it's going?\nC: Call after two.")
    assert "plan" not in said


def test_means_named_a_little_before_are_made_safe(arranged):
    """Agreeing to let somebody take "it" is means safety, with what "it" was."""
    said = arranged(
        OPENING + "T: Do you ever feel that life isn't worth living?\nC: Some nights.\nT: Any guns in the house?\n"
        "C: My deer rifle. It's in the closet. My son-in-law said he'd hold on to it.\n"
        "T: Would you let him take it this week?\nC: I could. Sure. He's coming Sunday."
    )
    assert said["safety_plan"] == ["Means safety (rifle): asked “Would you let him take it this week?”, Client agreed."]
