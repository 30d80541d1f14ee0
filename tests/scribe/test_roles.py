"""Who is the clinician: from labels where they say it, from talk where they don't."""

import pytest

from trellis.chart import Turn
from trellis.kernel.errors import Invalid
from trellis.scribe.hearing.roles import assign_roles

ASKS = (
    "How have you been sleeping since we last met?",
    "It sounds like the nights are when you feel most alone.",
    "Let's look at your thought record together. What did you notice?",
    "On a scale from zero to ten, how strong is your worry right now?",
)
TELLS = (
    "Not great. I wake up at three and I can't get back to sleep.",
    "I just lie there and think about my mom and everything I didn't do.",
    "I only did it twice. I got stuck because my boss kept calling me.",
    "I'd say a six. I had a bad week and I feel guilty about it.",
)


def turns(*said: tuple[str, str]) -> list[Turn]:
    return [Turn(id=number, speaker=speaker, text=text) for number, (speaker, text) in enumerate(said, 1)]


def talk(asking: str, telling: str, *, client_first: bool = False) -> list[Turn]:
    """A short session between two labels."""
    pairs = [
        pair
        for question, answer in zip(ASKS, TELLS, strict=True)
        for pair in ((telling, answer), (asking, question))[:: 1 if client_first else -1]
    ]
    return turns(*pairs)


def roles(of: list[Turn], **options: str) -> dict[str, str]:
    assigned, _, _ = assign_roles(of, **options)
    return {before.speaker: after.speaker for before, after in zip(of, assigned, strict=True)}


@pytest.mark.parametrize(
    ("asking", "telling"), [("A", "B"), ("B", "A"), ("Speaker 1", "Speaker 2"), ("Voice B", "Voice A"), ("Ana", "Tom")]
)
@pytest.mark.parametrize("client_first", [True, False])
def test_talk_decides_whoever_speaks_first(asking, telling, client_first):
    """Whoever asks and reflects is the clinician, with voices swapped and with the client first."""
    session = talk(asking, telling, client_first=client_first)
    assert roles(session) == {asking: "clinician", telling: "client"}
    confidence = assign_roles(session)[1]
    assert confidence is not None and 0.8 < confidence <= 1


def test_a_client_who_asks_is_still_the_client():
    """Questions alone make no clinician."""
    session = talk("A", "B") + turns(
        ("B", "Do you think I'm going crazy? My husband says I should see a doctor. Is that what you think?"),
        ("A", "I hear how frightening that is for you. What does it mean to you, when he says that?"),
        ("B", "I don't know. I feel like I'm failing him. Can I take something for it?"),
    )
    assert roles(session) == {"A": "clinician", "B": "client"}


def test_a_talkative_clinician_is_still_the_clinician():
    """Who talks most says nothing about who is who."""
    lecture = (
        "When you avoid what you fear, your body never learns that it was safe, and so your worry grows. "
        "What we can do is to go step by step, so that you notice your fear come up and go down again. "
        "You said the bus is the worst. Let's make a plan for that, and you tell me where you'd like to start."
    )
    session = turns(("A", lecture), ("B", "Okay. I guess I could try."), ("A", lecture), ("B", "I'm scared of it."))
    assert roles(session)["A"] == "clinician"


def test_few_words_give_little_confidence():
    """Two turns that could be anybody's are assigned, but as uncertain."""
    _, confidence, _ = assign_roles(turns(("A", "Hi there."), ("B", "Hello.")))
    assert confidence is not None and confidence < 0.8


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Therapist", "clinician"), ("Dr. Reyes", "clinician"), ("T", "clinician"), ("Terapeuta", "clinician"),
        ("Client", "client"), ("Patient", "client"), ("C", "client"), ("Paciente", "client"),
        ("Interpreter", "other"), ("Stepmom", "other"), ("Mother", "other"), ("Client's wife", "other"),
        ("Husband", "other"),
        ("unknown", "unknown"),
    ],
)  # fmt: skip
def test_labels_say_roles(label, role):
    """A label that names a role decides, whatever is said under it, and without a confidence."""
    session = turns(("Therapist", "Hello."), ("Client", "Hi."), (label, "How did you sleep?"))
    assigned, confidence, _ = assign_roles(session)
    assert assigned[-1].role == role
    assert confidence is None


def test_the_name_beside_a_titled_clinician_is_the_client():
    """`Dr. Reyes` and `Maya`: the name without a title is the client's, and both names are kept."""
    assigned, confidence, people = assign_roles(turns(("Maya", "How are you?"), ("Dr. Reyes", "I'm well, thanks.")))
    assert [turn.speaker for turn in assigned] == ["client", "clinician"]
    assert confidence is None
    assert {person.role: person.name for person in people} == {"client": "Maya", "clinician": "Dr. Reyes"}


def test_several_of_a_role_are_numbered():
    """Couples and groups: `client`, then `client:2`."""
    session = turns(
        ("T", "Welcome."), ("Client 1", "Hi."), ("Client 2", "Hello."), ("Mother", "Hi."), ("Father", "Hi.")
    )
    assert list(roles(session).values()) == ["clinician", "client", "client:2", "other", "other:2"]


def test_roles_of_the_contract_stay_as_they_are():
    """A transcript in our own format keeps its speakers."""
    session = turns(("client:2", "Hi."), ("clinician", "Hello."), ("client", "Hi."), ("other", "Hey."))
    assert all(before == after for before, after in roles(session).items())


def test_kin_who_say_so_are_others_with_their_relation():
    """A third voice that introduces itself as kin isn't taken for the client."""
    session = [
        *talk("A", "B"),
        *turns(("C", "Hi, I'm his stepmom. I wanted to come because he won't talk to us at home.")),
    ]
    assigned, _, people = assign_roles(session)
    assert {turn.speaker for turn in assigned} == {"clinician", "client", "other"}
    assert next(person.relation for person in people if person.role == "other") == "stepmother"


def test_a_parent_is_known_by_how_the_child_calls_them():
    """Where one voice calls another `mom`, the other is kin, not a second client."""
    session = [*talk("A", "B"), *turns(("C", "She won't come out of her room."), ("B", "Mom, please. I'm right here."))]
    assigned, _, people = assign_roles(session)
    assert assigned[-2].speaker == "other"
    assert next(person.relation for person in people if person.id == "other") == "mother"


def test_one_voice_alone():
    """A monologue of self-disclosure is the client's; nobody else is made up."""
    assigned, confidence, people = assign_roles(turns(*(("A", text) for text in TELLS)))
    assert {turn.speaker for turn in assigned} == {"client"}
    assert [person.id for person in people] == ["client"]
    assert confidence is not None


def test_the_caller_knows_best():
    """A named clinician is the clinician, against all talk and without a confidence; letters of any case will do."""
    session = talk("A", "B")
    assert roles(session, clinician="b") == {"B": "clinician", "A": "client"}
    assert assign_roles(session, clinician="B")[1] is None


def test_an_unknown_clinician_is_refused_with_the_labels_there_are():
    """A label nobody has is a wrong option; the message names those there are."""
    with pytest.raises(Invalid) as refused:
        assign_roles(talk("A", "B"), clinician="C")
    assert refused.value.code == "scribe.clinician_unknown"
    assert "A, B" in str(refused.value) or "B, A" in str(refused.value)


def test_a_refusal_repeats_no_name():
    """A label that is a name may be a client's: the message says only that there is one."""
    with pytest.raises(Invalid) as refused:
        assign_roles(talk("Therapist", "Dana Whitfield"), clinician="C")
    assert "Speakers are Therapist and 1 called by name." in str(refused.value)


def test_nobody_at_all():
    """A transcript without turns has no roles and nobody in it."""
    assert assign_roles([]) == ((), None, ())
