"""Understanding: the facts a note needs are found, each with whose it is; nothing is made of what was not meant."""

import pytest

from trellis.scribe.checking.check import check
from trellis.scribe.facts.understand import understand
from trellis.scribe.talk.people import list_people


@pytest.fixture
def points(talk):
    def read(text):
        utterances, transcript = talk(text)
        return understand(utterances, list_people(utterances, transcript))

    return read


def about(points, topic):
    return [point for point in points if point.topic == topic]


def quotes(points):
    return " / ".join(evidence.quote or "" for point in points for evidence in point.evidence)


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("I sleep four hours a night.", "sleep"),
        ("I lost ten pounds this month.", "appetite"),
        ("I have panic attacks every week.", "symptom"),
        ("I feel so sad all the time.", "symptom"),
        ("I take fifty milligrams of sertraline every morning.", "medication"),
        ("I drink six beers a night.", "substance"),
        ("I was in the psychiatric hospital last spring.", "history"),
        ("I have diabetes.", "medical"),
        ("I got fired from my job in May.", "work"),
        ("My husband and I argue every night.", "relationship"),
        ("My goal is to get back to painting.", "goal"),
        ("I calm myself with music.", "strength"),
        ("I want to cut down on my drinking.", "substance"),
        ("I don't want to quit yet.", "sustain_talk"),
        ("I can't get dressed some mornings.", "function"),
    ],
)
def test_what_a_sentence_is_about(points, said, topic):
    """Each kind of fact is found by its own topic."""
    assert [point.topic for point in points(f"C: {said}")] == [topic]


@pytest.mark.parametrize(
    "said",
    ["Hi.", "Okay, yeah.", "Thank you so much.", "I don't know.", "Nice weather today.", "Can I sit here?", "I was-"],
)
def test_small_talk_and_fillers_say_nothing(points, said):
    """What no note would hold gives no point."""
    assert points(f"T: Come in.\nC: {said}") == ()


def test_points_quote_their_turns_verbatim(points):
    """Every piece of evidence is cut from the turn it names."""
    text = "T: Any trouble sleeping?\nC: Um, yeah. I-I wake at three every night, you know."
    turns = {1: "Any trouble sleeping?", 2: "Um, yeah. I-I wake at three every night, you know."}
    found = points(text)
    assert found
    for point in found:
        for evidence in point.evidence:
            assert evidence.quote in turns[evidence.turn]


def test_a_yes_is_read_with_its_question(points):
    """A bare yes to a question about a symptom is a fact, and its evidence is both turns."""
    (point,) = points("T: Do you have trouble sleeping?\nC: Yes.")
    assert point.topic == "sleep"
    assert [evidence.turn for evidence in point.evidence] == [2, 1]
    assert "sleep" in point.text


def test_a_denial_is_written_where_it_was_asked_and_denied(points):
    """Asked about suicide and answered no: a denial. Never asked: none."""
    (asked,) = points("T: Have you had any thoughts of suicide?\nC: No.")
    assert asked.topic == "risk"
    assert asked.text.startswith("Client denies")
    assert not about(points("T: How was the week?\nC: No complaints."), "risk")


def test_a_question_left_unanswered_is_no_denial(points):
    """Talk that goes elsewhere says nothing about what was asked."""
    found = points("T: Have you had any thoughts of suicide?\nC: Can I tell you about my week first?\nT: Sure.")
    assert not about(found, "risk")


def test_suicidal_thoughts_are_risk_of_full_weight(points):
    """What endangers the client is never weighed down."""
    (point,) = points("C: I keep thinking about killing myself.")
    assert (point.topic, point.weight, point.subject) == ("risk", 1.0, "client")


def test_somebody_elses_suicide_is_not_the_clients_risk(points):
    """An uncle's suicide is family history, about the uncle."""
    (point,) = points("C: My uncle killed himself two years ago.")
    assert point.topic == "history"
    assert point.subject != "client"
    assert "uncle" in point.text


def test_the_sisters_drug_is_not_the_clients(points):
    """Somebody else's medication is no medication of the client."""
    found = points("C: My sister takes Xanax. She drinks every night.")
    assert not about(found, "medication")
    assert not about(found, "substance")
    assert all("sister" in point.text for point in found)


def test_a_pronoun_of_unclear_person_gives_no_fact(points):
    """Where nobody can say who drinks, nobody is said to drink."""
    assert points("C: She drinks every night.") == ()


def test_a_danger_of_unclear_person_waits_for_a_clinician(points):
    """Danger is never dropped, but who is meant has to be confirmed."""
    found = about(points("C: She wants to kill herself."), "risk")
    assert all(point.doubts for point in found)


@pytest.mark.parametrize(
    ("text", "stands", "gone"),
    [
        ("C: I drink four beers a night.\nT: Okay.\nC: Actually, it's six beers a night.", "six", "four"),
        ("C: I use it twice a week, no, sorry, three times a week.\nT: Weed?", "", "twice"),
    ],
)
def test_a_corrected_value_is_not_written(points, text, stands, gone):
    """The later value stands, the earlier is not said."""
    told = " ".join(point.text for point in points(text))
    assert stands in told
    assert gone not in told


def test_jests_and_ifs_are_no_facts(points):
    """What was joked or only imagined is not reported."""
    assert points("C: I could kill my boss.\nC: I'm just kidding.") == ()
    assert points("C: If I slept more I would have more energy.") == ()


def test_an_answer_by_nod_has_to_be_confirmed(points):
    """A gesture answers, but a clinician has to say so."""
    found = points("T: Have you been drinking?\nC: [nods]")
    assert all(point.doubts for point in found)


def test_a_hedged_yes_has_to_be_confirmed(points):
    """ "I guess" is no plain yes."""
    found = points("T: Do you have trouble sleeping?\nC: I guess so.")
    assert all(point.doubts for point in found)


def test_how_long_is_joined_to_what_lasts(points):
    """A duration asked for afterwards belongs to the fact before it, with the evidence of both."""
    (point,) = points("C: I wake up at three every night.\nT: How long has that been going on?\nC: About two weeks.")
    assert "two weeks" in point.text
    assert {evidence.turn for evidence in point.evidence} == {1, 2, 3}


def test_the_long_past_is_history(points):
    """What was once is not told as if it were now."""
    (point,) = points("C: I used to have panic attacks as a kid.")
    assert point.topic == "history"


def test_a_side_effect_names_its_drug(points):
    """ "It" after a drug is the drug, and the turn that names it is evidence."""
    found = points("C: I take sertraline.\nC: It gives me headaches every day.")
    effect = next(point for point in found if "headache" in point.text)
    assert effect.topic == "medication"
    assert "sertraline" in effect.text
    assert {evidence.turn for evidence in effect.evidence} == {1, 2}


def test_two_clients_are_kept_apart(points):
    """What the second client says is the second client's."""
    found = points("C: I sleep well these days.\nD: I sleep three hours a night.")
    assert {point.subject for point in found} == {"client", "client:2"}


def test_an_unknown_voice_has_to_be_confirmed(points):
    """Where the speaker could not be placed, a clinician says whose words they are."""
    found = points("U: I want to kill myself.")
    assert found
    assert all(point.doubts for point in found)


def test_exact_facts_weigh_more(points):
    """Numbers and durations make a fact worth more than a mention."""
    exact, vague = points("C: I drink six beers every night."), points("C: Drinking is a thing.")
    assert exact[0].weight > max((point.weight for point in vague), default=0.0)


def test_what_the_clinician_says_is_not_the_clients_report(points):
    """Understanding reads client and others only."""
    assert points("T: I sleep badly before holidays too, and I take melatonin.") == ()


def test_lower_case_speech_without_marks_is_understood(points):
    """Recognised speech may come without case and punctuation."""
    found = points(
        "T: how have you been sleeping\nC: um i only sleep like four hours a night and i feel anxious all the time"
    )
    assert {"sleep", "symptom"} <= {point.topic for point in found}


def test_a_denial_is_heard_whatever_stop_was_written(talk):
    """A recogniser ends a question with a full stop; what was asked and denied is in the note all the same."""
    utterances, transcript = talk(
        "T: And I'd like to ask you directly any thoughts of not wanting to be alive or of hurting yourself.\n"
        "C: No, no, nothing like that."
    )
    points = understand(utterances, list_people(utterances, transcript))

    denials = [check(point, transcript) for point in points if "denies" in point.text]
    assert [(each.text, each.status) for each in denials] == [
        ("Client denies suicidal thoughts or self-harm.", "supported")
    ]


def test_a_dose_taken_back_in_the_same_breath_is_not_written(points):
    """ "Wait, no" takes back the figure before it, whatever else the correction names."""
    found = points(
        "T: Are you still taking the prazosin?\n"
        "C: Yes. Two milligrams. Wait, no, she bumped it up to three at the last visit."
    )
    told = " ".join(point.text for point in found)
    assert "wo milligrams" not in told
    assert "“she bumped it up to three at the last visit”" in told


def test_a_name_it_is_said_to_is_no_part_of_a_question(points):
    """ "How have you been sleeping, Dana?" asks about sleep, and "Jaylen?" about nothing."""
    told = [point.text for point in points("T: How have you been sleeping, Dana?\nC: Not great at all these days.")]
    assert told
    assert not any("Dana" in text for text in told)
    assert not any("jaylen" in point.text for point in points("T: Jaylen?\nC: Phone in the kitchen at eleven."))


def test_a_thought_is_quoted_to_its_end(points):
    """What was feared is one thought; no half of it is told as if it were so."""
    told = [
        point.text
        for point in points(
            "T: What's the thought?\n"
            "C: That it's on me and I'll bring it home and my husband gets sick and it's my fault."
        )
    ]
    assert told == [
        "Client reports the thought “it's on me and I'll bring it home and my husband gets sick and it's my fault.”"
    ]


def test_an_earlier_state_of_oneself_keeps_its_person(points):
    """ "I was in intensive care" is about the client, never "it"."""
    told = " ".join(
        point.text
        for point in points("C: In 2009 I took the whole bottle of lithium and I was in the ICU for four days.")
    )
    assert "they were in the ICU" in told
    assert "it were" not in told


def test_it_after_a_no_is_not_what_was_asked_about(points):
    """ "It's my only break" is not the thought of cutting down that was asked about and not had."""
    told = [
        point.text for point in points("T: Any thought of cutting down?\nC: Not really. It's my only break at work.")
    ]
    assert not any("thought of cutting down is" in text for text in told)
