"""Assertions: present or denied, whose, when, how sure; and what was taken back."""

import pytest

from trellis.scribe.talk.assertions import assess, taken_back
from trellis.scribe.talk.people import UNCLEAR, list_people


@pytest.fixture
def meant(talk):
    """How a word in the last utterance that holds it is meant."""

    def read(text, word):
        utterances, transcript = talk(text)
        people = list_people(utterances, transcript)
        utterance, at = next(
            (each, at)
            for each in reversed(utterances)
            for at, token in enumerate(each.parse.tokens)
            if token.text.lower() == word
        )
        return assess(utterance, at, people), people

    return read


@pytest.mark.parametrize(
    ("said", "word", "denied"),
    [
        ("I feel anxious every day.", "anxious", False),
        ("I don't feel anxious.", "anxious", True),
        ("I don't think I'm depressed.", "depressed", True),
        ("I never have nightmares.", "nightmares", True),
        ("I have no appetite.", "appetite", True),
        ("I sleep without nightmares.", "nightmares", True),
        ("I don't want to die.", "die", True),
        ("I'm not happy because I'm depressed.", "depressed", False),
        ("I can't work when I panic.", "panic", False),
        ("i dont feel anxious", "anxious", True),
    ],
)
def test_negation_reaches_what_it_governs(meant, said, word, denied):
    """A denial holds for what hangs from it, and for nothing beside it."""
    assert meant(f"C: {said}", word)[0].denied is denied


@pytest.mark.parametrize(
    ("said", "word", "relation"),
    [
        ("My sister takes Prozac.", "prozac", "sister"),
        ("I think my sister is depressed.", "depressed", "sister"),
        ("My sister's drinking scares me.", "drinking", "sister"),
        ("My uncle killed himself.", "killed", "uncle"),
        ("My brother says he hears voices.", "voices", "brother"),
    ],
)
def test_what_is_somebody_elses_is_theirs(meant, said, word, relation):
    """The sister's drug, drinking and sadness are not the client's."""
    assertion, people = meant(f"C: {said}", word)
    assert people.person(assertion.whose).relation == relation


@pytest.mark.parametrize(
    ("said", "word"),
    [("I take Prozac.", "prozac"), ("My mother knows I drink.", "drink"), ("My drinking scares my wife.", "drinking")],
)
def test_what_is_the_clients_own_is_the_clients(meant, said, word):
    """Naming others makes nothing theirs."""
    assert meant(f"C: {said}", word)[0].whose == "client"


def test_a_clinicians_you_is_the_client(meant):
    """What the clinician says of "you" is the client's."""
    assert meant("T: You seem anxious.", "anxious")[0].whose == "client"


def test_whose_stays_open_where_nobody_is_known(meant):
    """A "she" that could be anybody's is nobody's."""
    assert meant("C: She drinks a lot.", "drinks")[0].whose == UNCLEAR


@pytest.mark.parametrize(
    ("said", "word", "time"),
    [
        ("I feel sad.", "sad", "now"),
        ("I used to cut myself.", "cut", "past"),
        ("When I was a kid I had asthma.", "asthma", "past"),
        ("If I drank again I would lose my job.", "drank", "imagined"),
        ("I'm going to call my sponsor tomorrow.", "call", "future"),
    ],
)
def test_when_a_thing_is(meant, said, word, time):
    """Long past, present, to come and only imagined are told apart."""
    assert meant(f"C: {said}", word)[0].time == time


def test_hedges_and_jokes_are_heard(meant):
    """Maybe is not yes, and sarcasm is not earnest."""
    assert meant("C: Maybe I'm anxious.", "anxious")[0].hedged
    assert meant("C: Oh great, because I love panic attacks.", "panic")[0].joking
    assert not meant("C: I'm anxious.", "anxious")[0].hedged


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        (
            "C: I drink four beers a night.\nT: Okay.\nC: Actually, it's six beers a night.",
            {"I drink four beers a night."},
        ),
        ("C: I could kill my boss.\nC: I'm just kidding.", {"I could kill my boss.", "I'm just kidding."}),
        ("C: I slept five hours.\nC: Actually, I have two dogs.", set()),
        ("C: I drink four beers.\nT: Okay.\nC: I drink six beers on Sundays.", set()),
    ],
)
def test_what_was_taken_back_is_known(talk, text, gone):
    """A value corrected later and a thing said in jest are gone; other numbers stay."""
    utterances, _ = talk(text)
    assert {utterances[index].text for index in taken_back(utterances)} == gone
