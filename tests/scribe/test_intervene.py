"""Interventions: what the clinician did, by its name and its words, and nothing that was only talked of."""

import pytest

from trellis.scribe.clinician.intervene import intervene, names
from trellis.scribe.clinician.respond import respond


@pytest.fixture
def named(talk):
    """Points of an authored dialogue by their key, without the prefix."""

    def points(text):
        utterances, _ = talk(text)
        return {point.key.removeprefix("intervention."): point for point in intervene(utterances)}

    return points


DELIVERED = {
    "restructuring": "T: Okay, what's the evidence for the idea that you ruined it?\nC: None.\nT: And against?",
    "thought_record": "T: Could you read me one entry from the thought log?\nC: Sure.",
    "behavioral_activation": "T: Let's schedule two pleasant activities for the week.\nC: Okay.",
    "exposure": "T: So where would touching the doorknob sit on your fear ladder?\nC: A five.",
    "chain_analysis": "T: Let's do a chain analysis of Saturday night.\nC: Okay.",
    "diary_card": "T: Can we look at your diary card first?\nC: Here.",
    "dbt_skills": "T: Let's go over the DEAR MAN steps before you talk to her.\nC: Okay.",
    "defusion": "T: Try saying, I'm having the thought that I'm broken.\nC: I'm having the thought that I'm broken.",
    "emdr": "T: Bring up the image and follow my fingers.\nC: Okay.\nT: What do you notice now?",
    "roleplay": "T: Let's role play that call right now.\nC: Okay.",
    "grounding": "T: Put your feet on the floor and name five things you can see.\nC: The lamp.",
    "breathing": "T: Let's take three slow breaths together.\nC: Okay.",
    "cbti": "T: If you're awake for twenty minutes, get out of bed until you're sleepy again.\nC: Okay.",
    "psychodynamic": "T: Does this remind you of anyone from when you were growing up?\nC: My father.",
    "relapse_prevention": (
        "C: I drank on Friday. Drinking is what we do. I drank six beers.\nT: What triggers the "
        "drinking, mostly?\nC: Payday."
    ),
    "safety_planning": "T: Let's write your safety plan together. What are the warning signs?\nC: I stop answering.",
    "mi": (
        "C: I've been drinking more. I drink every night. The drinking is bad.\n"
        "T: On a scale from zero to ten, how important is it to you to cut down?\nC: Seven.\nT: Why a "
        "seven and not a three?"
    ),
}


@pytest.mark.parametrize("key", DELIVERED)
def test_names_what_was_done(named, key):
    """Each school's work is named from the clinician's words, whatever the client's problem."""
    points = named(DELIVERED[key])
    assert key in points
    assert points[key].topic == "intervention"
    assert points[key].text.startswith("Clinician ")


def test_evidence_is_the_clinicians_words_verbatim(talk):
    """A reader can walk back from the name of a technique to the clinician's words."""
    utterances, transcript = talk("C: I'm a failure.\nT: What's the evidence for that thought?\nC: I lost one client.")
    for point in intervene(utterances):
        for ground in point.evidence:
            assert ground.quote in transcript.turn(ground.turn).text
        assert transcript.turn(point.evidence[0].turn).speaker == "clinician"


def test_merges_occurrences_and_names_the_parts(named):
    """One kind of work is one sentence, with its parts, however often it came up."""
    points = named(
        "C: The thought was, I'm a bad nurse.\nT: What's the evidence for it?\nC: I forgot a form.\n"
        "T: And the evidence against it?\nC: Nobody was hurt.\n"
        "T: How else could you look at it? Is there another way to see it?\nC: I had a bad day."
    )
    text = points["restructuring"].text
    assert "weighing evidence for and against" in text
    assert "more balanced alternative" in text
    assert "“I'm a bad nurse”" in text
    assert len(points["restructuring"].evidence) <= 4


def test_risk_assessment_names_only_what_was_asked(named):
    """The note says which questions about danger were put, and no others."""
    points = named(
        "T: Have you had any thoughts of killing yourself?\nC: No.\nT: Any thoughts of hurting somebody "
        "else?\nC: No.\n"
        "T: Are there any guns at home?\nC: No."
    )
    text = points["risk_assessment"].text
    assert "suicidal thoughts" in text and "harm to others" in text and "firearms" in text
    assert "past attempts" not in text and "self-harm" not in text


@pytest.mark.parametrize(
    "text",
    [
        "C: My old counselor did exposure and thought records with me.\nT: Mm-hm.",
        "T: I had a client once who kept a thought record and it helped her.\nC: Okay.",
        "T: Next time we could look at your thought record.\nC: Okay.",
        "T: Have you ever tried DBT or a diary of skills in therapy before?\nC: No.",
        "T: How did that make you feel?\nC: Sad.",
        "T: And what did you do then?\nC: I left.\nT: Okay. How long did you stay?\nC: An hour.",
        "C: My friend does EMDR. They follow the fingers.\nT: Uh-huh.",
        "T: You don't want that to happen, do you?\nC: No.",
    ],
)
def test_talk_of_therapy_is_no_therapy(named, text):
    """Other clients, earlier treatment, later plans and ordinary questions are no interventions of this session."""
    assert not set(named(text)) & (set(DELIVERED) | {"risk_assessment"})


def test_listening_is_named_once_where_it_carries_the_session(named):
    """Reflections and open questions are summed up once, and only where there are enough of both."""
    talk = "\n".join(
        f"T: What was {thing} like for you?\nC: Hard. I felt so alone with it.\n"
        f"T: It sounds like you felt alone with {thing} for a long time.\nC: Yes."
        for thing in ("the move", "the first week", "the new school", "the winter", "the silence")
    )
    points = named(talk)
    assert points["listening"].text == "Clinician used open questions and reflective listening."
    assert "listening" not in named("T: What happened?\nC: It rained.\nT: It sounds like you got wet.\nC: Yes.")


def test_family_work_needs_more_than_one_person(named):
    """Relational techniques are named only where there is somebody to relate to in the room."""
    words = "T: So it's a dance. The more she knocks, the more he hides.\nC: Yes.\n"
    assert "family" not in named(words)
    assert "family" in named(words + "D: That's true.")


def test_works_in_lower_case_without_punctuation(named):
    """Recognised speech without capitals, marks and with stutter gives the same names."""
    points = named("T: so um lets look at at your thought record from tuesday\nC: okay")
    assert "thought_record" in points


def test_names_of_techniques_are_known_to_the_check():
    """What names a technique is the note's own vocabulary and need not be in the quote."""
    assert {"weighing evidence for and against", "TIPP", "anxiety and panic", "response prevention"} <= names()


@pytest.fixture
def answered(talk):
    def points(text):
        utterances, _ = talk(text)
        return [point.text for point in respond(utterances)]

    return points


def test_keeps_what_the_client_concluded(answered):
    """A conclusion counts as one where the clinician asked for it, in the client's words."""
    said = answered("T: What does that tell you about the bus?\nC: If I stay on, the fear drops by itself.")
    assert said == ["Client concluded: “If I stay on, the fear drops by itself.”"]


def test_a_ladder_talked_of_is_no_exposure_carried_out(named):
    """Exposure that was only prepared is written as prepared."""
    points = named("T: So where would the bus sit on your fear ladder?\nC: A five.")
    assert points["exposure"].text == "Clinician prepared exposure with Client, working on the fear hierarchy."


def test_a_client_who_speaks_of_a_part_gets_no_parts_work(named):
    """Reflecting "part of me" isn't work with parts of self."""
    points = named(
        "C: Part of me wants to go.\nT: There's a part of you that wants to go, and another part of you says stay."
    )
    assert "parts_work" not in points


def test_skills_against_urges_need_a_substance_to_be_relapse_prevention(named):
    """An urge to self-harm is no craving."""
    points = named("C: I cut my leg.\nT: If the urge hits six this week, what will you do first?\nC: Hold ice.")
    assert "relapse_prevention" not in points


def test_listening_that_leaves_the_choice_to_the_client_is_motivational_interviewing(named):
    """Open questions, reflections and asked permission about a habit carry the name without a ruler."""
    points = named(
        "C: I smoke a lot of weed. Weed helps me sleep. I smoke weed every night.\n"
        "T: So you use it to get to sleep, and it works for you.\nC: Yes.\n"
        "T: What concerns do you have about it?\nC: My boss might test me.\n"
        "T: So you worry that it could cost you the job.\nC: Yes.\n"
        "T: Would it be okay if I share something about cannabis and sleep?\nC: Sure.\n"
        "T: What do you make of that?\nC: I didn't know.\n"
        "T: It sounds like you want to keep the job more than the weed.\nC: I do.\n"
        "T: It's your choice. What would be a first step for you?\nC: Weekends only."
    )
    assert "mi" in points
    assert "open questions and reflective listening" in points["mi"].text


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("T: On a scale of zero to ten, how willing are you to have the pain along?\nC: Eight.", "mi"),
        ("T: Could you write down your prediction before you call?\nC: Okay.", "exposure"),
        ("T: What about the slow breathing I showed you?\nC: I use it at night.", "breathing"),
        ("T: What was the first thing that set it off?\nC: Her call. I wanted to die.", "safety_planning"),
        ("T: It might mean giving up an hour's sleep to get to the gym.\nC: Maybe.", "psychoeducation"),
        ("T: This baby is a new life ahead.\nC: Yes.", "ipt"),
        ("T: What could be a first step towards that?\nC: I don't know.", "committed_action"),
    ],
)
def test_a_word_of_a_school_in_passing_is_not_its_work(named, text, absent):
    """Names come from what was done: a shared word, an earlier lesson or a plain question names no intervention."""
    assert absent not in named(text)


def test_a_response_is_of_whoever_gave_it(talk):
    """What the second of a couple said is not put into the mouth of the first."""
    utterances, _ = talk("T: What was that like for you to hear?\nD: I thought she was just keeping score all year.")
    assert [point.text for point in respond(utterances)] == [
        "Asked how that was, Client 2 said: “I thought she was just keeping score all year.”"
    ]
