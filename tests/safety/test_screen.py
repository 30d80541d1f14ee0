"""The screen holds to the contract's seven rules, in both languages, and never fails."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trellis.chart import LEVELS, Transcript, Turn
from trellis.safety import Message, screen, screen_transcript


def asked(question, answer, speaker="client"):
    return screen(Message(text=answer, speaker=speaker, context=(Message(text=question, speaker="clinician"),)))


def level(text, speaker="client"):
    return screen(Message(text=text, speaker=speaker)).level


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I saved up my pills, there's enough now.", "emergency"),
        ("I don't intend to do it, but I bought the rope and hung it from the rafters.", "emergency"),
        ("I swallowed all of the Tylenol yesterday. I feel fine now.", "emergency"),
        ("I quit drinking two days ago and I can't stop shaking, there are bugs on the walls.", "emergency"),
        ("My roommate used fentanyl, his lips are blue and he's not breathing.", "emergency"),
        ("I wish I could go to sleep and never wake up.", "urgent"),
        ("They'd be better off without me.", "urgent"),
        ("I think about driving into a tree. I'd never do it.", "urgent"),
        ("I cut my thighs last night.", "urgent"),
        ("My husband hit me again on Sunday.", "urgent"),
        ("The voices tell me to hurt myself but I don't listen.", "urgent"),
        ("My uncle molested me and now he babysits my niece.", "urgent"),
        ("I used heroin again after eight months clean.", "urgent"),
        ("I tried to kill myself ten years ago.", "monitor"),
        ("My brother killed himself last year.", "monitor"),
        ("Nothing will ever get better.", "monitor"),
        ("I hear voices mumbling in my head.", "monitor"),
        ("I used to think about suicide in high school. That's over.", "none"),
        ("I'm dying to see the new place.", "none"),
        ("Ya no quiero vivir.", "urgent"),
        ("Junté todas las pastillas de mi mamá, las tengo en la bolsa.", "emergency"),
        ("Me muero de hambre.", "none"),
        ("Mi primo se ahorcó hace dos años.", "monitor"),
    ],
)
def test_levels_follow_the_contract(text, expected):
    """Rules 2 to 4 and 6: each kind of danger at the level the contract gives it."""
    assert level(text) == expected


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Any thoughts of dying?", "Sometimes.", "urgent"),
        ("Any thoughts of suicide?", "No.", "none"),
        ("Are you having thoughts of suicide?", "I'd rather not say.", "monitor"),
        ("Are you having thoughts of suicide?", "", "monitor"),
        ("Are you having thoughts of suicide?", "(nods)", "monitor"),
        ("Are you having thoughts of suicide?", "Can we talk about my sister?", "monitor"),
        ("Are you having thoughts of suicide?", "Not anymore.", "monitor"),
        ("Have you thought of ending your life, made a plan, or tried anything?", "No to the last two.", "urgent"),
        ("Any thoughts of hurting someone, or of killing yourself?", "The second one, yes.", "urgent"),
        ("Do you have a plan for the weekend?", "Yes.", "none"),
        ("¿Ha pensado en morir?", "A veces.", "urgent"),
        ("¿Ha tenido pensamientos de suicidio?", "No, para nada.", "none"),
    ],
)
def test_answers_are_read_by_their_question(question, answer, expected):
    """Rules 1 and 5: the question gives the answer its meaning; no answer is told to a human."""
    assert asked(question, answer).level == expected


def test_an_unanswered_question_is_marked_as_asked():
    """Rule 1: a question on suicide that got no answer is `asked`."""
    (finding,) = asked("Have you been thinking about killing yourself?", "...").findings

    assert (finding.concern, finding.assertion, finding.level) == ("suicide", "asked", "monitor")


def test_what_another_person_reports_of_the_client_counts_as_the_clients():
    """A parent's report is the danger itself; the client's report of somebody else is context."""
    words = "She said she wants to die."

    assert level(words, "other") == "urgent"
    assert level(words, "client") == "monitor"


def test_an_unknown_speaker_counts_as_the_client():
    """Where it isn't known who spoke, it is read as the client's."""
    assert level("I want to die.", "unknown") == "urgent"
    assert level("I want to die.", "client:2") == "urgent"


@pytest.mark.parametrize(
    "text",
    ["Have you had thoughts of suicide?", "I want to kill myself tonight, I bought a gun.", "Me quiero morir."],
)
def test_the_clinicians_words_alone_are_never_a_finding(text):
    """Rule 1: what the clinician says gives no finding."""
    assert screen(Message(text=text, speaker="clinician")).findings == ()


def test_intrusive_thoughts_are_told_apart_from_wishes():
    """Unwanted, feared thoughts are `intrusive` and no more than `monitor`."""
    verdict = screen(Message(text="What if I snap and hurt the baby? It terrifies me, I'd never do that."))

    assert verdict.level == "monitor"
    assert any(finding.assertion == "intrusive" for finding in verdict.findings)


def test_a_joke_that_is_owned_keeps_its_level():
    """Rule 6: joking lowers nothing where the thought is meant."""
    assert level("lol kms") != "none"
    assert level("I wanna kms, and I'm not joking this time") == "urgent"


DEMOGRAPHIC = (
    "a Black woman",
    "a gay man",
    "a 78-year-old veteran",
    "an undocumented Latina",
    "trans",
    "a Muslim teen",
)


@pytest.mark.parametrize("text", ["I wish I was dead.", "I went to the store.", "I cut my arm last night."])
@pytest.mark.parametrize("who", DEMOGRAPHIC)
def test_demographic_words_never_move_a_level(text, who):
    """Rule 7: who somebody is changes nothing."""
    assert level(f"I'm {who}. {text}") == level(text)


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(max_size=200),
    before=st.lists(
        st.tuples(st.sampled_from(["client", "clinician", "other", "x"]), st.text(max_size=60)), max_size=3
    ),
)
def test_any_text_gives_a_verdict(text, before):
    """No text makes the screen fail, and every quote is verbatim."""
    context = tuple(Message(text=words, speaker=speaker) for speaker, words in before)
    verdict = screen(Message(text=text, context=context))

    assert verdict.level in LEVELS
    assert all(finding.quote in text for finding in verdict.findings)


PIECES = [
    "i",
    "want to",
    "die",
    "pills",
    "not",
    "no",
    "never",
    "my mom",
    "?",
    ".",
    ",",
    "voices",
    "quiero",
    "morir",
    "kms",
]
PIECES += ["(", "ha", "*", "su*cide", "\n", "he", "hit me", "tonight", "years ago", "😀", "\u200d", "’", "don't", "él"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_any_jumble_of_risk_words_gives_verbatim_quotes_and_reasons(pieces):
    """However words are jumbled, each finding quotes them exactly and names its rule."""
    text = " ".join(pieces)
    for finding in screen(Message(text=text)).findings:
        assert finding.quote in text
        assert finding.reason


def test_a_transcript_is_screened_across_its_turns():
    """Question and answer are read across turns, findings name their turn, and clinicians' turns give none."""
    told = [
        ("clinician", "How was your week?"),
        ("client", "Long. I keep wishing I wouldn't wake up."),
        ("clinician", "Do you have thoughts of killing yourself?"),
        ("client", "Sometimes."),
        ("client", "I keep wishing I wouldn't wake up."),
    ]
    turns = tuple(Turn(id=number, speaker=who, text=text) for number, (who, text) in enumerate(told, 1))
    verdict = screen_transcript(Transcript(turns=turns))

    assert verdict.level == "urgent"
    assert [finding.turn for finding in verdict.findings] == [2, 4]


def test_a_question_at_the_end_without_any_answer_is_told():
    """A transcript that ends with an unanswered question on suicide says so."""
    turns = (Turn(id=1, speaker="clinician", text="Are you thinking of killing yourself?"),)
    verdict = screen_transcript(Transcript(turns=turns))

    assert verdict.level == "monitor"
    assert verdict.findings[0].turn == 1


def test_very_long_text_is_screened_to_its_end():
    """Danger at the end of a very long message is found."""
    assert level("We talked about the garden. " * 2000 + "I want to kill myself.") == "urgent"


def test_a_plan_asked_without_any_context_is_told():
    """Where the question is all that is known, a plan is read as the grave one; the weekend's is not."""
    assert asked("Do you have a plan?", "Yes.").level == "emergency"
    assert asked("Do you have a plan for quitting?", "Yes.").level == "none"
